"""A text's files out of the dataclasses that reading makes: `source.toml` and `passages.toml`.

What is read back is equal to what was written. Keys are the fields' names, so that a new field is written, too; a
field that has its default is left out.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import fields, is_dataclass
from typing import Any

import tomli_w

from exercises.content.quotes import Quotable
from exercises.content.schema import LAYERS, Annotation, Passage, Slip, SourceText
from scoring.spans import Span

LONGEST_BEFORE = 1000
"""Characters of the text that a quote may need before it."""


def source_toml(source: SourceText) -> str:
    """`source.toml`. Raises ValueError where a quote has no place of its own that could be written."""
    left_out = [
        {**_quote(source.text, each.span, _whole(source.text)), "quote": each.quote, "reason": each.reason}
        for each in source.left_out
    ]
    card = _table(source, without={"slug", "text", "passages", "left_out"})
    return _toml(card | ({"left_out": left_out} if left_out else {}))


def passages_toml(source: SourceText) -> str:
    """`passages.toml`. Raises ValueError as `source_toml` does."""
    return _toml({"passages": [_passage(source.shown, passage) for passage in source.passages]})


def _passage(text: str, passage: Passage) -> dict[str, Any]:
    return {
        "key": passage.key,
        **_quote(text, passage.span, _whole(text)),
        **_table(passage, without={"key", "span", "sentences", "layers", "annotations", "slips"}),
        **{layer: _table(passage.layers[layer]) for layer in LAYERS},
        "annotations": [_annotation(text, passage.span, each) for each in passage.annotations],
        "slips": [_slip(text, passage.span, each) for each in passage.slips],
    }


def _annotation(text: str, within: Span, annotation: Annotation) -> dict[str, Any]:
    quotes = {
        key: [_short(_quote(text, span, within)) for span in getattr(annotation, key)] for key in ("core", "envelope")
    }
    return _table(annotation, without=quotes) | quotes


def _slip(text: str, within: Span, slip: Slip) -> dict[str, Any]:
    """A slip keeps no place: where its words stand several times, any of them says the same."""
    places = Quotable.of(text).places(slip.quote, within)
    return (_quote(text, places[0], within) if places else {}) | _table(slip)


def _quote(text: str, span: Span, within: Span) -> dict[str, str]:
    """The words of a span, with as many of the words before it as tell it from its likes."""
    quotable, quote = Quotable.of(text), text[slice(*span)]
    if quotable.places(quote, within) == [span]:
        return {"quote": quote}
    leading = text[max(0, span[0] - LONGEST_BEFORE) : span[0]].split()
    for count in range(1, len(leading) + 1):
        before = " ".join(leading[-count:])
        if quotable.places(quote, within, before) == [span]:
            return {"quote": quote, "before": before}
    raise ValueError(f"{quote[:80]!r} cannot be told from the same words elsewhere")


def _short(quote: dict[str, str]) -> str | dict[str, str]:
    return quote if "before" in quote else quote["quote"]


def _whole(text: str) -> Span:
    return 0, len(text)


def _table(instance: Any, without: Container[str] = ()) -> dict[str, Any]:
    values = {field: getattr(instance, field.name) for field in fields(instance) if field.name not in without}
    return {field.name: _value(value) for field, value in values.items() if value != field.default}


def _value(value: Any) -> Any:
    if is_dataclass(value):
        return _table(value)
    return [_value(each) for each in value] if isinstance(value, tuple) else value


def _toml(table: dict[str, Any]) -> str:
    return tomli_w.dumps(table, multiline_strings=True)
