"""How sure a class, or a student, is, and how often right."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from play.queries.trials import Said
from play.results.plots import Axis, Point
from play.results.tables import DECIMALS, Cell, Table, hint, percent, remark, whole_range
from scoring.statistics import calibration, clustered
from scoring.statistics.intervals import Interval
from scoring.statistics.thresholds import CLASS_BRIER, CLASS_STUDENTS, STUDENT_BRIER

SURE_AXIS = Axis(50, 100, (50, 60, 70, 80, 90, 100), " %")
RIGHT_AXIS = Axis(0, 100, (0, 20, 40, 60, 80, 100), " %")


def levels(said: Sequence[Said]) -> tuple[Table, list[Point]]:
    """The share right at each level, as a table and as points."""
    rows: list[list[Cell]] = []
    points = []
    for level in sorted({each.confidence for each in said}):
        mine = [each for each in said if each.confidence == level]
        right, shown = sum(each.correct for each in mine), CLASS_BRIER.shown(len(mine))
        about: Interval | None = None
        if shown != "hidden" and CLASS_STUDENTS.shown(len({each.student_id for each in mine})) != "hidden":
            about = clustered.share([(each.student_id, each.version_id, each.correct) for each in mine])
        rows.append(
            [
                f"{level} %",
                len(mine),
                percent(right, len(mine)) if shown != "hidden" else None,
                *(whole_range(about.low, about.high, shown=True) if about else (None, None)),
                remark(shown),
            ]
        )
        if shown != "hidden":
            ends = (100 * about.low, 100 * about.high) if about else None
            points.append(Point(level, 100 * right / len(mine), f"{level} %", "class", None, ends))
    table = Table(
        slug="calibration",
        title=_("How sure, and how often right"),
        columns=[_("How sure"), _("Answers"), _("Right, %"), _("from"), _("to"), _("Remark")],
        rows=rows,
        explanation=_(
            "On the line, the class is right as often as it says; below it, it is more sure than right. “From” and "
            "“to” say what the share could be with other students and other passages, from ten students on."
        ),
        anchor="confidence",
    )
    return table, points


def sureness(said: Sequence[Said]) -> str:
    """Confidence against accuracy, with the Brier score."""
    pairs = [(each.confidence, each.correct) for each in said]
    shown = STUDENT_BRIER.shown(len(pairs))
    if shown == "hidden":
        return ""
    more = calibration.overconfidence(pairs)
    right = calibration.accuracy(pairs)
    figures = {
        "n": len(pairs),
        "said": round(100 * (right + more)),
        "right": round(100 * right),
        "brier": number_format(calibration.brier(pairs), DECIMALS),
    }
    verdict = _("that fits")
    if abs(more) > calibration.FITS:
        verdict = _("more sure than right") if more > 0 else _("right more often than it believes")
    text = _(
        "%(said)s %% sure on average, right in %(right)s %% of %(n)s answers: %(verdict)s. Brier score %(brier)s."
    ) % (figures | {"verdict": verdict})
    return text + hint(shown)
