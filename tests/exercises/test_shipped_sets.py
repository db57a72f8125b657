"""The ready-made sets are balanced, their forms are parallel, and docs/content.md says what the program computes."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from exercises import agreement, balance, decisions, documents, report
from exercises.balance import FormMixture, SetBalance
from exercises.content.schema import ReadySet, Seeds, SetItem
from exercises.making import Made
from scoring.points import Item

FORMS = ("form-a", "form-b", "form-c", "form-d")
Items = dict[Made, Item]


@pytest.fixture(scope="session")
def balances(seeds: Seeds, items: Items) -> list[SetBalance]:
    return list(balance.of_sets(seeds, items))


@pytest.fixture(scope="session")
def forms(seeds: Seeds, items: Items) -> list[FormMixture]:
    return list(balance.of_forms(seeds, items))


def ready(seeds: Seeds, slug: str) -> ReadySet:
    (found,) = (each for each in seeds.sets if each.slug == slug)
    return found


# Every set


def test_there_are_the_sets_that_a_course_needs(seeds: Seeds) -> None:
    slugs = {each.slug for each in seeds.sets}
    assert len(slugs) >= 10
    assert slugs >= {
        "try-it", "first-lesson", "loaded-words", "who-says-so", "numbers", "reading-minds", "because", "one-way-out",
        "how-sure", "five-texts", *FORMS,
    }  # fmt: skip
    assert [each.slug for each in seeds.sets if each.starter] == ["try-it"]
    assert [each.slug for each in seeds.sets if each.sealed] == list(FORMS)


def test_every_set_leaves_38_to_50_percent_clean(balances: list[SetBalance]) -> None:
    """Among the decisions that allow "nothing here". More would pay "always nothing here", less the opposite."""
    for each in balances:
        assert each.offered, each.slug
        assert 0.38 <= each.clean_share <= 0.5, f"{each.slug}: {each.clean} of {each.offered}"


def test_every_set_asks_once_about_a_layer_of_a_passage(balances: list[SetBalance]) -> None:
    """The reveal shows the whole key of a layer."""
    assert [each.slug for each in balances if each.layers_asked_twice] == []


def test_every_set_draws_on_at_least_two_texts(balances: list[SetBalance]) -> None:
    assert [each.slug for each in balances if each.texts < 2] == []


def test_the_one_text_of_a_camp_is_rare_or_also_clean(balances: list[SetBalance]) -> None:
    """Else "this text is always guilty" would be learnt, and right."""
    for each in balances:
        assert each.lone_share <= 0.15 or each.lone_is_clean, f"{each.slug}: {each.lone} of {each.decisions}"


def test_going_by_the_text_or_the_camp_alone_earns_less_than_a_quarter(balances: list[SetBalance]) -> None:
    for each in balances:
        assert each.by_text < 0.25, f"{each.slug}: {each.by_text:.2f}"
        assert each.by_camp < 0.25, f"{each.slug}: {each.by_camp:.2f}"
        assert each.by_camp <= each.by_text + 1e-9, "a rule by text can do whatever one by camp does"


def test_no_set_holds_a_sensitive_passage(seeds: Seeds) -> None:
    sensitive = {f"{text.slug}/{passage.key}" for text in seeds.texts for passage in text.passages if passage.sensitive}
    assert sensitive, "the texts have such passages"
    for each in seeds.sets:
        assert not sensitive & {item.passage for item in each.items}, each.slug


# Single sets


def test_the_first_lesson_has_eight_short_decisions(seeds: Seeds, items: Items) -> None:
    found = decisions.of_set(items, ready(seeds, "first-lesson"))
    assert len(found) == 8
    assert max(len(item.words) for _, item in found) <= 45
    assert ready(seeds, "first-lesson").minutes == 25


def test_how_sure_asks_for_confidence_throughout_and_is_half_clean(seeds: Seeds, items: Items) -> None:
    found = decisions.of_set(items, ready(seeds, "how-sure"))
    assert {item.kind for _, item in found} == {"judge"}
    assert sum(not item.marked for _, item in found) * 2 == len(found)
    targets = [target for _, item in found for target in item.targets]
    assert targets, "and the other half is marked"


def test_five_texts_takes_as_many_decisions_from_each(seeds: Seeds, items: Items) -> None:
    found = decisions.of_set(items, ready(seeds, "five-texts"))
    assert Counter(balance.text_of(made) for made, _ in found) == {text.slug: 3 for text in seeds.texts}


# Test forms


def test_forms_are_matched(forms: list[FormMixture]) -> None:
    """To the decision in kind, layer, share clean, text and so camp; the guesses of difficulty and the length nearly.

    Tolerances: 0.2 of 1 to 3 in the mean guess, 4 words in the mean length.
    """
    first = forms[0]
    assert [form.slug for form in forms] == list(FORMS)
    for form in forms[1:]:
        assert form.mixture == first.mixture, form.slug
        assert (form.texts, form.camps) == (first.texts, first.camps), form.slug
    assert max(form.difficulty for form in forms) - min(form.difficulty for form in forms) <= 0.2
    assert max(form.words for form in forms) - min(form.words for form in forms) <= 4


def test_the_passages_of_a_form_are_in_no_other_set(seeds: Seeds) -> None:
    holders = Counter(passage for each in seeds.sets for passage in {item.passage for item in each.items})
    for slug in FORMS:
        assert [item.passage for item in ready(seeds, slug).items if holders[item.passage] > 1] == []


def test_near_duplicates_of_a_form_s_passages_are_in_the_same_form(seeds: Seeds) -> None:
    """Not in another one, and not where they could be played: in a set, in practice, by a teacher's choice."""
    assert split(seeds) == []


