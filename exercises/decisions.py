"""The exercises of the seeds as scoring sees them, without a database."""

from __future__ import annotations

from collections.abc import Mapping

from exercises import making
from exercises.content.schema import ReadySet, Seeds
from exercises.making import Made
from scoring import kinds
from scoring.points import Item

Decision = tuple[Made, Item]


def items(seeds: Seeds) -> dict[Made, Item]:
    """Every exercise with its key. Raises BadContent as `making.make` does."""
    passages = {making.address(text, passage): (text, passage) for text in seeds.texts for passage in text.passages}
    found = {}
    for made in making.make(seeds.texts, seeds.labels):
        text, passage = passages[made.passage]
        words = text.words(passage)
        targets = making.targets(passage, made.layer, words)
        right: frozenset[str] = frozenset()
        if made.annotation:
            targets = tuple(target for target in targets if target.key == made.annotation)
        if made.kind == "evidence":
            (asked,) = (each for each in passage.of_layer(made.layer) if each.key == made.annotation)
            right = frozenset(str(number) for number, option in enumerate(asked.evidence) if option.settles)
        found[made] = Item(made.kind, made.layer, words, targets, made.options, right)
    return found


def of_set(found: Mapping[Made, Item], ready: ReadySet) -> list[Decision]:
    """The decisions of a ready-made set, in its order."""
    decisions = []
    for wanted in ready.items:
        (made,) = (
            made
            for made in found
            if (made.passage, made.kind, made.annotation) == (wanted.passage, wanted.kind, wanted.annotation)
            and wanted.layer in ("", made.layer)
        )
        decisions.append((made, found[made]))
    return decisions


def allows_nothing(item: Item) -> bool:
    """Whether the decision allows "nothing here"."""
    return kinds.KINDS[item.kind].CLEAN_OFFERED
