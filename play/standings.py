"""The standings: each student's sums in an assignment, kept as answers arrive and as closings pass.

A row is always computed from what is stored, by one rule, whether an answer arrives, a closing passes, or all is
rebuilt. An item that was opened and left unanswered is one more decision without points once its student's time is
over; no answer is made up for it. An item never seen counts nowhere. Where keys wait for the closing, there are no
rows before it, so that no row tells.

The board's row is what writers of one assignment queue up at. `Board.settled` says up to when closings are in the
standings, `Board.due` which comes next.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from classroom.models import Assignment, Feedback
from classroom.prepared import Given, Reading, Writing, execute
from classroom.schedule import closings, schedule_of
from play.models import Attempt, Board, Encounter, Opening, Standing

Outcome = tuple[int, bool]
"""Points, and whether the decision was correct."""


@dataclass(frozen=True)
class Tally:
    points: int
    decisions: int
    correct: int
    streak: int
    longest_streak: int

    @classmethod
    def of(cls, outcomes: Iterable[Outcome], unanswered: int = 0) -> Tally:
        """The sums of decisions in the order of their answers, and of items that were left open at the closing."""
        points = decisions = correct = streak = longest = 0
        for earned, right in outcomes:
            points, decisions, correct = points + earned, decisions + 1, correct + right
            streak = streak + 1 if right else 0
            longest = max(longest, streak)
        return cls(points, decisions + unanswered, correct, 0 if unanswered else streak, longest)


def counting(assignment_id: int | Given) -> QuerySet[Attempt]:
    """The attempts that count, in the order of their answers. Who has moved to another class is on its boards alone."""
    return Attempt.objects.filter(
        assignment_id=assignment_id,
        number=1,
        is_practice=False,
        is_passed=False,
        is_aside=False,
        student__classroom=F("assignment__classroom"),
    ).order_by("answered", "pk")


def advance(assignment: Assignment, *, now: datetime | None = None) -> None:
    """One version more. Called before standings are written: the board's row makes the writers queue up."""
    if not _one_more(assignment.pk):
        watch(assignment=assignment, now=now)
        _one_more(assignment.pk)


def _one_more(assignment_id: int) -> bool:
    done = execute("UPDATE play_board SET version = version + 1 WHERE assignment_id = %s", [assignment_id])
    return bool(done.rowcount)


def watch(*, assignment: Assignment, now: datetime | None) -> None:
    """Make the board, which knows when the first closing is due."""
    due = next(iter(closings(assignment)), None)
    Board.objects.get_or_create(assignment=assignment, defaults={"begun": now, "due": due})


def enter(*, assignment: Assignment, student_id: int, now: datetime) -> None:
    """Put the sums of a student who has just answered into the standings."""
    if assignment.feedback == Feedback.CLOSING:
        return
    advance(assignment, now=now)
    outcomes = _outcomes_of(assignment=assignment.pk, student=student_id)
    left = 0
    if assignment.closes is not None:
        settled = Board.objects.values_list("settled", flat=True).get(assignment=assignment)
        left = unanswered(assignment, settled, student_id=student_id)[student_id]
    tally = vars(Tally.of(outcomes, left))
    _put_standing.put({"assignment_id": assignment.pk, "student_id": student_id, **tally})


_outcomes_of = Reading(
    lambda: counting(Given("assignment")).filter(student_id=Given("student")).values_list("points", "correct")
)
_put_standing = Writing(Standing, over=("assignment", "student"))


@transaction.atomic
def rebuild(*, assignment: Assignment) -> int:
    """Compute the standings anew from what is stored, as of the last closing in them; how many rows there are."""
    advance(assignment)
    settled = Board.objects.values_list("settled", flat=True).get(assignment=assignment)
    Standing.objects.filter(assignment=assignment).delete()
    if assignment.feedback == Feedback.CLOSING and not (settled and schedule_of(assignment).has_ended(settled)):
        following = next((each for each in closings(assignment) if settled is None or each > settled), None)
        Board.objects.filter(assignment=assignment).update(due=following)
        return 0
    outcomes: dict[int, list[Outcome]] = defaultdict(list)
    for student, points, correct in counting(assignment.pk).values_list("student_id", "points", "correct"):
        outcomes[student].append((points, correct))
    left = unanswered(assignment, settled)
    students = sorted({*outcomes, *left})
    _put_standing.many(
        {"assignment_id": assignment.pk, "student_id": student, **vars(Tally.of(outcomes[student], left[student]))}
        for student in students
    )
    return len(students)


def is_due(*, assignment_id: int, now: datetime) -> bool:
    return Board.objects.filter(assignment_id=assignment_id, due__lte=now).exists()


@transaction.atomic
def settle(*, assignment: Assignment, now: datetime) -> bool:
    """Take closings that have passed into the standings; whether there were any. One read where there were none.

    Idempotent: who comes second finds nothing due.
    """
    if not is_due(assignment_id=assignment.pk, now=now):
        return False
    following = next((each for each in closings(assignment) if each > now), None)
    claimed = Board.objects.filter(assignment=assignment, due__lte=now).update(settled=now, due=following)
    if claimed:
        rebuild(assignment=assignment)
    return bool(claimed)


@transaction.atomic
def reckon(*, assignment: Assignment, now: datetime) -> None:
    """Compute the standings anew after its times have changed; closings may be taken back."""
    assignment = Assignment.objects.get(pk=assignment.pk)
    following = next((each for each in closings(assignment) if each > now), None)
    Board.objects.update_or_create(assignment=assignment, defaults={"settled": now, "due": following})
    rebuild(assignment=assignment)


def unanswered(assignment: Assignment, settled: datetime | None, student_id: int | None = None) -> Counter[int]:
    """How many items each student opened and left unanswered, of those whose time was over at `settled`.

    Not among them: what had been revealed to the student before, sensitive passages, which may be left out, and what a
    ruling has put aside.
    """
    if settled is None or assignment.closes is None or assignment.closes > settled:
        return Counter()
    extended = [each.student_id for each in assignment.extensions.all() if each.closes and each.closes > settled]
    mine = Attempt.objects.filter(student_id=OuterRef("student_id"))
    layer = {
        "passage": OuterRef("item__exercise_version__exercise__passage"),
        "layer": OuterRef("item__exercise_version__exercise__layer"),
    }
    answered = Exists(mine.filter(assignment=assignment, exercise_version=OuterRef("item__exercise_version")))
    revealed = Exists(mine.filter(answered__lt=OuterRef("opened"), **layer)) | Exists(
        Encounter.objects.filter(student_id=OuterRef("student_id"), met__lt=OuterRef("opened"), **layer)
    )
    openings = (
        Opening.objects.filter(Q(item__assignment=assignment, item__is_aside=False) & ~answered & ~revealed)
        .exclude(student_id__in=extended)
        .exclude(item__exercise_version__passage_version__content__sensitive=True)
    )
    if student_id is not None:
        openings = openings.filter(student_id=student_id)
    return Counter(openings.values_list("student_id", flat=True))
