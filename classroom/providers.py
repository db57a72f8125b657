"""Sign-in with a school's OpenID Connect provider; loaded only where one is configured."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from classroom import actions, audit
from classroom.models import AuditEvent, Invitation, Teacher
from classroom.views.accounts import INVITED

logger = logging.getLogger(__name__)
View = Callable[[HttpRequest, str], HttpResponse]


class InvitedOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever opened an invitation gets an account by signing in with the provider; others connect theirs first."""

    error_messages: ClassVar[dict[str, Any]] = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Nothing would sign you in then: your account has no password yet. Choose one first."),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return _invitation(request) is not None

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Teacher:
        """A name to sign in with is all that is kept of what the provider tells: no e-mail address, no real name."""
        named = [data.get("username"), data.get("email"), data.get("name"), "teacher"]
        sociallogin.user.username = get_adapter(request).generate_unique_username(named)
        sociallogin.email_addresses = []
        sociallogin.account.extra_data = {}
        user: Teacher = sociallogin.user
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Teacher:
        """The account, named as the provider names its owner; the invitation is used up with it."""
        invitation = _invitation(request)
        if invitation is None:
            raise SignupClosedException
        save = super().save_user
        try:
            made = actions.use_invitation(invitation=invitation, make=lambda: save(request, sociallogin, form))
        except actions.InvitationUsed:
            raise SignupClosedException from None
        inviter = invitation.invited_by.username
        audit.note(event=AuditEvent.ACCOUNT_MADE, who=made.username, about=inviter, now=timezone.now())
        return made

    def on_authentication_error(self, request: HttpRequest, provider: Any, exception: Any = None, **more: Any) -> None:
        """Whoever runs the game finds here what the teacher is not told."""
        if exception is not None:
            logger.warning("Signing in with %s failed: %s: %s", provider.name, type(exception).__name__, exception)


def _told(view: View) -> View:
    """allauth's view, with a plain page where the provider does not answer: allauth minds that only at the end."""

    @wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except RequestException as error:
            provider = views.OpenIDConnectOAuth2Adapter(request, provider_id).get_provider()
            answer: HttpResponse = render_authentication_error(request, provider, exception=error)
            return answer

    return guarded


login, callback = _told(views.login), _told(views.callback)


def _invitation(request: HttpRequest) -> Invitation | None:
    """The one that this browser opened, while nobody has used it."""
    return Invitation.objects.filter(uid=request.session.get(INVITED, ""), accepted_by=None).first()
