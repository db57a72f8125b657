"""Annotations as W3C Web Annotations (https://www.w3.org/TR/annotation-model/)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from exercises.content import read_seeds
from tests.exercises.small import GARDEN, LIBRARY, SmallSeeds, source

FILES = {"library.txt": LIBRARY, "garden.txt": GARDEN}


@pytest.fixture
def document(small: SmallSeeds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command writes, read back."""
    monkeypatch.setattr(settings, "SEEDS_DIR", small.folder)
    for name in ("library", "garden"):
        small.files[f"{name}/source.toml"]["file"] = f"{name}.txt"
    return export(small, capsys)


def export(small: SmallSeeds, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    small.write()
    call_command("export_annotations")
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def items(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["first"]["items"]
    return found


def targets(annotation: dict[str, Any], key: str = "target") -> list[dict[str, Any]]:
    value = annotation[key]
    return value if isinstance(value, list) else [value]


def test_it_is_a_collection_of_one_page_in_the_standards_context(document: dict[str, Any]) -> None:
    standard, own = document["@context"]
    assert standard == "http://www.w3.org/ns/anno.jsonld"
    assert document["type"] == "AnnotationCollection"
    assert document["first"]["type"] == "AnnotationPage"
    assert document["first"]["partOf"] == document["id"]
    assert document["first"]["startIndex"] == 0
    assert document["total"] == len(items(document)) > 0
    prefixes = {key.partition(":")[0] for each in items(document) for key in each if ":" in key}
    assert prefixes == set(own)


def test_every_annotation_has_what_the_model_requires(document: dict[str, Any], small: SmallSeeds) -> None:
    for each in items(document):
        assert each["type"] == "Annotation"
        assert each["motivation"] == "classifying"
        assert {body["purpose"] for body in each["body"]} == {"classifying", "describing"}
        assert all(body["type"] == "TextualBody" and body["value"] for body in each["body"])
    ids = [each["id"] for each in items(document)]
    assert len(set(ids)) == len(ids)
    annotations = [
        (text.slug, passage.key, annotation)
        for text in read_seeds(small.folder).texts
        for passage in text.passages
        for annotation in passage.annotations
    ]
    assert ids == [f"urn:literacy-game:annotation:{slug}:{key}:{each.key}" for slug, key, each in annotations]
    for written, (_, _, wanted) in zip(items(document), annotations, strict=True):
        assert written["body"][0]["value"] == wanted.label
        assert written["body"][1]["value"] == wanted.explanation
        assert written["lg:layer"] == wanted.layer
        assert written["lg:accepted"] == list(wanted.accepted)
        assert written["lg:nearMisses"] == [near.label for near in wanted.near]
        assert (written["lg:labellings"], written["lg:agreeing"], written["lg:adjudicated"]) == (4, 3, True)


def test_quotes_and_positions_are_those_of_the_file_in_code_points(document: dict[str, Any]) -> None:
    for each in items(document):
        for target in [*targets(each), *targets(each, "lg:envelope")]:
            file = FILES[target["source"]]
            quote, position = target["selector"]
            assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
            start, end = position["start"], position["end"]
            assert quote["exact"] == file[start:end] != ""
            assert quote["prefix"] == file[max(0, start - 32) : start]
            assert quote["suffix"] == file[end : end + 32]
            assert file.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1


def test_there_is_one_target_a_span(document: dict[str, Any]) -> None:
    spans = {each["id"].split(":", 3)[3]: len(targets(each)) for each in items(document)}
    assert spans["library:waiting:t1"] == 2
    assert all(count == 1 for key, count in spans.items() if key != "library:waiting:t1")


def test_code_points_are_counted_and_not_bytes(
    document: dict[str, Any], small: SmallSeeds, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text with characters of two and four bytes before the mark."""
    text = "Ünal’s 🐦 plan. " + LIBRARY
    small.files["library/text.txt"] = text.encode()
    small.files["library/source.toml"] = source(text)
    first = next(each for each in items(export(small, capsys)) if "library:closing-time:t1" in each["id"])
    _, position = first["target"]["selector"]
    assert text[position["start"] : position["end"]] == "heartless"
    assert position["start"] == text.index("heartless") < text.encode().index(b"heartless")


def test_content_that_does_not_hold_together_is_not_exported(
    document: dict[str, Any], small: SmallSeeds, capsys: pytest.CaptureFixture[str]
) -> None:
    small.files["garden/source.toml"]["camp"] = "neutral"
    with pytest.raises(CommandError, match=r"garden/source\.toml: camp: "):
        export(small, capsys)
    assert capsys.readouterr().out == ""
