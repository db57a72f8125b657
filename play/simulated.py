"""Simulated students, for a demonstration: programs that answer with known skill."""

from __future__ import annotations

import random
from dataclasses import dataclass

from exercises.versions import Played
from scoring.points import Answer, Mark, Target
from scoring.spans import Span


@dataclass(frozen=True)
class Skill:
    """How a simulated student answers."""

    hits: float
    """Chance to flag a passage that holds something."""
    false_alarms: float
    """Chance to flag a fair one."""
    names: float
    """Chance to name and to choose right."""
    sharp: float
    """Chance to mark the very words; otherwise some sentence."""
    sure: int
    """Confidence in per cent."""

    def towards(self, other: Skill, share: float) -> Skill:
        """Somewhere between this skill (0) and another (1)."""

        def between(first: float, second: float) -> float:
            return first + share * (second - first)

        return Skill(
            between(self.hits, other.hits),
            between(self.false_alarms, other.false_alarms),
            between(self.names, other.names),
            between(self.sharp, other.sharp),
            round(between(self.sure, other.sure) / 10) * 10,
        )


def answer(dice: random.Random, skill: Skill, shown: Played) -> Answer:
    """What a student of that skill answers."""
    item = shown.item
    if shown.kind == "evidence":
        return Answer(choice=_chosen(dice, skill, item.options, item.right))
    if shown.kind == "name":
        return Answer(choice=_chosen(dice, skill, item.options, item.targets[0].right))
    flagged = dice.random() < (skill.hits if item.marked else skill.false_alarms)
    if shown.kind == "judge":
        return Answer(flagged=flagged, confidence=skill.sure)
    if not flagged:
        return Answer()
    target = dice.choice(item.targets) if item.targets else None
    right = target.right if target else frozenset()
    run = _place(target) if target and dice.random() < skill.sharp else dice.choice(item.words.sentences)
    return Answer((Mark(run, _chosen(dice, skill, item.options, right)),))


def _place(target: Target) -> Span:
    """The first run of words of the core."""
    first = min(target.core)
    last = first
    while last + 1 in target.core:
        last += 1
    return first, last + 1


def _chosen(dice: random.Random, skill: Skill, options: tuple[str, ...], right: frozenset[str]) -> str:
    """A right option with the student's chance, else a wrong one; one at random where none is right."""
    good = [option for option in options if option in right]
    others = [option for option in options if option not in right]
    return dice.choice(good if good and (dice.random() < skill.names or not others) else others)
