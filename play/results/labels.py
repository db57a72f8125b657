"""Students by labels, and which label is taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exercises import catalogue
from play.queries.trials import Answers
from play.results.tables import Cell, Table, percent
from scoring.statistics.items import confusion

NAMING = ("spot", "source", "name")
"""Kinds in which a label is chosen."""


@dataclass(frozen=True)
class Labels:
    students: Table
    confusions: Table

    @property
    def tables(self) -> list[Table]:
        return [self.students, self.confusions]


def labels(answers: Answers) -> Labels:
    return Labels(_students(answers), _confusions(answers))


def _students(answers: Answers) -> Table:
    """How often each student caught a label; a row for the class on top."""
    met: dict[str, dict[int, list[bool]]] = {}
    for each in answers.trials:
        label = answers.asked[each.version_id].label
        if label:
            met.setdefault(label, {}).setdefault(each.student_id, []).append(bool(each.flagged))
    found = sorted(met, key=lambda label: (-sum(map(len, met[label].values())), label))
    names = catalogue.labels()
    rows: list[list[Cell]] = []
    if found:
        everybody = ([flag for flags in met[each].values() for flag in flags] for each in found)
        rows.append([_("The class"), *(cell for flags in everybody for cell in _caught(flags))])
    rows += [
        [nickname, *(cell for each in found for cell in _caught(met[each].get(student, [])))]
        for student, nickname in answers.students.items()
        if any(student in met[each] for each in found)
    ]
    heads = ([_("%(label)s: caught") % {"label": names[each].name}, _("of")] for each in found)
    return Table(
        slug="labels",
        title=_("Students by labels"),
        columns=[_("Student"), *(head for pair in heads for head in pair)],
        rows=rows,
        explanation=_(
            "How often something was flagged in passages that hold this label alone. These are counts: a share of a "
            "few passages says little about one student."
        ),
        anchor="labels",
        is_wide=True,
    )


def _caught(flags: Sequence[bool]) -> list[Cell]:
    return [sum(flags), len(flags)] if flags else [None, None]


def _confusions(answers: Answers) -> Table:
    """Of answers that found the place, or named lit words: the label of the key against the label that was chosen."""
    names = catalogue.labels()
    pairs = []
    for each in answers.given:
        decision = answers.asked[each.version_id]
        if decision.kind in NAMING and each.target in decision.labels and each.chosen in names:
            pairs.append((decision.labels[each.target], each.chosen))
    table = confusion(pairs)
    keys = sorted(table, key=lambda key: (-table[key].total(), key))
    chosen = sorted(
        {label for counts in table.values() for label in counts}, key=lambda each: (each not in table, each)
    )
    rows: list[list[Cell]] = [
        [
            names[key].name,
            table[key].total(),
            percent(table[key][key], table[key].total()),
            *(table[key][each] for each in chosen),
        ]
        for key in keys
    ]
    return Table(
        slug="confusions",
        title=_("Which label is taken for which"),
        columns=[_("Key"), _("Answers"), _("Same label, %"), *(names[each].name for each in chosen)],
        rows=rows,
        explanation=_("A row is what the key says, a column what was chosen; other labels may be accepted or near."),
        anchor="confusions",
        is_wide=True,
    )
