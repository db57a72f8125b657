"""Tables that are the same on the screen, in a CSV file and in a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isinf

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from scoring.statistics import thresholds

Cell = str | int | float | None
DECIMALS = 2


@dataclass(frozen=True)
class Shown:
    """A cell as it is on the screen."""

    text: str
    is_number: bool
    """Whether it stands in a column of figures."""
    link: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first cell of a row says what the row is about. Numbers are rounded as they are shown."""

    slug: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    explanation: str = ""
    """In one sentence, what the figures say."""
    anchor: str = ""
    """Of the part of docs/statistics.md that says how they are computed."""
    links: Sequence[str] = field(default=())
    """Where the first cell of each row leads."""
    is_wide: bool = False
    """Whether it has so many columns that their heads are written upwards on paper."""

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Each column's name, and whether figures stand below it."""
        return [
            (name, bool(at) and all(not isinstance(row[at], str) for row in self.rows))
            for at, name in enumerate(self.columns)
        ]

    @property
    def shown(self) -> list[list[Shown]]:
        links = [*self.links, *[""] * (len(self.rows) - len(self.links))]
        figures = [is_number for _, is_number in self.heads]
        return [
            [_shown(cell, figures[at], link if not at else "") for at, cell in enumerate(row)]
            for row, link in zip(self.rows, links, strict=True)
        ]


def _shown(cell: Cell, is_number: bool, link: str) -> Shown:
    if cell is None:
        text = "–"
    elif isinstance(cell, str):
        text = cell
    else:
        text = number_format(cell, DECIMALS if isinstance(cell, float) else None)
    return Shown(text, is_number, link)


def remark(shown: thresholds.Shown) -> str:
    """What stands beside a figure that is not shown, or that is shown with a caution."""
    return {
        "hidden": _("too few answers for figures"),
        "caution": _("few answers: a hint, not a finding"),
        "plain": "",
    }[shown]


def hint(*shown: thresholds.Shown) -> str:
    """The same as a sentence after others, with the space before it: where one of the figures wants a caution."""
    return f" {_('These are few answers: a hint, not a finding.')}" if "caution" in shown else ""


def percent(part: float, whole: float) -> int | None:
    """A share in whole per cent."""
    return round(100 * part / whole) if whole else None


def two(value: float | None) -> float | None:
    """Rounded as it is shown. None where there is no value, or an interval has no end."""
    return None if value is None or isinf(value) else round(value, DECIMALS) + 0.0


def whole_range(low: float, high: float, *, shown: bool) -> list[Cell]:
    """An interval of a share, in whole per cent."""
    return [round(100 * low), round(100 * high)] if shown else [None, None]
