"""Students with their answers, as their teacher handles them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from classroom import audit, classes, queries
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.actions import ClassFull
from classroom.class_forms import FloodForm, MergeForm, MoveForm, RenameForm
from classroom.models import AuditEvent, Student
from play import actions, entries, roll


@teacher_required
@require_safe
def student_list(request: TeacherRequest, uid: str) -> HttpResponse:
    """Who is in the class, when they were here last, how far they are."""
    return _list(request, uid, FloodForm())


@teacher_required
@require_POST
def flood_clear(request: TeacherRequest, uid: str) -> HttpResponse:
    """Remove the entries of the last minutes that have answered nothing."""
    form = FloodForm(request.POST)
    found = classroom_of(request.user, uid)
    if not form.is_valid():
        return _list(request, uid, form)
    n = entries.clear_flood(classroom=found, minutes=form.cleaned_data["minutes"], now=timezone.now())
    messages.success(request, ngettext("%(n)d entry is removed.", "%(n)d entries are removed.", n) % {"n": n})
    return redirect("student_list", uid)


@teacher_required
@require_safe
def student(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    """One student: progress, and what the teacher can do."""
    return _student(request, uid, _fetch(request, uid, student_uid))


@teacher_required
@require_POST
def student_rename(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    shown = _fetch(request, uid, student_uid)
    form = RenameForm(request.POST)
    if form.is_valid():
        try:
            classes.rename(student=shown, nickname=form.cleaned_data["nickname"])
        except classes.NicknameGiven:
            form.add_error("nickname", _("Somebody else in the class has this name."))
        else:
            messages.success(request, _("The name is changed."))
            return redirect("student", uid, student_uid)
    return _student(request, uid, shown, rename=form)


@teacher_required
@require_POST
def student_merge(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    """Two entries of one child become one."""
    shown = _fetch(request, uid, student_uid)
    form = MergeForm(request.POST, choices=roll.others(student=shown))
    if form.is_valid():
        other = get_object_or_404(shown.classroom.students, uid=form.cleaned_data["other"])
        entries.merge(kept=shown, other=other)
        said = _("%(other)s and %(name)s are one now: %(name)s, with the answers of both.")
        messages.success(request, said % {"other": other.nickname, "name": shown.nickname})
        return redirect("student", uid, student_uid)
    return _student(request, uid, shown, merge=form)


@teacher_required
@require_POST
def student_move(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    """Into another class of the teacher; the new words are shown once."""
    shown = _fetch(request, uid, student_uid)
    form = MoveForm(request.POST, choices=_other_classes(request, uid))
    if form.is_valid():
        target = classroom_of(request.user, form.cleaned_data["classroom"])
        try:
            phrase = entries.move(student=shown, classroom=target)
        except classes.NicknameGiven:
            said = _("Somebody in %(class)s has the name %(name)s. Please rename one of them first.")
            form.add_error("classroom", said % {"class": target.name, "name": shown.nickname})
        except ClassFull:
            form.add_error("classroom", _("%(class)s is full.") % {"class": target.name})
        else:
            context = {"teacher": request.user, "classroom": target, "renewed": shown, "phrase": phrase}
            return render(request, "classroom/phrase_renew.html", context)
    return _student(request, uid, shown, move=form)


@teacher_required
@require_POST
def student_remove(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    removed = _fetch(request, uid, student_uid)
    actions.remove_student(student=removed)
    where = removed.classroom.name
    audit.note(event=AuditEvent.STUDENT_REMOVED, who=request.user.username, about=where, now=timezone.now())
    messages.success(request, _("%(name)s is removed, with all answers.") % {"name": removed.nickname})
    return redirect("classroom", uid)


def _fetch(request: TeacherRequest, uid: str, student_uid: str) -> Student:
    found = classroom_of(request.user, uid)
    return get_object_or_404(found.students.select_related("classroom", "roster_entry"), uid=student_uid)


def _list(request: TeacherRequest, uid: str, form: FloodForm) -> HttpResponse:
    found = classroom_of(request.user, uid)
    context = {"teacher": request.user, "classroom": found, "rows": roll.roll(classroom=found), "form": form}
    return render(request, "play/student_list.html", context, status=422 if form.is_bound else 200)


def _student(request: TeacherRequest, uid: str, shown: Student, **sent: forms.Form) -> HttpResponse:
    """The student's page, with the one form that was sent and refused."""
    others, classrooms = roll.others(student=shown), _other_classes(request, uid)
    context = {
        "teacher": request.user,
        "classroom": shown.classroom,
        "shown": shown,
        "rows": roll.of_student(student=shown, now=timezone.now()),
        "rename": RenameForm(initial={"nickname": shown.nickname}),
        "merge": MergeForm(choices=others),
        "move": MoveForm(choices=classrooms),
        "others": others,
        "classrooms": classrooms,
    }
    return render(request, "play/student.html", context | sent, status=422 if sent else 200)


def _other_classes(request: TeacherRequest, uid: str) -> list[tuple[str, str]]:
    return [(each.uid, each.name) for each in queries.classrooms(teacher=request.user) if each.uid != uid]
