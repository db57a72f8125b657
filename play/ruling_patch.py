"""Rulings as a patch to `seeds/`, which a maintainer can review, apply with `git apply`, and merge.

The files are edited as text, so that comments and line breaks stay as their authors wrote them. What comes out is
tried before it is handed out: each ruling whose patched files the loader refuses is left out, with the loader's words.
Where ready-made sets are out of balance afterwards, the patch says so at its head, which `git apply` passes over.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classroom import loading
from classroom.models import Decided, Ruling
from exercises import balance, catalogue
from exercises.content.schema import BadContent, Seeds
from exercises.versions import PassageContent

Files = dict[str, str]
"""Texts by their path below `seeds/`."""
FEWEST_NEAR = 2
"""Near misses that an annotation needs."""
ITEM = re.compile(r"^ *\{ passage = \"(?P<passage>[^\"]+)\".*\},?\n", re.MULTILINE)


class Strange(Exception):
    """The file does not hold what the ruling is about, or not in the way in which it is written here."""


@dataclass
class Patch:
    text: str = ""
    """A unified diff, with `warnings` at its head; empty where there is nothing to change."""
    taken: list[Ruling] = field(default_factory=list)
    left_out: list[tuple[Ruling, str]] = field(default_factory=list)
    """With the reason."""
    warnings: list[str] = field(default_factory=list)
    """What becomes of the ready-made sets, as `set: what`."""


def patch(*, rulings: Iterable[Ruling], seeds: Path) -> Patch:
    """The rulings one after the other, on top of the files as they are."""
    before = {f"{path.parent.name}/{path.name}": _read(path) for path in sorted(seeds.glob("*/passages.toml"))}
    before["sets.toml"] = _read(seeds / "sets.toml")
    files, made = dict(before), Patch()
    for ruling in rulings:
        try:
            files = _tried(_edited(files, ruling), ruling, seeds)
        except (Strange, BadContent) as error:
            made.left_out.append((ruling, str(error)))
        else:
            made.taken.append(ruling)
    if made.taken:
        made.warnings = list(_warnings(loading.check(seeds), _checked(files, seeds)))
    head = "".join(f"# {each}\n" for each in made.warnings)
    made.text = head + "".join(_diff(name, before[name], files[name]) for name in sorted(files))
    return made


def _warnings(before: Seeds, after: Seeds) -> Iterator[str]:
    """The decisions that sets lost, and how they are out of balance."""
    for was, is_now in zip(before.sets, after.sets, strict=True):
        for item in was.items:
            if item not in is_now.items:
                asked = f"{item.kind} {item.annotation or item.layer}".strip()
                yield f"{was.slug}: {item.passage} is not asked as {asked} any more"
    known = balance.faults(before)
    yield from (each for each in balance.faults(after) if each not in known)


def _read(path: Path) -> str:
    return path.read_bytes().decode()


def _diff(name: str, before: str, after: str) -> str:
    path = f"seeds/{name}"
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _tried(files: Files, ruling: Ruling, seeds: Path) -> Files:
    """The files, if the loader takes them. Decisions of sets that a ruling makes impossible are taken out of them."""
    for _ in range(2):
        try:
            _checked(files, seeds)
        except BadContent as error:
            asked = [each for each in error.problems if f": {ruling.passage} cannot be played as" in each]
            if asked and len(asked) == len(error.problems):
                files = files | {"sets.toml": _without(files["sets.toml"], str(ruling.passage), asked)}
                continue
            raise
        return files
    raise Strange(f"{ruling.passage}: the sets cannot do without it")


def _checked(files: Files, seeds: Path) -> Seeds:
    """What the loader makes of the seeds with these files. Raises BadContent."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(seeds, Path(folder) / "seeds"))
        for name, text in files.items():
            (copy / name).write_bytes(text.encode())
        return loading.check(copy)


def _without(sets: str, passage: str, problems: Iterable[str]) -> str:
    """The sets without the lines that ask what can no longer be asked."""
    gone = {problem.partition(" cannot be played as ")[2].partition(":")[0] for problem in problems}

    def kept(found: re.Match[str]) -> str:
        if found["passage"] != passage:
            return found[0]
        values = dict(re.findall(r"(\w+) = \"([^\"]*)\"", found[0]))
        asks = f"{values['kind']} {values.get('annotation') or values.get('layer', '')}".strip()
        return "" if asks in gone else found[0]

    return ITEM.sub(kept, sets)


def _edited(files: Files, ruling: Ruling) -> Files:
    """The files with one ruling worked in. Raises Strange."""
    name = f"{ruling.passage.source.slug}/passages.toml"
    if name not in files:
        raise Strange(f"{name} is not among the seeds")
    blocks = re.split(r"(?m)^(?=\[\[passages\]\]\n)", files[name])
    at = _only(number for number, block in enumerate(blocks) if _key(block) == ruling.passage.key)
    blocks[at] = _passage(blocks[at], ruling)
    return files | {name: "".join(blocks)}


