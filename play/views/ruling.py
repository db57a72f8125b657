"""Rulings: what was decided, what it changed, undoing it, and adopting it for the school."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classroom.access import TeacherRequest, owner_required, ruling_of, teacher_required
from classroom.models import Ruling
from play import regrading, ruled, rulings


@teacher_required
@require_safe
def ruling_list(request: TeacherRequest) -> HttpResponse:
    """One's own rulings and those of the school; for owners those of all teachers."""
    context = {"teacher": request.user, "rows": ruled.rows(teacher=request.user)}
    return render(request, "play/ruling_list.html", context)


@teacher_required
@require_safe
def ruling(request: TeacherRequest, ruling_uid: str) -> HttpResponse:
    """What was ruled, how far the rescoring is, what it changed."""
    return _page(request, ruling_of(request.user, ruling_uid), "play/ruling.html")


@teacher_required
@require_safe
def ruling_progress(request: TeacherRequest, ruling_uid: str) -> HttpResponse:
    """The part of the page that changes while answers are rescored."""
    return _page(request, ruling_of(request.user, ruling_uid), "play/ruling.html#progress")


@teacher_required
@require_POST
def ruling_undo(request: TeacherRequest, ruling_uid: str) -> HttpResponse:
    """Take it back: one's own, or as an owner the school's."""
    found = ruling_of(request.user, ruling_uid, to_change=True)
    try:
        rulings.undo(ruling=found, who=request.user, now=timezone.now())
    except rulings.Busy:
        messages.error(request, _("Answers are still being rescored here. Try again in a moment."))
    except rulings.NotNow:
        messages.error(request, _("This ruling is not the latest one in force here any more."))
    return redirect("ruling", ruling_uid)


@owner_required
@require_POST
def ruling_adopt(request: TeacherRequest, ruling_uid: str) -> HttpResponse:
    """Put a teacher's ruling in force in the whole school."""
    found = ruling_of(request.user, ruling_uid)
    try:
        made = rulings.adopt(ruling=found, owner=request.user, now=timezone.now())
    except rulings.Busy:
        messages.error(request, _("Answers are still being rescored here. Try again in a moment."))
    except rulings.NotNow:
        messages.error(request, _("This ruling cannot be adopted: it is not in force, or it is adopted already."))
    except rulings.Behind:
        messages.error(
            request,
            _("The school has another ruling here, which this one does not build on. Undo that first."),
        )
    else:
        messages.success(request, _("Adopted: this is the school’s ruling now."))
        return redirect("ruling", made.uid)
    return redirect("ruling", ruling_uid)


@teacher_required
@require_POST
def ruling_recheck(request: TeacherRequest, ruling_uid: str) -> HttpResponse:
    """Stand by a ruling after the passage was changed in the material."""
    rulings.recheck(ruling=ruling_of(request.user, ruling_uid, to_change=True))
    return redirect("ruling", ruling_uid)


def _page(request: TeacherRequest, found: Ruling, template: str) -> HttpResponse:
    latest = found.regrades.first()
    if latest is not None:
        regrading.take_up(regrade=latest, now=timezone.now())
        latest.refresh_from_db()
    found.refresh_from_db()
    context = {
        "teacher": request.user,
        "ruling": found,
        "row": ruled.row(found),
        "regrade": latest,
        "regrades": list(found.regrades.all()),
        "poll_url": reverse("ruling_progress", args=[found.uid]),
        "may_change": found.teacher_id == request.user.pk or (found.teacher_id is None and request.user.is_owner),
        "is_last": rulings.is_last(found),
        "may_adopt": request.user.is_owner and found.teacher_id is not None and rulings.is_last(found),
        "is_adopted": rulings.is_adopted(found),
    }
    return render(request, template, context)
