"""Reading TOML with its address: every value is taken out by name and type, and what is wrong is noted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from exercises.content.quotes import MOST_PLACES, Quotable, folded
from scoring.spans import Span

T = TypeVar("T")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text holds; tab and line feed may stand."""
LONGEST_TOLD = 300
"""Characters of a quote that a refusal repeats."""
NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass
class Table:
    """A TOML table with its address, which takes values out by name and type and notes what is wrong."""

    where: str
    values: dict[str, Any]
    problems: list[str]
    taken: set[str] = field(default_factory=set)

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        self.taken.add(key)
        value = self.values.get(key, default)
        if value is None:
            self.refuse(key, "is missing")
            return kind()
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.refuse(key, f"should be {_named(kind)}, not {_named(type(value))}")
            return kind()
        if kind is str and default is None and not str(value).strip():
            self.refuse(key, "is empty")
        if kind is str and CONTROL.search(str(value)):
            self.refuse(key, "holds a control character")
        return value

    def line(self, key: str, longest: int) -> str:
        """A text of so many characters at most: as many as its column has."""
        value = self.take(key, str)
        if len(value) > longest:
            self.refuse(key, f"has {len(value)} characters, should have at most {longest}")
        return value

    def name(self, key: str, longest: int) -> str:
        """A word that can stand in an address."""
        value = self.line(key, longest)
        if value.strip() and not NAME.fullmatch(value):
            self.refuse(key, "should be of letters from a to z, digits and hyphens")
        return value

    def one_of(self, key: str, allowed: Iterable[str]) -> str:
        value = self.take(key, str)
        options = list(allowed)
        if value and value not in options:
            self.refuse(key, f"{value!r} is not one of {', '.join(options)}")
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        values = self.take(key, list, None if required else [])
        for number, value in enumerate(values, start=1):
            if not isinstance(value, str) or not value.strip() or CONTROL.search(value):
                self.refuse(f"{key} {number}", "should be a text")
                return ()
        return tuple(values)

    def tables(self, key: str) -> list[Table]:
        values = self.take(key, list, [])
        found = []
        for number, value in enumerate(values, start=1):
            if isinstance(value, dict):
                name = value.get("key") or value.get("slug") or number
                found.append(Table(f"{self.where}: {key} {name}", value, self.problems))
            else:
                self.refuse(f"{key} {number}", "should be a table")
        return found

    def table(self, key: str) -> Table:
        return Table(f"{self.where}: {key}", self.take(key, dict), self.problems)

    def scale(self, key: str, lowest: int, highest: int) -> int:
        value = self.take(key, int)
        if not lowest <= value <= highest:
            self.refuse(key, f"should be from {lowest} to {highest}")
        return value

    def refuse(self, key: str, reason: str) -> None:
        self.problems.append(f"{self.where}: {key}: {reason}")

    def close(self) -> None:
        for key in self.values.keys() - self.taken:
            self.refuse(key, "is not a key of this table")


def _named(kind: type) -> str:
    names = {str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
    return names.get(kind, kind.__name__)


def read_table(path: Path, problems: list[str]) -> Table:
    where = path.name if path.name.startswith(("labels.", "sets.")) else f"{path.parent.name}/{path.name}"
    try:
        return parse_table(where, path.read_bytes(), problems)
    except FileNotFoundError:
        problems.append(f"{where}: the file is missing")
    return Table(where, {}, [])


def parse_table(where: str, raw: bytes, problems: list[str]) -> Table:
    """A TOML file from its bytes; an empty table where it is none."""
    try:
        return Table(where, tomllib.loads(raw.decode("utf-8")), problems)
    except UnicodeDecodeError as error:
        problems.append(f"{where}: not UTF-8 at byte {error.start}")
    except ValueError as error:  # not TOML, or a number of more digits than Python reads
        problems.append(f"{where}: not TOML: {error}")
    except RecursionError:
        problems.append(f"{where}: not TOML: nested too deeply")
    return Table(where, {}, [])


def locate_all(table: Table, key: str, text: str, within: Span) -> tuple[Span, ...]:
    """Spans of a list of quotes, each a text or a table {quote, before}."""
    spans = []
    for number, value in enumerate(table.take(key, list, [])):
        quote, before = (value.get("quote"), value.get("before", "")) if isinstance(value, dict) else (value, "")
        if not isinstance(quote, str) or not isinstance(before, str) or not quote.strip():
            table.refuse(f"{key} {number + 1}", "should be a quote, or a table with quote and before")
        elif span := locate(table, key, quote, before, text, within):
            spans.append(span)
    return tuple(spans)


def locate(table: Table, key: str, quote: str, before: str, text: str, within: Span) -> Span | None:
    """The one place of a quote inside a span; white space in the quote stands for any white space."""
    hits = Quotable.of(text).places(quote, within, before)
    if len(hits) == 1:
        return hits[0]
    if quote.strip():
        reason = "not found" if not hits else f"found {len(hits)} times: say what stands before it in `before`"
        reason = "found too often" if len(hits) > MOST_PLACES else reason
        told = folded(quote)
        told = told if len(told) <= LONGEST_TOLD else f"{told[:LONGEST_TOLD]}…"
        table.refuse(key, f"{told!r} {reason}")
    return None