def split(seeds: Seeds) -> list[tuple[str, str]]:
    return [
        each.passages
        for each in balance.alike(seeds)
        if (each.sets[0] | each.sets[1]) & set(FORMS) and each.sets[0] != each.sets[1]
    ]


# The tests can fail


def test_near_duplicates_are_noticed(seeds: Seeds) -> None:
    first, second = balance.alike(seeds)[0].passages
    assert {first, second} == {
        "under-pressure-to-negotiate/poll-and-spirit",
        "under-pressure-to-negotiate/twitter-anger",
    }
    moved = tuple(
        replace(each, items=(*each.items, SetItem(first, "judge", "technique"))) if each.slug == "form-a" else each
        for each in seeds.sets
    )
    assert split(replace(seeds, sets=moved)) == [(first, second)]


def test_a_set_that_is_guilty_by_text_is_noticed(seeds: Seeds, items: Items) -> None:
    """All of one text marked and all of another clean: whoever knows the byline has the full score."""
    judged = [(made, item) for made, item in items.items() if made.kind == "judge"]
    guilty = [each for each in judged if balance.text_of(each[0]) == "the-price-of-intransigence" and each[1].marked]
    fair = [each for each in judged if balance.text_of(each[0]) == "security-guarantees" and not each[1].marked]
    assert balance.best_rule([*guilty[:4], *fair[:4]], balance.text_of) == 1


def test_flagging_blind_is_worth_what_the_best_run_earns(items: Items) -> None:
    """-1 on a clean passage, 1 where "yes" is enough, and hardly anything where a place is asked for."""
    for item in list(items.values())[::7]:
        if decisions.allows_nothing(item):
            value = balance.flag_value(item)
            if not item.marked:
                assert value == -1
            elif item.kind == "judge":
                assert value == 1
            else:
                assert -0.05 <= value <= (0.3 if item.kind == "markup" else 0.12), item.kind


# What the program says of it


def test_whatever_is_out_of_balance_is_named(seeds: Seeds) -> None:
    """Nothing as shipped; and each rule where sets are made to break it."""
    assert balance.faults(seeds) == []
    guilty = [SetItem("the-price-of-intransigence/rejection-and-reasons", "judge", "technique")]
    odd = {"how-sure": guilty, "form-d": list(ready(seeds, "form-d").items[1:])}
    sets = tuple(replace(each, items=tuple(odd.get(each.slug, each.items))) for each in seeds.sets)
    told = balance.faults(replace(seeds, sets=sets))
    for part in (
        "how-sure: 0 of the 1 decisions that allow “nothing here”",
        "how-sure: 1 of 1 decisions are from the one text of a camp",
        "how-sure: it draws on fewer than 2 texts",
        "how-sure: whoever goes by the text alone earns 1.00",
        "how-sure: whoever goes by the camp alone earns 1.00",
        "form-a, form-d: not parallel",
        "form-c, form-d: not parallel",
    ):
        assert [each for each in told if each.startswith(part)], part
    assert not [each for each in told if each.startswith(("numbers", "form-a, form-b"))]


def test_check_names_what_is_out_of_balance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(settings.SEEDS_DIR, tmp_path / "seeds")
    path = tmp_path / "seeds" / "sets.toml"
    asked = '  { passage = "security-guarantees/article-five", kind = "judge", layer = "source" },\n'
    text = path.read_text(encoding="utf-8")
    assert asked in text
    path.write_text(text.replace(asked, ""), encoding="utf-8")
    call_command("load_content", check=True, seeds=tmp_path / "seeds")
    assert "how-sure: 7 of the 13 decisions" in capsys.readouterr().err


def test_check_prints_the_report(seeds: Seeds, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_content", check=True)
    printed = capsys.readouterr().out
    assert printed.splitlines() == report.lines(seeds)
    assert "| form-a | 10 | 10 | 5 (50%) |" in printed
    assert "| all | technique | 119 |" in printed


DOCUMENT = settings.BASE_DIR / "docs" / "content.md"


def test_the_documents_tables_are_what_the_program_computes(seeds: Seeds) -> None:
    """`manage.py coverage --write` and `manage.py agreement --write` renew them."""
    assert documents.read_block(DOCUMENT, "coverage") == report.lines(seeds)
    rows = agreement.rows(seeds, Path(settings.SEEDS_DIR))
    assert documents.read_block(DOCUMENT, "agreement") == agreement.table(rows)


def test_a_block_is_written_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("Before\n<!-- figures -->\nold\n<!-- /figures -->\nAfter\n", encoding="utf-8")
    documents.write_block(path, "figures", ["| 1 |", "| 2 |"])
    assert documents.read_block(path, "figures") == ["| 1 |", "| 2 |"]
    assert path.read_text(encoding="utf-8") == "Before\n<!-- figures -->\n| 1 |\n| 2 |\n<!-- /figures -->\nAfter\n"
    with pytest.raises(ValueError, match="no block words"):
        documents.write_block(path, "words", [])
