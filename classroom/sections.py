"""The decisions of a set that can be played, with the sections that they are in."""

from __future__ import annotations

from django.db import transaction

from classroom import overlays
from classroom.models import ExerciseSet


@transaction.atomic
def sectioned(*, exercise_set: ExerciseSet, teacher_id: int | None = None) -> list[tuple[int, str]]:
    """The exercise versions in force of a set's items, in order, each with the heading of its section or "".

    A heading outlives the item that it began with. `teacher_id`: by whose rulings; none for the school's alone. What a
    ruling has put aside is left out.
    """
    found, heading = [], ""
    for version, begins in exercise_set.items.values_list("exercise__current_id", "section"):
        heading = begins or heading
        if version is not None:
            found.append((version, heading))
    instead = overlays.overlaid(versions=[version for version, _ in found], teacher_id=teacher_id)
    fresh = [(instead.get(version, version), heading) for version, heading in found]
    return [(version, heading) for version, heading in fresh if version is not None]
