"""How far independent labellings of a text agree, before any adjudication.

Pairwise partial-match F1 after Da San Martino et al. (2019), "Fine-Grained Analysis of Propaganda in News
Articles", EMNLP; Krippendorff's alpha by sentence after Krippendorff (2004), "Content Analysis", with the
`krippendorff` package.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean

from exercises.content.schema import LAYERS, Seeds, SourceText
from scoring.spans import Span, sentence_spans


@dataclass(frozen=True)
class Fragment:
    """One marked span, in code points, with its label."""

    start: int
    end: int
    label: str


Labelling = tuple[Fragment, ...]


@dataclass(frozen=True)
class Row:
    """Agreement on one text in one layer. Each figure is None where it is not defined (nothing to compare)."""

    text: str
    layer: str
    labellings: int
    marks: float
    """Mean number of spans in a labelling."""
    f1_spans: float
    f1_labels: float
    alpha_marked: float | None
    """By sentence: is anything marked?"""
    alpha_labels: float | None
    """By sentence and label that anybody used: is it marked so?"""


def read(folder: Path, layer: str) -> list[Labelling]:
    """The labellings of a text's folder, one layer of them."""
    found = []
    for path in sorted((folder / "labellings").glob("*.json")):
        marks = json.loads(path.read_text(encoding="utf-8"))["marks"]
        spans = [(*span, mark["label"]) for mark in marks if mark["layer"] == layer for span in mark["spans"]]
        found.append(tuple(Fragment(*span) for span in sorted(spans)))
    return found


def rows(seeds: Seeds, folder: Path) -> Iterator[Row]:
    """A row for every text and layer that has at least two labellings."""
    for text in seeds.texts:
        for layer in LAYERS:
            labellings = read(folder / text.slug, layer)
            if len(labellings) > 1:
                yield _row(text, layer, labellings)


def _row(text: SourceText, layer: str, labellings: Sequence[Labelling]) -> Row:
    sentences = sentence_spans(text.shown, wrapped=text.wrapped, joins=text.joins)
    pairs = list(combinations(labellings, 2))
    used = sorted({fragment.label for labelling in labellings for fragment in labelling})
    return Row(
        text=text.slug,
        layer=layer,
        labellings=len(labellings),
        marks=mean(len(labelling) for labelling in labellings),
        f1_spans=mean(partial_f1(_unlabelled(a), _unlabelled(b)) for a, b in pairs),
        f1_labels=mean(partial_f1(a, b) for a, b in pairs),
        alpha_marked=alpha([[int(_touches(each, s)) for s in sentences] for each in labellings]),
        alpha_labels=alpha(
            [[int(_touches(each, s, label)) for s in sentences for label in used] for each in labellings]
        ),
    )


def partial_f1(predicted: Iterable[Fragment], gold: Iterable[Fragment]) -> float:
    """F1 of P = 1/|S| sum C(s, t, |s|) and R = 1/|T| sum C(s, t, |t|), C(s, t, h) = |s ∩ t| / h if labels are equal.

    1 where both are empty. Da San Martino et al. (2019), section 5.
    """
    s, t = list(predicted), list(gold)
    if not s and not t:
        return 1.0
    precision = sum(_shared(a, b) / (a.end - a.start) for a in s for b in t) / max(1, len(s))
    recall = sum(_shared(a, b) / (b.end - b.start) for a in s for b in t) / max(1, len(t))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _shared(a: Fragment, b: Fragment) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start)) if a.label == b.label else 0


def _unlabelled(labelling: Labelling) -> Labelling:
    """The marked text without labels: overlapping spans become one."""
    merged: list[Fragment] = []
    for fragment in labelling:
        if merged and fragment.start < merged[-1].end:
            merged[-1] = Fragment(merged[-1].start, max(merged[-1].end, fragment.end), "")
        else:
            merged.append(Fragment(fragment.start, fragment.end, ""))
    return tuple(merged)


def _touches(labelling: Labelling, sentence: Span, label: str | None = None) -> bool:
    start, end = sentence
    return any(f.start < end and f.end > start and label in (None, f.label) for f in labelling)


def alpha(judgements: Sequence[Sequence[int]]) -> float | None:
    """Krippendorff's alpha, nominal; rows are labellers, columns units. None where all judgements are the same."""
    import krippendorff

    if len({value for row in judgements for value in row}) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=judgements, level_of_measurement="nominal"))


def table(found: Iterable[Row]) -> list[str]:
    """The rows as a Markdown table."""
    lines = [
        "| text | layer | labellings | marks each | F1, spans | F1, spans and labels | alpha, marked | alpha, labels |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        figures = (row.f1_spans, row.f1_labels, row.alpha_marked, row.alpha_labels)
        cells = [row.text, row.layer, str(row.labellings), f"{row.marks:.1f}", *map(_figure, figures)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
