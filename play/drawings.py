"""Parts of pages that are the same for everybody: a question before it is answered, and a reveal for all who answered
it alike. Each is drawn once in each language; templates draw around it what is one student's own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from exercises.keys import source_of
from exercises.memory import remembered
from exercises.versions import Played, drawn_once, played
from play import questions, reveals
from scoring.points import Answer

BODY, NEXT, CHALLENGE = (secrets.token_hex() for _ in range(3))
"""Where a frame is open: nothing that anybody could have typed."""
FRAME = ("section", "position", "total", "done", "next_url", "challenge_url")
"""What a frame is drawn from, and what it is filled with."""


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


def answered(
    drawn: DrawnReveal, *, section: str, position: int, total: int, done: int, next_url: str, challenge_url: str
) -> SafeString:
    """The page's part after an answer: a reveal in its frame, with the ways on."""
    frame = _frame(section, position, total, done, get_language())
    for mark, text in ((NEXT, next_url), (CHALLENGE, challenge_url), (BODY, drawn.body)):
        frame = frame.replace(mark, text)
    return mark_safe(frame)  # noqa: S308 - drawn by templates; addresses


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
