"""The rule of every kind, and what a kind must have before it is one."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest
from django.conf import settings

from scoring import kinds
from scoring.kinds import KINDS
from scoring.points import Answer, Item, Mark, Target
from scoring.spans import Span, Words

# Twenty words in sentences of eight, eight and four; cores in the first and the second.
WORDS = Words(tuple((3 * index, 3 * index + 2) for index in range(20)), ((0, 8), (8, 16), (16, 20)))
OPTIONS = ("fear", "slogan", "loaded", "exaggeration", "doubt", "values")
LOADED = Target("t1", "loaded", frozenset({2, 3}), accepted=frozenset({"fear"}), near=frozenset({"exaggeration"}))
SLOGAN = Target("t2", "slogan", frozenset({10, 11, 12}), near=frozenset({"values"}))


def item(kind: str, *targets: Target, options: tuple[str, ...] = OPTIONS, right: frozenset[str] = frozenset()) -> Item:
    return Item(kind, "source" if kind in ("source", "evidence") else "technique", WORDS, targets, options, right)


def marked(*runs: tuple[Span, str]) -> Answer:
    return Answer(tuple(Mark(run, label) for run, label in runs))


def test_every_kind_is_complete() -> None:
    """A kind is a module, a template and a row in docs/scoring.md; adding one without the others fails here."""
    rows = [
        line for line in (settings.BASE_DIR / "docs/scoring.md").read_text("utf-8").splitlines() if line.startswith("|")
    ]
    modules = {path.stem for path in (Path(kinds.__file__).parent).glob("[!_]*.py")}
    assert set(KINDS) == modules
    for slug, kind in KINDS.items():
        assert slug == kind.SLUG
        assert kind.OPTIONS >= 0
        assert isinstance(kind.CLEAN_OFFERED, bool)
        assert (settings.BASE_DIR / f"templates/play/kinds/{slug}.html").is_file(), f"{slug} has no template"
        assert any(row.startswith(f"| `{slug}` |") for row in rows), f"{slug} has no row in docs/scoring.md"


def test_a_template_without_a_kind_is_noticed() -> None:
    assert {path.stem for path in (settings.BASE_DIR / "templates/play/kinds").glob("*.html")} == set(KINDS)


MARKING = pytest.mark.parametrize("kind", ["spot", "source"])


@MARKING
def test_the_clean_decision_is_worth_one_either_way(kind: str) -> None:
    for targets, answer, score in (
        ((), Answer(), 1),
        ((), marked(((2, 4), "loaded")), -1),
        ((LOADED,), Answer(), -1),
    ):
        decision = kinds.score(item(kind, *targets), answer)
        assert decision.score == score
        assert decision.correct is (score == 1)
        assert decision.signal is bool(targets)
        assert decision.flagged is bool(answer.marks)


@MARKING
def test_right_place_and_right_name_earn_everything(kind: str) -> None:
    decision = kinds.score(item(kind, LOADED, SLOGAN), marked(((10, 13), "slogan")))
    assert decision.score == pytest.approx(1)
    assert decision.points == 100
    assert (decision.label, decision.target, decision.place) == ("right", "t2", 1)
    assert decision.verdicts == {"t1": "missed", "t2": "found"}
    assert decision.extra == ()


@pytest.mark.parametrize(
    ("label", "verdict", "part"),
    [("loaded", "right", 1), ("fear", "right", 1), ("exaggeration", "near", 0), ("doubt", "wrong", -2 / 3)],
)
@MARKING
def test_the_name_is_four_tenths(kind: str, label: str, verdict: str, part: float) -> None:
    decision = kinds.score(item(kind, LOADED), marked(((2, 4), label)))
    assert decision.score == pytest.approx(0.6 + 0.4 * part)
    assert decision.label == verdict
    assert decision.correct is (verdict != "wrong")


@MARKING
def test_a_mark_elsewhere_is_not_named_and_earns_less_than_nothing(kind: str) -> None:
    decision = kinds.score(item(kind, LOADED), marked(((17, 19), "loaded")))
    assert -0.6 <= decision.score < 0
    assert (decision.label, decision.target, decision.extra) == (None, None, (0,))
    assert decision.signal is decision.flagged is True
    assert not decision.correct


@MARKING
def test_marking_everything_earns_at_most_the_name(kind: str) -> None:
    decision = kinds.score(item(kind, LOADED), marked(((0, 20), "loaded")))
    assert decision.place == pytest.approx(0)
    assert mean(kinds.score(item(kind, LOADED), marked(((0, 20), label))).score for label in OPTIONS) == pytest.approx(
        0
    )


@MARKING
def test_a_sentence_with_two_techniques_takes_either_name(kind: str) -> None:
    one = Target("t1", "loaded", frozenset({2, 3}), near=frozenset({"exaggeration"}))
    other = Target("t3", "doubt", frozenset({6}), near=frozenset({"values"}))
    named = {label: kinds.score(item(kind, one, other), marked(((0, 8), label))) for label in OPTIONS}
    assert {label for label in OPTIONS if named[label].label == "right"} == {"loaded", "doubt"}
    assert {label for label in OPTIONS if named[label].label == "near"} == {"exaggeration", "values"}
    assert (named["loaded"].target, named["doubt"].target) == ("t1", "t3")
    place = named["loaded"].place or 0
    assert named["doubt"].score == pytest.approx(0.6 * place + 0.4)
    assert mean(decision.score for decision in named.values()) == pytest.approx(0.6 * place)


@MARKING
def test_no_score_leaves_the_range(kind: str) -> None:
    """Not even where a sentence holds so many techniques that hardly a name is wrong, and a wrong one costs dear."""
    crowd = [Target(label, label, frozenset({index})) for index, label in enumerate(OPTIONS[:5])]
    for crowded in (item(kind, *crowd), item(kind, LOADED, SLOGAN), item(kind, LOADED, *crowd[3:])):
        scores = [
            kinds.score(crowded, marked(((start, end), label))).score
            for start in range(20)
            for end in range(start + 1, 21)
            for label in OPTIONS
        ]
        assert min(scores) >= -1
        assert max(scores) == pytest.approx(1)


@pytest.mark.parametrize(("choice", "score"), [("loaded", 1), ("exaggeration", 0), ("slogan", -1 / 2), (None, -1 / 2)])
def test_name_is_the_label_part_alone(choice: str | None, score: float) -> None:
    four = ("slogan", "loaded", "exaggeration", "doubt")
    decision = kinds.score(item("name", LOADED, options=four), Answer(choice=choice))
    assert decision.score == pytest.approx(score)
    assert decision.correct is (score == 1)
    assert decision.target == "t1"
    assert decision.signal is decision.flagged is None


@pytest.mark.parametrize(("right", "wrong_costs"), [({"2"}, 1 / 3), ({"0", "3"}, 1)])
def test_evidence_earns_one_or_costs_a_guess(right: set[str], wrong_costs: float) -> None:
    asked = item("evidence", LOADED, options=("3", "0", "2", "1"), right=frozenset(right))
    scores = {choice: kinds.score(asked, Answer(choice=choice)) for choice in asked.options}
    assert {choice for choice, decision in scores.items() if decision.correct} == right
    assert min(decision.score for decision in scores.values()) == pytest.approx(-wrong_costs)
    assert mean(decision.score for decision in scores.values()) == pytest.approx(0)
    assert all(decision.signal is None and decision.flagged is None for decision in scores.values())


@pytest.mark.parametrize("targets", [(), (LOADED,)])
@pytest.mark.parametrize("flagged", [True, False])
def test_judge_is_one_or_minus_one_however_sure(targets: tuple[Target, ...], flagged: bool) -> None:
    for confidence in (50, 100):
        decision = kinds.score(item("judge", *targets), Answer(flagged=flagged, confidence=confidence))
        assert decision.score == (1 if flagged == bool(targets) else -1)
        assert (decision.signal, decision.flagged) == (bool(targets), flagged)


def test_markup_everything_marked_and_named_earns_everything() -> None:
    decision = kinds.score(item("markup", LOADED, SLOGAN), marked(((2, 4), "fear"), ((10, 13), "slogan")))
    assert decision.score == pytest.approx(1)
    assert decision.correct
    assert decision.verdicts == {"t1": "found", "t2": "found"}


def test_markup_one_of_two_earns_the_agreement_with_both() -> None:
    decision = kinds.score(item("markup", LOADED, SLOGAN), marked(((2, 4), "loaded")))
    # 20 words, 2 picked, 5 in a core, 2 in both: 17 agree, chance is (10 + 270) / 400.
    assert decision.place == pytest.approx((0.85 - 0.7) / 0.3)
    assert decision.score == pytest.approx(0.6 * 0.5 + 0.4)
    assert not decision.correct
    assert decision.verdicts == {"t1": "found", "t2": "missed"}


def test_markup_names_are_averaged_over_what_was_found() -> None:
    decision = kinds.score(item("markup", LOADED, SLOGAN), marked(((2, 4), "loaded"), ((10, 13), "values")))
    assert decision.score == pytest.approx(0.6 + 0.4 * (1 + 0) / 2)
    assert decision.label == "near"
    assert decision.correct


def test_markup_marks_that_meet_nothing_are_extra() -> None:
    decision = kinds.score(item("markup", LOADED), marked(((2, 4), "loaded"), ((17, 19), "doubt")))
    assert decision.extra == (1,)
    assert decision.score < 1


def test_markup_everything_marked_earns_no_place() -> None:
    decision = kinds.score(item("markup", LOADED, SLOGAN), marked(((0, 20), "loaded")))
    assert decision.place == pytest.approx(0)


def test_markup_the_clean_decision_is_worth_one_either_way() -> None:
    assert kinds.score(item("markup"), Answer()).score == 1
    assert kinds.score(item("markup"), marked(((2, 4), "loaded"))).score == -1
    assert kinds.score(item("markup", LOADED), Answer()).score == -1
