"""Storing answers. An answer is stored once, however often it is sent, together with what it does to the standings."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, QuerySet

from classroom import assigning, retention
from classroom.models import Assignment, AssignmentItem, BoardMode, Student
from classroom.prepared import Given, Reading, Writing
from classroom.schedule import Schedule, State, schedule_of
from exercises.versions import Played
from exercises.versions import played as version_of
from play import raw, rescoring, standings
from play.models import Attempt, Board, Encounter, Opening
from play.turns import writing
from scoring import kinds
from scoring.points import Answer

GRACE = timedelta(seconds=4)
"""An answer to an item with a timer may be on its way for so long."""


class Closed(Exception):
    """The assignment is not open for this student."""


class NoAttemptLeft(Exception):
    """The student has played this item as often as the assignment allows."""


def open_item(*, student: Student, assignment: Assignment, version_id: int, now: datetime) -> datetime:
    """Note that a student sees an item, unless that was noted before; since when."""
    known: list[tuple[datetime]] = _opened(student=student.pk, assignment=assignment.pk, version=version_id)
    if known:
        return known[0][0]
    item = assignment.items.get(exercise_version_id=version_id)
    opening, is_new = Opening.objects.get_or_create(student=student, item=item, defaults={"opened": now})
    if is_new and assignment.closes is not None:
        standings.watch(assignment=assignment, now=now)
    if is_new and assignment.board_mode == BoardMode.TEAMS:
        assigning.join_team(assignment=assignment, student=student)
    return opening.opened


_opened = Reading(
    lambda: Opening.objects.filter(
        student_id=Given("student"), item__assignment_id=Given("assignment"), item__exercise_version_id=Given("version")
    ).values_list("opened")
)


def answer(
    *,
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    passed: bool = False,
    partner: Student | None = None,
) -> Attempt:
    """Store the first answer of a student to an item, or return the one that is there. Raises Closed.

    `passed`: the student leaves a sensitive passage out, which counts neither way. `partner`: the answer is given by
    two and stored for each of them, unless the partner has answered before or is out of time. The partner's comes
    first: should anything break off in between, the form still asks the student and is sent again.
    """
    is_pair = partner is not None
    if partner is not None:
        with suppress(Closed):
            _answer(partner, assignment, played, given, _new_key(), now, passed=passed, is_pair=True)
    return _answer(student, assignment, played, given, client_key, now, passed=passed, is_pair=is_pair)


def _answer(
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    *,
    passed: bool = False,
    is_pair: bool = False,
) -> Attempt:
    schedule = schedule_of(assignment, student)
    if schedule.state(now) == State.OPEN:
        late = not passed and _is_late(student, assignment, played, schedule, now)
        for key in (client_key, _new_key()):
            with writing():
                stored = _store(student, assignment, played, given, key, now, passed=passed, late=late, is_pair=is_pair)
            # Not stored: it was there before, or the key is another answer's, in a form made by hand.
            if stored:
                return stored
            if known := first_attempt(student=student, assignment=assignment, version_id=played.version_id):
                return known
    elif known := first_attempt(student=student, assignment=assignment, version_id=played.version_id):
        return known
    raise Closed


def _new_key() -> str:
    return secrets.token_urlsafe(16)


def answer_again(
    *,
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    partner: Student | None = None,
) -> Attempt:
    """Store one more answer to an item, for practice; a partner's, too, who may. Raises Closed, NoAttemptLeft."""
    is_pair = partner is not None
    attempt = _answer_again(student, assignment, played, given, client_key, now, is_pair=is_pair)
    if partner is not None:
        with suppress(Closed, NoAttemptLeft):
            key = f"{attempt.pk}-{partner.pk}"
            _answer_again(partner, assignment, played, given, key, now, is_pair=True)
    return attempt


def _answer_again(
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    *,
    is_pair: bool,
) -> Attempt:
    schedule = schedule_of(assignment, student)
    if schedule.state(now) != State.OPEN or not schedule.tells(now):
        raise Closed
    known = Attempt.objects.filter(client_key=client_key, student=student).first()
    if known:
        return known
    made = Attempt.objects.filter(student=student, assignment=assignment, exercise_version_id=played.version_id).count()
    if not 0 < made < assignment.attempts_allowed:
        raise NoAttemptLeft
    with writing():
        stored = _store(student, assignment, played, given, client_key, now, number=made + 1, is_pair=is_pair)
    if stored is None:
        raise NoAttemptLeft
    return stored


def first_attempt(*, student: Student, assignment: Assignment, version_id: int) -> Attempt | None:
    """The answer that counts."""
    return Attempt.objects.filter(
        student=student, assignment=assignment, exercise_version_id=version_id, number=1
    ).first()


