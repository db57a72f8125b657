"""How a set is given to a class: when, to whom, in which order, with which leaderboard. Changes and extensions."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from classroom import sections
from classroom.models import (
    Assignment,
    AssignmentItem,
    BoardMode,
    Classroom,
    ExerciseSet,
    Extension,
    Feedback,
    Order,
    Student,
    Team,
)
from classroom.schedule import end_of

TEAMS = 4
"""Teams that are drawn where nobody said how many."""


class SealedNeedsClosing(Exception):
    """A test form is given only where keys are shown after closing."""


@dataclass(frozen=True)
class Plan:
    """What a teacher settles about an assignment. `order` None is what the set says."""

    opens: datetime | None = None
    closes: datetime | None = None
    attempts_allowed: int = 1
    order: str | None = None
    feedback: str = Feedback.EACH
    board_mode: str = BoardMode.TOP
    seconds_per_word: float | None = None
    students: tuple[Student, ...] = ()
    """Whom it is for; empty for everybody in the class."""
    team_count: int = TEAMS


@transaction.atomic
def assign(*, classroom: Classroom, exercise_set: ExerciseSet, now: datetime, plan: Plan | None = None) -> Assignment:
    """Give a set to a class. The items are fixed at their present versions, as the class's teacher has ruled.

    Raises SealedNeedsClosing.
    """
    plan = plan or Plan()
    if exercise_set.sealed and not waits(plan):
        raise SealedNeedsClosing
    assignment = Assignment(
        classroom=classroom,
        exercise_set=exercise_set,
        title=exercise_set.title,
        example=exercise_set.example,
        intro=exercise_set.intro,
        created=now,
    )
    _follow(assignment, plan)
    AssignmentItem.objects.bulk_create(
        AssignmentItem(assignment=assignment, position=position, exercise_version_id=version, section=section)
        for position, (version, section) in enumerate(
            sections.sectioned(exercise_set=exercise_set, teacher_id=classroom.teacher_id), 1
        )
    )
    hold_keys(assignment=assignment)
    return assignment


@transaction.atomic
def change(*, assignment: Assignment, plan: Plan) -> None:
    """Settle it anew; answers stay as they are. Raises SealedNeedsClosing."""
    if assignment.exercise_set.sealed and not waits(plan):
        raise SealedNeedsClosing
    _follow(assignment, plan)
    hold_keys(assignment=assignment)


def hold_keys(*, assignment: Assignment) -> None:
    """Keys of a test form wait until the last test of the class is over: else one half would tell the other."""
    tests = bound_to(assignment=assignment) if assignment.exercise_set.sealed else []
    over = [end_of(each) for each in tests]
    if tests:
        last = None if None in over else max(end for end in over if end)
        Assignment.objects.filter(pk__in=[each.pk for each in tests]).update(keys_wait_until=last)
        assignment.keys_wait_until = last


def bound_to(*, assignment: Assignment) -> list[Assignment]:
    """The assignments whose keys are shown at the same moment: all tests of the class, or this one alone."""
    if not assignment.exercise_set.sealed:
        return [assignment]
    tests = Assignment.objects.filter(classroom=assignment.classroom_id, exercise_set__sealed=True)
    return list(tests.prefetch_related("extensions"))


def waits(plan: Plan) -> bool:
    """Whether keys are shown only after a closing that is set."""
    return plan.feedback == Feedback.CLOSING and plan.closes is not None


def _follow(assignment: Assignment, plan: Plan) -> None:
    assignment.opens, assignment.closes = plan.opens, plan.closes
    assignment.attempts_allowed = plan.attempts_allowed
    assignment.order = plan.order or (Order.SHUFFLED if assignment.exercise_set.shuffle else Order.SET)
    assignment.feedback, assignment.board_mode = plan.feedback, plan.board_mode
    assignment.seconds_per_word = plan.seconds_per_word
    assignment.save()
    assignment.students.set(plan.students)
    if plan.board_mode == BoardMode.TEAMS and not assignment.teams.exists():
        draw_teams(assignment=assignment, count=plan.team_count)


def close(*, assignment: Assignment, now: datetime) -> None:
    """Close it for everybody at this moment, whatever was extended."""
    assignment.extensions.filter(closes__gt=now).update(closes=None)
    assignment.closes = now
    assignment.save(update_fields=["closes"])
    hold_keys(assignment=assignment)


def extend(*, assignment: Assignment, student: Student, closes: datetime | None, time_factor: float) -> None:
    """More time for one student; neither a later closing nor a factor takes the extension back."""
    if closes is None and time_factor == 1:
        assignment.extensions.filter(student=student).delete()
    else:
        Extension.objects.update_or_create(
            assignment=assignment, student=student, defaults={"closes": closes, "time_factor": time_factor}
        )
    hold_keys(assignment=assignment)


def is_for(*, assignment: Assignment, student: Student) -> bool:
    chosen = assignment.students
    return chosen.filter(pk=student.pk).exists() or not chosen.exists()


def players(*, assignment: Assignment) -> list[Student]:
    """Whom it is for."""
    return list(assignment.students.all()) or everybody(assignment=assignment)


def everybody(*, assignment: Assignment) -> list[Student]:
    """Whom it could be for."""
    return list(assignment.classroom.students.filter(is_approved=True))


def extensions_of(*, assignment: Assignment) -> list[Extension]:
    return list(assignment.extensions.select_related("student").order_by("student__nickname"))


def teams_of(*, assignment: Assignment) -> tuple[list[str], list[tuple[Student, int | None]]]:
    """The names of the teams, and for each student the index of the team, if in one."""
    teams = list(assignment.teams.prefetch_related("students"))
    at = {student.pk: index for index, team in enumerate(teams) for student in team.students.all()}
    return [team.name for team in teams], [(student, at.get(student.pk)) for student in players(assignment=assignment)]


@transaction.atomic
def draw_teams(*, assignment: Assignment, count: int) -> None:
    """Teams by lot, as even as can be."""
    assignment.teams.all().delete()
    teams = [
        Team.objects.create(assignment=assignment, name=_("Team %(n)s") % {"n": n + 1}) for n in range(max(1, count))
    ]
    drawn = players(assignment=assignment)
    random.shuffle(drawn)
    for number, team in enumerate(teams):
        team.students.set(drawn[number :: len(teams)])


@transaction.atomic
def choose_teams(*, assignment: Assignment, names: Sequence[str], chosen: Mapping[Student, int | None]) -> None:
    """Teams as the teacher puts them together: `chosen` says each student's team as an index of `names`, or none."""
    assignment.teams.all().delete()
    for index, name in enumerate(names):
        team = Team.objects.create(assignment=assignment, name=name)
        team.students.set([student for student, at in chosen.items() if at == index])


@transaction.atomic
def join_team(*, assignment: Assignment, student: Student) -> None:
    """Put somebody who came after the teams were made into the smallest team."""
    if assignment.board_mode != BoardMode.TEAMS or assignment.teams.filter(students=student).exists():
        return
    smallest = assignment.teams.annotate(size=Count("students")).order_by("size", "pk").first()
    if smallest is not None:
        smallest.students.add(student)
