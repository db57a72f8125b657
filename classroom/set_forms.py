"""What teachers type when they build a set."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from classroom import ways
from classroom.material import Choices, Filters
from classroom.models import ExerciseSet, SetItem
from exercises import catalogue
from exercises.models import Exercise

ANY = ("", _("any"))
STATES = [("clean", _("clean")), ("marked", _("marked"))]
DIFFICULTIES = [("1", _("easy")), ("2", _("medium")), ("3", _("hard"))]
LONGEST = 4000
"""Characters of a longer text."""


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _labels() -> list[Any]:
    """The catalogue as the groups of a select."""
    groups = catalogue.groups()
    return [(group.name, [(each.label.slug, each.label.name) for each in group.entries]) for group in groups]


class SetTitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("Students see it."))


class SetForm(forms.Form):
    """A set about itself. Import uses it, too."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("Students see it."))
    aim = forms.CharField(
        label=_("Aim"), max_length=300, required=False, help_text=_("In one sentence: what students can do afterwards.")
    )
    intro = forms.CharField(
        label=_("What students read first"), max_length=LONGEST, required=False, widget=_text(3), strip=True
    )
    minutes = forms.IntegerField(
        label=_("Minutes that you plan"),
        min_value=1,
        max_value=240,
        help_text=_("With your own talk. The meter says what the decisions alone take."),
    )
    level = forms.CharField(
        label=_("Level"), max_length=60, required=False, help_text=_("For example first lesson, or beginners.")
    )
    example = forms.ChoiceField(
        label=_("Label shown on an invented example first"),
        required=False,
        choices=lambda: [("", _("none")), *_labels()],
    )
    note = forms.CharField(label=_("Note for teachers"), max_length=LONGEST, required=False, widget=_text(3))
    shuffle = forms.BooleanField(
        label=_("Shuffle"), required=False, help_text=_("Offer each student an order of their own when it is assigned.")
    )
    is_shared = forms.BooleanField(
        label=_("Share with the school"),
        required=False,
        help_text=_("All teachers here can look at it, assign it and copy it. Only you can edit it."),
    )

    @classmethod
    def of(cls, exercise_set: ExerciseSet) -> SetForm:
        """The form as the set stands."""
        return cls(initial={name: getattr(exercise_set, name) for name in cls.base_fields})


class AddForm(forms.Form):
    """An exercise for a set, and the query of the page to come back to."""

    exercise = forms.ModelChoiceField(
        Exercise.objects.none(), error_messages={"required": _("Choose how it is played.")}
    )
    back = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exercise"].queryset = Exercise.objects.select_related("passage")  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """How a decision of a set is played, and the heading before it."""

    item = forms.ModelChoiceField(SetItem.objects.none())
    exercise = forms.ModelChoiceField(
        Exercise.objects.none(), error_messages={"required": _("Choose how it is played.")}
    )
    section = forms.CharField(max_length=80, required=False)

    def __init__(self, *args: Any, exercise_set: ExerciseSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = exercise_set.items.select_related("exercise_set", "exercise")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["exercise"].queryset = Exercise.objects.filter(  # type: ignore[attr-defined]
            passage__exercises__set_items__exercise_set=exercise_set
        ).distinct()


class RemoveItemForm(forms.Form):
    item = forms.ModelChoiceField(SetItem.objects.none())

    def __init__(self, *args: Any, exercise_set: ExerciseSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = exercise_set.items.select_related("exercise_set")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class OrderForm(forms.Form):
    """A move of one item (`up` or `down`, by button), or all items in their new order (`item`, by dragging)."""

    up = forms.ModelChoiceField(SetItem.objects.none(), required=False)
    down = forms.ModelChoiceField(SetItem.objects.none(), required=False)
    item = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, exercise_set: ExerciseSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = exercise_set.items.select_related("exercise_set")
        for name in ("up", "down"):
            self.fields[name].queryset = items  # type: ignore[attr-defined]
        self.fields["item"].choices = [(item.pk, "") for item in items]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in self.fields):
            raise forms.ValidationError(_("Say what is to be moved."))
        return cleaned


class SetFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A set that was saved here or in another school, as a .json file."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


class MaterialForm(forms.Form):
    """Which passages to see, and which set they are for."""

    set = forms.ChoiceField(label=_("For the set"), required=False)
    text = forms.ChoiceField(label=_("Text"), required=False)
    camp = forms.ChoiceField(label=_("Side"), required=False)
    layer = forms.ChoiceField(label=_("Layer"), required=False, choices=[ANY, *ways.LAYER_NAMES.items()])
    label = forms.ChoiceField(label=_("Technique or gap"), required=False, choices=lambda: [ANY, *_labels()])
    kind = forms.ChoiceField(label=_("Can be played as"), required=False, choices=[ANY, *ways.KIND_NAMES.items()])
    state = forms.ChoiceField(label=_("Clean or marked"), required=False, choices=[ANY, *STATES])
    difficulty = forms.ChoiceField(label=_("Difficulty"), required=False, choices=[ANY, *DIFFICULTIES])
    language = forms.ChoiceField(label=_("Language"), required=False)
    q = forms.CharField(label=_("Words in it"), required=False, max_length=200)
    sensitive = forms.BooleanField(label=_("Also passages that speak of violence against people"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "text": [ANY, *choices.texts],
            "camp": [ANY, *choices.camps],
            "language": [ANY, *((each, each) for each in choices.languages)],
            "set": [("", _("none, I am only looking")), *choices.sets],
        }
        for name, values in offered.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """The filters of a valid form."""
        values = self.cleaned_data
        plain = {name: values[name] for name in ("text", "camp", "layer", "label", "kind", "state", "language")}
        difficulty = int(values["difficulty"]) if values["difficulty"] else None
        return Filters(**plain, difficulty=difficulty, words=values["q"], sensitive=values["sensitive"])
