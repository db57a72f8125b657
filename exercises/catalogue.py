"""The label catalogue: part of the release, read once from `seeds/labels.toml`."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from exercises.content.labels import read_labels
from exercises.content.schema import BadContent, Label


@cache
def labels() -> dict[str, Label]:
    """All labels by slug, in the catalogue's order. Raises BadContent."""
    problems: list[str] = []
    found = read_labels(settings.SEEDS_DIR / "labels.toml", problems)
    if problems:
        raise BadContent(problems)
    return {label.slug: label for label in found}


def of_layer(layer: str) -> list[Label]:
    return [label for label in labels().values() if label.layer == layer]
