"""Students coming in: by code, by link, by re-entry phrase; waiting for approval; and leaving."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from classroom import access, actions, limits, queries
from classroom.entry_forms import RosterNameForm, TypedNicknameForm
from classroom.forms import CodeForm, NicknameForm, PhraseForm
from classroom.models import Classroom, NicknamePolicy, Student

NICKNAME_TAKEN = _("Somebody took this name a moment ago. Here is another.")
NAME_TAKEN = _("Somebody in this class has this name. Please take another.")
CLASS_CLOSED = _("This class takes nobody in at the moment. Please ask your teacher to open it.")
CLASS_FULL = _("This class is full. Please ask your teacher to make room.")
PHRASE_UNKNOWN = _("Nobody in this class has these four words. Please compare them, or ask your teacher for new ones.")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Type the class code."""
    return _by_code(request, request.POST or None, wrong=422)


@require_safe
def join_link(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code holds."""
    return _by_code(request, {"code": code}, wrong=404)


def _by_code(request: HttpRequest, data: dict[str, str] | None, wrong: int) -> HttpResponse:
    """On to the class of a code. Wrong codes slow a device down, also those in links."""
    form, now = CodeForm(data), timezone.now()
    guess = {"what": "code", "device": access.device_of(request), "address": access.address_of(request)}
    if data is None:
        return _marked(request, render(request, "classroom/join.html", {"form": form}))
    try:
        limits.check_guess(**guess, now=now)
    except limits.TooFast as error:
        return _too_fast(request, "classroom/join.html", {"form": form}, error, field="code")
    if form.is_valid():
        assert form.classroom is not None
        limits.right_guess(what="code", device=guess["device"])
        return redirect("join_class", form.classroom.uid, form.classroom.code)
    if data.get("code", "").strip():
        limits.wrong_guess(**guess, now=now)
    return _marked(request, render(request, "classroom/join.html", {"form": form}, status=wrong))


@require_http_methods(["GET", "HEAD", "POST"])
def join_class(request: HttpRequest, uid: str, code: str) -> HttpResponse:
    """Take a nickname, as the class's policy has it, and enter. A device that is in the class already just goes on."""
    found = get_object_or_404(Classroom, uid=uid, code=code)
    if access.entrant_or_none(request, uid):
        return redirect("student_home", uid)
    form, now = _nickname_form(request, found), timezone.now()
    if form.is_valid():
        try:
            limits.spend_join(
                classroom=uid, device=access.device_of(request), address=access.address_of(request), now=now
            )
            student, phrase = _enter(found, form, now)
        except actions.NicknameTaken:
            _say_taken(form)
        except actions.ClassClosed:
            form.add_error(None, CLASS_CLOSED)
        except actions.ClassFull:
            form.add_error(None, CLASS_FULL)
        except limits.TooFast as error:
            return _too_fast(request, "classroom/join_class.html", _entry_context(found, form), error)
        else:
            entered = redirect("student_home" if student.is_approved else "waiting", found.uid)
            access.remember(entered, student, found)
            access.show_phrase(entered, phrase, found)
            return _marked(request, entered)
    response = render(
        request, "classroom/join_class.html", _entry_context(found, form), status=422 if form.is_bound else 200
    )
    return _marked(request, response)


def _nickname_form(request: HttpRequest, classroom: Classroom) -> forms.Form:
    data = request.POST or None
    if classroom.nickname_policy == NicknamePolicy.ROSTER:
        return RosterNameForm(data, choices=queries.free_names(classroom=classroom))
    return TypedNicknameForm(data) if classroom.nickname_policy == NicknamePolicy.TYPED else NicknameForm(data)


def _enter(classroom: Classroom, form: forms.Form, now: datetime) -> tuple[Student, str]:
    """The new student and the re-entry phrase. Raises what actions.join raises."""
    if classroom.nickname_policy == NicknamePolicy.ROSTER:
        entry = classroom.roster.filter(uid=form.cleaned_data["name"]).first()
        if entry is None:
            raise actions.NicknameTaken
        return actions.join(classroom=classroom, nickname=entry.name, roster_entry=entry, now=now)
    return actions.join(classroom=classroom, nickname=form.cleaned_data["nickname"], now=now)


def _say_taken(form: forms.Form) -> None:
    """Beside the field where the name was chosen or typed; a drawn one is simply drawn again."""
    for name, field in form.fields.items():
        if not field.widget.is_hidden:
            form.add_error(name, NAME_TAKEN)
            return
    form.add_error(None, NICKNAME_TAKEN)


def _entry_context(classroom: Classroom, form: forms.Form) -> dict[str, object]:
    context: dict[str, object] = {"classroom": classroom, "form": form}
    if isinstance(form, NicknameForm):
        nickname = queries.free_nickname(classroom=classroom)
        context |= {"nickname": nickname, "signed": NicknameForm.sign(nickname)}
    return context


@require_safe
def waiting(request: HttpRequest, uid: str) -> HttpResponse:
    """Where a student waits until the teacher has approved the entry; it goes on by itself."""
    student = access.entrant_or_none(request, uid)
    if student is None or student.is_approved:
        return redirect("student_home", uid)
    return render(request, "classroom/waiting.html", {"entrant": student, "classroom": student.classroom})


@require_safe
def waiting_state(request: HttpRequest, uid: str) -> HttpResponse:
    """What the waiting page asks every few seconds: nothing new, or on to the class."""
    student = access.entrant_or_none(request, uid)
    if student is not None and not student.is_approved:
        return HttpResponse(status=204)
    return HttpResponseClientRedirect(reverse("student_home", args=[uid]))


@require_POST
def phrase_kept(request: HttpRequest, uid: str) -> HttpResponse:
    """The student has written the four words down: they are not shown again."""
    student = access.student_of(request, uid)
    response = redirect("student_home", uid)
    access.hide_phrase(response, student.classroom)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def reenter(request: HttpRequest, uid: str) -> HttpResponse:
    """Come back on another device with the four words."""
    found = get_object_or_404(Classroom, uid=uid)
    entrant = access.entrant_or_none(request, uid)
    if request.method != "POST" and entrant is not None and not entrant.is_approved:
        return redirect("waiting", uid)
    form, now = PhraseForm(request.POST or None), timezone.now()
    context = {"form": form, "classroom": found}
    guess = {"what": f"phrase.{uid}", "device": access.device_of(request), "address": access.address_of(request)}
    if form.is_valid():
        try:
            limits.check_guess(**guess, now=now)
            student = actions.reenter(classroom=found, phrase=form.cleaned_data["phrase"], now=now)
        except limits.TooFast as error:
            return _too_fast(request, "classroom/reenter.html", context, error, field="phrase")
        except actions.NotKnown:
            limits.wrong_guess(**guess, now=now)
            form.add_error("phrase", PHRASE_UNKNOWN)
        else:
            limits.right_guess(what=guess["what"], device=guess["device"])
            response = redirect("student_home", found.uid)
            access.remember(response, student, found)
            return _marked(request, response)
    return _marked(request, render(request, "classroom/reenter.html", context, status=422 if form.is_bound else 200))


@require_POST
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    """Make this device nobody's again."""
    student = access.entrant_of(request, uid)
    response = redirect("home")
    access.forget(response, student.classroom)
    return response


def _too_fast(
    request: HttpRequest, template: str, context: dict[str, object], error: limits.TooFast, field: str | None = None
) -> HttpResponse:
    """The page again with what was typed, and how long to wait."""
    n = error.seconds
    said = ngettext("Too many tries. Please wait %(n)d second.", "Too many tries. Please wait %(n)d seconds.", n) % {
        "n": n
    }
    form = context["form"]
    assert isinstance(form, forms.Form)
    form.errors.clear()
    form.add_error(field, said)
    response = render(request, template, context, status=429)
    response.headers["Retry-After"] = str(n)
    return _marked(request, response)


def _marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    access.mark_device(request, response)
    return response
