"""Web Annotations read for a text: found by quote, decided by position at most, and never guessed.

The shapes are those of hypothes.is (https://h.readthedocs.io/en/latest/api-reference/ , search; client's export; its
JSON-LD), of Recogito, and of https://www.w3.org/TR/annotation-model/ .
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from exercises import export
from exercises.content.schema import Seeds, blanked
from exercises.web_annotations import (
    LARGEST_FILE,
    MOST_ANNOTATIONS,
    BadAnnotations,
    ReadAnnotations,
    read_annotations,
)

TEXT = (
    "🚲 The library will close at six from Monday. This heartless decision robs every child of a quiet place.\n\n"
    "The mayor calls it a small change. We were never asked, we were never told, we were never heard.\n"
    "The mayor calls it a small change."
)


def read(document: Any, text: str = TEXT) -> ReadAnnotations:
    return read_annotations(json.dumps(document).encode(), text)


def refused(data: bytes) -> str:
    with pytest.raises(BadAnnotations) as told:
        read_annotations(data, TEXT)
    return str(told.value)


def quote(exact: str, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}


def position(start: int, end: int) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def on(*selectors: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"target": [{"source": "https://example.org/news", "selector": list(selectors)}]} | more


def words(spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [TEXT[start:end] for start, end in spans]


HYPOTHESIS_ROW = {
    "id": "WFMnSC3FEeaNvLeGkQeJbg",
    "created": "2026-11-02T11:41:00.000000+00:00",
    "updated": "2026-11-02T11:41:00.000000+00:00",
    "user": "acct:teacher@hypothes.is",
    "uri": "https://example.org/news",
    "text": "It adds **heat** and no fact.",
    "tags": ["Loaded Language", "lesson 3"],
    "group": "__world__",
    "permissions": {"read": ["group:__world__"], "admin": ["acct:teacher@hypothes.is"]},
    "target": [
        {
            "source": "https://example.org/news",
            "selector": [
                {
                    "type": "RangeSelector",
                    "startContainer": "/div[1]/p[1]",
                    "startOffset": 50,
                    "endContainer": "/div[1]/p[1]",
                    "endOffset": 59,
                },
                {"type": "TextPositionSelector", "start": 1250, "end": 1259},
                {
                    "type": "TextQuoteSelector",
                    "exact": "heartless",
                    "prefix": "close at six from Monday. This ",
                    "suffix": " decision robs every child of a ",
                },
            ],
        }
    ],
    "document": {"title": ["News of the town"]},
    "links": {"html": "https://hypothes.is/a/WFMnSC3FEeaNvLeGkQeJbg"},
    "flagged": False,
    "hidden": False,
}
REPLY = HYPOTHESIS_ROW | {"id": "r", "references": ["WFMnSC3FEeaNvLeGkQeJbg"], "target": [{"source": "https://x/"}]}
PAGE_NOTE = HYPOTHESIS_ROW | {"id": "n", "target": [{"source": "https://example.org/news"}]}
JSON_LD = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "type": "Annotation",
    "id": "https://hypothes.is/a/WFMnSC3FEeaNvLeGkQeJbg",
    "creator": "acct:teacher@hypothes.is",
    "body": [
        {"type": "TextualBody", "value": "It adds heat.", "format": "text/markdown"},
        {"type": "TextualBody", "purpose": "tagging", "value": "loaded-language"},
    ],
    "target": HYPOTHESIS_ROW["target"],
}
RECOGITO = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "type": "Annotation",
    "id": "#a88b22d0",
    "body": [
        {"type": "TextualBody", "purpose": "commenting", "value": "It adds heat."},
        {"type": "TextualBody", "purpose": "tagging", "value": "Loaded language"},
    ],
    "target": {"selector": [{"type": "TextQuoteSelector", "exact": "heartless"}, position(51, 60)]},
}


@pytest.mark.parametrize(
    "document",
    [
        {"total": 3, "rows": [HYPOTHESIS_ROW, REPLY, PAGE_NOTE]},
        {
            "export_date": "2026-11-02T11:41:00Z",
            "client_version": "1.1",
            "annotations": [HYPOTHESIS_ROW, REPLY, PAGE_NOTE],
        },
    ],
)
def test_what_hypothesis_exports_is_read(document: Any) -> None:
    found = read(document)
    (mark,) = found.marks
    assert words(mark.spans) == ["heartless"]
    assert (mark.labels, mark.unknown) == (("loaded-language",), ("lesson 3",))
    assert mark.comment == "It adds **heat** and no fact."
    assert mark.identity == "WFMnSC3FEeaNvLeGkQeJbg"
    assert (mark.elsewhere, mark.by_position) == (False, False)
    assert (found.ambiguous, found.missing) == ((), ())
    assert found.notes == (
        "1 reply was passed over.",
        "1 note on the whole text, without words of it, was passed over.",
    )


@pytest.mark.parametrize(
    "document",
    [
        JSON_LD,
        RECOGITO,
        [JSON_LD],
        {"type": "AnnotationPage", "items": [JSON_LD]},
        {"type": "AnnotationCollection", "total": 1, "first": {"type": "AnnotationPage", "items": [RECOGITO]}},
    ],
)
def test_the_standards_shapes_are_read(document: Any) -> None:
    (mark,) = read(document).marks
    assert words(mark.spans) == ["heartless"]
    assert (mark.labels, mark.unknown, mark.comment) == (("loaded-language",), (), "It adds heat.")


def test_every_shipped_annotation_comes_back(seeds: Seeds) -> None:
    for text in seeds.texts:
        document = export.collection_of(text)
        found = read_annotations(json.dumps(document).encode(), text.shown, text.text)
        annotations = [each for passage in text.passages for each in passage.annotations]
        assert (found.ambiguous, found.missing, found.notes) == ((), (), ())
        assert len(found.marks) == len(annotations) == document["total"]
        for mark, annotation in zip(found.marks, annotations, strict=True):
            assert mark.spans == tuple(sorted(annotation.core))
            assert mark.envelope == tuple(sorted(annotation.envelope))
            assert (mark.labels, mark.unknown) == ((annotation.label,), ())
            assert mark.comment == annotation.explanation.strip()
            assert mark.accepted == annotation.accepted
            assert mark.near == tuple(near.label for near in annotation.near)
            assert not mark.elsewhere


def test_what_stands_around_tells_one_place_from_another() -> None:
    first, second = (TEXT.index("The mayor"), TEXT.rindex("The mayor"))
    assert read(on(quote("The mayor", "quiet place.")))  .marks[0].spans == ((first, first + 9),)  # fmt: skip
    assert read(on(quote("The mayor", "never heard. "))).marks[0].spans == ((second, second + 9),)
    assert words(read(on(quote("never", "We were ", " asked"))).marks[0].spans) == ["never"]


def test_a_position_decides_between_places_in_code_points_and_in_utf_16() -> None:
    """The bicycle at the beginning is one code point and two units of UTF-16."""
    first, second = (TEXT.index("The mayor"), TEXT.rindex("The mayor"))
    for start in (second, second + 1):
        (mark,) = read(on(quote("The mayor"), position(start, start + 9))).marks
        assert (mark.spans, mark.by_position) == (((second, second + 9),), True)
    (mark,) = read(on(position(first, 0), quote("The mayor"))).marks
    assert mark.spans == ((first, first + 9),)


@pytest.mark.parametrize(
    "target",
    [
        on(quote("we were never")),
        on(quote("The mayor"), position(TEXT.index("The mayor") + 3, 0)),
        on(quote("The mayor", "in another text, ", ""), position(TEXT.index("The mayor"), 0)),
        on(quote("The mayor"), position(TEXT.index("The mayor"), 0), position(TEXT.rindex("The mayor"), 0)),
    ],
)
def test_what_could_be_in_several_places_is_listed_and_not_guessed(target: dict[str, Any]) -> None:
    found = read(target | {"tags": ["doubt", "?"], "text": "Which one?", "id": "x"})
    assert (found.marks, found.missing) == ((), ())
    (mark,) = found.ambiguous
    assert len(mark.places) == 2
    assert "stand 2 times" in mark.reason
    assert (mark.labels, mark.unknown, mark.comment, mark.identity) == (("doubt",), ("?",), "Which one?", "x")


def test_a_place_that_two_positions_in_different_units_could_mean_is_listed() -> None:
    """After the bicycle, "a" stands at code point 2 and 1; a start of 2 can mean either."""
    found = read(on(quote("a"), position(2, 3)), "🚲aa")
    assert found.marks == ()
    assert found.ambiguous[0].places == ((1, 2), (2, 3))


def test_a_quote_that_stands_once_is_found_though_all_around_has_changed() -> None:
    (mark,) = read(on(quote("heartless", "that other ", " idea"), position(3, 9))).marks
    assert words(mark.spans) == ["heartless"]
    assert mark.elsewhere


def test_white_space_and_invisible_characters_of_a_page_do_not_matter() -> None:
    (mark,) = read(on(quote("a quiet\u00a0pl\u00adace.\n  The mayor\u200b calls", "child of"))).marks
    assert words(mark.spans) == ["a quiet place.\n\nThe mayor calls"]
    (mark,) = read(on(quote("The mayor", "aquiet place.", "callsit a"))).marks
    assert mark.spans[0][0] == TEXT.index("The mayor")


def test_a_quote_may_run_across_words_that_are_left_out() -> None:
    """They are told from other places by them, too; a quote of nothing else names no words of the text."""
    whole = "The mayor left. See page 9. The mayor (see page 3) left the hall, (see page 3) and nobody followed."
    left_out = [(m.start(), m.end()) for m in re.finditer(r"\(see page 3\)", whole)]
    text = blanked(whole, left_out)

    def found(*selectors: Any) -> Any:
        return read_annotations(json.dumps(on(*selectors)).encode(), text, whole)

    for exact in ("hall, (see page 3) and nobody", "hall, and nobody"):
        (mark,) = found(quote(exact)).marks
        assert whole[slice(*mark.spans[0])] == "hall, (see page 3) and nobody"
    (mark,) = found(quote("left", "The mayor (see page 3)", "the hall")).marks
    assert mark.spans[0][0] == whole.rindex("left")
    assert not mark.elsewhere
    (missing,) = found(quote("see page 3")).missing
    assert missing.reason == "These words are not in the text."


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (on(quote("heartfelt")), "These words are not in the text."),
        (on(position(5, 12)), "It names no words to look for."),
        (on({"type": "FragmentSelector", "value": "p1"}), "It names no words to look for."),
        (on(quote(" ")), "It names no words to look for."),
        (on({"type": "TextQuoteSelector", "exact": 7}), "It names no words to look for."),
        (on(quote("x" * 5001)), "Its quote is longer than 5000 characters."),
    ],
)
def test_what_is_not_found_is_listed(target: dict[str, Any], reason: str) -> None:
    found = read(target)
    assert (found.marks, found.ambiguous) == ((), ())
    assert [mark.reason for mark in found.missing] == [reason]


def test_a_mark_of_several_places_is_whole_or_listed() -> None:
    both = {"target": [on(quote(each))["target"][0] for each in ("We were never asked", "we were never told")]}
    assert words(read(both).marks[0].spans) == ["We were never asked", "we were never told"]
    both["target"].append(on(quote("nowhere"))["target"][0])
    assert read(both).marks == ()
    assert read(both).missing[0].quote == "nowhere"


def test_tags_are_labels_by_slug_or_by_name_in_any_language() -> None:
    for tag in ("loaded-language", "Loaded language", "#loaded_language", " LOADED  LANGUAGE "):
        assert read(on(quote("heartless"), tags=[tag])).marks[0].labels == ("loaded-language",)
    tags = ["doubt", "loaded-language", "doubt", "Sarkasmus"]
    (mark,) = read(on(quote("heartless"), tags=tags)).marks
    assert (mark.labels, mark.unknown) == (("doubt", "loaded-language"), ("Sarkasmus",))


def test_tags_of_every_language_of_the_catalogue_are_known() -> None:
    from django.utils import translation

    from exercises import catalogue

    for language in ("de", "pl", "uk"):
        with translation.override(language):
            name = catalogue.labels()["loaded-language"].name
        (mark,) = read(on(quote("heartless"), tags=[name])).marks
        assert mark.labels == ("loaded-language",), name


REFUSED = {
    "no JSON": (b"no", "This is no JSON file"),
    "not UTF-8": (b'"\xff"', "This is no JSON file"),
    "nested": (b"[" * 100_000, "This is no JSON file"),
    "endless number": (b"9" * 5000, "This is no JSON file"),
    "nothing": (b"[]", "There are no annotations in this file."),
    "null": (b"null", "There are no annotations in this file."),
    "another document": (b'{"rows": {}}', "There are no annotations in this file."),
    "numbers": (b"[1, 2]", "This is JSON, but what it lists are no annotations."),
    "first of several": (b'{"first": "https://example.org/page1"}', "The annotations go on in another file."),
    "page with a next": (b'{"items": [], "next": "https://example.org/2"}', "The annotations go on in another file."),
    "too large": (b" " * (LARGEST_FILE + 1), "The file is larger than 2 MB."),
    "too many": (b"[" + b"{}," * MOST_ANNOTATIONS + b"{}]", "The file holds 1001 annotations"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_none_is_refused_in_words(data: bytes, reason: str) -> None:
    assert refused(data).startswith(reason)


def test_what_no_row_could_keep_is_not_kept() -> None:
    (mark,) = read(on(quote("heartless"), text="\ud800a\0b", tags=["x\ud800\0"], id="\0" + "i" * 9000)).marks
    assert (mark.comment, mark.unknown) == ("ab", ("x",))
    assert len(mark.identity) <= 5000


def test_many_long_quotes_that_nearly_fit_are_read_soon() -> None:
    text = "a " * 90_000 + "."
    found = read([on(quote("a " * 900 + "b"))] * 100 + [on(quote("a", "a", "a"), position(4, 5))] * 100, text)
    assert len(found.missing) == 100
    assert {each.reason for each in found.ambiguous} == {"These words stand too often in the text."}
    found = read([on(quote("a", "a"), position(4, 5))] * 100, text[:1900])
    assert {each.spans for each in found.marks} == {((4, 5),)}


SELECTOR = st.fixed_dictionaries(
    {"type": st.sampled_from(["TextQuoteSelector", "TextPositionSelector", "RangeSelector", [], None, 3])},
    optional={
        "exact": st.sampled_from(["the", "never", "heartless", "", "\ud800"]) | st.text() | st.none(),
        "prefix": st.text(max_size=3) | st.none() | st.lists(st.text(), max_size=1),
        "suffix": st.text(max_size=3) | st.integers(),
        "start": st.integers() | st.text() | st.booleans(),
        "refinedBy": st.none(),
    },
)
KEYS = ["target", "selector", "body", "value", "purpose", "tags", "text", "items", "first", "rows", "id", "motivation"]
KEYS += ["lg:envelope", "lg:accepted", "references"]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | SELECTOR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@budget(derandomize=True, max_examples=200, deadline=None)
@given(ODD | st.lists(st.fixed_dictionaries({"target": st.lists(SELECTOR.map(lambda s: {"selector": s}), max_size=2)})))
def test_any_json_is_read_or_refused(document: Any) -> None:
    try:
        found = read(document)
    except BadAnnotations as why:
        found = ReadAnnotations((), (), (), (str(why),))
        assert all(found.notes)
    for mark in found.marks:
        assert mark.spans
        assert all(0 <= start < end <= len(TEXT) for start, end in (*mark.spans, *mark.envelope))
    assert all(len(mark.places) > 1 for mark in found.ambiguous)
    assert all(mark.reason for mark in (*found.ambiguous, *found.missing))
    json.dumps([mark.comment for mark in found.marks], ensure_ascii=False).encode()


@budget(derandomize=True, max_examples=200, deadline=None)
@given(st.text(alphabet="ab 🚲\n", min_size=1, max_size=40), st.data(), st.booleans(), st.integers(0, 6))
def test_a_mark_comes_back_to_its_place_or_is_open(text: str, data: st.DataObject, utf16: bool, around: int) -> None:
    """A quote with what stands around it and its true position is never found anywhere else."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start].isspace() or text[end - 1].isspace():
        return
    at = len(text[:start].encode("utf-16-le")) // 2 if utf16 else start
    selector = quote(text[start:end], text[max(0, start - around) : start], text[end : end + around])
    found = read(on(selector, position(at, at + end - start)), text)
    assert not found.missing
    if found.marks:
        assert found.marks[0].spans == ((start, end),)
    else:
        assert (start, end) in found.ambiguous[0].places
