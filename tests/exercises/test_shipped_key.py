"""The key of the shipped texts: it covers them whole, and it says of itself what the labellings say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from django.conf import settings

from exercises import agreement
from exercises import labellings as raw_labellings
from exercises.agreement import Labelling
from exercises.content.schema import LAYERS, Annotation, Passage, Seeds, SourceText
from scoring.spans import Span, sentence_spans

LABELLINGS = 4
SHORT = 3
"""Words of a core in which a single word is what is marked."""
SLIPS = {
    "the-price-of-intransigence": [
        "first decade of February 2026", "seventeenth wave of mobilization", "powerless cities", "Ukrainian crisis",
    ],
    "points-of-attention": [
        "Volodymyr Putin", "The governor of the Russian Federation", "23,000 square meters to it. km",
        'who called the "conditions for negotiations" with Ukraine',
        "by threatening to dominate the territory of Ukraine and destroy Ukrainian statehood",
    ],
    "peace-initiative": [
        "After failing to achieve a quick victory, the war has dragged on", "fastest-growing refugee crisis",
        "negotiations brokered by France and Germany", "two regions in the Donbas", "knowingly unfulfilled",
    ],
    "under-pressure-to-negotiate": [
        "Amercans", "repurcussions", "[European NATO]", "Joseph Borrell",
        "Refusal to supply energy resources from Russia due to sanctions", "During his G20 speech", "pPunishment",
        "Additonally", "Sergey Peskov", "and had come entirely under the control of NATO", "European Parlament",
        "notorious experience", "сreated an enemy image", "which Ukraine signed on September 5, 2014",
        "\"' President Zelensky said in May", "breaking point in the war",
    ],
    "security-guarantees": [
        "obligating assistance, including military aid", "presidential decree", "tryly",
        "for Ukraine and the continent as a whole",
    ],
}  # fmt: skip
"""Mistranslations, wrong names and typing mistakes of the texts that have been checked."""


def annotations(seeds: Seeds) -> Iterator[tuple[str, SourceText, Passage, Annotation]]:
    for text in seeds.texts:
        for passage in text.passages:
            for each in passage.annotations:
                yield f"{text.slug}/{passage.key}#{each.key}", text, passage, each


def labellings(text: SourceText, layer: str) -> list[Labelling]:
    return agreement.read(Path(settings.SEEDS_DIR) / text.slug, layer)


def marks(labelling: Labelling, span: Span, *labels: str) -> bool:
    """Whether a labelling marked a word in a span (with one of these labels)."""
    return any(f.start < span[1] and f.end > span[0] and (not labels or f.label in labels) for f in labelling)


# Coverage


def test_every_sentence_lies_in_exactly_one_passage(seeds: Seeds) -> None:
    for text in seeds.texts:
        sentences = sentence_spans(text.shown, wrapped=text.wrapped, joins=text.joins)
        assert [each for passage in text.passages for each in passage.sentences] == list(sentences), text.slug


def test_passages_are_short(seeds: Seeds) -> None:
    """One to four sentences, mostly two or three; more only with a list, whose items stay together."""
    counts = [len(passage.sentences) for text in seeds.texts for passage in text.passages]
    assert sum(count in (2, 3) for count in counts) > len(counts) / 2
    for text in seeds.texts:
        for passage in text.passages:
            listed = text.shown[slice(*passage.span)].count("•")
            assert len(passage.sentences) - listed <= 4, f"{text.slug}/{passage.key}"


# How the key was made


@pytest.mark.parametrize("layer", LAYERS)
def test_every_text_has_four_blind_labellings(seeds: Seeds, layer: str) -> None:
    for text in seeds.texts:
        assert len(labellings(text, layer)) == LABELLINGS, text.slug
        assert "language model" in text.labellers
        assert "no person" in text.labellers


def test_the_raw_labellings_are_whole_and_say_what_made_them(seeds: Seeds) -> None:
    """Quotes stand where the spans say, both layers are labelled, no file is another's copy."""
    catalogue = {label.slug: label for label in seeds.labels}
    for text in seeds.texts:
        found = []
        for path in sorted((Path(settings.SEEDS_DIR) / text.slug / "labellings").glob("*.json")):
            assert list(raw_labellings.problems(path.name, path.read_bytes(), text.text, catalogue)) == [], text.slug
            document = json.loads(path.read_text(encoding="utf-8"))
            assert "language model" in document["labeller"], f"{text.slug}/{path.name}"
            assert {mark["layer"] for mark in document["marks"]} == set(LAYERS), f"{text.slug}/{path.name}"
            found.append(document["marks"])
        assert all(one not in found[:number] for number, one in enumerate(found)), text.slug


