"""Who may see what. Every object is fetched through its owner; what is somebody else's does not exist (404)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from classroom import actions, devices, players
from classroom.models import Assignment, Classroom, ExerciseSet, OwnLabelling, OwnText, Ruling, Student, Teacher
from classroom.own_texts import publishing
from exercises.models import Source

P = ParamSpec("P")


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
    """A class that the teacher leads or shares."""
    return get_object_or_404(Classroom.objects.filter(_teaches(teacher)), uid=uid)


def led_classroom_of(teacher: Teacher, uid: str) -> Classroom:
    """A class that the teacher leads: co-teachers neither delete it nor decide who shares it."""
    return get_object_or_404(Classroom, uid=uid, teacher=teacher)


def _teaches(teacher: Teacher, classroom: str = "") -> Q:
    """The condition that a teacher leads or shares the class; `classroom` is the path to it."""
    shared = teacher.shared_classrooms.values("pk")
    return Q(**{f"{classroom}teacher": teacher}) | Q(**{f"{classroom}pk__in": shared})


def assignment_of(teacher: Teacher, classroom_uid: str, uid: str) -> Assignment:
    return get_object_or_404(
        Assignment.objects.select_related("classroom", "exercise_set").filter(_teaches(teacher, "classroom__")),
        uid=uid,
        classroom__uid=classroom_uid,
    )


def set_for(teacher: Teacher, uid: str) -> ExerciseSet:
    """A ready-made set, one of the teacher's own, or one that a colleague shares."""
    shared = Q(is_shared=True, withdrawn=False)
    return get_object_or_404(ExerciseSet.objects.filter(Q(owner=None) | Q(owner=teacher) | shared), uid=uid)


def open_set_for(teacher: Teacher, uid: str) -> ExerciseSet:
    """A set that may be copied and taken along: neither the starter nor a sealed form."""
    found = set_for(teacher, uid)
    if found.starter or found.sealed:
        raise Http404
    return found


def own_set(teacher: Teacher, uid: str) -> ExerciseSet:
    """A set that the teacher made, and may edit."""
    return get_object_or_404(ExerciseSet, uid=uid, owner=teacher)


def own_text_of(teacher: Teacher, uid: str) -> OwnText:
    """A text that the teacher brought, or writes together with who brought it."""
    mine = Q(owner=teacher) | Q(pk__in=teacher.edited_texts.values("pk"))
    return get_object_or_404(OwnText.objects.filter(mine).select_related("owner", "source", "saved_by"), uid=uid)


def led_text_of(teacher: Teacher, uid: str) -> OwnText:
    """A text that the teacher brought: co-authors neither share nor delete it."""
    return get_object_or_404(OwnText.objects.select_related("owner", "source"), uid=uid, owner=teacher)


def labelling_of(teacher: Teacher, uid: str) -> OwnLabelling:
    """What the teacher was asked to label without seeing the key."""
    return get_object_or_404(OwnLabelling.objects.select_related("own_text__owner"), own_text__uid=uid, teacher=teacher)


def agreement_of(teacher: Teacher, uid: str, labeller_uid: str) -> OwnLabelling:
    """A labelling beside the key, for the text's authors, and for who labelled once everything is labelled."""
    mine = Q(own_text__owner=teacher) | Q(own_text__in=teacher.edited_texts.values("pk"))
    rows = OwnLabelling.objects.filter(mine | Q(teacher=teacher), finished__isnull=False)
    return get_object_or_404(
        rows.select_related("own_text__owner", "teacher"), own_text__uid=uid, teacher__uid=labeller_uid
    )


def text_for(teacher: Teacher, slug: str) -> Source:
    """A published text that the teacher can use."""
    return get_object_or_404(publishing.visible(teacher), slug=slug)


def shipped_text(slug: str) -> Source:
    """A text that came with the game."""
    return get_object_or_404(Source, slug=slug, is_own=False)


