"""How many answers a figure needs. docs/statistics.md has the same table; a test compares the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Shown = Literal["hidden", "caution", "plain"]


@dataclass(frozen=True)
class Threshold:
    """Below `hide` a figure is not shown; below `plain` it comes with a caution, or as words where `words` is true."""

    name: str
    counted: str
    hide: int
    plain: int
    basis: str
    words: bool = False

    def shown(self, *counts: int) -> Shown:
        """Every count has to reach the threshold, as both sorts of trials for d′."""
        least = min(counts)
        return "hidden" if least < self.hide else "caution" if least < self.plain else "plain"


STUDENT_ACCURACY = Threshold("Accuracy of a student", "answers", 10, 20, "Wilson interval of 10 of 20: 30 to 70 %")
STUDENT_DETECTION = Threshold(
    "d′ and c of a student",
    "trials of each sort",
    10,
    30,
    "standard deviation of d′ with 10 and 10 trials 0.58, with 30 and 30 0.34",
    words=True,
)
CLASS_WORDS = Threshold("First line of a class", "trials of each sort", 20, 100, "as for the facility of an item")
CLASS_STUDENTS = Threshold("d′ and c of a class, students", "students", 10, 10, "convention, privacy")
CLASS_DETECTION = Threshold("d′ and c of a class, trials", "trials of each sort", 100, 200, "convention")
FACILITY = Threshold("Facility of an item", "answers", 20, 50, "Wilson interval of 25 of 50: 37 to 63 %")
LABEL = Threshold("Hits by label in a class", "answers", 20, 50, "as for the facility of an item")
STUDENT_LABEL = Threshold("Hits by label of a student", "passages", 5, 10, "convention")
DISCRIMINATION = Threshold(
    "Discrimination of an item", "answers", 50, 100, "half-width of the 95 % interval 0.29 and 0.20"
)
DISTRACTORS = Threshold("Distractors of an item", "answers of the best third", 10, 20, "convention")
STUDENT_BRIER = Threshold("Brier score of a student", "answers with a confidence", 20, 50, "convention")
CLASS_BRIER = Threshold("Calibration of a class, by level", "answers at the level", 10, 30, "convention")
AUC = Threshold("AUC of a class", "trials of each sort", 30, 100, "convention")
GAIN = Threshold("Gain", "students with both tests", 15, 30, "convention")
SUBGROUP = Threshold("Any group", "students", 10, 10, "privacy")
FAIRNESS_ANSWERS = Threshold("False alarms on a camp", "answers to clean passages", 30, 100, "convention")
FAIRNESS_PASSAGES = Threshold("False alarms on a camp, passages", "clean passages", 5, 5, "convention")

TABLE: tuple[Threshold, ...] = (
    STUDENT_ACCURACY,
    STUDENT_DETECTION,
    CLASS_WORDS,
    CLASS_STUDENTS,
    CLASS_DETECTION,
    FACILITY,
    LABEL,
    STUDENT_LABEL,
    DISCRIMINATION,
    DISTRACTORS,
    STUDENT_BRIER,
    CLASS_BRIER,
    AUC,
    GAIN,
    SUBGROUP,
    FAIRNESS_ANSWERS,
    FAIRNESS_PASSAGES,
)


def weakest(shown: Iterable[Shown]) -> Shown:
    """What may be shown where several thresholds apply."""
    return min(shown, key=("hidden", "caution", "plain").index)
