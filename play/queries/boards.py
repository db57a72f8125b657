"""Leaderboards: of an assignment, of a week, of all time. Only the rows that the mode shows leave this module.

An assignment's board ranks by points. A late joiner, somebody who came in well after the first answers, has no rank
before having seen most of the items. A board of the class sums up the assignments that show individual rows, in the
strictest of their modes; assignments without a leaderboard, and those of teams, are in none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from classroom.models import Assignment, BoardMode, Classroom, Student
from classroom.prepared import Given, Reading
from play.models import Attempt, Board, Standing
from play.queries.honours import Found, honours
from play.standings import Outcome, Tally
from scoring.ranking import competition_ranks

TOP = 5
"""Rows of a leaderboard beside one's own."""
EITHER_SIDE = 2
"""Rows above and below one's own in the relative mode."""
LATE = timedelta(minutes=15)
"""Who joins so long after the first answer is a late joiner."""
SEEN = 0.8
"""Share of the items that a late joiner has to have seen to be ranked."""
PODIUM = 3
INDIVIDUAL = (BoardMode.ALL, BoardMode.TOP, BoardMode.RELATIVE)
"""Modes that show individual rows, the strictest last."""
SPANS = ("week", "all")
RECENT = timedelta(days=21)
"""Full weeks before this one that are compared with all that was before, on the board of all time."""


@dataclass(frozen=True)
class BoardRow:
    """A student, or a team. No rank: not ranked yet, or told without one."""

    rank: int | None
    nickname: str
    points: int
    decisions: int
    is_me: bool
    correct: int = 0
    streak: int | None = None
    is_tied: bool = False
    """Whether somebody else has the same rank, on the board or not."""


@dataclass(frozen=True)
class Honour:
    kind: str
    """improved or calibrated."""
    nickname: str
    is_me: bool


@dataclass(frozen=True)
class Leaderboard:
    """The rows that are shown, and one's own where it is not among them."""

    version: int
    rows: tuple[BoardRow, ...]
    own: BoardRow | None
    total: int
    mode: str = BoardMode.TOP
    honours: tuple[Honour, ...] = ()
    waits: bool = False
    """Points come only after the closing."""
    more_tied: int = 0
    """How many share the place of the last row, and are not shown: the best five end somewhere."""

    @property
    def podium(self) -> tuple[BoardRow, ...]:
        """The first three places, where the mode shows them; nobody who has not begun stands there."""
        if self.mode not in (BoardMode.ALL, BoardMode.TOP, BoardMode.TEAMS):
            return ()
        return tuple(row for row in self.rows if row.decisions and row.rank is not None and row.rank <= PODIUM)

    @property
    def is_podium_cut(self) -> bool:
        """Whether somebody on the last place of the podium is not shown."""
        return bool(self.more_tied) and len(self.podium) == len(self.rows)


@dataclass(frozen=True)
class _Sums:
    """A student's sums before anybody is shown anything."""

    student_id: int
    nickname: str
    points: int
    decisions: int
    correct: int
    streak: int | None
    joined: datetime | None = None
    rank: int | None = field(default=None, compare=False)
    is_tied: bool = field(default=False, compare=False)

    def row(self, me: int | None) -> BoardRow:
        is_me = self.student_id == me
        sums = (self.points, self.decisions, is_me, self.correct, self.streak)
        return BoardRow(self.rank, self.nickname, *sums, self.is_tied)


Row = TypeVar("Row", BoardRow, _Sums)


def board_version(*, assignment_id: int) -> int:
    return Board.objects.filter(assignment_id=assignment_id).values_list("version", flat=True).first() or 0


def is_unchanged(*, assignment_id: int, version: int, now: datetime) -> bool:
    """Whether a board still has this version, and no closing has passed that is not in it. One read."""
    found = _versions(assignment=assignment_id)
    if not found:
        return version == 0
    at, due = found[0]
    return at == version and (due is None or due > now)


_versions = Reading(lambda: Board.objects.filter(assignment_id=Given("assignment")).values_list("version", "due"))


