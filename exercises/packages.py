"""A text as a package: one zip with the same files as `seeds/<slug>/` and a manifest. docs/packages.md describes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import tomli_w
from django.utils.translation import gettext as _

from exercises import catalogue, labellings, package_files
from exercises.content.schema import BadContent, LeftOut, SourceText
from exercises.content.tables import Table, parse_table
from exercises.content.texts import text_of
from exercises.content.writing import passages_toml, source_toml
from exercises.models import Source
from exercises.package_files import LABELLINGS, MANIFEST, PASSAGES, SOURCE, TEXT
from exercises.scripts import SCRIPT
from exercises.versions import PassageContent

FORMAT = "literacy-game-text"
VERSION = 1
"""Of the format; a package of another is refused."""
MOST_TOLD = 50
"""Problems that are told at once."""
MOST_VALUES = 20_000
LONGEST_VALUE = 20_000
"""Characters."""


@dataclass(frozen=True)
class PackedText:
    source: SourceText
    licence: str
    """Of the annotations and explanations, for example CC-BY-4.0. That of the text is `source.licence`."""
    labellings: Mapping[str, bytes] = field(default_factory=dict)
    """Files of `labellings/` by name, for example run-1.json."""


def write_package(packed: PackedText) -> bytes:
    """The zip. Equal content makes equal bytes.

    Raises BadContent where `read_package` would not read the same again.
    """
    source = packed.source
    try:
        files = {
            TEXT: source.text.encode(),
            SOURCE: source_toml(source).encode(),
            PASSAGES: passages_toml(source).encode(),
            **{f"{LABELLINGS}/{name}": raw for name, raw in sorted(packed.labellings.items())},
        }
    except ValueError as error:
        raise BadContent([f"{source.slug}: {error}"]) from None
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "licence": packed.licence,
        "files": [{"path": path, "sha256": hashlib.sha256(raw).hexdigest()} for path, raw in files.items()],
    }
    data = package_files.pack(source.slug, {MANIFEST: tomli_w.dumps(manifest).encode()} | files)
    if read_package(data) != packed:
        raise BadContent([f"{source.slug}: {_('would not be the same text when it is read again')}"])
    return data


def read_package(data: bytes) -> PackedText:
    """Read and check a package whole, as `load_content` checks. Raises BadContent with lines "file: key: reason"."""
    slug, files = package_files.unpack(data)
    problems: list[str] = []
    licence = _read_manifest(slug, files, problems)
    _stop(problems)
    labels = catalogue.labels()
    tables = {name: parse_table(f"{slug}/{name}", files[name], problems) for name in (SOURCE, PASSAGES)}
    for table in tables.values():
        problems += _odd_values(table)
    _stop(problems)
    source = text_of(slug, files[TEXT], tables[SOURCE], tables[PASSAGES], labels, problems)
    if SCRIPT.search(source.text):
        problems.append(f"{slug}/{TEXT}: {_('holds a script')}")
    raw = {path.partition("/")[2]: each for path, each in files.items() if path.startswith(f"{LABELLINGS}/")}
    for name, each in raw.items():
        problems += labellings.problems(f"{slug}/{LABELLINGS}/{name}", each, source.text, labels)
    if not source.passages:
        problems.append(f"{slug}/{PASSAGES}: passages: {_('is empty')}")
    _stop(problems)
    return PackedText(source, licence, raw)


def source_text(source: Source) -> SourceText:
    """A loaded text with its passages in force, as its files would be read: what `write_package` takes."""
    rows = source.passages.exclude(current=None).select_related("current")
    passages = [PassageContent.of(row.current.content).passage for row in rows if row.current]
    values: dict[str, Any] = {
        "wrapped": False,
        "joins": (),  # rows from before they were kept
        **{key: getattr(source, key) for key in ("slug", "file", "sha256", "text", "language", "title", "camp")},
        **{key: tuple(value) if isinstance(value, list) else value for key, value in source.card.items()},
    }
    values["left_out"] = tuple(
        LeftOut((each["span"][0], each["span"][1]), each["quote"], each["reason"]) for each in values["left_out"]
    )
    return SourceText(
        **values,
        passages=tuple(sorted(passages, key=lambda passage: passage.span)),
    )


def _read_manifest(slug: str, files: Mapping[str, bytes], problems: list[str]) -> str:
    """The licence, where the manifest is of this format and names every file with its digest."""
    table = parse_table(f"{slug}/{MANIFEST}", files[MANIFEST], problems)
    _stop(problems)
    if table.take("format", str) != FORMAT:
        table.refuse("format", _("should be “%(format)s”") % {"format": FORMAT})
    elif table.take("version", int) != VERSION:
        words = _("the package has version %(theirs)s, this game reads version %(ours)d")
        table.refuse("version", words % {"theirs": str(table.values.get("version"))[:20], "ours": VERSION})
    _stop(problems)
    licence = table.line("licence", 200)
    told: set[str] = set()
    for each in table.tables("files"):
        path, sha256 = each.take("path", str), each.take("sha256", str)
        each.close()
        if path in told:
            each.refuse("path", _("%(path)s stands twice") % {"path": repr(path[:80])})
        elif path not in files or path == MANIFEST:
            each.refuse("path", _("%(path)s is not in the package") % {"path": repr(path[:80])})
        elif hashlib.sha256(files[path]).hexdigest() != sha256:
            each.refuse("sha256", _("does not fit %(path)s: the file was changed or damaged") % {"path": path})
        told.add(path)
    for path in sorted(files.keys() - told - {MANIFEST}):
        table.refuse("files", _("%(path)s is in the package and not in the list") % {"path": path})
    table.close()
    return licence


def _odd_values(table: Table) -> list[str]:
    """What no text of a package holds, wherever it stands: too much, too long, a script."""
    values = list(_values(table.where, table.values))
    if len(values) > MOST_VALUES:
        return [f"{table.where}: {_('holds more than %(most)d values') % {'most': MOST_VALUES}}"]
    texts = [(where, value) for where, value in values if isinstance(value, str)]
    long = [where for where, value in texts if len(value) > LONGEST_VALUE]
    return [
        *(f"{where}: {_('has more than %(most)d characters') % {'most': LONGEST_VALUE}}" for where in long),
        *(f"{where}: {_('holds a script')}" for where, value in texts if SCRIPT.search(value)),
    ]


def _values(where: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value of nested tables and lists, with its address."""
    yield where, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _values(f"{where}: {key}", each)
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            name = each.get("key", number) if isinstance(each, dict) else number
            yield from _values(f"{where} {name}", each)


def _stop(problems: list[str]) -> None:
    if problems:
        more = len(problems) - MOST_TOLD
        rest = [_("… and %(more)d more") % {"more": more}] if more > 0 else []
        raise BadContent([each[:500] for each in problems[:MOST_TOLD]] + rest)