def _passage(block: str, ruling: Ruling) -> str:
    if ruling.decided == Decided.DISCUSS:
        return _layer(block, ruling.layer, "discussion", ruling.why)
    parts = re.split(r"(?m)^(?=\[\[passages\.(?:annotations|slips|glossary)\]\]\n)", block)
    at = _only(number for number, part in enumerate(parts) if _is_annotation(part) and _key(part) == ruling.mark)
    if ruling.decided == Decided.REMOVE:
        del parts[at]
        left = any(_is_annotation(part) and f'layer = "{ruling.layer}"' in part for part in parts)
        whole = "".join(parts)
        return whole if left else _layer(whole, ruling.layer, "clean", ruling.why)
    parts[at] = _annotation(parts[at], ruling)
    return "".join(parts)


def _annotation(part: str, ruling: Ruling) -> str:
    content = PassageContent.of(ruling.outcome.content)
    annotation = content.annotation(ruling.mark)
    if ruling.decided == Decided.EXPLAIN:
        if "'''" in annotation.explanation:
            raise Strange(f"{ruling}: an explanation cannot hold three quotation marks in a row")
        return _value(part, "explanation", f"'''{annotation.explanation}'''")
    if ruling.decided == Decided.WIDEN:
        quotes = [_quote(content, span) for span in annotation.envelope]
        return _value(part, "envelope", f"[{', '.join(quotes)}]", after="core")
    part = _value(part, "accepted", json.dumps(list(annotation.accepted), ensure_ascii=False), after="core")
    near = {each.label: each.why for each in annotation.near}
    right = {annotation.label, *annotation.accepted}
    for slug, why in _confusions(annotation.label, annotation.layer, right):
        if len(near) < FEWEST_NEAR:
            near.setdefault(slug, why)
    lines = [f"  {{ label = {_text(slug)}, why = {_text(why)} }},\n" for slug, why in near.items()]
    return _value(part, "near", "[\n" + "".join(lines) + "]")


def _confusions(label: str, layer: str, right: set[str]) -> Iterator[tuple[str, str]]:
    """Labels that a mark could be taken for, with what the catalogue says tells them apart: those of its label, of
    labels that are right as well, and those that name its label themselves."""
    known = catalogue.labels()
    for each in (label, *sorted(right - {label})):
        yield from ((slug, why) for slug, why in known[each].confusions if slug not in right)
    for other in catalogue.of_layer(layer):
        if other.slug not in right:
            yield from ((other.slug, why) for slug, why in other.confusions if slug in right)


def _quote(content: PassageContent, span: tuple[int, int]) -> str:
    """A quote that stands in the passage once: with what stands before it, where its words repeat."""
    start = content.start
    words = " ".join(content.text[span[0] - start : span[1] - start].split())
    whole = " ".join(content.text.split())
    if whole.count(words) == 1:
        return _text(words)
    before = content.text[: span[0] - start].split()
    for length in range(1, len(before) + 1):
        leading = " ".join(before[-length:])
        if whole.count(f"{leading} {words}") == 1:
            return f"{{ quote = {_text(words)}, before = {_text(leading)} }}"
    raise Strange(f"{words!r} cannot be told from the same words elsewhere")


def _layer(block: str, layer: str, state: str, why: str) -> str:
    table = re.compile(rf"(?m)^\[passages\.{layer}\]\n(?:[^\[\n].*\n)*")
    if len(table.findall(block)) != 1:
        raise Strange(f"[passages.{layer}] is not there once")
    return table.sub(lambda _: f'[passages.{layer}]\nstate = "{state}"\nwhy = {_text(why)}\n', block)


VALUE = r"(?:'''(?:.|\n)*?'''|\"\"\"(?:.|\n)*?\"\"\"|\[\n(?:  .*\n)*\]|.*)"


def _value(part: str, key: str, value: str, after: str = "") -> str:
    """A table with one value replaced, or written behind another one."""
    head, rest = _head(part)
    line = re.compile(rf"(?m)^{key} = {VALUE}\n")
    if line.search(head):
        return line.sub(lambda _: f"{key} = {value}\n", head, count=1) + rest
    place = re.compile(rf"(?m)^{after} = {VALUE}\n").search(head) if after else None
    if place is None:
        raise Strange(f"{key} is not there")
    return head[: place.end()] + f"{key} = {value}\n" + head[place.end() :] + rest


def _head(part: str) -> tuple[str, str]:
    """An annotation's own values, and the tables in it."""
    inner = re.search(r"(?m)^\[passages\.annotations\.", part)
    return (part, "") if inner is None else (part[: inner.start()], part[inner.start() :])


def _text(text: str) -> str:
    """A TOML string on one line. JSON's escapes are TOML's, too."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(block: str) -> str:
    found = re.search(r'(?m)^key = "([^"]*)"$', block)
    return found[1] if found else ""


def _is_annotation(part: str) -> bool:
    return part.startswith("[[passages.annotations]]\n")


def _only(found: Iterable[Any]) -> Any:
    listed = list(found)
    if len(listed) != 1:
        raise Strange("the passage or the mark is not there once")
    return listed[0]
