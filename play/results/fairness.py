"""Whether a class flags by wording or by side: by camp and by text, for groups of students and never for one.

What is hidden must not follow from what is shown: where one camp of a way has too few students, no camp of it is shown;
so with the texts of a camp. The page takes no filters. Of several classes together, those whose own figures are hidden
count where they are enough students together: less the classes that are shown by themselves, they would be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _

from exercises.notes import camp_name
from play.queries.trials import Answers, Given, Way, outcomes, students_in
from play.results.overview import way_name
from play.results.tables import Cell, Table, hint, percent, remark, whole_range
from play.results.words import as_trial
from scoring.statistics.resampling import alarm_difference, spread
from scoring.statistics.thresholds import FAIRNESS_ANSWERS, FAIRNESS_PASSAGES, SUBGROUP
from scoring.statistics.verdicts import UNFAIR

Groups = Mapping[str, Sequence[Given]]


@dataclass(frozen=True)
class Fairness:
    warnings: tuple[str, ...]
    camps: Table
    texts: Table

    @property
    def tables(self) -> list[Table]:
        return [self.camps, self.texts]


def fairness(answers: Answers, classes: Mapping[int, int] | None = None) -> Fairness:
    """`classes`: each student's, where there are answers of several."""

    def text(given: Given) -> str:
        return answers.asked[given.version_id].text_name

    camp = _camp_in(answers)
    found: list[str] = []
    camp_rows: list[list[Cell]] = []
    text_rows: list[list[Cell]] = []
    for way, trials in answers.by_way.items():
        camps = _grouped(_kept(trials, classes, camp), camp)
        shown = _are_shown(camps)
        found += _warnings(answers, way, camps) if shown else []
        for side, mine in camps.items():
            camp_rows.append([way_name(way), camp_name(side), *_figures(answers, mine, shown=shown)])
            texts = _grouped(_kept(mine, classes, text), text)
            all_shown = shown and _are_shown(texts)
            text_rows += [
                [way_name(way), name, camp_name(side), *_figures(answers, own, shown=all_shown)]
                for name, own in texts.items()
            ]
    figures = [
        _("Clean passages"),
        _("Answers to them"),
        _("Falsely accused, %"),
        _("from"),
        _("to"),
        _("Marked passages"),
        _("Answers to them"),
        _("Caught, %"),
        _("Right, %"),
        _("Remark"),
    ]
    return Fairness(
        tuple(found),
        Table(
            slug="camps",
            title=_("By camp"),
            columns=[_("Way of playing"), _("Camp of the text"), *figures],
            rows=camp_rows,
            explanation=_("Who flags by wording accuses fair passages of either camp equally often."),
            anchor="fairness",
        ),
        Table(
            slug="texts",
            title=_("By text"),
            columns=[_("Way of playing"), _("Text"), _("Camp of the text"), *figures],
            rows=text_rows,
            explanation=_(
                "The same for each text. Texts differ in genre and in length, so small differences say little."
            ),
            anchor="fairness",
        ),
    )


def warnings(answers: Answers) -> list[str]:
    """What is to be said of a whole class, all its answers together; nothing where it flags both sides alike."""
    found: list[str] = []
    for way, trials in answers.by_way.items():
        camps = _grouped(trials, _camp_in(answers))
        found += _warnings(answers, way, camps) if _are_shown(camps) else []
    return found


def _camp_in(answers: Answers) -> Callable[[Given], str]:
    camps = {version: asked.camp for version, asked in answers.asked.items()}
    return lambda given: camps[given.version_id]


def _grouped(trials: Sequence[Given], key: Callable[[Given], str]) -> dict[str, list[Given]]:
    found: dict[str, list[Given]] = {}
    for each in trials:
        found.setdefault(key(each), []).append(each)
    return dict(sorted(found.items()))


def _kept(trials: Sequence[Given], classes: Mapping[int, int] | None, key: Callable[[Given], str]) -> Sequence[Given]:
    """Without the classes that are hidden by themselves, where they are too few even together.

    Everything where nothing would be left: then all of it is hidden.
    """
    if classes is None:
        return trials
    groups = _grouped(trials, lambda each: str(classes[each.student_id]))
    hidden = {name for name, mine in groups.items() if not _are_shown(_grouped(mine, key))}
    rest = [each for each in trials if str(classes[each.student_id]) in hidden]
    if len(hidden) == len(groups) or _are_shown(_grouped(rest, key)):
        return trials
    return [each for each in trials if str(classes[each.student_id]) not in hidden]


def _are_shown(groups: Groups) -> bool:
    """Whether ten students or more have answered each part: the clean passages of each group, and the marked ones."""
    parts = [[each for each in mine if bool(each.signal) == sort] for mine in groups.values() for sort in (False, True)]
    return all(SUBGROUP.shown(students_in(part)) != "hidden" for part in parts if part)


def _clean_passages(answers: Answers, trials: Sequence[Given]) -> int:
    return len({answers.asked[each.version_id].passage_id for each in trials if not each.signal})


def can_be_judged(answers: Answers, trials: Sequence[Given]) -> bool:
    """Whether there are enough answers to enough clean passages to speak of false alarms."""
    return (
        FAIRNESS_ANSWERS.shown(outcomes(trials).noises) != "hidden"
        and FAIRNESS_PASSAGES.shown(_clean_passages(answers, trials)) != "hidden"
    )


def _figures(answers: Answers, trials: Sequence[Given], *, shown: bool) -> list[Cell]:
    if not shown:
        return [*[None] * 9, _("not shown: fewer than ten students in a part of it")]
    seen = outcomes(trials)
    marked = {answers.asked[each.version_id].passage_id for each in trials if each.signal}
    judged = can_be_judged(answers, trials)
    about = spread(as_trial(each) for each in trials if not each.signal).alarm_rate if judged else None
    return [
        _clean_passages(answers, trials),
        seen.noises,
        percent(seen.false_alarms, seen.noises) if judged else None,
        *(whole_range(about.low, about.high, shown=True) if about else (None, None)),
        len(marked),
        seen.signals,
        percent(seen.hits, seen.signals),
        percent(seen.hits + seen.correct_rejections, seen.total) if judged else None,  # it would tell the false alarms
        remark(FAIRNESS_ANSWERS.shown(seen.noises))
        if judged
        else _("cannot be judged: too few answers to clean passages"),
    ]


def _warnings(answers: Answers, way: Way, camps: Groups) -> list[str]:
    """In plain words, where false alarms differ between two camps by more than chance and by much."""
    found = []
    for one, other in combinations(camps, 2):
        if not (can_be_judged(answers, camps[one]) and can_be_judged(answers, camps[other])):
            continue
        change = alarm_difference(map(as_trial, camps[one]), map(as_trial, camps[other]))
        if change.is_told and abs(change.value) >= UNFAIR:
            more, less = (other, one) if change.value > 0 else (one, other)
            found.append(
                _(
                    "%(way)s: fair passages are accused %(more)s of 10 times where the text %(first)s, and %(less)s of "
                    "10 times where it %(second)s. This looks like flagging by side rather than by wording."
                )
                % {
                    "way": way_name(way),
                    "more": _of_ten(camps[more]),
                    "first": camp_name(more),
                    "less": _of_ten(camps[less]),
                    "second": camp_name(less),
                }
                + hint(*(FAIRNESS_ANSWERS.shown(outcomes(camps[each]).noises) for each in (more, less)))
            )
    return found


def _of_ten(trials: Sequence[Given]) -> int:
    seen = outcomes(trials)
    return round(10 * seen.false_alarms / seen.noises)
