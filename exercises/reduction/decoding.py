"""Bytes into characters: what a byte order mark or the file itself says, then UTF-8, then a guess that is told."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from exercises.reduction.reduced import Refused

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s{0,20}=\s{0,20}[\"']?\s{0,20}([\w.:-]{1,40})", re.IGNORECASE)
GUESSED = [
    "cp1251", "koi8_r", "koi8_u", "cp866", "mac_cyrillic", "cp1250", "iso8859_2", "cp1252", "iso8859_15", "cp1253",
    "cp1254", "cp1255", "cp1256", "cp1257", "utf_16_le", "utf_16_be", "shift_jis", "gb18030", "big5", "euc_kr",
]  # fmt: skip
"""Encodings that texts come in; others would only be mistaken for these."""
MISTAKEN = re.compile(r"[ˇ¦¬±¶](?=[^\W\d_])|(?<=[^\W\d_])[ˇ¦¬±¶]")
"""What Ą, Ś, Ź, ą and ś of ISO 8859-2 look like in code pages of Windows: signs that touch letters."""
CONTROLS = re.compile(r"[\x80-\x9f]")
SAMPLE = 100_000
"""Bytes that a guess looks at."""


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, *, declared: bool = False) -> Decoded:
    """The characters of a text file. `declared`: it is HTML, which may name its encoding. Raises Refused."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if declared and (found := DECLARED.search(data[:4096])) and (encoding := _known(found[1])):
        try:
            return _strictly(data, encoding)
        except Refused:
            pass  # it says one thing and is another
    try:
        return _strictly(data, "utf-8")
    except Refused:
        return _guess(data)


def _strictly(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding.removesuffix("-sig"))
    except (UnicodeError, ValueError):
        raise Refused("encoding") from None


def _known(name: bytes) -> str:
    """Python's name of an encoding of texts, or nothing. A page cannot be UTF-16 and have said so in ASCII."""
    try:
        info = codecs.lookup(name.decode("ascii"))
    except LookupError:
        return ""
    is_text = info._is_text_encoding and not info.name.startswith(("utf-16", "utf-32", "utf-7", "idna", "punycode"))
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(info.name, info.name) if is_text else ""


def _guess(data: bytes) -> Decoded:
    """What most likely was meant. The words that come out are shown to the teacher, with the name of the encoding."""
    from charset_normalizer import from_bytes  # here, because it takes longer to load than most files to read

    best = from_bytes(data[:SAMPLE], cp_isolation=GUESSED, enable_fallback=False).best()
    if best is None:
        raise Refused("encoding")
    decoded = _strictly(data, best.encoding)
    if best.encoding in ("cp1250", "cp1252", "cp1257") and MISTAKEN.search(decoded.text):
        other = _strictly(data, "iso8859_2")
        decoded = decoded if CONTROLS.search(other.text) else other
    return Decoded(decoded.text, decoded.encoding.replace("_", "-"), guessed=True)
