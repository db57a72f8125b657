"""A student plays an assignment at their own pace. First answers count; a reload never loses anything."""

from __future__ import annotations

import re
import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from classroom import access
from classroom.models import Assignment, Student
from exercises import catalogue
from exercises.keys import source_of
from exercises.versions import Played, played
from play import actions, queries, raw
from play.forms import AnswerForm
from play.questions import question
from play.reveals import reveal

CLIENT_KEY = re.compile(r"[\w-]{1,40}", re.ASCII)


@require_safe
def student_home(request: HttpRequest, uid: str) -> HttpResponse:
    """The class as the student sees it: who I am, what there is to play. A strange device is asked for its phrase."""
    student = access.student_or_none(request, uid)
    if student is None:
        return redirect("reenter", uid)
    context = _of(student) | {
        "phrase": access.phrase_to_show(request),
        "assignments": queries.home(student=student),
    }
    return render(request, "play/student_home.html", context)


@require_safe
def play(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """Where the student left off: the example, the next item, or the end."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    progress = queries.progress(student=student, assignment=assignment)
    if progress.next is None:
        return redirect("finished", uid, assignment.uid)
    if assignment.example and not progress.done:
        first = reverse("exercise", args=[uid, assignment.uid, progress.next.position])
        context = {"label": catalogue.labels()[assignment.example], "title": assignment.title, "next_url": first}
        return render(request, "play/play.html", _of(student) | context)
    return redirect("exercise", uid, assignment.uid, progress.next.position)


@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, uid: str, assignment_uid: str, position: int) -> HttpResponse:
    """One decision: the question until it is answered, then its reveal. Later items do not exist yet."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    progress = queries.progress(student=student, assignment=assignment)
    item = progress.at(position)
    if item is None:
        raise Http404
    if item.attempt is None and item != progress.next:
        return redirect("play", uid, assignment.uid)
    shown = played(item.version_id)
    form = None
    attempt = item.attempt
    if request.method == "POST" and attempt is None:
        form = AnswerForm(shown, request.POST)
        if form.is_valid():
            assert form.answer is not None
            attempt = actions.answer(
                student=student,
                assignment=assignment,
                played=shown,
                given=form.answer,
                client_key=_client_key(request),
                now=timezone.now(),
                passed=form.passed,
            )
    if request.method == "POST" and attempt is not None and not getattr(request, "htmx", False):
        return redirect("exercise", uid, assignment.uid, position)
    context = _of(student) | {
        "title": assignment.title,
        "here": request.path,
        "position": position,
        "total": progress.total,
        "done": progress.done + (item.attempt is None and attempt is not None),
    }
    if attempt is not None:
        context |= {
            "reveal": reveal(shown, raw.unpack(attempt.answer, shown), passed=attempt.is_passed),
            "attempt": attempt,
            "next_url": _next_url(uid, assignment, progress, position),
        }
    else:
        context |= {
            "question": question(shown, language=_language(shown), form=form),
            "client_key": _client_key(request),
        }
    template = "play/exercise.html"
    if request.method == "POST" and getattr(request, "htmx", False):
        template += "#exercise"
    return render(request, template, context, status=422 if form and form.errors else 200)


@require_safe
def finished(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The end of a set: what I caught, missed, falsely accused and left well alone; and the board."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    progress = queries.progress(student=student, assignment=assignment)
    if progress.next is not None:
        return redirect("play", uid, assignment.uid)
    context = _of(student) | {
        "assignment": assignment,
        "title": assignment.title,
        "progress": progress,
        "report": queries.report(student=student, assignment=assignment),
    }
    return render(request, "play/finished.html", context)


def _client_key(request: HttpRequest) -> str:
    """The key that the form was sent with, or a new one for a new form."""
    given = request.POST.get("client_key", "")
    return given if CLIENT_KEY.fullmatch(given) else secrets.token_urlsafe(16)


def _next_url(uid: str, assignment: Assignment, progress: queries.Progress, position: int) -> str:
    """The item after this one if it is open already, else wherever the student left off."""
    following = progress.at(position + 1)
    if following is not None:
        return reverse("exercise", args=[uid, assignment.uid, position + 1])
    return reverse("play", args=[uid, assignment.uid])


def _language(shown: Played) -> str:
    return source_of(shown.version_id).language


def _of(student: Student) -> dict[str, object]:
    return {"student": student, "classroom": student.classroom}
