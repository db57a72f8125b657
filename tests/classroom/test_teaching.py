"""Teachers make classes, look at sets, assign them, and take care of students."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from classroom import loading, queries
from classroom.models import Classroom, ExerciseSet, Student
from exercises import catalogue
from exercises.keys import option_name
from exercises.models import Passage
from exercises.versions import played
from play.models import Attempt, Standing
from scoring.points import Answer
from tests.cast import Cast, Stage, answer, assign, desk_of, device_of, items
from tests.devices import Device
from tests.pages import form_of, offers, read, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def editable(content: None, seeds_folder: Path, tmp_path: Path) -> Path:
    """A copy of the loaded content that a test may edit and load again."""
    return shutil.copytree(seeds_folder, tmp_path / "seeds")


def edit(folder: Path, file: str, before: str, after: str) -> None:
    """Change a content file and load it, as an author does."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    assert loading.load(folder)


def test_a_teacher_makes_a_class(cast: Cast) -> None:
    desk = desk_of(cast.bob)
    response = submit(desk, desk.get(reverse("classroom_new")), name="10a")
    made = Classroom.objects.get(name="10a")
    assert made.teacher == cast.bob
    assert response.url == reverse("classroom", args=[made.uid])
    listed = [link.text for link in read(desk.get(reverse("teach_home"))).one("main").all("h2")]
    assert "10a" in listed
    assert "7a" not in listed


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_class_without_a_proper_name_is_refused(cast: Cast, name: str) -> None:
    desk = desk_of(cast.bob)
    response = submit(desk, desk.get(reverse("classroom_new")), name=name)
    assert response.status_code == 422
    assert form_of(response).one("input", name="name").attributes.get("value", "") == name
    assert read(response).one(id="id_name_error").text
    assert cast.bob.classrooms.count() == 1


def test_names_of_classes_are_text_and_never_markup(cast: Cast) -> None:
    cast.class_9b.name = '<script>alert("9b")</script>'
    cast.class_9b.save()
    for device, url in [
        (desk_of(cast.bob), reverse("classroom", args=[cast.class_9b.uid])),
        (desk_of(cast.bob), reverse("teach_home")),
        (device_of(cast.heron), reverse("student_home", args=[cast.class_9b.uid])),
        (Device(), reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])),
    ]:
        page = device.get(url).content.decode()
        assert "&lt;script&gt;alert(" in page
        assert "<script>alert(" not in page


def test_the_page_of_a_class_says_how_to_join_and_who_is_there(stage: Stage) -> None:
    page = read(desk_of(stage.bob).get(reverse("classroom", args=[stage.class_9b.uid])))
    link = f"http://testserver{reverse('join_link', args=[stage.class_9b.code])}"
    assert page.of_class("code-big")[0].text.endswith(stage.class_9b.code)
    assert page.of_class("link-box")[0].text == link
    assert list(page.of_class("qr")[0].all("svg"))
    assert [cell.text for cell in page.all("th", scope="row")] == ["Brisk Heron", "Calm Otter"]
    assert {"Six ways", "Once more"} <= {title.text for title in page.all("strong")}


def test_only_sets_for_classes_are_offered(stage: Stage) -> None:
    """Not the starter set, which is for trying alone, nor a sealed one."""
    desk = desk_of(stage.bob)
    titles = {"Six ways", "Once more"}
    listed = read(desk.get(reverse("set_list"))).one("main")
    assert {heading.text for heading in listed.all("h3")} == titles
    form = form_of(
        desk.get(reverse("classroom", args=[stage.class_9b.uid])), reverse("assign", args=[stage.class_9b.uid])
    )
    sets = ExerciseSet.objects.filter(title__in=titles).values_list("uid", flat=True)
    assert offers(form, "exercise_set") == set(sets)
    sealed = ExerciseSet.objects.get(slug="exit-test")
    response = desk.post(reverse("assign", args=[stage.class_9b.uid]), {"exercise_set": sealed.uid})
    assert response.status_code == 422
    assert stage.class_9b.assignments.count() == 2


def test_assigning_from_the_class_s_page(content: None, cast: Cast) -> None:
    desk = desk_of(cast.bob)
    url = reverse("assign", args=[cast.class_9b.uid])
    chosen = ExerciseSet.objects.get(slug="once-more")
    response = submit(desk, desk.get(reverse("classroom", args=[cast.class_9b.uid])), to=url, exercise_set=chosen.uid)
    assert response.url == reverse("classroom", args=[cast.class_9b.uid])
    given = cast.class_9b.assignments.get()
    assert (given.exercise_set, given.title, given.example) == (chosen, "Once more", "slogan")
    assert queries.assignment_version_ids(assignment=given) == queries.version_ids(exercise_set=chosen)
    assert "Once more is assigned" in read(desk.get(response.url)).of_class("messages")[0].text


def test_assigning_from_the_set_s_page(content: None, cast: Cast) -> None:
    desk = desk_of(cast.bob)
    shown = desk.get(reverse("set_detail", args=[ExerciseSet.objects.get(slug="six-ways").uid]))
    submit(desk, shown, to=reverse("assign", args=[cast.class_9b.uid]))
    assert cast.class_9b.assignments.get().items.count() == 6
    assert not cast.class_7a.assignments.exists()


