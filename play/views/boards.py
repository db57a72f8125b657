"""Leaderboards: the student's, and the one on the projector.

They renew themselves by a poll, which costs one read while nothing has changed.
"""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from classroom import access
from classroom.access import TeacherRequest, teacher_required
from classroom.models import Assignment
from play import queries

POLL_SALT = "play.board"
POLL_AGE = 12 * 3600
"""Seconds that a page may go on polling without being loaded again."""


@require_safe
def leaderboard(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The class's standings with the student's own row."""
    return _board(request, uid, assignment_uid, "play/leaderboard.html")


@require_safe
def standings(request: HttpRequest, uid: str, assignment_uid: str, version: int) -> HttpResponse:
    """The part of the board that changes; 204 while it has not. Answered before the student is looked up."""
    if _unchanged(request, assignment_uid, version):
        return HttpResponse(status=204)
    return _board(request, uid, assignment_uid, "play/leaderboard.html#standings")


@teacher_required
@require_safe
def projector(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The class's standings in large type."""
    return _projector(request, uid, assignment_uid, "play/projector.html")


@require_safe
def projector_standings(request: HttpRequest, uid: str, assignment_uid: str, version: int) -> HttpResponse:
    if _unchanged(request, assignment_uid, version):
        return HttpResponse(status=204)
    return _projector_changed(request, uid, assignment_uid)


@teacher_required
def _projector_changed(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    return _projector(request, uid, assignment_uid, "play/projector.html#standings")


def _projector(request: TeacherRequest, uid: str, assignment_uid: str, template: str) -> HttpResponse:
    assignment = access.assignment_of(request.user, uid, assignment_uid)
    board = queries.leaderboard(assignment=assignment)
    poll = _poll_url("projector_standings", uid, assignment, board.version)
    context = {"teacher": request.user, "classroom": assignment.classroom, "assignment": assignment}
    return render(request, template, context | {"board": board, "poll_url": poll})


def _board(request: HttpRequest, uid: str, assignment_uid: str, template: str) -> HttpResponse:
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    board = queries.leaderboard(assignment=assignment, student=student)
    context = {
        "student": student,
        "classroom": student.classroom,
        "assignment": assignment,
        "board": board,
        "poll_url": _poll_url("standings", uid, assignment, board.version),
    }
    return render(request, template, context)


def _poll_url(name: str, uid: str, assignment: Assignment, version: int) -> str:
    """The address of the next poll. Its token names the board's row, so that the answer needs one read."""
    token = signing.dumps(assignment.pk, salt=f"{POLL_SALT}.{assignment.uid}")
    return f"{reverse(name, args=[uid, assignment.uid, version])}?token={token}"


def _unchanged(request: HttpRequest, assignment_uid: str, version: int) -> bool:
    """Whether the board still has this version. Raises Http404 for a token that is not of this board."""
    try:
        pk = signing.loads(request.GET.get("token", ""), salt=f"{POLL_SALT}.{assignment_uid}", max_age=POLL_AGE)
    except signing.BadSignature:
        raise Http404 from None
    return queries.board_version(assignment_id=pk) == version
