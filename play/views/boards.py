"""Leaderboards: the student's, and the one on the projector; of an assignment, of a week, of all time; the podium.

They renew themselves when a stream says that something has changed, or by a poll, which costs one read while nothing
has.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from classroom import access
from classroom.access import TeacherRequest, teacher_required
from classroom.models import Assignment, BoardMode, Classroom, Student
from classroom.schedule import State, schedule_of
from play import queries
from play import standings as rows
from play.live import tokens

POLL_SALT = "play.board"
CLASS_SALT = "play.class-board"
POLL_AGE = 12 * 3600
"""Seconds that a page may go on polling without being loaded again."""


@require_safe
def leaderboard(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The assignment's standings, as its mode shows them to this student; and the way on: to play, or to the result."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    is_through = (
        schedule_of(assignment, student).state(timezone.now()) == State.CLOSED
        or queries.progress(student=student, assignment=assignment).next is None
    )
    return _board(request, student, assignment, "play/leaderboard.html", is_through=is_through)


@require_safe
def standings(request: HttpRequest, uid: str, assignment_uid: str, version: int) -> HttpResponse:
    """The part of the board that changes; 204 while it has not. Answered before the student is looked up."""
    if _unchanged(request, assignment_uid, version):
        return HttpResponse(status=204)
    student = access.student_of(request, uid)
    return _board(request, student, access.assignment_for(student, assignment_uid), "play/leaderboard.html#standings")


@teacher_required
@require_safe
def projector(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The assignment's standings in large type, for everybody's eyes: what its mode hides is not there either."""
    return _projector(request, uid, assignment_uid, "play/projector.html")


@require_safe
def projector_standings(request: HttpRequest, uid: str, assignment_uid: str, version: int) -> HttpResponse:
    if _unchanged(request, assignment_uid, version):
        return HttpResponse(status=204)
    return _projector_changed(request, uid, assignment_uid)


