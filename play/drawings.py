"""Parts of pages that are the same for everybody: a question before it is answered, and a reveal for all who answered
it alike. Each is drawn once in each language; templates draw around it what is one student's own.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from classroom.models import Student
from exercises.keys import source_of
from exercises.memory import remembered
from exercises.versions import Played, drawn_once, played
from play import questions, reveals
from scoring.points import Answer

TASK, BODY, NEXT, CHALLENGE = (secrets.token_hex() for _ in range(4))
STUDENT, NICKNAME, CLASSROOM, CLASS_NAME, TOKEN, HERE, CLIENT_KEY = (secrets.token_hex() for _ in range(7))
"""Where a frame is open: nothing that anybody could have typed."""
FRAME = ("section", "position", "total", "done", "next_url", "challenge_url")
"""What a frame is drawn from, and what it is filled with."""
PAGE = ("section", "begins_section", "position", "total", "done", "here", "client_key")
"""The same for the page of a question; with who asks, and their token."""


@dataclass(frozen=True)
class DrawnQuestion:
    """A question with nothing chosen, in the place of a play.questions.Question."""

    task: str
    body: SafeString


@dataclass(frozen=True)
class DrawnReveal:
    """Verdict, points and key, in the place of a play.reveals.Reveal."""

    body: SafeString


def question(shown: Played) -> DrawnQuestion:
    return _question(shown.version_id, get_language())


@drawn_once(300)
def _question(version_id: int, language: str) -> DrawnQuestion:
    asked = questions.question(played(version_id), language=source_of(version_id).language)
    return DrawnQuestion(asked.task, render_to_string("play/question_body.html", {"question": asked}))


def reveal(
    shown: Played, given: Answer, *, passed: bool, late: bool, practice: bool, aside: bool, run: int
) -> DrawnReveal:
    return _reveal(shown.version_id, given, passed, late, practice, aside, run, get_language())


def asked(
    drawn: DrawnQuestion,
    *,
    student: Student,
    token: str,
    section: str,
    begins_section: bool,
    position: int,
    total: int,
    done: int,
    here: str,
    client_key: str,
) -> SafeString:
    """The whole page of a question, as its template draws it for a student who plays alone and without a timer."""
    page = _page(section, begins_section, position, total, done, get_language())
    asks = {STUDENT: student.uid, NICKNAME: student.nickname, TOKEN: token}
    asks |= {CLASSROOM: student.classroom.uid, CLASS_NAME: student.classroom.name, HERE: here, CLIENT_KEY: client_key}
    return _filled(page, asks | {TASK: drawn.task, BODY: drawn.body})


def answered(
    drawn: DrawnReveal, *, section: str, position: int, total: int, done: int, next_url: str, challenge_url: str
) -> SafeString:
    """The page's part after an answer: a reveal in its frame, with the ways on."""
    frame = _frame(section, position, total, done, get_language())
    return _filled(frame, {NEXT: next_url, CHALLENGE: challenge_url, BODY: drawn.body})


def _filled(frame: str, values: Mapping[str, str]) -> SafeString:
    for mark, value in values.items():
        frame = frame.replace(mark, conditional_escape(value))
    return mark_safe(frame)  # noqa: S308 - drawn by templates, filled with what is escaped


@remembered(500)
def _page(section: str, begins_section: bool, position: int, total: int, done: int, language: str) -> str:
    """What stands around a question, open for it and for who asks."""
    classroom = {"uid": CLASSROOM, "name": CLASS_NAME}
    context: dict[str, object] = {
        "section": section,
        "begins_section": begins_section,
        "position": position,
        "total": total,
        "done": done,
        "student": {"uid": STUDENT, "nickname": NICKNAME, "classroom": classroom},
        "classroom": classroom,
        "question": {"task": TASK, "body": BODY},
        "here": HERE,
        "client_key": CLIENT_KEY,
        "csrf_token": TOKEN,
        "request": {"method": "GET"},
    }
    return render_to_string("play/exercise.html", context)


@remembered(500)
def _frame(section: str, position: int, total: int, done: int, language: str) -> str:
    """What stands around a reveal, open for its body and for addresses."""
    context = {"section": section, "position": position, "total": total, "done": done}
    context |= {"reveal": {"body": BODY}, "next_url": NEXT, "challenge_url": CHALLENGE}
    return render_to_string("play/exercise.html#exercise", context)


@drawn_once(500)
def _reveal(
    version_id: int, given: Answer, passed: bool, late: bool, practice: bool, aside: bool, run: int, language: str
) -> DrawnReveal:
    told = reveals.reveal(played(version_id), given, passed=passed)
    attempt = {"is_late": late, "is_practice": practice, "is_aside": aside}
    return DrawnReveal(render_to_string("play/reveal_body.html", {"reveal": told, "attempt": attempt, "run": run}))
