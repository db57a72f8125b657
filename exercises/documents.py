"""Figures in the documentation that the program writes: blocks between `<!-- name -->` and `<!-- /name -->`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def read_block(path: Path, name: str) -> list[str]:
    """The lines of a block. Raises ValueError where the file has none of that name."""
    _, found, _ = _parts(path, name)
    return found.strip("\n").split("\n")


def write_block(path: Path, name: str, lines: Iterable[str]) -> None:
    """Put lines in the place of a block's. Raises ValueError where the file has none of that name."""
    before, _, after = _parts(path, name)
    path.write_text("\n".join([before, *lines, after]), encoding="utf-8", newline="\n")


def _parts(path: Path, name: str) -> tuple[str, str, str]:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, has_begin, rest = path.read_text(encoding="utf-8").partition(begin)
    found, has_end, after = rest.partition(end)
    if not (has_begin and has_end):
        raise ValueError(f"{path.name}: no block {name}")
    return before + begin, found, end + after
