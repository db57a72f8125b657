"""Fresh passages: what went wrong in a set can be tried again on words that the student has not met."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from classroom.models import Assignment, Student
from classroom.overlays import Overlays, overlaid
from classroom.schedule import schedule_of
from exercises import catalogue
from exercises.making import MARKING_KIND
from exercises.models import Exercise, Passage
from play.models import Attempt, Encounter
from play.rescoring import judged_by

AGAIN = 3
"""Things to look at again."""


@dataclass(frozen=True)
class Again:
    """A thing to look at again, with a fresh passage to try it on."""

    label: str
    """The label's slug, or nothing where fair words were accused."""
    name: str
    position: int
    """Of the decision that it comes from."""
    source: str
    passage: str
    layer: str


def look_again(*, student: Student, assignment: Assignment, positions: Mapping[int, int], now: datetime) -> list[Again]:
    """Up to three things that went wrong, the dearest first, each with a fresh passage.

    `positions`: where each exercise version stands in the student's order.
    """
    wrong = Attempt.objects.filter(
        student=student,
        assignment=assignment,
        number=1,
        correct=False,
        is_passed=False,
        is_late=False,
        is_aside=False,
    ).order_by("score", "pk")
    names, found, taken = catalogue.labels(), dict[tuple[str, str], Again](), set[str]()
    for attempt in wrong:
        shown = judged_by(attempt)
        label = shown.item.targets[0].label if shown.item.targets else ""
        if (label, attempt.layer) in found or len(found) == AGAIN:
            continue
        if attempt.exercise_version_id not in positions:
            continue
        fresh = _fresh(student, attempt.layer, label, now)
        passage = next((each for each in fresh if str(each) not in taken), None)
        if passage is not None:
            taken.add(str(passage))
            found[label, attempt.layer] = Again(
                label=label,
                name=names[label].name if label in names else "",
                position=positions[attempt.exercise_version_id],
                source=passage.source.slug,
                passage=passage.key,
                layer=attempt.layer,
            )
    return list(found.values())


def practice_exercise(*, student: Student, source: str, passage: str, layer: str, now: datetime) -> Exercise | None:
    """The exercise by which a passage's layer is practised, or None where its key may not be shown to this student."""
    if layer not in MARKING_KIND:
        return None
    return (
        open_to_practice(student=student, layer=layer, now=now)
        .filter(passage__source__slug=source, passage__key=passage)
        .select_related("passage__source")
        .first()
    )


def practised_as(*, student: Student, exercise: Exercise) -> int | None:
    """The version that a student's class plays of an exercise; none where a ruling has put it aside."""
    current = exercise.current_id
    if current is None:
        return None
    with transaction.atomic():
        return overlaid(versions=[current], teacher_id=student.classroom.teacher_id).get(current, current)


def open_to_practice(*, student: Student, layer: str, now: datetime) -> QuerySet[Exercise]:
    """Exercises whose key may be shown outside assignments.

    Of shipped texts alone: a teacher's own text is met where the teacher gives it. Never what a sealed form holds, and
    nothing that an assignment of the class may still ask: in whatever kind it asks, the key of the layer is the same.
    """
    asking = [
        each.pk
        for each in Assignment.objects.filter(classroom=student.classroom_id).prefetch_related("extensions")
        if not schedule_of(each).has_ended(now)
    ]
    sealed = Exercise.objects.filter(set_items__exercise_set__sealed=True)
    asked = Exercise.objects.filter(layer=layer, versions__assignment_items__assignment__in=asking)
    shipped = Exercise.objects.filter(passage__source__is_own=False, current__isnull=False)
    return shipped.filter(kind=MARKING_KIND[layer], layer=layer).exclude(
        Q(passage__in=sealed.values("passage"))
        | Q(passage__in=asked.values("passage"))
        | Q(current__passage_version__content__sensitive=True)
    )


def _fresh(student: Student, layer: str, label: str, now: datetime) -> list[Passage]:
    """Passages with that label (clean ones, where it is empty) that the student has not met in this layer.

    In an order that is the student's own, so that neighbours do not all get the same words. What was ruled on is not
    among them: it may hold something else now.
    """
    met = {"student": student, "passage": OuterRef("passage"), "layer": layer}
    rows = (
        open_to_practice(student=student, layer=layer, now=now)
        .exclude(Exists(Attempt.objects.filter(**met)) | Exists(Encounter.objects.filter(**met)))
        .select_related("passage__source", "current__passage_version")
    )
    fitting = [row.passage for row in rows if row.current and _holds(row.current.passage_version.content, layer, label)]
    in_force = Overlays.of(student.classroom.teacher_id).in_force
    fitting = [each for each in fitting if (each.pk, layer) not in in_force]
    return sorted(fitting, key=lambda each: hashlib.sha256(f"{student.uid}/{each}".encode()).digest())


def _holds(content: dict[str, object], layer: str, label: str) -> bool:
    annotations: list[dict[str, str]] = content["annotations"]  # type: ignore[assignment]
    labels = {each["label"] for each in annotations if each["layer"] == layer}
    return label in labels if label else not labels
