"""Reading TOML with its address: every value is taken out by name and type, and what is wrong is noted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from scoring.spans import Span

T = TypeVar("T")


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
            if not isinstance(value, str) or not value.strip():
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
        return Table(where, tomllib.loads(path.read_text(encoding="utf-8")), problems)
    except FileNotFoundError:
        problems.append(f"{where}: the file is missing")
    except UnicodeDecodeError as error:
        problems.append(f"{where}: not UTF-8 at byte {error.start}")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{where}: not TOML: {error}")
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
    hits = [match.span() for match in re.finditer(_flexible(quote), text[slice(*within)])] if quote.strip() else []
    hits = [(first + within[0], last + within[0]) for first, last in hits]
    if before:
        leading = re.compile(_flexible(before) + r"\s*$")
        hits = [span for span in hits if leading.search(text[: span[0]])]
    if len(hits) == 1:
        return hits[0]
    if quote.strip():
        reason = "not found" if not hits else f"found {len(hits)} times: say what stands before it in `before`"
        table.refuse(key, f"{folded(quote)!r} {reason}")
    return None


def _flexible(quote: str) -> str:
    return r"\s+".join(re.escape(part) for part in quote.split())


def folded(text: str) -> str:
    return " ".join(text.split())
