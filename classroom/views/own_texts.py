"""Teachers' own texts: the shelf, a new one, its words and its card, publishing, sharing, taking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom.access import TeacherRequest, led_text_of, own_text_of, teacher_required
from classroom.models import OwnText
from classroom.own_texts import checks, cutting, drafts, publishing, sharing, shelves
from classroom.own_texts.forms import FILE_TOO_LARGE, CardForm, ColleagueForm, NewTextForm, SharingForm, WordsForm
from classroom.views import own_drafts
from exercises.content.schema import BadContent

OUTDATED = gettext_lazy("A colleague saved this part after you opened it.")


@teacher_required
@require_safe
def own_text_list(request: TeacherRequest) -> HttpResponse:
    """Own texts, those that one writes with others, and those that one is asked to label."""
    context = {"teacher": request.user, "shelf": shelves.shelf(teacher=request.user)}
    return render(request, "classroom/own_text_list.html", context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_new(request: TeacherRequest) -> HttpResponse:
    """A text by paste or by file; what was repaired is shown before anything else."""
    form = (
        NewTextForm(request.POST, request.FILES)
        if request.method == "POST"
        else NewTextForm(initial={"language": request.LANGUAGE_CODE})
    )
    if form.is_valid():
        read = form.read
        draft = drafts.begun(text=read.text, language=form.cleaned_data["language"])
        draft |= {"unrepaired": read.unrepaired, "notes": list(read.notes)}
        if form.cleaned_data["file"]:
            draft["card"]["file"] = form.cleaned_data["file"].name.replace("\0", "")[:300]
        made = drafts.create(teacher=request.user, title=form.cleaned_data["title"], draft=draft, now=timezone.now())
        return redirect("own_text_words", made.uid)
    if "too-large" in request.GET:
        messages.error(request, FILE_TOO_LARGE)
    context = {"teacher": request.user, "form": form}
    return render(request, "classroom/own_text_new.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_safe
def own_text(request: TeacherRequest, uid: str) -> HttpResponse:
    """The steps of a text, what is still wrong with it, and publishing."""
    found = own_text_of(request.user, uid)
    return overview(request, found)


def overview(request: TeacherRequest, found: OwnText, *, refused: list[str] | None = None) -> HttpResponse:
    context = own_drafts.context(request, found, outline=shelves.outline(own_text=found), refused=refused or [])
    return render(request, "classroom/own_text.html", context, status=422 if refused else 200)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_words(request: TeacherRequest, uid: str) -> HttpResponse:
    """The words of the text, as they were repaired; passages that are cut keep theirs."""
    found = own_text_of(request.user, uid)
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and "unrepaired" in sent:
        sent["text"] = found.draft.get("unrepaired") or found.draft["text"]
    form = WordsForm(sent, initial={"text": found.draft["text"]})
    extra: dict[str, object] = {}
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            found = own_drafts.save(request, found, drafts.TEXT, lambda draft: cutting.change_text(draft, text))
        except drafts.Outdated as outdated:
            if own_drafts.is_by_itself(request):
                return own_drafts.not_saved(request, found, outdated=outdated)
            stored = WordsForm(initial={"text": found.draft["text"]})
            extra = {"outdated": outdated, "theirs": own_drafts.theirs(form, stored)}
        except cutting.CannotCut as problem:
            form.add_error("text", str(problem))
        else:
            if own_drafts.is_by_itself(request):
                return own_drafts.saved(request, found)
            messages.success(request, _("Saved."))
            return redirect("own_text_words" if "unrepaired" in request.POST else "own_text_card", found.uid)
    if form.errors and own_drafts.is_by_itself(request):
        return own_drafts.not_saved(request, found, form=form)
    context = own_drafts.context(request, found, form=form, paragraphs=shelves.paragraphs(found.draft), **extra)
    return render(request, "classroom/own_text_words.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_card(request: TeacherRequest, uid: str) -> HttpResponse:
    """Where the text comes from."""
    found = own_text_of(request.user, uid)
    form = CardForm.of(found.title, found.draft, request.POST if request.method == "POST" else None)
    extra: dict[str, object] = {}
    if form.is_bound and form.is_valid():
        values = form.values()
        try:
            found = own_drafts.save(
                request,
                found,
                drafts.CARD,
                lambda draft: draft["card"].update(values),
                title=form.cleaned_data["title"],
            )
        except drafts.Outdated as outdated:
            if own_drafts.is_by_itself(request):
                return own_drafts.not_saved(request, found, outdated=outdated)
            extra = {"outdated": outdated, "theirs": own_drafts.theirs(form, CardForm.of(found.title, found.draft))}
        else:
            if own_drafts.is_by_itself(request):
                return own_drafts.saved(request, found, _card_problems(found))
            messages.success(request, _("Saved."))
            return redirect("own_text_cut", found.uid)
    if form.is_bound and own_drafts.is_by_itself(request):
        return own_drafts.not_saved(request, found, form=form)
    context = own_drafts.context(request, found, form=form, problems=_card_problems(found), **extra)
    return render(request, "classroom/own_text_card.html", context, status=422 if form.is_bound else 200)


def _card_problems(found: OwnText) -> list[checks.Problem]:
    return [each for each in checks.problems(found.title, found.draft) if each.part == drafts.CARD]


@teacher_required
@require_POST
def own_text_publish(request: TeacherRequest, uid: str) -> HttpResponse:
    """Make it playable; what is wrong with it is listed instead."""
    found = own_text_of(request.user, uid)
    stops = [each for each in checks.problems(found.title, found.draft) if each.stops]
    if stops:
        return overview(request, found, refused=[_("Mend what is listed below first. Nothing was published.")])
    try:
        publishing.publish(own_text=found, now=timezone.now())
    except BadContent as error:
        return overview(request, found, refused=error.problems)
    messages.success(request, _("Published. You find it among the material, and can put it into sets."))
    return redirect("own_text", found.uid)


@teacher_required
@require_POST
def own_text_withdraw(request: TeacherRequest, uid: str) -> HttpResponse:
    """Take back what was published; the draft stays."""
    found = led_text_of(request.user, uid)
    publishing.withdraw(own_text=found)
    messages.success(request, _("Taken back. Classes that have it can play on; the draft is still here."))
    return redirect("own_text", found.uid)


@teacher_required
@require_POST
def own_text_remove(request: TeacherRequest, uid: str) -> HttpResponse:
    """Delete the text. What classes play stays with their answers, without the text being anybody's."""
    found = led_text_of(request.user, uid)
    if publishing.remove(own_text=found):
        messages.success(request, _("“%(title)s” is deleted.") % {"title": found.title})
    else:
        words = _(
            "“%(title)s” is deleted. Sets and classes that have passages of it keep them; nobody can add them anew."
        )
        messages.success(request, words % {"title": found.title})
    return redirect("own_text_list")


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_share(request: TeacherRequest, uid: str) -> HttpResponse:
    """Who can use it, and who writes and labels it, too."""
    found = led_text_of(request.user, uid)
    form = SharingForm(request.POST if request.method == "POST" else None, initial={"is_shared": found.is_shared})
    if form.is_bound and form.is_valid():
        sharing.share(own_text=found, is_shared=form.cleaned_data["is_shared"])
        messages.success(request, _("Saved."))
        return redirect("own_text_share", found.uid)
    return _sharing(request, found, form=form)


