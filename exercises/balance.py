"""Whether a set can be played without reading: what its mixture of texts and clean passages alone would earn.

The bounds are those of docs/content.md; tests hold the ready-made sets to them, and `faults` says what is beyond them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from statistics import fmean

from exercises import decisions, making
from exercises.content.schema import Seeds
from exercises.decisions import Decision
from exercises.making import Made
from scoring.points import PLACE_WEIGHT, Item, place_score
from scoring.spans import agreement

SHINGLE = 4
"""Words in a row that two passages are compared by."""
ALIKE = 0.25
"""Share of the shorter passage's shingles that a near-duplicate has, too."""
CLEAN_SHARE = (0.38, 0.5)
"""Least and most of the decisions that allow "nothing here"."""
LONE_SHARE = 0.15
"""Most from the one text of a camp, unless it supplies a clean passage."""
FEWEST_TEXTS = 2
GOING_BY = 0.25
"""What whoever goes by the text or the camp alone earns less than."""
GUESSES_APART = 0.2
WORDS_APART = 4
"""How far test forms may be apart in their mean guesses of difficulty, and in their mean lengths."""


@dataclass(frozen=True)
class SetBalance:
    """One ready-made set. Shares are between 0 and 1; scores are mean S a decision that allows "nothing here"."""

    slug: str
    sealed: bool
    decisions: int
    offered: int
    """Decisions that allow "nothing here"."""
    clean: int
    """Of these, on passages clean in the layer."""
    layers_asked_twice: int
    """Passages whose layer more than one decision asks about."""
    texts: int
    lone: int
    """Decisions from a text that is the only one of its camp."""
    lone_is_clean: bool
    """Whether that text supplies a clean passage."""
    by_text: float
    """What the best rule earns that goes by the text alone: flag in one, "nothing here" in another."""
    by_camp: float

    @property
    def clean_share(self) -> float:
        return self.clean / self.offered if self.offered else 0.0

    @property
    def lone_share(self) -> float:
        return self.lone / self.decisions


@dataclass(frozen=True)
class FormMixture:
    """What a test form is made of, by what parallel forms are matched in."""

    slug: str
    mixture: Mapping[tuple[str, str, bool], int]
    """(kind, layer, is marked) to the number of decisions."""
    texts: Mapping[str, int]
    camps: Mapping[str, int]
    difficulty: float
    """Mean of the passages' guesses, 1 to 3."""
    words: float
    """Mean length of the passages."""

    @property
    def clean(self) -> int:
        return sum(count for (_, _, marked), count in self.mixture.items() if not marked)


@dataclass(frozen=True)
class Alike:
    """Two passages that share many words in a row, and the sets that hold each."""

    passages: tuple[str, str]
    share: float
    sets: tuple[frozenset[str], frozenset[str]]


def of_sets(seeds: Seeds, items: Mapping[Made, Item]) -> Iterator[SetBalance]:
    camps = {text.slug: text.camp for text in seeds.texts}
    alone = {slug for slug, camp in camps.items() if list(camps.values()).count(camp) == 1}
    for ready in seeds.sets:
        found = decisions.of_set(items, ready)
        offered = [each for each in found if decisions.allows_nothing(each[1])]
        asked = Counter((made.passage, made.layer) for made, _ in found)
        yield SetBalance(
            slug=ready.slug,
            sealed=ready.sealed,
            decisions=len(found),
            offered=len(offered),
            clean=sum(not item.marked for _, item in offered),
            layers_asked_twice=sum(count > 1 for count in asked.values()),
            texts=len({text_of(made) for made, _ in found}),
            lone=sum(text_of(made) in alone for made, _ in found),
            lone_is_clean=any(text_of(made) in alone and not item.marked for made, item in offered),
            by_text=best_rule(offered, text_of),
            by_camp=best_rule(offered, lambda made: camps[text_of(made)]),
        )


def text_of(made: Made) -> str:
    return made.passage.partition("/")[0]


