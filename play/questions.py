"""An exercise before it is answered, as a page shows it: nothing in here tells the key."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from exercises import catalogue, rendering
from exercises.content.schema import Term
from exercises.keys import option_name
from exercises.versions import Played
from play.forms import CONFIDENCES, AnswerForm
from scoring.kinds import KINDS


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True)
class RunToName:
    """A mark of `markup` that waits for its name."""

    field: str
    quote: str
    label: str


@dataclass(frozen=True)
class Question:
    kind: str
    layer: str
    task: str
    nothing: str
    """The words of the button that says that nothing is wrong; empty where it is not offered."""
    language: str
    context: str
    glossary: tuple[Term, ...]
    passage: rendering.MarkingPassage | rendering.SegmentPassage
    is_marking: bool
    options: tuple[Option, ...]
    runs: tuple[RunToName, ...]
    confidences: tuple[Option, ...]
    errors: dict[str, str]
    sensitive: bool


def question(played: Played, *, language: str, form: AnswerForm | None = None) -> Question:
    """The question of an exercise, with what was typed if the form did not hold."""
    is_marking = played.kind in ("spot", "source", "markup")
    content = played.content
    if is_marking:
        passage: rendering.MarkingPassage | rendering.SegmentPassage = rendering.marking(
            content, checked=form.checked if form else frozenset()
        )
    else:
        passage = rendering.lit(content, played.asked.core) if played.asked else rendering.plain(content)
    runs = form.runs if form and played.kind == "markup" else []
    return Question(
        kind=played.kind,
        layer=played.layer,
        task=task(played.kind, played.layer),
        nothing=nothing(played.layer) if KINDS[played.kind].CLEAN_OFFERED else "",
        language=language,
        context=content.passage.context,
        glossary=content.passage.glossary,
        passage=passage,
        is_marking=is_marking,
        options=_options(played, form),
        runs=tuple(
            RunToName(
                f"label-{run[0]}", rendering.quoted(content, [content.span_of(run)]), form.label_of(run) if form else ""
            )
            for run in runs
        ),
        confidences=tuple(
            Option(str(each), f"{each} %", checked=bool(form and form.confidence == str(each))) for each in CONFIDENCES
        ),
        errors=dict(form.errors) if form else {},
        sensitive=content.passage.sensitive,
    )


def _options(played: Played, form: AnswerForm | None) -> tuple[Option, ...]:
    if played.kind == "judge":
        flagged = form.flagged if form else ""
        return (
            Option("yes", judged(played.layer, flagged=True), checked=flagged == "yes"),
            Option("no", judged(played.layer, flagged=False), checked=flagged == "no"),
        )
    chosen = (form.choice or form.label) if form else ""
    definitions = catalogue.labels() if played.kind != "evidence" else {}
    return tuple(
        Option(
            slug, option_name(played, slug), definitions[slug].question if slug in definitions else "", slug == chosen
        )
        for slug in played.options
    )


def task(kind: str, layer: str) -> str:
    """The task in one line."""
    technique = layer == "technique"
    if kind == "spot":
        return _("Mark the shortest words that use a persuasion technique, or say that there is none in these words.")
    if kind == "source":
        return _("Mark one claim whose source is missing, or say that a reader could trace this.")
    if kind == "name":
        return _("Which technique are the lit words?") if technique else _("What is missing behind the lit words?")
    if kind == "evidence":
        return _("Which of these would settle the lit claim?")
    if kind == "judge" and technique:
        return _("Is there a persuasion technique in this passage?")
    if kind == "judge":
        return _("Is there a claim in this passage whose source is missing?")
    if technique:
        return _("Mark every persuasion technique in this passage and name it, or say that there is none.")
    return _("Mark every claim whose source is missing and name the gap, or say that a reader could trace this.")


def nothing(layer: str) -> str:
    return _("No technique in these words") if layer == "technique" else _("A reader could trace this")


def judged(layer: str, *, flagged: bool) -> str:
    if layer == "technique":
        return _("Yes, there is a technique") if flagged else _("No technique in these words")
    return _("Yes, a source is missing") if flagged else _("A reader could trace this")
