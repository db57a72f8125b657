"""Seeds into the database: idempotent, in one transaction, and never by changing what was played."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Count

from exercises import making, versions
from exercises.content.schema import Seeds, SourceText
from exercises.models import Exercise, ExerciseVersion, LoadedContent, Passage, PassageVersion, Source

CARD = (
    "genre",
    "opinion",
    "outlet",
    "date",
    "content_note",
    "told",
    "not_told",
    "found",
    "labellers",
    "teacher_note",
    "left_out",
)
"""What a source's row keeps as its card."""


@dataclass
class Loaded:
    """How many rows were written; all zero where nothing had changed."""

    sources: int = 0
    passages: int = 0
    exercises: int = 0
    withdrawn: int = 0


def loaded_digest() -> str:
    return LoadedContent.objects.values_list("digest", flat=True).first() or ""


@transaction.atomic
def load(*, seeds: Seeds) -> Loaded:
    """Write all texts, passages and exercises of the seeds; withdraw what is no longer there."""
    done = Loaded()
    kept: set[int] = set()
    versions_of: dict[str, PassageVersion] = {}
    for text in seeds.texts:
        source = _load_source(text, done)
        for position, passage in enumerate(text.passages):
            row, _ = Passage.objects.get_or_create(source=source, key=passage.key, defaults={"position": position})
            current = _load_passage(row, versions.freeze(text, passage), done)
            Passage.objects.filter(pk=row.pk).update(position=position, current=current)
            versions_of[making.address(text, passage)] = current
            kept.add(row.pk)
    gone = Passage.objects.exclude(pk__in=kept).exclude(current=None)
    done.withdrawn += gone.update(current=None)
    _load_exercises(making.make(seeds.texts, seeds.labels), versions_of, done)
    LoadedContent.objects.update_or_create(pk=1, defaults={"digest": seeds.digest})
    return done


def _load_source(text: SourceText, done: Loaded) -> Source:
    card = {key: asdict(text)[key] for key in CARD}
    values = {key: getattr(text, key) for key in ("file", "sha256", "text", "language", "title", "camp")}
    source, made = Source.objects.get_or_create(slug=text.slug, defaults=values | {"card": card})
    done.sources += made
    if not made:
        Source.objects.filter(pk=source.pk).update(card=card, **values)
    return source


def _load_passage(row: Passage, content: dict[str, object], done: Loaded) -> PassageVersion:
    digest = versions.digest(content)
    current = row.current
    if current is not None and current.digest == digest:
        return current
    number = row.versions.count() + 1
    done.passages += 1
    return PassageVersion.objects.create(passage=row, number=number, digest=digest, content=content)


def _load_exercises(made: tuple[making.Made, ...], versions_of: dict[str, PassageVersion], done: Loaded) -> None:
    rows = _rows()
    Exercise.objects.bulk_create(
        Exercise(
            passage_id=versions_of[each.passage].passage_id,
            kind=each.kind,
            layer=each.layer,
            annotation=each.annotation,
        )
        for each in made
        if each.address not in rows
    )
    rows = _rows()
    numbers = dict(Exercise.objects.annotate(count=Count("versions")).values_list("pk", "count"))
    fresh: list[ExerciseVersion] = []
    for each in made:
        row, version = rows[each.address], versions_of[each.passage]
        current = row.current
        if current and current.passage_version_id == version.pk and tuple(current.options) == each.options:
            continue
        options, number = list(each.options), numbers[row.pk] + 1
        fresh.append(ExerciseVersion(exercise=row, passage_version=version, number=number, options=options))
    for row_version in ExerciseVersion.objects.bulk_create(fresh):
        row_version.exercise.current = row_version
    Exercise.objects.bulk_update([each.exercise for each in fresh], ["current"], batch_size=200)
    done.exercises += len(fresh)
    kept = {rows[each.address].pk for each in made}
    gone = [row.pk for row in rows.values() if row.current_id and row.pk not in kept]
    done.withdrawn += Exercise.objects.filter(pk__in=gone).update(current=None)


def _rows() -> dict[tuple[str, str, str, str], Exercise]:
    """All exercises by their address."""
    rows = Exercise.objects.select_related("passage__source", "current")
    return {(str(row.passage), row.kind, row.layer, row.annotation): row for row in rows}
