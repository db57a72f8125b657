"""A class or an account as a zip file, to be taken along. docs/exports.md describes the files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from classroom import set_files
from classroom.models import Assignment, Classroom, ExerciseSet, OwnText, Teacher
from classroom.schedule import schedule_of
from play import long_format
from play.models import Attempt, Challenge
from play.spreadsheets import csv_text

FORMAT = "literacy-game-class"
ACCOUNT_FORMAT = "literacy-game-account"
VERSION = 1
STUDENT_COLUMNS = ("nickname", "roster_name", "joined", "last_seen", "approved")
ANSWER_COLUMNS = (
    "student", "assignment", "position", "passage", "kind", "layer", "number", "answered", "points", "correct",
    "practice", "passed", "pair", "rescored", "aside", "signal", "flagged", "place", "label", "answer", "waits",
)  # fmt: skip
VERDICT = ("points", "correct", "rescored", "aside", "signal", "place", "label")
"""What the key says of an answer."""
Row = dict[str, Any]


def class_zip(*, classroom: Classroom, now: datetime) -> bytes:
    """A class with its students, assignments and answers: one JSON document, and tables for a spreadsheet.

    Where keys wait for a closing, as those of test forms for the last test of the class, nothing says what was right.
    """
    return _zip(_class_files(classroom, now))


def account_zip(*, teacher: Teacher, now: datetime) -> bytes:
    """A teacher's account with the own sets, each as a file that comes in anywhere, and every class that they lead."""
    files = {"account.json": _json(_account(teacher))}
    files |= {f"sets/{each.uid}.json": set_files.write(exercise_set=each) for each in teacher.sets.all()}
    for classroom in teacher.classrooms.all():
        files |= {f"classes/{classroom.uid}/{name}": text for name, text in _class_files(classroom, now).items()}
    return _zip(files)


def answers_zip(*, assignments: list[Assignment], names: bool) -> bytes:
    """Answers in long format with the dictionary of their columns."""
    made = long_format.tables(assignments=assignments, names=names)
    return _zip({f"{each.slug}.csv": csv_text(each.columns, each.rows) for each in made})


def _class_files(classroom: Classroom, now: datetime) -> dict[str, str]:
    waiting = _waiting(classroom, now)
    students, answers = _students(classroom), _answers(classroom, waiting)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "class": {
            "name": classroom.name,
            "language": classroom.language,
            "created": classroom.created,
            "time_zone": classroom.time_zone,
            "nickname_policy": classroom.nickname_policy,
            "retention_days": classroom.retention_days,
        },
        "roster": list(classroom.roster.values_list("name", flat=True)),
        "students": students,
        "assignments": _assignments(classroom),
        "answers": answers,
        "challenges": _challenges(classroom, waiting),
    }
    return {
        "class.json": _json(document),
        "students.csv": _csv(STUDENT_COLUMNS, students),
        "answers.csv": _csv(ANSWER_COLUMNS, answers),
    }


def _waiting(classroom: Classroom, now: datetime) -> set[int]:
    """The assignments that the class has answered whose keys are not told yet."""
    answered = Assignment.objects.filter(attempts__student__classroom=classroom).distinct()
    return {each.pk for each in answered.prefetch_related("extensions") if not schedule_of(each).tells(now)}


def _students(classroom: Classroom) -> list[Row]:
    return [
        {
            "nickname": each.nickname,
            "roster_name": each.roster_entry.name if each.roster_entry else "",
            "joined": each.joined,
            "last_seen": each.last_seen,
            "approved": each.is_approved,
        }
        for each in classroom.students.select_related("roster_entry")
    ]


def _assignments(classroom: Classroom) -> list[Row]:
    rows = classroom.assignments.prefetch_related(
        "items__exercise_version__exercise__passage__source", "students", "teams__students", "extensions__student"
    )
    return [
        {
            "title": row.title,
            "created": row.created,
            "opens": row.opens,
            "closes": row.closes,
            "order": row.order,
            "feedback": row.feedback,
            "leaderboard": row.board_mode,
            "attempts": row.attempts_allowed,
            "seconds_per_word": row.seconds_per_word,
            "students": [each.nickname for each in row.students.all()],
            "teams": [
                {"name": team.name, "students": [each.nickname for each in team.students.all()]}
                for team in row.teams.all()
            ],
            "extensions": [
                {"student": each.student.nickname, "closes": each.closes, "time_factor": each.time_factor}
                for each in row.extensions.all()
            ],
            "items": [
                {
                    "position": item.position,
                    "section": item.section,
                    "passage": str(item.exercise_version.exercise.passage),
                    "kind": item.exercise_version.exercise.kind,
                    "layer": item.exercise_version.exercise.layer,
                }
                for item in row.items.all()
            ],
        }
        for row in rows
    ]


