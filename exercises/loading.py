"""Seeds into the database: idempotent, in one transaction, and never by changing what was played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Count, F, QuerySet

from exercises import making, versions
from exercises.content.schema import OWN, Label, Seeds, SourceText
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
    "licence",
    "wrapped",
    "joins",
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
    made = making.make(seeds.texts, seeds.labels)
    _write(seeds.texts, made, Source.objects.filter(is_own=False), done)
    LoadedContent.objects.update_or_create(pk=1, defaults={"digest": seeds.digest})
    return done


@transaction.atomic
def publish(*, text: SourceText, labels: Sequence[Label]) -> Source:
    """Write one of the teachers' own texts; withdraw what is no longer in it. Raises BadContent, nothing written.

    The text is new, or one that was published before: shipped texts are never touched.
    """
    if not text.slug.startswith(OWN):
        raise ValueError(f"{text.slug} is no own text")
    made = making.make([text], labels, backdrop())
    _write([text], made, Source.objects.filter(slug=text.slug), Loaded())
    return Source.objects.get(slug=text.slug)


@transaction.atomic
def withdraw(*, source: Source) -> None:
    """Nothing of an own text can be assigned any more; what was played stays as it was."""
    Exercise.objects.filter(passage__source=source, passage__source__is_own=True).update(current=None)
    Passage.objects.filter(source=source, source__is_own=True).update(current=None)


def backdrop() -> making.Backdrop:
    """What the shipped texts lend to one that is published by itself."""
    keys: Counter[str] = Counter()
    for row in PassageVersion.objects.filter(passage__current=F("pk"), passage__source__is_own=False):
        keys.update(annotation["label"] for annotation in row.content["annotations"])
    lists: dict[str, list[tuple[str, ...]]] = {}
    played = ExerciseVersion.objects.filter(exercise__current=F("pk"), exercise__passage__source__is_own=False)
    for layer, kind in making.MARKING_KIND.items():
        rows = played.filter(exercise__kind=kind, exercise__layer=layer).order_by("exercise__passage", "pk")
        lists[layer] = [
            tuple(row.options)
            for row in rows.select_related("passage_version")
            if row.passage_version.content["layers"][layer]["state"] == "marked"
        ]
    return making.Backdrop(keys, lists)


def _write(texts: Sequence[SourceText], made: Sequence[making.Made], scope: QuerySet[Source], done: Loaded) -> None:
    """Write texts with their exercises. What else is in the `scope` is withdrawn; what is outside is not looked at."""
    kept: set[int] = set()
    versions_of: dict[str, PassageVersion] = {}
    for text in texts:
        source = _load_source(text, done)
        for position, passage in enumerate(text.passages):
            row, _ = Passage.objects.get_or_create(source=source, key=passage.key, defaults={"position": position})
            current = _load_passage(row, versions.freeze(text, passage), done)
            Passage.objects.filter(pk=row.pk).update(position=position, current=current)
            versions_of[making.address(text, passage)] = current
            kept.add(row.pk)
    gone = Passage.objects.filter(source__in=scope).exclude(pk__in=kept).exclude(current=None)
    done.withdrawn += gone.update(current=None)
    _load_exercises(made, versions_of, scope, done)


def _load_source(text: SourceText, done: Loaded) -> Source:
    card = {key: asdict(text)[key] for key in CARD}
    values = {key: getattr(text, key) for key in ("file", "sha256", "text", "language", "title", "camp")}
    values |= {"is_own": text.slug.startswith(OWN)}
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


def _load_exercises(
    made: Sequence[making.Made], versions_of: dict[str, PassageVersion], scope: QuerySet[Source], done: Loaded
) -> None:
    rows = _rows(scope)
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
    rows = _rows(scope)
    numbers = dict(
        Exercise.objects.filter(passage__source__in=scope).annotate(count=Count("versions")).values_list("pk", "count")
    )
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


def _rows(scope: QuerySet[Source]) -> dict[tuple[str, str, str, str], Exercise]:
    """The exercises of some texts by their address."""
    rows = Exercise.objects.filter(passage__source__in=scope).select_related("passage__source", "current")
    return {(str(row.passage), row.kind, row.layer, row.annotation): row for row in rows}
