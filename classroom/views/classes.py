"""A class as its teacher keeps it: settings, code, sheet, teachers, end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import audit, classes, qr, queries, retention
from classroom.access import TeacherRequest, classroom_of, led_classroom_of, teacher_required
from classroom.class_forms import ClassSettingsForm, CoTeacherForm, SureForm
from classroom.links import join_link
from classroom.models import AuditEvent


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_settings(request: TeacherRequest, uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    initial = {name: getattr(found, name) for name in ClassSettingsForm.base_fields}
    form = ClassSettingsForm(request.POST or None, initial=initial)
    if form.is_valid():
        classes.change(classroom=found, values=form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("classroom", found.uid)
    context = {
        "teacher": request.user,
        "classroom": found,
        "form": form,
        "aging": retention.aging(classroom=found, now=timezone.now()),
        "leads": found.teacher_id == request.user.pk,
    }
    return render(request, "classroom/classroom_settings.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_POST
def joining(request: TeacherRequest, uid: str) -> HttpResponse:
    """Close the class to newcomers, or open it: the code is switched off and on."""
    found = classroom_of(request.user, uid)
    is_open = request.POST.get("open") == "yes"
    classes.set_joining(classroom=found, is_open=is_open)
    said = _("Students can join with the code.") if is_open else _("Nobody else can join. Who is in the class stays.")
    messages.success(request, said)
    return redirect("classroom", found.uid)


@teacher_required
@require_POST
def code_renew(request: TeacherRequest, uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    code = classes.renew_code(classroom=found)
    messages.success(request, _("The new code is %(code)s. The old code and its link lead nowhere.") % {"code": code})
    return redirect("classroom", found.uid)


@teacher_required
@require_safe
def join_sheet(request: TeacherRequest, uid: str) -> HttpResponse:
    """A sheet for the wall: code, link and QR code."""
    found = classroom_of(request.user, uid)
    link = join_link(request, found)
    context = {"teacher": request.user, "classroom": found, "join_link": link, "qr": qr.svg(link)}
    return render(request, "classroom/join_sheet.html", context)


@teacher_required
@require_safe
def class_letter(request: TeacherRequest, uid: str) -> HttpResponse:
    """A letter to parents in the language of the class, with what this class stores."""
    context = {"teacher": request.user, "classroom": classroom_of(request.user, uid)}
    return render(request, "classroom/class_letter.html", context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def co_teachers(request: TeacherRequest, uid: str) -> HttpResponse:
    """Who shares the class; one more by sign-in name."""
    found = led_classroom_of(request.user, uid)
    form = CoTeacherForm(request.POST or None)
    if form.is_valid():
        try:
            added = classes.add_co_teacher(classroom=found, username=form.cleaned_data["username"])
        except classes.NoSuchTeacher:
            form.add_error("username", _("Nobody with an account has this name. The owner can invite them."))
        except classes.TeachesAlready:
            form.add_error("username", _("This teacher has the class already."))
        else:
            messages.success(request, _("%(name)s shares this class now.") % {"name": added.username})
            return redirect("co_teachers", found.uid)
    context = {
        "teacher": request.user,
        "classroom": found,
        "form": form,
        "co_teachers": queries.co_teachers(classroom=found),
    }
    return render(request, "classroom/co_teachers.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_POST
def co_teacher_remove(request: TeacherRequest, uid: str, teacher_uid: str) -> HttpResponse:
    found = led_classroom_of(request.user, uid)
    sharing = get_object_or_404(found.co_teachers, uid=teacher_uid)
    classes.remove_co_teacher(classroom=found, teacher=sharing)
    messages.success(request, _("%(name)s does not share this class any more.") % {"name": sharing.username})
    return redirect("co_teachers", found.uid)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def classroom_delete(request: TeacherRequest, uid: str) -> HttpResponse:
    """Delete a class, after its name was typed; the page offers the export first."""
    found = led_classroom_of(request.user, uid)
    form = SureForm(request.POST or None, wanted=found.name, label=_("Name of the class"))
    if form.is_valid():
        classes.delete(classroom=found)
        now = timezone.now()
        audit.note(event=AuditEvent.CLASS_DELETED, who=request.user.username, about=found.name, now=now)
        messages.success(request, _("%(name)s is deleted, with all students and answers.") % {"name": found.name})
        return redirect("teach_home")
    context = {
        "teacher": request.user,
        "classroom": found,
        "form": form,
        "students": len(queries.students(classroom=found)),
    }
    return render(request, "classroom/classroom_delete.html", context, status=422 if form.is_bound else 200)