def _answers(classroom: Classroom, waiting: Set[int]) -> list[Row]:
    positions = {
        (assignment, version): position
        for assignment, version, position in classroom.assignments.values_list(
            "pk", "items__exercise_version", "items__position"
        )
    }
    attempts = (
        Attempt.objects.filter(student__classroom=classroom)
        .select_related("student", "assignment", "exercise_version__exercise", "passage__source")
        .order_by("answered", "pk")
    )
    rows = [
        {
            "student": each.student.nickname,
            "assignment": each.assignment.title,
            "position": positions.get((each.assignment_id, each.exercise_version_id)),
            "passage": str(each.passage),
            "kind": each.exercise_version.exercise.kind,
            "layer": each.layer,
            "number": each.number,
            "answered": each.answered,
            "points": each.points,
            "correct": each.correct,
            "practice": each.is_practice,
            "passed": each.is_passed,
            "pair": each.is_pair,
            "rescored": each.judged_id is not None,
            "aside": each.is_aside,
            "signal": each.signal,
            "flagged": each.flagged,
            "place": each.place,
            "label": each.label,
            "answer": each.answer,
            "waits": each.assignment_id in waiting,
        }
        for each in attempts
    ]
    return [row | dict.fromkeys(VERDICT) if row["waits"] else row for row in rows]


def _challenges(classroom: Classroom, waiting: Set[int]) -> list[Row]:
    """What students disagreed with, and what was ruled."""
    rows = Challenge.objects.filter(student__classroom=classroom).exclude(attempt__assignment__in=waiting)
    rows = rows.order_by("made", "pk")
    return [
        {
            "student": each.student.nickname,
            "passage": str(each.passage),
            "layer": each.layer,
            "mark": each.mark,
            "aim": each.aim,
            "words": [each.start, each.end] if each.start is not None else None,
            "label": each.label,
            "reason": each.reason,
            "made": each.made,
            "ruling": {"decided": each.ruling.decided, "why": each.ruling.why} if each.ruling else None,
        }
        for each in rows.select_related("student", "passage__source", "ruling")
    ]


def _rulings(teacher: Teacher) -> list[Row]:
    return [
        {
            "passage": str(each.passage),
            "layer": each.layer,
            "mark": each.mark,
            "decided": each.decided,
            "why": each.why,
            "made": each.made,
            "undone": each.undone,
        }
        for each in teacher.rulings.select_related("passage__source").order_by("made", "pk")
    ]


def _account(teacher: Teacher) -> Row:
    return {
        "format": ACCOUNT_FORMAT,
        "version": VERSION,
        "account": {
            "username": teacher.username,
            "email": teacher.email,
            "owner": teacher.is_owner,
            "made": teacher.date_joined,
            "last_sign_in": teacher.last_login,
        },
        "shared_classes": [each.name for each in teacher.shared_classrooms.all()],
        "rulings": _rulings(teacher),
        "sets": [_set(each) for each in teacher.sets.prefetch_related("items__exercise__passage__source")],
        "own_texts": [_own_text(each) for each in teacher.own_texts.all()],
        "labellings": [
            {"text": each.own_text.title, "asked": each.asked, "finished": each.finished, "marks": each.marks}
            for each in teacher.labellings.select_related("own_text")
        ],
    }


def _own_text(own_text: OwnText) -> Row:
    return {
        "title": own_text.title,
        "created": own_text.created,
        "saved": own_text.saved,
        "published": own_text.published,
        "shared": own_text.is_shared,
        "draft": own_text.draft,
    }


def _set(exercise_set: ExerciseSet) -> Row:
    return {
        "title": exercise_set.title,
        "aim": exercise_set.aim,
        "intro": exercise_set.intro,
        "minutes": exercise_set.minutes,
        "items": [
            {
                "passage": str(item.exercise.passage),
                "kind": item.exercise.kind,
                "layer": item.exercise.layer,
                "annotation": item.exercise.annotation,
                "section": item.section,
            }
            for item in exercise_set.items.all()
        ],
    }


def _json(document: Row) -> str:
    return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    return csv_text(columns, ([row[column] for column in columns] for row in rows))


def _zip(files: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return written.getvalue()
