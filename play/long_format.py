"""Answers for other statistics: one row an answer, with a dictionary of the columns, and without names unless asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from classroom.models import Assignment
from play.models import Attempt
from play.queries.trials import DETECTION, JUDGED, asked
from play.results.tables import Cell, Table

PSEUDONYM = 10
"""Characters of a pseudonym."""


def columns() -> dict[str, str]:
    """What each column holds."""
    return {
        "student": _(
            "pseudonym, the same in every export of this installation; the nickname where names were asked for"
        ),
        "assignment": _("title of the assignment; answers whose keys wait for a closing are not here before it"),
        "set": _("title of the set"),
        "passage": _("text/passage, as in the seeds"),
        "kind": _("way of playing: spot, source, name, evidence, judge, markup"),
        "layer": _("technique (wording) or source"),
        "annotation": _("the annotation that is asked about, in name and evidence"),
        "key": _("labels of the annotations in question, parted by spaces; empty where the layer is clean"),
        "number": _("1 for the first answer to this decision, more for further attempts"),
        "answered": _("time of the answer, UTC, ISO 8601"),
        "counts": _("1 if statistics count the answer: first, the key not seen before, not passed, not late"),
        "trial": _("1 if it is a trial of signal detection as well: it counts, in spot, source or judge"),
        "practice": _("1 if the key of this layer had been revealed to the student before"),
        "passed": _("1 if the student left a sensitive passage out"),
        "late": _("1 if the answer came after its time"),
        "rescored": _("1 if a ruling of the teacher judges it by another key than the one that was played"),
        "aside": _("1 if a ruling of the teacher made it a matter for discussion, which counts nowhere"),
        "signal": _(
            "1 if something is marked in this layer, 0 if it is clean; empty where the way does not judge that"
        ),
        "flagged": _("1 if the student flagged something"),
        "correct": _("1 if the answer is right (docs/scoring.md)"),
        "score": _("S, from -1 to 1"),
        "points": _("0 to 100"),
        "place": _("chance-corrected kappa of the marked place, where there was one to find"),
        "label": _("right, near or wrong: the name that was given"),
        "target": _("the annotation that the answer is judged against"),
        "chosen": _("the label or option that was chosen"),
        "confidence": _("how sure, 50 to 100, in judge"),
    }


def tables(*, assignments: list[Assignment], names: bool) -> list[Table]:
    """The answers, and the dictionary. Answers whose keys wait for a closing are not among them."""
    meaning = columns()
    return [
        Table("answers", _("Answers"), list(meaning), list(_rows(assignments, names))),
        Table("dictionary", _("Dictionary"), [_("Column"), _("Meaning")], list(meaning.items())),
    ]


def pseudonym(uid: str) -> str:
    """Tells students apart, and leads to nobody without the installation's secret key."""
    return salted_hmac("play.pseudonym", uid).hexdigest()[:PSEUDONYM]


def _rows(assignments: list[Assignment], names: bool) -> Iterator[list[Cell]]:
    attempts = list(
        Attempt.objects.filter(assignment__in=assignments)
        .select_related("student", "assignment__exercise_set")
        .annotate(version_id=JUDGED)
        .order_by("answered", "pk")
    )
    decisions = asked(versions={each.version_id for each in attempts})
    for each in attempts:
        decision = decisions[each.version_id]
        counts = each.number == 1 and not (each.is_practice or each.is_passed or each.is_late or each.is_aside)
        yield [
            each.student.nickname if names else pseudonym(each.student.uid),
            each.assignment.title,
            each.assignment.exercise_set.title,
            decision.passage,
            decision.kind,
            decision.layer,
            decision.annotation,
            " ".join(sorted(set(decision.labels.values()))),
            each.number,
            each.answered.isoformat(),
            int(counts),
            int(counts and decision.kind in DETECTION),
            int(each.is_practice),
            int(each.is_passed),
            int(each.is_late),
            int(each.judged_id is not None),
            int(each.is_aside),
            _bit(each.signal),
            _bit(each.flagged),
            int(each.correct),
            each.score,
            each.points,
            each.place,
            each.label,
            each.target,
            each.chosen,
            each.answer.get("confidence"),
        ]


def _bit(value: bool | None) -> int | None:
    return None if value is None else int(value)
