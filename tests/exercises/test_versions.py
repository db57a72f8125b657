"""Between a stored version and what scoring uses."""

from __future__ import annotations

import pytest

from classroom import loading
from exercises import amending, content, making, versions
from exercises.content.schema import Seeds
from exercises.models import ExerciseVersion
from exercises.versions import PassageContent
from tests.exercises.small import GARDEN, LIBRARY, SmallSeeds


@pytest.fixture
def seeds(small: SmallSeeds) -> Seeds:
    return content.read_seeds(small.folder)


def contents(seeds: Seeds) -> dict[str, PassageContent]:
    """Every passage after a turn through its stored form."""
    return {
        making.address(text, passage): PassageContent.of(versions.freeze(text, passage))
        for text in seeds.texts
        for passage in text.passages
    }


def test_a_passage_comes_back_from_its_stored_form_as_it_was(seeds: Seeds) -> None:
    back = contents(seeds)
    for text in seeds.texts:
        for passage in text.passages:
            assert back[making.address(text, passage)].passage == passage


def test_the_digest_changes_with_the_words_and_with_every_annotation(seeds: Seeds) -> None:
    text = seeds.texts[1]
    frozen = versions.freeze(text, text.passages[0])
    digests = {versions.digest(frozen), versions.digest(frozen | {"text": "Other words."})}
    digests.add(versions.digest(frozen | {"annotations": frozen["annotations"][:1]}))
    assert len(digests) == 3
    assert versions.digest(dict(reversed(frozen.items()))) in digests


def test_spans_stay_code_points_of_the_file(seeds: Seeds) -> None:
    files = {"library": LIBRARY, "garden": GARDEN}
    for address, passage in contents(seeds).items():
        file = files[address.partition("/")[0]]
        assert file[passage.start :].startswith(passage.text)
        for first, last in passage.words.spans:
            assert file[first + passage.start : last + passage.start] == passage.text[first:last]


def test_runs_and_spans_are_each_others_reverse(seeds: Seeds) -> None:
    for passage in contents(seeds).values():
        for start in range(len(passage.words)):
            for end in range(start + 1, len(passage.words) + 1):
                assert passage.run_of(passage.span_of((start, end))) == (start, end)
        assert passage.run_of((passage.start + 10**6, passage.start + 10**6 + 5)) is None


def test_targets_are_the_words_of_the_quotes(seeds: Seeds) -> None:
    passage = contents(seeds)["library/closing-time"]
    first, second = passage.targets("technique")
    assert [
        passage.text[slice(*passage.words.code_points((min(t.core), max(t.core) + 1)))] for t in (first, second)
    ] == [
        "heartless",
        "robs every child",
    ]
    assert (len(first.core), len(first.envelope)) == (1, 3)
    assert first.label == "loaded-language"
    assert first.accepted == {"questioning-reputation"}
    assert first.near == {"name-calling", "exaggeration"}
    assert passage.targets("source") == ()


def test_an_annotation_of_several_spans_is_one_target(seeds: Seeds) -> None:
    (repetition,) = contents(seeds)["library/waiting"].targets("technique")
    assert repetition.core == {0, 1, 2, 4, 5, 6}


def test_an_unknown_annotation_is_a_key_error(seeds: Seeds) -> None:
    with pytest.raises(KeyError):
        contents(seeds)["library/vote"].annotation("t9")


@pytest.mark.django_db
def test_every_exercise_comes_back_from_the_database_as_it_was_made(small: SmallSeeds, seeds: Seeds) -> None:
    loading.load(small.folder)
    made = {each.address: each for each in making.make(seeds.texts, seeds.labels)}
    expected = contents(seeds)
    rows = ExerciseVersion.objects.select_related("exercise__passage__source")
    assert len(rows) == len(made)
    for row in rows:
        each = versions.played(row.pk)
        address = (str(row.exercise.passage), each.kind, each.layer, each.annotation)
        assert each.options == made[address].options
        assert each.content == expected[address[0]]
        keys = {target.key for target in each.item.targets}
        asked = {each.annotation} if each.annotation else {t.key for t in each.content.targets(each.layer)}
        assert keys == asked
        assert (each.asked is None) is (each.annotation == "")


@pytest.mark.django_db
def test_right_evidence_is_known_by_its_number_whatever_the_order(small: SmallSeeds) -> None:
    loading.load(small.folder)
    for row in ExerciseVersion.objects.filter(exercise__kind="evidence"):
        each = versions.played(row.pk)
        assert each.item.right == {"0"}
        assert sorted(each.options) == ["0", "1", "2", "3"]


@pytest.mark.django_db
def test_an_unknown_version_does_not_exist(small: SmallSeeds) -> None:
    with pytest.raises(ExerciseVersion.DoesNotExist):
        versions.played(0)


def test_a_label_that_two_rulings_accept_stands_there_once(seeds: Seeds) -> None:
    text = seeds.texts[1]
    frozen = versions.freeze(text, text.passages[0])
    mark = frozen["annotations"][0]["key"]
    twice = amending.accept(amending.accept(frozen, mark, "slogan"), mark, "slogan")
    assert PassageContent.of(twice).annotation(mark).accepted.count("slogan") == 1
