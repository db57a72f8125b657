"""The key of the shipped texts: it covers them whole, and it says of itself what the labellings say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from exercises import agreement
from exercises.agreement import Labelling
from exercises.content.schema import LAYERS, Annotation, Passage, Seeds, SourceText
from scoring.spans import Span, sentence_spans

LABELLINGS = 4
SHORT = 3
"""Words of a core in which a single word is what is marked."""


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


def test_every_mark_has_two_labellings_or_more_behind_it_and_says_how_many(seeds: Seeds) -> None:
    """Those agree that marked a word of the core with its label, or with one that is accepted, too."""
    for where, text, _, each in annotations(seeds):
        found = labellings(text, each.layer)
        agreeing = sum(any(marks(one, core, each.label, *each.accepted) for core in each.core) for one in found)
        assert (each.labellings, each.agreeing) == (LABELLINGS, agreeing), where
        assert agreeing >= 2, where
        assert each.adjudicated, where


@pytest.mark.parametrize("layer", LAYERS)
def test_a_clean_passage_was_marked_by_one_labelling_at_most(seeds: Seeds, layer: str) -> None:
    for text in seeds.texts:
        for passage in text.passages:
            if passage.layers[layer].state == "clean":
                found = sum(marks(one, passage.span) for one in labellings(text, layer))
                assert found <= 1, f"{text.slug}/{passage.key}"


# What it says


def test_every_record_says_what_it_rests_on(seeds: Seeds) -> None:
    """Verified: with a document that a class can open. Not found is written as not found."""
    for where, _, _, each in annotations(seeds):
        if each.record is None:
            continue
        if each.record.basis == "not found":
            assert re.search(r"\b(not|no|cannot|nothing)\b", each.record.text, re.IGNORECASE), where
        if each.record.basis == "verified":
            assert any(sign.isdigit() for one in each.record.references for sign in one.date), where


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
