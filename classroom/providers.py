"""Sign-in with a school's OpenID Connect provider; loaded only where one is configured."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class KnownTeachersOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation; a teacher then connects the provider on "My account" and signs in with it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
