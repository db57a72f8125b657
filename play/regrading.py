"""Answers follow a ruling: all of a class's answers to a layer of a passage are rescored, and the standings with them.

What takes long, scoring, is done before and without a lock. What is written is written in one transaction: the items,
the answers, the standings, the challenges, and that the ruling is in force. So nobody ever meets a mixture, and a crash
leaves the former; whoever looks at the ruling next begins anew.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from classroom.models import Assignment, AssignmentItem, Ruling
from classroom.overlays import Judged, Overlays
from classroom.prepared import Changing
from exercises.versions import played
from play import rescoring, standings
from play.live.threads import apart
from play.models import Attempt, Challenge, Regrade

AT_ONCE = 300
"""Answers up to which a ruling is worked on while its teacher waits."""
BATCH = 500
"""Answers between two notes of how far it is."""
DEAD = timedelta(seconds=30)
"""Without a sign of life for so long, the work has broken off."""
TRIES = 3
"""A database that was locked too long, or that broke a deadlock, is asked again."""

CHANGED = (
    *("score", "points", "correct", "signal", "flagged", "place", "label", "target", "chosen"),
    *("judged_id", "is_aside"),
)
"""Columns of an answer that a ruling changes."""
READ = ("pk", "student_id", "assignment_id", "exercise_version_id", "answer", "is_late", "is_passed", *CHANGED)
Row = dict[str, Any]
"""An answer as its columns in READ: ten thousand instances of a model would take longer than all the rest."""

logger = logging.getLogger(__name__)


@dataclass
class Changes:
    """What came of it."""

    answers: int = 0
    points: int = 0
    students: set[int] = field(default_factory=set)
    assignments: set[int] = field(default_factory=set)


@dataclass
class Memo:
    """Columns of answers by the key that judges them: equal answers are scored once."""

    known: dict[tuple[int, str, bool, bool], dict[str, Any]] = field(default_factory=dict)

    def columns(self, attempt: Row, judged: Judged) -> dict[str, Any]:
        version, late = judged.version_id or attempt["exercise_version_id"], attempt["is_late"]
        address = (version, json.dumps(attempt["answer"], sort_keys=True), late, judged.is_aside)
        if address not in self.known:
            self.known[address] = rescoring.of_answer(
                attempt["answer"], played(version), late=late, aside=judged.is_aside
            )
        return self.known[address]


def items_of(ruling: Ruling) -> Iterator[AssignmentItem]:
    """The items that a ruling is about, of the classes that it is for."""
    return items_about(passage_id=ruling.passage_id, layer=ruling.layer, teacher_id=ruling.teacher_id)


def items_about(*, passage_id: int, layer: str, teacher_id: int | None) -> Iterator[AssignmentItem]:
    rows = AssignmentItem.objects.filter(
        exercise_version__exercise__passage=passage_id, exercise_version__exercise__layer=layer
    )
    if teacher_id is not None:
        rows = rows.filter(assignment__classroom__teacher=teacher_id)
    related = ("exercise_version__exercise", "exercise_version__passage_version", "assignment__classroom")
    yield from rows.select_related(*related).order_by("pk")


def begin(*, ruling: Ruling, who: str, now: datetime, is_undo: bool = False) -> Regrade:
    """Note that the answers to a ruling are to be rescored. Call `start` once that is stored."""
    total = _attempts(list(items_of(ruling))).count()
    return Regrade.objects.create(ruling=ruling, is_undo=is_undo, who=who, begun=now, beat=now, total=total)


def start(*, regrade: Regrade) -> None:
    """Do it: at once where there are few answers, else in a thread of its own."""
    if regrade.total <= AT_ONCE:
        run(pk=regrade.pk)
    else:
        threading.Thread(target=apart, args=[lambda: _run_apart(regrade.pk)], name="regrade", daemon=True).start()


def take_up(*, regrade: Regrade, now: datetime) -> None:
    """Begin anew what has broken off; nothing where somebody is at work."""
    if regrade.finished is not None or now - regrade.beat <= DEAD:
        return
    if Regrade.objects.filter(pk=regrade.pk, finished=None, beat=regrade.beat).update(beat=now, done=0):
        start(regrade=regrade)


def take_up_all(*, now: datetime) -> None:
    """Whatever has broken off, wherever nobody looks."""
    for each in Regrade.objects.filter(finished=None):
        take_up(regrade=each, now=now)


def _run_apart(pk: int) -> None:
    try:
        run(pk=pk)
    except Exception:
        logger.exception("Answers could not be rescored; the next look at the ruling begins anew")


def run(*, pk: int, between: Callable[[], None] = lambda: None) -> None:
    """Rescore the answers of one regrade. `between` is called when all is computed and nothing is written."""
    regrade = Regrade.objects.select_related("ruling__version", "ruling__shipped").get(pk=pk)
    memo = Memo()
    _compute(regrade, memo)
    between()
    for attempt in range(1, TRIES + 1):
        try:
            _write(pk, memo)
        except OperationalError:
            if attempt == TRIES:
                raise
        else:
            return


def _compute(regrade: Regrade, memo: Memo) -> None:
    """Score all answers as they will be judged, outside of any transaction."""
    ruling = regrade.ruling
    changes: dict[str, Any] = {"but_not": ruling.pk} if regrade.is_undo else {"also": ruling}
    items = list(items_of(ruling))
    with transaction.atomic():
        judged = _judged(items, **changes)
    done = 0
    for batch in _batches(items):
        for attempt in batch:
            memo.columns(attempt, judged[attempt["assignment_id"], attempt["exercise_version_id"]])
        done += len(batch)
        Regrade.objects.filter(pk=regrade.pk).update(done=done, beat=timezone.now())


def _batches(items: Iterable[AssignmentItem]) -> Iterator[list[Row]]:
    """The answers to items, read batch by batch: SQLite refuses to write beside a reading that others have outdated."""
    rows, last = _attempts(items), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]["pk"]


@transaction.atomic
def _write(pk: int, memo: Memo) -> None:
    """Everything at once. Answers that came in meanwhile are among them: they are read here."""
    regrade = Regrade.objects.select_for_update(no_key=True).get(pk=pk)
    if regrade.finished is not None:
        return
    ruling, now = Ruling.objects.select_related("version", "shipped").get(pk=regrade.ruling_id), timezone.now()
    if regrade.is_undo:
        ruling.undone = now
    else:
        ruling.applied = now
        _answer_challenges(ruling)
    ruling.save(update_fields=["applied", "undone"])
    changes = follow(items=items_of(ruling), memo=memo)
    Regrade.objects.filter(pk=pk).update(
        finished=now,
        done=regrade.total,
        changed=changes.answers,
        points=changes.points,
        students=len(changes.students),
    )


@transaction.atomic
def follow(*, items: Iterable[AssignmentItem], memo: Memo | None = None) -> Changes:
    """Make items and their answers what the rulings in force say, and the standings with them.

    In the order in which all writers take locks: items, answers, boards.
    """
    memo, items, changes = memo or Memo(), list(items), Changes()
    judged = _judged(items)
    for item in items:
        new = judged[item.assignment_id, item.exercise_version_id]
        if (item.judged_id, item.is_aside) != (new.version_id, new.is_aside):
            AssignmentItem.objects.filter(pk=item.pk).update(judged=new.version_id, is_aside=new.is_aside)
            changes.assignments.add(item.assignment_id)
    written: dict[int, list[Any]] = {}
    for attempt in _attempts(items, also_passed=True).iterator(BATCH):
        new = judged[attempt["assignment_id"], attempt["exercise_version_id"]]
        columns = {name: attempt[name] for name in CHANGED}
        was = (columns["points"], columns["correct"], columns["is_aside"])
        if not attempt["is_passed"]:
            columns |= memo.columns(attempt, new)
        columns |= {"judged_id": new.version_id, "is_aside": new.is_aside}
        if all(attempt[name] == columns[name] for name in CHANGED):
            continue
        written[attempt["pk"]] = [columns[name] for name in CHANGED]
        changes.assignments.add(attempt["assignment_id"])
        if was != (columns["points"], columns["correct"], columns["is_aside"]):
            changes.answers += 1
            changes.points += abs(columns["points"] - was[0])
            changes.students.add(attempt["student_id"])
    _change(written)
    for assignment in Assignment.objects.filter(pk__in=changes.assignments).order_by("pk"):
        standings.rebuild(assignment=assignment)
    return changes


_change = Changing(Attempt, CHANGED)


def follow_all() -> int:
    """The same for everything that any ruling is or was about; how many answers have changed."""
    about = Ruling.objects.filter(version__isnull=False).values_list("passage_id", "layer").distinct().order_by()
    return sum(
        follow(items=items_about(passage_id=passage, layer=layer, teacher_id=None)).answers for passage, layer in about
    )


def follow_moved(*, assignments: Iterable[int]) -> None:
    """Answers that came into other assignments are judged as it is done there."""
    related = ("exercise_version__exercise", "exercise_version__passage_version", "assignment__classroom")
    items = AssignmentItem.objects.filter(assignment__in=list(assignments)).select_related(*related)
    about = Ruling.objects.filter(version__isnull=False).values("passage")
    follow(items=items.filter(exercise_version__exercise__passage__in=about).order_by("pk"))


def _judged(items: Iterable[AssignmentItem], **changes: Any) -> dict[tuple[int, int], Judged]:
    """How each item is judged, by assignment and version. `changes` as `Overlays.of` has them."""
    found: dict[int, Overlays] = {}
    judged = {}
    for item in items:
        teacher = item.assignment.classroom.teacher_id
        if teacher not in found:
            found[teacher] = Overlays.of(teacher, **changes)
        judged[item.assignment_id, item.exercise_version_id] = found[teacher].judge(item.exercise_version)
    return judged


def _attempts(items: Iterable[AssignmentItem], *, also_passed: bool = False) -> Any:
    """The answers to items. What was left out has nothing to score, but is put aside with the rest."""
    by_version: dict[int, list[int]] = defaultdict(list)
    for item in items:
        by_version[item.exercise_version_id].append(item.assignment_id)
    if not by_version:
        return Attempt.objects.none()
    where = Q()
    for version, assignments in by_version.items():
        where |= Q(exercise_version=version, assignment__in=assignments)
    rows = Attempt.objects.filter(where).order_by("pk").values(*READ)
    return rows if also_passed else rows.filter(is_passed=False)


def _answer_challenges(ruling: Ruling) -> None:
    """The open challenges of a mark are answered; where a whole layer is discussed, all of the layer."""
    if ruling.adopted_id is not None or ruling.teacher_id is None:
        return
    found = Challenge.objects.filter(
        ruling=None, passage=ruling.passage_id, layer=ruling.layer, student__classroom__teacher=ruling.teacher_id
    )
    if ruling.decided != "discuss":
        found = found.filter(mark=ruling.mark)
    found.update(ruling=ruling)
