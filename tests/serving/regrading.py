"""A ruling whose process is killed at a moment. Runs in a process of its own, with the installation's settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.browser.server import NOT_HANDED_ON, ROOT, Server

ANSWERS = 400


def killed(server: Server, moment: str) -> None:
    """Rule, and be killed: "computed" before anything is written, "written" before the transaction ends."""
    assert _run(server, moment).returncode == -signal.SIGKILL


def ruled_while_others_play(server: Server) -> None:
    """Rule, while answers of others are stored between those that are computed."""
    done = _run(server, "played")
    assert done.returncode == 0, done.stderr


def told(server: Server) -> dict[str, Any]:
    """Answers by points, how many are put aside, whether a ruling is in force, whether the standings add up."""
    done = _run(server, "tell")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _run(server: Server, moment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in NOT_HANDED_ON}
    environment = clean | {"DATA_DIR": str(server.data)} | server.variables
    command = [sys.executable, "-m", "tests.serving.regrading", moment]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def _rule(moment: str) -> None:
    from django.utils import timezone

    from classroom.models import AssignmentItem, Student
    from play import actions, regrading, rulings, standings
    from play.models import Attempt
    from play.rulings import Decision
    from scoring.points import Answer

    now = timezone.now()
    item = AssignmentItem.objects.filter(exercise_version__exercise__kind="judge").select_related(
        "exercise_version__exercise__passage__current", "assignment__classroom__teacher"
    )[0]
    from exercises.versions import played

    shown, exercise = played(item.exercise_version_id), item.exercise_version.exercise
    made = Student.objects.bulk_create(
        Student(classroom=item.assignment.classroom, nickname=f"Eft {n}", phrase_hmac=str(n), joined=now, last_seen=now)
        for n in range(ANSWERS)
    )
    given = Answer(flagged=shown.item.marked, confidence=70)
    Attempt.objects.bulk_create(
        Attempt(
            student=student,
            assignment=item.assignment,
            exercise_version=item.exercise_version,
            client_key=student.uid,
            answered=now,
            passage=exercise.passage,
            layer=exercise.layer,
            **actions.outcome(played=shown, given=given, passed=False, late=False),
        )
        for student in made
    )
    standings.rebuild(assignment=item.assignment)
    regrading.AT_ONCE = 10 * ANSWERS

    def die(*args: object, **more: object) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    if moment == "written":
        standings.rebuild = die
    elif moment == "played":
        regrading.BATCH = ANSWERS // 8
        _play_between(made[0].pk)
    else:
        regrading._write = die  # type: ignore[assignment]
    rulings.rule(
        teacher=item.assignment.classroom.teacher,
        passage=exercise.passage,
        layer=exercise.layer,
        mark="",
        decision=Decision("discuss", "It can be seen either way."),
        now=now,
    )


def _play_between(student: int) -> None:
    """Something is stored through another connection before each answer is scored."""
    from django.db import connection
    from django.utils import timezone

    from classroom.models import Student
    from play import regrading

    scored = regrading.Memo.columns

    def store() -> None:
        Student.objects.filter(pk=student).update(last_seen=timezone.now())
        connection.close()

    def columns(*args: Any) -> dict[str, Any]:
        thread = threading.Thread(target=store)
        thread.start()
        thread.join()
        return scored(*args)

    computing = regrading._compute

    def compute(*args: Any) -> None:
        regrading.Memo.columns = columns  # type: ignore[assignment,method-assign]
        computing(*args)
        regrading.Memo.columns = scored  # type: ignore[method-assign]

    regrading._compute = compute


def _tell() -> dict[str, Any]:
    from collections import Counter

    from classroom.models import Assignment, Ruling
    from play.actions import rebuild_standings
    from play.models import Attempt, Standing

    fields = ("assignment", "student", "points", "decisions")
    kept = sorted(Standing.objects.values_list(*fields))
    for assignment in Assignment.objects.all():
        rebuild_standings(assignment=assignment)
    attempts = Attempt.objects.filter(student__nickname__startswith="Eft")
    return {
        "points": dict(Counter(attempts.values_list("points", flat=True))),
        "aside": attempts.filter(is_aside=True).count(),
        "in_force": Ruling.objects.filter(applied__isnull=False).count(),
        "adds_up": kept == sorted(Standing.objects.values_list(*fields)),
    }


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "literacy_game.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    django.setup()
    if sys.argv[1] == "tell":
        print(json.dumps(_tell()))
    else:
        _rule(sys.argv[1])
