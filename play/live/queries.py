"""Where a live round stands, for everybody in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil

from django.db.models import Count, Max, Q

from classroom.models import Assignment, AssignmentItem, BoardMode, Classroom, Extension, Student
from play.live import steps
from play.models import Attempt, Ballot, Debate, Phase, Round, Standing

PODIUMS = (BoardMode.ALL, BoardMode.TOP, BoardMode.TEAMS)
"""Modes of the leaderboard that show first places."""


@dataclass(frozen=True)
class RoundRow:
    pk: int
    uid: str
    title: str
    phase: str
    seats: int


@dataclass(frozen=True)
class SeatRow:
    uid: str
    """Of the student."""
    nickname: str
    is_removed: bool


@dataclass(frozen=True)
class OwnPlace:
    """A student's standing, for that student alone."""

    rank: int | None
    """None where the leaderboard tells no individual places."""
    points: int
    total: int


def running(*, classroom: Classroom) -> list[RoundRow]:
    """The rounds of a class that have not ended, the latest first."""
    rows = (
        Round.objects.filter(assignment__classroom=classroom)
        .exclude(phase=Phase.ENDED)
        .annotate(taken=Count("seats", filter=Q(seats__is_removed=False)))
        .select_related("assignment")
    )
    return [RoundRow(row.pk, row.uid, row.assignment.title, row.phase, row.taken) for row in rows]


def running_of(*, assignment: Assignment) -> Round | None:
    """The round that an assignment is just played in."""
    return Round.objects.filter(assignment=assignment).exclude(phase=Phase.ENDED).first()


@lru_cache(maxsize=1000)
def versions_of(assignment_id: int) -> tuple[int, ...]:
    """The exercise versions of an assignment in the order of its set: fixed when it was given."""
    items = AssignmentItem.objects.filter(assignment=assignment_id)
    return tuple(items.values_list("exercise_version_id", flat=True))


def version_at(live: Round, position: int) -> int:
    """The exercise version at a position. Raises IndexError."""
    return versions_of(live.assignment_id)[position - 1]


def judged_at(live: Round, position: int) -> int:
    """The version whose key judges the item at a position: after a ruling another one than is played."""
    item = AssignmentItem.objects.filter(assignment=live.assignment_id, judged__isnull=False)
    found = item.filter(exercise_version=version_at(live, position)).values_list("judged_id", flat=True).first()
    return found or version_at(live, position)


def place_of(live: Round) -> steps.Place:
    mode = live.assignment.board_mode
    return steps.Place(
        phase=live.phase,
        position=live.position,
        opened=live.opened,
        revealed=live.revealed,
        vote=live.vote,
        key_shown=live.key_shown,
        total=len(versions_of(live.assignment_id)),
        has_board=mode != BoardMode.OFF,
        has_podium=mode in PODIUMS,
    )


def seats(*, live: Round) -> list[SeatRow]:
    """Everybody in the round, in the order in which they came."""
    rows = live.seats.order_by("taken", "pk").values_list("student__uid", "student__nickname", "is_removed")
    return [SeatRow(*row) for row in rows]


def counts(live: Round) -> tuple[int, int]:
    """How many have answered the current item in the current vote, and how many there are."""
    taken = live.seats.filter(is_removed=False)
    ballots = live.ballots.filter(position=live.position, vote=live.vote, student__in=taken.values("student"))
    return ballots.count(), taken.count()


def ballot_of(*, live: Round, student: Student, vote: int) -> Ballot | None:
    """The student's answer to the current item."""
    return live.ballots.filter(student=student, position=live.position, vote=vote).first()


def attempt_of(*, live: Round, student: Student) -> Attempt | None:
    """What the student's answer to the current item came to."""
    return Attempt.objects.filter(
        student=student,
        assignment_id=live.assignment_id,
        exercise_version_id=version_at(live, live.position),
        number=1,
    ).first()


def own_place(*, live: Round, student: Student) -> OwnPlace | None:
    """Where the student stands. None before there are points, and where there is no leaderboard."""
    mode = live.assignment.board_mode
    standing = Standing.objects.filter(assignment_id=live.assignment_id, student=student).first()
    if standing is None or mode == BoardMode.OFF:
        return None
    if mode == BoardMode.TEAMS:
        return OwnPlace(None, standing.points, 0)
    of_round = Standing.objects.filter(assignment_id=live.assignment_id)
    found = of_round.aggregate(better=Count("pk", filter=Q(points__gt=standing.points)), total=Count("pk"))
    return OwnPlace(found["better"] + 1, standing.points, found["total"])


def time_factor(live: Round, student: Student) -> float:
    """How much longer the student's time runs."""
    extension = Extension.objects.filter(assignment_id=live.assignment_id, student=student).first()
    return extension.time_factor if extension else 1.0


def seconds_left(live: Round, now: datetime, *, factor: float = 1.0) -> int | None:
    """What is left for the current item; a round that stands still loses none. None where there is no timer."""
    if live.phase != Phase.ANSWER or live.seconds is None or live.answering is None:
        return None
    end = live.answering + timedelta(seconds=live.seconds * factor)
    return max(0, ceil((end - (live.paused or now)).total_seconds()))


News = dict[str, int | str]
"""What a stream tells of its subject; `version` is always in it."""


def face(live: Round) -> str:
    """What students see, in short: where it stays the same, nothing has changed for them."""
    if live.phase in (Phase.LOBBY, Phase.PODIUM, Phase.ENDED):
        return str(live.phase)
    status = "paused" if live.paused else f"{live.answering}+{live.seconds}" if live.seconds else ""
    if live.position <= live.revealed:
        seen = "key"
    else:
        seen = live.phase if live.phase in (Phase.READ, Phase.ANSWER) else "wait"
    return f"{seen}.{live.position}.{live.vote}|{status}"


def news_of_rounds(pks: Collection[int], now: datetime) -> dict[int, News]:
    """Version, face and counts of rounds; `out` is how many were taken out."""
    found: dict[int, News] = {}
    for live in Round.objects.filter(pk__in=pks):
        answered, taken = counts(live)
        out = live.seats.filter(is_removed=True).count()
        found[live.pk] = {
            "version": live.version,
            "face": face(live),
            "answered": answered,
            "seats": taken,
            "out": out,
        }
    return found


def news_of_lobbies(pks: Collection[int], now: datetime) -> dict[int, News]:
    """The latest running round of classes, 0 where there is none; and the debate, where the class has one."""
    rows = Round.objects.filter(assignment__classroom__in=pks).exclude(phase=Phase.ENDED).order_by()
    latest = dict(rows.values_list("assignment__classroom").annotate(Max("pk")))
    debates = dict(Debate.objects.filter(classroom__in=pks, closed=None).order_by().values_list("classroom", "pk"))
    return {pk: {"version": f"{latest.get(pk, 0)}.{debates[pk]}" if pk in debates else latest.get(pk, 0)} for pk in pks}


def news_of_debates(pks: Collection[int], now: datetime) -> dict[int, News]:
    rows = Debate.objects.filter(pk__in=pks).values_list("pk", "version")
    return {pk: {"version": version} for pk, version in rows}
