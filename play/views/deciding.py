"""One decision of an assignment: the question, the answer, the reveal. First answers count; a reload loses nothing."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from classroom import access, limits
from classroom.models import Assignment, Student
from classroom.schedule import Schedule, State, schedule_of
from exercises.keys import source_of
from exercises.memory import remembered
from exercises.versions import Played, played
from play import actions, challenges, drawings, queries, raw
from play.forms import AnswerForm
from play.models import Attempt
from play.questions import question, task
from play.rescoring import judged_by
from play.reveals import said

CLIENT_KEY = re.compile(r"[\w-]{1,40}", re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, uid: str, assignment_uid: str, position: int) -> HttpResponse:
    """One decision: the question until it is answered, then its reveal. Later items do not exist yet."""
    student, assignment = access.player_of(request, uid, assignment_uid)
    if answer := refused(request, student):
        return answer
    schedule, now = schedule_of(assignment, student), timezone.now()
    progress = queries.progress(student=student, assignment=assignment)
    item = progress.at(position)
    if item is None or (not item.is_answered and progress.is_live):
        raise Http404
    state = schedule.state(now)
    if not item.is_answered and (item != progress.next or state == State.PLANNED):
        return redirect("play", uid, assignment.uid)
    if not item.is_answered and state == State.CLOSED and request.method != "POST":
        return redirect("finished", uid, assignment.uid)
    shown = played(item.version_id)
    partner = queries.playing_along(student=student, assignment=assignment, version_id=item.version_id, now=now)
    form, closed, attempt = None, False, None
    if item.is_answered:
        attempt = actions.first_attempt(student=student, assignment=assignment, version_id=item.version_id)
    if request.method == "POST" and attempt is None:
        form = AnswerForm(shown, request.POST)
        if state == State.CLOSED:
            closed = True
        elif form.is_valid():
            assert form.answer is not None
            try:
                attempt = actions.answer(
                    student=student,
                    assignment=assignment,
                    played=shown,
                    given=form.answer,
                    client_key=_client_key(request),
                    now=now,
                    passed=form.passed,
                    partner=partner,
                )
            except actions.Closed:
                closed = True
    if request.method == "POST" and attempt is not None and not _is_htmx_post(request):
        return redirect("exercise", uid, assignment.uid, position)
    context: dict[str, Any] = _of(student) | {
        "title": assignment.title,
        "assignment": assignment,
        "schedule": schedule,
        "closed": closed,
        "here": request.path,
        "position": position,
        "section": item.section,
        "begins_section": item.begins_section and attempt is None,
        "counts_for": partner,
        "total": progress.total,
        "done": progress.done + (not item.is_answered and attempt is not None),
    }
    if attempt is not None:
        attempt = _asked_for(request, attempt)
        context |= {"attempt": attempt, **_addresses(uid, assignment, progress, position)}
        context |= _answered(student, assignment, shown, attempt, schedule, progress, now)
        if _is_htmx_post(request) and context.get("attempts_left") == 0 and not context["rescored"]:
            frame = {name: context[name] for name in drawings.FRAME}
            return HttpResponse(drawings.answered(context["reveal"], **frame))
    else:
        context["client_key"] = _client_key(request)
        if not closed:
            left = [_open(each, assignment, shown, now) for each in filter(None, (student, partner))]
            context["seconds_left"] = min((each for each in left if each is not None), default=None)
        if form is None and _is_plain(request, context):
            page = {name: context[name] for name in drawings.PAGE}
            token = get_token(request)
            response = HttpResponse(drawings.asked(drawings.question(shown), student=student, token=token, **page))
            return _kept(response, student)
        context["question"] = (
            question(shown, language=_language(shown), form=form) if form else drawings.question(shown)
        )
    status = 422 if closed or (form and form.errors) else 200
    response = render(request, _part(request, "play/exercise.html"), context, status=status)
    return response if attempt or partner else _kept(response, student)


@require_http_methods(["GET", "HEAD", "POST"])
def exercise_again(request: HttpRequest, uid: str, assignment_uid: str, position: int) -> HttpResponse:
    """The same decision once more, for practice, as often as the assignment allows."""
    student, assignment = access.player_of(request, uid, assignment_uid)
    if answer := refused(request, student):
        return answer
    schedule, now = schedule_of(assignment, student), timezone.now()
    progress = queries.progress(student=student, assignment=assignment)
    item = progress.at(position)
    if item is None or not item.is_answered:
        raise Http404
    shown = played(item.version_id)
    if _attempts_left(student, assignment, shown, schedule, now) < 1:
        return redirect("exercise", uid, assignment.uid, position)
    form = AnswerForm(shown, request.POST) if request.method == "POST" else None
    context = _of(student) | {
        "title": assignment.title,
        "assignment": assignment,
        "here": request.path,
        "position": position,
        "section": item.section,
        "total": progress.total,
        "done": progress.done,
        "is_practice": True,
    }
    if form and form.is_valid():
        assert form.answer is not None
        here = reverse("exercise", args=[uid, assignment.uid, position])
        try:
            attempt = actions.answer_again(
                student=student,
                assignment=assignment,
                played=shown,
                given=form.answer,
                client_key=_client_key(request),
                now=now,
                partner=student.partner,
            )
        except (actions.Closed, actions.NoAttemptLeft):
            return redirect(here)
        if not _is_htmx_post(request):
            return redirect(f"{here}?attempt={attempt.number}")
        context |= {"attempt": attempt, **_addresses(uid, assignment, progress, position)}
        context |= _answered(student, assignment, shown, attempt, schedule, progress, now)
        return render(request, _part(request, "play/exercise.html"), context)
    context |= {"question": question(shown, language=_language(shown), form=form), "client_key": _client_key(request)}
    return render(request, _part(request, "play/exercise.html"), context, status=422 if form else 200)


def refused(request: HttpRequest, student: Student) -> HttpResponse | None:
    """What an answer gets that is not even read: it is another student's, or one too many.

    On a shared device an old tab, or its outbox, may still hold the answer of whoever had the device before.
    """
    if request.method != "POST":
        return None
    if request.POST.get("student", student.uid) != student.uid:
        home = reverse("student_home", args=[student.classroom.uid])
        return HttpResponseClientRedirect(home) if _is_htmx_post(request) else redirect(home)
    try:
        limits.spend_answer(student=student.uid, now=timezone.now())
    except limits.TooFast as error:
        response = render(request, "429.html", {"seconds": error.seconds}, status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    return None


def _asked_for(request: HttpRequest, first: Attempt) -> Attempt:
    """The attempt that the address asks for, by its number; the first one otherwise."""
    if not request.META.get("QUERY_STRING"):
        return first
    number = request.GET.get("attempt", "")
    if not number.isdecimal() or len(number) > 2:
        return first
    return queries.attempt_at(first=first, number=int(number)) or first


def _answered(
    student: Student,
    assignment: Assignment,
    shown: Played,
    attempt: Attempt,
    schedule: Schedule,
    progress: queries.Progress,
    now: datetime,
) -> dict[str, object]:
    """The reveal; where keys wait for the closing, one's own answer alone."""
    judged = judged_by(attempt)
    given = raw.unpack(attempt.answer, judged)
    if not schedule.tells(now):
        words = _("You passed. Nothing is lost.") if attempt.is_passed else said(shown, given)
        return {"stored": words, "task": task(shown.kind, shown.layer)}
    room = student.classroom
    if student.partner:  # who reads the key along has met it
        actions.practise(student=student.partner, passage_id=attempt.passage_id, layer=attempt.layer, now=now)
    return {
        "reveal": drawings.reveal(
            judged,
            given,
            passed=attempt.is_passed,
            late=attempt.is_late,
            practice=attempt.is_practice,
            aside=attempt.is_aside,
            run=queries.run_of_right(progress=progress, last=attempt),
        ),
        "rescored": challenges.rescored(attempt=attempt, teacher_id=room.teacher_id) if room.is_ruled else None,
        "attempts_left": _attempts_left(student, assignment, shown, schedule, now),
    }


