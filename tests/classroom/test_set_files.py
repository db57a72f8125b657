"""Sets as files: what goes out comes in again, and what does not fit is refused whole, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from classroom import building, set_files
from classroom.models import ExerciseSet, SetItem
from tests.cast import NOW, Stage, desk_of
from tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(stage: Stage) -> dict[str, Any]:
    """The file of "Once more" as a teacher's own, with a heading."""
    ready = ExerciseSet.objects.get(slug="once-more")
    own = building.copy_set(exercise_set=ready, teacher=stage.bob, title="Wieder – ещё", now=NOW)
    SetItem.objects.filter(exercise_set=own, position=2).update(section="On words")
    response = desk_of(stage.bob).get(reverse("set_export", args=[own.uid]))
    assert response.headers["Content-Disposition"] == 'attachment; filename="wieder.json"'
    own.delete()
    return dict(json.loads(response.content))


def bring(stage: Stage, data: bytes) -> Any:
    upload = SimpleUploadedFile("set.json", data, content_type="application/json")
    return desk_of(stage.carol).post(reverse("set_import"), {"file": upload})


def refused(stage: Stage, data: bytes) -> str:
    """The words with which a file is refused; nothing comes in."""
    response = bring(stage, data)
    assert response.status_code == 422
    assert not stage.carol.sets.exists()
    return read(response).one("main").text


def changed(file: dict[str, Any], **values: Any) -> bytes:
    return json.dumps(file | values).encode()


def with_decision(file: dict[str, Any], **values: Any) -> bytes:
    """The file with something else in its first decision."""
    first, *rest = file["decisions"]
    return changed(file, decisions=[first | values, *rest])


def test_a_file_names_passages_and_holds_no_text_and_no_key(file: dict[str, Any]) -> None:
    assert (file["format"], file["version"], file["title"]) == ("literacy-game-set", 1, "Wieder – ещё")
    first, second, *_ = file["decisions"]
    assert first == {"passage": "market-square/planners", "kind": "markup", "layer": "technique"} | {
        "digest": first["digest"]
    }
    assert second["section"] == "On words"
    assert "vandals" not in json.dumps(file)


def test_what_went_out_comes_in_as_one_s_own(stage: Stage, file: dict[str, Any]) -> None:
    response = bring(stage, json.dumps(file, ensure_ascii=False).encode("utf-8-sig"))
    made = stage.carol.sets.get()
    assert response.url == reverse("set_edit", args=[made.uid])
    assert json.loads(set_files.write(exercise_set=made)) == file
    assert not made.is_shared


def test_a_mended_key_is_told(stage: Stage, file: dict[str, Any]) -> None:
    desk = desk_of(stage.carol)
    upload = SimpleUploadedFile("set.json", with_decision(file, digest="0" * 12))
    response = desk.post(reverse("set_import"), {"file": upload})
    assert "The key of 1 passage was mended" in read(desk.get(response.url)).of_class("messages")[0].text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"not json", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"format": "literacy-game-set", "version": 1, "title": "\\ud800"}', "no JSON"),
        (b"[]", "is no set of this game"),
        (b"{}", "is no set of this game"),
        (b'{"format": "other"}', "is no set of this game"),
        (b'{"format": "literacy-game-set", "version": 2}', "has version 2"),
        (b'{"format": "literacy-game-set", "version": true}', "has version True"),
        (b'{"format": "literacy-game-set", "version": 1}', "has to be a list of decisions"),
        (b'{"format": "literacy-game-set", "version": 1, "decisions": [1]}', "has to be a list of decisions"),
        (b'{"format": "literacy-game-set", "version": 1, "decisions": []}', "between 1 and 100"),
        (b'{"a": "' + b"x" * 300_000 + b'"}', "larger than 256 KB"),
    ],
)
def test_what_is_no_file_of_a_set_is_refused(stage: Stage, data: bytes, words: str) -> None:
    assert words in refused(stage, data)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"passage": "market-square/nowhere"}, "Decision 1: there is no passage “market-square/nowhere”"),
        ({"passage": "market-square/library"}, "or it is kept for a test"),
        ({"passage": "school-bell/bell"}, "there is no passage"),
        ({"kind": "source"}, "cannot be played as source technique"),
        ({"kind": "riddle"}, "cannot be played as riddle"),
        ({"kind": "name", "annotation": "t9"}, "cannot be played as name technique t9"),
        ({"passage": "market-square/vote", "layer": "technique"}, "stands twice with the same layer"),
        ({"section": "x" * 81}, "the heading is longer than 80 characters"),
        ({"colour": "red"}, "“colour” is not known here"),
        ({"kind": 5}, "has to be a list of decisions"),
        ({"section": "a\0b"}, "has to be a list of decisions"),
        ({"layer": ""}, "has to be a list of decisions"),
    ],
)
def test_a_decision_that_cannot_be_played_refuses_the_file(
    stage: Stage, file: dict[str, Any], values: dict[str, Any], words: str
) -> None:
    assert words in refused(stage, with_decision(file, **values))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": ""}, "title:"),
        ({"title": "x" * 121}, "title:"),
        ({"title": "a\0b"}, "title:"),
        ({"title": 5}, "title: has to be a text"),
        ({"minutes": "20"}, "minutes: has to be a whole number"),
        ({"minutes": True}, "minutes: has to be a whole number"),
        ({"minutes": 10**30}, "minutes:"),
        ({"shuffle": "yes"}, "shuffle: has to be a true or false"),
        ({"example": "no-label"}, "example:"),
        ({"note": "x" * 4001}, "note:"),
    ],
)
def test_a_head_that_does_not_fit_refuses_the_file(
    stage: Stage, file: dict[str, Any], values: dict[str, Any], words: str
) -> None:
    assert words in refused(stage, changed(file, **values))


def test_everything_that_is_wrong_is_told_at_once_up_to_a_measure(stage: Stage, file: dict[str, Any]) -> None:
    bad = [{"passage": f"no/{number}", "kind": "spot", "layer": "technique"} for number in range(30)]
    words = refused(stage, changed(file, title="", decisions=bad))
    assert "title:" in words
    assert "no/0" in words
    assert "no/29" not in words
    assert "And 11 more." in words


def test_no_file_at_all_is_refused_at_the_field(stage: Stage) -> None:
    response = desk_of(stage.carol).post(reverse("set_import"), {})
    assert response.status_code == 422
    assert read(response).one(id="id_file_error").text


def test_too_many_decisions_are_refused(stage: Stage, file: dict[str, Any]) -> None:
    assert "101 decisions" in refused(stage, changed(file, decisions=file["decisions"][:1] * 101))