@require_safe
def podium(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The first three places at the end of an assignment. Before that, and where the mode hides them, the board."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    board = _board_of(assignment, student)
    if not board.podium or not schedule_of(assignment).has_ended(timezone.now()):
        return redirect("leaderboard", uid, assignment.uid)
    context = {"student": student, "classroom": student.classroom, "assignment": assignment, "board": board}
    return render(request, "play/podium.html", context)


@teacher_required
@require_safe
def projector_podium(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The podium on the projector, at whatever moment the teacher calls the end of the round."""
    assignment = access.assignment_of(request.user, uid, assignment_uid)
    board = _board_of(assignment)
    if not board.podium:
        return redirect("projector", uid, assignment.uid)
    context = {"teacher": request.user, "classroom": assignment.classroom, "assignment": assignment, "board": board}
    return render(request, "play/projector_podium.html", context)


@require_safe
def class_board(request: HttpRequest, uid: str, span: str) -> HttpResponse:
    """The board of the week or of all time, over the assignments of the class."""
    return _class_board(request, uid, span, "play/class_board.html")


@require_safe
def class_standings(request: HttpRequest, uid: str, span: str, version: int) -> HttpResponse:
    if _class_unchanged(request, uid, version):
        return HttpResponse(status=204)
    return _class_board(request, uid, span, "play/class_board.html#standings")


@teacher_required
@require_safe
def class_projector(request: TeacherRequest, uid: str, span: str) -> HttpResponse:
    """The same on the projector."""
    return _class_projector(request, uid, span, "play/class_projector.html")


@require_safe
def class_projector_standings(request: HttpRequest, uid: str, span: str, version: int) -> HttpResponse:
    if _class_unchanged(request, uid, version):
        return HttpResponse(status=204)
    return _class_projector_changed(request, uid, span)


@teacher_required
def _projector_changed(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    return _projector(request, uid, assignment_uid, "play/projector.html#standings")


@teacher_required
def _class_projector_changed(request: TeacherRequest, uid: str, span: str) -> HttpResponse:
    return _class_projector(request, uid, span, "play/class_projector.html#standings")


def _projector(request: TeacherRequest, uid: str, assignment_uid: str, template: str) -> HttpResponse:
    assignment = access.assignment_of(request.user, uid, assignment_uid)
    board = _board_of(assignment)
    poll = _poll_url("projector_standings", uid, assignment, board.version)
    context = {"teacher": request.user, "classroom": assignment.classroom, "assignment": assignment, "board": board}
    page = reverse("projector", args=[uid, assignment.uid])
    return render(request, template, context | _renewal(page, poll, "board", assignment.pk))


def _board(
    request: HttpRequest, student: Student, assignment: Assignment, template: str, **more: object
) -> HttpResponse:
    board = _board_of(assignment, student)
    context = more | {
        "student": student,
        "classroom": student.classroom,
        "assignment": assignment,
        "has_ended": schedule_of(assignment).has_ended(timezone.now()),
        "board": board,
    }
    uid = student.classroom.uid
    poll = _poll_url("standings", uid, assignment, board.version)
    page = reverse("leaderboard", args=[uid, assignment.uid])
    return render(request, template, context | _renewal(page, poll, "board", assignment.pk))


def _board_of(assignment: Assignment, student: Student | None = None) -> queries.Leaderboard:
    """The board, with every closing in it that has passed."""
    now = timezone.now()
    rows.settle(assignment=assignment, now=now)
    waits = assignment.board_mode != BoardMode.OFF and not schedule_of(assignment).tells(now)
    return queries.leaderboard(assignment=assignment, student=student, waits=waits)


def _class_board(request: HttpRequest, uid: str, span: str, template: str) -> HttpResponse:
    student = access.student_of(request, uid)
    board = _class_board_of(student.classroom, span, student)
    context = {
        "student": student,
        "classroom": student.classroom,
        "span": span,
        "board": board,
    }
    poll = _class_poll_url("class_standings", student.classroom, span, board.version)
    page = reverse("class_board", args=[uid, span])
    return render(request, template, context | _renewal(page, poll, "class", student.classroom_id))


def _class_projector(request: TeacherRequest, uid: str, span: str, template: str) -> HttpResponse:
    classroom = access.classroom_of(request.user, uid)
    board = _class_board_of(classroom, span)
    poll = _class_poll_url("class_projector_standings", classroom, span, board.version)
    context = {"teacher": request.user, "classroom": classroom, "span": span, "board": board}
    page = reverse("class_projector", args=[uid, span])
    return render(request, template, context | _renewal(page, poll, "class", classroom.pk))


def _class_board_of(classroom: Classroom, span: str, student: Student | None = None) -> queries.Leaderboard:
    if span not in queries.SPANS:
        raise Http404
    now = timezone.now()
    for assignment in queries.due(classroom=classroom, now=now):
        rows.settle(assignment=assignment, now=now)
    return queries.class_board(classroom=classroom, span=span, now=now, student=student)


def _renewal(page: str, poll: str, kind: str, pk: int) -> dict[str, str]:
    """Where a board hears of changes, and where it fetches itself anew: static/js/live.js."""
    return {"page_url": page, "poll_url": poll, "stream_url": tokens.stream(kind, pk)}


def _poll_url(name: str, uid: str, assignment: Assignment, version: int) -> str:
    """The address of the next poll. Its token names the board's row, so that the answer needs one read."""
    token = signing.dumps(assignment.pk, salt=f"{POLL_SALT}.{assignment.uid}")
    return f"{reverse(name, args=[uid, assignment.uid, version])}?token={token}"


def _class_poll_url(name: str, classroom: Classroom, span: str, version: int) -> str:
    token = signing.dumps(classroom.pk, salt=f"{CLASS_SALT}.{classroom.uid}")
    return f"{reverse(name, args=[classroom.uid, span, version])}?token={token}"


def _unchanged(request: HttpRequest, assignment_uid: str, version: int) -> bool:
    """Whether the board still has this version. Raises Http404 for a token that is not of this board."""
    pk = _token(request, f"{POLL_SALT}.{assignment_uid}")
    return queries.is_unchanged(assignment_id=pk, version=version, now=timezone.now())


def _class_unchanged(request: HttpRequest, uid: str, version: int) -> bool:
    pk = _token(request, f"{CLASS_SALT}.{uid}")
    return queries.class_version(classroom_id=pk, now=timezone.now()) == version


_CHECKS: dict[str, Callable[..., bool]] = {
    "standings": lambda request, uid, assignment_uid, version: _unchanged(request, assignment_uid, version),
    "projector_standings": lambda request, uid, assignment_uid, version: _unchanged(request, assignment_uid, version),
    "class_standings": lambda request, uid, span, version: _class_unchanged(request, uid, version),
    "class_projector_standings": lambda request, uid, span, version: _class_unchanged(request, uid, version),
}


def is_unchanged_poll(request: HttpRequest) -> bool:
    """Whether a request is the poll of a board that has not changed: for who answers it before any view is asked."""
    try:
        match = request.resolver_match = resolve(request.path_info)  # by which logs and metrics name the page
        check = _CHECKS.get(match.url_name or "")
        return check is not None and check(request, **match.kwargs)
    except Http404:
        return False


def _token(request: HttpRequest, salt: str) -> int:
    try:
        pk: int = signing.loads(request.GET.get("token", ""), salt=salt, max_age=POLL_AGE)
    except signing.BadSignature:
        raise Http404 from None
    return pk
