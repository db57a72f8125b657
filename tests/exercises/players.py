"""Simulated players: what those earn who cannot tell, and what those earn who can.

A player is a function of dice and an item that gives an answer. `play` lets it answer a list of items many times
over; its mean comes with a standard error, which every bound in the tests takes into account.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from scoring import kinds
from scoring.points import Answer, Item, Mark, Target
from scoring.spans import Span

Player = Callable[[random.Random, Item], Answer]
Place = Callable[[random.Random, Item], Span]
Naming = Callable[[random.Random, Item], str]

MARKING = ("spot", "source", "markup")


# Parts of players.


def guess(dice: random.Random, item: Item) -> str:
    return dice.choice(item.options)


def always(label: str) -> Naming:
    """That label wherever it is shown, a guess elsewhere."""
    return lambda dice, item: label if label in item.options else guess(dice, item)


def everything(dice: random.Random, item: Item) -> Span:
    return 0, len(item.words)


def run_of(length: int) -> Place:
    def place(dice: random.Random, item: Item) -> Span:
        taken = min(length, len(item.words))
        start = dice.randrange(len(item.words) - taken + 1)
        return start, start + taken

    return place


def anywhere(dice: random.Random, item: Item) -> Span:
    """A run of any length at any place."""
    return run_of(dice.randint(1, len(item.words)))(dice, item)


def some_sentence(dice: random.Random, item: Item) -> Span:
    return dice.choice(item.words.sentences)


def first_sentence(dice: random.Random, item: Item) -> Span:
    return item.words.sentences[0]


# Players.


def flags(place: Place, naming: Naming = guess) -> Player:
    """Always finds something, there and of that name."""

    def player(dice: random.Random, item: Item) -> Answer:
        if item.kind in MARKING:
            return Answer((Mark(place(dice, item), naming(dice, item)),))
        if item.kind == "judge":
            return Answer(flagged=True, confidence=100)
        return Answer(choice=naming(dice, item))

    return player


def never_flags(dice: random.Random, item: Item) -> Answer:
    """Always says "nothing here", and guesses where that is not offered."""
    if item.kind == "judge":
        return Answer(flagged=False, confidence=100)
    return Answer() if item.kind in MARKING else Answer(choice=guess(dice, item))


def flips_a_coin(dice: random.Random, item: Item) -> Answer:
    return (never_flags if dice.random() < 0.5 else flags(some_sentence))(dice, item)


def knows(*, calls: float, labels: float, sharp: float) -> Player:
    """Calls so many passages right, marks so many of the places within a word (else a random sentence), names so many.

    Where something is marked, it goes for one annotation at random; in `markup` for all of them.
    """

    def player(dice: random.Random, item: Item) -> Answer:
        if item.kind == "evidence":
            right = dice.random() < labels
            return Answer(choice=dice.choice([option for option in item.options if (option in item.right) is right]))
        if item.kind == "name":
            return Answer(choice=name(dice, item, item.targets[0]))
        flagged = item.marked if dice.random() < calls else not item.marked
        if item.kind == "judge":
            return Answer(flagged=flagged, confidence=90)
        if not flagged:
            return Answer()
        if not item.marked:
            return flags(some_sentence)(dice, item)
        aims = item.targets if item.kind == "markup" else [dice.choice(item.targets)]
        return Answer(tuple(mark for aim in aims for mark in marks(dice, item, aim)))

    def marks(dice: random.Random, item: Item, target: Target) -> Iterable[Mark]:
        label = name(dice, item, target)
        for run in runs(target.core):
            yield Mark(nearly(dice, item, run) if dice.random() < sharp else some_sentence(dice, item), label)

    def name(dice: random.Random, item: Item, target: Target) -> str:
        wrong = [option for option in item.options if option not in target.right]
        return target.label if dice.random() < labels or not wrong else dice.choice(wrong)

    return player


def nearly(dice: random.Random, item: Item, run: Span) -> Span:
    """The run with one of its edges moved by at most a word."""
    (start, end), move = run, dice.choice((-1, 0, 1))
    moved = (start + move, end) if dice.random() < 0.5 else (start, end + move)
    return moved if 0 <= moved[0] < moved[1] <= len(item.words) else run


def runs(core: frozenset[int]) -> list[Span]:
    """Word indices as runs of neighbours."""
    starts = sorted(index for index in core if index - 1 not in core)
    ends = sorted(index + 1 for index in core if index + 1 not in core)
    return list(zip(starts, ends, strict=True))


BLIND: dict[str, Player] = {
    "marks everything": flags(everything),
    "a random run of 1 word": flags(run_of(1)),
    "a random run of 6 words": flags(run_of(6)),
    "a random run of 12 words": flags(run_of(12)),
    "a random run of any length": flags(anywhere),
    "a random sentence": flags(some_sentence),
    "the first sentence": flags(first_sentence),
    "always “nothing here”": never_flags,
    "a coin for every passage": flips_a_coin,
}
"""Players without discernment. All of them guess names and evidence."""
NOVICE = knows(calls=0.62, labels=0.4, sharp=0.5)
EXPERT = knows(calls=0.9, labels=0.8, sharp=1.0)


# Playing.


@dataclass(frozen=True)
class Result:
    """The mean score S a decision, and its standard error over the repetitions."""

    mean: float
    error: float

    def is_above(self, bound: float) -> bool:
        """Whether it is above by more than sampling error: three standard errors."""
        return self.mean > bound + 3 * self.error + 1e-9


def play(player: Player, items: Sequence[Item], *, times: int = 100, seed: str = "") -> Result:
    """All items, so many times over. Equal seeds give equal results."""
    dice = random.Random(f"players {seed}")
    means = [fmean(kinds.score(item, player(dice, item)).score for item in items) for _ in range(times)]
    return Result(fmean(means), stdev(means) / sqrt(times))
