"""What the content amounts to: passages by state, annotations by label, exercises by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from exercises import making
from exercises.content.schema import LAYERS, STATES, Seeds


def lines(seeds: Seeds) -> Iterator[str]:
    """The report as lines of text."""
    made = making.make(seeds.texts, seeds.labels)
    marking = Counter((each.passage.split("/")[0], each.layer) for each in made if each.kind in ("spot", "source"))
    yield f"{'text':32} {'layer':10} {'clean':>6} {'marked':>7} {'discussion':>11} {'spot/source':>12}"
    totals: Counter[tuple[str, str]] = Counter()
    for text in seeds.texts:
        for layer in LAYERS:
            states = Counter(passage.layers[layer].state for passage in text.passages)
            totals.update({(layer, state): states[state] for state in STATES})
            totals[layer, "played"] += marking[text.slug, layer]
            counts = states["clean"], states["marked"], states["discussion"], marking[text.slug, layer]
            yield f"{text.slug:32} {layer:10} {counts[0]:6} {counts[1]:7} {counts[2]:11} {counts[3]:12}"
    for layer in LAYERS:
        counts = totals[layer, "clean"], totals[layer, "marked"], totals[layer, "discussion"], totals[layer, "played"]
        yield f"{'all':32} {layer:10} {counts[0]:6} {counts[1]:7} {counts[2]:11} {counts[3]:12}"
    yield ""
    where: dict[str, set[str]] = {}
    labels: Counter[str] = Counter()
    for text in seeds.texts:
        for passage in text.passages:
            for annotation in passage.annotations:
                labels[annotation.label] += 1
                where.setdefault(annotation.label, set()).add(text.slug)
    for label in seeds.labels:
        texts = where.get(label.slug, set())
        alone = f"  only in {next(iter(texts))}" if len(texts) == 1 else ""
        yield f"{label.layer:10} {label.slug:34} {labels[label.slug]:4} annotations in {len(texts)} texts{alone}"
    yield ""
    for kind, count in Counter(each.kind for each in made).items():
        yield f"{kind:10} {count:5} exercises"
    yield f"{len(seeds.sets)} ready-made sets"
