"""The roster of a class, and entries that wait for approval."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from classroom import classes, queries
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.class_forms import RosterForm


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: TeacherRequest, uid: str) -> HttpResponse:
    """The names that students can choose from, and more names by paste or file."""
    found = classroom_of(request.user, uid)
    form = RosterForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        new, known = classes.extend_roster(classroom=found, names=form.read)
        said = ngettext("%(n)d name is new on the roster.", "%(n)d names are new on the roster.", new) % {"n": new}
        if known:
            was = ngettext("%(n)d was on it already.", "%(n)d were on it already.", known) % {"n": known}
            said = f"{said} {was}"
        messages.success(request, said)
        return redirect("roster", found.uid)
    context = {
        "teacher": request.user,
        "classroom": found,
        "form": form,
        "roster": queries.roster(classroom=found),
    }
    return render(request, "classroom/roster.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_POST
def roster_remove(request: TeacherRequest, uid: str, entry_uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    entry = get_object_or_404(found.roster, uid=entry_uid)
    classes.remove_from_roster(entry=entry)
    messages.success(request, _("%(name)s is off the roster.") % {"name": entry.name})
    return redirect("roster", found.uid)


@teacher_required
@require_POST
def entries_approve(request: TeacherRequest, uid: str) -> HttpResponse:
    """Let waiting students in: the one of the button that was pressed, or all."""
    found = classroom_of(request.user, uid)
    chosen = request.POST.getlist("student")
    n = classes.approve(classroom=found, students=chosen or None)
    messages.success(request, ngettext("%(n)d student is let in.", "%(n)d students are let in.", n) % {"n": n})
    return redirect("classroom", found.uid)
