"""Annotating a passage of a draft: its marks, its states, and what students read before and after."""

from __future__ import annotations

import secrets
from typing import Any

from classroom.own_texts import drafts
from classroom.own_texts.drafts import Draft, MarkDraft, PassageDraft


class Gone(Exception):
    """A colleague took away the passage or the mark that was written on."""


def change_passage(draft: Draft, key: str, values: dict[str, Any]) -> None:
    """Write what a form says about a passage. Raises Gone."""
    _passage(draft, key).update(values)


def new_key() -> str:
    return f"m-{secrets.token_hex(4)}"


def add_mark(draft: Draft, key: str, layer: str, mark_key: str) -> MarkDraft:
    """An empty mark in a layer, which is marked from now on, unless it is for discussion. Raises Gone."""
    passage = _passage(draft, key)
    mark = drafts.new_mark(mark_key, layer)
    passage["annotations"].append(mark)
    if passage["layers"][mark["layer"]]["state"] != "discussion":
        passage["layers"][mark["layer"]]["state"] = "marked"
    return mark


def change_mark(draft: Draft, key: str, mark_key: str, values: dict[str, Any]) -> None:
    """Write what a form says about a mark; with other words or another label it is one teacher's again. Raises Gone."""
    mark = drafts.mark_of(_passage(draft, key), mark_key)
    if mark is None:
        raise Gone
    is_another = any(values[name] != mark[name] for name in ("core", "label"))
    mark |= values
    if is_another:
        mark |= {"labellings": 1, "agreeing": 1, "adjudicated": False, "labelled_by": "teachers"}


def remove_mark(draft: Draft, key: str, mark_key: str) -> None:
    """Take a mark off. A layer without marks is to be decided anew. Raises Gone."""
    passage = _passage(draft, key)
    mark = drafts.mark_of(passage, mark_key)
    if mark is None:
        raise Gone
    passage["annotations"].remove(mark)
    state = passage["layers"][mark["layer"]]
    if state["state"] == "marked" and not any(each["layer"] == mark["layer"] for each in passage["annotations"]):
        state["state"] = ""


def _passage(draft: Draft, key: str) -> PassageDraft:
    passage = drafts.passage_of(draft, key)
    if passage is None:
        raise Gone
    return passage
