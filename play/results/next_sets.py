"""The set to try next, from what a class can and cannot do yet. It follows from what the sets hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from classroom.models import Assignment, Classroom, ExerciseSet, SetItem
from play.queries.trials import Asked, asked
from play.results.words import Line


@dataclass(frozen=True)
class NextSet:
    uid: str
    title: str
    is_new: bool
    """Whether the class has not had it yet."""


def next_set(*, classroom: Classroom, line: Line) -> NextSet | None:
    """A class that flags too readily judges; one that tells well marks up everything; others train what is weakest.

    Among sets that suit equally, one that the class has not had comes first. Nothing where too little is known.
    """
    if line.verdict == "unknown":
        return None
    kind = {"suspicious": "judge", "tells": "markup"}.get(line.verdict, "")
    had = set(Assignment.objects.filter(classroom=classroom).values_list("exercise_set_id", flat=True))
    rows: dict[int, list[int]] = {}
    ready = ExerciseSet.objects.filter(owner=None, sealed=False, starter=False, withdrawn=False)
    items = SetItem.objects.filter(exercise_set__in=ready).exclude(exercise__current=None)
    for exercise_set, version in items.values_list("exercise_set_id", "exercise__current_id"):
        rows.setdefault(exercise_set, []).append(version)
    known = asked(versions={version for versions in rows.values() for version in versions})
    held = {exercise_set: [known[version] for version in versions] for exercise_set, versions in rows.items()}
    fits = {exercise_set: _fit(decisions, kind, line) for exercise_set, decisions in held.items()}
    best = max(fits, key=lambda each: (fits[each] > 0, each not in had, fits[each], -each), default=None)
    if best is None or not fits[best]:
        return None
    found = ready.get(pk=best)
    return NextSet(found.uid, found.title, best not in had)


def _fit(decisions: Iterable[Asked], kind: str, line: Line) -> float:
    """The share of decisions that train what is wanted: of that kind, with that label, or else in that way.

    Marking up everything is for those who tell well, and trains no single label.
    """
    counts: Counter[bool] = Counter()
    for each in decisions:
        if kind:
            counts[each.kind == kind] += 1
        elif line.weakest:
            counts[each.kind != "markup" and line.weakest in each.labels.values()] += 1
        else:
            counts[each.way == line.way] += 1
    return counts[True] / counts.total()
