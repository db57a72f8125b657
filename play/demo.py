"""A school to try results on: simulated classes that join, get sets and answer through the actions of real ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from classroom import actions as classes
from classroom.models import Classroom, ExerciseSet, Teacher
from exercises.models import ExerciseVersion
from exercises.versions import played
from play import actions, demo_texts, simulated
from play.simulated import Skill

SETS = ("first-lesson", "loaded-words", "numbers", "reading-minds", "because")
"""Ready-made sets that every class plays, in this order."""
DAYS = 4
"""Between one assignment and the next."""


@dataclass(frozen=True)
class DemoClass:
    name: str
    first: Skill
    last: Skill
    """The skill in the first set and in the last."""
    against: Skill | None = None
    """The skill with texts that argue for the Kremlin's position, where it is another one."""


NOVICE = Skill(hits=0.62, false_alarms=0.4, names=0.4, sharp=0.5, sure=80)
EXPERT = Skill(hits=0.93, false_alarms=0.07, names=0.85, sharp=0.95, sure=90)
SUSPICIOUS = Skill(hits=0.93, false_alarms=0.75, names=0.45, sharp=0.5, sure=100)
ONE_SIDED = Skill(hits=0.85, false_alarms=0.1, names=0.7, sharp=0.8, sure=80)
CLASSES = (
    DemoClass("Novices", NOVICE, NOVICE),
    DemoClass("Improving", Skill(hits=0.5, false_alarms=0.5, names=0.3, sharp=0.4, sure=70), EXPERT),
    DemoClass("Suspicious", SUSPICIOUS, SUSPICIOUS),
    DemoClass("Experts", EXPERT, EXPERT),
    DemoClass("One-sided", ONE_SIDED, ONE_SIDED, against=SUSPICIOUS),
)


def fill(
    *,
    teacher: Teacher,
    students: int,
    now: datetime,
    made: Sequence[DemoClass] = CLASSES,
    sets: Sequence[str] = SETS,
) -> list[Classroom]:
    """The classes, with their answers of the days before `now`. The same dice on every day."""
    return [_class(teacher, each, students, now, sets) for each in made]


@transaction.atomic
def _class(teacher: Teacher, made: DemoClass, students: int, now: datetime, sets: Sequence[str]) -> Classroom:
    dice = random.Random(made.name)
    begun = now - timedelta(days=DAYS * (len(sets) + bool(made.against)))
    classroom = classes.create_classroom(teacher=teacher, name=made.name, now=begun)
    members = [
        classes.join(classroom=classroom, nickname=f"{made.name} {number:02}", now=begun)[0]
        for number in range(1, students + 1)
    ]
    plan = [ExerciseSet.objects.get(slug=slug) for slug in sets]
    if made.against:
        plan.append(demo_texts.published(teacher=teacher, now=begun))  # both sides have enough fair passages in it
    for number, exercise_set in enumerate(plan):
        day = begun + timedelta(days=DAYS * number)
        given = classes.assign(classroom=classroom, exercise_set=exercise_set, now=day)
        skill = made.first.towards(made.last, number / max(1, len(plan) - 1))
        versions = given.items.values_list("exercise_version_id", flat=True)  # not each one's own order: that is drawn
        camps = dict(
            ExerciseVersion.objects.filter(pk__in=versions).values_list("pk", "exercise__passage__source__camp")
        )
        for student in members:
            for minute, version in enumerate(versions):
                shown = played(version)
                by = made.against if made.against and camps[version] == "kremlin" else skill
                actions.answer(
                    student=student,
                    assignment=given,
                    played=shown,
                    given=simulated.answer(dice, by, shown),
                    client_key=f"demo-{given.uid}-{student.uid}-{version}",
                    now=day + timedelta(minutes=minute),
                )
    return classroom
