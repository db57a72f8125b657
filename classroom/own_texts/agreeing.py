"""How far two teachers' marks agree, where they differ, and what comes of it: adjudication, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from classroom.models import OwnLabelling, Teacher
from classroom.own_texts import drafts, labelling, marking
from classroom.own_texts.drafts import Draft, MarkDraft, PassageDraft
from classroom.own_texts.labelling import BlindMark
from exercises.agreement import Fragment, partial_f1
from exercises.content.schema import LAYERS, REPEATING
from scoring.spans import Span

SAME_PLACE = 0.5
"""Share of the longer of two marks that both have to cover to be marks of one place."""
KEEP, TAKE, BOTH, DISCUSS = "keep", "take", "both", "discuss"
CHOICES = {
    "first": (KEEP, TAKE, DISCUSS),
    "second": (KEEP, TAKE, DISCUSS),
    "label": (KEEP, TAKE, BOTH, DISCUSS),
    "place": (KEEP, TAKE, BOTH, DISCUSS),
}
"""What can be decided of a mark that only the first has, only the second has, with two labels, at two places."""


class NotOpen(Exception):
    """The difference is not there any more, or was decided."""


class StillOpen(Exception):
    """There are differences that nobody has decided."""


@dataclass(frozen=True)
class Difference:
    """A place where two labellings differ. `kind` is one of CHOICES."""

    id: str
    kind: str
    key: str
    """Of the passage."""
    layer: str
    mark: str
    """Key of the first teacher's mark, or empty."""
    first: tuple[Span, ...]
    second: tuple[Span, ...]
    first_label: str
    second_label: str

    @property
    def choices(self) -> tuple[str, ...]:
        return CHOICES[self.kind]


@dataclass(frozen=True)
class LayerAgreement:
    """Agreement in one layer, as in docs/content.md: 1 is complete. Passages for discussion do not count."""

    layer: str
    first: int
    """Marks of the first teacher."""
    second: int
    places: float
    labels: float
    """Places with their labels."""
    clean_both: int
    passages: int


@dataclass(frozen=True)
class Agreement:
    layers: tuple[LayerAgreement, ...]
    agreed: frozenset[str]
    """Keys of the marks that both have, as passage:mark."""
    differences: tuple[Difference, ...]
    open: tuple[Difference, ...]


def agreement(found: OwnLabelling) -> Agreement:
    """The draft's marks against those of a second teacher, in passages that the second has labelled as they stand."""
    draft = found.own_text.draft
    differences: list[Difference] = []
    agreed: set[str] = set()
    layers = []
    for layer in LAYERS:
        compared = [
            (passage, marks)
            for passage in draft["passages"]
            if passage["layers"][layer]["state"] != "discussion"
            for marks in [labelling.marks_of(found, passage, layer)]
            if marks is not None
        ]
        for passage, marks in compared:
            differences += _differences(passage, layer, marks, agreed)
        layers.append(_layer(layer, compared))
    undecided = tuple(each for each in differences if each.id not in found.decisions)
    return Agreement(tuple(layers), frozenset(agreed), tuple(differences), undecided)


@transaction.atomic
def decide(*, found: OwnLabelling, difference: str, choice: str, why: str, by: Teacher, now: datetime) -> None:
    """Settle one difference in the draft. Raises NotOpen."""
    row = _held(found)
    each = next((one for one in agreement(row).open if one.id == difference), None)
    if each is None or choice not in each.choices:
        raise NotOpen
    own_text = row.own_text

    def settle(draft: Draft) -> list[str]:
        try:
            _settle(draft, each, choice)
        except marking.Gone:
            raise NotOpen from None
        return [drafts.passage_part(each.key), drafts.mark_part(each.key, each.mark)]

    drafts.save(own_text=own_text, part="decisions", base=own_text.revision, by=by, change=settle, now=now)
    row.decisions[each.id] = {"choice": choice, "why": why, "by": by.username, "when": now.isoformat()}
    row.save(update_fields=["decisions"])


@transaction.atomic
def adjudicate(*, found: OwnLabelling, by: Teacher, now: datetime) -> None:
    """Note at every mark that two teachers labelled it and how many had it. Raises StillOpen."""
    row = _held(found)
    known = agreement(row)
    if known.open or not labelling.is_complete(row):
        raise StillOpen

    def note(draft: Draft) -> list[str]:
        touched = []
        for passage in draft["passages"]:
            for mark in passage["annotations"]:
                if mark["labelled_by"] == "teachers":
                    both = f"{passage['key']}:{mark['key']}" in known.agreed
                    mark |= {"labellings": 2, "agreeing": 2 if both else 1, "adjudicated": True}
                    touched.append(drafts.mark_part(passage["key"], mark["key"]))
        return touched

    own_text = row.own_text
    drafts.save(own_text=own_text, part="decisions", base=own_text.revision, by=by, change=note, now=now)


