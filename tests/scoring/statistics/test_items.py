"""Item analysis by hand and against SciPy and scikit-learn."""

from __future__ import annotations

import random

import pytest
from scipy.stats import pearsonr, pointbiserialr
from sklearn.metrics import confusion_matrix

from scoring.statistics.items import Scores, beating, choices, confusion, discrimination, facility, rests


def test_facility() -> None:
    assert facility([True, True, False, True]) == 0.75


def test_the_rest_is_the_mean_of_the_other_items() -> None:
    scores = {"a": {"ann": 1.0, "ben": 0.0, "cy": 1.0}, "b": {"ann": 1.0, "ben": 0.5}, "c": {"ann": 0.0, "ben": 0.5}}
    assert rests(scores) == {
        "a": {"ann": 0.5, "ben": 0.5},
        "b": {"ann": 0.5, "ben": 0.25},
        "c": {"ann": 1.0, "ben": 0.25},
    }, "who answered one item has no rest"


def test_discrimination_against_scipy() -> None:
    dice = random.Random(8)
    skill = {student: dice.gauss(0, 1) for student in range(60)}
    scores: Scores = {
        item: {student: float(dice.gauss(skill[student], 1) > item / 4 - 1) for student in skill} for item in range(8)
    }
    rest = rests(scores)
    for item, by_student in scores.items():
        order = list(by_student)
        first, second = [by_student[each] for each in order], [rest[item][each] for each in order]
        assert discrimination(by_student, rest[item]) == pytest.approx(pearsonr(first, second).statistic)
        assert discrimination(by_student, rest[item]) == pytest.approx(pointbiserialr(first, second).statistic)


def test_no_discrimination_where_everybody_does_the_same() -> None:
    assert discrimination({1: 1.0, 2: 1.0}, {1: 0.2, 2: 0.8}) is None
    assert discrimination({1: 1.0}, {1: 0.2}) is None


def test_a_distractor_that_beats_the_key_among_the_best_third() -> None:
    rest = {student: student / 12 for student in range(12)}
    given = dict.fromkeys(range(12), "key") | {11: "trap", 10: "trap", 9: "trap", 0: "other"}
    found = choices(given, ["key"], rest)
    assert [(each.answer, each.count, each.best_third) for each in found] == [
        ("key", 8, 1),
        ("trap", 3, 3),
        ("other", 1, 0),
    ]
    assert [each.answer for each in beating(found)] == ["trap"]


def test_a_common_mistake_of_the_others_beats_nothing() -> None:
    rest = {student: student / 12 for student in range(12)}
    given = {student: "key" if student > 7 else "trap" for student in range(12)}
    found = choices(given, ["key"], rest)
    assert [(each.answer, each.count, each.best_third) for each in found] == [("trap", 8, 0), ("key", 4, 4)]
    assert beating(found) == ()


def test_confusion_against_scikit_learn() -> None:
    dice = random.Random(4)
    labels = ["a", "b", "c"]
    pairs = [(dice.choice(labels), dice.choice(labels)) for _ in range(200)]
    expected = confusion_matrix([key for key, _ in pairs], [answer for _, answer in pairs], labels=labels)
    table = confusion(pairs)
    assert [[table[key][answer] for answer in labels] for key in labels] == expected.tolist()
