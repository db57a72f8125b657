"""What teachers and joining students type."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classroom import queries
from classroom.models import Classroom, Teacher

NICKNAME_SALT = "classroom.nickname"
USERNAME_WRONG = _("Please use letters, digits and @ . + - _ alone, without a space.")
PASSWORD_HELP = _("At least 8 characters. A sentence of a few words is good.")


class InOurWords:
    """For allauth's forms: the words of our own, no placeholders, no link to a reset by e-mail."""

    words: ClassVar[dict[str, Any]] = {
        "login": _("Name to sign in with"),
        "password": _("Password"),
        "oldpassword": _("Password until now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    help_texts: ClassVar[dict[str, Any]] = {"password1": PASSWORD_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.words.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOurWords, LoginForm):  # type: ignore[misc]
    provider = settings.OIDC_NAME


class SamePersonForm(InOurWords, ReauthenticateForm):  # type: ignore[misc]
    """Asks for the password once more."""


class PasswordChangeForm(InOurWords, ChangePasswordForm):  # type: ignore[misc]
    """A new password for whoever knows the old one."""


class PasswordSetForm(InOurWords, SetPasswordForm):  # type: ignore[misc]
    """A first password for whoever has signed in with a provider alone."""


class PasswordRenewForm(InOurWords, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for whoever was handed the link."""


class AccountForm(forms.Form):
    """A teacher's sign-in name and password, for the owner and for the invited."""

    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=150,
        validators=[UnicodeUsernameValidator(message=USERNAME_WRONG)],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if Teacher.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("Somebody has this name already. Please choose another."))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned:
            try:
                validate_password(cleaned["password"], Teacher(username=cleaned.get("username", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ClassroomForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the class"),
        max_length=80,
        help_text=_("For example 9b, or Media studies. Students see it."),
    )


class CodeForm(forms.Form):
    """The code from the board. `classroom` is set when it fits."""

    code = forms.CharField(
        label=_("Class code"),
        max_length=20,
        help_text=_("Six letters and digits, from your teacher."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
    )
    classroom: Classroom | None = None

    def clean_code(self) -> str:
        self.classroom = queries.classroom_by_code(typed=self.cleaned_data["code"])
        if self.classroom is None:
            raise ValidationError(_("There is no class with this code. Please compare it with the board."))
        return self.classroom.code


class NicknameForm(forms.Form):
    """A nickname that we generated: it comes back signed, so that nothing can be typed."""

    nickname = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def clean_nickname(self) -> str:
        try:
            return str(signing.loads(self.cleaned_data["nickname"], salt=NICKNAME_SALT))
        except signing.BadSignature:
            raise ValidationError(_("Please take one of the names that are offered.")) from None

    @staticmethod
    def sign(nickname: str) -> str:
        return signing.dumps(nickname, salt=NICKNAME_SALT)


class PhraseForm(forms.Form):
    phrase = forms.CharField(
        label=_("Your four words"),
        max_length=100,
        help_text=_("You saw them when you joined. Capital letters do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
