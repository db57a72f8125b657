"""Teachers' accounts: made by the first-run link or by invitation, never by walking in."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.core import signing
from django.http import HttpRequest

from classroom.models import Teacher

SETUP_SALT = "classroom.setup"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own sign-up page stays shut; accounts are made in classroom/views/accounts.py."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def needs_owner() -> bool:
    return not Teacher.objects.exists()


def setup_token() -> str:
    """The secret of the first-run link: whoever reads the server's terminal is the owner."""
    return signing.dumps("owner", salt=SETUP_SALT)


def is_setup_token(token: str) -> bool:
    try:
        return bool(signing.loads(token, salt=SETUP_SALT) == "owner")
    except signing.BadSignature:
        return False
