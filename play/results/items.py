"""Decisions one by one: how hard, how well they separate, what is chosen instead of the key, where students mark."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import catalogue, rendering
from exercises.versions import Played, played
from play import raw
from play.queries.trials import Asked, Given
from play.results.overview import way_name
from play.results.tables import Cell, Table, percent, two
from scoring.statistics.intervals import wilson
from scoring.statistics.items import (
    TOO_EASY,
    TOO_FLAT,
    TOO_HARD,
    Choice,
    beating,
    choices,
    discrimination,
    facility,
    rests,
)
from scoring.statistics.thresholds import DISCRIMINATION, DISTRACTORS, FACILITY, Shown, weakest

LEVELS = 4
"""Steps of the heat map."""


@dataclass(frozen=True)
class ItemStatistics:
    """What is known of a decision. Figures are None where there are too few answers."""

    asked: Asked
    count: int
    right: int
    facility: float | None
    discrimination: float | None
    choices: tuple[Choice, ...]
    """The answers as codes; `answer_words` says them."""
    best_third: int
    answered_more: int
    """How many have answered other decisions as well: their answers make the discrimination."""

    @property
    def shown(self) -> Shown:
        """What may be shown, with the strictest caution of the figures that are there."""
        figures = [FACILITY.shown(self.count)]
        if self.discrimination is not None:
            figures.append(DISCRIMINATION.shown(self.answered_more))
        return weakest(figures)

    @property
    def top_wrong(self) -> Choice | None:
        """The most chosen wrong answer."""
        return next((each for each in self.choices if not each.is_key), None)

    @property
    def beating(self) -> tuple[Choice, ...]:
        return beating(self.choices) if DISTRACTORS.shown(self.best_third) != "hidden" else ()

    @property
    def remarks(self) -> list[str]:
        """Why somebody should look at it."""
        found = []
        if self.facility is not None and self.facility < TOO_HARD:
            found.append(_("very hard"))
        if self.facility is not None and self.facility > TOO_EASY:
            found.append(_("very easy"))
        if self.discrimination is not None and self.discrimination < TOO_FLAT:
            found.append(_("hardly separates"))
        if self.beating:
            found.append(_("the best third prefers a wrong answer"))
        return found


def statistics(given: Sequence[Given], asked: Mapping[int, Asked]) -> list[ItemStatistics]:
    """By decision, the hardest first; those with too few answers for a figure last."""
    by_version: dict[int, dict[int, Given]] = {}
    for each in given:
        by_version.setdefault(each.version_id, {})[each.student_id] = each
    scores: dict[Hashable, dict[Hashable, float]] = {
        version: {student: float(each.correct) for student, each in answers.items()}
        for version, answers in by_version.items()
    }
    rest = rests(scores)
    found = [
        _of_item(asked[version], answers, scores[version], rest[version]) for version, answers in by_version.items()
    ]
    return sorted(
        found,
        key=lambda each: (each.facility is None, each.facility or 0.0, each.right / each.count, each.asked.passage),
    )


def _of_item(
    asked: Asked, answers: Mapping[int, Given], scores: Mapping[Hashable, float], rest: Mapping[Hashable, float]
) -> ItemStatistics:
    rights = [each.correct for each in answers.values()]
    codes: dict[Hashable, str] = {student: code(each, asked) for student, each in answers.items()}
    keys = {codes[student] for student, each in answers.items() if each.correct}
    separates = DISCRIMINATION.shown(len(rest)) != "hidden"
    return ItemStatistics(
        asked,
        len(rights),
        sum(rights),
        facility(rights) if FACILITY.shown(len(rights)) != "hidden" else None,
        discrimination(scores, rest) if separates else None,
        choices(codes, keys, rest),
        -(-len(rest) // 3),
        len(rest),
    )


def code(given: Given, asked: Asked) -> str:
    """An answer as one of a few: nothing, yes or no, a label or an option at the place, another place."""
    if asked.kind in ("name", "evidence"):
        return f"option {given.chosen}"
    if not given.flagged:
        return "nothing"
    if asked.kind == "judge":
        return "something"
    if asked.kind == "markup" or (given.signal and not given.target):
        return "whole" if given.correct else "place"
    return f"label {given.chosen}"


def answer_words(code: str, asked: Asked) -> str:
    sort, _space, chosen = code.partition(" ")
    names = catalogue.labels()
    if sort == "option" and asked.kind == "evidence":
        annotation = played(asked.version_id).asked
        return annotation.evidence[int(chosen)].text if annotation and chosen else chosen
    if sort in ("option", "label"):
        return names[chosen].name if chosen in names else chosen
    return {
        "nothing": _("nothing here"),
        "something": _("something is here"),
        "place": _("another place"),
        "whole": _("everything found"),
    }[sort]


def items_table(
    found: Sequence[ItemStatistics], links: Sequence[str], disagreed: Mapping[tuple[int, str], int] | None = None
) -> Table:
    """`disagreed`: how many students of the class contest something, by passage and layer."""
    rows: list[list[Cell]] = []
    for each in found:
        wrong = each.top_wrong
        about = wilson(each.right, each.count)
        figures = each.facility is not None
        rows.append(
            [
                each.asked.name,
                way_name(each.asked.way),
                each.count,
                percent(each.right, each.count) if figures else None,
                round(100 * about.low) if figures else None,
                round(100 * about.high) if figures else None,
                two(each.discrimination),
                answer_words(wrong.answer, each.asked) if wrong else None,
                wrong.count if wrong else None,
                "; ".join([*each.remarks, *_few(each.shown), *_contested(each, disagreed or {})]),
            ]
        )
    return Table(
        slug="items",
        title=_("Decisions, the hardest first"),
        columns=[
            _("Passage"),
            _("Way of playing"),
            _("Answers"),
            _("Right, %"),
            _("from"),
            _("to"),
            _("Discrimination"),
            _("Most chosen wrong answer"),
            _("How often"),
            _("Remark"),
        ],
        rows=rows,
        links=links,
        explanation=_(
            "“Right” is the facility: the share of right first answers. Discrimination says whether those who do well "
            "elsewhere do well here (−1 to 1)."
        ),
        anchor="items",
    )


def _few(shown: Shown) -> list[str]:
    """In two words: in a class of usual size it stands in every row."""
    return [_("few answers")] if shown == "caution" else []


def _contested(item: ItemStatistics, disagreed: Mapping[tuple[int, str], int]) -> list[str]:
    n = disagreed.get((item.asked.passage_id, item.asked.layer), 0)
    return [ngettext("%(n)d of your class disagreed", "%(n)d of your class disagreed", n) % {"n": n}] if n else []


def health_table(found: Sequence[ItemStatistics]) -> Table:
    """For owners: with every wrong answer that the best third prefers to the key."""
    plain = items_table(found, ())
    return replace(
        plain,
        columns=[*plain.columns, _("Preferred by the best third")],
        rows=[
            [*row, "; ".join(answer_words(wrong.answer, each.asked) for wrong in each.beating)]
            for row, each in zip(plain.rows, found, strict=True)
        ],
    )


def choice_table(item: ItemStatistics) -> Table:
    beaten = {each.answer for each in item.beating}
    beats = "; ".join([_("more of the best third than the key"), *_few(DISTRACTORS.shown(item.best_third))])
    return Table(
        slug="choices",
        title=_("What was answered"),
        columns=[_("Answer"), _("Right"), _("How often"), _("In the best third"), _("Remark")],
        rows=[
            [
                answer_words(each.answer, item.asked),
                _("yes") if each.is_key else _("no"),
                each.count,
                each.best_third,
                beats if each.answer in beaten else "",
            ]
            for each in item.choices
        ],
        explanation=_("The best third is that of the students with the most right answers elsewhere."),
        anchor="items",
    )


@dataclass(frozen=True)
class HeatRun:
    """Neighbouring words that equally many students marked, and what stands behind the last of them."""

    text: str
    gap: str
    count: int
    level: int
    """0 for unmarked to 4 for the most marked words of the passage."""
    is_key: bool


@dataclass(frozen=True)
class HeatSentence:
    new_paragraph: bool
    runs: tuple[HeatRun, ...]


@dataclass(frozen=True)
class Heat:
    sentences: tuple[HeatSentence, ...]
    table: Table


def heat(shown: Played, answers: Sequence[Mapping[str, object]]) -> Heat:
    """How many students marked each word, over the key."""
    counts = [0] * len(shown.content.words)
    for each in answers:
        given = raw.unpack(dict(each), shown)
        for index in frozenset().union(*(mark.picked for mark in given.marks)):
            counts[index] += 1
    key = frozenset().union(*(target.core for target in shown.item.targets))
    most = max(counts, default=0)
    sentences = []
    rows: list[list[Cell]] = []
    for sentence in rendering.marking(shown.content).sentences:
        runs: list[HeatRun] = []
        look: tuple[int, bool] = (0, False)
        for token in sentence.tokens:
            if token.index is not None:
                before, look = look, (counts[token.index], token.index in key)
            if runs and token.index is None:
                runs[-1] = replace(runs[-1], gap=token.text)
            elif runs and before == look:
                runs[-1] = replace(runs[-1], text=runs[-1].text + runs[-1].gap + token.text, gap="")
            else:
                level = -(-LEVELS * look[0] // most) if most else 0
                runs.append(HeatRun(token.text, "", look[0], level, look[1]))
        sentences.append(HeatSentence(sentence.new_paragraph, tuple(runs)))
        rows += [[run.text, run.count, _("yes") if run.is_key else _("no")] for run in runs if run.count]
    table = Table(
        slug="heat",
        title=_("Where students marked"),
        columns=[_("Words"), _("Students who marked them"), _("In the key")],
        rows=rows,
        explanation=_("How many students marked these words; the key is underlined."),
        anchor="items",
    )
    return Heat(tuple(sentences), table)
