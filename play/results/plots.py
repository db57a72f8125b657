"""Plots as coordinates, for templates that draw them as SVG. Each has a table beside it that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SIZE = 320
"""Width and height of the drawing area, in units of the picture."""
MARGIN = 44
CORNERS = (9, -8), (9, 17), (-16, 17), (-16, -8)


@dataclass(frozen=True)
class Axis:
    """Values from low to high, drawn from left to right or from the bottom up."""

    low: float
    high: float
    ticks: tuple[float, ...]
    unit: str = ""

    def place(self, value: float) -> float:
        """Between 0 and 1; what lies beyond the axis is put on its end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class Point:
    """A value with its interval on either axis, where there is one."""

    x: float
    y: float
    name: str
    sort: str
    """Which mark is drawn: class or student."""
    x_interval: tuple[float, float] | None = None
    y_interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    number: int
    sort: str
    name: str
    across: tuple[float, float] | None
    up: tuple[float, float] | None

    @property
    def number_at(self) -> tuple[int, int]:
        """How far from the mark its number stands: corner by corner, so that near marks keep theirs apart."""
        return CORNERS[(self.number - 1) % len(CORNERS)]


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Plot:
    """Everything in units of the picture."""

    title: str
    across: str
    up: str
    marks: tuple[Mark, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    diagonal: tuple[float, float, float, float] | None
    zero: float | None
    """Where the vertical line at 0 stands, if there is one."""
    left: int = MARGIN
    top: int = 12
    right: int = MARGIN + SIZE
    bottom: int = 12 + SIZE
    width: int = MARGIN + SIZE + 16
    height: int = 12 + SIZE + MARGIN


def plot(
    points: Sequence[Point], *, title: str, x: Axis, y: Axis, across: str, up: str, diagonal: bool = False
) -> Plot:
    marks = tuple(
        Mark(
            _across(x, each.x),
            _up(y, each.y),
            number,
            each.sort,
            each.name,
            each.x_interval and (_across(x, each.x_interval[0]), _across(x, each.x_interval[1])),
            each.y_interval and (_up(y, each.y_interval[0]), _up(y, each.y_interval[1])),
        )
        for number, each in enumerate(points, 1)
    )
    low, high = max(x.low, y.low), min(x.high, y.high)
    return Plot(
        title,
        across,
        up,
        marks,
        tuple(Tick(_across(x, each), f"{each:g}{x.unit}") for each in x.ticks),
        tuple(Tick(_up(y, each), f"{each:g}{y.unit}") for each in y.ticks),
        (_across(x, low), _up(y, low), _across(x, high), _up(y, high)) if diagonal else None,
        _across(x, 0) if x.low < 0 < x.high else None,
    )


def _across(axis: Axis, value: float) -> float:
    return round(MARGIN + SIZE * axis.place(value), 1)


def _up(axis: Axis, value: float) -> float:
    return round(12 + SIZE * (1 - axis.place(value)), 1)
