"""What teachers type about a passage and its marks, and what a second teacher marks and decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from classroom.own_texts.agreeing import BOTH, DISCUSS, KEEP, TAKE
from classroom.own_texts.drafts import MarkDraft, PassageDraft
from classroom.own_texts.forms import lines, text_field
from classroom.own_texts.labelling import BlindMark
from exercises import catalogue, rendering
from exercises.content.schema import BASES, EVIDENCE_OPTIONS, LAYERS
from exercises.versions import PassageContent
from scoring.spans import Span

DIFFICULTIES = [("1", _("easy")), ("2", _("medium")), ("3", _("hard"))]
STATES = [
    ("", _("not decided yet")),
    ("marked", _("marked")),
    ("clean", _("clean")),
    ("discussion", _("for discussion")),
]
BASIS_NAMES = {
    "verified": _("checked in a copy"),
    "general knowledge": _("general knowledge, not checked"),
    "not found": _("looked for and not found"),
}
NEAR_ROWS = 3
MOST_WORDS = 2000
"""Check boxes that are read of one form."""


class PassageForm(forms.Form):
    """What is said about a passage as a whole."""

    context = text_field(
        _("Where it stands in the text"), rows=2, help_text=_("One sentence. Students read it before the passage.")
    )
    fact = text_field(
        _("What is on record"),
        rows=2,
        help_text=_("One sentence of settled fact, which students read after the answer."),
    )
    difficulty = forms.ChoiceField(label=_("Difficulty"), choices=DIFFICULTIES)
    sensitive = forms.BooleanField(
        label=_("It speaks of violence against people"),
        required=False,
        help_text=_(
            "Students may pass. The explanation states the documented facts first; testimony is never called "
            "manipulation."
        ),
    )
    technique_state = forms.ChoiceField(label=_("Wording"), required=False, choices=STATES)
    technique_why = text_field(
        _("Wording: the reason"), rows=2, help_text=_("Of a clean passage: what makes this wording fair.")
    )
    source_state = forms.ChoiceField(label=_("Sources"), required=False, choices=STATES)
    source_why = text_field(
        _("Sources: the reason"), rows=2, help_text=_("Of a clean passage: how a reader could trace it.")
    )
    glossary = text_field(_("Hard words"), rows=2, help_text=_("One a line, with a colon: word: meaning."))

    @classmethod
    def of(cls, passage: PassageDraft, data: Any = None) -> PassageForm:
        initial = {name: passage[name] for name in ("context", "fact", "sensitive")}
        initial["difficulty"] = str(passage["difficulty"])
        initial["glossary"] = "\n".join(f"{each['term']}: {each['meaning']}" for each in passage["glossary"])
        for layer in LAYERS:
            initial |= {f"{layer}_{name}": passage["layers"][layer][name] for name in ("state", "why")}
        return cls(data, initial=initial)

    def clean_glossary(self) -> str:
        text = str(self.cleaned_data["glossary"])
        if any(not all(part.strip() for part in each.partition(":")) for each in lines(text)):
            raise ValidationError(_("Each line needs a word, a colon and its meaning."))
        return text

    def values(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in ("context", "fact", "sensitive")}
        pairs = [each.partition(":") for each in lines(self.cleaned_data["glossary"])]
        return found | {
            "difficulty": int(self.cleaned_data["difficulty"]),
            "glossary": [{"term": term.strip(), "meaning": meaning.strip()} for term, _colon, meaning in pairs],
            "layers": {
                layer: {name: self.cleaned_data[f"{layer}_{name}"] for name in ("state", "why")} for layer in LAYERS
            },
        }


class MarkForm(forms.Form):
    """One mark: its words as check boxes `w` and `s` (those around it `ew` and `es`), and all that is said about it."""

    label = forms.ChoiceField(label=_("Label"), required=False)
    accepted = forms.MultipleChoiceField(label=_("Also accepted"), required=False, widget=forms.CheckboxSelectMultiple)
    explanation = text_field(
        _("Explanation"),
        rows=6,
        help_text=_(
            "60 to 140 words for a 15-year-old: what the wording does, why it is this, why the nearest rival does not "
            "fit. The first sentence has at most 25 words."
        ),
    )
    difficulty = forms.ChoiceField(label=_("Difficulty"), choices=DIFFICULTIES)
    fills = text_field(_("What would fill the gap"), rows=2)
    look = text_field(_("Where to look"), rows=2)
    record_text = text_field(_("What is on record about the claim"), rows=3)
    record_basis = forms.ChoiceField(
        label=_("How well you checked it"),
        required=False,
        choices=[(each, BASIS_NAMES[each]) for each in reversed(BASES)],
    )
    record_references = text_field(
        _("References"), rows=2, help_text=_("One a line, with semicolons: title; publisher; date.")
    )

    def __init__(self, data: Any, *, layer: str, content: PassageContent, mark: MarkDraft) -> None:
        super().__init__(data, initial=_initial(mark))
        self.layer, self.content, self.mark = layer, content, mark
        names = [(label.slug, label.name) for label in catalogue.of_layer(layer)]
        open_names = [("", _("choose one")), *names]
        self.fields["label"].choices = open_names  # type: ignore[attr-defined]
        self.fields["accepted"].choices = names  # type: ignore[attr-defined]
        for number in range(1, max(NEAR_ROWS, len(mark["near"])) + 1):
            self.fields[f"near_{number}_label"] = forms.ChoiceField(
                label=_("Near miss %(n)d") % {"n": number}, required=False, choices=open_names
            )
            self.fields[f"near_{number}_why"] = text_field(_("Why it is not that (%(n)d)") % {"n": number}, rows=2)
        if layer == "source":
            for number in range(1, EVIDENCE_OPTIONS + 1):
                self.fields[f"evidence_{number}_text"] = text_field(_("Option %(n)d") % {"n": number})
                self.fields[f"evidence_{number}_settles"] = forms.BooleanField(
                    label=_("It settles the claim (%(n)d)") % {"n": number}, required=False
                )
                self.fields[f"evidence_{number}_why"] = text_field(_("Why, or why not (%(n)d)") % {"n": number}, rows=2)
        else:
            for name in ("fills", "look", "record_text", "record_basis", "record_references"):
                del self.fields[name]

    @property
    def near_rows(self) -> list[tuple[BoundField, BoundField]]:
        numbers = [name.split("_")[1] for name in self.fields if name.startswith("near_") and name.endswith("_label")]
        return [(self[f"near_{number}_label"], self[f"near_{number}_why"]) for number in numbers]

    @property
    def evidence_rows(self) -> list[tuple[BoundField, ...]]:
        if self.layer != "source":
            return []
        parts = ("text", "settles", "why")
        return [tuple(self[f"evidence_{n}_{part}"] for part in parts) for n in range(1, EVIDENCE_OPTIONS + 1)]

    def clean_record_references(self) -> str:
        text = str(self.cleaned_data["record_references"])
        if any(each.count(";") != 2 for each in lines(text)):
            raise ValidationError(_("Each line needs title, publisher and date, with semicolons between them."))
        return text

    def words(self, prefix: str = "") -> frozenset[int]:
        """The words that are marked: as sent, or as the draft has them."""
        if not self.is_bound:
            return indices(self.content, self.mark["envelope" if prefix else "core"])
        return marked(self.content, self.data, prefix)

    def values(self) -> dict[str, Any]:
        """The mark, as a draft holds it."""
        cleaned, core, around = self.cleaned_data, self.words(), self.words("e")
        found = {name: cleaned[name] for name in ("label", "accepted", "explanation")}
        found |= {name: cleaned.get(name, "") for name in ("fills", "look")}
        near = [(cleaned[f"near_{n}_label"], cleaned[f"near_{n}_why"]) for n in self._numbers("near", "label")]
        return found | {
            "core": self._spans("core", core),
            "envelope": self._spans("envelope", around | core) if around else [],
            "difficulty": int(cleaned["difficulty"]),
            "near": [{"label": label, "why": why} for label, why in near if label or why],
            "evidence": self._evidence(),
            "record": self._record(),
        }

    def _spans(self, name: str, words: frozenset[int]) -> list[list[int]]:
        """The spans that the draft has, where they touch just these words: they may hold a sign more."""
        kept: list[list[int]] = self.mark[name]
        return kept if words == indices(self.content, kept) else spans(self.content, words)

    def _numbers(self, name: str, part: str) -> list[str]:
        return [each.split("_")[1] for each in self.fields if each.startswith(f"{name}_") and each.endswith(f"_{part}")]

    def _evidence(self) -> list[dict[str, Any]]:
        rows = [
            {part: self.cleaned_data[f"evidence_{n}_{part}"] for part in ("text", "settles", "why")}
            for n in self._numbers("evidence", "text")
        ]
        return [row for row in rows if any(row.values())]

    def _record(self) -> dict[str, Any] | None:
        cleaned = self.cleaned_data
        references = [
            dict(zip(("title", "publisher", "date"), (part.strip() for part in each.split(";")), strict=True))
            for each in lines(cleaned.get("record_references", ""))
        ]
        if not (cleaned.get("record_text") or references):
            return None
        return {"text": cleaned["record_text"], "basis": cleaned["record_basis"] or BASES[-1], "references": references}


def _initial(mark: MarkDraft) -> dict[str, Any]:
    initial = {name: mark[name] for name in ("label", "accepted", "explanation", "fills", "look")}
    initial["difficulty"] = str(mark["difficulty"])
    for number, near in enumerate(mark["near"], 1):
        initial |= {f"near_{number}_{part}": near[part] for part in ("label", "why")}
    for number, option in enumerate(mark["evidence"], 1):
        initial |= {f"evidence_{number}_{part}": option[part] for part in ("text", "settles", "why")}
    if record := mark["record"]:
        rows = ["; ".join(each[part] for part in ("title", "publisher", "date")) for each in record["references"]]
        initial |= {
            "record_text": record["text"],
            "record_basis": record["basis"],
            "record_references": "\n".join(rows),
        }
    return initial


def marked(content: PassageContent, data: Any, prefix: str = "") -> frozenset[int]:
    """The words of a passage that a form marks: word indices in `w`, whole sentences in `s`."""
    words = content.words
    found = {index for index in _numbers(data, f"{prefix}w") if index < len(words)}
    for number in _numbers(data, f"{prefix}s"):
        if 1 <= number <= len(words.sentences):
            found.update(range(*words.sentences[number - 1]))
    return frozenset(found)


def _numbers(data: Any, name: str) -> set[int]:
    sent = data.getlist(name)[:MOST_WORDS]
    return {int(value) for value in sent if value.isascii() and value.isdecimal() and len(value) < 6}


def spans(content: PassageContent, words: frozenset[int]) -> list[list[int]]:
    """Marked words as spans of the text, neighbours together."""
    return [list(content.span_of(run)) for run in rendering.runs(words)]


def indices(content: PassageContent, found: Iterable[Sequence[int]]) -> frozenset[int]:
    """The words of spans of the text."""
    start = content.start
    return frozenset[int]().union(*(content.words.indices(first - start, last - start) for first, last in found))


class DecisionForm(forms.Form):
    """What two teachers decide where their marks differ."""

    difference = forms.CharField(max_length=300, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        choices=[(each, each) for each in (KEEP, TAKE, BOTH, DISCUSS)],
        error_messages={"required": _("Choose one of the ways.")},
    )
    why = text_field(_("Why (it is kept with the decision)"), rows=2)


class LabelForm:
    """What a second teacher marks in a passage's layer: check boxes `w` and `s`, and `label-<first>` for each run.

    `marks` holds what was said, None while something lacks; `problem` says what.
    """

    def __init__(self, data: Any, *, layer: str, content: PassageContent, known: Sequence[BlindMark]) -> None:
        self.problem = ""
        self.marks: list[BlindMark] | None = None
        self.known = {runs[0][0]: each.label for each in known if (runs := _runs_of(content, [each.span]))}
        self.checked = indices(content, [each.span for each in known])
        self.is_naming = bool(known)
        self.content, self.data, self.layer = content, data, layer
        if data is not None:
            self._read()

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(field, words, label) of each run of marked words that waits for its name."""
        return [
            (f"label-{run[0]}", rendering.quoted(self.content, [self.content.span_of(run)]), self._label(run[0]))
            for run in rendering.runs(self.checked)
        ]

    def _label(self, first: int) -> str:
        return str(self.data.get(f"label-{first}", "")) if self.data is not None else self.known.get(first, "")

    def _read(self) -> None:
        self.checked = marked(self.content, self.data)
        asked = any(name.startswith("label-") for name in self.data)
        self.is_naming = bool(self.checked)
        if "nothing" in self.data:
            self.marks = []
        elif not self.checked:
            self.problem = str(_("Mark the words first, or say that there is nothing to mark."))
        elif asked and any(label not in _slugs(self.layer) for _field, _words, label in self.rows):
            self.problem = str(_("Choose a name for each of your marks."))
        elif asked:
            runs = rendering.runs(self.checked)
            self.marks = [BlindMark(self.content.span_of(run), self._label(run[0])) for run in runs]


def _slugs(layer: str) -> set[str]:
    return {label.slug for label in catalogue.of_layer(layer)}


def _runs_of(content: PassageContent, found: Iterable[Sequence[int]]) -> list[Span]:
    return rendering.runs(indices(content, found))
