"""Tests before and after: the four parallel forms over the students of a class in a Latin square.

A quarter of the class begins with each form, and everybody meets each form once, so that a form that is harder than the
others weighs on every test alike. Which test an assignment is follows from when it opens: a student's first form is the
test before, the second the one after, then the two delayed ones.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from classroom.assigning import Plan, assign
from classroom.models import Assignment, BoardMode, Classroom, ExerciseSet, Feedback, Student

FORMS = 4
DELAYS = (timedelta(days=7), timedelta(days=28))
"""From the test after to the delayed ones."""


class FormsMissing(Exception):
    """There are not four sealed forms to give."""


class NobodyToTest(Exception):
    """The class has no students yet."""


class AlreadyPlanned(Exception):
    """The class has test forms already: nobody meets one twice."""


@dataclass(frozen=True)
class Occasion:
    """One of the tests, as planned: its forms are open at the same time, each for a part of the class."""

    number: int
    opens: datetime | None
    closes: datetime | None
    students: int


@transaction.atomic
def schedule_tests(
    *, classroom: Classroom, before: datetime, after: datetime, open_for: timedelta, now: datetime
) -> list[Assignment]:
    """Give the forms for all four tests in one step. Raises FormsMissing, NobodyToTest, AlreadyPlanned."""
    list(Classroom.objects.select_for_update(no_key=True).filter(pk=classroom.pk))
    forms = list(ExerciseSet.objects.filter(owner=None, sealed=True, withdrawn=False).order_by("slug")[:FORMS])
    students = list(classroom.students.filter(is_approved=True))
    if len(forms) < FORMS:
        raise FormsMissing
    if not students:
        raise NobodyToTest
    if tests(classroom=classroom):
        raise AlreadyPlanned
    random.shuffle(students)
    groups = [tuple(students[number::FORMS]) for number in range(FORMS)]
    return [
        _give(classroom, forms[(number + occasion) % FORMS], group, opens, opens + open_for, now)
        for occasion, opens in enumerate((before, after, *(after + delay for delay in DELAYS)))
        for number, group in enumerate(groups)
        if group
    ]


def _give(
    classroom: Classroom,
    form: ExerciseSet,
    group: tuple[Student, ...],
    opens: datetime,
    closes: datetime,
    now: datetime,
) -> Assignment:
    plan = Plan(opens=opens, closes=closes, feedback=Feedback.CLOSING, board_mode=BoardMode.OFF, students=group)
    return assign(classroom=classroom, exercise_set=form, now=now, plan=plan)


def tests(*, classroom: Classroom) -> list[Assignment]:
    """The class's test forms in the order in which they open, with their students and extensions."""
    given = classroom.assignments.filter(exercise_set__sealed=True).order_by("opens", "pk")
    return list(given.prefetch_related("students", "extensions"))


def occasions(tests: Sequence[Assignment]) -> list[Occasion]:
    """The tests as planned, from 0 on."""
    times = sorted({(each.opens, each.closes) for each in tests}, key=lambda pair: str(pair[0]))
    return [
        Occasion(
            number,
            opens,
            closes,
            sum(len(each.students.all()) for each in tests if (each.opens, each.closes) == (opens, closes)),
        )
        for number, (opens, closes) in enumerate(times)
    ]


def numbers(tests: Sequence[Assignment], students: Sequence[int]) -> dict[tuple[int, int], int]:
    """Which test a form is to a student: (student, assignment) to 0 for the test before, 1 for the one after, …"""
    met: dict[int, int] = dict.fromkeys(students, 0)
    found: dict[tuple[int, int], int] = {}
    for each in tests:
        meant = [student.pk for student in each.students.all()] or list(students)
        for student in meant:
            if student in met:
                found[student, each.pk] = met[student]
                met[student] += 1
    return found


def is_over(test: Assignment, now: datetime) -> bool:
    """Whether the test itself has closed for everybody, though its keys may wait for later ones."""
    closings = [test.closes, *(each.closes for each in test.extensions.all())]
    return test.closes is not None and max(each for each in closings if each) <= now
