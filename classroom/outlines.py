"""Sets as their authors see them: the shelf of all sets, and one set in the making with its meter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from classroom import meters, ways
from classroom.models import ExerciseSet, SetItem, Teacher
from classroom.own_texts import publishing
from classroom.ways import Way, WayGroup
from exercises import catalogue, notes, reading
from exercises.models import ExerciseVersion
from exercises.versions import PassageContent


@dataclass(frozen=True)
class SetRow:
    uid: str
    title: str
    language: str
    """Of title, aim and level; empty where a teacher wrote them."""
    aim: str
    level: str
    minutes: int
    decisions: int
    owner: str
    """Whose set it is, by sign-in name; empty for a ready-made one."""
    is_shared: bool
    edited: datetime | None


@dataclass(frozen=True)
class Shelf:
    """All sets that a teacher can use, and own ones that are withdrawn."""

    own: tuple[SetRow, ...]
    shared: tuple[SetRow, ...]
    """By colleagues."""
    ready: tuple[SetRow, ...]
    withdrawn: tuple[SetRow, ...]


@dataclass(frozen=True)
class OutlineItem:
    """One decision of a set in the making."""

    pk: int
    number: int
    way: Way
    section: str
    passage_name: str
    title: str
    language: str
    words: int
    difficulty: int
    state: str
    label_names: tuple[str, ...]
    sensitive: bool
    read: reading.ReadPassage
    others: tuple[WayGroup, ...]
    """The ways that the passage could be played in here, the present one among them."""
    is_available: bool
    is_unshared: bool
    """Its author shares the text no more: the set keeps the passage as it is."""
    is_held_back: bool


@dataclass(frozen=True)
class Outline:
    items: tuple[OutlineItem, ...]
    meter: meters.Meter


def shelf(*, teacher: Teacher) -> Shelf:
    playable = Count("items", filter=Q(items__exercise__current__isnull=False))
    sets = ExerciseSet.objects.filter(starter=False, sealed=False).select_related("owner")
    own = sets.filter(owner=teacher).annotate(decisions=playable).order_by("-edited", "-pk")
    others = sets.exclude(owner=teacher).filter(Q(owner=None) | Q(is_shared=True), withdrawn=False)
    mine = [(row.withdrawn, _row(row)) for row in own]
    theirs = [_row(row) for row in others.annotate(decisions=playable)]
    return Shelf(
        own=tuple(row for withdrawn, row in mine if not withdrawn),
        shared=tuple(row for row in theirs if row.owner),
        ready=tuple(row for row in theirs if not row.owner),
        withdrawn=tuple(row for withdrawn, row in mine if withdrawn),
    )


def is_used(*, exercise_set: ExerciseSet) -> bool:
    """Whether the set was given to a class."""
    return exercise_set.assignments.exists()


def outline(*, exercise_set: ExerciseSet) -> Outline:
    rows = list(
        exercise_set.items.select_related(
            "exercise__passage__source", "exercise__passage__current", "exercise__current__passage_version"
        )
    )
    versions = _last_versions([row for row in rows if row.exercise.current is None])
    contents = {row.pk: _content(row, versions) for row in rows}
    all_ways = ways.of_passages({row.exercise.passage_id: contents[row.pk] for row in rows})
    held_back = set(ways.held_back()) if rows else set()
    unshared = _unshared(exercise_set, rows)
    taken = {(row.exercise.passage_id, row.exercise.layer) for row in rows}
    items, decisions = [], []
    for number, row in enumerate(rows, 1):
        content, exercise = contents[row.pk], row.exercise
        is_held_back, is_unshared = exercise.passage_id in held_back, exercise.passage.source_id in unshared
        occupied = {layer for passage, layer in taken if passage == exercise.passage_id and layer != exercise.layer}
        item = OutlineItem(
            pk=row.pk,
            number=number,
            way=ways.way(exercise, content),
            section=row.section,
            passage_name=exercise.passage.key.replace("-", " "),
            title=exercise.passage.source.title,
            language=exercise.passage.source.language,
            words=len(content.words),
            difficulty=content.passage.difficulty,
            state=content.passage.layers[exercise.layer].state,
            label_names=_labels(row, content),
            sensitive=content.passage.sensitive,
            read=reading.read_passage(content, position=number),
            others=() if is_held_back or is_unshared else ways.grouped(all_ways[exercise.passage_id], taken=occupied),
            is_available=exercise.current is not None,
            is_unshared=is_unshared and exercise.current is not None,
            is_held_back=is_held_back,
        )
        items.append(item)
        decisions.append(_decision(item, notes.camp_name(exercise.passage.source.camp)))
    return Outline(tuple(items), meters.measure(decisions, planned=exercise_set.minutes))


def _unshared(exercise_set: ExerciseSet, rows: Sequence[SetItem]) -> set[int]:
    """Ids of the sources that the set's owner cannot use any more."""
    own = {row.exercise.passage.source_id for row in rows if row.exercise.passage.source.is_own}
    if not own or exercise_set.owner is None:
        return set()
    return own - set(publishing.visible(exercise_set.owner).filter(pk__in=own).values_list("pk", flat=True))


def _decision(item: OutlineItem, camp: str) -> meters.Decision:
    return meters.Decision(
        kind=item.way.kind,
        layer=item.way.layer,
        text=item.title,
        camp=camp,
        words=item.words,
        is_clean=item.state == "clean",
        labels=item.label_names,
        sensitive=item.sensitive,
        is_available=item.is_available,
        is_held_back=item.is_held_back,
    )


def _labels(row: SetItem, content: PassageContent) -> tuple[str, ...]:
    """Names of what the key holds for a decision: of the lit annotation, or of all in the layer."""
    asked = row.exercise.annotation
    slugs = [each.label for each in content.passage.of_layer(row.exercise.layer) if asked in ("", each.key)]
    return tuple(catalogue.labels()[slug].name for slug in dict.fromkeys(slugs))


def _last_versions(rows: list[SetItem]) -> dict[int, ExerciseVersion]:
    """What withdrawn exercises were last, by exercise."""
    last = ExerciseVersion.objects.filter(exercise__in=[row.exercise_id for row in rows]).order_by("number")
    return {version.exercise_id: version for version in last.select_related("passage_version")} if rows else {}


def _content(row: SetItem, versions: dict[int, ExerciseVersion]) -> PassageContent:
    version = row.exercise.current or versions[row.exercise_id]
    return PassageContent.of(version.passage_version.content)


def _row(row: ExerciseSet) -> SetRow:
    return SetRow(
        uid=row.uid,
        title=row.title,
        language=row.language,
        aim=row.aim,
        level=row.level,
        minutes=row.minutes,
        decisions=row.decisions,  # type: ignore[attr-defined]
        owner=row.owner.username if row.owner else "",
        is_shared=row.is_shared,
        edited=row.edited,
    )
