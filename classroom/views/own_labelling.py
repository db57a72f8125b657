"""Labelling a colleague's text blind, and deciding together where two labellings differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom.access import TeacherRequest, agreement_of, labelling_of, teacher_required
from classroom.models import OwnLabelling
from classroom.own_texts import agreeing, drafts, labelling
from classroom.own_texts.mark_forms import DecisionForm, LabelForm
from exercises import catalogue, rendering
from exercises.content.schema import LAYERS


@teacher_required
@require_safe
def own_labelling(request: TeacherRequest, uid: str) -> HttpResponse:
    """What is to be labelled, and how far one is. Nothing on these pages tells the first teacher's marks."""
    found = labelling_of(request.user, uid)
    steps = labelling.steps(found)
    context = {
        "teacher": request.user,
        "labelling": found,
        "own_text": found.own_text,
        "layers": [(layer, [each for each in steps if each.layer == layer]) for layer in LAYERS],
        "next": next((each for each in steps if not each.is_done), None),
        "is_complete": labelling.is_complete(found),
    }
    return render(request, "classroom/own_labelling.html", context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_label(request: TeacherRequest, uid: str, key: str, layer: str) -> HttpResponse:
    """One passage in one layer: mark and name everything, or nothing."""
    found = labelling_of(request.user, uid)
    draft = found.own_text.draft
    passage = drafts.passage_of(draft, key)
    if passage is None or layer not in LAYERS:
        raise Http404
    if not labelling.is_open(found, key, layer):
        messages.info(request, _("You have seen the key: what you labelled before stays as it is."))
        return redirect("own_labelling", uid)
    content = drafts.content_of(draft, passage | {"annotations": []})
    known = labelling.marks_of(found, passage, layer) or []
    form = LabelForm(request.POST if request.method == "POST" else None, layer=layer, content=content, known=known)
    if form.marks is not None:
        found = labelling.label(labelling=found, key=key, layer=layer, marks=form.marks, now=timezone.now())
        following = next((each for each in labelling.steps(found) if not each.is_done), None)
        if following is None:
            messages.success(request, _("Everything is labelled. Now you can look at where you agree."))
            return redirect("own_labelling", uid)
        return redirect("own_label", uid, following.key, following.layer)
    context = {
        "teacher": request.user,
        "own_text": found.own_text,
        "form": form,
        "layer": layer,
        "number": [each["key"] for each in draft["passages"]].index(key) + 1,
        "total": len(draft["passages"]),
        "is_done": labelling.marks_of(found, passage, layer) is not None,
        "passage": rendering.marking(content, checked=form.checked),
        "context": passage["context"],
        "options": [(each.slug, each.name) for each in catalogue.of_layer(layer)],
        "language": draft["card"]["language"],
    }
    return render(request, "classroom/own_label.html", context, status=422 if form.problem else 200)


@dataclass(frozen=True)
class ShownDifference:
    """A difference as the page shows it."""

    difference: agreeing.Difference
    number: int
    first: rendering.SegmentPassage
    second: rendering.SegmentPassage
    first_label: str
    second_label: str
    language: str


@teacher_required
@require_safe
def own_agreement(request: TeacherRequest, uid: str, teacher_uid: str) -> HttpResponse:
    """How far two labellings agree, and the first difference that is open."""
    found = agreement_of(request.user, uid, teacher_uid)
    if found.teacher_id == request.user.pk:
        labelling.note_seen(labelling=found, now=timezone.now())
    return _agreement(request, found)


@teacher_required
@require_POST
def own_decide(request: TeacherRequest, uid: str, teacher_uid: str) -> HttpResponse:
    """Settle one difference."""
    found = agreement_of(request.user, uid, teacher_uid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _agreement(request, found, form=form)
    try:
        agreeing.decide(found=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    except agreeing.NotOpen:
        form.add_error(None, _("This was decided meanwhile. This is how it stands now."))
        return _agreement(request, agreement_of(request.user, uid, teacher_uid), form=form)
    messages.success(request, _("Decided."))
    return redirect("own_agreement", uid, teacher_uid)


@teacher_required
@require_POST
def own_adjudicate(request: TeacherRequest, uid: str, teacher_uid: str) -> HttpResponse:
    """Note at the marks that two teachers labelled and adjudicated them."""
    found = agreement_of(request.user, uid, teacher_uid)
    try:
        agreeing.adjudicate(found=found, by=request.user, now=timezone.now())
    except agreeing.StillOpen:
        messages.warning(request, _("Some differences are still open."))
        return redirect("own_agreement", uid, teacher_uid)
    messages.success(request, _("The key is adjudicated by two teachers. Publish it, so that students see it."))
    if found.teacher_id == request.user.pk:
        return redirect("own_agreement", uid, teacher_uid)
    return redirect("own_text", uid)


def _agreement(request: TeacherRequest, found: OwnLabelling, form: DecisionForm | None = None) -> HttpResponse:
    known = agreeing.agreement(found)
    context: dict[str, Any] = {
        "teacher": request.user,
        "own_text": found.own_text,
        "labelling": found,
        "is_author": found.teacher_id != request.user.pk,
        "agreement": known,
        "is_complete": labelling.is_complete(found),
        "decided": len(known.differences) - len(known.open),
        "shown": _shown(found, known.open[0]) if known.open else None,
        "form": form or DecisionForm(),
    }
    return render(request, "classroom/own_agreement.html", context, status=422 if form else 200)


def _shown(found: OwnLabelling, each: agreeing.Difference) -> ShownDifference:
    draft = found.own_text.draft
    passage = drafts.passage_of(draft, each.key)
    assert passage is not None
    content = drafts.content_of(draft, passage | {"annotations": []})
    first, second = agreeing.labels_of(each, catalogue.labels())
    return ShownDifference(
        difference=each,
        number=[one["key"] for one in draft["passages"]].index(each.key) + 1,
        first=rendering.lit(content, each.first),
        second=rendering.lit(content, each.second),
        first_label=first,
        second_label=second,
        language=draft["card"]["language"],
    )