def test_every_mark_has_two_labellings_or_more_behind_it_and_says_how_many(seeds: Seeds) -> None:
    """Those agree that marked a word of the core with its label, or with one that is accepted, too."""
    for where, text, _, each in annotations(seeds):
        found = labellings(text, each.layer)
        agreeing = sum(any(marks(one, core, each.label, *each.accepted) for core in each.core) for one in found)
        assert (each.labellings, each.agreeing) == (LABELLINGS, agreeing), where
        assert sum(any(marks(one, core, each.label) for core in each.core) for one in found) >= 2, f"{where}: own label"
        assert each.adjudicated, where


@pytest.mark.parametrize("layer", LAYERS)
def test_a_clean_passage_was_marked_by_one_labelling_at_most(seeds: Seeds, layer: str) -> None:
    for text in seeds.texts:
        for passage in text.passages:
            if passage.layers[layer].state == "clean":
                found = sum(marks(one, passage.span) for one in labellings(text, layer))
                assert found <= 1, f"{text.slug}/{passage.key}"


@pytest.mark.parametrize("layer", LAYERS)
def test_what_two_labellings_marked_alike_is_in_the_key_or_its_passage_says_why_not(seeds: Seeds, layer: str) -> None:
    """In the key: a core with this label, or with the label as an accepted one or a near miss."""
    for text in seeds.texts:
        for passage in text.passages:
            names = [
                (core, {each.label, *each.accepted, *(near.label for near in each.near)})
                for each in passage.of_layer(layer)
                for core in each.core
            ]
            for span, label in _alike(labellings(text, layer)):
                if _meet(span, passage.span) and not any(_meet(span, core) and label in told for core, told in names):
                    assert passage.layers[layer].why, f"{text.slug}/{passage.key}: {label}"


def _alike(found: list[Labelling]) -> Iterator[tuple[Span, str]]:
    """The words that two labellings marked with one label."""
    for one, other in combinations(found, 2):
        for a, b in product(one, other):
            if a.label == b.label and _meet((a.start, a.end), (b.start, b.end)):
                yield (max(a.start, b.start), min(a.end, b.end)), a.label


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# What it says


def test_every_explanation_speaks_of_a_rival_name(seeds: Seeds) -> None:
    """Why not the nearest one: some other label of the layer, which is not right here, too, comes up by its name."""
    names = {label.slug: {label.slug.replace("-", " "), label.name.lower()} for label in seeds.labels}
    layers = {label.slug: label.layer for label in seeds.labels}
    for where, _, _, each in annotations(seeds):
        said = re.sub("[-‑]", " ", each.explanation.lower()).replace("without a source", "without source")
        rivals = [slug for slug, layer in layers.items() if layer == each.layer and slug not in _right(each)]
        assert any(name in said for slug in rivals for name in names[slug]), where


def _right(annotation: Annotation) -> set[str]:
    return {annotation.label, *annotation.accepted}


def test_known_slips_are_told_at_their_passages(seeds: Seeds) -> None:
    told = {(text.slug, _plain(slip.quote)) for text in seeds.texts for one in text.passages for slip in one.slips}
    missing = [(slug, quote) for slug, quotes in SLIPS.items() for quote in quotes if (slug, quote) not in told]
    assert missing == []


def test_hard_words_stand_in_their_passages(seeds: Seeds) -> None:
    for text in seeds.texts:
        for passage in text.passages:
            words = _plain(text.shown[slice(*passage.span)]).casefold()
            for term in passage.glossary:
                assert term.term.casefold() in words, f"{text.slug}/{passage.key}: {term.term}"


def test_the_context_is_one_line(seeds: Seeds) -> None:
    for text in seeds.texts:
        for passage in text.passages:
            assert len(sentence_spans(passage.context)) == 1, f"{text.slug}/{passage.key}"


def _plain(words: str) -> str:
    return " ".join(words.split())


