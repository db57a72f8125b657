"""What a teacher is told about one student: own figures, in words where they are few, never beside another's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exercises import catalogue
from play.queries.trials import Answers, Given, Said, outcomes
from play.results.confidence import sureness
from play.results.grid import state, words
from play.results.overview import way_name
from play.results.tables import Cell, Table, hint, percent, remark, two
from scoring.statistics.detection import Outcomes, detection
from scoring.statistics.intervals import wilson
from scoring.statistics.thresholds import STUDENT_ACCURACY, STUDENT_DETECTION, STUDENT_LABEL


@dataclass(frozen=True)
class Person:
    lines: tuple[str, ...]
    """What can be said, in words."""
    ways: Table
    labels: Table
    decisions: Table

    @property
    def tables(self) -> list[Table]:
        return [self.ways, self.labels, self.decisions]


def person(answers: Answers, said: Sequence[Said]) -> Person:
    """`answers` and `said` are the student's own."""
    lines = [accuracy(answers.given)]
    lines += [
        _("%(way)s: %(words)s") % {"way": way_name(way), "words": telling(outcomes(trials))}
        for way, trials in answers.by_way.items()
    ]
    sure = sureness(said)
    return Person(tuple(filter(None, [*lines, sure])), _ways(answers), _labels(answers), _decisions(answers))


def accuracy(given: Sequence[Given]) -> str:
    right = sum(each.correct for each in given)
    shown = STUDENT_ACCURACY.shown(len(given))
    if shown == "hidden":
        return _("Right in %(right)s of %(n)s first answers: too few to say more.") % {"right": right, "n": len(given)}
    about = wilson(right, len(given))
    text = _("Right in %(right)s of %(n)s first answers; on other passages it could be %(low)s to %(high)s %%.") % {
        "right": right,
        "n": len(given),
        "low": round(100 * about.low),
        "high": round(100 * about.high),
    }
    return text + hint(shown)


def telling(seen: Outcomes) -> str:
    """d′ and c in words; numbers stand in the table, where there are enough trials."""
    if STUDENT_DETECTION.shown(seen.signals, seen.noises) == "hidden":
        return _("too few passages of each sort to say more.")
    found = detection(seen)
    if found.c_interval.high < 0:
        return _("flags readily, fair writing too.")
    if found.c_interval.low > 0:
        return _("careful with accusing, and overlooks some.")
    if found.d_interval.low > 0:
        return _("tells manipulated from fair writing better than by chance.")
    return _("it cannot be said yet that this is better than by chance.")


def _ways(answers: Answers) -> Table:
    rows: list[list[Cell]] = []
    for way, trials in answers.by_way.items():
        seen = outcomes(trials)
        figures: list[Cell] = [None] * 6
        if STUDENT_DETECTION.shown(seen.signals, seen.noises) == "plain":
            found = detection(seen)
            d, c = found.d_interval, found.c_interval
            figures = [two(each) for each in (found.d_prime, d.low, d.high, found.criterion, c.low, c.high)]
        rows.append([way_name(way), seen.hits, seen.misses, seen.false_alarms, seen.correct_rejections, *figures])
    return Table(
        slug="ways",
        title=_("Caught, missed, falsely accused, left alone"),
        columns=[
            _("Way of playing"),
            _("Caught"),
            _("Missed"),
            _("Falsely accused"),
            _("Well left alone"),
            _("d′"),
            _("from"),
            _("to"),
            _("c"),
            _("from"),
            _("to"),
        ],
        rows=rows,
        explanation=_(
            "First answers. d′ and c are shown from 30 passages of each sort on; “from” or “to” is empty where "
            "everything or nothing of a sort was flagged."
        ),
        anchor="d-prime",
    )


def _labels(answers: Answers) -> Table:
    met: dict[str, list[bool]] = {}
    for each in answers.trials:
        if label := answers.asked[each.version_id].label:
            met.setdefault(label, []).append(bool(each.flagged))
    names = catalogue.labels()
    rows: list[list[Cell]] = [
        [
            names[label].name,
            sum(flags),
            len(flags),
            percent(sum(flags), len(flags)) if STUDENT_LABEL.shown(len(flags)) != "hidden" else None,
            remark(STUDENT_LABEL.shown(len(flags))),
        ]
        for label, flags in sorted(met.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    return Table(
        slug="labels",
        title=_("By label"),
        columns=[_("Label"), _("Caught"), _("Passages"), _("Caught, %"), _("Remark")],
        rows=rows,
        explanation=_("How often something was flagged in passages that hold this label alone."),
        anchor="labels",
    )


def _decisions(answers: Answers) -> Table:
    said = words()
    rows: list[list[Cell]] = []
    for each in answers.given:
        asked = answers.asked[each.version_id]
        rows.append([asked.name, way_name(asked.way), said[state(each)]])
    return Table(
        slug="decisions",
        title=_("Decisions in the order of the answers"),
        columns=[_("Passage"), _("Way of playing"), _("Answer")],
        rows=rows,
        explanation=_("First answers to passages whose key had not been seen before."),
        anchor="trials",
    )
