"""The first-run page and invitations. Signing in and out, passwords and second factors are allauth's pages."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import accounts, actions, audit, links, queries
from classroom import teachers as teacher_actions
from classroom.access import TeacherRequest, owner_required, teacher_required
from classroom.class_forms import SureForm
from classroom.forms import AccountForm
from classroom.models import AuditEvent, Invitation, Teacher

INVITED = "invited"
"""Where the session keeps which invitation was opened: signing in with a provider leads elsewhere in between."""


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Make the owner's account, once, with the link that the server printed."""
    if not accounts.is_setup_token(token) or not accounts.needs_owner():
        raise Http404
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            teacher = actions.create_owner(**form.cleaned_data)
        except actions.OwnerExists:
            raise Http404 from None
        audit.note(event=AuditEvent.ACCOUNT_MADE, who=teacher.username, now=timezone.now())
        return _sign_in(request, teacher)
    return render(request, "classroom/setup.html", {"form": form}, status=422 if form.is_bound else 200)


@owner_required
@require_safe
def teachers(request: TeacherRequest) -> HttpResponse:
    """Who has an account; the owner invites, and helps those who forgot their password."""
    context = {
        "teacher": request.user,
        "teachers": queries.teachers(),
        "open_invitations": queries.open_invitations(),
    }
    return render(request, "classroom/teachers.html", context)


@owner_required
@require_POST
def invite(request: TeacherRequest) -> HttpResponse:
    invitation = actions.invite_teacher(owner=request.user, now=timezone.now())
    _note(request, AuditEvent.INVITED)
    link = links.absolute(request, reverse("invitation", args=[invitation.uid]))
    return render(request, "classroom/invite.html", {"link": link, "teacher": request.user})


@owner_required
@require_POST
def invite_withdraw(request: TeacherRequest) -> HttpResponse:
    """For a link that went astray."""
    actions.withdraw_invitations()
    _note(request, AuditEvent.WITHDRAWN)
    messages.success(request, _("No invitation is open any more."))
    return redirect("teachers")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, uid: str) -> HttpResponse:
    """Make a teacher's account with an invitation, once."""
    found = Invitation.objects.filter(uid=uid, accepted_by=None).first()
    if found is None:
        return _is_over(request)
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            teacher = actions.accept_invitation(invitation=found, **form.cleaned_data)
        except actions.InvitationUsed:
            return _is_over(request)
        inviter = found.invited_by.username
        audit.note(event=AuditEvent.ACCOUNT_MADE, who=teacher.username, about=inviter, now=timezone.now())
        return _sign_in(request, teacher)
    if settings.OIDC_NAME:
        request.session[INVITED] = found.uid
    context = {"form": form, "provider": settings.OIDC_NAME}
    return render(request, "classroom/invitation.html", context, status=422 if form.is_bound else 200)


def _is_over(request: HttpRequest) -> HttpResponse:
    """An invitation that was used or withdrawn, or that never was: the answer does not tell which."""
    return render(request, "classroom/invitation_over.html", status=404)


@owner_required
@require_POST
def password_link(request: TeacherRequest, uid: str) -> HttpResponse:
    """A link to hand over, by which a teacher chooses a new password."""
    found = get_object_or_404(Teacher, uid=uid)
    link = links.absolute(request, accounts.password_path(found))
    _note(request, AuditEvent.PASSWORD_LINK, found.username)
    return render(request, "classroom/password_link.html", {"link": link, "found": found, "teacher": request.user})


@owner_required
@require_POST
def owner_make(request: TeacherRequest, uid: str) -> HttpResponse:
    """One more owner, who can also take over."""
    found = get_object_or_404(Teacher, uid=uid)
    teacher_actions.make_owner(teacher=found)
    _note(request, AuditEvent.OWNER_MADE, found.username)
    messages.success(request, _("%(name)s is an owner now, too.") % {"name": found.username})
    return redirect("teachers")


@owner_required
@require_safe
def audit_log(request: TeacherRequest) -> HttpResponse:
    """Who signed in, invited, took data along and deleted, a page at a time."""
    asked = request.GET.get("page", "1")
    page = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
    return render(request, "classroom/audit_log.html", {"teacher": request.user, "page": audit.log(page=page)})


@teacher_required
@require_safe
def my_account(request: TeacherRequest) -> HttpResponse:
    """What belongs to the account: password, second factor, export, end."""
    context = {"teacher": request.user, "provider": settings.OIDC_NAME}
    return render(request, "classroom/my_account.html", context)


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_account_delete(request: TeacherRequest) -> HttpResponse:
    """Delete the account with classes and sets, after its name was typed."""
    teacher = request.user
    form = SureForm(request.POST or None, wanted=teacher.username, label=_("Name to sign in with"))
    if form.is_valid():
        try:
            teacher_actions.delete_account(teacher=Teacher.objects.get(pk=teacher.pk))
        except teacher_actions.LastOwner:
            form.add_error(None, _("The other teachers need an owner: please make one of them owner first."))
        else:
            _note(request, AuditEvent.ACCOUNT_DELETED)
            logout(request)
            messages.success(request, _("Your account is deleted, with its classes and sets."))
            return redirect("home")
    context = {"teacher": teacher, "form": form, "classrooms": queries.led_classrooms(teacher=teacher)}
    return render(request, "classroom/my_account_delete.html", context, status=422 if form.is_bound else 200)


def _note(request: TeacherRequest, event: AuditEvent, about: str = "") -> None:
    audit.note(event=event, who=request.user.username, about=about, now=timezone.now())


def _sign_in(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    perform_login(request, teacher)
    return redirect("teach_home")
