"""Teachers' accounts: made by the first-run link or by invitation, never by walking in."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from classroom import audit, limits, qr, sign_ins
from classroom.devices import address_of
from classroom.models import AuditEvent, Teacher

SETUP_SALT = "classroom.setup"
SIGN_IN = "sign-in"
MESSAGES = {
    "account/messages/logged_in.txt": _("You are signed in as %(name)s."),
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is saved."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes are made."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is on."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is off."),
    "mfa/messages/webauthn_added.txt": _("The key is added."),
    "mfa/messages/webauthn_removed.txt": _("The key is removed."),
    "socialaccount/messages/account_connected.txt": _("You can now sign in with %(provider)s, too."),
    "socialaccount/messages/account_connected_updated.txt": _("You can now sign in with %(provider)s, too."),
    "socialaccount/messages/account_connected_other.txt": _(
        "Not connected: whoever is signed in at %(provider)s now has another account here."
    ),
    "socialaccount/messages/account_disconnected.txt": _("%(provider)s does not sign you in any more."),
}
"""What allauth says after each step, by its template, in our words."""


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own sign-up page stays shut; accounts are made in classroom/views/accounts.py."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this password do not belong together."),
        "too_many_login_attempts": _("Too many wrong tries. Please wait five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """For allauth's limits on signing in: the same address that our own limits count."""
        return address_of(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template in MESSAGES:
            names = {"name": request.user.get_username(), "provider": settings.OIDC_NAME}
            kwargs["message"] = MESSAGES[message_template] % names
        super().add_message(request, level, message_template, *args, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways of saying once more that it is you, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [each | {"description": words[each["id"]]} for each in methods]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Other people's wrong passwords do not count in a browser that knows the teacher: classroom/sign_ins.py."""
        browser = self._browser(request, credentials)
        if not browser:
            super().pre_authenticate(request, **credentials)
            return
        try:
            limits.check_guess(what=SIGN_IN, device=browser, address=address_of(request), now=timezone.now())
        except limits.TooFast:
            raise self.validation_error("too_many_login_attempts") from None

    def post_login(self, request: HttpRequest, user: Teacher, **how: Any) -> HttpResponse:
        audit.note(event=AuditEvent.SIGNED_IN, who=user.username, now=timezone.now())
        response: HttpResponse = super().post_login(request, user, **how)
        limits.right_guess(what=SIGN_IN, device=sign_ins.browser_of(request, user.username))
        sign_ins.remember(request, response, user)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed is written down only if it is somebody's name: it may have been a password."""
        now = timezone.now()
        if browser := self._browser(request, credentials):
            limits.wrong_guess(what=SIGN_IN, device=browser, address=address_of(request), now=now)
        found = Teacher.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
        audit.note(event=AuditEvent.SIGN_IN_FAILED, who=found.username if found else "", now=now)

    def _browser(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        return sign_ins.browser_of(request, str(credentials.get("username", "")))


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor in our words; its QR code is drawn like our others."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That does not fit. Please try again."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Inline, since the CSP allows no data addresses."""
        return qr.svg(url)

    def generate_authenticator_name(self, user: Teacher, type: Any) -> str:
        """The first name of a key, until the teacher gives it another."""
        return gettext("Key %(n)d") % {"n": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Under this name, not that of the server, devices list the passkey."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.MFA_TOTP_ISSUER}


def password_path(teacher: Teacher) -> str:
    """The address at which a teacher chooses a new password: allauth's own, valid until it is used."""
    token = default_token_generator.make_token(teacher)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(teacher), "key": token})


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
