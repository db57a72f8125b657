"""A teacher's file or paste, read into plain text, with what was changed on the way told in words.

HTML, Markdown, DOCX and PDF are taken apart in a process of their own, with bounds on its time and memory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from exercises.reduction import characters, line_breaks
from exercises.reduction.decoding import decode
from exercises.reduction.reduced import Reduced, Refused
from exercises.scripts import SCRIPT
from exercises.text_file_words import note, refusal

LARGEST_FILE = 5_000_000
"""Bytes."""
LARGEST_TEXT = 200_000
"""Bytes in UTF-8."""
MOST_SECONDS = 20
AT_ONCE = BoundedSemaphore(2)
"""Files that are taken apart at the same time."""
IN_HAND = BoundedSemaphore(4)
"""Those, and files that wait for it: each keeps a thread of the server, which has other people to serve, too."""
ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".pdf": "pdf",
}
BEGINNINGS = ((b"%PDF-", "pdf"), (b"PK\x03\x04", "docx"), (b"{\\rtf", "rtf"), (b"\xd0\xcf\x11\xe0", "ole"))
HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?>.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


class UnreadableText(Exception):
    """A file or paste that is refused. The message says why, in words for a teacher."""


@dataclass(frozen=True)
class ReadText:
    """`text` has its line breaks repaired; `unrepaired` is the same without that, for a preview to choose from."""

    text: str
    unrepaired: str
    kind: str
    """paste, text, markdown, html, docx or pdf."""
    encoding: str
    """As the file was decoded; empty where the kind says it itself (docx, pdf, paste)."""
    notes: tuple[str, ...]
    """What was changed or left out, one sentence each."""


def read_text_file(name: str, data: bytes) -> ReadText:
    """Read a file by its content and, where that does not tell, by its name's ending. Raises UnreadableText."""
    try:
        if len(data) > LARGEST_FILE:
            raise Refused("file-size")
        if not data.strip():
            raise Refused("empty")
        kind = _kind(name, data)
        return _finished(kind, _decoded(data) if kind == "text" else _taken_apart(kind, data))
    except Refused as refused:
        raise UnreadableText(refusal(refused.code)) from None


def read_pasted(text: str) -> ReadText:
    """Read what was pasted. Raises UnreadableText."""
    try:
        return _finished("paste", Reduced(text))
    except Refused as refused:
        raise UnreadableText(refusal(refused.code)) from None


def _kind(name: str, data: bytes) -> str:
    ending = Path(name).suffix.lower()
    said = ENDINGS.get(ending, "")
    found = next((kind for beginning, kind in BEGINNINGS if data.startswith(beginning)), "")
    if found in ("rtf", "ole") or (found == "docx" and ending and said != "docx"):
        raise Refused(found if found in ("rtf", "ole") else "not-that")
    if said in ("docx", "pdf") and found != said:
        raise Refused("not-that")
    if found:
        return found
    if HTML.match(data.removeprefix(b"\xef\xbb\xbf")[:4096]):
        return "html"
    if not said and ending:
        raise Refused("ending")
    return said or "text"


def _decoded(data: bytes) -> Reduced:
    decoded = decode(data)
    return Reduced(decoded.text, decoded.encoding, Counter({"guessed": int(decoded.guessed)}))


def _taken_apart(kind: str, data: bytes) -> Reduced:
    """What exercises/reduction/child.py makes of a file."""
    environment = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
    command = [sys.executable, "-B", "-X", "utf8", "-m", "exercises.reduction.child", kind]
    if not IN_HAND.acquire(blocking=False):
        raise Refused("busy")
    try:
        with AT_ONCE:
            child = subprocess.run(
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parent.parent,
                env=environment,
                timeout=MOST_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise Refused("too-much") from None
    finally:
        IN_HAND.release()
    if child.returncode:
        raise Refused("too-much" if child.returncode < 0 else "damaged")
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Reduced(answer["text"], answer["encoding"], Counter(dict(answer["notes"])))


def _finished(kind: str, reduced: Reduced) -> ReadText:
    """The text cleaned and repaired, or refused."""
    if len(reduced.text) > 2 * LARGEST_TEXT:
        raise Refused("too-long")
    text, cleaned = characters.clean(reduced.text)
    unrepaired, repaired = line_breaks.tidy(text), line_breaks.repair(text)
    for each in (unrepaired.text, repaired.text):
        if len(each.encode()) > LARGEST_TEXT:
            raise Refused("too-long")
    if not re.search(r"\w", repaired.text):
        raise Refused("empty")
    if SCRIPT.search(repaired.text) or SCRIPT.search(unrepaired.text):
        raise Refused("script")
    counts = reduced.notes + cleaned + repaired.notes
    notes = tuple(_notes(counts, reduced.encoding, repaired.divided))
    return ReadText(repaired.text, unrepaired.text, kind, reduced.encoding, notes)


def _notes(counts: Counter[str], encoding: str, divided: list[str]) -> Iterator[str]:
    for code, count in counts.items():
        if count and (words := note(code, count, encoding=encoding, words=", ".join(divided))):
            yield words