def best_rule(offered: Sequence[Decision], group_of: Callable[[Made], str]) -> float:
    """Mean S of a player who sees of a passage only which group it is from, and has been told what pays best there.

    In each group the player either always says "nothing here" or always flags, with the key in hand to choose which.
    The mean is over the decisions that allow "nothing here"; the full score is 1.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    for made, item in offered:
        groups[group_of(made)].append(item)
    earned = (max(sum(map(value, found)) for value in (nothing_value, flag_value)) for found in groups.values())
    return sum(earned) / len(offered) if offered else 0.0


def nothing_value(item: Item) -> float:
    return -1.0 if item.marked else 1.0


@lru_cache(maxsize=2048)
def flag_value(item: Item) -> float:
    """Expected S of flagging blind. On a marked passage to be marked up: a run of the length that pays best there.

    By enumeration of all its runs. The name is guessed among the options, which earns 0 on average by the correction
    for guessing, so the place alone counts.
    """
    if not item.marked:
        return -1.0
    if item.kind == "judge":
        return 1.0
    total = len(item.words)
    lengths = range(1, total + 1)
    return max(
        PLACE_WEIGHT * fmean(_place(item, (start, start + length)) for start in range(total - length + 1))
        for length in lengths
    )


def _place(item: Item, run: tuple[int, int]) -> float:
    if item.kind != "markup":
        return place_score(item.words, run, item.targets)
    core = frozenset().union(*(target.core for target in item.targets))
    envelope = frozenset().union(*(target.envelope for target in item.targets))
    return agreement(len(item.words), frozenset(range(*run)), core, envelope)


def of_forms(seeds: Seeds, items: Mapping[Made, Item]) -> Iterator[FormMixture]:
    texts = {text.slug: text for text in seeds.texts}
    difficulties = {making.address(t, p): p.difficulty for t in seeds.texts for p in t.passages}
    for ready in seeds.sets:
        if ready.sealed:
            found = decisions.of_set(items, ready)
            yield FormMixture(
                slug=ready.slug,
                mixture=Counter((item.kind, item.layer, item.marked) for _, item in found),
                texts=Counter(text_of(made) for made, _ in found),
                camps=Counter(texts[text_of(made)].camp for made, _ in found),
                difficulty=fmean(difficulties[made.passage] for made, _ in found),
                words=fmean(len(item.words) for _, item in found),
            )


def alike(seeds: Seeds) -> list[Alike]:
    """Pairs of passages that are nearly the same, most alike first: whoever knows one knows half of the other."""
    shingles = {
        making.address(text, passage): _shingles(text.shown[slice(*passage.span)])
        for text in seeds.texts
        for passage in text.passages
    }
    holders: dict[str, set[str]] = defaultdict(set)
    for ready in seeds.sets:
        for item in ready.items:
            holders[item.passage].add(ready.slug)
    found = []
    for one, other in combinations(shingles, 2):
        share = _share(shingles[one], shingles[other])
        if share >= ALIKE:
            found.append(Alike((one, other), share, (frozenset(holders[one]), frozenset(holders[other]))))
    return sorted(found, key=lambda each: (-each.share, each.passages))


def faults(seeds: Seeds) -> list[str]:
    """Where the sets are beyond the bounds, as `set: what`; nothing where all are fair."""
    items = decisions.items(seeds)
    found = [f"{each.slug}: {what}" for each in of_sets(seeds, items) for what in _faults(each)]
    for one, other in combinations(of_forms(seeds, items), 2):
        if apart := list(_apart(one, other)):
            found.append(f"{one.slug}, {other.slug}: not parallel: they differ in {', '.join(apart)}")
    return found


def _faults(each: SetBalance) -> Iterator[str]:
    least, most = CLEAN_SHARE
    if not least <= each.clean_share <= most:
        of = f"{each.clean} of the {each.offered} decisions that allow “nothing here” are on clean passages"
        yield f"{of}, {each.clean_share:.0%}; it should be {least:.0%} to {most:.0%}"
    if each.lone_share > LONE_SHARE and not each.lone_is_clean:
        of = f"{each.lone} of {each.decisions} decisions are from the one text of a camp, none on a clean passage"
        yield f"{of}; it should be {LONE_SHARE:.0%} at most, or one of them clean"
    if each.texts < FEWEST_TEXTS:
        yield f"it draws on fewer than {FEWEST_TEXTS} texts"
    for name, earned in (("text", each.by_text), ("camp", each.by_camp)):
        if earned >= GOING_BY:
            yield f"whoever goes by the {name} alone earns {earned:.2f} a decision; it should be less than {GOING_BY}"


def _apart(one: FormMixture, other: FormMixture) -> Iterator[str]:
    if one.mixture != other.mixture:
        yield "kinds, layers and clean passages"
    if one.texts != other.texts:
        yield "texts"
    if abs(one.difficulty - other.difficulty) > GUESSES_APART:
        yield "difficulty"
    if abs(one.words - other.words) > WORDS_APART:
        yield "length"


def _share(one: Iterable[tuple[str, ...]], other: Iterable[tuple[str, ...]]) -> float:
    """The overlap coefficient of two sets of shingles (Broder 1997 calls it containment)."""
    first, second = set(one), set(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