def _attempts_left(student: Student, assignment: Assignment, shown: Played, schedule: Schedule, now: datetime) -> int:
    if assignment.attempts_allowed < 2 or schedule.state(now) != State.OPEN or not schedule.tells(now):
        return 0
    made = queries.attempts_made(student=student, assignment=assignment, version_id=shown.version_id)
    return assignment.attempts_allowed - made


def _open(student: Student, assignment: Assignment, shown: Played, now: datetime) -> int | None:
    """Note that the student sees an item; the seconds that are left of its time, none where there is no timer."""
    opened = actions.open_item(student=student, assignment=assignment, version_id=shown.version_id, now=now)
    seconds = schedule_of(assignment, student).seconds_for(len(shown.content.words))
    if seconds is None:
        return None
    return max(0, ceil((opened + timedelta(seconds=seconds) - now).total_seconds()))


def _part(request: HttpRequest, template: str) -> str:
    return f"{template}#exercise" if _is_htmx_post(request) else template


def _is_plain(request: HttpRequest, context: dict[str, Any]) -> bool:
    """Whether a question's page holds nothing of the student's own but who they are."""
    student = context["student"]
    return student.partner is None and context["seconds_left"] is None and not len(get_messages(request))


def _kept(response: HttpResponse, student: Student) -> HttpResponse:
    """static/js/worker.js may keep the page of a question: there is no key in it."""
    response["X-Question-Of"] = student.uid
    return response


def _is_htmx_post(request: HttpRequest) -> bool:
    """`request.htmx` would tell, too, but makes a mapping of all headers first."""
    return request.method == "POST" and request.META.get("HTTP_HX_REQUEST") == "true"


def _client_key(request: HttpRequest) -> str:
    """The key that the form was sent with, or a new one for a new form."""
    given = request.POST.get("client_key", "")
    return given if CLIENT_KEY.fullmatch(given) else secrets.token_urlsafe(16)


def _addresses(uid: str, assignment: Assignment, progress: queries.Progress, position: int) -> dict[str, str]:
    """Where an answered item leads: on, to the item after it if it is open already, and to saying "I disagree"."""
    following = progress.at(position + 1)
    return {
        "next_url": _address(uid, assignment.uid, 0 if following is None else position + 1),
        "challenge_url": _address(uid, assignment.uid, position, name="challenge"),
    }


@remembered(5000)
def _address(uid: str, assignment_uid: str, position: int, name: str = "exercise") -> str:
    """Of an item, or of where the student left off (0): the same for the whole class."""
    if not position:
        return reverse("play", args=[uid, assignment_uid])
    return reverse(name, args=[uid, assignment_uid, position])


def _language(shown: Played) -> str:
    return source_of(shown.version_id).language


def _of(student: Student) -> dict[str, object]:
    return {"student": student, "classroom": student.classroom}
