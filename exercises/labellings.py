"""The raw blind labellings of a text that come with a package, checked: `labellings/*.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from exercises.content.quotes import folded
from exercises.content.schema import LAYERS, Label
from exercises.content.tables import CONTROL
from exercises.scripts import SCRIPT

MOST_MARKS = 1000
MARK = {"layer": str, "label": str, "sure": bool, "spans": list, "quotes": list, "why": str}
"""What a mark holds; `spans` are code points of the text, `quotes` their words."""


def problems(where: str, raw: bytes, text: str, labels: Mapping[str, Label]) -> Iterator[str]:
    """What is wrong with a labelling, as lines of "file: key: reason"."""
    try:
        document = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        yield f"{where}: {_('not JSON in UTF-8')}"
        return
    if not isinstance(document, dict) or document.keys() != {"labeller", "marks"}:
        yield f"{where}: {_('should hold labeller and marks, and nothing else')}"
        return
    labeller, marks = document["labeller"], document["marks"]
    if not _is_text(labeller) or not labeller.strip():
        yield f"{where}: labeller: {_('should be a text')}"
    if not isinstance(marks, list) or len(marks) > MOST_MARKS:
        yield f"{where}: marks: {_('should be a list of at most %(most)d') % {'most': MOST_MARKS}}"
        return
    for number, mark in enumerate(marks, 1):
        if reason := _reason(mark, text, labels):
            yield f"{where}: marks {number}: {reason}"


def _reason(mark: Any, text: str, labels: Mapping[str, Label]) -> str:
    if not isinstance(mark, dict) or mark.keys() != MARK.keys():
        return _("should hold %(keys)s, and nothing else") % {"keys": ", ".join(MARK)}
    for key, kind in MARK.items():
        if type(mark[key]) is not kind or not (kind is not str or _is_text(mark[key])):
            return _("%(key)s is not of the kind it should be") % {"key": key}
    if mark["layer"] not in LAYERS:
        return _("layer: not one of %(layers)s") % {"layers": ", ".join(LAYERS)}
    label = labels.get(mark["label"])
    if label is None or label.layer != mark["layer"]:
        return _("label: not in the catalogue, or of the other layer")
    if not mark["spans"] or len(mark["spans"]) != len(mark["quotes"]):
        return _("spans: should be as many as quotes")
    for span, quote in zip(mark["spans"], mark["quotes"], strict=True):
        if not _is_span(span, len(text)) or not _is_text(quote) or folded(text[slice(*span)]) != folded(quote):
            return _("spans: are not where the quotes stand")
    return ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not CONTROL.search(value) and not SCRIPT.search(value)


def _is_span(span: Any, length: int) -> bool:
    return (
        isinstance(span, list)
        and len(span) == 2
        and all(type(each) is int for each in span)
        and 0 <= span[0] < span[1] <= length
    )
