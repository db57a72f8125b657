"""What a teacher settles before a live round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from classroom import queries
from classroom.models import BoardMode, ExerciseSet


class StartForm(forms.Form):
    exercise_set = forms.ChoiceField(label=_("Set"))
    board_mode = forms.ChoiceField(
        label=_("Leaderboard shows"), choices=BoardMode.choices, initial=BoardMode.TOP, required=False
    )
    seconds_per_word = forms.FloatField(
        label=_("Timer: seconds for each word of a passage"),
        min_value=0.3,
        max_value=20,
        required=False,
        help_text=_("Empty: no timer, which is best for careful reading. Calm reading takes about 2."),
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    auto_lock = forms.BooleanField(label=_("Lock by itself when everybody has answered"), required=False)

    def __init__(self, *args: Any, sets: Sequence[ExerciseSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = {each.uid: each for each in sets}
        chosen = forms.ChoiceField(label=_("Set"), choices=queries.named(sets=sets))
        self.fields["exercise_set"] = chosen

    @property
    def settled(self) -> dict[str, Any]:
        """What play.live.actions.start takes beside class and moment."""
        given = self.cleaned_data
        return {
            "exercise_set": self.sets[given["exercise_set"]],
            "board_mode": given["board_mode"] or BoardMode.TOP,
            "seconds_per_word": given["seconds_per_word"],
            "auto_lock": given["auto_lock"],
        }
