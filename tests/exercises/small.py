"""A small seeds folder with invented texts about a town's library and a school's garden, as Python values.

Tests change one value and write the folder; what the loader says about it is what they look at.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.conf import settings

LIBRARY = (
    "The library will close at six from Monday. "
    "This heartless decision robs every child of a quiet place to learn, and the mayor calls it a small change.\n"
    "The council put the new hours on its notice board on 3 March. Each branch keeps the list beside its door.\n"
    "Experts agree that pupils read less in winter. "
    "At the same time the head librarian counted 214 visitors on 5 March, eleven more than a year before.\n"
    "We were never asked, we were never told, and now we wait. The next meeting of the council is in April.\n"
    "The old plan is a disaster. Nobody has read it.\n"
    "A vote is near. A vote is near, said the chair, and the hall fell silent for a while.\n"
)
GARDEN = (
    "Pupils of the sixth year dug the beds in autumn.\n"
    "They planted beans, kale and two pear trees.\n"
    "The harvest grew by 40 percent. Parents were glad, and the cook used the kale for soup on Fridays.\n"
    "Either we water every day or the garden is lost for ever. The caretaker has a key to the tap.\n"
    "The beds lie in the sun until four. A fence of wood keeps the geese out.\n"
    "Picture: a pear tree.\n"
)
EXPLANATION = (
    "This passage uses a word with a lot of heat in it. Try a plain word in its place: the same thing is said, and "
    "it no longer warms or frightens anybody. That is the test for this label. The nearest other label does not fit, "
    "because nothing is said about what somebody is. A strong word can fit a strong case, so finding it is not a "
    "verdict on the text or on anybody in it."
)
EVIDENCE = [
    {"text": "The count of the year, by branch and month", "settles": True, "why": "It counts what is claimed."},
    {"text": "A column by a reader who likes winter", "settles": False, "why": "One voice is no count."},
    {"text": "A count of the books that were bought", "settles": False, "why": "It counts something else."},
    {"text": "A post without a date and a place", "settles": False, "why": "Nobody can tell where it is from."},
]
REFERENCES = [{"title": "Visitors by month", "publisher": "The library", "date": "March"}]


def annotation(key: str, label: str, core: list[Any], near: list[str], **more: Any) -> dict[str, Any]:
    gap = key.startswith("s")
    values: dict[str, Any] = {
        "key": key,
        "layer": "source" if gap else "technique",
        "label": label,
        "core": core,
        "near": [{"label": each, "why": "It would need more than that."} for each in near],
        "explanation": EXPLANATION,
        "difficulty": 1,
        "labellings": 4,
        "agreeing": 3,
        "adjudicated": True,
    }
    if gap:
        values |= {
            "fills": "A name and a count.",
            "look": "In the council's papers.",
            "evidence": deepcopy(EVIDENCE),
            "record": {"text": "No such count was found.", "basis": "not found", "references": deepcopy(REFERENCES)},
        }
    return values | more


def passage(
    key: str, quote: str, technique: str, source: str, *annotations: dict[str, Any], **more: Any
) -> dict[str, Any]:
    return {
        "key": key,
        "quote": quote,
        "context": "A town plans its year.",
        "fact": "The plan was printed in March.",
        "difficulty": 2,
        "technique": _state(technique),
        "source": _state(source),
        "annotations": list(annotations),
    } | more


def _state(state: str) -> dict[str, str]:
    return {"state": state} | ({} if state == "marked" else {"why": "It is plain, and it can be traced."})


def source(text: str, **more: Any) -> dict[str, Any]:
    return {
        "file": "town.txt",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "language": "en",
        "title": "News of the town",
        "genre": "News item",
        "opinion": False,
        "camp": "ukraine",
        "outlet": "Not told.",
        "date": "Not told.",
        "content_note": "Nothing hard.",
        "told": ["The title."],
        "not_told": ["The author."],
        "found": ["Nothing."],
        "labellers": "Invented for a test.",
        "teacher_note": "Read it aloud.",
    } | more


def library() -> list[dict[str, Any]]:
    lines = LIBRARY.splitlines()
    return [
        passage(
            "closing-time",
            lines[0],
            "marked",
            "clean",
            annotation(
                "t1", "loaded-language", ["heartless"], ["name-calling", "exaggeration"],
                envelope=["This heartless decision"], accepted=["questioning-reputation"],
            ),
            annotation("t2", "exaggeration", ["robs every child"], ["loaded-language", "appeal-to-fear"]),
        ),
        passage("notice-board", lines[1], "clean", "clean"),
        passage(
            "winter-reading",
            lines[2],
            "clean",
            "marked",
            annotation("s1", "weasel-attribution", ["Experts"], ["anonymous-source", "citation-needed"]),
            glossary=[{"term": "branch", "meaning": "a part of the library in another street"}],
        ),
        passage(
            "waiting",
            lines[3],
            "marked",
            "clean",
            annotation(
                "t1", "repetition", [{"quote": "we were never", "before": ","}, "We were never"],
                ["slogan", "exaggeration"],
            ),
        ),
        passage(
            "old-plan",
            lines[4],
            "marked",
            "discussion",
            annotation("t1", "name-calling", ["The old plan is a disaster"], ["loaded-language", "exaggeration"]),
            slips=[{"quote": "has read it", "problem": "Two had.", "correct": "but two had read it"}],
        ),
        passage("vote", lines[5], "clean", "discussion"),
    ]  # fmt: skip


def garden() -> list[dict[str, Any]]:
    lines = GARDEN.splitlines()
    record = {
        "text": "The cook keeps a book.",
        "basis": "verified",
        "references": [{"title": "The book", "publisher": "The school", "date": "May"}],
    }
    return [
        passage("beds", " ".join(lines[:2]), "clean", "clean"),
        passage(
            "harvest",
            lines[2],
            "clean",
            "marked",
            annotation(
                "s1", "statistic-without-source", ["40 percent"], ["citation-needed", "undated-claim"],
                envelope=["grew by 40 percent"], record=record,
            ),
        ),
        passage(
            "water",
            lines[3],
            "marked",
            "clean",
            annotation("t1", "false-dilemma", ["Either we water every day"], ["appeal-to-fear", "exaggeration"]),
        ),
        passage("sun-and-fence", lines[4], "clean", "clean", sensitive=True),
    ]  # fmt: skip


def sets() -> list[dict[str, Any]]:
    def item(passage: str, kind: str, **more: str) -> dict[str, str]:
        return {"passage": passage, "kind": kind} | more

    return [
        {
            "slug": "first-steps",
            "title": "First steps",
            "aim": "To leave fair words alone.",
            "minutes": 10,
            "level": "first lesson",
            "note": "Talk about it.",
            "starter": True,
            "example": "loaded-language",
            "items": [
                item("library/notice-board", "judge", layer="technique"),
                item("library/closing-time", "name", annotation="t1"),
                item("garden/water", "spot"),
                item("garden/sun-and-fence", "source"),
            ],
        },
        {
            "slug": "missing-sources",
            "title": "Missing sources",
            "aim": "To ask who counted.",
            "minutes": 15,
            "level": "second lesson",
            "note": "Talk about it.",
            "items": [
                item("library/winter-reading", "evidence", annotation="s1"),
                item("garden/harvest", "source"),
                item("garden/beds", "markup", layer="source"),
            ],
        },
    ]


class SmallSeeds:
    """The folder as values. `files` holds them by file name; `write` makes the folder what they say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Any] = {
            "library/text.txt": LIBRARY.encode(),
            "library/source.toml": source(LIBRARY),
            "library/passages.toml": {"passages": library()},
            "garden/text.txt": GARDEN.encode(),
            "garden/source.toml": source(
                GARDEN,
                joins=["autumn. They"],
                left_out=[{"quote": "Picture: a pear tree.", "reason": "A caption."}],
            ),
            "garden/passages.toml": {"passages": garden()},
            "sets.toml": {"sets": sets()},
        }
        folder.mkdir(exist_ok=True)
        shutil.copy(settings.SEEDS_DIR / "labels.toml", folder)

    def write(self) -> Path:
        for name, values in self.files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(values if isinstance(values, bytes) else toml(values).encode())
        return self.folder

    def passage(self, address: str) -> dict[str, Any]:
        text, _, key = address.partition("/")
        found: dict[str, Any] = next(
            each for each in self.files[f"{text}/passages.toml"]["passages"] if each["key"] == key
        )
        return found

    def annotation(self, address: str) -> dict[str, Any]:
        where, _, key = address.partition("#")
        found: dict[str, Any] = next(each for each in self.passage(where)["annotations"] if each["key"] == key)
        return found


def toml(table: Mapping[str, Any]) -> str:
    """A table as TOML, one line a key."""
    return "\n".join(f"{json.dumps(key)} = {_inline(value)}" for key, value in table.items()) + "\n"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
