"""Exercises from passages: annotate once, play six ways.

Authors write passages and annotations, never exercises. An exercise is (passage, kind, layer, annotation or
none). The options are filled by a fixed rule, so that loading the same content twice makes the same exercises.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from exercises.content.schema import LAYERS, LONGEST_PASSAGE, Annotation, BadContent, Label, Passage, SourceText
from scoring.kinds import KINDS
from scoring.points import Target, place_score, together
from scoring.spans import Words

LARGEST_CORE = 0.5
"""Share of a passage's words that one core may take in `spot` and `source`."""
LARGEST_UNION = 0.6
"""Share of a passage's words that all cores of a layer together may take there."""
MARKING_KIND = {"technique": "spot", "source": "source"}


@dataclass(frozen=True)
class Made:
    """One exercise. `options` are label slugs, or the numbers of evidence options as texts."""

    passage: str
    kind: str
    layer: str
    annotation: str = ""
    options: tuple[str, ...] = ()

    @property
    def address(self) -> tuple[str, str, str, str]:
        return self.passage, self.kind, self.layer, self.annotation


@dataclass(frozen=True)
class Backdrop:
    """What other texts lend to texts that are made apart from them. Empty for all that are made together."""

    keys: Counter[str] = field(default_factory=Counter)
    """How often each label is the key."""
    lists: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    """Option lists of marked passages by layer, for clean passages where no text of one's own lends any."""


def address(source: SourceText, passage: Passage) -> str:
    return f"{source.slug}/{passage.key}"


def targets(passage: Passage, layer: str, words: Words) -> tuple[Target, ...]:
    """The annotations of a layer as scoring sees them."""
    return tuple(target(each, passage, words) for each in passage.of_layer(layer))


