"""Students by decisions of one assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from classroom.ways import KIND_NAMES
from play.queries.trials import Answers, Asked, Given
from play.results.tables import Cell, Table

SIGNS = {"caught": "✓", "partly": "◐", "missed": "✗", "accused": "!", "alone": "○", "right": "✓", "wrong": "✗", "": ""}


@dataclass(frozen=True)
class GridCell:
    state: str
    """Empty where there is no first answer that counts."""
    sign: str
    word: str


@dataclass(frozen=True)
class GridRow:
    nickname: str
    uid: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class Head:
    """A decision at the top of its column."""

    position: int
    version_id: int
    passage: str
    kind: str


@dataclass(frozen=True)
class Grid:
    title: str
    """Of the assignment; empty where nobody has answered anything."""
    heads: tuple[Head, ...]
    rows: tuple[GridRow, ...]
    table: Table

    @property
    def tables(self) -> list[Table]:
        return [self.table]


def grid(answers: Answers, versions: Sequence[int], asked: Mapping[int, Asked], *, title: str) -> Grid:
    """Rows by name, columns in the order of the assignment."""
    cells: dict[int, dict[int, GridCell]] = {}
    kept = {state: GridCell(state, SIGNS[state], word) for state, word in words().items()}
    for each in answers.given:
        cells.setdefault(each.student_id, {})[each.version_id] = kept[state(each)]
    heads = tuple(
        Head(position, version, asked[version].passage_name, str(KIND_NAMES[asked[version].kind]))
        for position, version in enumerate(versions, 1)
        if version in asked
    )
    nothing = kept[""]
    rows = tuple(
        GridRow(
            nickname,
            answers.uids[student],
            tuple(cells[student].get(head.version_id, nothing) for head in heads),
        )
        for student, nickname in answers.students.items()
        if student in cells
    )
    table: list[list[Cell]] = [[row.nickname, *(cell.word for cell in row.cells)] for row in rows]
    return Grid(
        title,
        heads,
        rows,
        Table(
            slug="grid",
            title=_("Students by decisions"),
            columns=[_("Student"), *(f"{head.position}. {head.passage}, {head.kind}" for head in heads)],
            rows=table,
            explanation=_("Each cell is one first answer; an empty one was not given, or was practice."),
            anchor="trials",
        ),
    )


def state(given: Given) -> str:
    """What an answer was, in the words of signal detection where there is something to detect."""
    if given.signal is None:
        return "right" if given.correct else "wrong"
    if given.signal:
        return "missed" if not given.flagged else "caught" if given.correct else "partly"
    return "accused" if given.flagged else "alone"


def words() -> dict[str, str]:
    return {
        "caught": _("caught"),
        "partly": _("partly"),
        "missed": _("missed"),
        "accused": _("accused"),
        "alone": _("left alone"),
        "right": _("right"),
        "wrong": _("wrong"),
        "": "",
    }
