"""What an answer is worth. The rules stand in docs/scoring.md; this module and `kinds/` are those rules.

Every decision has a score S between -1 and 1. Players see points: 50 (1 + S), a whole number from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from scoring.spans import Span, Words, agreement

PLACE_WEIGHT = 0.6
LABEL_WEIGHT = 0.4
SENTENCE_CREDIT = 0.6
"""Agreement granted to a run that holds the whole core and stays within the core's own sentences."""

Verdict = Literal["found", "partly", "missed"]
LabelVerdict = Literal["right", "near", "wrong"]


@dataclass(frozen=True)
class Target:
    """One annotation as scoring sees it. `core` and `envelope` are word indices; the envelope holds the core."""

    key: str
    label: str
    core: frozenset[int]
    envelope: frozenset[int] = frozenset()
    accepted: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()

    @property
    def right(self) -> frozenset[str]:
        return self.accepted | {self.label}


@dataclass(frozen=True)
class Item:
    """One decision: what was shown and what is right. `right` holds the right options of `evidence`."""

    kind: str
    layer: str
    words: Words
    targets: tuple[Target, ...] = ()
    options: tuple[str, ...] = ()
    right: frozenset[str] = frozenset()

    @property
    def marked(self) -> bool:
        return bool(self.targets)


@dataclass(frozen=True)
class Mark:
    """One run of words (word indices, half-open) and the label that the player gave it."""

    run: Span
    label: str | None = None

    @property
    def picked(self) -> frozenset[int]:
        return frozenset(range(*self.run))


@dataclass(frozen=True)
class Answer:
    """What the player said. No marks is "nothing here"; `choice` and `confidence` (50 to 100) as the kind asks."""

    marks: tuple[Mark, ...] = ()
    choice: str | None = None
    flagged: bool | None = None
    confidence: int | None = None


@dataclass(frozen=True)
class Decision:
    """The outcome of one answer.

    `score` S in [-1, 1]. `signal` and `flagged` feed signal detection and are None for kinds that give no d'.
    `place` is the chance-corrected agreement k, `label` the verdict on the name given, each None where not asked.
    `verdicts` per annotation key; `extra` are the marks that met no annotation.
    """

    score: float
    correct: bool
    signal: bool | None = None
    flagged: bool | None = None
    place: float | None = None
    label: LabelVerdict | None = None
    target: str | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    extra: tuple[int, ...] = ()

    @property
    def points(self) -> int:
        return points(self.score)


def points(score: float) -> int:
    """Points of a score S: 50 (1 + S), rounded half up, 0 to 100."""
    return max(0, min(100, int(50 * (1 + score) + 0.5)))


def label_verdict(label: str | None, target: Target) -> LabelVerdict:
    if label in target.right:
        return "right"
    return "near" if label in target.near else "wrong"


def label_score(label: str | None, target: Target, options: Sequence[str]) -> float:
    """The label part L in [-1, 1]: right or accepted 1, near miss 0, any other -r / (m - r - q).

    m options are shown, r of them right and q near misses, so that a blind guess earns 0 on average.
    Correction for guessing as in Frary (1988), "Formula scoring of multiple-choice tests", Educational
    Measurement: Issues and Practice 7(2).
    """
    verdict = label_verdict(label, target)
    if verdict == "right":
        return 1.0
    if verdict == "near" and label in options:
        return 0.0
    return -guess_penalty(
        shown=len(options),
        right=sum(option in target.right for option in options),
        near=sum(option in target.near - target.right for option in options),
    )


def guess_penalty(*, shown: int, right: int, near: int) -> float:
    """What a wrong option costs, so that a blind guess earns 0: r / (m - r - q)."""
    wrong = shown - right - near
    return right / wrong if wrong > 0 else 1.0


def fit(words: Words, run: Span, target: Target) -> float:
    """How well a run fits one annotation: kappa, or 0.6 for the core's own sentence if that is more.

    0.6 is granted where the run holds the whole core, stays within the core's own sentences and is not
    the whole passage: choosing the right sentence is a find, if not a sharp one.
    """
    picked = frozenset(range(*run))
    value = agreement(len(words), picked, target.core, target.envelope)
    if value < SENTENCE_CREDIT and len(picked) < len(words) and target.core <= picked <= words.home(target.core):
        return SENTENCE_CREDIT
    return value


def best_fit(words: Words, run: Span, targets: Sequence[Target]) -> tuple[float, tuple[Target, ...]]:
    """The largest fit over the annotations, and those that have it: several where a sentence holds several cores."""
    fits = [fit(words, run, target) for target in targets]
    best = max(fits)
    return best, tuple(target for target, value in zip(targets, fits, strict=True) if value == best)


def together(targets: Sequence[Target]) -> Target:
    """Annotations that a run fits equally well, as one: a label that is right for one of them is right."""
    first, *others = targets
    right = frozenset().union(*(target.right for target in targets))
    return Target(
        key=first.key,
        label=first.label,
        core=first.core.union(*(target.core for target in others)),
        envelope=first.envelope.union(*(target.envelope for target in others)),
        accepted=right - {first.label},
        near=frozenset().union(*(target.near for target in targets)) - right,
    )


def expected_fit(words: Words, run: Span, targets: Sequence[Target]) -> float:
    """The mean best fit of all runs of the same length, by enumeration: what blind marking would earn.

    For a run of exactly whole sentences, the larger of that and the mean over all runs of as many whole
    sentences, so that "always the first sentence" earns nothing either.
    """
    return _expected_fit(words, run[1] - run[0], words.whole_sentences(run), tuple(targets))


@lru_cache(maxsize=4096)
def _expected_fit(words: Words, length: int, sentences: int, targets: tuple[Target, ...]) -> float:
    starts = range(len(words) - length + 1)
    expected = _mean(best_fit(words, (start, start + length), targets)[0] for start in starts)
    if sentences:
        firsts = range(len(words.sentences) - sentences + 1)
        runs = ((words.sentences[n][0], words.sentences[n + sentences - 1][1]) for n in firsts)
        expected = max(expected, _mean(best_fit(words, run, targets)[0] for run in runs))
    return expected


def place_score(words: Words, run: Span, targets: Sequence[Target]) -> float:
    """The place part k = (f - e) / (1 - e), at least -1: the run's fit beyond what its length earns blind.

    The same correction for chance as in Cohen (1960), with the expectation taken by enumeration.
    """
    fitted, _ = best_fit(words, run, targets)
    expected = expected_fit(words, run, targets)
    return 0.0 if expected >= 1 else max(-1.0, (fitted - expected) / (1 - expected))


def is_found(picked: frozenset[int], target: Target) -> bool:
    """Found: the run covers half of the core, or half of the run lies in it."""
    both = len(picked & target.core)
    return 2 * both >= len(target.core) or (both > 0 and 2 * both >= len(picked))


def verdict(marks: Iterable[Mark], target: Target) -> Verdict:
    """Whether the marks found an annotation: by one mark, not by many scraps."""
    touching = [mark.picked for mark in marks if mark.picked & (target.core | target.envelope)]
    if any(is_found(picked, target) for picked in touching):
        return "found"
    return "partly" if touching else "missed"


def _mean(values: Iterable[float]) -> float:
    total, count = 0.0, 0
    for value in values:
        total, count = total + value, count + 1
    return total / count if count else 0.0
