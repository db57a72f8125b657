"""A ruling as a browser sends it. What a ruling needs depends on what it decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classroom.models import Decided
from exercises import amending, catalogue
from exercises.content.schema import EXPLANATION_WORDS, FIRST_SENTENCE_WORDS
from exercises.notes import split_lead
from exercises.versions import PassageContent
from play.forms import marked_words
from play.rulings import Decision

WHY = 500
"""Characters."""
EXPLANATION = 2000
WITHOUT_MARK = (Decided.KEEP, Decided.DISCUSS)
"""What can be ruled where no mark is in question."""


class RulingForm(forms.Form):
    """After `is_valid`, `decision` holds it. The words that belong to the mark are sent as `w` and `s`."""

    w = forms.Field(required=False)
    """Where it is said what is wrong with the words."""
    decided = forms.ChoiceField(
        label=gettext_lazy("Your ruling"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you rule.")},
    )
    label = forms.ChoiceField(label=gettext_lazy("The label that is accepted as well"), required=False)
    explanation = forms.CharField(
        label=gettext_lazy("The new explanation"),
        max_length=EXPLANATION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "en"}),
    )
    why = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy(
            "Those who disagreed read it, and everybody whose points change. Say what decided it; name nobody."
        ),
        max_length=WHY,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Give an answer: those who disagreed have given a reason, too.")},
    )

    def __init__(self, data: QueryDict | None = None, *, content: PassageContent, layer: str, mark: str) -> None:
        self.content, self.layer, self.mark = content, layer, mark
        self.decision: Decision | None = None
        self.belonging = amending.belonging(content, mark) if mark else frozenset[int]()
        self.words = marked_words(data, content.words) if data is not None else self.belonging
        explanation = " ".join(content.annotation(mark).explanation.split()) if mark else ""
        super().__init__(data, initial={"explanation": explanation})
        names = [(label.slug, label.name) for label in catalogue.of_layer(layer) if label.slug not in self._right()]
        self._choose("label", [("", _("choose a label")), *names])
        decided = Decided if mark else WITHOUT_MARK
        self._choose("decided", [(each.value, str(each.label)) for each in decided])
        if not mark:
            del self.fields["label"], self.fields["explanation"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _right(self) -> set[str]:
        if not self.mark:
            return set()
        annotation = self.content.annotation(self.mark)
        return {annotation.label, *annotation.accepted}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        decided = said.get("decided", "")
        if decided == Decided.ACCEPT and not said.get("label") and "label" not in self.errors:
            self.add_error("label", _("Choose the label that is accepted as well."))
        if decided == Decided.WIDEN and not self.words - self.belonging:
            self.add_error("w", _("Mark the words that belong to it as well; those of the mark stay."))
        if decided == Decided.EXPLAIN and "explanation" not in self.errors:
            self._check_explanation(said.get("explanation", ""))
        if decided == Decided.REMOVE and self._leaves_a_slip():
            said_so = _("The text has a known mistake here, so its sources are never clean. Make it for discussion.")
            self.add_error("decided", said_so)
        if not self.errors:
            self.decision = Decision(
                decided=decided,
                why=said["why"],
                label=said.get("label", ""),
                words=self.words,
                explanation=said.get("explanation", ""),
            )
        return said

    def _check_explanation(self, text: str) -> None:
        """The rule of docs/content.md, so that what is exported is accepted there."""
        least, most = EXPLANATION_WORDS
        words, first = len(text.split()), len(split_lead(text)[0].split())
        if not least <= words <= most:
            told = _("It has %(words)s words and should have %(least)s to %(most)s.")
            self.add_error("explanation", told % {"words": words, "least": least, "most": most})
        elif first > FIRST_SENTENCE_WORDS:
            told = _("Its first sentence has %(words)s words and should have at most %(most)s.")
            self.add_error("explanation", told % {"words": first, "most": FIRST_SENTENCE_WORDS})
        elif text.split() == self.content.annotation(self.mark).explanation.split():
            self.add_error("explanation", _("This is the explanation as it is."))

    def _leaves_a_slip(self) -> bool:
        last = len(self.content.passage.of_layer(self.layer)) == 1
        return last and self.layer == "source" and bool(self.content.passage.slips)
