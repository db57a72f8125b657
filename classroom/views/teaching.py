"""A teacher's classes."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import actions, qr, queries
from classroom.access import TeacherRequest, classroom_of, set_for, teacher_required
from classroom.forms import AssignForm, ClassroomForm
from classroom.models import Classroom

LOOPBACK = ("localhost", "127.0.0.1")


@teacher_required
@require_safe
def teach_home(request: TeacherRequest) -> HttpResponse:
    context = {"teacher": request.user, "classrooms": queries.classrooms(teacher=request.user), "form": ClassroomForm()}
    return render(request, "classroom/teach_home.html", context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_new(request: TeacherRequest) -> HttpResponse:
    form = ClassroomForm(request.POST or None)
    if form.is_valid():
        made = actions.create_classroom(teacher=request.user, name=form.cleaned_data["name"], now=timezone.now())
        return redirect("classroom", made.uid)
    context = {"teacher": request.user, "form": form}
    return render(request, "classroom/classroom_new.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_safe
def classroom(request: TeacherRequest, uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    link = join_link(request, found)
    context = {
        "teacher": request.user,
        "classroom": found,
        "join_link": link,
        "qr": qr.svg(link),
        "students": queries.students(classroom=found),
        "assignments": queries.assignments(classroom=found),
        "form": _assign_form(request),
    }
    return render(request, "classroom/classroom.html", context)


@teacher_required
@require_POST
def assign(request: TeacherRequest, uid: str) -> HttpResponse:
    """Give a set to the class."""
    found = classroom_of(request.user, uid)
    form = _assign_form(request)
    if not form.is_valid():
        context = {"teacher": request.user, "classroom": found, "form": form}
        return render(request, "classroom/assign.html", context, status=422)
    exercise_set = set_for(request.user, form.cleaned_data["exercise_set"])
    actions.assign(classroom=found, exercise_set=exercise_set, now=timezone.now())
    messages.success(request, _("%(set)s is assigned. Students see it now.") % {"set": exercise_set.title})
    return redirect("classroom", found.uid)


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


def join_link(request: HttpRequest, classroom: Classroom) -> str:
    """The address that students open: not the teacher's own loopback, which leads nowhere on another device."""
    path = reverse("join_link", args=[classroom.code])
    if request.get_host().partition(":")[0] in LOOPBACK and settings.PUBLIC_ADDRESS:
        return urljoin(settings.PUBLIC_ADDRESS, path)
    return request.build_absolute_uri(path)


def _assign_form(request: TeacherRequest) -> AssignForm:
    choices = [(each.uid, each.title) for each in queries.sets(teacher=request.user)]
    return AssignForm(request.POST or None, choices=choices)
