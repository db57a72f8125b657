"""Before and after: what changed in telling apart and in readiness to flag, on either side, with what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from play.queries.trials import Answers, Given, Way, outcomes
from play.results.overview import way_name
from play.results.tables import Cell, Table, percent, two
from scoring.statistics.detection import Outcomes, detection
from scoring.statistics.resampling import Gain, gain
from scoring.statistics.thresholds import GAIN

FEWEST = 6
"""Trials of a test from which on a student has taken it; a form holds ten."""
Pair = tuple[list[Given], list[Given]]


@dataclass(frozen=True)
class Gains:
    lines: tuple[str, ...]
    """What each comparison allows to say."""
    table: Table

    @property
    def tables(self) -> list[Table]:
        return [self.table]


def gains(answers: Answers, numbers: Mapping[tuple[int, int], int]) -> Gains:
    """`numbers`: which test an assignment is to a student, as classroom.before_after has it."""
    taken: dict[int, dict[int, list[Given]]] = {}
    for each in answers.trials:
        test = numbers.get((each.student_id, each.assignment_id))
        if test is not None:
            taken.setdefault(each.student_id, {}).setdefault(test, []).append(each)
    lines: list[str] = []
    rows: list[list[Cell]] = []
    for test, name in names().items():
        matched = [_pair(mine, test) for mine in taken.values() if _has_both(mine, test)]
        if not any(test in mine for mine in taken.values()):
            continue
        found = _gain(matched)
        lines.append(f"{name}: {conclusion(found, len(matched))}")
        rows.append([name, _("all decisions of the form"), *_figures(matched, found)])
        for way in answers.by_way:
            of_way = [(_of_way(answers, before, way), _of_way(answers, after, way)) for before, after in matched]
            pairs = [pair for pair in of_way if all(pair)]
            if pairs:
                rows.append([name, way_name(way), *_figures(pairs, _gain(pairs))])
    return Gains(tuple(lines), _table(rows))


def names() -> dict[int, str]:
    """The comparisons, by the later test."""
    return {1: _("After against before"), 2: _("7 days later against before"), 3: _("28 days later against before")}


def conclusion(found: Gain | None, students: int) -> str:
    """In words; where the data do not allow a conclusion, that."""
    if found is None:
        return _("only %(n)s students have both tests; below %(fewest)s nothing can be concluded.") % {
            "n": students,
            "fewest": GAIN.hide,
        }
    d, c = found.d_prime, found.criterion
    if d.is_told and d.value > 0:
        text = _("the class tells manipulated from fair writing better than before.")
    elif d.is_told:
        text = _("the class tells manipulated from fair writing less well than before.")
    else:
        text = _("the data do not allow a conclusion on whether the class tells the two apart better than before.")
    if c.is_told and c.value < 0:
        text += " " + _("It flags more readily than before: what it catches more of may be suspicion, not skill.")
    elif c.is_told:
        text += " " + _("It flags less readily than before.")
    if GAIN.shown(students) == "caution":
        text += " " + _("These are few students: a hint, not a finding.")
    return text


def _has_both(mine: Mapping[int, Sequence[Given]], test: int) -> bool:
    return all(_is_taken(mine.get(each, ())) for each in (0, test))


def _is_taken(trials: Sequence[Given]) -> bool:
    seen = outcomes(trials)
    return seen.total >= FEWEST and min(seen.signals, seen.noises) > 0


def _pair(mine: Mapping[int, list[Given]], test: int) -> Pair:
    return mine[0], mine[test]


def _of_way(answers: Answers, trials: Sequence[Given], way: Way) -> list[Given]:
    return [each for each in trials if answers.asked[each.version_id].way == way]


def _gain(pairs: Sequence[Pair]) -> Gain | None:
    if GAIN.shown(len(pairs)) == "hidden":
        return None
    return gain([(outcomes(before), outcomes(after)) for before, after in pairs])


def _figures(pairs: Sequence[Pair], found: Gain | None) -> list[Cell]:
    if found is None:
        return [len(pairs), *[None] * 16]
    before = sum((outcomes(first) for first, _after in pairs), Outcomes())
    after = sum((outcomes(second) for _before, second in pairs), Outcomes())
    figures: list[Cell] = [len(pairs), two(detection(before).d_prime), two(detection(after).d_prime)]
    for change in (found.d_prime, found.criterion):
        figures += [two(change.value), two(change.interval.low), two(change.interval.high)]
    sides = (
        (percent(before.hits, before.signals), percent(after.hits, after.signals), found.hit_rate),
        (
            percent(before.correct_rejections, before.noises),
            percent(after.correct_rejections, after.noises),
            found.rejection_rate,
        ),
    )
    for earlier, later, change in sides:
        figures += [earlier, later, round(100 * change.interval.low), round(100 * change.interval.high)]
    return figures


def _table(rows: list[list[Cell]]) -> Table:
    return Table(
        slug="gains",
        title=_("What changed"),
        columns=[
            _("Comparison"),
            _("Way of playing"),
            _("Students with both"),
            _("d′ before"),
            _("d′ later"),
            _("Change of d′"),
            _("from"),
            _("to"),
            _("Change of c"),
            _("from"),
            _("to"),
            _("Manipulated: caught before, %"),
            _("later, %"),
            _("change from"),
            _("to"),
            _("Fair: left alone before, %"),
            _("later, %"),
            _("change from"),
            _("to"),
        ],
        rows=rows,
        explanation=_(
            "A gain is a change of d′ whose interval lies above 0. More caught and more accused together are "
            "suspicion, not skill. Students without both tests are left out."
        ),
        anchor="gains",
        is_wide=True,
    )
