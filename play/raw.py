"""Answers as they are kept: marks in code points of the source's file, so that they outlive any change of rules."""

from __future__ import annotations

from typing import Any

from exercises.versions import Played
from scoring.points import Answer, Mark


def pack(answer: Answer, played: Played) -> dict[str, Any]:
    """{"marks": [[start, end, label], …], "choice", "flagged", "confidence"}, the last three only where asked."""
    raw: dict[str, Any] = {}
    if played.kind in ("spot", "source", "markup"):
        raw["marks"] = [[*played.content.span_of(mark.run), mark.label] for mark in answer.marks]
    for key in ("choice", "flagged", "confidence"):
        if (value := getattr(answer, key)) is not None:
            raw[key] = value
    return raw


def unpack(raw: dict[str, Any], played: Played) -> Answer:
    marks = []
    for start, end, label in raw.get("marks", ()):
        run = played.content.run_of((start, end))
        if run:
            marks.append(Mark(run, label))
    return Answer(tuple(marks), raw.get("choice"), raw.get("flagged"), raw.get("confidence"))


def chosen(answer: Answer) -> str:
    """The one label or option of an answer, or nothing where there is none or more than one."""
    labels = {mark.label for mark in answer.marks}
    return answer.choice or (labels.pop() if len(labels) == 1 else "") or ""
