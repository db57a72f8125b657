"""W3C Web Annotations read for a text: what hypothes.is and other tools give. Writing them: exercises/export.py.

https://www.w3.org/TR/annotation-model/ . A mark is found by its quote (TextQuoteSelector) with what stands before and
after it; a position (TextPositionSelector) decides only between places that the quote leaves open. What stays open is
listed, never guessed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import catalogue
from exercises.annotation_targets import Found, find
from exercises.reduction.characters import visible
from scoring.spans import Span

LARGEST_FILE = 2_000_000
"""Bytes."""
MOST_ANNOTATIONS = 1000
LONGEST_TEXT = 5000
"""Characters of a tag, a comment or an id that are kept."""
LISTS = ("rows", "annotations", "items")
"""Keys under which annotations stand: hypothes.is's interface, its client's export, the standard's pages."""


class BadAnnotations(Exception):
    """A file that cannot be read as annotations. The message says why, in words for a teacher."""


@dataclass(frozen=True)
class ImportedMark:
    """An annotation whose words were all found. Spans are code points of the text."""

    identity: str
    """The annotation's id, or empty."""
    spans: tuple[Span, ...]
    labels: tuple[str, ...]
    """Slugs that its tags name: one where it is clear, several where the tags are not of one mind, or none."""
    unknown: tuple[str, ...]
    """Tags that name no label."""
    comment: str
    accepted: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    envelope: tuple[Span, ...] = ()
    by_position: bool = False
    """The quote stands several times; the position said which."""
    elsewhere: bool = False
    """The quote stands once, but what the file says stands before or after it does not."""


@dataclass(frozen=True)
class OpenMark:
    """An annotation that was not resolved, for the teacher to place or leave."""

    identity: str
    quote: str
    reason: str
    """In words."""
    places: tuple[Span, ...] = ()
    """Where it may be: several where the quote is ambiguous, none where it is not found."""
    labels: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class ReadAnnotations:
    marks: tuple[ImportedMark, ...]
    ambiguous: tuple[OpenMark, ...]
    missing: tuple[OpenMark, ...]
    """Not found, or without a quote to find."""
    notes: tuple[str, ...] = ()
    """What else is to be told, in words: replies that were passed over, for example."""


def read_annotations(data: bytes, text: str, whole: str = "") -> ReadAnnotations:
    """Read JSON (one annotation, a list, an AnnotationPage or AnnotationCollection, or what hypothes.is exports).

    `whole` is the text with the words that are left out, and blanked in `text`.
    Raises BadAnnotations. Nothing is written.
    """
    names = _names()
    marks: list[ImportedMark] = []
    ambiguous: list[OpenMark] = []
    missing: list[OpenMark] = []
    passed_over: Counter[str] = Counter()
    for annotation in _annotations(_document(data)):
        if reason := _passed_over(annotation):
            passed_over[reason] += 1
            continue
        read = _read(annotation, lambda target: find(target, text, whole), names)
        if isinstance(read, ImportedMark):
            marks.append(read)
        else:
            (ambiguous if read.places else missing).append(read)
    return ReadAnnotations(tuple(marks), tuple(ambiguous), tuple(missing), tuple(_notes(passed_over)))


