"""What happens in a live round. Every change counts the round's version up in the same transaction."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from classroom import assigning, classes, retention
from classroom.assigning import Plan
from classroom.models import Classroom, ExerciseSet, Order, Student
from classroom.schedule import schedule_of
from exercises.models import ExerciseVersion
from exercises.versions import Played, played
from play import actions as play_actions
from play import changing, raw, standings
from play.live import queries, steps
from play.models import Attempt, Ballot, Encounter, Opening, Phase, Round, Seat
from scoring.points import Answer

MORE_TIME = 30
"""Seconds that an extension adds."""


class Moved(Exception):
    """Somebody else has taken the round on meanwhile."""


class NotYet(Exception):
    """The item is not open for answers."""


class Removed(Exception):
    """The teacher has taken the student out of the round."""


@transaction.atomic
def start(
    *,
    classroom: Classroom,
    exercise_set: ExerciseSet,
    board_mode: str,
    seconds_per_word: float | None,
    auto_lock: bool,
    now: datetime,
) -> Round:
    """Give a set to the class as a live round, which waits in the lobby. Raises assigning.SealedNeedsClosing."""
    plan = Plan(order=Order.SET, board_mode=board_mode, seconds_per_word=seconds_per_word)
    assignment = assigning.assign(classroom=classroom, exercise_set=exercise_set, now=now, plan=plan)
    return Round.objects.create(assignment=assignment, auto_lock=auto_lock)


def take_seat(*, live: Round, student: Student, now: datetime) -> Seat:
    """The student's place in the round, made when there is none."""
    seat, _ = Seat.objects.get_or_create(round=live, student=student, defaults={"taken": now})
    return seat


@transaction.atomic
def step(*, live: Round, version: int, name: str, now: datetime) -> None:
    """Take the round one step on from that version. Raises steps.NotNow, Moved."""
    if live.version != version:
        raise Moved
    old = queries.place_of(live)
    new = steps.after(old, name)
    changes: dict[str, Any] = {
        field: getattr(new, field) for field in ("phase", "position", "opened", "revealed", "vote", "key_shown")
    }
    changes["paused"] = None
    if new.opened > old.opened:
        changes |= {"answering": None, "seconds": None}
    if new.phase == Phase.ANSWER:
        shown = played(queries.version_at(live, new.position))
        changes |= {"answering": now, "seconds": schedule_of(live.assignment).seconds_for(len(shown.content.words))}
    _change(live, version, **changes)
    if new.phase == Phase.ANSWER and new.vote == old.vote:
        live.ballots.filter(position=new.position, vote=new.vote).update(is_late=False)
    if old.phase == Phase.LOBBY:
        standings.watch(assignment=live.assignment, now=now)
    for position in range(old.revealed + 1, new.revealed + 1):
        _settle(live, position, now)
        _note_silent(live, position)
    if new.phase == Phase.ENDED:
        changing.close_assignment(assignment=live.assignment, now=now)
    elif new.revealed > old.revealed:
        standings.rebuild(assignment=live.assignment)


@transaction.atomic
def pause(*, live: Round, version: int, now: datetime) -> None:
    """Let the round stand still, or go on; a pause takes nothing off the time. Raises Moved."""
    if live.paused is None:
        _change(live, version, paused=now)
        return
    answering = live.answering and live.answering + (now - live.paused)
    _change(live, version, paused=None, answering=answering)


@transaction.atomic
def extend(*, live: Round, version: int) -> None:
    """More time for the item that is answered. Raises Moved, steps.NotNow."""
    if live.phase != Phase.ANSWER or live.seconds is None:
        raise steps.NotNow
    _change(live, version, seconds=live.seconds + MORE_TIME)


@transaction.atomic
def set_auto_lock(*, live: Round, version: int, auto_lock: bool) -> None:
    """Lock by itself when everybody has answered, or not: also when they have already. Raises Moved."""
    _change(live, version, auto_lock=auto_lock)
    _lock_by_itself(live.pk)


@transaction.atomic
def set_joining(*, live: Round, version: int, is_open: bool) -> None:
    """Let new students into the class, or not. Raises Moved."""
    _change(live, version)
    classes.set_joining(classroom=live.assignment.classroom, is_open=is_open)


@transaction.atomic
def set_removed(*, live: Round, student: Student, removed: bool) -> None:
    """Take a student out of the round, or back in. Answers stay. Nobody waits for who is out."""
    if Seat.objects.filter(round=live, student=student).exclude(is_removed=removed).update(is_removed=removed):
        Round.objects.filter(pk=live.pk).update(version=F("version") + 1)
        if removed:
            _lock_by_itself(live.pk)


def answer(
    *,
    round_id: int,
    student: Student,
    position: int,
    vote: int,
    given: Answer,
    passed: bool,
    now: datetime,
) -> Ballot:
    """Store a student's answer to an item, or return the one that is there. Raises NotYet, Removed, Round.DoesNotExist.

    What comes after the lock, the reveal or the time is kept as late. The ballot's `round` is as it stands then.
    """
    try:
        return _answer(round_id, student, position, vote, given, passed, now)
    except IntegrityError:
        rows = Ballot.objects.select_related("round__assignment__classroom")
        known = rows.filter(round=round_id, student=student, position=position, vote=vote).first()
        if known is None:
            raise
        return known


