"""The label catalogue: part of the release, read once from `seeds/labels.toml`.

In the active language, where it is translated: `seeds/labels.<language>.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from exercises.content.labels import read_labels, read_translated_labels
from exercises.content.schema import BadContent, Label


@dataclass(frozen=True)
class Instance:
    """Words of a text that carry a label."""

    text: str
    title: str
    quote: str


@dataclass(frozen=True)
class Entry:
    label: Label
    confusions: tuple[tuple[str, str], ...]
    """(name of the label it is taken for, what tells them apart)."""
    instances: tuple[Instance, ...] = ()
    texts: int = 0


@dataclass(frozen=True)
class Group:
    name: str
    layer: str
    entries: tuple[Entry, ...]


def labels() -> dict[str, Label]:
    """All labels by slug, in the catalogue's order and in the active language. Raises BadContent."""
    return _labels(get_language() or settings.LANGUAGE_CODE)


@cache
def _labels(language: str) -> dict[str, Label]:
    problems: list[str] = []
    found = read_labels(settings.SEEDS_DIR / "labels.toml", problems)
    translated = settings.SEEDS_DIR / f"labels.{language}.toml"
    if translated.exists():
        found = read_translated_labels(translated, found, problems)
    if problems:
        raise BadContent(problems)
    return {label.slug: label for label in found}


def of_layer(layer: str) -> list[Label]:
    return [label for label in labels().values() if label.layer == layer]


def groups() -> list[Group]:
    """The catalogue by groups, in its order."""
    by_name: dict[tuple[str, str], list[Entry]] = {}
    for label in labels().values():
        confusions = tuple((labels()[slug].name, why) for slug, why in label.confusions)
        by_name.setdefault((label.group, label.layer), []).append(Entry(label, confusions))
    return [Group(name, layer, tuple(entries)) for (name, layer), entries in by_name.items()]