def target(annotation: Annotation, passage: Passage, words: Words) -> Target:
    start = passage.span[0]

    def indices(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
        return frozenset().union(*(words.indices(first - start, last - start) for first, last in spans))

    core = indices(annotation.core)
    return Target(
        key=annotation.key,
        label=annotation.label,
        core=core,
        envelope=indices(annotation.envelope) | core,
        accepted=frozenset(annotation.accepted),
        near=frozenset(near.label for near in annotation.near),
    )


def markable(passage: Passage, layer: str, words: Words) -> bool:
    """Whether the passage can be played in `spot` or `source`: there must be a place to choose."""
    return not why_not_markable(passage, layer, words)


def why_not_markable(passage: Passage, layer: str, words: Words) -> str:
    """Why the passage cannot be played in `spot` or `source`, for an author; empty where it can."""
    if passage.layers[layer].state == "discussion":
        return "the layer is for discussion"
    if len(words) > LONGEST_PASSAGE:
        return f"the passage has {len(words)} words, more than {LONGEST_PASSAGE}"
    marked = targets(passage, layer, words)
    for each in marked:
        if len(each.core) > LARGEST_CORE * len(words):
            return (
                f"the core of {each.key} has {len(each.core)} of its {len(words)} words, more than {LARGEST_CORE:.0%}"
            )
    for annotation in passage.of_layer(layer):
        if len(annotation.core) > 1:
            return f"{annotation.key} has several spans"
    union = frozenset().union(*(each.core for each in marked))
    if len(union) > LARGEST_UNION * len(words):
        return f"its cores have {len(union)} of its {len(words)} words, more than {LARGEST_UNION:.0%}"
    for each in marked:
        if place_score(words, (min(each.core), max(each.core) + 1), marked) < 1:
            return f"every sentence is right: even the exact core of {each.key} is no find"
        if not enough_wrong(required_options(marked), each, KINDS[MARKING_KIND[layer]].OPTIONS):
            return f"too few wrong labels are left beside {each.key}"
    return ""


def required_options(marked: Sequence[Target]) -> tuple[str, ...]:
    """Labels that must be among the options of a marked passage: every annotation's own label."""
    return tuple(dict.fromkeys(each.label for each in marked))


def enough_wrong(required: Sequence[str], target: Target, shown: int) -> bool:
    """Whether the options can hold at least as many wrong labels as right ones, so that no guess pays."""
    right = sum(label in target.right for label in required)
    return len(required) <= shown - 1 and right <= shown - right - 1


def make(texts: Sequence[SourceText], labels: Sequence[Label], backdrop: Backdrop | None = None) -> tuple[Made, ...]:
    """All exercises of all texts. Options depend on the whole, because clean passages borrow theirs.

    Raises BadContent where an exercise would have no wrong option, or too few options.
    """
    made = tuple(_make(texts, labels, backdrop or Backdrop()))
    problems = tuple(_problems(made, texts))
    if problems:
        raise BadContent(list(problems))
    return made


def _problems(made: Iterable[Made], texts: Sequence[SourceText]) -> Iterator[str]:
    passages = {address(source, passage): (source, passage) for source in texts for passage in source.passages}
    for each in made:
        if each.kind not in ("spot", "source", "name"):
            continue
        source, passage = passages[each.passage]
        where = f"{source.slug}/passages.toml: passages {passage.key}"
        if len(each.options) != KINDS[each.kind].OPTIONS:
            yield f"{where}: {each.kind}: finds only {len(each.options)} options in the catalogue"
        for annotation in passage.of_layer(each.layer):
            correct = {annotation.label, *annotation.accepted, *(near.label for near in annotation.near)}
            if each.annotation in ("", annotation.key) and correct.issuperset(each.options):
                yield f"{where}: annotations {annotation.key}: near: leaves no wrong option in {each.kind}"


def _make(texts: Sequence[SourceText], labels: Sequence[Label], backdrop: Backdrop) -> Iterator[Made]:
    decoys = {layer: Decoys.of(layer, texts, labels, backdrop) for layer in LAYERS}
    for layer in LAYERS:
        kind = MARKING_KIND[layer]
        played = [
            (address(source, passage), targets(passage, layer, words))
            for source in texts
            for passage in source.passages
            if markable(passage, layer, words := source.words(passage))
        ]
        lists = {where: decoys[layer].fill(where, marked, KINDS[kind].OPTIONS) for where, marked in played if marked}
        lenders = [lists[where] for where in sorted(lists, key=lambda where: _digest(where, "lend"))]
        lenders = lenders or list(backdrop.lists.get(layer, ()))
        clean = [where for where, marked in played if not marked]
        for number, where in enumerate(sorted(clean, key=lambda where: _digest(where, "borrow"))):
            if lenders:
                lists[where] = lenders[number % len(lenders)]
        for where, _ in played:
            if where in lists:
                yield Made(where, kind, layer, options=lists[where])
    for source in texts:
        for passage in source.passages:
            yield from _make_of_passage(source, passage, decoys)


def _make_of_passage(source: SourceText, passage: Passage, decoys: Mapping[str, Decoys]) -> Iterator[Made]:
    where, words = address(source, passage), source.words(passage)
    for annotation in passage.annotations:
        marked = target(annotation, passage, words)
        options = decoys[annotation.layer].fill(f"{where}#{annotation.key}", [marked], KINDS["name"].OPTIONS)
        yield Made(where, "name", annotation.layer, annotation.key, options)
        if annotation.evidence:
            numbers = tuple(str(number) for number in range(len(annotation.evidence)))
            yield Made(where, "evidence", annotation.layer, annotation.key, _shuffled(numbers, where + annotation.key))
    for layer in LAYERS:
        if passage.layers[layer].state != "discussion":
            yield Made(where, "judge", layer)
            yield Made(where, "markup", layer, options=decoys[layer].catalogue)


@dataclass(frozen=True)
class Decoys:
    """Wrong options that are as plausible as right ones.

    The chance of a label to be drawn as a decoy is in proportion to how often it is the key somewhere, and twice that
    where the catalogue names it as a confusion. So "the label that is shown most" is right no more often than the
    skew of the key itself makes it.
    """

    catalogue: tuple[str, ...]
    weights: Mapping[str, float]
    confusions: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, layer: str, texts: Sequence[SourceText], labels: Sequence[Label], backdrop: Backdrop) -> Decoys:
        mine = [label for label in labels if label.layer == layer]
        keys = Counter(a.label for text in texts for passage in text.passages for a in passage.of_layer(layer))
        keys.update(backdrop.keys)
        return cls(
            catalogue=tuple(label.slug for label in mine),
            weights={label.slug: keys[label.slug] + 0.5 for label in mine},
            confusions={label.slug: frozenset(slug for slug, _ in label.confusions) for label in mine},
        )

    def fill(self, seed: str, marked: Sequence[Target], shown: int) -> tuple[str, ...]:
        """`shown` options in the catalogue's order: every key, a near miss each if there is room, decoys.

        Other accepted labels of a single annotation are left out, so that right answers stay few. At least as many
        options are plainly wrong as are right, so that no wrong answer costs more than a right one earns.
        """
        dice = random.Random(_seed(seed, "options"))
        chosen = list(required_options(marked))
        accepted = frozenset().union(*(each.accepted for each in marked))
        room = shown - 2 * len(chosen)
        for each in marked[: max(0, room)]:
            chosen += self._draw(dice, each.near - accepted, chosen, 1)
        wrong = frozenset(self.catalogue).difference(accepted, *(each.near for each in marked))
        lacking = max(self._lacking(chosen, each) for each in (*marked, together(marked)))
        chosen += self._draw(dice, wrong, chosen, min(lacking, shown - len(chosen)))
        chosen += self._draw(dice, frozenset(self.catalogue) - accepted, chosen, shown - len(chosen))
        return tuple(slug for slug in self.catalogue if slug in chosen)

    def _draw(self, dice: random.Random, labels: frozenset[str], chosen: Sequence[str], count: int) -> list[str]:
        confused = frozenset().union(*(self.confusions[slug] for slug in chosen))
        pool = [slug for slug in self.catalogue if slug in labels and slug not in chosen]
        return draw(dice, {slug: self.weights[slug] * (2 if slug in confused else 1) for slug in pool}, count)

    @staticmethod
    def _lacking(chosen: Sequence[str], target: Target) -> int:
        """How many plainly wrong options are still wanted beside those chosen."""
        right = sum(slug in target.right for slug in chosen)
        near = sum(slug in target.near - target.right for slug in chosen)
        return max(0, right - (len(chosen) - right - near))


