"""DOCX reduced to its paragraphs. The XML is read as a stream, and refused where it declares a type or an entity.

ISO/IEC 29500-1, chapter 17: w:p is a paragraph, w:t text in it, w:del what was deleted with changes tracked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from xml.parsers import expat

from exercises.reduction.reduced import MOST_CHARACTERS, Reduced, Refused

MOST_ENTRIES = 5000
LARGEST_PART = 20_000_000
"""Bytes of XML, unpacked, that are read at most."""
CHUNK = 65_536
RELATIONS = "_rels/.rels"
USUAL = "word/document.xml"
LEFT_OUT = {"del": "deletions", "moveFrom": "deletions", "Fallback": "", "instrText": "", "rPh": ""}
"""Elements whose words are no part of the text, with the code of the note that says so."""
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "\u2011"}


def reduce(data: bytes) -> Reduced:
    """Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.namelist()) > MOST_ENTRIES:
                raise Refused("too-much")
            reader = Reader()
            _parse(archive, _document(archive), reader.start, reader.end, reader.words)
            if {"word/footnotes.xml", "word/endnotes.xml"} & set(archive.namelist()):
                reader.notes["footnotes"] += reader.references
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, ValueError):
        raise Refused("damaged") from None
    except (NotImplementedError, RuntimeError):
        raise Refused("encrypted") from None
    return Reduced("\n\n".join(reader.paragraphs), notes=reader.notes)


def _document(archive: zipfile.ZipFile) -> str:
    """The part that holds the text, as the package names it."""
    names = set(archive.namelist())
    found = []

    def start(name: str, attrs: dict[str, str]) -> None:
        if attrs.get("Type", "").endswith("/officeDocument"):
            found.append(attrs.get("Target", "").lstrip("/"))

    if RELATIONS in names:
        _parse(archive, RELATIONS, start)
    part = next((each for each in [*found, USUAL] if each in names), "")
    if not part:
        raise Refused("not-docx")
    return part


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    words: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = words
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    read = 0
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            if read > LARGEST_PART:
                raise Refused("too-much")
            parser.Parse(chunk)
    parser.Parse(b"", True)


def _refuse(*_declaration: object) -> None:
    raise Refused("entities")


class Reader:
    """Collects paragraphs. One inside another (a text box) comes before it."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.notes: Counter[str] = Counter()
        self.references = 0
        self.open: list[list[str]] = []
        self.skipped = 0
        self.is_text = False
        self.length = 0

    def start(self, name: str, attrs: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in LEFT_OUT:
            self.skipped += 1
            if code := LEFT_OUT[local]:
                self.notes[code] += 1
        elif local == "p":
            self.open.append([])
        elif local == "t":
            self.is_text = True
        elif local in BREAKS and self.open and not self.skipped:
            self.open[-1].append(BREAKS[local])
        elif local in ("drawing", "pict"):
            self.notes["pictures"] += 1
        elif local in ("footnoteReference", "endnoteReference"):
            self.references += 1

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in LEFT_OUT:
            self.skipped -= 1
        elif local == "t":
            self.is_text = False
        elif local == "p" and self.open and (paragraph := "".join(self.open.pop()).strip()):
            self.paragraphs.append(paragraph)

    def words(self, text: str) -> None:
        if self.is_text and self.open and not self.skipped:
            self.length += len(text)
            if self.length > MOST_CHARACTERS:
                raise Refused("too-long")
            self.open[-1].append(text)
