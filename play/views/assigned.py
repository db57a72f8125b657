"""An assignment that stands, for its teacher: its times and rules, extensions, teams, closing it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from classroom import assigning
from classroom.access import TeacherRequest, assignment_of, teacher_required
from classroom.assignment_forms import AssignmentForm, ExtensionForm, TeamCountForm, TeamsForm
from classroom.models import Assignment, BoardMode
from classroom.schedule import schedule_of
from play import changing, standings


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """Change when it is open, for whom, and how. Answers stay; the standings follow."""
    assignment = assignment_of(request.user, uid, assignment_uid)
    form = _plan_form(request, assignment, sent=request.method == "POST")
    if form.is_valid():
        changing.change_assignment(assignment=assignment, plan=form.plan, now=timezone.now())
        messages.success(request, _("The assignment is changed."))
        return redirect("assignment_edit", uid, assignment_uid)
    return _page(request, assignment, form=form)


@teacher_required
@require_POST
def assignment_close(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """Close it for everybody now; what was opened and left open counts as wrong."""
    assignment = assignment_of(request.user, uid, assignment_uid)
    changing.close_assignment(assignment=assignment, now=timezone.now())
    messages.success(request, _("%(title)s is closed.") % {"title": assignment.title})
    return redirect("assignment_edit", uid, assignment_uid)


@teacher_required
@require_POST
def assignment_extend(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """More time for one student."""
    assignment = assignment_of(request.user, uid, assignment_uid)
    form = _extension_form(request, assignment, sent=True)
    if form.is_valid():
        changing.extend_assignment(
            assignment=assignment,
            student=form.chosen,
            closes=form.cleaned_data["closes"],
            time_factor=form.factor,
            now=timezone.now(),
        )
        messages.success(request, _("%(name)s: noted.") % {"name": form.chosen.nickname})
        return redirect("assignment_edit", uid, assignment_uid)
    return _page(request, assignment, extension=form)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_teams(request: TeacherRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """Teams, drawn by lot or put together by hand. There are teams only where the leaderboard is one of teams."""
    assignment = assignment_of(request.user, uid, assignment_uid)
    if assignment.board_mode != BoardMode.TEAMS:
        return redirect("assignment_edit", uid, assignment_uid)
    count = TeamCountForm(request.POST if "count" in request.POST else None)
    names, students = assigning.teams_of(assignment=assignment)
    by_hand = request.method == "POST" and not count.is_bound
    form = TeamsForm(request.POST if by_hand else None, names=names, students=students)
    if count.is_bound and count.is_valid():
        changing.draw_teams(assignment=assignment, count=count.cleaned_data["count"])
    elif by_hand and form.is_valid():
        changing.choose_teams(assignment=assignment, names=form.names, chosen=form.chosen)
    else:
        context = {
            "teacher": request.user,
            "classroom": assignment.classroom,
            "assignment": assignment,
            "form": form,
            "count": count,
        }
        return render(request, "play/assignment_teams.html", context, status=422 if request.method == "POST" else 200)
    messages.success(request, _("The teams stand."))
    return redirect("assignment_teams", uid, assignment_uid)


def _page(request: TeacherRequest, assignment: Assignment, **sent: forms.Form) -> HttpResponse:
    """The assignment's page, with the one form that was sent and refused."""
    now = timezone.now()
    standings.settle(assignment=assignment, now=now)
    schedule = schedule_of(assignment)
    context: dict[str, object] = {
        "teacher": request.user,
        "classroom": assignment.classroom,
        "assignment": assignment,
        "schedule": schedule,
        "state": schedule.state(now),
        "extensions": assigning.extensions_of(assignment=assignment),
        "form": sent.get("form") or _plan_form(request, assignment),
        "extension": sent.get("extension") or _extension_form(request, assignment),
    }
    refused = any(form.is_bound for form in sent.values())
    return render(request, "play/assignment_edit.html", context, status=422 if refused else 200)


def _plan_form(request: TeacherRequest, assignment: Assignment, *, sent: bool = False) -> AssignmentForm:
    return AssignmentForm(
        request.POST if sent else None,
        assignment=assignment,
        classroom=assignment.classroom,
        students=assigning.everybody(assignment=assignment),
        now=timezone.now(),
    )


def _extension_form(request: TeacherRequest, assignment: Assignment, *, sent: bool = False) -> ExtensionForm:
    return ExtensionForm(
        request.POST if sent else None,
        assignment=assignment,
        classroom=assignment.classroom,
        students=assigning.players(assignment=assignment),
    )
