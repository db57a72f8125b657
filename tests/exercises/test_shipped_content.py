"""The shipped content: it holds together, and no way of playing without reading pays.

Simulated players (players.py) play every ready-made set a hundred times over. A bound counts as broken only when
the mean is beyond it by more than three standard errors over the repetitions; the dice are seeded, so equal
content gives equal results.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from math import log, sqrt

import pytest

from exercises.content.schema import LAYERS, ReadySet, Seeds
from exercises.decisions import Decision, of_set
from exercises.making import MARKING_KIND, Made
from scoring import kinds
from scoring.points import Answer, Item, Mark, place_score
from tests.exercises import players
from tests.exercises.players import BLIND, EXPERT, NOVICE, play

Decisions = list[Decision]


@pytest.fixture(scope="session")
def sets(seeds: Seeds, items: dict[Made, Item]) -> list[tuple[ReadySet, Decisions]]:
    """Every ready-made set with its decisions."""
    found = [(ready, of_set(items, ready)) for ready in seeds.sets]
    assert found, "there are no ready-made sets"
    return found


Sets = list[tuple[ReadySet, Decisions]]


def only(decisions: Decisions) -> list[Item]:
    return [item for _, item in decisions]


# What is there.


def test_everything_loads(seeds: Seeds, items: dict[Made, Item]) -> None:
    assert len(seeds.texts) == 5
    assert {made.kind for made in items} == set(kinds.KINDS)
    assert all(text.passages for text in seeds.texts)


def test_the_starter_has_eight_decisions_from_easy_kinds_to_hard_and_spoils_no_other_set(sets: Sets) -> None:
    ((starter, decisions),) = [(ready, decisions) for ready, decisions in sets if ready.starter]
    order = ["judge", "name", "spot"]
    asked = [made.kind for made, _ in decisions]
    assert len(asked) == 8
    assert set(asked) == set(order)
    assert asked == sorted(asked, key=order.index)
    passages = {made.passage for made, _ in decisions}
    for ready, others in sets:
        shared = passages & {made.passage for made, _ in others}
        assert ready is starter or not shared, f"{ready.slug} shares {shared}"


# What answers earn.


def test_the_exact_answer_earns_every_point(items: dict[Made, Item]) -> None:
    for made, item in items.items():
        for answer in exact(item):
            assert kinds.score(item, answer).points == 100, (made, answer)


def exact(item: Item) -> list[Answer]:
    """All answers that are right to the word."""
    if item.kind in ("name", "evidence"):
        right = item.right or item.targets[0].right & set(item.options)
        return [Answer(choice=option) for option in right]
    if item.kind == "judge":
        return [Answer(flagged=item.marked, confidence=100)]
    marks = [[Mark(run, target.label) for run in players.runs(target.core)] for target in item.targets]
    if item.kind == "markup" or not marks:
        return [Answer(tuple(mark for each in marks for mark in each))]
    return [Answer(tuple(each)) for each in marks]


def test_no_decision_pays_less_than_nothing_or_more_than_everything(items: dict[Made, Item]) -> None:
    dice = random.Random(1)
    for item in items.values():
        for player in (*BLIND.values(), NOVICE):
            assert -1 <= kinds.score(item, player(dice, item)).score <= 1


def test_random_runs_earn_no_place_on_any_playable_passage(items: dict[Made, Item]) -> None:
    """By enumeration of the runs. The floor of k at -1 leaves a little where marks are dense: never more than 0.2."""
    means = []
    for item in items.values():
        if item.kind not in ("spot", "source") or not item.marked:
            continue
        for length in range(1, len(item.words) + 1, 5):
            starts = range(len(item.words) - length + 1)
            earned = [place_score(item.words, (start, start + length), item.targets) for start in starts]
            means.append(sum(earned) / len(earned))
    assert max(means) <= 0.2
    assert sum(means) / len(means) <= 0.01


@pytest.mark.parametrize("name", BLIND)
def test_players_without_discernment_earn_nothing(sets: Sets, name: str) -> None:
    """S = 0 is 50 points. Means over a set; no set may pay any of them more."""
    for ready, decisions in sets:
        result = play(BLIND[name], only(decisions), seed=ready.slug)
        assert not result.is_above(0), f"{ready.slug}: {result}"


def test_always_the_same_label_earns_no_more_than_its_share_of_right_answers(sets: Sets, seeds: Seeds) -> None:
    """A player who always finds something, marks a random sentence and names it L (a guess where L is not shown).

    In a set about one technique L is often right, and knowing that is not worth nothing. So the bound is the share
    of the set's decisions that ask for a name and take L for an answer; above a quarter, it is a quarter. A label
    that is never right earns nothing.
    """
    for ready, decisions in sets:
        for label in (each.slug for each in seeds.labels):
            share = sum(takes(label, item) for item in only(decisions)) / len(decisions)
            player = players.flags(players.some_sentence, players.always(label))
            result = play(player, only(decisions), times=50, seed=ready.slug)
            assert not result.is_above(min(share, 0.25)), f"{ready.slug}, {label} ({share:.2f}): {result}"


def takes(label: str, item: Item) -> bool:
    named = item.kind in ("spot", "source", "markup", "name")
    return named and any(label in target.right for target in item.targets)


def test_an_expert_earns_more_than_0_6_and_more_than_everybody_else(sets: Sets) -> None:
    """90 % right calls, marks within a word of the core, 80 % right names."""
    for ready, decisions in sets:
        expert = play(EXPERT, only(decisions), seed=ready.slug)
        others = {name: play(player, only(decisions), seed=ready.slug) for name, player in BLIND.items()}
        others["a novice"] = play(NOVICE, only(decisions), seed=ready.slug)
        assert expert.mean > 0.6, f"{ready.slug}: {expert}"
        assert all(expert.mean - 3 * expert.error > each.mean + 3 * each.error for each in others.values()), ready.slug


def test_an_inflated_share_of_marked_passages_would_be_noticed(items: dict[Made, Item]) -> None:
    """The bound on players can break: with nothing clean, whoever always flags is paid."""
    marked = [item for made, item in items.items() if made.kind == "judge" and item.marked]
    assert play(BLIND["a random sentence"], marked).is_above(0)


# What the option lists tell.

Example = tuple[frozenset[str], bool, Hashable]
"""Options, whether the passage is marked, and what must be left out together."""


def balanced_accuracy(examples: Sequence[Example]) -> tuple[float, float]:
    """Of naive Bayes on option indicators, leaving out one group of examples at a time, and its standard error.

    Groups are equal lists: a clean passage borrows a marked one's, and the twin would give the answer away, upside
    down. Both classes weigh the same, so that the base rate is a half whatever the mixture.
    """
    labels = sorted({label for options, _, _ in examples for label in options})
    hits: dict[bool, list[bool]] = {True: [], False: []}
    for options, marked, group in examples:
        weight = 0.0
        for state, sign in ((True, 1), (False, -1)):
            others = [each for each, its, where in examples if its is state and where != group]
            for label in labels:
                share = (sum(label in each for each in others) + 1) / (len(others) + 2)
                weight += sign * log(share if label in options else 1 - share)
        hits[marked].append((weight > 0) is marked)
    accuracy = sum(sum(each) / len(each) for each in hits.values()) / 2
    error = sqrt(sum(0.25 / len(each) for each in hits.values())) / 2
    return accuracy, error


def marking_lists(items: dict[Made, Item], layer: str) -> list[Example]:
    return [
        (frozenset(item.options), item.marked, item.options)
        for item in items.values()
        if item.kind == MARKING_KIND[layer] and item.layer == layer
    ]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_option_list_does_not_tell_whether_something_is_marked(items: dict[Made, Item], layer: str) -> None:
    accuracy, error = balanced_accuracy(marking_lists(items, layer))
    assert accuracy <= 0.5 + 3 * error, f"{accuracy:.2f} ± {error:.2f}"


@pytest.mark.parametrize("layer", LAYERS)
def test_clean_passages_borrow_their_lists_from_all_texts_alike(items: dict[Made, Item], layer: str) -> None:
    """Techniques differ from text to text: lists of a few texts only would be a hint.

    A chi-square test (four degrees of freedom, one in a thousand) with the correction for drawing without putting
    back. A list that passages of several texts have counts for each of them in part.
    """
    lists = [(made.passage.partition("/")[0], item) for made, item in items.items() if made.kind == MARKING_KIND[layer]]
    marked = Counter(text for text, item in lists if item.marked)
    borrowed = [item.options for _, item in lists if not item.marked]
    lent: defaultdict[str, float] = defaultdict(float)
    for options in borrowed:
        owners = [text for text, item in lists if item.marked and item.options == options]
        for text in owners:
            lent[text] += 1 / len(owners)
    expected = {text: len(borrowed) * count / marked.total() for text, count in marked.items()}
    drift = sum((lent[text] - count) ** 2 / count for text, count in expected.items())
    assert drift <= 18.5 * (1 - len(borrowed) / marked.total()), dict(lent)


@pytest.mark.parametrize("layer", LAYERS)
def test_lists_that_do_tell_are_noticed(items: dict[Made, Item], layer: str) -> None:
    """If clean passages had six labels drawn at random, the same classifier would find them."""
    dice = random.Random(layer)
    catalogue = sorted({label for options, _, _ in marking_lists(items, layer) for label in options})
    examples: list[Example] = [
        (options if marked else frozenset(dice.sample(catalogue, 6)), marked, number)
        for number, (options, marked, _) in enumerate(marking_lists(items, layer))
    ]
    accuracy, error = balanced_accuracy(examples)
    assert accuracy > 0.5 + 3 * error, f"{accuracy:.2f} ± {error:.2f}"


@pytest.mark.parametrize("layer", LAYERS)
def test_the_option_shown_most_is_right_no_more_often_than_the_skew_of_the_key_allows(
    items: dict[Made, Item], layer: str
) -> None:
    """Over all `name` exercises of a layer.

    Chance is a quarter, or the share of the commonest key among the exercises that can show it, if that is more: some
    labels simply are the key more often. The lists may add nothing to that beyond three standard errors.
    """
    named = [item for item in items.values() if item.kind == "name" and item.layer == layer]
    keys = Counter(item.targets[0].label for item in named)
    shown = Counter(option for item in named for option in item.options)
    commonest, count = keys.most_common(1)[0]
    chance = max(0.25, count / sum(commonest not in item.targets[0].accepted for item in named))
    strategies: dict[str, Callable[[str], float]] = {
        "shown most": lambda option: shown[option],
        "key most often": lambda option: keys[option],
        "key most often where shown": lambda option: keys[option] / shown[option],
        "shown least": lambda option: -shown[option],
    }
    error = sqrt(chance * (1 - chance) / len(named))
    for name, rule in strategies.items():
        right = sum(max(item.options, key=rule) == item.targets[0].label for item in named) / len(named)
        assert right <= chance + 3 * error, f"{name}: {right:.2f}, chance {chance:.2f} ± {error:.2f}"


def test_names_in_a_set_are_not_guessed_by_the_option_shown_most(sets: Sets, items: dict[Made, Item]) -> None:
    """In every ready-made set, whoever names what is shown most earns nothing beyond three standard errors."""
    named = [item for item in items.values() if item.kind == "name"]
    shown = Counter(option for item in named for option in item.options)
    earned = [
        kinds.score(item, Answer(choice=max(item.options, key=lambda option: shown[option]))).score
        for _, decisions in sets
        for item in only(decisions)
        if item.kind == "name"
    ]
    mean = sum(earned) / len(earned)
    error = sqrt(sum((score - mean) ** 2 for score in earned) / (len(earned) - 1) / len(earned))
    assert mean <= 3 * error, f"{mean:.2f} ± {error:.2f}"


@pytest.mark.parametrize("rule", ["first", "last", "longest", "shortest"])
def test_the_right_evidence_is_known_neither_by_its_place_nor_by_its_length(
    seeds: Seeds, items: dict[Made, Item], rule: str
) -> None:
    texts = {
        (text.slug + "/" + passage.key, annotation.key): [option.text for option in annotation.evidence]
        for text in seeds.texts
        for passage in text.passages
        for annotation in passage.annotations
    }
    hits, chances = 0, []
    for made, item in items.items():
        if item.kind != "evidence":
            continue
        lengths = {option: len(texts[made.passage, made.annotation][int(option)]) for option in item.options}
        chosen = {
            "first": item.options[0],
            "last": item.options[-1],
            "longest": max(item.options, key=lengths.__getitem__),
            "shortest": min(item.options, key=lengths.__getitem__),
        }[rule]
        hits += chosen in item.right
        chances.append(len(item.right) / len(item.options))
    error = sqrt(sum(chance * (1 - chance) for chance in chances)) / len(chances)
    assert hits / len(chances) <= sum(chances) / len(chances) + 3 * error, f"{hits} of {len(chances)}"
