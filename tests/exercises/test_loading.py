"""Seeds into the database: all or nothing, once, and never by changing what was played."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from classroom import loading
from classroom.models import Assignment, Classroom, ExerciseSet, Student, Teacher
from exercises.content.schema import BadContent
from exercises.models import Exercise, ExerciseVersion, Passage, PassageVersion
from exercises.versions import played
from play import actions
from play.models import Attempt
from scoring.points import Answer, Mark
from tests.exercises.small import SmallSeeds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()}


def current(address: str, kind: str, layer: str = "technique", annotation: str = "") -> ExerciseVersion:
    slug, _, key = address.partition("/")
    exercise = Exercise.objects.get(
        passage__source__slug=slug, passage__key=key, kind=kind, layer=layer, annotation=annotation
    )
    assert exercise.current is not None
    return exercise.current


def attempt(version: ExerciseVersion, answer: Answer) -> Attempt:
    """A student's stored answer."""
    teacher = Teacher.objects.create_user("teacher")
    classroom = Classroom.objects.create(teacher=teacher, name="6b", code="ABCDEF", created=NOW)
    student = Student.objects.create(classroom=classroom, nickname="Otter", phrase_hmac="x", joined=NOW, last_seen=NOW)
    assignment = Assignment.objects.create(
        classroom=classroom, exercise_set=ExerciseSet.objects.get(slug="first-steps"), title="First steps", created=NOW
    )
    assignment.items.create(position=1, exercise_version=version)
    return actions.answer(
        student=student, assignment=assignment, played=played(version.pk), given=answer, client_key="key", now=NOW
    )


def test_a_refused_load_changes_nothing(small: SmallSeeds) -> None:
    loading.load(small.folder)
    before = everything()
    small.annotation("library/closing-time#t1")["label"] = "slogan"
    small.passage("garden/water")["fact"] = "Another fact."
    small.files["sets.toml"]["sets"][1]["items"][0]["kind"] = "guess"
    with pytest.raises(BadContent):
        loading.load(small.write())
    with pytest.raises(CommandError, match=r"refused whole; nothing was changed\.\nsets\.toml: sets missing-sources: "):
        call_command("load_content", seeds=small.folder)
    assert everything() == before


def test_a_refused_first_load_leaves_the_tables_empty(small: SmallSeeds) -> None:
    small.annotation("library/closing-time#t1")["core"] = ["no such words"]
    before = everything()
    with pytest.raises(BadContent):
        loading.load(small.write())
    assert everything() == before
    assert not Passage.objects.exists()


def test_loading_twice_makes_nothing_new(small: SmallSeeds) -> None:
    loading.load(small.folder)
    before = everything()
    assert loading.load(small.folder) is None
    again = loading.load(small.folder, anew=True)
    assert again is not None
    assert (again.sources, again.passages, again.exercises, again.withdrawn) == (0, 0, 0, 0)
    assert everything() == before


def test_checking_writes_nothing_and_reports(small: SmallSeeds, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything()
    call_command("load_content", check=True, seeds=small.folder)
    assert everything() == before
    assert "| missing-sources | 3 |" in capsys.readouterr().out


def test_an_edit_makes_a_new_version_and_an_attempt_keeps_the_one_that_was_played(small: SmallSeeds) -> None:
    loading.load(small.folder)
    old = current("library/closing-time", "spot")
    stored = attempt(old, Answer((Mark((9, 10), "loaded-language"),)))
    assert stored.points == 100

    small.annotation("library/closing-time#t1")["core"] = ["heartless decision"]
    done = loading.load(small.write())
    assert done is not None
    assert done.passages == 1

    new = current("library/closing-time", "spot")
    assert (new.number, new.passage_version.number) == (old.number + 1, old.passage_version.number + 1)
    stored.refresh_from_db()
    assert stored.exercise_version_id == old.pk
    played.cache_clear()
    assert played(old.pk).item.targets[0].core == {9}
    assert played(new.pk).item.targets[0].core == {9, 10}
    assert not PassageVersion.objects.filter(number=2).exclude(passage__key="closing-time").exists()


def test_an_edit_undone_is_a_third_version(small: SmallSeeds) -> None:
    loading.load(small.folder)
    for fact in ("Another fact.", "The plan was printed in March."):
        small.passage("library/vote")["fact"] = fact
        loading.load(small.write())
    versions = PassageVersion.objects.filter(passage__key="vote").order_by("number")
    assert [version.number for version in versions] == [1, 2, 3]
    assert versions[0].digest == versions[2].digest != versions[1].digest


def test_a_withdrawn_passage_keeps_its_history_and_comes_back(small: SmallSeeds) -> None:
    loading.load(small.folder)
    old = current("garden/beds", "markup", "source")
    stored = attempt(old, Answer())
    beds = small.files["garden/passages.toml"]["passages"].pop(0)
    item = small.files["sets.toml"]["sets"][1]["items"].pop()
    done = loading.load(small.write())
    assert done is not None
    assert done.withdrawn > 0

    passage = Passage.objects.get(key="beds")
    assert passage.current is None
    assert not passage.exercises.exclude(current=None).exists()
    assert Attempt.objects.get().exercise_version == old == stored.exercise_version
    assert [each.exercise.passage.key for each in ExerciseSet.objects.get(slug="missing-sources").items.all()] == [
        "winter-reading",
        "harvest",
    ]

    small.files["garden/passages.toml"]["passages"].insert(0, beds)
    small.files["sets.toml"]["sets"][1]["items"].append(item)
    loading.load(small.write())
    passage.refresh_from_db()
    assert passage.current is not None
    assert passage.current.number == 2
    assert current("garden/beds", "markup", "source").number == old.number + 1


def test_a_passage_that_a_set_asks_for_is_not_withdrawn(small: SmallSeeds) -> None:
    loading.load(small.folder)
    small.files["garden/passages.toml"]["passages"].pop(0)
    with pytest.raises(BadContent, match="'garden/beds' is no passage of these texts"):
        loading.load(small.write())


def test_a_set_that_is_gone_is_withdrawn_and_kept(small: SmallSeeds) -> None:
    loading.load(small.folder)
    gone = small.files["sets.toml"]["sets"].pop()
    loading.load(small.write())
    assert ExerciseSet.objects.get(slug="missing-sources").withdrawn
    small.files["sets.toml"]["sets"].append(gone)
    loading.load(small.write())
    assert not ExerciseSet.objects.get(slug="missing-sources").withdrawn


def test_sets_hold_their_items_in_order_with_the_layer_worked_out(small: SmallSeeds) -> None:
    loading.load(small.folder)
    items = ExerciseSet.objects.get(slug="first-steps").items.all()
    assert [(each.position, each.exercise.kind, each.exercise.layer, each.exercise.annotation) for each in items] == [
        (1, "judge", "technique", ""),
        (2, "name", "technique", "t1"),
        (3, "spot", "technique", ""),
        (4, "source", "source", ""),
    ]


def test_texts_are_stored_byte_for_byte(small: SmallSeeds) -> None:
    loading.load(small.folder)
    for path in sorted(Path(small.folder).glob("*/text.txt")):
        passage = Passage.objects.filter(source__slug=path.parent.name).select_related("source")[0]
        assert passage.source.text.encode() == path.read_bytes()
