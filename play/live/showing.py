"""What pages of a live round show: the item, its key, the class's answers, a student's own result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from classroom.models import Student
from exercises import rendering
from exercises.keys import source_of
from exercises.versions import Played, drawn_once, played
from play import raw
from play.forms import AnswerForm
from play.live import queries, tokens
from play.models import Attempt, Ballot, Phase, Round
from play.questions import Question, question
from play.reveals import Reveal, reveal, said
from scoring.points import Answer

PART = "play/live.html#exercise"
"""What a student's page fetches anew."""


@dataclass(frozen=True)
class Own:
    """A student's part in the current item."""

    ballot: Ballot | None
    said: str
    """The answer in words; empty where there is none, or where the student passed."""
    place: queries.OwnPlace | None
    attempt: Attempt | None = None
    """After the reveal: what the answer came to."""
    result: Reveal | None = None
    key: str = ""
    """The key with the student's marks, as HTML."""


def current(live: Round) -> Played:
    return played(queries.version_at(live, live.position))


@drawn_once(1000)
def _language(version_id: int) -> str:
    """Of the passage."""
    return source_of(version_id).language


def to_answer(live: Round, form: AnswerForm | None = None) -> Question:
    """The current item with its answer form."""
    shown = current(live)
    return question(shown, language=_language(shown.version_id), form=form)


def to_read(live: Round) -> Question:
    """The current item to be read: words that can be marked are plain words here."""
    return _to_read(queries.version_at(live, live.position), get_language())


@drawn_once(1000)
def _to_read(version_id: int, language: str) -> Question:
    """`language`: the one that is spoken just now."""
    shown = played(version_id)
    found = question(shown, language=_language(version_id))
    if not found.is_marking:
        return found
    return replace(found, is_marking=False, passage=rendering.plain(shown.content))


@drawn_once(1000)
def _passage(version_id: int, language: str) -> str:
    """A class that waits reads one passage: it is drawn once in each language."""
    return render_to_string("play/live_passage.html", {"question": _to_read(version_id, language)})


def key(live: Round) -> Reveal:
    """The key of the current item, over nobody's answer."""
    return _reveal(queries.judged_at(live, live.position), Answer(), True, get_language())


@drawn_once(1000)
def _reveal(version_id: int, given: Answer, passed: bool, language: str) -> Reveal:
    """`language`: the one that is spoken just now, in whose words the reveal is kept."""
    return reveal(played(version_id), given, passed=passed)


@drawn_once(1000)
def _drawn(version_id: int, given: Answer, passed: bool, language: str) -> str:
    """Many students give the same answer: its reveal is drawn once in each language."""
    return render_to_string("play/key.html", {"reveal": _reveal(version_id, given, passed, language)})


def own(*, live: Round, student: Student, ballot: Ballot | None = None) -> Own:
    """The student's own part. Before the reveal it is the answer alone: `ballot`, where it is at hand."""
    shown = current(live)
    if live.position > live.revealed:
        if ballot is None or (ballot.position, ballot.vote) != (live.position, live.vote):
            ballot = queries.ballot_of(live=live, student=student, vote=live.vote)
        words = "" if ballot is None or ballot.is_passed else said(shown, raw.unpack(ballot.answer, shown))
        place = queries.own_place(live=live, student=student) if live.phase == Phase.STANDINGS else None
        return Own(ballot, words, place)
    place = queries.own_place(live=live, student=student)
    item = queries.judged_at(live, live.position)
    return own_result(item=item, attempt=queries.attempt_of(live=live, student=student), place=place)


def own_result(*, item: int, attempt: Attempt | None, place: queries.OwnPlace | None) -> Own:
    """The student's own part after the reveal, by the version whose key judges the item."""
    if attempt is None:
        return Own(None, "", place, key=_drawn(item, Answer(), True, get_language()))
    shown = played(item)
    given = raw.unpack(attempt.answer, shown)
    return Own(
        ballot=None,
        said="" if attempt.is_passed else said(shown, given),
        place=place,
        attempt=attempt,
        result=_reveal(item, given, attempt.is_passed, get_language()),
        key=_drawn(item, given, attempt.is_passed, get_language()),
    )


def nobody_s(live: Round) -> Own:
    """The part of somebody who has done nothing."""
    told = live.position <= live.revealed
    item = queries.judged_at(live, live.position) if told else 0
    return Own(None, "", None, key=_drawn(item, Answer(), True, get_language()) if told else "")


def page(
    *,
    live: Round,
    student: Student | None,
    now: datetime,
    form: AnswerForm | None = None,
    ballot: Ballot | None = None,
    is_removed: bool = False,
) -> dict[str, Any]:
    """What a student's page shows; without a student, what is the same for everybody. `ballot`: a stored answer."""
    classroom = live.assignment.classroom
    where = [classroom.uid, live.uid]
    poll = reverse("live_state", args=[*where, live.version])
    context: dict[str, Any] = {
        "student": student,
        "classroom": classroom,
        "live": live,
        "assignment": live.assignment,
        "face": queries.face(live),
        "apart": queries.apart(live),
        "has_own_time": student is not None and queries.has_own_time(live, student.pk),
        "total": queries.place_of(live).total,
        "is_removed": is_removed,
        "is_revealed": live.position <= live.revealed,
        "page_url": reverse("live", args=where),
        "poll_url": f"{poll}?token={tokens.token('round', live.pk)}",
        "stream_url": tokens.stream("round", live.pk),
    }
    if not live.position or is_removed or live.phase == Phase.ENDED:
        return context
    mine = own(live=live, student=student, ballot=ballot) if student else nobody_s(live)
    context["own"] = mine
    if context["is_revealed"]:
        return context
    factor = queries.time_factor(live, student) if student else 1.0
    context["seconds"] = queries.seconds_left(live, now, factor=factor)
    if live.phase == Phase.ANSWER and mine.ballot is None:
        here = reverse("live_item", args=[*where, live.position])
        context |= {
            "answers": True,
            "question": to_answer(live, form),
            "here": f"{here}?vote={live.vote}",
            "keep": f"{live.position}.{live.vote}",
            "client_key": f"{live.uid}.{live.position}.{live.vote}",
        }
    else:
        passage = _passage(queries.version_at(live, live.position), get_language())
        context |= {"question": to_read(live), "passage": passage}
        context |= {"seconds": None if mine.ballot else context["seconds"]}
    return context


def common_part(*, pk: int, version: int, now: datetime) -> dict[str, str]:
    """The page's part as HTML, as it is for everybody, in the language of the class: other devices fetch theirs.

    Nothing where the round has gone on.
    """
    live = (
        Round.objects.select_related("assignment__classroom", "assignment__exercise_set")
        .filter(pk=pk, version=version)
        .first()
    )
    if live is None:
        return {}
    with translation.override(live.assignment.classroom.language):
        return {"common": render_to_string(PART, page(live=live, student=None, now=now)), "language": get_language()}