@transaction.atomic
def _answer(
    round_id: int, student: Student, position: int, vote: int, given: Answer, passed: bool, now: datetime
) -> Ballot:
    """A class answers at once: one query, one row. The round's row is held, so that it is before a reveal or after."""
    live = queries.held(round_id=round_id)
    if queries.is_removed(live, student):
        raise Removed
    try:
        queries.seat(live.pk, student.pk)
    except Seat.DoesNotExist:
        take_seat(live=live, student=student, now=now)
    told = position <= live.revealed
    current = position == live.opened and not told
    if not (told or (current and vote <= live.vote and (live.phase != Phase.READ or live.answering))):
        raise NotYet
    on_time = current and vote == live.vote and live.phase in (Phase.READ, Phase.ANSWER)
    shown = played(queries.version_at(live, position))
    ballot = Ballot.objects.create(
        round=live,
        student=student,
        position=position,
        vote=vote,
        answered=now,
        answer={"passed": True} if passed else raw.pack(given, shown),
        is_passed=passed,
        is_late=not passed and (not on_time or _is_over(live, student, now)),
    )
    if told and vote == 1:
        _settle(live, position, now)
        standings.enter(assignment=live.assignment, student_id=student.pk, now=now)
    elif on_time and _has_all_to_lock(live):
        _change(live, live.version, phase=Phase.LOCKED)
        live.phase, live.version = Phase.LOCKED, live.version + 1
    return ballot


def _has_all_to_lock(live: Round) -> bool:
    """Whether a round that locks by itself has everybody's answer to the item that is answered."""
    if not live.auto_lock or live.phase != Phase.ANSWER:
        return False
    answered, seats = queries.counts(live)
    return 0 < seats <= answered


def _lock_by_itself(round_id: int) -> None:
    live = queries.held(round_id=round_id)
    if _has_all_to_lock(live):
        _change(live, live.version, phase=Phase.LOCKED)


def _change(live: Round, version: int, **changes: Any) -> None:
    """Compare and set: of two who change one version, one is too late."""
    if not Round.objects.filter(pk=live.pk, version=version).update(version=F("version") + 1, **changes):
        raise Moved


def _is_over(live: Round, student: Student, now: datetime) -> bool:
    """Whether the student's time for the current item is up."""
    if live.seconds is None or live.answering is None:
        return False
    seconds = live.seconds * queries.time_factor(live, student)
    return (live.paused or now) > live.answering + timedelta(seconds=seconds) + play_actions.GRACE


def _settle(live: Round, position: int, now: datetime) -> None:
    """Make attempts of an item's first votes. Who was there and gave none has seen the item and left it open."""
    version_id = queries.version_at(live, position)
    shown = played(version_id)
    known = set(
        Attempt.objects.filter(assignment_id=live.assignment_id, exercise_version_id=version_id, number=1).values_list(
            "student_id", flat=True
        )
    )
    ballots = [each for each in live.ballots.filter(position=position, vote=1) if each.student_id not in known]
    judged, aside = play_actions.judging(assignment_id=live.assignment_id, version_id=version_id)
    passage_id = ExerciseVersion.objects.values_list("exercise__passage_id", flat=True).get(pk=version_id)
    layer = {"passage_id": passage_id, "layer": shown.layer, "student__ballots__round": live}
    seen = {
        *Attempt.objects.filter(**layer).values_list("student_id", flat=True),
        *Encounter.objects.filter(**layer).values_list("student_id", flat=True),
    }
    Attempt.objects.bulk_create(
        Attempt(
            student_id=each.student_id,
            assignment_id=live.assignment_id,
            exercise_version_id=version_id,
            client_key=secrets.token_urlsafe(16),
            answered=each.answered,
            passage_id=passage_id,
            layer=shown.layer,
            is_practice=each.student_id in seen,
            judged_id=judged,
            is_aside=aside,
            **_outcome(each, shown, judged, aside),
        )
        for each in ballots
    )
    if ballots:
        retention.note_answer(classroom_id=live.assignment.classroom_id, now=now)


def _outcome(ballot: Ballot, shown: Played, judged: int | None, aside: bool) -> dict[str, Any]:
    return play_actions.outcome(
        played=shown,
        given=raw.unpack(ballot.answer, shown),
        passed=ballot.is_passed,
        late=ballot.is_late,
        judged=judged,
        aside=aside,
    )


def _note_silent(live: Round, position: int) -> None:
    """Openings for those who had a seat when the answering began and gave no answer."""
    if live.answering is None:
        return
    item = live.assignment.items.get(exercise_version_id=queries.version_at(live, position))
    silent = live.seats.filter(is_removed=False, taken__lte=live.answering).exclude(
        student__in=live.ballots.filter(position=position, vote=1).values("student")
    )
    Opening.objects.bulk_create(
        [Opening(student_id=each.student_id, item=item, opened=live.answering) for each in silent],
        ignore_conflicts=True,
    )
