"""What a student says against a key, as a browser sends it: the words are check boxes, as in the marking widget."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exercises import catalogue
from exercises.versions import PassageContent
from play.challenges import Objection, mark_words
from play.contested import NO_MARK
from play.forms import marked_words
from play.models import Aim, Stance

AIMS = (Aim.MARK, Aim.LABEL, Aim.WORDS, Aim.EXPLANATION)
"""What can be said against a mark that is there."""
REASON = 300
"""Characters."""


class ChallengeForm(forms.Form):
    """After `is_valid`, `objection` holds it. Words are sent as `w` and `s`, as in an answer."""

    w = forms.Field(required=False)
    """Where it is said what is wrong with the words."""
    mark = forms.ChoiceField(
        label=gettext_lazy("What do you disagree with?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say which mark you mean.")},
    )
    aim = forms.ChoiceField(
        label=gettext_lazy("What is not right about this mark?"),
        choices=[(aim.value, aim.label) for aim in AIMS],
        widget=forms.RadioSelect,
        required=False,
    )
    label = forms.ChoiceField(label=gettext_lazy("What should be there?"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("In a sentence or two, so that somebody else can follow. Name nobody."),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Give a reason: without one nobody can weigh it.")},
    )

    def __init__(self, data: QueryDict | None = None, *, content: PassageContent, layer: str) -> None:
        super().__init__(data)
        self.content, self.layer = content, layer
        self.words = marked_words(data, content.words) if data is not None else frozenset[int]()
        self.objection: Objection | None = None
        marks = [
            (each.key, f"{number}. {mark_words(content, each.key)}")
            for number, each in enumerate(content.passage.of_layer(layer), 1)
        ]
        names = [(label.slug, label.name) for label in catalogue.of_layer(layer)]
        self._choose("label", [("", _("nothing, or I do not say")), *names])
        if marks:
            self._choose("mark", [*marks, (NO_MARK, _("A mark is missing"))])
        else:
            del self.fields["mark"], self.fields["aim"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        mark = said.get("mark", "" if "mark" in self.fields else NO_MARK)
        if not mark:
            return said
        aim, label = self._aim(mark, said.get("aim", "")), said.get("label", "")
        if not aim:
            self.add_error("aim", _("Say what is not right about it."))
        if aim in (Aim.WORDS, Aim.MISSING, Aim.CLEAN) and not self.words:
            self.add_error("w", _("Mark the words that you mean."))
        if aim in (Aim.LABEL, Aim.MISSING, Aim.CLEAN) and "label" not in self.errors:
            if not label:
                self.add_error("label", _("Choose the name that fits."))
            elif aim == Aim.LABEL and label in self._right(mark):
                self.add_error("label", _("The key says this already."))
        if not self.errors:
            run = (min(self.words), max(self.words) + 1) if self.words else None
            key = "" if mark == NO_MARK else mark
            self.objection = Objection(aim=aim, mark=key, reason=said["reason"], run=run, label=label)
        return said

    def _aim(self, mark: str, chosen: str) -> str:
        if mark != NO_MARK:
            return chosen
        return Aim.CLEAN if self.content.passage.layers[self.layer].state == "clean" else Aim.MISSING

    def _right(self, mark: str) -> set[str]:
        annotation = self.content.annotation(mark)
        return {annotation.label, *annotation.accepted}


class VoteForm(forms.Form):
    stance = forms.ChoiceField(
        label=gettext_lazy("Who is right?"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