def test_an_assignment_keeps_its_versions_when_the_content_is_edited(editable: Path, cast: Cast) -> None:
    old = assign(cast.class_9b, "six-ways")
    edit(editable, "market-square/passages.toml", "A reader writes to the local page.", "Somebody writes a letter.")
    new = assign(cast.class_9b, "six-ways")

    old_versions, new_versions = (queries.assignment_version_ids(assignment=each) for each in (old, new))
    changed = [
        number for number, pair in enumerate(zip(old_versions, new_versions, strict=True), 1) if len({*pair}) > 1
    ]
    assert changed == [1, 2], "the two decisions on the edited passage"
    device = device_of(cast.heron)
    for assignment, context in ((old, "A reader writes to the local page."), (new, "Somebody writes a letter.")):
        page = device.get(reverse("exercise", args=[cast.class_9b.uid, assignment.uid, 1]))
        assert read(page).of_class("context")[0].text == context


def test_an_edited_key_scores_only_new_assignments(editable: Path, cast: Cast) -> None:
    old = assign(cast.class_9b, "six-ways")
    before = answer(cast.heron, old, 3, Answer(choice="consequential-oversimplification"))
    edit(
        editable,
        "market-square/passages.toml",
        'label = "consequential-oversimplification"',
        'label = "false-dilemma"',
    )
    played.cache_clear()
    new = assign(cast.class_9b, "six-ways")
    assert before.points == answer(cast.otter, old, 3, Answer(choice="consequential-oversimplification")).points == 100
    assert [each.label for each in items(new)[2].item.targets] == ["false-dilemma"]


def test_a_withdrawn_passage_stays_in_the_assignments_that_have_it(editable: Path, cast: Cast) -> None:
    old = assign(cast.class_9b, "once-more")
    sets = editable / "sets.toml"
    sets.write_text(sets.read_text().replace("market-square/vote", "market-square/ballot"))
    edit(editable, "market-square/passages.toml", 'key = "vote"', 'key = "ballot"')
    assert Passage.objects.get(key="vote").current is None
    answer(cast.heron, old, 1)
    page = device_of(cast.heron).get(reverse("exercise", args=[cast.class_9b.uid, old.uid, 2]))
    assert "The town council voted" in read(page).of_class("passage")[0].seen


def test_a_set_is_shown_with_every_passage_and_its_whole_key(stage: Stage) -> None:
    exercise_set = stage.six_ways.exercise_set
    page = read(desk_of(stage.bob).get(reverse("set_detail", args=[exercise_set.uid])))
    cards = page.of_class("key-card")
    assert len(cards) == 6
    for card, item in zip(cards, items(stage.six_ways), strict=True):
        passage = item.content.passage
        assert card.of_class("passage")[0].seen == item.content.text
        for annotation in passage.of_layer(item.layer):
            told = [annotation.explanation.split(". ")[0], annotation.explanation[-60:], annotation.fills]
            told += [near.why for near in annotation.near] + [option.why for option in annotation.evidence]
            told += [annotation.record.text] if annotation.record else []
            assert [each for each in told if " ".join(each.split()) not in card.text] == []
            assert catalogue.labels()[annotation.label].name in card.text
        if not passage.of_layer(item.layer):
            assert passage.layers[item.layer].why in card.text
        for option in item.options if item.kind != "markup" else ():
            assert option_name(item, option) in card.text


def test_a_removed_student_is_gone_with_all_answers(stage: Stage) -> None:
    for student in (stage.heron, stage.otter):
        answer(student, stage.six_ways, 1)
    device, desk = device_of(stage.heron), desk_of(stage.bob)
    home = reverse("student_home", args=[stage.class_9b.uid])
    url = reverse("student_remove", args=[stage.class_9b.uid, stage.heron.uid])
    response = submit(desk, desk.get(reverse("classroom", args=[stage.class_9b.uid])), to=url)
    assert response.url == reverse("classroom", args=[stage.class_9b.uid])
    assert "Brisk Heron is removed" in read(desk.get(response.url)).of_class("messages")[0].text
    assert not Student.objects.filter(nickname="Brisk Heron").exists()
    assert (
        [row.student for row in Attempt.objects.all()]
        == [row.student for row in Standing.objects.all()]
        == [stage.otter]
    )
    assert device.get(home).url == reverse("reenter", args=[stage.class_9b.uid])


def test_new_words_are_shown_once_to_the_teacher(cast: Cast) -> None:
    desk, device = desk_of(cast.bob), device_of(cast.heron)
    class_page, url = reverse("classroom", args=[cast.class_9b.uid]), reverse("reenter", args=[cast.class_9b.uid])
    response = submit(desk, desk.get(class_page), to=reverse("phrase_renew", args=[cast.class_9b.uid, cast.heron.uid]))
    phrase = read(response).of_class("phrase")[0].text
    assert len(phrase.split()) == 4
    assert phrase != cast.phrases["Brisk Heron"]
    assert phrase not in desk.get(class_page).content.decode()
    assert device.get(reverse("student_home", args=[cast.class_9b.uid])).url == url
    assert device.post(url, {"phrase": phrase}).status_code == 302
