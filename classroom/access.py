"""Who may see what. Every object is fetched through its owner; what is somebody else's does not exist (404)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from classroom.models import Assignment, Classroom, ExerciseSet, Student, Teacher

P = ParamSpec("P")

COOKIE = "student"
COOKIE_AGE = 200 * 24 * 3600
"""Seconds."""
SALT = "classroom.student"
PHRASE_COOKIE = "phrase"
PHRASE_AGE = 3600
"""Seconds."""
PHRASE_SALT = "classroom.phrase"


class TeacherRequest(HttpRequest):
    user: Teacher


def teacher_required(
    view: Callable[Concatenate[TeacherRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For views of signed-in teachers; others go to the sign-in page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        return view(cast(TeacherRequest, request), *args, **kwargs)

    return cast(Any, checked)  # type: ignore[no-any-return]


def owner_required(
    view: Callable[Concatenate[TeacherRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For owners' views; to other teachers the page does not exist."""

    @wraps(view)
    def checked(request: TeacherRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_owner:
            raise Http404
        return view(request, *args, **kwargs)

    return teacher_required(cast(Any, checked))


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; by the browser for htmx, which would swap the page into its target."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(f"{reverse('account_login')}?next={quote(_page_of(request))}")
    return redirect_to_login(request.get_full_path())


def _page_of(request: HttpRequest) -> str:
    """The page that an htmx request came from, without its host."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parts.path or "/"


def classroom_of(teacher: Teacher, uid: str) -> Classroom:
    return get_object_or_404(Classroom, uid=uid, teacher=teacher)


def assignment_of(teacher: Teacher, classroom_uid: str, uid: str) -> Assignment:
    return get_object_or_404(
        Assignment.objects.select_related("classroom"),
        uid=uid,
        classroom__uid=classroom_uid,
        classroom__teacher=teacher,
    )


def set_for(teacher: Teacher, uid: str) -> ExerciseSet:
    """A ready-made set, or one of the teacher's own."""
    return get_object_or_404(
        ExerciseSet.objects.filter(owner=None) | ExerciseSet.objects.filter(owner=teacher), uid=uid
    )


def student_of(request: HttpRequest, classroom_uid: str) -> Student:
    """The student whose device this is. Raises Http404 where the device has not joined this class."""
    try:
        uid, session_key = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        raise Http404 from None
    return get_object_or_404(
        Student.objects.select_related("classroom"), uid=uid, session_key=session_key, classroom__uid=classroom_uid
    )


def student_or_none(request: HttpRequest, classroom_uid: str) -> Student | None:
    try:
        return student_of(request, classroom_uid)
    except Http404:
        return None


def assignment_for(student: Student, uid: str) -> Assignment:
    return get_object_or_404(Assignment, uid=uid, classroom=student.classroom_id)


def remember(response: HttpResponse, student: Student, classroom: Classroom) -> None:
    """Make the device the student's. The cookie's path is the class: one device can be in several classes."""
    response.set_cookie(
        COOKIE,
        signing.dumps([student.uid, student.session_key], salt=SALT),
        max_age=COOKIE_AGE,
        path=_path(classroom),
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, classroom: Classroom) -> None:
    response.delete_cookie(COOKIE, path=_path(classroom), samesite="Lax")
    hide_phrase(response, classroom)


def show_phrase(response: HttpResponse, phrase: str, classroom: Classroom) -> None:
    """Keep the re-entry phrase on the student's own device until it is written down; the server has its hash alone."""
    response.set_cookie(
        PHRASE_COOKIE,
        signing.dumps(phrase, salt=PHRASE_SALT),
        max_age=PHRASE_AGE,
        path=_path(classroom),
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def phrase_to_show(request: HttpRequest) -> str:
    try:
        return str(signing.loads(request.COOKIES.get(PHRASE_COOKIE, ""), salt=PHRASE_SALT, max_age=PHRASE_AGE))
    except signing.BadSignature:
        return ""


def hide_phrase(response: HttpResponse, classroom: Classroom) -> None:
    response.delete_cookie(PHRASE_COOKIE, path=_path(classroom), samesite="Lax")


def _path(classroom: Classroom) -> str:
    return reverse("student_home", args=[classroom.uid])
