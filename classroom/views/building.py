"""Making and editing an own set."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from classroom import building, outlines, ways
from classroom.access import TeacherRequest, own_set, teacher_required
from classroom.models import ExerciseSet
from classroom.set_forms import ItemForm, OrderForm, RemoveItemForm, SetForm, SetTitleForm

OUTDATED = gettext_lazy("The set has changed since this page was loaded. This is how it stands now.")


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_new(request: TeacherRequest) -> HttpResponse:
    form = SetTitleForm(request.POST or None)
    if form.is_valid():
        made = building.create_set(teacher=request.user, title=form.cleaned_data["title"], now=timezone.now())
        return redirect("set_edit", made.uid)
    context = {"teacher": request.user, "form": form}
    return render(request, "classroom/set_new.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_edit(request: TeacherRequest, uid: str) -> HttpResponse:
    """The workbench of a set: its decisions with the meter, and what it says about itself."""
    found = own_set(request.user, uid)
    form = SetForm(request.POST) if request.method == "POST" else SetForm.of(found)
    if form.is_bound and form.is_valid():
        building.edit_set(exercise_set=found, values=form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("set_edit", found.uid)
    return _page(request, found, status=422 if form.is_bound else 200, form=form)


@teacher_required
@require_POST
def set_order(request: TeacherRequest, uid: str) -> HttpResponse:
    """Move one decision by a button, or all of them by dragging."""
    found = own_set(request.user, uid)
    form = OrderForm(request.POST, exercise_set=found)
    if not form.is_valid():
        return _outdated(request, found)
    up, down, order = (form.cleaned_data[name] for name in ("up", "down", "item"))
    if item := up or down:
        place = building.move_item(item=item, by=-1 if up else 1, now=timezone.now())
        return _done(request, found, item.pk, _("Moved to place %(n)d.") % {"n": place})
    try:
        building.reorder(exercise_set=found, order=order, now=timezone.now())
    except building.OrderOutdated:
        return _outdated(request, found)
    return _done(request, found, None, _("The order is saved."))


@teacher_required
@require_POST
def set_item(request: TeacherRequest, uid: str) -> HttpResponse:
    """How one decision is played, and the heading before it."""
    found = own_set(request.user, uid)
    form = ItemForm(request.POST, exercise_set=found)
    if form.is_valid():
        try:
            building.change_item(**form.cleaned_data, now=timezone.now())
        except building.LayerTaken:
            form.add_error("exercise", ways.LAYER_TAKEN)
        except building.NotOffered:
            form.add_error("exercise", ways.NOT_OFFERED)
        else:
            pk = form.cleaned_data["item"].pk
            return _done(request, found, pk, _("Saved."), saved_item=pk)
    if "item" in form.errors:
        return _outdated(request, found)
    return _page(request, found, status=422, invalid=form, invalid_item=form.cleaned_data["item"].pk)


@teacher_required
@require_POST
def set_item_remove(request: TeacherRequest, uid: str) -> HttpResponse:
    found = own_set(request.user, uid)
    form = RemoveItemForm(request.POST, exercise_set=found)
    if not form.is_valid():
        return _outdated(request, found)
    building.remove_item(item=form.cleaned_data["item"], now=timezone.now())
    return _done(request, found, None, _("Removed from the set."))


@teacher_required
@require_POST
def set_remove(request: TeacherRequest, uid: str) -> HttpResponse:
    """Delete a set, or withdraw it where a class has it: its assignments go on."""
    found = own_set(request.user, uid)
    if building.remove_set(exercise_set=found, now=timezone.now()):
        messages.success(request, _("“%(title)s” is deleted.") % {"title": found.title})
    else:
        words = _("“%(title)s” is withdrawn. Classes that have it can play on.")
        messages.success(request, words % {"title": found.title})
    return redirect("set_list")


@teacher_required
@require_POST
def set_restore(request: TeacherRequest, uid: str) -> HttpResponse:
    """Take a withdrawn set up again."""
    found = own_set(request.user, uid)
    building.restore_set(exercise_set=found, now=timezone.now())
    messages.success(request, _("“%(title)s” can be assigned again.") % {"title": found.title})
    return redirect("set_edit", found.uid)


def _done(request: TeacherRequest, found: ExerciseSet, item: int | None, words: str, **extra: Any) -> HttpResponse:
    """The workbench after a change: the part that changed, or the page at the decision."""
    if getattr(request, "htmx", False):
        return _page(request, found, announce=words, **extra)
    messages.success(request, words)
    anchor = f"#item-{item}" if item else "#build"
    return redirect(reverse("set_edit", args=[found.uid]) + anchor)


def _outdated(request: TeacherRequest, found: ExerciseSet) -> HttpResponse:
    return _page(request, found, status=422, problem=OUTDATED)


def _page(
    request: TeacherRequest, found: ExerciseSet, *, status: int = 200, form: Form | None = None, **extra: Any
) -> HttpResponse:
    context = {
        "teacher": request.user,
        "set": found,
        "outline": outlines.outline(exercise_set=found),
    } | extra
    if request.method == "POST" and getattr(request, "htmx", False):
        return render(request, "classroom/set_edit.html#build", context, status=status)
    context |= {
        "form": form or SetForm.of(found),
        "is_used": outlines.is_used(exercise_set=found),
    }
    return render(request, "classroom/set_edit.html", context, status=status)
