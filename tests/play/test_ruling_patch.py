"""Rulings as a patch: `git apply` takes it, the loader accepts it, and it says what was ruled."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from classroom import loading
from exercises.content.schema import Passage, Seeds
from exercises.models import Passage as PassageRow
from play import ruled, ruling_patch, rulings
from play.ruling_patch import Patch
from play.rulings import Decision
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
HEADLINE = "peace-initiative/headline-and-invasion"


@pytest.fixture
def school(shipped_content: None, cast: Cast) -> Cast:
    return cast


def rule(
    school: Cast, address: str, mark: str, layer: str, decided: str, why: str = "Said twice: “so”.", **needs: object
) -> None:
    slug, _, key = address.partition("/")
    passage = PassageRow.objects.select_related("source", "current").get(source__slug=slug, key=key)
    decision = Decision(decided=decided, why=why, **needs)  # type: ignore[arg-type]
    rulings.rule(teacher=school.bob, passage=passage, layer=layer, mark=mark, decision=decision, now=NOW)


def applied(made: Patch, folder: Path) -> Seeds:
    """The shipped seeds with the patch, as `git apply` makes it and the loader reads it."""
    shutil.copytree(settings.SEEDS_DIR, folder / "seeds")
    (folder / "rulings.patch").write_bytes(made.text.encode())
    done = subprocess.run(["git", "apply", "--verbose", "rulings.patch"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return loading.check(folder / "seeds")


def passage_of(seeds: Seeds, address: str) -> Passage:
    slug, _, key = address.partition("/")
    (text,) = (text for text in seeds.texts if text.slug == slug)
    (found,) = (passage for passage in text.passages if passage.key == key)
    return found


def patched(school: Cast) -> Patch:
    return ruling_patch.patch(rulings=ruled.standing(teacher=school.bob), seeds=settings.SEEDS_DIR)


def test_an_accepted_label_and_a_wider_envelope(school: Cast, tmp_path: Path) -> None:
    rule(school, HEADLINE, "t1", "technique", "accept", label="doubt")
    rule(school, HEADLINE, "s1", "source", "widen", words=frozenset(range(14, 16)))
    made = patched(school)
    assert not made.left_out
    found = passage_of(applied(made, tmp_path), HEADLINE)
    marks = {each.key: each for each in found.annotations}
    assert marks["t1"].accepted == ("doubt",)
    assert "doubt" not in [each.label for each in marks["t1"].near]
    assert len(marks["s1"].envelope) == 2
    assert made.text.count("\n+") < 20, "nothing but what was ruled"


def test_near_misses_that_run_short_come_from_the_catalogue(school: Cast, tmp_path: Path) -> None:
    address = "peace-initiative/three-years-war"
    rule(school, address, "s1", "source", "accept", label="citation-needed")
    made = patched(school)
    assert not made.left_out
    (mark,) = passage_of(applied(made, tmp_path), address).annotations
    assert len(mark.near) == 2
    assert "citation-needed" in mark.accepted


def test_a_removed_mark_and_a_discussion_leave_the_sets_playable(school: Cast, tmp_path: Path) -> None:
    rule(school, HEADLINE, "t1", "technique", "remove")
    rule(school, "peace-initiative/wish-to-negotiate", "", "technique", "discuss")
    made = patched(school)
    assert not made.left_out
    seeds = applied(made, tmp_path)
    assert passage_of(seeds, HEADLINE).layers["technique"].state == "clean"
    assert passage_of(seeds, "peace-initiative/wish-to-negotiate").layers["technique"].state == "discussion"
    asked = [(item.passage, item.kind) for each in seeds.sets for item in each.items]
    assert ("peace-initiative/wish-to-negotiate", "spot") not in asked


def test_a_new_explanation(school: Cast, tmp_path: Path) -> None:
    text = "The headline calls a wish unreal. " + "It does not look at what was offered. " * 8
    rule(school, HEADLINE, "t1", "technique", "explain", explanation=text.strip())
    found = passage_of(applied(patched(school), tmp_path), HEADLINE)
    assert found.of_layer("technique")[0].explanation == text.strip()


def test_what_the_loader_refuses_is_left_out_and_told(school: Cast, tmp_path: Path) -> None:
    """A teacher's explanation that is too short is not exported; the other ruling is."""
    rule(school, HEADLINE, "t1", "technique", "explain", explanation="Too short.")
    rule(school, HEADLINE, "s1", "source", "accept", label="weasel-attribution")
    made = patched(school)
    ((ruling, reason),) = made.left_out
    assert ruling.decided == "explain"
    assert "explanation" in reason
    assert [each.decided for each in made.taken] == ["accept"]
    applied(made, tmp_path)


def test_sets_that_come_out_of_balance_are_named_at_the_head(school: Cast, tmp_path: Path) -> None:
    """A set that has more clean passages than marked ones, a test form that lost a decision; `git apply` takes it."""
    rule(school, "peace-initiative/articles-and-plans", "t1", "technique", "remove")
    rule(school, "under-pressure-to-negotiate/step-backward", "", "technique", "discuss")
    made = patched(school)
    assert not made.left_out
    clean = "of the 14 decisions that allow “nothing here” are on clean passages, 57%; it should be 38% to 50%"
    assert f"how-sure: 8 {clean}" in made.warnings
    assert "form-a: under-pressure-to-negotiate/step-backward is not asked as spot any more" in made.warnings
    assert "form-a, form-b: not parallel: they differ in kinds, layers and clean passages, texts" in made.warnings
    assert made.text.startswith("".join(f"# {each}\n" for each in made.warnings) + "--- a/seeds/")
    applied(made, tmp_path)


def test_sets_that_stay_balanced_are_not_warned_of(school: Cast) -> None:
    rule(school, HEADLINE, "t1", "technique", "accept", label="doubt")
    assert patched(school).warnings == []


def test_the_command_prints_what_the_school_adopted(school: Cast) -> None:
    rule(school, HEADLINE, "t1", "technique", "accept", label="doubt")
    out, told = io.StringIO(), io.StringIO()
    call_command("export_rulings", stdout=out, stderr=told)
    assert out.getvalue() == ""
    assert "0 rulings" in told.getvalue()
    rulings.adopt(ruling=school.bob.rulings.get(), owner=school.alice, now=NOW)
    call_command("export_rulings", stdout=out, stderr=told)
    assert '+accepted = ["doubt"]' in out.getvalue()
    assert "Warning" not in told.getvalue()


def test_the_command_warns(school: Cast, tmp_path: Path) -> None:
    rule(school, "peace-initiative/articles-and-plans", "t1", "technique", "remove")
    told = io.StringIO()
    call_command("export_rulings", teacher=school.bob.username, output=tmp_path / "rulings.patch", stderr=told)
    assert "Warning: how-sure: 8 of the 14 decisions" in told.getvalue()
    assert "# how-sure: 8 of the 14 decisions" in (tmp_path / "rulings.patch").read_text(encoding="utf-8")


def test_nothing_ruled_is_an_empty_patch(school: Cast) -> None:
    assert patched(school).text == ""
