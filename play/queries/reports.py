"""What is told about a student's answers, in words that the number of answers can bear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from classroom.models import Assignment, Feedback, Student
from exercises import catalogue
from play.models import Attempt, Standing
from play.rescoring import judged_by
from scoring.statistics import calibration
from scoring.statistics.thresholds import STUDENT_BRIER, STUDENT_LABEL, Shown


@dataclass(frozen=True)
class Report:
    """First answers of a student in an assignment, in the words of signal detection."""

    points: int
    decisions: int
    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int
    named_right: int
    named: int
    late: int = 0
    unanswered: int = 0
    """Opened, and left open at the closing: these count as wrong."""
    practised: int = 0
    """Answered after their key had been revealed elsewhere: these count nowhere."""

    @property
    def best(self) -> int:
        """The most points that could be had."""
        return 100 * (self.decisions + self.unanswered)


@dataclass(frozen=True)
class LabelRow:
    """How a student does with a label, over all that has been told."""

    name: str
    passages: int
    right: int


@dataclass(frozen=True)
class Confidence:
    """Confidence against accuracy, in whole per cent."""

    decisions: int
    said: int
    right: int
    verdict: str
    """over, under or fits."""
    shown: Shown


def report(*, student: Student, assignment: Assignment, closed: bool = False) -> Report:
    answered = Attempt.objects.filter(student=student, assignment=assignment, number=1, is_passed=False, is_aside=False)
    attempts = list(answered)
    found = [each for each in attempts if not each.is_practice]
    standing = Standing.objects.filter(student=student, assignment=assignment).first() if closed else None
    unanswered = max(0, standing.decisions - len(found)) if standing else 0
    return summed(found, unanswered=unanswered, practised=len(attempts) - len(found))


def summed(attempts: Sequence[Attempt], *, unanswered: int = 0, practised: int = 0) -> Report:
    """A report over attempts, stored or not."""
    trials = [attempt for attempt in attempts if attempt.signal is not None and not attempt.is_late]
    named = [attempt for attempt in attempts if attempt.label and not attempt.is_late]
    return Report(
        points=sum(attempt.points for attempt in attempts),
        decisions=len(attempts),
        hits=sum(bool(trial.signal and trial.flagged) for trial in trials),
        misses=sum(bool(trial.signal and not trial.flagged) for trial in trials),
        false_alarms=sum(bool(trial.flagged and not trial.signal) for trial in trials),
        correct_rejections=sum(not trial.flagged and not trial.signal for trial in trials),
        named_right=sum(attempt.label == "right" for attempt in named),
        named=len(named),
        late=sum(attempt.is_late for attempt in attempts),
        unanswered=unanswered,
        practised=practised,
    )


def told_attempts(*, student: Student, now: datetime) -> list[Attempt]:
    """The student's counting answers in assignments whose points are told, over the whole class."""
    return list(
        Attempt.objects.filter(
            student=student, number=1, is_practice=False, is_passed=False, is_late=False, is_aside=False
        )
        .filter(
            Q(assignment__feedback=Feedback.EACH)
            | Q(assignment__in=Standing.objects.filter(student=student).values("assignment"))
        )
        .exclude(assignment__keys_wait_until__gt=now)
    )


def by_label(attempts: Sequence[Attempt]) -> list[LabelRow]:
    """Labels of which the student has met enough passages. A passage with several labels speaks for none of them."""
    met: dict[str, dict[int, bool]] = defaultdict(dict)
    for attempt in attempts:
        labels = {target.label for target in judged_by(attempt).item.targets}
        if len(labels) == 1:
            met[labels.pop()].setdefault(attempt.passage_id, attempt.correct)
    names = catalogue.labels()
    return [
        LabelRow(names[slug].name, len(passages), sum(passages.values()))
        for slug, passages in sorted(met.items(), key=lambda each: -len(each[1]))
        if STUDENT_LABEL.shown(len(passages)) != "hidden" and slug in names
    ]


def confidence(attempts: Sequence[Attempt]) -> Confidence | None:
    """Nothing before enough decisions with a confidence."""
    said = [(each.answer["confidence"], each.correct) for each in attempts if "confidence" in each.answer]
    shown = STUDENT_BRIER.shown(len(said))
    if shown == "hidden":
        return None
    more = calibration.overconfidence(said)
    verdict = "over" if more > calibration.FITS else "under" if more < -calibration.FITS else "fits"
    accuracy = calibration.accuracy(said)
    return Confidence(len(said), round(100 * (more + accuracy)), round(100 * accuracy), verdict, shown)