def leaderboard(
    *, assignment: Assignment, student: Student | None = None, top: int = TOP, waits: bool = False
) -> Leaderboard:
    """The standings of an assignment as its mode shows them to the student, or on the projector."""
    version = board_version(assignment_id=assignment.pk)
    if assignment.board_mode == BoardMode.OFF:
        return Leaderboard(version, (), None, 0, BoardMode.OFF)
    if waits:
        return Leaderboard(version, (), None, 0, assignment.board_mode, waits=True)
    sums = _sums_of(assignment)
    if assignment.board_mode == BoardMode.TEAMS:
        return _of_teams(assignment, sums, student, version)
    late = _late_of(assignment, sums)
    board = _shown(sums, late, assignment.board_mode, student, version, top)
    before = Q(answered__lt=assignment.created) & ~Q(assignment=assignment)
    found = honours(
        key=f"assignment:{assignment.pk}",
        this=_counting(assignment.classroom_id).filter(assignment=assignment),
        before=_counting(assignment.classroom_id).filter(before),
    )
    return replace(board, honours=_granted(found, sums, assignment.board_mode, student))


def class_version(*, classroom_id: int, now: datetime) -> int:
    """Grows with every change of any board of the class, and with every closing that is not in one yet."""
    boards = Board.objects.filter(assignment__classroom_id=classroom_id)
    found = boards.aggregate(sum=Sum("version"), due=Count("pk", filter=Q(due__lte=now)))
    return int(found["sum"] or 0) + int(found["due"])


def due(*, classroom: Classroom, now: datetime) -> list[Assignment]:
    """Assignments of which a closing has passed that is not in the standings yet."""
    return list(classroom.assignments.filter(board__due__lte=now))


def class_board(
    *, classroom: Classroom, span: str, now: datetime, student: Student | None = None, top: int = TOP
) -> Leaderboard:
    """The board of the week (from Monday on, by the class's clock) or of all time."""
    version = class_version(classroom_id=classroom.pk, now=now)
    shown = classroom.assignments.filter(board_mode__in=INDIVIDUAL).exclude(keys_wait_until__gt=now)
    modes = set(shown.order_by().values_list("board_mode", flat=True).distinct())
    mode = max(modes, key=INDIVIDUAL.index, default=BoardMode.TOP)
    monday = _monday(classroom, now)
    attempts = _counting(classroom.pk).filter(answered__lte=now).exclude(assignment__keys_wait_until__gt=now)
    if span == "week":
        sums = _sums_of_attempts(attempts.filter(answered__gte=monday))
    else:
        sums = _sums_of_standings(Standing.objects.filter(assignment__in=shown))
    board = _shown(_sorted(sums), frozenset(), mode, student, version, top)
    since = monday if span == "week" else monday - RECENT
    before = attempts.filter(answered__lt=since)
    if span == "week":
        before = before.filter(answered__gte=monday - timedelta(days=7))
    found = honours(key=f"{span}:{classroom.pk}", this=attempts.filter(answered__gte=since), before=before)
    return replace(board, honours=_granted(found, sums, mode, student))