def draw(dice: random.Random, weights: Mapping[str, float], count: int) -> list[str]:
    """`count` different labels (all, if there are fewer), each with a chance in proportion to its weight, at most 1.

    Systematic sampling: the chances stand end to end in random order, and a comb with teeth one apart picks.
    Madow (1949), "On the theory of systematic sampling, II", Annals of Mathematical Statistics 20.
    """
    chances: dict[str, float] = {}
    rest = dict(weights)
    while rest and count > len(chances):
        share = (count - len(chances)) / sum(rest.values())
        full = [slug for slug, weight in rest.items() if weight * share >= 1]
        if not full:
            break
        chances |= dict.fromkeys(full, 1.0)
        rest = {slug: weight for slug, weight in rest.items() if slug not in chances}
    drawn = list(chances)
    if rest and count > len(chances):
        share = (count - len(chances)) / sum(rest.values())
        comb, edge = dice.random(), 0.0
        for slug in dice.sample(sorted(rest), len(rest)):
            edge += rest[slug] * share
            if edge > comb:
                drawn.append(slug)
                comb += 1
    return drawn


def _shuffled(values: tuple[str, ...], seed: str) -> tuple[str, ...]:
    return tuple(random.Random(_seed(seed, "order")).sample(values, len(values)))


def _digest(*parts: str) -> str:
    """An order that has nothing to do with the alphabet."""
    return hashlib.sha256(_seed(*parts).encode()).hexdigest()


def _seed(*parts: str) -> str:
    """Text that seeds `random.Random` the same on every machine and Python."""
    return "\0".join(parts)
