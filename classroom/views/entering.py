"""Students coming in: by code, by link, by re-entry phrase; and leaving."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import access, actions, queries
from classroom.forms import CodeForm, NicknameForm, PhraseForm
from classroom.models import Classroom

NICKNAME_TAKEN = _("Somebody took this name a moment ago. Here is another.")
CLASS_CLOSED = _("This class takes nobody in at the moment. Please ask your teacher to open it.")
PHRASE_UNKNOWN = _("Nobody in this class has these four words. Please compare them, or ask your teacher for new ones.")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Type the class code."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        assert form.classroom is not None
        return redirect("join_class", form.classroom.uid, form.classroom.code)
    return render(request, "classroom/join.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def join_link(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code holds."""
    found = queries.classroom_by_code(typed=code)
    if found is None:
        form = CodeForm({"code": code})
        form.is_valid()
        return render(request, "classroom/join.html", {"form": form}, status=404)
    return redirect("join_class", found.uid, found.code)


@require_http_methods(["GET", "HEAD", "POST"])
def join_class(request: HttpRequest, uid: str, code: str) -> HttpResponse:
    """Take a generated nickname and enter. A device that is in the class already just goes on."""
    found = get_object_or_404(Classroom, uid=uid, code=code)
    if access.student_or_none(request, uid):
        return redirect("student_home", uid)
    form = NicknameForm(request.POST or None)
    context: dict[str, object] = {"classroom": found, "form": form}
    if form.is_valid():
        try:
            student, phrase = actions.join(classroom=found, nickname=form.cleaned_data["nickname"], now=timezone.now())
        except actions.NicknameTaken:
            form.add_error(None, NICKNAME_TAKEN)
        except actions.ClassClosed:
            form.add_error(None, CLASS_CLOSED)
        else:
            response = redirect("student_home", found.uid)
            access.remember(response, student, found)
            access.show_phrase(response, phrase, found)
            return response
    nickname = queries.free_nickname(classroom=found)
    context |= {"nickname": nickname, "signed": NicknameForm.sign(nickname)}
    return render(request, "classroom/join_class.html", context, status=422 if form.is_bound else 200)


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
    form = PhraseForm(request.POST or None)
    if form.is_valid():
        try:
            student = actions.reenter(classroom=found, phrase=form.cleaned_data["phrase"], now=timezone.now())
        except actions.NotKnown:
            form.add_error("phrase", PHRASE_UNKNOWN)
        else:
            response = redirect("student_home", found.uid)
            access.remember(response, student, found)
            return response
    return render(
        request, "classroom/reenter.html", {"form": form, "classroom": found}, status=422 if form.is_bound else 200
    )


@require_POST
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    """Make this device nobody's again."""
    student = access.student_of(request, uid)
    response = redirect("home")
    access.forget(response, student.classroom)
    return response
