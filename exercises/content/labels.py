"""`labels.toml`: the catalogue of techniques and source gaps."""

from __future__ import annotations

from pathlib import Path

from exercises.content.schema import LAYERS, Label
from exercises.content.tables import read_table


def read_labels(path: Path, problems: list[str]) -> list[Label]:
    file = read_table(path, problems)
    labels: list[Label] = []
    for table in file.tables("labels"):
        layer = table.one_of("layer", LAYERS)
        label = Label(
            slug=table.take("slug", str),
            layer=layer,
            group=table.take("group", str),
            name=table.take("name", str),
            definition=table.take("definition", str),
            question=table.take("question", str),
            example=table.take("example", str),
            example_core=table.take("example_core", str),
            confusions=tuple((each.take("label", str), each.take("why", str)) for each in table.tables("confusions")),
            fills=table.take("fills", str, "") if layer == "technique" else table.take("fills", str),
        )
        if label.example.count(label.example_core) != 1:
            table.refuse("example_core", "should stand exactly once in the example")
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
