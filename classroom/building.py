"""Teachers' own sets: what changes them. Assignments keep the items that were fixed when they were given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, ProtectedError

from classroom import ways
from classroom.models import ExerciseSet, SetItem, Teacher
from exercises.models import Exercise

MOST_DECISIONS = 100
"""In one set."""
MINUTES = 20
"""What a new set plans."""
KEPT_IN_A_COPY = ("aim", "minutes", "level", "note", "example", "intro", "shuffle")
ASIDE = 1_000_000
"""Positions move this far out of the way before they are given anew: no two may be equal even for a moment."""


class LayerTaken(Exception):
    """The set has a decision on this layer of the passage already."""


class NotOffered(Exception):
    """The exercise was withdrawn, or its passage is kept for the starter or a sealed form."""


class SetFull(Exception):
    """The set holds as many decisions as a set may."""


class OrderOutdated(Exception):
    """The order was made for other items than the set has now."""


def create_set(*, teacher: Teacher, title: str, now: datetime) -> ExerciseSet:
    return ExerciseSet.objects.create(owner=teacher, title=title, minutes=MINUTES, edited=now)


def edit_set(*, exercise_set: ExerciseSet, values: dict[str, Any], now: datetime) -> None:
    """Write title, aim, intro and the like; `values` are cleaned fields of a form."""
    ExerciseSet.objects.filter(pk=exercise_set.pk).update(**values, edited=now)


@transaction.atomic
def copy_set(*, exercise_set: ExerciseSet, teacher: Teacher, title: str, now: datetime) -> ExerciseSet:
    """An own set with the same decisions, as far as they may be in one."""
    values = {key: getattr(exercise_set, key) for key in KEPT_IN_A_COPY}
    made = ExerciseSet.objects.create(owner=teacher, title=title, edited=now, **values)
    rows = exercise_set.items.filter(exercise__in=ways.offered(teacher))
    SetItem.objects.bulk_create(
        SetItem(exercise_set=made, exercise_id=row.exercise_id, section=row.section, position=position)
        for position, row in enumerate(rows, 1)
    )
    return made


@transaction.atomic
def add_item(*, exercise_set: ExerciseSet, exercise: Exercise, now: datetime) -> SetItem:
    """Put a decision at the end of a set. Raises LayerTaken, NotOffered, SetFull."""
    _hold(exercise_set, now)
    if not _is_offered(exercise_set, exercise):
        raise NotOffered
    if _on_layer(exercise_set, exercise):
        raise LayerTaken
    if exercise_set.items.count() >= MOST_DECISIONS:
        raise SetFull
    last = exercise_set.items.aggregate(last=Max("position"))["last"] or 0
    return SetItem.objects.create(exercise_set=exercise_set, exercise=exercise, position=last + 1)


@transaction.atomic
def change_item(*, item: SetItem, exercise: Exercise, section: str, now: datetime) -> None:
    """Another way to play the passage, and the heading before it. Raises LayerTaken, NotOffered."""
    _hold(item.exercise_set, now)
    if exercise.pk != item.exercise_id:
        if exercise.passage_id != item.exercise.passage_id or not _is_offered(item.exercise_set, exercise):
            raise NotOffered
        if any(other != item.pk for other in _on_layer(item.exercise_set, exercise)):
            raise LayerTaken
    SetItem.objects.filter(pk=item.pk).update(exercise=exercise, section=section)


@transaction.atomic
def remove_item(*, item: SetItem, now: datetime) -> None:
    """Take a decision out. A heading that began with it begins with the next one, unless that has its own."""
    _hold(item.exercise_set, now)
    following = item.exercise_set.items.filter(position__gt=item.position).first()
    if item.section and following and not following.section:
        SetItem.objects.filter(pk=following.pk).update(section=item.section)
    item.delete()


@transaction.atomic
def move_item(*, item: SetItem, by: int, now: datetime) -> int:
    """Move a decision up (negative) or down within the set; its new place, counted from 1."""
    _hold(item.exercise_set, now)
    order = list(item.exercise_set.items.values_list("pk", flat=True))
    place = order.index(item.pk)
    order.insert(max(0, min(len(order) - 1, place + by)), order.pop(place))
    _number(item.exercise_set, order)
    return order.index(item.pk) + 1


@transaction.atomic
def reorder(*, exercise_set: ExerciseSet, order: Sequence[int], now: datetime) -> None:
    """Put the items, given by their ids, in this order. Raises OrderOutdated unless they are exactly the set's."""
    _hold(exercise_set, now)
    present = list(exercise_set.items.values_list("pk", flat=True))
    if sorted(order) != sorted(present):
        raise OrderOutdated
    if list(order) != present:
        _number(exercise_set, order)


@transaction.atomic
def remove_set(*, exercise_set: ExerciseSet, now: datetime) -> bool:
    """Delete a set that was never given to a class, withdraw one that was; whether it is deleted."""
    _hold(exercise_set, now)
    try:
        with transaction.atomic():
            ExerciseSet.objects.get(pk=exercise_set.pk).delete()
    except ProtectedError:
        ExerciseSet.objects.filter(pk=exercise_set.pk).update(withdrawn=True)
        return False
    return True


def restore_set(*, exercise_set: ExerciseSet, now: datetime) -> None:
    """Take a withdrawn set up again."""
    ExerciseSet.objects.filter(pk=exercise_set.pk).update(withdrawn=False, edited=now)


def _hold(exercise_set: ExerciseSet, now: datetime) -> None:
    """Write the set's own row first: whoever changes the same set at the same time waits."""
    ExerciseSet.objects.filter(pk=exercise_set.pk).update(edited=now)


def _is_offered(exercise_set: ExerciseSet, exercise: Exercise) -> bool:
    owner = exercise_set.owner
    return owner is not None and ways.offered(owner).filter(pk=exercise.pk).exists()


def _on_layer(exercise_set: ExerciseSet, exercise: Exercise) -> list[int]:
    """Ids of the items on the same layer of the same passage."""
    same = exercise_set.items.filter(exercise__passage=exercise.passage_id, exercise__layer=exercise.layer)
    return list(same.values_list("pk", flat=True))


def _number(exercise_set: ExerciseSet, order: Sequence[int]) -> None:
    exercise_set.items.update(position=F("position") + ASIDE)
    rows = [SetItem(pk=pk, position=position) for position, pk in enumerate(order, 1)]
    SetItem.objects.bulk_update(rows, ["position"])
