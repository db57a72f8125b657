"""Explanations as pages show them: one note an annotation, and what frames them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import catalogue, rendering
from exercises.content.schema import Annotation, Record, SourceText
from exercises.models import Source
from exercises.versions import PassageContent
from scoring.spans import sentence_spans


@dataclass(frozen=True)
class NearNote:
    name: str
    why: str
    chosen: bool


@dataclass(frozen=True)
class EvidenceNote:
    text: str
    settles: bool
    why: str
    chosen: bool


@dataclass(frozen=True)
class RecordNote:
    text: str
    basis_text: str
    references: tuple[Any, ...]


@dataclass(frozen=True)
class Note:
    """One annotation explained. `state` is found, partly, missed or shown."""

    number: int
    label_slug: str
    label_name: str
    accepted_names: tuple[str, ...]
    state: str
    state_text: str
    quote: str
    lead: str
    rest: str
    near: tuple[NearNote, ...]
    fills: str
    look: str
    record: RecordNote | None
    evidence: tuple[EvidenceNote, ...]
    provenance: str


@dataclass(frozen=True)
class SourceCard:
    """What is told of a text after the answer."""

    title: str
    language: str
    genre: str
    outlet: str
    camp: str
    date: str
    told: tuple[str, ...]
    not_told: tuple[str, ...]
    found: tuple[str, ...]
    labellers: str
    licence: str


def note(
    content: PassageContent,
    annotation: Annotation,
    *,
    number: int,
    state: str = "shown",
    chosen: str | None = None,
    evidence_order: tuple[str, ...] = (),
    evidence_chosen: str | None = None,
) -> Note:
    """The note of an annotation. `chosen` is the label that the player gave it: its rebuttal comes first."""
    names = catalogue.labels()
    lead, rest = split_lead(annotation.explanation)
    near = sorted(annotation.near, key=lambda each: each.label != chosen)
    order = evidence_order or tuple(str(index) for index in range(len(annotation.evidence)))
    return Note(
        number=number,
        label_slug=annotation.label,
        label_name=names[annotation.label].name,
        accepted_names=tuple(names[slug].name for slug in annotation.accepted),
        state=state,
        state_text=state_text(state),
        quote=rendering.quoted(content, annotation.core),
        lead=lead,
        rest=rest,
        near=tuple(NearNote(names[each.label].name, each.why, each.label == chosen) for each in near),
        fills=annotation.fills,
        look=annotation.look,
        record=_record(annotation.record) if annotation.record else None,
        evidence=tuple(
            EvidenceNote(option.text, option.settles, option.why, index == evidence_chosen)
            for index in order
            for option in [annotation.evidence[int(index)]]
        ),
        provenance=provenance(annotation),
    )


def split_lead(explanation: str) -> tuple[str, str]:
    """The first sentence, and the rest."""
    text = " ".join(explanation.split())
    sentences = sentence_spans(text)
    end = sentences[0][1] if sentences else len(text)
    return text[:end], text[end:].strip()


def state_text(state: str) -> str:
    return {
        "found": _("You found this"),
        "partly": _("You touched this"),
        "missed": _("You missed this"),
        "shown": _("In the key"),
    }[state]


def provenance(annotation: Annotation) -> str:
    """How the key came about. Runs of a language model are called that, and people are called people."""
    if annotation.labelled_by == "teachers":
        return _teachers(annotation)
    text = ngettext(
        "%(agreeing)d of %(labellings)d labelling by a language model marked this",
        "%(agreeing)d of %(labellings)d independent labellings by a language model marked this",
        annotation.labellings,
    ) % {"agreeing": annotation.agreeing, "labellings": annotation.labellings}
    return text + ("; " + _("a further run adjudicated.") if annotation.adjudicated else ".")


def _teachers(annotation: Annotation) -> str:
    if annotation.labellings < 2:
        return _("One teacher’s key: no second teacher has labelled this.")
    text = _("%(agreeing)d of %(labellings)d teachers marked this, each without seeing the other’s marks") % {
        "agreeing": annotation.agreeing,
        "labellings": annotation.labellings,
    }
    return text + ("; " + _("they adjudicated it.") if annotation.adjudicated else ".")


def _record(record: Record) -> RecordNote:
    basis = {
        "verified": _("Checked in a stored copy"),
        "general knowledge": _("General knowledge, not checked for this game"),
        "not found": _("Looked for and not found"),
    }[record.basis]
    return RecordNote(record.text, basis, record.references)


def source_card(source: Source | SourceText) -> SourceCard:
    card = source.card if isinstance(source, Source) else vars(source)
    return SourceCard(
        title=source.title,
        language=source.language,
        genre=card["genre"],
        outlet=card["outlet"],
        camp=camp_name(source.camp),
        date=card["date"],
        told=tuple(card["told"]),
        not_told=tuple(card["not_told"]),
        found=tuple(card["found"]),
        labellers=card["labellers"],
        licence=card.get("licence", ""),
    )


def camp_name(camp: str) -> str:
    return {
        "kremlin": _("argues for the Kremlin’s position"),
        "ukraine": _("argues for Ukraine’s position"),
        "neither": _("argues for neither side of the war"),
    }[camp]
