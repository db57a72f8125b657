"""Browsing the material passage by passage, and putting what one finds into a set without leaving the page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classroom import building, ways
from classroom import material as passages
from classroom.access import TeacherRequest, own_set, teacher_required
from classroom.models import ExerciseSet
from classroom.set_forms import AddForm, MaterialForm
from play import difficulty


@teacher_required
@require_safe
def material(request: TeacherRequest) -> HttpResponse:
    """Passages by text, camp, layer, label and the like; with a set chosen, each can be added to it."""
    return _page(request, request.GET)


@teacher_required
@require_POST
def set_add(request: TeacherRequest, uid: str) -> HttpResponse:
    """Put one exercise into a set, and stay where one is."""
    found = own_set(request.user, uid)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, str(next(iter(form.errors.values()))[0]))
    exercise = form.cleaned_data["exercise"]
    try:
        building.add_item(exercise_set=found, exercise=exercise, now=timezone.now())
    except building.LayerTaken:
        return _refused(request, found, str(ways.LAYER_TAKEN), exercise.passage_id)
    except building.NotOffered:
        return _refused(request, found, str(ways.NOT_OFFERED), exercise.passage_id)
    except building.SetFull:
        return _refused(request, found, str(ways.SET_FULL), exercise.passage_id)
    if getattr(request, "htmx", False):
        return _place(request, found, exercise.passage_id)
    messages.success(request, _("Added to “%(title)s”.") % {"title": found.title})
    passage = passages.passage(teacher=request.user, passage_id=exercise.passage_id)
    anchor = f"#{passages.anchor(passage)}" if passage else ""
    return redirect(f"{reverse('material')}?{_back(request, found).urlencode()}{anchor}")


def _refused(request: TeacherRequest, found: ExerciseSet, error: str, passage_id: int = 0) -> HttpResponse:
    """The reason at the passage; on top where the page does not show the passage."""
    if passage_id and getattr(request, "htmx", False):
        return _place(request, found, passage_id, error)
    return _page(request, _back(request, found), error=error, error_at=passage_id, status=422)


def _back(request: TeacherRequest, found: ExerciseSet) -> QueryDict:
    """The query of the page that the form stood on."""
    query = QueryDict(request.POST.get("back", "")[:2000], mutable=True)
    query["set"] = found.uid
    return query


def _place(request: TeacherRequest, found: ExerciseSet, passage_id: int, error: str = "") -> HttpResponse:
    passage = passages.passage(teacher=request.user, passage_id=passage_id)
    if passage is None:
        raise Http404
    context = {
        "into": found,
        "place": passages.place(passage=passage, into=found, error=error),
        "back": _back(request, found).urlencode(),
        "announce": error or _("Added to “%(title)s”.") % {"title": found.title},
    }
    return render(request, "play/material.html#place", context, status=422 if error else 200)


def _page(
    request: TeacherRequest, data: QueryDict, *, error: str = "", error_at: int = 0, status: int = 200
) -> HttpResponse:
    form = MaterialForm(data, choices=passages.choices(teacher=request.user))
    context: dict[str, object] = {"teacher": request.user, "form": form, "error": error, "error_at": error_at}
    if form.is_valid():
        into = request.user.sets.filter(uid=form.cleaned_data["set"]).first() if form.cleaned_data["set"] else None
        page = data.get("page", "1")
        results = passages.browse(
            teacher=request.user,
            filters=form.filters(),
            page=int(page) if page.isdecimal() and len(page) < 6 else 1,
            into=into,
            measure=lambda ids: difficulty.measured(passages=ids),
        )
        context |= {
            "into": into,
            "results": results,
            "is_error_shown": any(each.place and each.place.passage_id == error_at for each in results.found),
            "back": data.urlencode(),
            "previous": _at(data, results.page - 1) if results.page > 1 else "",
            "next": _at(data, results.page + 1) if results.page < results.pages else "",
        }
    else:
        status = 422
    template = "play/material.html"
    if request.method != "POST" and getattr(request, "htmx", False):
        template += "#results"
    return render(request, template, context, status=status)


def _at(data: QueryDict, page: int) -> str:
    """The query of another page of the same results."""
    query = data.copy()
    query["page"] = str(page)
    return query.urlencode()
