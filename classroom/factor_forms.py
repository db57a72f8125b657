"""What teachers type, or let a key answer, for a second factor."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.forms import Field
from django.utils.translation import gettext_lazy as _

from classroom.forms import InOurWords

NEEDS_SCRIPTS = _("Passkeys and security keys need JavaScript, which is switched off in this browser.")


class FactorWords(InOurWords):
    words: ClassVar[dict[str, Any]] = {
        "code": _("Code"),
        "name": _("Name of the key"),
        "passwordless": _("It signs me in alone, without the password"),
    }
    help_texts: ClassVar[dict[str, Any]] = {
        "name": _("So that you know it again, for example “Phone” or “Laptop at school”."),
        "passwordless": _(
            "Your device then asks for your fingerprint, your face or its PIN. Else the key comes after the password."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Field] = self.fields  # type: ignore[attr-defined]
        if "credential" in fields:  # a script of allauth's fills it in
            fields["credential"].error_messages["required"] = NEEDS_SCRIPTS

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app shows the code; else it can only be a recovery code."""
        return self._has(Authenticator.Type.TOTP)

    @property
    def has_key(self) -> bool:
        return self._has(Authenticator.Type.WEBAUTHN)

    def _has(self, type: str) -> bool:
        return bool(Authenticator.objects.filter(user=self.user, type=type).exists())  # type: ignore[attr-defined]


class CodeForm(FactorWords, AuthenticateForm):  # type: ignore[misc]
    """The second factor, after the password."""


class SamePersonCodeForm(FactorWords, ReauthenticateForm):  # type: ignore[misc]
    """Asks for a code once more."""


class AppForm(FactorWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    words: ClassVar[dict[str, Any]] = {"code": _("Code from the app")}


class KeyForm(FactorWords, AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey. Most that teachers have can sign in alone, which is what the word promises."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].initial = True


class KeySignInForm(FactorWords, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""

    def clean_credential(self) -> Authenticator:
        """A device keeps its passkey when the teacher removes it here, and goes on offering it."""
        try:
            return super().clean_credential()
        except ValidationError:
            raise ValidationError(_("This passkey opens no account here. Please sign in in another way.")) from None


class SecondKeyForm(FactorWords, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key after the password."""


class SamePersonKeyForm(FactorWords, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Asks for a key once more."""


class KeyNameForm(FactorWords, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""
