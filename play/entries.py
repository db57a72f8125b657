"""Students with their answers, as their teacher handles them: merging two entries, moving, clearing a flood."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from classroom import entry
from classroom.actions import ClassFull
from classroom.classes import NicknameGiven
from classroom.models import Assignment, Classroom, Extension, Student, new_session_key
from play import regrading
from play.actions import rebuild_standings
from play.models import Attempt, Ballot, Challenge, Opening, Vote

APART = 1000
"""Added to attempt numbers while two rows of attempts become one: above any number that is in use."""


@transaction.atomic
def merge(*, kept: Student, other: Student) -> None:
    """Make one student of two entries of one child. No answer is lost; of two answers to one task the first counts.

    The rows are locked, so that an answer that arrives meanwhile waits, and is refused if its entry is gone then.
    """
    list(Student.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk"))
    attempts = list(Attempt.objects.filter(student__in=[kept, other]).order_by("answered", "pk"))
    Attempt.objects.filter(pk__in=[each.pk for each in attempts]).update(number=F("number") + APART)
    numbers: dict[tuple[int, int], int] = defaultdict(int)
    revealed: set[tuple[int, str]] = set()
    practised = _merge_encounters(kept, other)
    for attempt in attempts:
        task = (attempt.assignment_id, attempt.exercise_version_id)
        numbers[task] += 1
        attempt.student, attempt.number = kept, numbers[task]
        layer = (attempt.passage_id, attempt.layer)
        met = practised.get(layer)
        attempt.is_practice |= layer in revealed or (met is not None and met < attempt.answered)
        revealed.add(layer)
    Attempt.objects.bulk_update(attempts, ["student", "number", "is_practice"])
    _merge_openings(kept, other)
    _merge_rounds(kept, other)
    _merge_voices(kept, other)
    for assignment in other.chosen_for.all():
        assignment.students.add(kept)
    for team in other.teams.exclude(assignment__in=kept.teams.values("assignment")):
        team.students.add(kept)
    Extension.objects.filter(student=other).exclude(assignment__in=kept.extensions.values("assignment")).update(
        student=kept
    )
    Student.objects.filter(pk=kept.pk).update(
        joined=min(kept.joined, other.joined),
        last_seen=max(kept.last_seen, other.last_seen),
        is_approved=kept.is_approved or other.is_approved,
    )
    roster_entry = other.roster_entry_id
    other.delete()
    if roster_entry and kept.roster_entry_id is None:
        Student.objects.filter(pk=kept.pk).update(roster_entry=roster_entry)
    for assignment in Assignment.objects.filter(pk__in={pk for pk, _ in numbers}):
        rebuild_standings(assignment=assignment)


def _merge_openings(kept: Student, other: Student) -> None:
    """Of two openings of one item the earlier stays."""
    mine = {each.item_id: each for each in kept.openings.all()}
    for opening in other.openings.all():
        known = mine.get(opening.item_id)
        if known is None:
            Opening.objects.filter(pk=opening.pk).update(student=kept)
        elif opening.opened < known.opened:
            Opening.objects.filter(pk=known.pk).update(opened=opening.opened)


def _merge_rounds(kept: Student, other: Student) -> None:
    """Seats and ballots of live rounds; of two at one place the own one stays."""
    other.seats.exclude(round__in=kept.seats.values("round")).update(student=kept)
    mine = set(kept.ballots.values_list("round", "position", "vote"))
    for ballot in other.ballots.all():
        if (ballot.round_id, ballot.position, ballot.vote) not in mine:
            Ballot.objects.filter(pk=ballot.pk).update(student=kept)


def _merge_voices(kept: Student, other: Student) -> None:
    """Challenges and votes; of two open ones about one mark, and of two votes in one debate, the own one stays."""
    mine = set(kept.challenges.filter(ruling=None).values_list("passage", "layer", "mark"))
    for each in other.challenges.all():
        if each.ruling_id is not None or (each.passage_id, each.layer, each.mark) not in mine:
            Challenge.objects.filter(pk=each.pk).update(student=kept)
    for vote in other.votes.exclude(debate__in=kept.votes.values("debate")):
        Vote.objects.filter(pk=vote.pk).update(student=kept)


def _merge_encounters(kept: Student, other: Student) -> dict[tuple[int, str], datetime]:
    """Of two encounters with one passage's layer the earlier stays; when each was."""
    mine = {(each.passage_id, each.layer): each for each in kept.encounters.all()}
    for encounter in other.encounters.all():
        layer = (encounter.passage_id, encounter.layer)
        known = mine.get(layer)
        if known is None:
            encounter.student, mine[layer] = kept, encounter
            encounter.save(update_fields=["student"])
        elif encounter.met < known.met:
            known.met = encounter.met
            known.save(update_fields=["met"])
    return {layer: each.met for layer, each in mine.items()}


@transaction.atomic
def move(*, student: Student, classroom: Classroom) -> str:
    """Put a student into another class, with all answers. The new re-entry phrase. Raises NicknameGiven, ClassFull.

    Where the new class has the same set, the answers count there; the others stay with the student as what was seen
    before, and leave the old class's boards. Phrases and cookies are bound to a class: both are renewed.
    """
    list(Classroom.objects.select_for_update(no_key=True).filter(pk=classroom.pk))
    if classroom.students.filter(nickname=student.nickname).exists():
        raise NicknameGiven
    if classroom.students.count() >= classroom.capacity:
        raise ClassFull
    old = student.classroom_id
    touched = set(student.attempts.values_list("assignment", flat=True))
    phrase = entry.new_phrase()
    student.chosen_for.clear()
    student.teams.clear()
    student.extensions.all().delete()
    student.seats.all().delete()
    Opening.objects.filter(student=student, item__assignment__classroom=old).delete()
    Student.objects.filter(pk=student.pk).update(
        classroom=classroom,
        roster_entry=None,
        phrase_hmac=entry.phrase_hmac(phrase, classroom.uid),
        session_key=new_session_key(),
    )
    touched |= _carry_answers(student, classroom)
    for assignment in Assignment.objects.filter(pk__in=touched):
        rebuild_standings(assignment=assignment)
    regrading.follow_moved(assignments=touched)
    return phrase


def _carry_answers(student: Student, classroom: Classroom) -> set[int]:
    """Count answers in the new class's assignments of the same sets; these assignments."""
    offered = classroom.assignments.order_by("-created").values_list("exercise_set", "items__exercise_version", "pk")
    places = {(exercise_set, version): pk for exercise_set, version, pk in offered}
    taken = set(student.attempts.values_list("assignment", "exercise_version", "number"))
    found = set()
    for attempt in student.attempts.select_related("assignment").order_by("answered", "pk"):
        place = places.get((attempt.assignment.exercise_set_id, attempt.exercise_version_id))
        if place is None:
            continue
        spot = (place, attempt.exercise_version_id, attempt.number)
        if spot in taken:
            continue
        Attempt.objects.filter(pk=attempt.pk).update(assignment=place)
        taken.add(spot)
        found.add(place)
    return found


@transaction.atomic
def clear_flood(*, classroom: Classroom, minutes: int, now: datetime) -> int:
    """Remove every entry of the last minutes without an answer, also in live rounds; how many there were."""
    flood = classroom.students.filter(joined__gte=now - timedelta(minutes=minutes), attempts=None, ballots=None)
    count = flood.count()
    flood.delete()
    return count
