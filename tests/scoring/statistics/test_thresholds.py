"""The table of thresholds: in the docs as in the code, and what it lets through."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.statistics import thresholds
from scoring.statistics.thresholds import CLASS_DETECTION, TABLE, Threshold, weakest

DOCS = Path(__file__).parents[3] / "docs" / "statistics.md"


def test_the_docs_have_the_table_of_the_code() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    start = lines.index("| figure | counted | hide below | plain from | below that | basis |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert rows == [
        [each.name, each.counted, str(each.hide), str(each.plain), "words" if each.words else "caution", each.basis]
        for each in TABLE
    ]


def test_every_threshold_is_in_the_table() -> None:
    defined = [each for each in vars(thresholds).values() if isinstance(each, Threshold)]
    assert sorted(each.name for each in defined) == sorted(each.name for each in TABLE)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [((99, 500), "hidden"), ((500, 99), "hidden"), ((100, 199), "caution"), ((200, 200), "plain")],
)
def test_both_sorts_have_to_reach_it(counts: tuple[int, int], shown: str) -> None:
    assert CLASS_DETECTION.shown(*counts) == shown


def test_the_strictest_of_several_decides() -> None:
    assert weakest(["plain", "caution"]) == "caution"
    assert weakest(["plain", "hidden", "caution"]) == "hidden"
    assert weakest(["plain"]) == "plain"