@teacher_required
@require_POST
def own_text_colleague(request: TeacherRequest, uid: str, role: str) -> HttpResponse:
    """One more colleague: to write it, too (`author`), or to label it without seeing the key (`labeller`)."""
    found = led_text_of(request.user, uid)
    if role not in sharing.ROLES:
        raise Http404
    form = ColleagueForm(request.POST, but_not=sharing.taken(own_text=found))
    if not form.is_valid():
        return _sharing(request, found, **{f"{role}_form": form})
    colleague = form.cleaned_data["username"]
    if role == sharing.AUTHOR:
        sharing.add_author(own_text=found, colleague=colleague)
        words = _("%(name)s can write this text now, too.")
    else:
        sharing.ask_to_label(own_text=found, colleague=colleague, now=timezone.now())
        words = _("%(name)s is asked to label this text, and finds it under own texts.")
    messages.success(request, words % {"name": colleague.username})
    return redirect("own_text_share", found.uid)


@teacher_required
@require_POST
def own_text_colleague_remove(request: TeacherRequest, uid: str, role: str, teacher_uid: str) -> HttpResponse:
    found = led_text_of(request.user, uid)
    sharing.remove(own_text=found, role=role, teacher_uid=teacher_uid)
    messages.success(request, _("Saved."))
    return redirect("own_text_share", found.uid)


def _sharing(request: TeacherRequest, found: OwnText, **forms: object) -> HttpResponse:
    but_not = sharing.taken(own_text=found)
    elsewhere = 0 if found.is_shared or found.withdrawn else sharing.sets_elsewhere(own_text=found)
    context = own_drafts.context(request, found, people=sharing.people(own_text=found), elsewhere=elsewhere) | {
        "form": SharingForm(initial={"is_shared": found.is_shared}),
        "author_form": ColleagueForm(but_not=but_not, prefix=None),
        "labeller_form": ColleagueForm(but_not=but_not, auto_id="label_%s"),
    }
    return render(
        request, "classroom/own_text_share.html", context | forms, status=422 if request.method == "POST" else 200
    )
