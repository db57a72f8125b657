"""`labels.toml`: the catalogue of techniques and source gaps. `labels.<language>.toml`: its words in a language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from exercises.content.schema import LAYERS, Label
from exercises.content.tables import Table, read_table


def read_labels(path: Path, problems: list[str]) -> list[Label]:
    file = read_table(path, problems)
    labels: list[Label] = []
    for table in file.tables("labels"):
        layer = table.one_of("layer", LAYERS)
        label = Label(
            slug=table.take("slug", str),
            layer=layer,
            **_words(table),
            fills=table.take("fills", str, "") if layer == "technique" else table.take("fills", str),
        )
        _check_example(label, table)
        if any(label.slug == other.slug for other in labels):
            table.refuse("slug", "stands twice")
        table.close()
        labels.append(label)
    slugs = {label.slug for label in labels}
    for label in labels:
        for slug, _ in label.confusions:
            if slug not in slugs:
                file.refuse(f"labels {label.slug}: confusions", f"{slug!r} is not in the catalogue")
    file.close()
    return labels


def read_translated_labels(path: Path, labels: list[Label], problems: list[str]) -> list[Label]:
    """The catalogue with the words of another language: every label with every text, and nothing else."""
    file = read_table(path, problems)
    originals = {label.slug: label for label in labels}
    found: dict[str, Label] = {}
    groups: dict[tuple[str, str], str] = {}
    for table in file.tables("labels"):
        slug = table.take("slug", str)
        if slug not in originals or slug in found:
            table.refuse("slug", "stands twice" if slug in found else "is not in the catalogue")
            continue
        original = originals[slug]
        label = replace(original, **_words(table), fills=table.take("fills", str) if original.fills else "")
        _check_example(label, table)
        if [each for each, _ in label.confusions] != [each for each, _ in original.confusions]:
            table.refuse("confusions", "should be with the same labels, in the same order")
        if groups.setdefault((original.layer, original.group), label.group) != label.group:
            table.refuse("group", f"“{original.group}” has two names")
        table.close()
        found[slug] = label
    if missing := originals.keys() - found.keys():
        file.refuse("labels", f"without {', '.join(sorted(missing))}")
    file.close()
    return [found.get(label.slug, label) for label in labels]


def _words(table: Table) -> dict[str, Any]:
    """What a label says, in the language of its file."""
    texts = ("group", "name", "definition", "question", "example", "example_core")
    confusions = tuple((each.take("label", str), each.take("why", str)) for each in table.tables("confusions"))
    return {name: table.take(name, str) for name in texts} | {"confusions": confusions}


def _check_example(label: Label, table: Table) -> None:
    if label.example.count(label.example_core) != 1:
        table.refuse("example_core", "should stand exactly once in the example")