def _held(found: OwnLabelling) -> OwnLabelling:
    """The labelling with its text, which nobody else changes until this is done."""
    rows = OwnLabelling.objects.select_for_update(no_key=True, of=("self", "own_text"))
    return rows.select_related("own_text", "teacher").get(pk=found.pk)


def _settle(draft: Draft, each: Difference, choice: str) -> None:
    passage = drafts.passage_of(draft, each.key)
    if passage is None:
        raise marking.Gone
    if choice == DISCUSS:
        passage["layers"][each.layer]["state"] = "discussion"
    elif choice == TAKE and each.kind == "first":
        marking.remove_mark(draft, each.key, each.mark)
    elif choice == TAKE and each.kind == "second":
        mark = marking.add_mark(draft, each.key, each.layer, marking.new_key())
        mark |= {"core": [list(span) for span in each.second], "label": each.second_label}
    elif choice in (TAKE, BOTH):
        _change(passage, each, choice)


def _change(passage: PassageDraft, each: Difference, choice: str) -> None:
    mark = drafts.mark_of(passage, each.mark)
    if mark is None:
        raise marking.Gone
    if each.kind == "label" and choice == BOTH:
        mark["accepted"] = [*mark["accepted"], each.second_label]
        mark["near"] = [near for near in mark["near"] if near["label"] != each.second_label]
    elif each.kind == "label":
        mark["label"] = each.second_label
        mark["accepted"] = [slug for slug in mark["accepted"] if slug != each.second_label]
        mark["near"] = [near for near in mark["near"] if near["label"] != each.second_label]
    elif choice == BOTH:
        around = [*mark["core"], *mark["envelope"], *(list(span) for span in each.second)]
        mark["envelope"] = [[min(start for start, _ in around), max(end for _, end in around)]]
    else:
        mark["core"], mark["envelope"] = [list(span) for span in each.second], []


def _differences(passage: PassageDraft, layer: str, marks: Sequence[BlindMark], agreed: set[str]) -> list[Difference]:
    """Where the marks of one passage differ; keys of those that agree are put into `agreed`."""
    left, found = list(marks), list[Difference]()
    for mark in (each for each in passage["annotations"] if each["layer"] == layer and each["core"]):
        core = tuple((start, end) for start, end in mark["core"])
        near = sorted((each for each in left if _shared(core, each.span)), key=lambda each: -_shared(core, each.span))
        if not near:
            found.append(_difference("first", passage, layer, mark, None))
            continue
        if mark["label"] == REPEATING:
            near = [each for each in near if each.label == REPEATING] or near[:1]
        other = near[0]
        for each in near if mark["label"] == REPEATING else [other]:
            left.remove(each)
        if other.label not in (mark["label"], *mark["accepted"]):
            found.append(_difference("label", passage, layer, mark, other))
        elif mark["label"] != REPEATING and not _same_place(core, other.span):
            found.append(_difference("place", passage, layer, mark, other))
        else:
            agreed.add(f"{passage['key']}:{mark['key']}")
    return found + [_difference("second", passage, layer, None, each) for each in left]


def _difference(
    kind: str, passage: PassageDraft, layer: str, mark: MarkDraft | None, other: BlindMark | None
) -> Difference:
    start = passage["span"][0]
    place = f"{other.span[0] - start}-{other.span[1] - start}-{other.label}" if other else ""
    return Difference(
        id=":".join((passage["key"], layer, mark["key"] if mark else "", place)),
        kind=kind,
        key=passage["key"],
        layer=layer,
        mark=mark["key"] if mark else "",
        first=tuple((first, last) for first, last in mark["core"]) if mark else (),
        second=(other.span,) if other else (),
        first_label=mark["label"] if mark else "",
        second_label=other.label if other else "",
    )


def _shared(core: Sequence[Span], span: Span) -> int:
    return sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in core)


def _same_place(core: Sequence[Span], span: Span) -> bool:
    longer = max(sum(end - start for start, end in core), span[1] - span[0])
    return _shared(core, span) >= SAME_PLACE * longer


def _layer(layer: str, compared: Sequence[tuple[PassageDraft, list[BlindMark]]]) -> LayerAgreement:
    first = [
        Fragment(start, end, mark["label"])
        for passage, _ in compared
        for mark in passage["annotations"]
        if mark["layer"] == layer
        for start, end in mark["core"]
    ]
    second = [Fragment(*mark.span, mark.label) for _, marks in compared for mark in marks]
    bare = [[Fragment(each.start, each.end, "") for each in marks] for marks in (first, second)]
    clean = sum(
        not marks and not any(mark["layer"] == layer for mark in passage["annotations"]) for passage, marks in compared
    )
    return LayerAgreement(
        layer=layer,
        first=len(first),
        second=len(second),
        places=min(1.0, partial_f1(*bare)),
        labels=min(1.0, partial_f1(first, second)),
        clean_both=clean,
        passages=len(compared),
    )


def labels_of(found: Difference, names: dict[str, Any]) -> tuple[str, str]:
    """The names of both labels, empty where there is none."""
    first, second = ((names[slug].name if slug in names else "") for slug in (found.first_label, found.second_label))
    return first, second
