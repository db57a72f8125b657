"""The class at a glance: what was caught and falsely accused, way by way, d′ against c, confidence against accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from classroom.ways import KIND_NAMES, LAYER_NAMES
from play.queries.trials import Answers, Given, Said, Way, by_student, outcomes, students_in
from play.results.confidence import RIGHT_AXIS, SURE_AXIS, levels, sureness
from play.results.plots import Axis, Plot, Point, plot
from play.results.tables import Cell, Table, percent, remark, two, whole_range
from scoring.statistics.clustered import auc_interval
from scoring.statistics.detection import auc, detection
from scoring.statistics.resampling import Spread
from scoring.statistics.thresholds import (
    AUC,
    CLASS_DETECTION,
    CLASS_STUDENTS,
    STUDENT_DETECTION,
    Shown,
    weakest,
)

D_AXIS = Axis(-1, 4, (-1, 0, 1, 2, 3, 4))
C_AXIS = Axis(-2, 2, (-2, -1, 0, 1, 2))
MOST_POINTS = 120
"""Students in the picture, each way of playing by itself, above which none can be told from another."""


@dataclass(frozen=True)
class Overview:
    counts: Table
    figures: Table
    detection_plot: Plot | None
    detection_points: Table
    calibration: Table
    calibration_plot: Plot | None
    sureness: str
    """Confidence against accuracy in words; empty before there is enough."""

    @property
    def tables(self) -> list[Table]:
        return [self.counts, self.figures, self.detection_points, self.calibration]


def overview(answers: Answers, said: Sequence[Said], spreads: Mapping[Way, Spread]) -> Overview:
    points = _class_points(answers, spreads)
    students = _student_points(answers)
    crowded = len(students) > MOST_POINTS
    points += [] if crowded else students
    by_level, level_points = levels(said)
    return Overview(
        counts=_counts(answers, spreads),
        figures=_figures(answers, said, spreads),
        detection_plot=plot(
            points,
            title=_("Telling apart (d′) against readiness to flag (c)"),
            x=C_AXIS,
            y=D_AXIS,
            across=_("c: flags readily on the left, misses on the right"),
            up=_("d′: tells better further up"),
        )
        if points
        else None,
        detection_points=_point_table(points, crowded=crowded),
        calibration=by_level,
        calibration_plot=plot(
            level_points,
            title=_("How sure, and how often right"),
            x=SURE_AXIS,
            y=RIGHT_AXIS,
            across=_("how sure"),
            up=_("right"),
            diagonal=True,
        )
        if level_points
        else None,
        sureness=sureness(said),
    )


def way_name(way: Way) -> str:
    """A way of playing in words. Judging comes in two layers; the other kinds have one."""
    kind, layer = way
    return f"{KIND_NAMES[kind]} ({LAYER_NAMES[layer]})" if kind in ("judge", "markup") else str(KIND_NAMES[kind])


def detection_shown(answers: Sequence[Given]) -> Shown:
    """Whether d′ and c of a class may be shown."""
    seen = outcomes(answers)
    return weakest([CLASS_STUDENTS.shown(students_in(answers)), CLASS_DETECTION.shown(seen.signals, seen.noises)])


def _counts(answers: Answers, spreads: Mapping[Way, Spread]) -> Table:
    rows: list[list[Cell]] = []
    for way, trials in answers.by_way.items():
        seen, about = outcomes(trials), spreads[way]
        enough = CLASS_STUDENTS.shown(students_in(trials)) != "hidden"
        rows.append(
            [
                way_name(way),
                students_in(trials),
                seen.hits,
                seen.misses,
                seen.false_alarms,
                seen.correct_rejections,
                percent(seen.hits, seen.signals),
                *whole_range(about.hit_rate.low, about.hit_rate.high, shown=enough and seen.signals > 0),
                percent(seen.false_alarms, seen.noises),
                *whole_range(about.alarm_rate.low, about.alarm_rate.high, shown=enough and seen.noises > 0),
                _place(trials),
                _named(trials),
            ]
        )
    return Table(
        slug="counts",
        title=_("Caught, missed, falsely accused, left alone"),
        columns=[
            _("Way of playing"),
            _("Students"),
            _("Caught"),
            _("Missed"),
            _("Falsely accused"),
            _("Well left alone"),
            _("Caught, %"),
            _("from"),
            _("to"),
            _("Falsely accused, %"),
            _("from"),
            _("to"),
            _("Place, kappa"),
            _("Named right, %"),
        ],
        rows=rows,
        explanation=_(
            "Of the passages that hold something, how many were flagged; of the fair ones, how many were accused. "
            "“From” and “to” say what the share could be with other students and other passages."
        ),
        anchor="counts",
    )


def _place(trials: Sequence[Given]) -> float | None:
    places = [each.place for each in trials if each.place is not None]
    return two(sum(places) / len(places)) if places else None


def _named(trials: Sequence[Given]) -> int | None:
    named = [each.label for each in trials if each.label]
    return percent(named.count("right"), len(named))


def _figures(answers: Answers, said: Sequence[Said], spreads: Mapping[Way, Spread]) -> Table:
    rows: list[list[Cell]] = []
    for way, trials in answers.by_way.items():
        shown, about = detection_shown(trials), spreads[way]
        found = detection(outcomes(trials))
        ratings = [each for each in said if answers.asked[each.version_id].way == way]
        figures = [
            found.d_prime,
            about.d_prime.low,
            about.d_prime.high,
            found.criterion,
            about.criterion.low,
            about.criterion.high,
        ]
        rows.append(
            [
                way_name(way),
                *(two(each) if shown != "hidden" else None for each in figures),
                *_auc(ratings),
                remark(weakest([shown, _auc_caution(ratings)])),
            ]
        )
    return Table(
        slug="figures",
        title=_("Telling apart, and readiness to flag"),
        columns=[
            _("Way of playing"),
            _("d′"),
            _("from"),
            _("to"),
            _("c"),
            _("from"),
            _("to"),
            _("AUC"),
            _("from"),
            _("to"),
            _("Remark"),
        ],
        rows=rows,
        explanation=_(
            "d′ says how well the class tells manipulated from fair passages (0 is guessing); c says how readily it "
            "flags (below 0: too readily; above 0: it misses)."
        ),
        anchor="d-prime",
    )


def _auc(ratings: Sequence[Said]) -> list[Cell]:
    signal, noise = _ratings(ratings)
    if AUC.shown(len(signal), len(noise)) == "hidden":
        return [None, None, None]
    area = auc(signal, noise)
    about = auc_interval([(each.student_id, each.version_id, each.signal, each.rating) for each in ratings])
    return [two(area), two(about.low), two(about.high)]


def _auc_caution(ratings: Sequence[Said]) -> Shown:
    """Where there is no AUC, nothing has to be said of it."""
    signal, noise = _ratings(ratings)
    return "caution" if AUC.shown(len(signal), len(noise)) == "caution" else "plain"


def _ratings(said: Sequence[Said]) -> tuple[list[int], list[int]]:
    """Of marked and of fair passages."""
    return [each.rating for each in said if each.signal], [each.rating for each in said if not each.signal]


def _class_points(answers: Answers, spreads: Mapping[Way, Spread]) -> list[Point]:
    """The class in each way."""
    points = []
    for way, trials in answers.by_way.items():
        if detection_shown(trials) != "hidden":
            found, about = detection(outcomes(trials)), spreads[way]
            across, up = about.criterion, about.d_prime
            points.append(
                Point(
                    found.criterion,
                    found.d_prime,
                    way_name(way),
                    "class",
                    (across.low, across.high),
                    (up.low, up.high),
                )
            )
    return points


def _student_points(answers: Answers) -> list[Point]:
    """The students with enough trials for a figure of their own, in each way."""
    points = []
    for way, trials in answers.by_way.items():
        for student, mine in sorted(by_student(trials).items(), key=lambda pair: answers.students[pair[0]]):
            seen = outcomes(mine)
            if STUDENT_DETECTION.shown(seen.signals, seen.noises) == "plain":
                own = detection(seen)
                across, up = own.c_interval, own.d_interval
                name = _("%(name)s, %(way)s") % {"name": answers.students[student], "way": way_name(way)}
                points.append(
                    Point(
                        own.criterion,
                        own.d_prime,
                        name,
                        "student",
                        (across.low, across.high),
                        (up.low, up.high),
                    )
                )
    return points


def _point_table(points: Sequence[Point], *, crowded: bool) -> Table:
    explanation = _(
        "Further up tells better; left of the middle flags too readily, right of it misses. The lines are 95 % "
        "intervals, without an end where everything or nothing of a sort was flagged; a student is in the picture from "
        "30 passages of each sort on."
    )
    if crowded:
        explanation = _(
            "Further up tells better; left of the middle flags too readily, right of it misses. The lines are 95 % "
            "intervals. Students are not in the picture: they are too many to be told apart."
        )
    rows: list[list[Cell]] = [
        [f"{number}. {each.name}", two(each.y), *_pair(each.y_interval), two(each.x), *_pair(each.x_interval)]
        for number, each in enumerate(points, 1)
    ]
    return Table(
        slug="detection",
        title=_("d′ against c"),
        columns=[_("Who, how"), _("d′"), _("from"), _("to"), _("c"), _("from"), _("to")],
        rows=rows,
        explanation=explanation,
        anchor="d-prime",
    )


def _pair(interval: tuple[float, float] | None) -> list[Cell]:
    return [None, None] if interval is None else [two(interval[0]), two(interval[1])]
