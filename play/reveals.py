"""An exercise after it is answered: the marks over the key, the explanations, the points and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from exercises import catalogue, notes, rendering
from exercises.content.schema import Slip, SourceText
from exercises.keys import option_name, source_of
from exercises.models import Source
from exercises.notes import Note, SourceCard
from exercises.versions import Played
from play.questions import judged, nothing
from scoring import kinds
from scoring.points import Answer, Decision


@dataclass(frozen=True)
class Reveal:
    kind: str
    layer: str
    language: str
    passage: rendering.SegmentPassage
    correct: bool
    points: int
    verdict: str
    """What the answer was worth, in words."""
    answer: str
    """What the player said, in words."""
    passed: bool
    """A passage left out: no points, no verdict on the answer."""
    fact: str
    clean_why: str
    """What makes a clean passage fair; empty where something is marked."""
    discussion_why: str
    """Why nothing is scored here, or what else was seen in a marked passage that the key leaves out; may be empty."""
    notes: tuple[Note, ...]
    has_extra: bool
    """Whether words are marked outside every key."""
    slips: tuple[Slip, ...]
    source: SourceCard


def reveal(played: Played, given: Answer, *, passed: bool = False, source: Source | SourceText | None = None) -> Reveal:
    """The reveal shows the whole key of the layer, whatever the kind asked; of a passed item without a verdict.

    `source` where its text is at hand, or is no more than a draft.
    """
    decision = kinds.score(played.item, given)
    content, passage = played.content, played.content.passage
    targets = content.targets(played.layer)
    marking = played.kind in ("spot", "source", "markup") and not passed
    source, state = source or source_of(played.version_id), passage.layers[played.layer]
    shown = rendering.revealed(content, targets, given.marks, answered=marking)
    return Reveal(
        kind=played.kind,
        layer=played.layer,
        language=source.language,
        passage=shown,
        correct=decision.correct,
        points=decision.points,
        verdict=_("You passed. Nothing is lost.") if passed else verdict(played, given, decision),
        answer="" if passed else said(played, given),
        passed=passed,
        fact=passage.fact,
        clean_why=state.why if state.state == "clean" else "",
        discussion_why=state.why if state.state != "clean" else "",
        notes=tuple(
            _note(played, given, number, key, rendering.verdict_of(target, given.marks) if marking else "shown")
            for number, (key, target) in enumerate(((target.key, target) for target in targets), 1)
        ),
        has_extra=any(each.state == "extra" for sentence in shown.sentences for each in sentence.segments),
        slips=passage.slips,
        source=notes.source_card(source),
    )


def _note(played: Played, given: Answer, number: int, key: str, state: str) -> notes.Note:
    annotation = played.content.annotation(key)
    asked = played.asked is not None and played.asked.key == key
    chosen = given.choice if asked and played.kind == "name" else _label_given(played, given, key)
    evidence = asked and played.kind == "evidence"
    return notes.note(
        played.content,
        annotation,
        number=number,
        state=state,
        chosen=chosen,
        evidence_order=played.options if evidence else (),
        evidence_chosen=given.choice if evidence else None,
    )


def _label_given(played: Played, given: Answer, key: str) -> str | None:
    """The label of the player's mark that overlaps an annotation most."""
    target = next(each for each in played.content.targets(played.layer) if each.key == key)
    touching = [mark for mark in given.marks if mark.picked & target.core]
    best = max(touching, key=lambda mark: len(mark.picked & target.core), default=None)
    return best.label if best else None


def said(played: Played, given: Answer) -> str:
    """The player's answer in words."""
    if played.kind == "judge":
        return _("%(answer)s (%(confidence)s %% sure)") % {
            "answer": judged(played.layer, flagged=bool(given.flagged)),
            "confidence": given.confidence,
        }
    if given.choice is not None:
        return option_name(played, given.choice)
    if not given.marks:
        return nothing(played.layer)
    names = catalogue.labels()
    content = played.content
    return "; ".join(
        f"“{rendering.quoted(content, [content.span_of(mark.run)])}”: {names[mark.label].name}"
        for mark in given.marks
        if mark.label in names
    )


def verdict(played: Played, given: Answer, decision: Decision) -> str:
    """Words before numbers."""
    if played.kind == "evidence":
        return _("Right: this would settle it.") if decision.correct else _("This would not settle it.")
    if played.kind == "name":
        return _name_verdict(decision)
    if played.kind == "judge" or not given.marks or not played.item.marked:
        return _clean_verdict(played, decision)
    if played.kind == "markup":
        return _markup_verdict(decision)
    return _place_verdict(decision)


def _name_verdict(decision: Decision) -> str:
    return {
        "right": _("Right name."),
        "near": _("A neighbour of the right name: read what tells them apart."),
        "wrong": _("Another name fits better: read why."),
    }[decision.label or "wrong"]


def _clean_verdict(played: Played, decision: Decision) -> str:
    if decision.correct:
        if played.item.marked:
            return _("Right: there is something here.")
        return _("Right: well left alone.")
    if played.item.marked:
        return _("There was something here after all.")
    if played.layer == "technique":
        return _("These words are fair: there was nothing to mark.")
    return _("A reader could trace this: there was nothing to mark.")


def _place_verdict(decision: Decision) -> str:
    if decision.target is None:
        touched = "partly" in decision.verdicts.values()
        return (
            _("Close: you touched the place, but not its heart.") if touched else _("Another place: see where it is.")
        )
    sharp = (decision.place or 0) >= SHARP
    if decision.label == "right":
        return _("Right place, right name.") if sharp else _("Right name, and roughly the right place.")
    if decision.label == "near":
        return _("Right place, and a neighbour of the right name.")
    return _("Right place, other name.")


def _markup_verdict(decision: Decision) -> str:
    found = sum(each == "found" for each in decision.verdicts.values())
    words = _("You found %(found)s of %(total)s.") % {"found": found, "total": len(decision.verdicts)}
    if decision.extra:
        words += " " + _("Marked beside: %(extra)s.") % {"extra": len(decision.extra)}
    return words


SHARP = 0.75
"""From this place score on, a mark is called the right place without "roughly"."""
