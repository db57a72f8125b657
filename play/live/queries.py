"""Where a live round stands, for everybody in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Max, Q
from django.utils.crypto import salted_hmac

from classroom.models import Assignment, AssignmentItem, BoardMode, Classroom, Extension, Student
from exercises.memory import remembered
from play.live import steps
from play.models import Attempt, Ballot, Debate, Phase, Round, Seat, Standing

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


@remembered(1000)
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


def held(*, round_id: int) -> Round:
    """A round whose row is held until the transaction ends. Raises Round.DoesNotExist."""
    live = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    live.assignment = _assignment(live.assignment_id, live.version)
    return live


@remembered(1000)
def _assignment(pk: int, version: int) -> Assignment:
    """`version`: of the round, which a change of the assignment counts up."""
    return Assignment.objects.select_related("classroom").get(pk=pk)


@remembered(20_000)
def seat(round_id: int, student_id: int) -> int:
    """A student's place in a round; it stays. Raises Seat.DoesNotExist."""
    return Seat.objects.values_list("pk", flat=True).get(round=round_id, student=student_id)


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
    return _factors(live.assignment_id, live.version).get(student.pk, 1.0)


def seconds_left(live: Round, now: datetime, *, factor: float = 1.0) -> int | None:
    """What is left for the current item; a round that stands still loses none. None where there is no timer."""
    if live.phase != Phase.ANSWER or live.seconds is None or live.answering is None:
        return None
    end = live.answering + timedelta(seconds=live.seconds * factor)
    return max(0, ceil((end - (live.paused or now)).total_seconds()))


@dataclass(frozen=True)
class Fixed:
    """What never changes of a round."""

    pk: int
    classroom: int
    versions: tuple[int, ...]
    """The exercise versions of its items, in order."""


@remembered(1000)
def fixed(uid: str) -> Fixed:
    """Raises Round.DoesNotExist."""
    pk, assignment, classroom = Round.objects.values_list("pk", "assignment", "assignment__classroom").get(uid=uid)
    return Fixed(pk, classroom, versions_of(assignment))


def apart(live: Round) -> str:
    """Whom the round treats apart, who was taken out and whose time runs longer, as a word that tells nothing else.

    Whatever changes it makes a new version.
    """
    return _apart(live.pk, live.assignment_id, live.version)


@remembered(1000)
def _apart(pk: int, assignment: int, version: int) -> str:
    found = [sorted(_removed(pk, version)), sorted(_factors(assignment, version).items())]
    return salted_hmac("play.live.apart", str(found)).hexdigest()[:12]


def is_removed(live: Round, student: Student) -> bool:
    return student.pk in _removed(live.pk, live.version)


@remembered(1000)
def _removed(pk: int, version: int) -> frozenset[int]:
    """Students."""
    return frozenset(Seat.objects.filter(round=pk, is_removed=True).values_list("student", flat=True))


def has_own_time(live: Round, student: int) -> bool:
    """Whether the student's time is not everybody's; by the student's id."""
    return live.assignment.seconds_per_word is not None and student in _factors(live.assignment_id, live.version)


@remembered(1000)
def _factors(assignment: int, version: int) -> dict[int, float]:
    """By student. `version`: of the round, which a change of an extension counts up."""
    rows = Extension.objects.filter(assignment=assignment).exclude(time_factor=1)
    return dict(rows.values_list("student", "time_factor"))


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
    """Version, face and counts of rounds."""
    found: dict[int, News] = {}
    for live in Round.objects.filter(pk__in=pks):
        answered, taken = counts(live)
        found[live.pk] = {
            "version": live.version,
            "face": face(live),
            "answered": answered,
            "seats": taken,
            "apart": apart(live),
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
