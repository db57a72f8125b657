"""Students coming in: by code, by link, by re-entry phrase; waiting for approval; and leaving."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from classroom import access, actions, devices, limits, queries
from classroom.entry_forms import PartnerForm, RosterNameForm, TypedNicknameForm
from classroom.forms import CodeForm, NicknameForm, PhraseForm
from classroom.models import Classroom, NicknamePolicy, Student

NICKNAME_TAKEN = _("Somebody took this name a moment ago. Here is another.")
NAME_TAKEN = _("Somebody in this class has this name. Please take another.")
NAME_REFUSED = _("Your teacher has not let this name in. Please ask, or join again with the class code.")
CLASS_CLOSED = _("This class takes nobody in at the moment. Please ask your teacher to open it.")
CLASS_FULL = _("This class is full. Please ask your teacher to make room.")
A_WHILE = 120
"""Seconds up to which a wait is told in seconds, else in minutes."""
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
    guess = {"what": "code", "device": devices.device_of(request), "address": devices.address_of(request)}
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
    access.speak(request, found)
    if access.entrant_or_none(request, uid):
        return redirect("student_home", uid)
    form = _nickname_form(request, found)
    try:
        entered = _newcomer(request, found, form)
    except limits.TooFast as error:
        return _too_fast(request, "classroom/join_class.html", _entry_context(found, form), error)
    if entered is None:
        return _ask_nickname(request, found, form)
    student, phrase = entered
    response = redirect("student_home" if student.is_approved else "waiting", found.uid)
    devices.remember(response, student, found)
    devices.show_phrase(response, phrase, found)
    return _marked(request, response)


def _newcomer(request: HttpRequest, classroom: Classroom, form: forms.Form) -> tuple[Student, str] | None:
    """The new student and the re-entry phrase; None where the form asks, or now says why not. Raises TooFast."""
    if not form.is_valid():
        return None
    now, device, address = timezone.now(), devices.device_of(request), devices.address_of(request)
    limits.spend_join(classroom=classroom.uid, device=device, address=address, now=now)
    try:
        return _enter(classroom, form, now)
    except actions.NicknameTaken:
        _say_taken(form)
    except actions.ClassClosed:
        form.add_error(None, CLASS_CLOSED)
    except actions.ClassFull:
        form.add_error(None, CLASS_FULL)
    return None


def _ask_nickname(request: HttpRequest, classroom: Classroom, form: forms.Form, **more: object) -> HttpResponse:
    context = _entry_context(classroom, form) | more
    status = 422 if form.is_bound else 200
    return _marked(request, render(request, "classroom/join_class.html", context, status=status))


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
    """What the page shows: a name to take, or at once why nobody can enter."""
    context: dict[str, object] = {"classroom": classroom, "form": form, "refusal": _refusal(classroom)}
    if isinstance(form, NicknameForm):
        nickname = queries.free_nickname(classroom=classroom)
        context |= {"nickname": nickname, "signed": NicknameForm.sign(nickname)}
    return context


def _refusal(classroom: Classroom) -> object:
    """Why the class takes nobody in; None where it does."""
    if not classroom.is_open:
        return CLASS_CLOSED
    return CLASS_FULL if classroom.is_full else None


@require_safe
def waiting(request: HttpRequest, uid: str) -> HttpResponse:
    """Where a student waits until the teacher has approved the entry; it goes on by itself."""
    student = access.entrant_or_none(request, uid)
    if student is None or student.is_approved:
        _tell_refused(request, student)
        return redirect("student_home", uid)
    return render(request, "classroom/waiting.html", {"entrant": student, "classroom": student.classroom})


@require_safe
def waiting_state(request: HttpRequest, uid: str) -> HttpResponse:
    """What the waiting page asks every few seconds: nothing new, or on to the class."""
    student = access.entrant_or_none(request, uid)
    if student is not None and not student.is_approved:
        return HttpResponse(status=204)
    _tell_refused(request, student)
    return HttpResponseClientRedirect(reverse("student_home", args=[uid]))


def _tell_refused(request: HttpRequest, student: Student | None) -> None:
    """To a device that waited under a name which the teacher has removed."""
    if student is None and devices.COOKIE in request.COOKIES:
        messages.warning(request, NAME_REFUSED)


@require_POST
def phrase_kept(request: HttpRequest, uid: str) -> HttpResponse:
    """The student, or the second of a pair, has written the four words down: they are not shown again."""
    student = access.student_of(request, uid)
    response = redirect("student_home", uid)
    cookie = devices.PARTNER_PHRASE_COOKIE if "partner" in request.POST else devices.PHRASE_COOKIE
    devices.hide_phrase(response, student.classroom, cookie)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def reenter(request: HttpRequest, uid: str) -> HttpResponse:
    """Come back on another device with the four words."""
    found = get_object_or_404(Classroom, uid=uid)
    access.speak(request, found)
    entrant = access.entrant_or_none(request, uid)
    if request.method != "POST" and entrant is not None and not entrant.is_approved:
        return redirect("waiting", uid)
    form = PhraseForm(request.POST or None)
    context = {"form": form, "classroom": found}
    try:
        student = _known(request, found, form)
    except limits.TooFast as error:
        return _too_fast(request, "classroom/reenter.html", context, error, field="phrase")
    if student is not None:
        response = redirect("student_home", found.uid)
        devices.remember(response, student, found)
        return _marked(request, response)
    return _marked(request, render(request, "classroom/reenter.html", context, status=422 if form.is_bound else 200))


def _known(request: HttpRequest, classroom: Classroom, form: PhraseForm) -> Student | None:
    """Whose four words were typed; None where the form asks, or now says that they fit nobody. Raises TooFast."""
    if not form.is_valid():
        return None
    guess = {"what": f"phrase.{classroom.uid}", "device": devices.device_of(request)}
    whence, now = {"address": devices.address_of(request)}, timezone.now()
    limits.check_guess(**guess, **whence, now=now)
    try:
        student = actions.reenter(classroom=classroom, phrase=form.cleaned_data["phrase"], now=now)
    except actions.NotKnown:
        limits.wrong_guess(**guess, **whence, now=now)
        form.add_error("phrase", PHRASE_UNKNOWN)
        return None
    limits.right_guess(**guess)
    return student


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, uid: str) -> HttpResponse:
    """Two play on one device: the second one comes in with four words. Who plays here, and how the pair ends."""
    student = access.student_of(request, uid)
    form = PartnerForm(request.POST or None)
    context = {
        "student": student,
        "classroom": student.classroom,
        "form": form,
        "phrase": devices.phrase_to_show(request, devices.PARTNER_PHRASE_COOKIE),
    }
    try:
        partner = _known(request, student.classroom, form)
    except limits.TooFast as error:
        return _too_fast(request, "classroom/pair.html", context, error, field="phrase")
    if partner == student:
        form.add_error("phrase", _("These are the words of %(name)s, who plays here already.") % {"name": student})
    elif partner is not None and not partner.is_approved:
        form.add_error("phrase", _("%(name)s waits until your teacher has seen the name.") % {"name": partner})
    elif partner is not None:
        response = redirect("student_home", uid)
        devices.pair_up(response, student, partner, student.classroom)
        return _marked(request, response)
    return _marked(request, render(request, "classroom/pair.html", context, status=422 if form.is_bound else 200))


@require_http_methods(["GET", "HEAD", "POST"])
def pair_new(request: HttpRequest, uid: str) -> HttpResponse:
    """The second one of a pair is new in the class: takes a nickname, as everybody does, and gets four words."""
    student = access.student_of(request, uid)
    form = _nickname_form(request, student.classroom)
    try:
        entered = _newcomer(request, student.classroom, form)
    except limits.TooFast as error:
        context = _entry_context(student.classroom, form) | {"student": student}
        return _too_fast(request, "classroom/join_class.html", context, error)
    if entered is None:
        return _ask_nickname(request, student.classroom, form, student=student)
    partner, phrase = entered
    if not partner.is_approved:
        messages.info(request, _("%(name)s plays along as soon as your teacher has seen the name.") % {"name": partner})
    response = redirect("pair", uid)
    devices.pair_up(response, student, partner, student.classroom)
    devices.show_phrase(response, phrase, student.classroom, devices.PARTNER_PHRASE_COOKIE)
    return _marked(request, response)


@require_POST
def pair_end(request: HttpRequest, uid: str) -> HttpResponse:
    """The pair parts: the device is one student's again, by default the first one's."""
    student = access.student_of(request, uid)
    response = redirect("student_home", uid)
    devices.part(response, student.classroom)
    if student.partner and request.POST.get("stays") == student.partner.uid:
        devices.hide_phrase(response, student.classroom)
        devices.remember(response, student.partner, student.classroom)
    return response


@require_POST
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    """Make this device nobody's again."""
    student = access.entrant_of(request, uid)
    response = redirect("home")
    devices.forget(response, student.classroom)
    return response


def _too_fast(
    request: HttpRequest, template: str, context: dict[str, object], error: limits.TooFast, field: str | None = None
) -> HttpResponse:
    """The page again with what was typed, and how long to wait."""
    n = error.seconds
    if n <= A_WHILE:
        said = ngettext("Too many tries. Please wait %(n)d second.", "Too many tries. Please wait %(n)d seconds.", n)
    else:
        n = ceil(n / 60)
        said = ngettext("Too many tries. Please wait %(n)d minute.", "Too many tries. Please wait %(n)d minutes.", n)
    said %= {"n": n}
    form = context["form"]
    assert isinstance(form, forms.Form)
    form.errors.clear()
    form.add_error(field, said)
    response = render(request, template, context, status=429)
    response.headers["Retry-After"] = str(error.seconds)
    return _marked(request, response)


def _marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    devices.mark_device(request, response)
    return response
