"""Cutting an own text into passages, and annotating them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from classroom.access import TeacherRequest, own_text_of, teacher_required
from classroom.models import OwnText
from classroom.own_texts import checks, cutting, drafts, marking, shelves
from classroom.own_texts.mark_forms import MarkForm, PassageForm
from classroom.views import own_drafts
from exercises import rendering
from exercises.content.schema import LAYERS


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_cut(request: TeacherRequest, uid: str) -> HttpResponse:
    """The text sentence by sentence; each place between two is a button."""
    found = own_text_of(request.user, uid)
    if request.method != "POST":
        return _cuts(request, found)
    change, anchor = _cut(request)
    if change is None:
        return _cuts(request, found, problem=_("Say where to cut."))
    try:
        found = own_drafts.save(request, found, drafts.CUTS, change)
    except drafts.Outdated as outdated:
        return _cuts(request, own_text_of(request.user, uid), outdated=outdated)
    except cutting.CannotCut as problem:
        return _cuts(request, found, problem=str(problem))
    if own_drafts.is_by_itself(request):
        return _cuts(request, found, is_changed=True)
    return redirect(reverse("own_text_cut", args=[found.uid]) + anchor)


def _cut(request: TeacherRequest) -> tuple[own_drafts.Change | None, str]:
    """What a button of the page asks for, and where on the page it stands."""

    def propose(draft: drafts.Draft) -> None:
        if not draft["passages"]:
            cutting.propose(draft)

    if "propose" in request.POST:
        return propose, ""
    for name, action in (("toggle", cutting.toggle), ("use", cutting.use), ("leave_out", cutting.leave_out)):
        value = request.POST.get(name, "")
        if value.isascii() and value.isdecimal() and len(value) < 6:
            number = int(value)
            return (lambda draft, act=action, n=number: act(draft, n)), f"#cut-{number}"
    return None, ""


def _cuts(request: TeacherRequest, found: OwnText, *, is_changed: bool = False, **why: Any) -> HttpResponse:
    context = own_drafts.context(request, found, cuts=cutting.cuts(found.draft), **why)
    template = "classroom/own_text_cut.html"
    if request.method == "POST" and own_drafts.is_by_itself(request):
        template += "#cuts"
    return render(request, template, context, status=422 if why else 200)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_passage(request: TeacherRequest, uid: str, key: str) -> HttpResponse:
    """A passage as a whole: its states with their reasons, and what students read around it."""
    found = own_text_of(request.user, uid)
    passage = drafts.passage_of(found.draft, key)
    if passage is None:
        return _gone(request, found)
    form = PassageForm.of(passage, request.POST if request.method == "POST" else None)
    extra: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        values, part = form.values(), drafts.passage_part(key)
        try:
            found = own_drafts.save(request, found, part, lambda draft: marking.change_passage(draft, key, values))
        except drafts.Outdated as outdated:
            if own_drafts.is_by_itself(request):
                return own_drafts.not_saved(request, found, outdated=outdated)
            extra = {"outdated": outdated, "theirs": own_drafts.theirs(form, PassageForm.of(passage))}
        except marking.Gone:
            return _gone(request, found)
        else:
            if own_drafts.is_by_itself(request):
                return own_drafts.saved(request, found, _problems(found, key))
            messages.success(request, _("Saved."))
            return redirect(_next(found, key))
    if form.is_bound and own_drafts.is_by_itself(request):
        return own_drafts.not_saved(request, found, form=form)
    problems = _problems(found, key)
    context = own_drafts.context(request, found, form=form, problems=problems, **_place(found, key), **extra)
    context["marks"] = shelves.mark_rows(found.draft, passage, problems)
    return render(request, "classroom/own_passage.html", context, status=422 if form.is_bound else 200)


def _next(found: OwnText, key: str) -> str:
    """The passage that follows, or the overview after the last."""
    keys = [each["key"] for each in found.draft["passages"]]
    after = keys[keys.index(key) + 1 :] if key in keys else []
    return reverse("own_passage", args=[found.uid, after[0]]) if after else reverse("own_text", args=[found.uid])


def _problems(found: OwnText, key: str) -> list[checks.Problem]:
    passage = drafts.passage_of(found.draft, key)
    return checks.of_passage(found.draft, passage) if passage else []


def _place(found: OwnText, key: str) -> dict[str, Any]:
    """A passage with its neighbours, as the page shows it."""
    rows = found.draft["passages"]
    at = [each["key"] for each in rows].index(key)
    content = drafts.content_of(found.draft, rows[at])
    return {
        "passage_key": key,
        "number": at + 1,
        "total": len(rows),
        "previous": rows[at - 1]["key"] if at else "",
        "next": rows[at + 1]["key"] if at + 1 < len(rows) else "",
        "passage": rendering.revealed(
            content, [target for layer in LAYERS for target in content.targets(layer)], (), answered=False
        ),
        "language": found.draft["card"]["language"],
    }


@teacher_required
@require_POST
def own_mark_add(request: TeacherRequest, uid: str, key: str) -> HttpResponse:
    """A new mark in a layer; its page asks for the words."""
    found = own_text_of(request.user, uid)
    layer = request.POST.get("layer", "")
    if drafts.passage_of(found.draft, key) is None:
        raise Http404
    if layer not in LAYERS:
        messages.warning(request, _("Say whether it is a technique or a missing source."))
        return redirect("own_passage", uid, key)
    made = marking.new_key()

    def add(draft: drafts.Draft) -> list[str]:
        marking.add_mark(draft, key, layer, made)
        return [drafts.passage_part(key)]

    try:
        own_drafts.save(request, found, drafts.mark_part(key, made), add)
    except marking.Gone:
        raise Http404 from None
    return redirect("own_mark", found.uid, key, made)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_mark(request: TeacherRequest, uid: str, key: str, mark_key: str) -> HttpResponse:
    """One mark: its words, the words around it, its label, and why."""
    found = own_text_of(request.user, uid)
    passage = drafts.passage_of(found.draft, key)
    mark = drafts.mark_of(passage, mark_key) if passage else None
    if passage is None or mark is None:
        return _gone(request, found)
    content = drafts.content_of(found.draft, passage | {"annotations": []})
    sent = request.POST if request.method == "POST" else None
    form = MarkForm(sent, layer=mark["layer"], content=content, mark=mark)
    extra: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        values, part = form.values(), drafts.mark_part(key, mark_key)
        try:
            found = own_drafts.save(
                request, found, part, lambda draft: marking.change_mark(draft, key, mark_key, values)
            )
        except drafts.Outdated as outdated:
            if own_drafts.is_by_itself(request):
                return own_drafts.not_saved(request, found, outdated=outdated)
            stored = MarkForm(None, layer=mark["layer"], content=content, mark=mark)
            extra = {"outdated": outdated, "theirs": _theirs(form, stored)}
        except marking.Gone:
            return _gone(request, found)
        else:
            if own_drafts.is_by_itself(request):
                return own_drafts.saved(request, found, _mark_problems(found, key, mark_key))
            messages.success(request, _("Saved."))
            return redirect("own_passage", found.uid, key)
    if form.is_bound and own_drafts.is_by_itself(request):
        return own_drafts.not_saved(request, found, form=form)
    context = own_drafts.context(
        request,
        found,
        form=form,
        mark=mark,
        problems=_mark_problems(found, key, mark_key),
        core=rendering.marking(content, checked=form.words()),
        envelope=rendering.marking(content, checked=form.words("e")),
        **_place(found, key),
        **extra,
    )
    return render(request, "classroom/own_mark.html", context, status=422 if form.is_bound else 200)


def _mark_problems(found: OwnText, key: str, mark_key: str) -> list[checks.Problem]:
    return [each for each in _problems(found, key) if each.mark == mark_key]


def _theirs(mine: MarkForm, stored: MarkForm) -> list[own_drafts.Theirs]:
    rows = own_drafts.theirs(mine, stored)
    if mine.words() != stored.words():
        quote = checks.quote_of(stored.content, stored.mark)
        rows.insert(0, own_drafts.Theirs(_("Marked words"), quote))
    return rows


@teacher_required
@require_POST
def own_mark_remove(request: TeacherRequest, uid: str, key: str, mark_key: str) -> HttpResponse:
    found = own_text_of(request.user, uid)

    def take_off(draft: drafts.Draft) -> list[str]:
        marking.remove_mark(draft, key, mark_key)
        return [drafts.passage_part(key)]

    try:
        own_drafts.save(request, found, drafts.mark_part(key, mark_key), take_off)
    except drafts.Outdated:
        messages.warning(request, _("A colleague has changed this mark. Look at it first."))
        return redirect("own_mark", found.uid, key, mark_key)
    except marking.Gone:
        raise Http404 from None
    messages.success(request, _("The mark is off."))
    return redirect("own_passage", found.uid, key)


def _gone(request: TeacherRequest, found: OwnText) -> HttpResponse:
    """A colleague cut the text anew while one was writing: what was typed is shown, to be copied."""
    if request.method != "POST":
        raise Http404
    if own_drafts.is_by_itself(request):
        problem = _("A colleague took this place away. Press Save: what you typed is shown, to be copied.")
        return own_drafts.not_saved(request, found, problem=problem)
    hidden = ("csrfmiddlewaretoken", "revision", "page", "w", "s", "ew", "es")
    typed = [value for name, values in request.POST.lists() if name not in hidden for value in values if value.strip()]
    context = own_drafts.context(request, found, typed=typed)
    return render(request, "classroom/own_text_gone.html", context, status=422)
