"""Storing answers. An answer is stored once, however often it is sent, together with what it does to the standings."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, Sum

from classroom.models import Assignment, Student
from exercises.models import ExerciseVersion
from exercises.versions import Played
from play import raw
from play.models import Attempt, Board, Standing
from scoring import kinds
from scoring.points import Answer, Decision


def answer(
    *,
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    passed: bool = False,
) -> Attempt:
    """Store the first answer of a student to an item, or return the one that is there.

    `passed`: the student leaves a sensitive passage out, which counts neither way.
    """
    known = first_attempt(student=student, assignment=assignment, version_id=played.version_id)
    if known:
        return known
    try:
        with transaction.atomic():
            return _store(student, assignment, played, given, client_key, now, passed)
    except IntegrityError:
        known = first_attempt(student=student, assignment=assignment, version_id=played.version_id)
        if known:
            return known
    with transaction.atomic():  # the key is another answer's: a form made by hand
        return _store(student, assignment, played, given, secrets.token_urlsafe(16), now, passed)


def first_attempt(*, student: Student, assignment: Assignment, version_id: int) -> Attempt | None:
    return Attempt.objects.filter(
        student=student, assignment=assignment, exercise_version_id=version_id, number=1
    ).first()


def _store(
    student: Student,
    assignment: Assignment,
    played: Played,
    given: Answer,
    client_key: str,
    now: datetime,
    passed: bool,
) -> Attempt:
    if passed:
        given, decision = Answer(), Decision(score=0.0, correct=False)
    else:
        decision = kinds.score(played.item, given)
    passage_id = ExerciseVersion.objects.values_list("exercise__passage_id", flat=True).get(pk=played.version_id)
    seen = Attempt.objects.filter(student=student, passage_id=passage_id, layer=played.layer).exists()
    attempt = Attempt.objects.create(
        student=student,
        assignment=assignment,
        exercise_version_id=played.version_id,
        client_key=client_key,
        answered=now,
        answer={"passed": True} if passed else raw.pack(given, played),
        passage_id=passage_id,
        layer=played.layer,
        is_practice=seen,
        is_passed=passed,
        score=decision.score,
        points=0 if passed else decision.points,
        correct=decision.correct,
        signal=decision.signal,
        flagged=decision.flagged,
        place=decision.place,
        label=decision.label or "",
    )
    if not seen and not passed:
        _advance(attempt.assignment_id)
        _add_to_standings(attempt)
    return attempt


def _add_to_standings(attempt: Attempt) -> None:
    sums = {"points": attempt.points, "decisions": 1, "correct": int(attempt.correct)}
    mine = Standing.objects.filter(assignment_id=attempt.assignment_id, student_id=attempt.student_id)
    if not mine.update(**{key: F(key) + value for key, value in sums.items()}):
        Standing.objects.create(assignment_id=attempt.assignment_id, student_id=attempt.student_id, **sums)


def _advance(assignment_id: int) -> None:
    """One version more. Called before standings are written: the board's row makes the writers queue up."""
    board = Board.objects.filter(assignment_id=assignment_id)
    if not board.update(version=F("version") + 1):
        Board.objects.get_or_create(assignment_id=assignment_id)
        board.update(version=F("version") + 1)


@transaction.atomic
def remove_student(*, student: Student) -> None:
    """Remove a student with all answers; whoever looks at a board sees the row go."""
    Board.objects.filter(assignment__standings__student=student).update(version=F("version") + 1)
    student.delete()


@transaction.atomic
def rebuild_standings(*, assignment: Assignment) -> int:
    """Compute the standings anew from the attempts; how many rows there are."""
    _advance(assignment.pk)
    sums = (
        Attempt.objects.filter(assignment=assignment, number=1, is_practice=False, is_passed=False)
        .values("student_id")
        .annotate(points=Sum("points"), decisions=Count("pk"), correct=Count("pk", filter=Q(correct=True)))
    )
    rows = [Standing(assignment=assignment, **row) for row in sums]
    Standing.objects.filter(assignment=assignment).delete()
    Standing.objects.bulk_create(rows)
    return len(rows)
