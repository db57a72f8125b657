"""Labelling blind: a second teacher marks the passages of a draft without seeing the first one's marks.

Marks are kept by passage and layer as {"words": the passage, "marks": [{"span": [start, end], "label": slug}]}, with
spans counted from the passage's beginning. A passage that has other words since is to be labelled anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from classroom.models import OwnLabelling
from classroom.own_texts import drafts
from classroom.own_texts.drafts import Draft, PassageDraft
from exercises.content.schema import LAYERS
from scoring.spans import Span

SEEN = "seen"
"""Where the decisions note that the labeller has seen the key."""


@dataclass(frozen=True)
class BlindMark:
    """Span in code points of the text."""

    span: Span
    label: str


@dataclass(frozen=True)
class Step:
    """One passage in one layer."""

    number: int
    key: str
    layer: str
    is_done: bool


def steps(labelling: OwnLabelling) -> list[Step]:
    """Everything that is to be labelled: layer by layer, passage by passage."""
    draft = labelling.own_text.draft
    return [
        Step(number, passage["key"], layer, marks_of(labelling, passage, layer) is not None)
        for layer in LAYERS
        for number, passage in enumerate(draft["passages"], 1)
    ]


def marks_of(labelling: OwnLabelling, passage: PassageDraft, layer: str) -> list[BlindMark] | None:
    """What was marked in a passage's layer; None where it is to be labelled still."""
    entry = labelling.marks.get(passage["key"], {}).get(layer)
    start = passage["span"][0]
    if entry is None or entry["words"] != _words(labelling.own_text.draft, passage):
        return None
    return [BlindMark((each["span"][0] + start, each["span"][1] + start), each["label"]) for each in entry["marks"]]


def is_open(labelling: OwnLabelling, key: str, layer: str) -> bool:
    """Whether a passage's layer may be labelled: not once the first teacher's marks were looked at."""
    done = any((each.key, each.layer) == (key, layer) and each.is_done for each in steps(labelling))
    return not (done and SEEN in labelling.decisions)


def note_seen(*, labelling: OwnLabelling, now: datetime) -> None:
    """The second teacher looks at the first one's marks."""
    if SEEN not in labelling.decisions:
        labelling.decisions[SEEN] = {"when": now.isoformat()}
        labelling.save(update_fields=["decisions"])


def is_complete(labelling: OwnLabelling) -> bool:
    found = steps(labelling)
    return bool(found) and all(each.is_done for each in found)


@transaction.atomic
def label(*, labelling: OwnLabelling, key: str, layer: str, marks: Sequence[BlindMark], now: datetime) -> OwnLabelling:
    """Write what the second teacher marks; none of them is a mark as well: the layer is clean for them."""
    row = (
        OwnLabelling.objects.select_for_update(no_key=True, of=("self",))
        .select_related("own_text")
        .get(pk=labelling.pk)
    )
    passage = drafts.passage_of(row.own_text.draft, key)
    if passage is None:
        return row
    start = passage["span"][0]
    entry: dict[str, Any] = {
        "words": _words(row.own_text.draft, passage),
        "marks": [{"span": [each.span[0] - start, each.span[1] - start], "label": each.label} for each in marks],
    }
    row.marks[key] = row.marks.get(key, {}) | {layer: entry}
    row.finished = (row.finished or now) if is_complete(row) else None
    row.save(update_fields=["marks", "finished"])
    return row


def _words(draft: Draft, passage: PassageDraft) -> str:
    return drafts.shown(draft)[slice(*passage["span"])]
