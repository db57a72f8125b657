"""The decisions of a set that can be played, with the sections that they are in."""

from __future__ import annotations

from classroom.models import ExerciseSet


def sectioned(*, exercise_set: ExerciseSet) -> list[tuple[int, str]]:
    """The exercise versions in force of a set's items, in order, each with the heading of its section or "".

    A heading outlives the item that it began with.
    """
    found, heading = [], ""
    for version, begins in exercise_set.items.values_list("exercise__current_id", "section"):
        heading = begins or heading
        if version is not None:
            found.append((version, heading))
    return found
