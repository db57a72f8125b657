"""What the content amounts to, as Markdown: passages by state, annotations by label, exercises by kind, the sets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from exercises import balance, decisions
from exercises.content.schema import LAYERS, STATES, Seeds
from exercises.making import MARKING_KIND, Made
from scoring.points import Item


def lines(seeds: Seeds) -> list[str]:
    """The report as lines. docs/content.md holds the same ones."""
    items = decisions.items(seeds)
    tables = (_passages(seeds, items), _labels(seeds), _kinds(items), _sets(seeds, items), _forms(seeds, items))
    return [line for table in (*tables, _alike(seeds)) for line in (*table, "")][:-1]


def _passages(seeds: Seeds, items: Mapping[Made, Item]) -> Iterator[str]:
    yield from _head("text", "layer", "passages", *STATES, "spot or source")
    playable = Counter((balance.text_of(made), made.layer) for made in items if made.kind == MARKING_KIND[made.layer])
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for text in seeds.texts:
        for layer in LAYERS:
            counts = Counter(passage.layers[layer].state for passage in text.passages)
            counts |= Counter(passages=len(text.passages), playable=playable[text.slug, layer])
            totals[layer] += counts
            yield _states(text.slug, layer, counts)
    for layer, counts in totals.items():
        yield _states("all", layer, counts)


def _states(name: str, layer: str, counts: Counter[str]) -> str:
    return _row(name, layer, counts["passages"], *(counts[state] for state in STATES), counts["playable"])


def _labels(seeds: Seeds) -> Iterator[str]:
    yield from _head("layer", "label", "annotations", "texts", "only in")
    where: dict[str, Counter[str]] = defaultdict(Counter)
    for text in seeds.texts:
        for passage in text.passages:
            for annotation in passage.annotations:
                where[annotation.label][text.slug] += 1
    for label in seeds.labels:
        found = where[label.slug]
        yield _row(label.layer, label.slug, found.total(), len(found), next(iter(found)) if len(found) == 1 else "")


def _kinds(items: Mapping[Made, Item]) -> Iterator[str]:
    yield from _head("kind", "layer", "exercises")
    for (kind, layer), count in sorted(Counter((made.kind, made.layer) for made in items).items()):
        yield _row(kind, layer, count)


def _sets(seeds: Seeds, items: Mapping[Made, Item]) -> Iterator[str]:
    yield from _head(
        "set", "decisions", "allow “nothing here”", "clean of these", "texts", "one-text camp", "by text", "by camp"
    )
    for each in balance.of_sets(seeds, items):
        yield _row(
            each.slug,
            each.decisions,
            each.offered,
            f"{each.clean} ({each.clean_share:.0%})",
            each.texts,
            f"{each.lone_share:.0%}{', one clean' if each.lone_is_clean else ''}",
            _score(each.by_text),
            _score(each.by_camp),
        )


def _forms(seeds: Seeds, items: Mapping[Made, Item]) -> Iterator[str]:
    texts = [text.slug for text in seeds.texts]
    yield from _head("form", "kind, layer: clean and marked", f"from {', '.join(texts)}", "guess", "words")
    for form in balance.of_forms(seeds, items):
        asked = sorted({(kind, layer) for kind, layer, _ in form.mixture})
        counts = [
            f"{kind} {layer}: {form.mixture.get((kind, layer, False), 0)} and "
            f"{form.mixture.get((kind, layer, True), 0)}"
            for kind, layer in asked
        ]
        drawn = ", ".join(str(form.texts.get(text, 0)) for text in texts)
        yield _row(form.slug, "; ".join(counts), drawn, f"{form.difficulty:.1f}", f"{form.words:.1f}")


def _alike(seeds: Seeds) -> Iterator[str]:
    yield from _head("near-duplicates", "shared", "in the sets")
    for each in balance.alike(seeds):
        holders = "; ".join(", ".join(sorted(found)) or "none" for found in each.sets)
        yield _row(" and ".join(each.passages), f"{each.share:.0%}", holders)


def _score(value: float) -> str:
    return f"{round(value, 2) + 0.0:+.2f}"


def _head(*names: str) -> Sequence[str]:
    return _row(*names), f"|{'---|' * len(names)}"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
