"""Annotations as W3C Web Annotations: one JSON-LD document, an AnnotationCollection with everything in one page.

https://www.w3.org/TR/annotation-model/ . What the standard has no word for stands in terms of our own, which the
document's `@context` declares and docs/content.md explains. Reading them: exercises/web_annotations.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from exercises.content.schema import Passage, Seeds, SourceText
from scoring.spans import Span

OWN_TERMS = "urn:literacy-game:terms#"
CONTEXT_LENGTH = 32
"""Characters of prefix and suffix in a TextQuoteSelector."""


def collection(seeds: Seeds) -> dict[str, Any]:
    """The AnnotationCollection of all published annotations, in the order of the texts."""
    label = "Literacy Game: persuasion techniques and missing sources in five texts"
    return _collection("urn:literacy-game:annotations", label, seeds.texts)


def collection_of(text: SourceText) -> dict[str, Any]:
    """The AnnotationCollection of one text, shipped or a teacher's own (exercises/packages.py, `source_text`)."""
    label = f"Literacy Game: persuasion techniques and missing sources in “{text.title}”"
    return _collection(f"urn:literacy-game:annotations:{text.slug}", label, [text])


def _collection(identity: str, label: str, texts: Iterable[SourceText]) -> dict[str, Any]:
    items = [item for text in texts for passage in text.passages for item in _annotations(text, passage)]
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"lg": OWN_TERMS}],
        "id": identity,
        "type": "AnnotationCollection",
        "label": label,
        "total": len(items),
        "first": {
            "id": f"{identity}:page:1",
            "type": "AnnotationPage",
            "partOf": identity,
            "startIndex": 0,
            "items": items,
        },
    }


def _annotations(source: SourceText, passage: Passage) -> list[dict[str, Any]]:
    items = []
    for annotation in passage.annotations:
        targets = [_target(source.file, source.text, span) for span in annotation.core]
        bodies = [
            {"type": "TextualBody", "purpose": "classifying", "value": annotation.label},
            {
                "type": "TextualBody",
                "purpose": "describing",
                "value": annotation.explanation,
                "format": "text/plain",
                "language": source.language,
            },
        ]
        items.append(
            {
                "id": f"urn:literacy-game:annotation:{source.slug}:{passage.key}:{annotation.key}",
                "type": "Annotation",
                "motivation": "classifying",
                "body": bodies,
                "target": targets[0] if len(targets) == 1 else targets,
                "lg:layer": annotation.layer,
                "lg:accepted": list(annotation.accepted),
                "lg:nearMisses": [near.label for near in annotation.near],
                "lg:envelope": [_target(source.file, source.text, span) for span in annotation.envelope],
                "lg:labellings": annotation.labellings,
                "lg:agreeing": annotation.agreeing,
                "lg:adjudicated": annotation.adjudicated,
            }
        )
    return items


def _target(file: str, text: str, span: Span) -> dict[str, Any]:
    start, end = span
    return {
        "source": file,
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - CONTEXT_LENGTH) : start],
                "suffix": text[end : end + CONTEXT_LENGTH],
            },
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    }
