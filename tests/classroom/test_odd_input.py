"""Hypothesis over every form and every file that somebody sends: refused in words or taken, never an error."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import Form
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classroom import assignment_forms, class_forms, entry, entry_forms, forms, rosters, set_files, set_forms
from classroom.models import ExerciseSet
from classroom.own_texts import drafts, mark_forms
from classroom.own_texts import forms as own_forms
from exercises.versions import played
from play.forms import AnswerForm
from play.questions import question
from tests import own_texts
from tests.cast import NOW, Stage, desk_of, device_of
from tests.odd import NAMES, TEXTS
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

FEW = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ODD = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(exclude_categories=[])), st.integers().map(str))


CHOICES = [("a", "A"), ("b", "B")]
Needs = Callable[[Stage], dict[str, Any]]
"""What a form has to be made with."""


def nothing(stage: Stage) -> dict[str, Any]:
    return {}


def choices(stage: Stage) -> dict[str, Any]:
    return {"choices": CHOICES}


def classroom(stage: Stage) -> dict[str, Any]:
    return {"classroom": stage.class_9b}


def planned(stage: Stage) -> dict[str, Any]:
    return classroom(stage) | {"now": NOW, "students": [stage.heron, stage.otter], "assignment": stage.six_ways}


def extended(stage: Stage) -> dict[str, Any]:
    return {name: value for name, value in planned(stage).items() if name != "now"}


def marked(stage: Stage) -> dict[str, Any]:
    draft = own_texts.finished(stage.bob).draft
    passage = draft["passages"][2]
    content = drafts.content_of(draft, passage | {"annotations": []})
    return {"layer": "source", "content": content, "mark": passage["annotations"][0]}


FORMS: list[tuple[Any, Needs]] = [
    (forms.AccountForm, nothing),
    (forms.ClassroomForm, nothing),
    (forms.CodeForm, nothing),
    (forms.NicknameForm, nothing),
    (forms.PhraseForm, nothing),
    (entry_forms.RosterNameForm, choices),
    (entry_forms.TypedNicknameForm, nothing),
    (class_forms.ClassSettingsForm, nothing),
    (class_forms.RosterForm, nothing),
    (class_forms.CoTeacherForm, nothing),
    (class_forms.RenameForm, nothing),
    (class_forms.MergeForm, choices),
    (class_forms.MoveForm, choices),
    (class_forms.FloodForm, nothing),
    (class_forms.SureForm, lambda stage: {"wanted": "9b", "label": "Name"}),
    (set_forms.SetTitleForm, nothing),
    (set_forms.SetForm, nothing),
    (set_forms.SetFileForm, nothing),
    (own_forms.NewTextForm, nothing),
    (own_forms.WordsForm, nothing),
    (own_forms.CardForm, nothing),
    (mark_forms.PassageForm, nothing),
    (mark_forms.MarkForm, marked),
    (own_forms.ColleagueForm, lambda stage: {"but_not": []}),
    (own_forms.SharingForm, nothing),
    (mark_forms.DecisionForm, nothing),
    (own_forms.PackageForm, nothing),
    (own_forms.AnnotationsForm, nothing),
    (assignment_forms.AssignmentForm, planned),
    (assignment_forms.ExtensionForm, extended),
    (assignment_forms.TeamCountForm, nothing),
    (assignment_forms.TeamsForm, lambda stage: {"names": ["Red"], "students": [(stage.heron, 0), (stage.otter, None)]}),
]


@pytest.mark.parametrize("number", range(len(FORMS)), ids=[kind.__name__ for kind, _ in FORMS])
@FEW
@given(data=st.data())
def test_every_form_answers_in_words(stage: Stage, number: int, data: Any) -> None:
    kind, needs = FORMS[number]
    wanted = needs(stage)
    sent = QueryDict(mutable=True)
    for name in kind(None, **wanted).fields:
        sent.setlist(name, data.draw(st.lists(ODD, max_size=3)))
    form: Form = kind(sent, **wanted)
    if not form.is_valid():
        assert all(str(error) for errors in form.errors.values() for error in errors)


@FEW
@given(data=st.data())
def test_every_kind_of_answer_is_read_or_refused(stage: Stage, data: Any) -> None:
    for item in map(played, stage.six_ways.items.values_list("exercise_version", flat=True)):
        sent = QueryDict(mutable=True)
        for name in ("w", "s", "label", "label-0", "label-3", "choice", "flagged", "confidence", "nothing", "pass"):
            if data.draw(st.booleans()):
                plausible = st.sampled_from([*item.options, "0", "1", "5", "yes", "50"])
                sent.setlist(name, data.draw(st.lists(st.one_of(ODD, plausible), max_size=4)))
        form = AnswerForm(item, sent)
        if form.is_valid():
            assert form.answer is not None
        else:
            assert question(item, language="en", form=form).errors or item.kind == "markup"


@FEW
@given(text=st.one_of(ODD, st.lists(ODD).map("\n".join), st.lists(ODD).map(",".join)))
def test_every_list_of_names_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(rosters.BadRoster):
        assert all(name.isprintable() for name in rosters.read(text))


@FEW
@given(raw=st.one_of(st.binary(), ODD.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_every_file_of_names_is_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(rosters.BadRoster):
        rosters.read(rosters.decode(raw))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ODD),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


@FEW
@given(data=st.data())
def test_every_set_file_is_read_or_refused(stage: Stage, data: Any) -> None:
    """A good file with one part in it replaced by anything."""
    document = json.loads(set_files.write(exercise_set=ExerciseSet.objects.get(slug="six-ways")))
    key = data.draw(st.sampled_from(sorted(document)))
    if key == "decisions" and data.draw(st.booleans()):
        row = data.draw(st.sampled_from(document["decisions"]))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(JSON)
    else:
        document[key] = data.draw(JSON)
    with contextlib.suppress(set_files.BadSetFile):
        assert set_files.read(data=json.dumps(document).encode(), teacher=stage.bob).exercises
    raw = data.draw(st.binary(max_size=60))
    with pytest.raises(set_files.BadSetFile):
        set_files.read(data=raw, teacher=stage.bob)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script(stage: Stage, name: str) -> None:
    """As a class, a set and a student: shown as typed where it is taken, refused in words where it is not."""
    bob = desk_of(stage.bob)
    response = submit(bob, bob.get(reverse("classroom_new")), name=name)
    if response.status_code == 302:
        assert name.strip() in bob.get(response.url).content.decode().replace("&#x27;", "'")
    else:
        assert response.status_code == 422
    renamed = reverse("student_rename", args=[stage.class_9b.uid, stage.otter.uid])
    response = bob.post(renamed, {"nickname": name})
    assert response.status_code in (302, 422)
    home = device_of(stage.otter).get(reverse("student_home", args=[stage.class_9b.uid]))
    assert home.status_code == 200
    assert read(home).one("h1").text.startswith("You are ")


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_students_type(stage: Stage, text: str) -> None:
    """Codes and words of every kind fit nobody, and say so."""
    device, plain = device_of(stage.finch), text.encode("utf-8", "replace").decode()
    for name, field in (("join", "code"), ("reenter", "phrase")):
        url = reverse(name, args=[stage.class_9b.uid] if name == "reenter" else [])
        assert device.post(url, {field: plain}).status_code in (200, 422)
    assert len(entry.phrase_hmac(plain, stage.class_9b.uid)) == 64


@pytest.mark.parametrize("kind", ["image/png", "application/x-msdownload", "text/csv", "application/json"])
def test_uploads_are_read_as_what_they_should_be_or_refused(stage: Stage, kind: str) -> None:
    """What the browser says of a file counts for nothing; too large is too large."""
    bob = desk_of(stage.bob)
    for url in (reverse("set_import"), reverse("roster", args=[stage.class_9b.uid])):
        for content in (b"\x89PNG\r\n\x1a\n", b"MZ\0\0", b"\0" * 5000, b"[" * 5000, b"a\n" * 200_000):
            file = SimpleUploadedFile("file.exe", content, content_type=kind)
            assert bob.post(url, {"file": file}).status_code == 422
