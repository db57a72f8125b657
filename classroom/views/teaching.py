"""A teacher's classes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import actions, first_lesson, qr, queries, retention
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.forms import ClassroomForm
from classroom.links import join_link
from classroom.views.assigning import assign_form

FIRST_LESSON_COOKIE = "first_lesson"


@teacher_required
@require_safe
def teach_home(request: TeacherRequest) -> HttpResponse:
    rows = queries.classrooms(teacher=request.user)
    steps = first_lesson.first_lesson(rows)
    context = {
        "teacher": request.user,
        "classrooms": rows,
        "first_lesson": None if FIRST_LESSON_COOKIE in request.COOKIES or steps.is_over else steps,
        "near_end": retention.near_end(teacher=request.user, now=timezone.now()),
        "form": ClassroomForm(),
    }
    return render(request, "classroom/teach_home.html", context)


@teacher_required
@require_POST
def first_lesson_close(request: TeacherRequest) -> HttpResponse:
    """The steps of the first lesson are not shown on this device any more."""
    response = redirect("teach_home")
    response.set_cookie(
        FIRST_LESSON_COOKIE,
        "closed",
        max_age=365 * 24 * 3600,
        path=reverse("teach_home"),
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )
    return response


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_new(request: TeacherRequest) -> HttpResponse:
    form = ClassroomForm(request.POST or None)
    if form.is_valid():
        made = actions.create_classroom(
            teacher=request.user, name=form.cleaned_data["name"], language=get_language(), now=timezone.now()
        )
        return redirect("classroom", made.uid)
    context = {"teacher": request.user, "form": form}
    return render(request, "classroom/classroom_new.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_safe
def classroom(request: TeacherRequest, uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    link = join_link(request, found)
    students = queries.students(classroom=found)
    assignments = queries.assignments(classroom=found, now=timezone.now())
    context = {
        "teacher": request.user,
        "classroom": found,
        "join_link": link,
        "qr": qr.svg(link),
        "students": students,
        "joined": queries.joined(classroom=found),
        "waiting": queries.waiting(classroom=found),
        "aging": retention.aging(classroom=found, now=timezone.now()),
        "assignments": assignments,
        "shared_titles": queries.shared_titles(titles=[each.title for each in assignments]),
        "form": assign_form(request, found, queries.sets(teacher=request.user), students),
    }
    return render(request, "classroom/classroom.html", context)


@teacher_required
@require_safe
def joined(request: TeacherRequest, uid: str, students: int, waiting: int) -> HttpResponse:
    """How many have joined, asked every few seconds; 204 while nobody has come or gone."""
    found = classroom_of(request.user, uid)
    now = queries.joined(classroom=found)
    if now == queries.Joined(students, waiting):
        return HttpResponse(status=204)
    return render(request, "classroom/joining.html#joined", {"classroom": found, "joined": now, "is_news": True})


@teacher_required
@require_POST
def phrase_renew(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    """A new re-entry phrase for a student who lost it: shown once."""
    found = classroom_of(request.user, uid)
    student = get_object_or_404(found.students.select_related("classroom"), uid=student_uid)
    context = {
        "teacher": request.user,
        "classroom": found,
        "renewed": student,
        "phrase": actions.renew_phrase(student=student),
    }
    return render(request, "classroom/phrase_renew.html", context)