def _sums_of_attempts(attempts: QuerySet[Attempt]) -> list[_Sums]:
    """The streak is the longest one in any assignment, as on the board of all time."""
    outcomes: dict[tuple[int, str], dict[int, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    columns = ("student_id", "student__nickname", "assignment_id", "points", "correct")
    for student, nickname, assignment, points, correct in attempts.order_by("answered", "pk").values_list(*columns):
        outcomes[student, nickname][assignment].append((points, correct))
    tallies = {who: [Tally.of(each) for each in decided.values()] for who, decided in outcomes.items()}
    return [
        _Sums(
            student,
            nickname,
            sum(each.points for each in own),
            sum(each.decisions for each in own),
            sum(each.correct for each in own),
            max(each.longest_streak for each in own),
        )
        for (student, nickname), own in tallies.items()
    ]


def _sums_of_standings(standings: QuerySet[Standing]) -> list[_Sums]:
    """The streak is the longest one in any assignment."""
    rows = standings.values("student_id", "student__nickname").annotate(
        sum=Sum("points"), decided=Sum("decisions"), right=Sum("correct"), longest=Max("longest_streak")
    )
    return [
        _Sums(row["student_id"], row["student__nickname"], row["sum"], row["decided"], row["right"], row["longest"])
        for row in rows
    ]


def _monday(classroom: Classroom, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(classroom.time_zone))
    return (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _counting(classroom_id: int) -> QuerySet[Attempt]:
    """The attempts behind the rows of boards that show individuals: of assignments whose points are told.

    Who has moved to another class is on its boards alone.
    """
    told = Standing.objects.filter(assignment=OuterRef("assignment"))
    return Attempt.objects.filter(
        Exists(told),
        assignment__classroom_id=classroom_id,
        assignment__board_mode__in=INDIVIDUAL,
        number=1,
        is_practice=False,
        is_passed=False,
        is_aside=False,
        student__classroom=classroom_id,
    )


def _sums_of(assignment: Assignment) -> list[_Sums]:
    rows = Standing.objects.filter(assignment=assignment).values_list(
        "student_id", "student__nickname", "points", "decisions", "correct", "streak", "student__joined"
    )
    return _sorted([_Sums(*row) for row in rows])


def _sorted(sums: Iterable[_Sums]) -> list[_Sums]:
    return sorted(sums, key=lambda each: (-each.points, each.nickname))


def _late_of(assignment: Assignment, sums: Sequence[_Sums]) -> frozenset[int]:
    """Late joiners who have not seen enough of the items yet."""
    begun = Board.objects.filter(assignment=assignment).values_list("begun", flat=True).first()
    if begun is None:
        return frozenset()
    late = [each.student_id for each in sums if each.joined and each.joined > begun + LATE]
    if not late:
        return frozenset()
    seen = dict(
        Attempt.objects.filter(assignment=assignment, number=1, student_id__in=late)
        .values_list("student_id")
        .annotate(Count("pk"))
    )
    needed = SEEN * assignment.items.count()
    return frozenset(student for student in late if seen.get(student, 0) < needed)


def _ranked(rows: Sequence[Row]) -> list[Row]:
    """The same, best first, with their ranks."""
    ranks = competition_ranks([row.points for row in rows])
    shared = Counter(ranks)
    return [replace(row, rank=rank, is_tied=shared[rank] > 1) for row, rank in zip(rows, ranks, strict=True)]


def _shown(
    sums: Sequence[_Sums], unranked: frozenset[int], mode: str, student: Student | None, version: int, top: int
) -> Leaderboard:
    """Ranks, and of them the rows that the mode shows."""
    running = [each for each in sums if each.student_id not in unranked]
    ranked = _ranked(running)
    me = student.pk if student else None
    at = next((index for index, each in enumerate(ranked) if each.student_id == me), None)
    if mode == BoardMode.ALL:
        chosen = ranked
    elif mode == BoardMode.RELATIVE:
        chosen = [] if at is None else ranked[max(0, at - EITHER_SIDE) : at + EITHER_SIDE + 1]
    else:
        chosen = ranked[:top]
    own = None
    if me is not None and not any(each.student_id == me for each in chosen):
        mine = ranked[at] if at is not None else next((each for each in sums if each.student_id == me), None)
        own = mine.row(me) if mine else None
    rows = tuple(each.row(me) for each in chosen)
    cut = ranked[len(chosen) :] if mode == BoardMode.TOP else []
    more_tied = sum(each.rank == rows[-1].rank and each.student_id != me for each in cut)
    return Leaderboard(version, rows, own, len(sums), mode, more_tied=more_tied)


def _of_teams(assignment: Assignment, sums: Sequence[_Sums], student: Student | None, version: int) -> Leaderboard:
    """Teams by the mean of their members who have begun, so that a large team has no advantage; one's own sum."""
    by_student = {each.student_id: each for each in sums}
    teams = []
    for team in assignment.teams.prefetch_related("students"):
        members = {member.pk for member in team.students.all()}
        begun = [by_student[pk] for pk in members if pk in by_student]
        mean = round(sum(each.points for each in begun) / len(begun)) if begun else 0
        decisions, correct = sum(each.decisions for each in begun), sum(each.correct for each in begun)
        mine = student is not None and student.pk in members
        teams.append(BoardRow(None, team.name, mean, decisions, mine, correct))
    teams.sort(key=lambda row: (-row.points, row.nickname))
    rows = tuple(_ranked(teams))
    own = by_student.get(student.pk) if student else None
    shown = rows if sums else ()
    return Leaderboard(version, shown, own.row(own.student_id) if own else None, len(sums), BoardMode.TEAMS)


def _granted(found: Found, sums: Sequence[_Sums], mode: str, student: Student | None) -> tuple[Honour, ...]:
    """Honours name somebody: where the mode hides others, one learns of one's own alone."""
    names = {each.student_id: each.nickname for each in sums}
    me = student.pk if student else None
    return tuple(
        Honour(kind, names[pk], pk == me)
        for kind, pk in found
        if pk in names and (pk == me or mode in (BoardMode.ALL, BoardMode.TOP))
    )
