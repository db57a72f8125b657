"""How sure a class, or a student, is, and how often right."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from play.queries.trials import Said
from play.results.plots import Axis, Point
from play.results.tables import DECIMALS, Cell, Table, hint, percent, remark, whole_range
from scoring.statistics import calibration
from scoring.statistics.intervals import wilson
from scoring.statistics.thresholds import CLASS_BRIER, STUDENT_BRIER

SURE_AXIS = Axis(50, 100, (50, 60, 70, 80, 90, 100), " %")
RIGHT_AXIS = Axis(0, 100, (0, 20, 40, 60, 80, 100), " %")


def levels(said: Sequence[Said]) -> tuple[Table, list[Point]]:
    """The share right at each level, as a table and as points."""
    rows: list[list[Cell]] = []
    points = []
    for level in sorted({each.confidence for each in said}):
        rights = [each.correct for each in said if each.confidence == level]
        shown = CLASS_BRIER.shown(len(rights))
        enough = shown != "hidden"
        about = wilson(sum(rights), len(rights))
        rows.append(
            [
                f"{level} %",
                len(rights),
                percent(sum(rights), len(rights)) if enough else None,
                *whole_range(about.low, about.high, shown=enough),
                remark(shown),
            ]
        )
        if enough:
            right = 100 * sum(rights) / len(rights)
            points.append(Point(level, right, f"{level} %", "class", None, (100 * about.low, 100 * about.high)))
    table = Table(
        slug="calibration",
        title=_("How sure, and how often right"),
        columns=[_("How sure"), _("Answers"), _("Right, %"), _("from"), _("to"), _("Remark")],
        rows=rows,
        explanation=_("On the line, the class is right as often as it says; below it, it is more sure than right."),
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
