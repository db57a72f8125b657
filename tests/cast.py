"""The named cast. Alice owns the installation and has no class; Bob teaches 9b, Carol 7a."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse

from classroom import actions, devices
from classroom.assigning import Plan
from classroom.models import Assignment, Classroom, ExerciseSet, Order, Student, Teacher
from exercises.versions import Played, played
from play import actions as play_actions
from play.models import Attempt
from scoring.points import Answer
from tests.devices import Device

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "four walls and a blackboard"


@dataclass
class Cast:
    alice: Teacher
    """The owner; teaches none of the classes."""
    bob: Teacher
    carol: Teacher
    class_9b: Classroom
    """Bob's."""
    class_7a: Classroom
    """Carol's."""
    heron: Student
    """Brisk Heron of 9b."""
    otter: Student
    """Calm Otter of 9b."""
    finch: Student
    """Merry Finch of 7a."""
    phrases: dict[str, str]
    """Re-entry phrases by nickname: nobody else knows them."""

    @classmethod
    def enter(cls) -> Cast:
        alice = actions.create_owner(username="alice", password=PASSWORD)
        bob, carol = (
            actions.accept_invitation(
                invitation=actions.invite_teacher(owner=alice, now=NOW), username=name, password=PASSWORD
            )
            for name in ("bob", "carol")
        )
        class_9b = actions.create_classroom(teacher=bob, name="9b", now=NOW)
        class_7a = actions.create_classroom(teacher=carol, name="7a", now=NOW)
        heron, heron_phrase = actions.join(classroom=class_9b, nickname="Brisk Heron", now=NOW)
        otter, otter_phrase = actions.join(classroom=class_9b, nickname="Calm Otter", now=NOW)
        finch, finch_phrase = actions.join(classroom=class_7a, nickname="Merry Finch", now=NOW)
        phrases = {"Brisk Heron": heron_phrase, "Calm Otter": otter_phrase, "Merry Finch": finch_phrase}
        return cls(alice, bob, carol, class_9b, class_7a, heron, otter, finch, phrases)


@dataclass
class Stage(Cast):
    """The cast with sets assigned: 9b plays "Six ways" and "Once more", 7a plays "Six ways"."""

    six_ways: Assignment
    """One decision of every kind: spot, source, name, evidence, judge, markup."""
    once_more: Assignment
    """Begins with a layer that "Six ways" reveals; shows an example first."""
    six_ways_7a: Assignment

    @classmethod
    def of(cls, cast: Cast) -> Stage:
        return cls(
            **vars(cast),
            six_ways=assign(cast.class_9b, "six-ways"),
            once_more=assign(cast.class_9b, "once-more"),
            six_ways_7a=assign(cast.class_7a, "six-ways"),
        )


def assign(classroom: Classroom, slug: str, **settled: Any) -> Assignment:
    """A set given to a class: in the set's order, so that tests know where they are, and as usual for the rest."""
    plan = Plan(**{"order": Order.SET} | settled)
    return actions.assign(classroom=classroom, exercise_set=ExerciseSet.objects.get(slug=slug), now=NOW, plan=plan)


def students(classroom: Classroom, count: int) -> list[Student]:
    """More students, Newt 1, Newt 2, …"""
    return [actions.join(classroom=classroom, nickname=f"Newt {n}", now=NOW)[0] for n in range(1, count + 1)]


def device_of(student: Student) -> Device:
    """A device on which the student has joined."""
    device = Device()
    joined = HttpResponse()
    devices.remember(joined, student, student.classroom)
    device.cookies.update(joined.cookies)
    return device


def desk_of(teacher: Teacher) -> Device:
    """A device on which the teacher is signed in."""
    device = Device()
    device.force_login(teacher)
    return device


def items(assignment: Assignment) -> list[Played]:
    """The decisions of an assignment, in order."""
    return [played(pk) for pk in assignment.items.values_list("exercise_version", flat=True)]


def plain_answer(item: Played) -> Answer:
    """An answer that fits the kind: nothing here, no, the first option."""
    if item.kind == "judge":
        return Answer(flagged=False, confidence=70)
    return Answer(choice=item.options[0]) if item.kind in ("name", "evidence") else Answer()


def answer(
    student: Student,
    assignment: Assignment,
    position: int,
    given: Answer | None = None,
    key: str = "",
    now: datetime = NOW,
) -> Attempt:
    """The student answers the decision at a position, with a plain answer where nothing else is given."""
    item = items(assignment)[position - 1]
    return play_actions.answer(
        student=student,
        assignment=assignment,
        played=item,
        given=given or plain_answer(item),
        client_key=key or f"{student.pk}-{assignment.pk}-{position}",
        now=now,
    )
