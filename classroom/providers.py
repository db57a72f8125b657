"""Sign-in with a school's OpenID Connect provider; loaded only where one is configured."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from classroom import actions
from classroom.models import Invitation, Teacher
from classroom.views.accounts import INVITED


class InvitedOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever opened an invitation gets an account by signing in with the provider; others connect theirs first."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return _invitation(request) is not None

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Teacher:
        """The account, named as the provider names its owner; the invitation is used up with it."""
        invitation = _invitation(request)
        if invitation is None:
            raise SignupClosedException
        save = super().save_user
        try:
            return actions.use_invitation(invitation=invitation, make=lambda: save(request, sociallogin, form))
        except actions.InvitationUsed:
            raise SignupClosedException from None


def _invitation(request: HttpRequest) -> Invitation | None:
    """The one that this browser opened, while nobody has used it."""
    return Invitation.objects.filter(uid=request.session.get(INVITED, ""), accepted_by=None).first()
