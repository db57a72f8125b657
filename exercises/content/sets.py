"""`sets.toml`: the ready-made sets."""

from __future__ import annotations

from pathlib import Path

from exercises.content.schema import Label, Passage, ReadySet, SetItem, SourceText
from exercises.content.tables import Table, read_table


def read_sets(path: Path, texts: list[SourceText], labels: dict[str, Label], problems: list[str]) -> list[ReadySet]:
    file = read_table(path, problems)
    passages = {f"{text.slug}/{passage.key}": passage for text in texts for passage in text.passages}
    sets: list[ReadySet] = []
    for table in file.tables("sets"):
        ready = ReadySet(
            slug=table.take("slug", str),
            title=table.take("title", str),
            aim=table.take("aim", str),
            minutes=table.scale("minutes", 1, 240),
            level=table.take("level", str),
            note=table.take("note", str),
            starter=table.take("starter", bool, False),
            example=table.take("example", str, ""),
            sealed=table.take("sealed", bool, False),
            items=tuple(read_set_item(each, passages) for each in table.tables("items")),
        )
        if ready.example and ready.example not in labels:
            table.refuse("example", f"{ready.example!r} is not in the catalogue")
        if not ready.items:
            table.refuse("items", "is empty")
        if any(ready.slug == other.slug for other in sets):
            table.refuse("slug", "stands twice")
        table.close()
        sets.append(ready)
    file.close()
    return sets


def read_set_item(table: Table, passages: dict[str, Passage]) -> SetItem:
    item = SetItem(
        passage=table.take("passage", str),
        kind=table.take("kind", str),
        layer=table.take("layer", str, ""),
        annotation=table.take("annotation", str, ""),
    )
    if item.passage and item.passage not in passages:
        table.refuse("passage", f"{item.passage!r} is no passage of these texts")
    table.close()
    return item
