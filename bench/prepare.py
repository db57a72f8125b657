"""What a measurement needs in the database, made in a process of its own. Prints JSON."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from classroom import actions, devices, loading
from classroom.assigning import Plan
from classroom.forms import NicknameForm
from classroom.models import Assignment, Classroom, ExerciseSet, Order, Student, Teacher
from exercises.versions import Played, played
from play.live import tokens
from play.models import Attempt, Standing
from play.views import boards

SET = "five-texts"


def installation() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    loading.load(settings.SEEDS_DIR)
    primary = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_answer (id {primary}, answer text NOT NULL)")
    actions.create_owner(username="bench", password="a bench in the yard")


def classroom(students: int) -> dict[str, object]:
    """A class whose students have not played yet: cookies and addresses for each, and a right-shaped answer an item."""
    now, teacher = timezone.now(), Teacher.objects.get()
    found = actions.create_classroom(teacher=teacher, name=f"Class {Classroom.objects.count()}", now=now)
    Classroom.objects.filter(pk=found.pk).update(capacity=10_000)
    exercise_set = ExerciseSet.objects.get(slug=SET)
    assignment = actions.assign(classroom=found, exercise_set=exercise_set, now=now, plan=Plan(order=Order.SET))
    rows = Student.objects.bulk_create(
        Student(classroom=found, nickname=f"Newt {number}", phrase_hmac=f"{number:064}", joined=now, last_seen=now)
        for number in range(students)
    )
    items = [played(pk) for pk in assignment.items.values_list("exercise_version", flat=True)]
    return {
        "home": reverse("student_home", args=[found.uid]),
        "join": reverse("join_class", args=[found.uid, found.code]),
        "play": reverse("play", args=[found.uid, assignment.uid]),
        "board": boards._poll_url("standings", found.uid, assignment, 0),
        "stream": tokens.stream("board", assignment.pk),
        "assignment": assignment.pk,
        "cookies": [signing.dumps([row.uid, row.session_key], salt=devices.SALT) for row in rows],
        "names": [NicknameForm.sign(f"Wren {number}") for number in range(students)],
        "devices": [
            signing.dumps(f"device-{found.pk}-{number}", salt=devices.DEVICE_SALT) for number in range(students)
        ],
        "answers": [answer(each) for each in items],
    }


def school(students: int) -> list[dict[str, object]]:
    """So many students in classes of 30."""
    return [classroom(min(30, students - taken)) for taken in range(0, students, 30)]


def answer(item: Played) -> dict[str, str]:
    """What a form of this kind sends: a mark with a name where there is something to mark."""
    if item.kind == "judge":
        return {"flagged": "yes", "confidence": "70"}
    if item.kind in ("name", "evidence"):
        return {"choice": item.options[0]}
    if item.kind == "markup" or not item.item.marked:
        return {"nothing": "1"}
    return {"w": str(min(item.item.targets[0].core)), "label": item.options[0]}


def count(assignment: int) -> dict[str, int]:
    """What is stored of an assignment: answers, and what the standings make of them."""
    attempts = Attempt.objects.filter(assignment=assignment)
    counting = attempts.filter(is_practice=False, is_passed=False).aggregate(n=Count("pk"), points=Sum("points"))
    standings = Standing.objects.filter(assignment=assignment).aggregate(n=Sum("decisions"), points=Sum("points"))
    return {
        "answers": attempts.count(),
        "counting": counting["n"],
        "points": counting["points"] or 0,
        "standing_decisions": standings["n"] or 0,
        "standing_points": standings["points"] or 0,
    }


def fill(attempts: int) -> int:
    """Bring the number of stored attempts up to this, in further classes of 30."""
    template = Attempt.objects.filter(number=1).first()
    assert template is not None, "play one answer first"
    items = list(Assignment.objects.get(pk=template.assignment_id).items.values_list("exercise_version", flat=True))
    now = timezone.now()
    stored = Attempt.objects.count()
    while stored < attempts:
        made = classroom(30)
        assignment = Assignment.objects.get(pk=made["assignment"])
        rows = [
            Attempt(
                student=student,
                assignment=assignment,
                exercise_version_id=version,
                client_key=f"fill-{assignment.pk}-{student.pk}-{version}",
                answered=now,
                answer=template.answer,
                passage_id=template.passage_id,
                layer=template.layer,
                score=0.0,
                points=50,
                correct=True,
            )
            for student in assignment.classroom.students.all()
            for version in items
        ]
        Attempt.objects.bulk_create(rows)
        stored += len(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return stored


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps(globals()[name](*map(int, arguments))))