def test_every_record_says_what_it_rests_on(seeds: Seeds) -> None:
    """With a dated document that a class can open. Not found is written as not found."""
    for where, _, _, each in annotations(seeds):
        if each.record is None:
            continue
        if each.record.basis == "not found":
            assert re.search(r"\b(not|no|cannot|nothing)\b", each.record.text, re.IGNORECASE), where
        assert any(re.search(r"\b\d{4}\b", one.date) for one in each.record.references), where


def test_a_record_adds_to_the_fact_of_its_passage(seeds: Seeds) -> None:
    """The reveal shows both: they have no seven words in a row in common."""
    for where, _, passage, each in annotations(seeds):
        if each.record is not None:
            assert _runs(each.record.text).isdisjoint(_runs(passage.fact)), where


def _runs(words: str, length: int = 7) -> set[tuple[str, ...]]:
    each = re.findall(r"[\w’'%]+", words.lower())
    return {tuple(each[at : at + length]) for at in range(len(each) - length + 1)}


def test_a_clean_passage_says_why_in_each_layer_in_which_it_is(seeds: Seeds) -> None:
    """More than that it is: two sentences or more. The reveal adds that this does not make it true."""
    for text in seeds.texts:
        for passage in text.passages:
            for layer in LAYERS:
                state = passage.layers[layer]
                if state.state == "clean":
                    assert len(sentence_spans(state.why)) >= 2, f"{text.slug}/{passage.key} {layer}"


def test_hard_words_are_glossed_but_not_the_loaded_ones(seeds: Seeds) -> None:
    """A glossary stands beside the question: it must not take the heat out of the words that are asked about."""
    for text in seeds.texts:
        for passage in text.passages:
            cores = [
                text.shown[slice(*core)].casefold()
                for each in passage.of_layer("technique")
                for core in each.core
                if len(text.shown[slice(*core)].split()) <= SHORT
            ]
            for term in passage.glossary:
                assert not any(term.term.casefold() in core for core in cores), f"{passage.key}: {term.term}"


def test_a_label_that_is_common_is_not_the_mark_of_one_text(seeds: Seeds) -> None:
    """Five annotations or more: in two texts, or the catalogue's page says that it stands in one alone."""
    where: dict[str, list[str]] = {}
    for _, text, _, each in annotations(seeds):
        where.setdefault(each.label, []).append(text.slug)
    assert [label for label, texts in where.items() if len(texts) >= 5 and len(set(texts)) < 2] == []


def test_examples_of_the_catalogue_are_not_about_this_war(seeds: Seeds) -> None:
    words = re.compile(r"\b(Ukrain|Russia|Putin|Kyiv|NATO|Zelensk|Kremlin|Moscow|war\b|army|soldier|invasion)", re.I)
    for label in seeds.labels:
        assert all((label.definition, label.question, label.confusions)), label.slug
        assert not words.search(label.example), label.slug


@pytest.mark.parametrize("phrase", ["this side lies", "is lying", "are lying", "propagandist", "obviously"])
def test_no_explanation_judges_a_side(seeds: Seeds, phrase: str) -> None:
    said = [(where, each.explanation) for where, _, _, each in annotations(seeds)]
    assert [where for where, words in said if phrase in words.lower()] == []


def test_sentences_of_explanations_are_short(seeds: Seeds) -> None:
    for where, _, _, each in annotations(seeds):
        lengths = [len(each.explanation[slice(*span)].split()) for span in sentence_spans(each.explanation)]
        assert max(lengths) <= 40, where
        assert sum(lengths) / len(lengths) <= 20, where


def test_every_text_has_a_card_and_a_note_of_a_page(seeds: Seeds) -> None:
    for text in seeds.texts:
        words = len(text.teacher_note.split())
        assert 250 <= words <= 450, f"{text.slug}: {words}"
        for part in ("Background.", "Hard in class.", "Questions to discuss.", "Ukraine", "Russia", " 1. ", " 2. "):
            assert part in text.teacher_note, f"{text.slug}: {part}"
        assert len(text.content_note.split()) <= 30
        assert len(sentence_spans(text.content_note)) == 1, text.slug
        assert all((text.genre, text.told, text.not_told, text.found, text.camp, text.date)), text.slug