def _document(data: bytes) -> Any:
    if len(data) > LARGEST_FILE:
        raise BadAnnotations(_("The file is larger than %(size)d MB.") % {"size": LARGEST_FILE // 1_000_000})
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadAnnotations(_("This is no JSON file, or it was damaged on the way.")) from None


def _annotations(document: Any) -> list[dict[str, Any]]:
    found = list(_listed(document))
    if not found:
        raise BadAnnotations(_("There are no annotations in this file."))
    if len(found) > MOST_ANNOTATIONS:
        words = _("The file holds %(count)d annotations; at most %(most)d are read at once.")
        raise BadAnnotations(words % {"count": len(found), "most": MOST_ANNOTATIONS})
    if not all(isinstance(each, dict) for each in found):
        raise BadAnnotations(_("This is JSON, but what it lists are no annotations."))
    return found


def _listed(document: Any) -> Iterator[Any]:
    """The annotations of a document: it is one, or lists them, or is a collection whose first page does."""
    if isinstance(document, list):
        yield from document
    elif isinstance(document, dict) and "target" in document:
        yield document
    elif isinstance(document, dict):
        if "next" in document or isinstance(document.get("first"), str):
            raise BadAnnotations(_("The annotations go on in another file. Export all of them as one file."))
        for key in LISTS:
            if isinstance(document.get(key), list):
                yield from document[key]
        first = document.get("first")
        if isinstance(first, dict) and "first" not in first:
            yield from _listed(first)


def _passed_over(annotation: dict[str, Any]) -> str:
    """Why an annotation is none of words of the text, or nothing."""
    if annotation.get("references") or annotation.get("motivation") == "replying":
        return "reply"
    targets = _as_list(annotation.get("target"))
    return "page" if not any(isinstance(each, dict) and each.get("selector") for each in targets) else ""


def _notes(passed_over: Counter[str]) -> Iterator[str]:
    if count := passed_over["reply"]:
        words = ngettext("%(count)d reply was passed over.", "%(count)d replies were passed over.", count)
        yield words % {"count": count}
    if count := passed_over["page"]:
        words = ngettext(
            "%(count)d note on the whole text, without words of it, was passed over.",
            "%(count)d notes on the whole text, without words of it, were passed over.",
            count,
        )
        yield words % {"count": count}


def _read(
    annotation: dict[str, Any], find: Callable[[Any], Found], names: Mapping[str, str]
) -> ImportedMark | OpenMark:
    tags, comment = _bodies(annotation)
    slugs = tuple(dict.fromkeys(names[_folded(tag)] for tag in tags if _folded(tag) in names))
    unknown = tuple(dict.fromkeys(tag for tag in tags if _folded(tag) not in names))
    identity = _text(annotation.get("id"))
    found = [find(target) for target in _as_list(annotation.get("target"))]
    for each in found:
        if each.span is None:
            return OpenMark(identity, each.quote, each.reason, each.places, slugs, unknown, comment)
    return ImportedMark(
        identity=identity,
        spans=_spans(found),
        labels=slugs,
        unknown=unknown,
        comment=comment,
        accepted=_known(annotation.get("lg:accepted"), names),
        near=_known(annotation.get("lg:nearMisses"), names),
        envelope=_spans([find(target) for target in _as_list(annotation.get("lg:envelope"))]),
        by_position=any(each.by_position for each in found),
        elsewhere=any(each.elsewhere for each in found),
    )


def _spans(found: Iterable[Found]) -> tuple[Span, ...]:
    return tuple(sorted({each.span for each in found if each.span}))


def _bodies(annotation: dict[str, Any]) -> tuple[list[str], str]:
    """Tags and comment: `tags` and `text` of hypothes.is, or the standard's bodies by their purpose."""
    tags = [_text(tag) for tag in _as_list(annotation.get("tags"))]
    comments = [_text(annotation.get("text")), _text(annotation.get("bodyValue"))]
    for body in _as_list(annotation.get("body")):
        if isinstance(body, str):
            comments.append(_text(body))
        elif isinstance(body, dict):
            purposes = _as_list(body.get("purpose")) or _as_list(annotation.get("motivation"))
            value = _text(body.get("value"))
            (tags if {"tagging", "classifying"} & set(map(str, purposes)) else comments).append(value)
    return [tag for tag in tags if tag], "\n\n".join(each for each in comments if each)


def _names() -> dict[str, str]:
    """Slugs of labels by slug and by name in every language. A name that two labels have is nobody's."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for label in catalogue.labels().values():
                for name in (_folded(label.slug), _folded(label.name)):
                    twice |= {name} if found.setdefault(name, label.slug) != label.slug else set()
    return {name: slug for name, slug in found.items() if name not in twice}


def _folded(tag: str) -> str:
    return " ".join(tag.casefold().lstrip("#").replace("-", " ").replace("_", " ").split())


def _known(tags: Any, names: Mapping[str, str]) -> tuple[str, ...]:
    folded = [_folded(_text(tag)) for tag in _as_list(tags)]
    return tuple(dict.fromkeys(names[each] for each in folded if each in names))


def _text(value: Any) -> str:
    return visible(value[:LONGEST_TEXT]).strip() if isinstance(value, str) else ""


def _as_list(value: Any) -> list[Any]:
    """Where the standard allows one of something, or a list of them."""
    return value if isinstance(value, list) else [] if value is None else [value]
