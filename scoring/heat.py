"""What a class answered, as a picture that names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST_ANSWERS = 5
"""With fewer answers there is no picture."""
FEWEST_SHOWN = 3
"""Smaller counts are not told."""
LEVELS = 5


def word_counts(marked: Iterable[frozenset[int]], words: int) -> list[int]:
    """How many players marked each word. `marked`: the word indices of each player's marks together."""
    counts = Counter(index for each in marked for index in each)
    return [counts[index] for index in range(words)]


def level(count: int, answers: int) -> int:
    """The shade of a count: 0 for what is not told, else 1 to 5 by the share of the answers."""
    if count < FEWEST_SHOWN or answers < FEWEST_ANSWERS:
        return 0
    return max(1, min(LEVELS, -(-LEVELS * count // answers)))


@dataclass(frozen=True)
class Bar:
    """A count out of so many answers. `count` None: some, but too few to be told."""

    count: int | None
    answers: int

    @property
    def share(self) -> int:
        """In whole per cent; a stub for what is not told."""
        if self.count is None:
            return 2
        return round(100 * self.count / self.answers) if self.answers else 0


def bar(count: int, answers: int) -> Bar:
    return Bar(None if 0 < count < FEWEST_SHOWN else count, answers)


def bars(chosen: Iterable[str], options: Sequence[str]) -> dict[str, Bar]:
    """How many chose each option."""
    counts = Counter(chosen)
    total = sum(counts.values())
    return {option: bar(counts[option], total) for option in options}


def histogram(said: Iterable[tuple[int, bool]], levels: Sequence[int]) -> dict[int, tuple[Bar, Bar]]:
    """By confidence in per cent: how many were right, and how many wrong."""
    counts = Counter(said)
    total = sum(counts.values())
    return {each: (bar(counts[each, True], total), bar(counts[each, False], total)) for each in levels}


@dataclass(frozen=True)
class Shift:
    """First and second vote of those who gave both."""

    voters: int
    before: int
    """Right in the first vote."""
    after: int
    gained: int
    """Wrong first, right then."""
    lost: int


def shift(first: Mapping[int, bool], second: Mapping[int, bool]) -> Shift | None:
    """How a discussion moved the class, by player: whether the vote was right. None where too few gave both."""
    both = first.keys() & second.keys()
    if len(both) < FEWEST_ANSWERS:
        return None
    return Shift(
        voters=len(both),
        before=sum(first[each] for each in both),
        after=sum(second[each] for each in both),
        gained=sum(second[each] and not first[each] for each in both),
        lost=sum(first[each] and not second[each] for each in both),
    )