def practise(*, student: Student, passage_id: int, layer: str, now: datetime) -> None:
    """Note that a key was shown outside any assignment: what has been met never counts later."""
    Encounter.objects.get_or_create(student=student, passage_id=passage_id, layer=layer, defaults={"met": now})


_put_attempt = Writing(Attempt)


def _is_late(student: Student, assignment: Assignment, played: Played, schedule: Schedule, now: datetime) -> bool:
    seconds = schedule.seconds_for(len(played.content.words))
    if seconds is None:
        return False
    opened = (
        Opening.objects.filter(
            student=student, item__assignment=assignment, item__exercise_version_id=played.version_id
        )
        .values_list("opened", flat=True)
        .first()
    )
    return opened is not None and now > opened + timedelta(seconds=seconds) + GRACE


def _store(
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    *,
    passed: bool = False,
    late: bool = False,
    number: int = 1,
    is_pair: bool = False,
) -> Attempt | None:
    """Inside a transaction. None where a unique constraint says that an answer is there, or the item is gone."""
    layer = {"passage": played.passage_id, "layer": played.layer}
    rows = _item_for(assignment=assignment.pk, version=played.version_id, student=student.pk, **layer)
    if not rows:
        return None  # the assignment has been deleted meanwhile
    judged, aside, seen = rows[0][0], bool(rows[0][1]), bool(rows[0][2])
    attempt: Attempt | None = _put_attempt(
        {
            "student_id": student.pk,
            "assignment_id": assignment.pk,
            "exercise_version_id": played.version_id,
            "number": number,
            "client_key": client_key,
            "answered": now,
            "passage_id": played.passage_id,
            "layer": played.layer,
            "is_practice": seen,
            "is_pair": is_pair,
            "judged_id": judged,
            "is_aside": aside,
            **outcome(played=played, given=given, passed=passed, late=late, judged=judged, aside=aside),
        }
    )
    if attempt is None:
        return None
    classroom = assignment.classroom
    retention.note_answer(classroom_id=classroom.pk, now=now, last=classroom.last_answer)
    if not seen and not passed and not aside:
        standings.enter(assignment=assignment, student_id=student.pk, now=now)
    return attempt


def judging(*, assignment_id: int, version_id: int) -> tuple[int | None, bool]:
    """By which other version's key answers to an item are judged, if any, and whether it is put aside.

    The item's row is locked, so that an answer comes either before a ruling or after it.
    """
    for judged, is_aside in _item(assignment=assignment_id, version=version_id):
        return judged, bool(is_aside)
    return None, False


def _locked_item() -> QuerySet[AssignmentItem]:
    rows = AssignmentItem.objects.select_for_update(no_key=True).order_by()
    return rows.filter(assignment_id=Given("assignment"), exercise_version_id=Given("version"))


def _item_and_meetings() -> QuerySet[AssignmentItem, tuple[Any, ...]]:
    """With whether the student has met the layer of the passage before, in an answer or elsewhere."""
    layer = {"student_id": Given("student"), "passage_id": Given("passage"), "layer": Given("layer")}
    met = Exists(Attempt.objects.filter(**layer)) | Exists(Encounter.objects.filter(**layer))
    return (
        _locked_item().annotate(met=ExpressionWrapper(met, BooleanField())).values_list("judged_id", "is_aside", "met")
    )


_item = Reading(lambda: _locked_item().values_list("judged_id", "is_aside"))
_item_for = Reading(_item_and_meetings)


def outcome(
    *, played: Played, given: Answer, passed: bool, late: bool, judged: int | None = None, aside: bool = False
) -> dict[str, Any]:
    """The fields of an attempt that an answer settles by itself."""
    if passed:
        given, decision = Answer(), rescoring.NEITHER_WAY
    else:
        decision = kinds.score((version_of(judged) if judged else played).item, given)
    return {
        "answer": {"passed": True} if passed else raw.pack(given, played),
        "is_passed": passed,
        "is_late": late,
        **rescoring.kept(decision, given, passed=passed, late=late, aside=aside),
    }


@transaction.atomic
def remove_student(*, student: Student) -> None:
    """Remove a student with all answers; whoever looks at a board sees the row go."""
    boards = list(Board.objects.filter(assignment__standings__student=student).values_list("pk", flat=True))
    student.delete()
    Board.objects.filter(pk__in=boards).update(version=F("version") + 1)


def rebuild_standings(*, assignment: Assignment) -> int:
    """Compute the standings anew from what is stored; how many rows there are."""
    return standings.rebuild(assignment=assignment)
