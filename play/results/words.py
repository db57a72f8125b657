"""Figures in words: the first line of a class, with what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.utils.translation import gettext as _

from exercises import catalogue
from play.queries.trials import Answers, Given, Way, by_student, outcomes
from play.results.overview import way_name
from play.results.tables import hint
from scoring.statistics.resampling import Spread, Trial, difference, spread
from scoring.statistics.thresholds import CLASS_WORDS, GAIN, LABEL
from scoring.statistics.verdicts import Verdict, verdict

FEWEST_IN_HALF = 2
"""Trials of each sort in either half of a student's answers, for the halves to be compared."""


as_trial: Callable[[Given], Trial] = attrgetter("student_id", "version_id", "signal", "flagged")


@dataclass(frozen=True)
class Line:
    """What a class does in one way of playing."""

    way: Way
    verdict: Verdict
    text: str
    weakest: str
    """The label that is found least often, of those with enough answers; the next thing to teach."""


@dataclass(frozen=True)
class LabelRate:
    label: str
    hits: int
    met: int


def line(answers: Answers, way: Way, trials: Sequence[Given], intervals: Spread) -> Line:
    """In words: what is found how often, how often fair writing is accused, and what that means."""
    seen = outcomes(trials)
    said = verdict(seen, intervals)
    rates = label_rates(answers, trials)
    weakest = min(rates, key=lambda each: (each.hits / each.met, each.label)).label if rates else ""
    if said == "unknown":
        text = _("%(way)s: there are too few answers yet to say what the class can do.")
        return Line(way, said, text % {"way": way_name(way)}, weakest)
    best = max(rates, key=lambda each: (each.hits / each.met, each.label)) if rates else None
    clauses = [
        _found(way[1], best) if best else _found_any(way[1], _of_ten(seen.hits, seen.signals)),
        _accused(way[1], _of_ten(seen.false_alarms, seen.noises)),
    ]
    text = _("%(way)s: the class %(found)s, and it %(accused)s.") % {
        "way": way_name(way),
        "found": clauses[0],
        "accused": clauses[1],
    }
    few = hint(CLASS_WORDS.shown(seen.signals, seen.noises))
    return Line(way, said, f"{text} {_meaning(said)}{few}", weakest)


def label_rates(answers: Answers, trials: Sequence[Given]) -> list[LabelRate]:
    """How often a label is found, of passages that hold it alone; labels with enough answers."""
    met, hits = Counter[str](), Counter[str]()
    for (version, flagged), number in Counter((each.version_id, each.flagged) for each in trials).items():
        if label := answers.asked[version].label:
            met[label] += number
            hits[label] += number if flagged else 0
    return [LabelRate(label, hits[label], number) for label, number in met.items() if LABEL.shown(number) != "hidden"]


def change(trials: Sequence[Given]) -> str:
    """Whether the second half of each student's answers is better than the first, where chance does not explain it."""
    first: list[Trial] = []
    second: list[Trial] = []
    students = 0
    for mine in by_student(trials).values():
        marked, clean = [each for each in mine if each.signal], [each for each in mine if not each.signal]
        if min(len(marked), len(clean)) < 2 * FEWEST_IN_HALF:
            continue
        students += 1
        for sort in (marked, clean):
            first += map(as_trial, sort[: len(sort) // 2])
            second += map(as_trial, sort[len(sort) // 2 :])
    if GAIN.shown(students) == "hidden":
        return ""
    found = difference(first, second)
    if not found.is_told:
        return ""
    if found.value > 0:
        return _("It is getting better: it told the two apart better in the second half of its answers.")
    return _("It told the two apart better in the first half of its answers than in the second.")


def _of_ten(part: int, whole: int) -> int:
    return round(10 * part / whole)


def _found(layer: str, rate: LabelRate) -> str:
    name = catalogue.labels()[rate.label].name
    times = {"label": name[:1].lower() + name[1:], "n": _of_ten(rate.hits, rate.met)}
    if LABEL.shown(rate.met) == "caution":
        return _("finds %(label)s %(n)s of 10 times (few answers)") % times
    return _("finds %(label)s %(n)s of 10 times") % times


def _found_any(layer: str, n: int) -> str:
    if layer == "technique":
        return _("finds a technique where there is one %(n)s of 10 times") % {"n": n}
    return _("notices a missing source %(n)s of 10 times") % {"n": n}


def _accused(layer: str, n: int) -> str:
    if layer == "technique":
        return _("takes fair writing for manipulation %(n)s of 10 times") % {"n": n}
    return _("asks for a source where a reader could trace the claim %(n)s of 10 times") % {"n": n}


def _meaning(said: Verdict) -> str:
    return {
        "suspicious": _("It flags too readily: more suspicion is not better telling."),
        "overlooks": _("It is careful with accusing, and overlooks a lot."),
        "tells": _("It tells the two apart well."),
        "partly": _("It tells the two apart in part."),
        "begins": _("It is only beginning to tell the two apart."),
        "unknown": "",
    }[said]


def spreads(answers: Answers) -> dict[Way, Spread]:
    """Intervals by way, students and passages resampled."""
    return {way: spread(map(as_trial, trials)) for way, trials in answers.by_way.items()}
