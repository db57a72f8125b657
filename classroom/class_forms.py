"""What a teacher types about a class: its settings, its roster, its teachers, its students' names."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from classroom import retention, rosters
from classroom.models import NicknamePolicy

LARGEST_CLASS = 1000
MOST_MINUTES = 24 * 60
NOTHING_CHOSEN = ("", _("Please choose"))
"""First in a list, where a slip could not be undone."""
PLAIN = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


def nickname_field(**options: Any) -> forms.CharField:
    """A student's name that somebody types."""
    return forms.CharField(max_length=rosters.LONGEST_NAME, widget=PLAIN, **options)


def clean_nickname(typed: str) -> str:
    """White space folded. Raises ValidationError for what is no name."""
    name = " ".join(typed.split())
    if not name.isprintable() or not any(character.isalnum() for character in name):
        raise ValidationError(_("Please use letters."))
    return name


class ClassSettingsForm(forms.Form):
    name = forms.CharField(label=_("Name of the class"), max_length=80, help_text=_("Students see it."))
    language = forms.ChoiceField(label=_("Language of the class"), choices=settings.LANGUAGES)
    nickname_policy = forms.ChoiceField(
        label=_("Nicknames"),
        choices=NicknamePolicy.choices,
        help_text=_(
            "Drawn by the game stores no name at all. With a roster, everybody who has the code sees the names that "
            "are free. Typed names wait until you approve them."
        ),
    )
    approves_entries = forms.BooleanField(
        label=_("I approve each entry"), required=False, help_text=_("Students wait until you let them in.")
    )
    expected = forms.IntegerField(
        label=_("Students expected"),
        required=False,
        min_value=1,
        max_value=LARGEST_CLASS,
        help_text=_("You see how many have joined of how many. Leave it empty if you do not know."),
    )
    capacity = forms.IntegerField(
        label=_("Largest number of students"),
        min_value=1,
        max_value=LARGEST_CLASS,
        help_text=_("Nobody enters a full class. 1,000 at most."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("In which opening and closing times are meant, for example Europe/Berlin.")
    )
    retention_days = forms.IntegerField(
        label=_("Days to keep the class after the last answer"),
        validators=[MinValueValidator(retention.SHORTEST), MaxValueValidator(retention.LONGEST)],
        help_text=_("Then the class is deleted with all students and answers. You are warned here before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["time_zone"])
        field.choices = [(zone, zone) for zone in sorted(available_timezones())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        expected, capacity = cleaned.get("expected"), cleaned.get("capacity")
        if expected and capacity and expected > capacity:
            self.add_error("capacity", _("You expect more students than the class takes."))
        return cleaned


class RosterForm(forms.Form):
    """Names, pasted or in a file. After `is_valid`, `read` holds them."""

    names = forms.CharField(
        label=_("Names"),
        required=False,
        strip=False,
        max_length=rosters.LARGEST_FILE,
        help_text=_(
            "One name a line, or what you copied from a table with the headings name, or givenName and familyName."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        help_text=_("UTF-8, columns parted by comma or semicolon: name, or OneRoster’s givenName and familyName."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    read: list[str]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given: UploadedFile[bytes] | None = cleaned.get("file")
        field = "file" if given else "names"
        if self.errors:
            return cleaned
        if given and cleaned.get("names", "").strip():
            self.add_error("file", _("Please paste names or choose a file, not both."))
            return cleaned
        try:
            text = rosters.decode(given.read(rosters.LARGEST_FILE + 1)) if given else cleaned.get("names", "")
            self.read = rosters.read(text)
        except rosters.BadRoster as error:
            self.add_error(field, [str(problem) for problem in error.problems])
        return cleaned


class CoTeacherForm(forms.Form):
    username = forms.CharField(
        label=_("Name with which the teacher signs in"),
        max_length=150,
        help_text=_("They see and change everything in this class, but cannot delete it or add more teachers."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class RenameForm(forms.Form):
    nickname = nickname_field(label=_("New name"))

    def clean_nickname(self) -> str:
        return clean_nickname(self.cleaned_data["nickname"])


class MergeForm(forms.Form):
    """The other entry of the same child."""

    other = forms.ChoiceField(
        label=_("The other entry"), help_text=_("Its answers come here; of two answers to one task the first counts.")
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["other"]).choices = [NOTHING_CHOSEN, *choices]


class MoveForm(forms.Form):
    """Another class of the teacher."""

    classroom = forms.ChoiceField(
        label=_("Class"), help_text=_("The answers go along. The student needs new words, which you see next.")
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["classroom"]).choices = [NOTHING_CHOSEN, *choices]


class FloodForm(forms.Form):
    minutes = forms.IntegerField(label=_("Joined in the last minutes"), min_value=1, max_value=MOST_MINUTES, initial=10)


class SureForm(forms.Form):
    """Deleting wants the name typed, so that no slip of a finger does it."""

    name = forms.CharField(max_length=150, widget=PLAIN)

    def __init__(self, *args: Any, wanted: str, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["name"].label = label

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != self.wanted:
            raise ValidationError(_("This is another name. Nothing was deleted."))
        return name
