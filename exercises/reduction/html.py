"""HTML reduced to the text that a reader sees: paragraphs, headings and list items on lines of their own."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from exercises.reduction.decoding import decode
from exercises.reduction.reduced import MOST_CHARACTERS, Reduced, Refused

LEFT_OUT = {
    **dict.fromkeys(("script", "style", "template", "noscript"), "scripts"),
    **dict.fromkeys(
        ("nav", "aside", "footer", "form", "button", "select", "textarea", "dialog", "menu", "figcaption"), "furniture"
    ),
    **dict.fromkeys(("svg", "math", "iframe", "object", "canvas", "audio", "video"), "pictures"),
    "head": "",
}
"""Elements whose words are no part of the text, with the code of the note that says so."""
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
PARAGRAPHS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "main", "ol", "p", "pre",
    "section", "summary", "table", "ul",
}  # fmt: skip
LINES = {"br", "caption", "li", "tr"}
CELLS = {"td", "th"}
WHOLE = ("article", "main")
"""Where exactly one of these is on the page, it is the text, and what is around it is not."""
HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.IGNORECASE)
DEEPEST = 500
"""Elements inside each other that are kept apart."""


def reduce(data: bytes) -> Reduced:
    """Raises Refused."""
    decoded = decode(data, declared=True)
    text, notes = text_of(decoded.text)
    return Reduced(text, decoded.encoding, notes + Counter({"guessed": int(decoded.guessed)}))


def text_of(html: str) -> tuple[str, Counter[str]]:
    """The text of a page, and what was left out, by the notes' codes."""
    found = {name: len(re.findall(rf"<{name}[\s>]", html, re.IGNORECASE)) for name in WHOLE}
    only = next((name for name in WHOLE if found[name] == 1), "")
    reader = Reader(only)
    reader.feed(html)
    reader.close()
    text = reader.text()
    if only and not text.strip():
        reader = Reader("")
        reader.feed(html)
        reader.close()
        text, only = reader.text(), ""
    if only:
        reader.notes["article"] += 1
    return text, reader.notes


class Reader(HTMLParser):
    """Collects the words of a page; `only` names the one element that is read, or is empty."""

    def __init__(self, only: str) -> None:
        super().__init__(convert_charrefs=True)
        self.only = only
        self.notes: Counter[str] = Counter()
        self.open: list[str] = []
        """The open elements that decide how words are read, and what is open inside one that is left out."""
        self.outermost = 0
        """How many were open where the first was left out that nothing is read of; none is, where it is 0."""
        self.parts: list[str] = []
        self.length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.breaks(tag)
        if tag == "img" and self.reading:
            self.notes["pictures"] += 1
        if tag in VOID or len(self.open) >= DEEPEST:
            return
        left_out = not self.outermost and (tag in LEFT_OUT or _is_hidden(dict(attrs)))
        if left_out and self.reading and (code := LEFT_OUT.get(tag, "hidden")):
            self.notes[code] += 1
        if left_out or self.outermost or tag in ("pre", self.only):
            self.open.append(tag)
        if left_out:
            self.outermost = len(self.open)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.breaks(tag)
        # An end tag that nothing opened is passed over; one that closes others, too, closes them.
        if tag in self.open:
            while self.open.pop() != tag:
                pass
            if len(self.open) < self.outermost:
                self.outermost = 0

    def handle_data(self, data: str) -> None:
        if not self.reading:
            return
        self.length += len(data)
        if self.length > MOST_CHARACTERS:
            raise Refused("too-long")
        self.parts.append(data if "pre" in self.open else re.sub(r"[ \t\r\n\f]+", " ", data))

    @property
    def reading(self) -> bool:
        return not self.outermost and (not self.only or self.only in self.open)

    def breaks(self, tag: str) -> None:
        if self.reading and len(self.parts) < MOST_CHARACTERS:
            if tag in PARAGRAPHS:
                self.parts.append("\n\n")
            elif tag in LINES:
                self.parts.append("\n")
            elif tag in CELLS:
                self.parts.append("\t")

    def text(self) -> str:
        lines = (re.sub(r" {2,}", " ", line).strip() for line in "".join(self.parts).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_hidden(attrs: dict[str, str | None]) -> bool:
    return (
        "hidden" in attrs
        or (attrs.get("aria-hidden") or "").lower() == "true"
        or bool(HIDDEN.search((attrs.get("style") or "")[:1000]))
    )
