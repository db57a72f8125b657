"""`<slug>/source.toml`, `text.txt` and `passages.toml`: one text with its passages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from exercises.content.annotations import read_annotation
from exercises.content.quotes import folded
from exercises.content.schema import (
    CAMPS,
    LAYERS,
    LONGEST_PASSAGE,
    STATES,
    Label,
    LayerState,
    LeftOut,
    Passage,
    Slip,
    SourceText,
    Term,
    blanked,
)
from exercises.content.tables import Table, locate, read_table
from scoring.spans import Span, Words, sentence_spans


def read_text(folder: Path, labels: dict[str, Label], problems: list[str]) -> SourceText:
    """The text of a folder with its three files."""
    table = read_table(folder / "source.toml", problems)
    raw = (folder / "text.txt").read_bytes() if (folder / "text.txt").exists() else b""
    if not raw:
        problems.append(f"{folder.name}/text.txt: the file is missing or empty")
    passages = read_table(folder / "passages.toml", problems)
    return text_of(folder.name, raw, table, passages, labels, problems)


def text_of(
    slug: str, raw: bytes, table: Table, passages: Table, labels: dict[str, Label], problems: list[str]
) -> SourceText:
    """The text of what stands in `text.txt` (`raw`), `source.toml` (`table`) and `passages.toml`."""
    sha256 = table.take("sha256", str)
    if hashlib.sha256(raw).hexdigest() != sha256:
        table.refuse("sha256", "does not fit text.txt, which must stay byte for byte")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        table.refuse("text.txt", f"not UTF-8 at byte {error.start}")
        text = ""
    if "\0" in text:
        table.refuse("text.txt", f"holds a NUL at character {text.index(chr(0)) + 1}")
    left_out = tuple(read_left_out(table, text))
    wrapped, joins = table.take("wrapped", bool, False), table.texts("joins")
    shown = blanked(text, [each.span for each in left_out])
    exact_joins = []
    for quote in joins:
        span = locate(table, "joins", quote, "", shown, (0, len(shown)))
        exact_joins += [shown[slice(*span)]] if span else []
    sentences = sentence_spans(shown, wrapped=wrapped, joins=exact_joins)
    source = SourceText(
        slug=slug,
        file=table.line("file", 200),
        sha256=sha256,
        text=text,
        language=table.line("language", 10),
        title=table.line("title", 300),
        genre=table.take("genre", str),
        opinion=table.take("opinion", bool),
        camp=table.one_of("camp", CAMPS),
        outlet=table.take("outlet", str),
        date=table.take("date", str),
        content_note=table.take("content_note", str),
        told=table.texts("told", required=True),
        not_told=table.texts("not_told", required=True),
        found=table.texts("found", required=True),
        labellers=table.take("labellers", str),
        teacher_note=table.take("teacher_note", str),
        wrapped=wrapped,
        joins=tuple(exact_joins),
        left_out=left_out,
        passages=tuple(read_passages(passages, shown, sentences, labels)),
        licence=table.take("licence", str, ""),
    )
    table.close()
    return source


def read_left_out(table: Table, text: str) -> Iterator[LeftOut]:
    for each in table.tables("left_out"):
        quote, reason = each.take("quote", str), each.take("reason", str)
        span = locate(each, "quote", quote, each.take("before", str, ""), text, (0, len(text)))
        each.close()
        if span:
            yield LeftOut(span, quote, reason)


def read_passages(file: Table, text: str, sentences: tuple[Span, ...], labels: dict[str, Label]) -> Iterator[Passage]:
    keys: set[str] = set()
    last: tuple[Span, str] | None = None
    found: list[tuple[Passage, Table]] = []
    for table in file.tables("passages"):
        passage = read_passage(table, text, sentences, labels)
        if passage.key in keys:
            table.refuse("key", "stands twice")
        keys.add(passage.key)
        found.append((passage, table))
    for passage, table in sorted(found, key=lambda pair: pair[0].span):
        if last and passage.span[0] < last[0][1] and passage.span != (0, 0):
            table.refuse("quote", f"overlaps passage {last[1]}")
        last = (passage.span, passage.key)
        yield passage
    file.close()


def read_passage(table: Table, text: str, sentences: tuple[Span, ...], labels: dict[str, Label]) -> Passage:
    quote = table.take("quote", str)
    span = locate(table, "quote", quote, table.take("before", str, ""), text, (0, len(text))) or (0, 0)
    inside = tuple(each for each in sentences if each[0] < span[1] and each[1] > span[0])
    if inside and span != (inside[0][0], inside[-1][1]):
        whole = text[inside[0][0] : inside[-1][1]]
        table.refuse("quote", f"is not made of whole sentences; these are: {folded(whole)!r}")
    words = Words.of(text[slice(*span)], [(first - span[0], last - span[0]) for first, last in inside])
    if len(words) > LONGEST_PASSAGE and len(inside) > 1:
        table.refuse("quote", f"has {len(words)} words; more than {LONGEST_PASSAGE} only in a single sentence")
    passage = Passage(
        key=table.name("key", 80),
        span=span,
        sentences=inside,
        context=table.take("context", str),
        fact=table.take("fact", str),
        sensitive=table.take("sensitive", bool, False),
        difficulty=table.scale("difficulty", 1, 3),
        layers={layer: read_layer(table.table(layer)) for layer in LAYERS},
        annotations=tuple(read_annotation(each, text, span, words, labels) for each in table.tables("annotations")),
        slips=tuple(read_slip(each, text, span) for each in table.tables("slips")),
        glossary=tuple(Term(each.take("term", str), each.take("meaning", str)) for each in table.tables("glossary")),
    )
    if len({each.key for each in passage.annotations}) != len(passage.annotations):
        table.refuse("annotations", "two have the same key")
    for layer, state in passage.layers.items():
        count = len(passage.of_layer(layer))
        if state.state == "marked" and not count:
            table.refuse(layer, "is marked but has no annotation")
        if state.state == "clean" and count:
            table.refuse(layer, "is clean but has annotations")
    if passage.slips and passage.layers["source"].state == "clean":
        table.refuse("source", "a passage with a known slip is never clean in the source layer")
    table.close()
    return passage


def read_layer(table: Table) -> LayerState:
    state = table.one_of("state", STATES)
    why = table.take("why", str, "") if state == "marked" else table.take("why", str)
    table.close()
    return LayerState(state, why)


def read_slip(table: Table, text: str, within: Span) -> Slip:
    slip = Slip(
        table.take("quote", str),
        table.take("problem", str).rstrip(". "),
        table.take("correct", str).rstrip(". "),
    )
    locate(table, "quote", slip.quote, table.take("before", str, ""), text, within)
    return slip