def ruling_of(teacher: Teacher, uid: str, *, to_change: bool = False) -> Ruling:
    """One's own ruling or the school's; for owners anybody's. Changed is one's own, and by owners the school's."""
    own, school = Q(teacher=teacher), Q(teacher=None)
    seen, changed = (Q(), own | school) if teacher.is_owner else (own | school, own)
    may = changed if to_change else seen
    return get_object_or_404(Ruling.objects.select_related("passage__source").filter(may), uid=uid)


def student_of(request: HttpRequest, classroom_uid: str) -> Student:
    """The student whose device this is. Raises Http404 where the device has not joined this class, or still waits."""
    return _present(request, entrant_of(request, classroom_uid))


def player_of(request: HttpRequest, classroom_uid: str, assignment_uid: str) -> tuple[Student, Assignment]:
    """`student_of` and `assignment_for` in one query: what every answer begins with. Raises Http404."""
    uid, session_key = _named_by(request)
    found = players.find(classroom=classroom_uid, assignment=assignment_uid, student=uid, session_key=session_key)
    if found is None:
        raise Http404
    student, assignment, is_for_some = found
    speak(request, student.classroom)
    _present(request, student)
    if is_for_some and not assignment.students.filter(pk=student.pk).exists():
        raise Http404
    return student, assignment


def _present(request: HttpRequest, student: Student) -> Student:
    """Raises Http404 for an entry that still waits."""
    if not student.is_approved:
        raise Http404
    student.partner = _partner_of(request, student)
    now = timezone.now()
    for present in filter(None, (student, student.partner)):
        actions.note_visit(student=present, now=now)
    return student


def _partner_of(request: HttpRequest, student: Student) -> Student | None:
    """Who plays with this student on this device. A pair ends with either's session."""
    if devices.PARTNER_COOKIE not in request.COOKIES:
        return None
    try:
        first, uid, session_key = signing.loads(
            request.COOKIES[devices.PARTNER_COOKIE], salt=devices.PARTNER_SALT, max_age=devices.COOKIE_AGE
        )
    except (signing.BadSignature, TypeError, ValueError):
        return None
    if first != student.uid or uid == first:
        return None
    return Student.objects.filter(
        uid=uid, session_key=session_key, classroom=student.classroom_id, is_approved=True
    ).first()


def entrant_of(request: HttpRequest, classroom_uid: str) -> Student:
    """The entry that this device made, even if the teacher has not approved it yet. Raises Http404."""
    uid, session_key = _named_by(request)
    student = get_object_or_404(
        Student.objects.select_related("classroom"), uid=uid, session_key=session_key, classroom__uid=classroom_uid
    )
    speak(request, student.classroom)
    return student


def _named_by(request: HttpRequest) -> tuple[str, str]:
    """Student and session as the device's cookie names them. Raises Http404."""
    try:
        return devices.named_in(request.COOKIES.get(devices.COOKIE, ""), timezone.now().date())
    except (signing.BadSignature, TypeError, ValueError):
        raise Http404 from None


def speak(request: HttpRequest, classroom: Classroom) -> None:
    """Answer in the language of the class, unless another was chosen on this device."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen not in dict(settings.LANGUAGES) and classroom.language in dict(settings.LANGUAGES):
        translation.activate(classroom.language)


def student_or_none(request: HttpRequest, classroom_uid: str) -> Student | None:
    try:
        return student_of(request, classroom_uid)
    except Http404:
        return None


def entrant_or_none(request: HttpRequest, classroom_uid: str) -> Student | None:
    try:
        return entrant_of(request, classroom_uid)
    except Http404:
        return None


def assignment_for(student: Student, uid: str) -> Assignment:
    """An assignment of the student's class that is for everybody, or for this student."""
    meant = Assignment.objects.filter(Q(students=None) | Q(students=student))
    return get_object_or_404(meant.select_related("classroom", "exercise_set"), uid=uid, classroom=student.classroom_id)
