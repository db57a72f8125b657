"""An answer as a browser sends it: check boxes for words, radio buttons for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from exercises import rendering
from exercises.versions import Played
from scoring.points import Answer, Mark
from scoring.spans import Span, Words

CONFIDENCES = (50, 60, 70, 80, 90, 100)
"""Per cent."""


def marked_words(data: QueryDict, words: Words) -> frozenset[int]:
    """The words that are marked in a passage, by `w` and `s`; those of whole sentences included."""

    def numbers(name: str) -> set[int]:
        return {int(value) for value in data.getlist(name)[:2000] if value.isdecimal() and len(value) < 6}

    marked = {index for index in numbers("w") if 0 <= index < len(words)}
    for number in numbers("s"):
        if 1 <= number <= len(words.sentences):
            marked.update(range(*words.sentences[number - 1]))
    return frozenset(marked)


@dataclass
class AnswerForm:
    """Reads an answer to an exercise. After `is_valid`, `answer` holds it, or `errors` by field say what lacks.

    One mark goes from the first to the last marked word, so that marking both ends is enough.
    Fields: `w` word indices, `s` sentence numbers from 1, `label` (spot, source), `label-<first>` for each run
    (markup), `choice` (name, evidence), `flagged` yes or no and `confidence` (judge), `nothing` for "nothing here".
    """

    played: Played
    data: QueryDict
    errors: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None

    @property
    def passed(self) -> bool:
        """Whether a sensitive passage is left out."""
        return self.played.content.passage.sensitive and "pass" in self.data

    def is_valid(self) -> bool:
        self.errors.clear()
        if self.passed:
            self.answer = Answer()
            return True
        self.answer = {
            "spot": self._one_mark,
            "source": self._one_mark,
            "markup": self._several_marks,
            "judge": self._judgement,
            "name": self._choice,
            "evidence": self._choice,
        }[self.played.kind]()
        return self.answer is not None and not self.errors

    @cached_property
    def checked(self) -> frozenset[int]:
        """The words that are marked, those of whole sentences included."""
        return marked_words(self.data, self.played.content.words)

    @cached_property
    def runs(self) -> list[Span]:
        """The marked words as runs of neighbours."""
        return rendering.runs(self.checked)

    @property
    def label(self) -> str:
        return self.data.get("label", "")

    @property
    def choice(self) -> str:
        return self.data.get("choice", "")

    @property
    def flagged(self) -> str:
        return self.data.get("flagged", "")

    @property
    def confidence(self) -> str:
        return self.data.get("confidence", "")

    def _one_mark(self) -> Answer | None:
        if "nothing" in self.data:
            return Answer()
        if not self.runs:
            self.errors["w"] = _("Mark the words first, or choose “nothing here”.")
        elif self.label not in self.played.options:
            self.errors["label"] = _("Choose a name for the words that you marked.")
        else:
            return Answer(marks=(Mark((self.runs[0][0], self.runs[-1][1]), self.label),))
        return None

    def _several_marks(self) -> Answer | None:
        if "nothing" in self.data:
            return Answer()
        if not self.runs:
            self.errors["w"] = _("Mark the words first, or choose “nothing here”.")
            return None
        labels = [self.label_of(run) for run in self.runs]
        if not any(name.startswith("label-") for name in self.data):
            return None  # the first of two steps: the marks are there, their names are asked for
        if any(label not in self.played.options for label in labels):
            self.errors["label"] = _("Choose a name for each of your marks.")
            return None
        return Answer(marks=tuple(Mark(run, label) for run, label in zip(self.runs, labels, strict=True)))

    def label_of(self, run: Span) -> str:
        return self.data.get(f"label-{run[0]}", "")

    def _judgement(self) -> Answer | None:
        if self.flagged not in ("yes", "no"):
            self.errors["flagged"] = _("Choose yes or no.")
        if self.confidence not in map(str, CONFIDENCES):
            self.errors["confidence"] = _("Say how sure you are.")
        return None if self.errors else Answer(flagged=self.flagged == "yes", confidence=int(self.confidence))

    def _choice(self) -> Answer | None:
        if self.choice not in self.played.options:
            self.errors["choice"] = _("Choose one of the answers.")
            return None
        return Answer(choice=self.choice)
