"""A contested mark in front of the class: everybody votes on their own device, and nobody is shown who voted how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from classroom.models import Classroom, Student
from classroom.schedule import schedule_of
from exercises.models import Passage
from play import rulings
from play.models import Attempt, Debate, Encounter, Stance, Vote
from scoring import heat
from scoring.heat import Bar


class OneAtATime(Exception):
    """Another debate of the class is open."""


class KeyWaits(Exception):
    """An assignment of the class still keeps this key back."""


class Over(Exception):
    """The debate is closed."""


@dataclass(frozen=True)
class Count:
    """The votes, told from five on; small counts of one side are not."""

    votes: int
    rows: tuple[tuple[str, Bar], ...]
    """Each stance in words with its bar; none while there are too few votes."""


def unprepared(*, classroom: Classroom, passage: Passage, layer: str) -> int:
    """How many students have not met this layer of the passage: they would see its key for the first time."""
    return len(_unprepared(classroom, passage, layer))


def open_debate(*, classroom: Classroom, passage: Passage, layer: str, mark: str, now: datetime) -> Debate:
    """Put a mark in front of the class. Raises OneAtATime, KeyWaits.

    Who has not met the passage sees its key now: whatever they answer to it later is practice.
    """
    for each in classroom.assignments.filter(
        items__exercise_version__exercise__passage=passage, items__exercise_version__exercise__layer=layer
    ).prefetch_related("extensions"):
        if not schedule_of(each).tells(now):
            raise KeyWaits
    shown = rulings.in_force(passage=passage, layer=layer, teacher_id=classroom.teacher_id)
    try:
        with transaction.atomic():
            made = Debate.objects.create(
                classroom=classroom, passage=passage, shown=shown, layer=layer, mark=mark, opened=now
            )
            Encounter.objects.bulk_create(
                [
                    Encounter(student_id=pk, passage=passage, layer=layer, met=now)
                    for pk in sorted(_unprepared(classroom, passage, layer))
                ],
                ignore_conflicts=True,
            )
    except IntegrityError:
        raise OneAtATime from None
    return made


@transaction.atomic
def vote(*, debate: Debate, student: Student, stance: str) -> None:
    """Vote, or change one's mind. Raises Over."""
    found = Debate.objects.select_for_update(no_key=True).get(pk=debate.pk)
    if found.closed is not None:
        raise Over
    Vote.objects.update_or_create(debate=found, student=student, defaults={"stance": stance})
    Debate.objects.filter(pk=found.pk).update(version=F("version") + 1)


@transaction.atomic
def close(*, debate: Debate, now: datetime) -> None:
    """End it. The counts stay, and who voted how is gone."""
    found = Debate.objects.select_for_update(no_key=True).get(pk=debate.pk)
    if found.closed is None:
        counts = dict(Counter(found.votes.values_list("stance", flat=True)))
        found.votes.all().delete()
        Debate.objects.filter(pk=found.pk).update(closed=now, counts=counts, version=F("version") + 1)


def count(debate: Debate) -> Count:
    """The votes so far, or at the end."""
    counts = debate.counts if debate.closed else Counter(debate.votes.values_list("stance", flat=True))
    votes = sum(counts.values())
    if votes < heat.FEWEST_ANSWERS:
        return Count(votes, ())
    return Count(votes, tuple((str(each.label), heat.bar(counts.get(each.value, 0), votes)) for each in Stance))


def stance_of(*, debate: Debate, student: Student) -> str:
    """The student's own vote, or nothing."""
    return debate.votes.filter(student=student).values_list("stance", flat=True).first() or ""


def running(*, classroom: Classroom) -> Debate | None:
    return classroom.debates.filter(closed=None).first()


def _unprepared(classroom: Classroom, passage: Passage, layer: str) -> set[int]:
    about = {"passage": passage, "layer": layer}
    everybody = set(classroom.students.filter(is_approved=True).values_list("pk", flat=True))
    answered = set(Attempt.objects.filter(student__classroom=classroom, **about).values_list("student_id", flat=True))
    met = set(Encounter.objects.filter(student__classroom=classroom, **about).values_list("student_id", flat=True))
    return everybody - answered - met
