"""What a student gives to enter a class: a drawn nickname, a name of the roster, or a typed one."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from classroom.class_forms import clean_nickname, nickname_field
from classroom.forms import PhraseForm


class RosterNameForm(forms.Form):
    """One of the names that are free."""

    name = forms.ChoiceField(label=_("Your name"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["name"])
        field.choices = choices
        field.error_messages["invalid_choice"] = _("Somebody has taken this name. Please choose yours again.")


class TypedNicknameForm(forms.Form):
    nickname = nickname_field(
        label=_("Your nickname"),
        help_text=_("Not your full name. Your teacher sees it first and lets you in."),
    )

    def clean_nickname(self) -> str:
        return clean_nickname(self.cleaned_data["nickname"])


class PartnerForm(PhraseForm):
    """The same, typed by the second one of a pair."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phrase"].label = _("The second player’s four words")
        self.fields["phrase"].help_text = _("The words that they saw when they joined.")
