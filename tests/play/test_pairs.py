"""Two students on one device: they answer together, each keeps the answer, and nobody sees more than is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom import actions, classes
from classroom.models import Student
from play.models import Attempt, Encounter, Opening, Standing
from tests.cast import NOW, Stage, answer, assign, device_of, items, students
from tests.devices import Device
from tests.pages import form_of, read, submit

pytestmark = pytest.mark.django_db

RIGHT = {"choice": "consequential-oversimplification"}
"""The answer to the third decision of "Six ways"."""


def page(stage: Stage, name: str) -> str:
    return reverse(name, args=[stage.class_9b.uid])


def exercise(stage: Stage, position: int) -> str:
    return reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position])


def paired(stage: Stage) -> Device:
    """The heron's device, on which the otter plays along."""
    device = device_of(stage.heron)
    response = come_in(device, stage, stage.phrases["Calm Otter"])
    assert response.url == page(stage, "student_home")
    return device


def come_in(device: Device, stage: Stage, phrase: str) -> Any:
    return submit(device, device.get(page(stage, "pair")), to=page(stage, "pair"), phrase=phrase)


def who(device: Device, stage: Stage) -> str:
    response = device.get(page(stage, "student_home"))
    return read(response).one("h1").text if response.status_code == 200 else "nobody"


def test_both_are_named_on_every_page(stage: Stage) -> None:
    device = paired(stage)
    assert who(device, stage) == "You play as Brisk Heron and Calm Otter"
    for url in (page(stage, "student_home"), page(stage, "pair"), exercise(stage, 1)):
        assert "Brisk Heron and Calm Otter" in read(device.get(url)).of_class("whoami")[0].text
    note = read(device.get(exercise(stage, 1))).of_class("pair-note")[0].text
    assert note == "Decide together: the answer counts for Brisk Heron and for Calm Otter."


def test_an_answer_of_two_is_an_answer_of_each(stage: Stage) -> None:
    for position in (1, 2):
        answer(stage.heron, stage.six_ways, position)
    device = paired(stage)
    submit(device, device.get(exercise(stage, 3)), **RIGHT)
    mine, theirs = Attempt.objects.filter(exercise_version=items(stage.six_ways)[2].version_id).order_by("student__pk")
    assert (mine.student, theirs.student) == (stage.heron, stage.otter)
    assert mine.answer == theirs.answer == RIGHT
    assert mine.client_key != theirs.client_key
    assert (mine.points, theirs.points, mine.is_pair, theirs.is_pair) == (100, 100, True, True)
    assert Standing.objects.get(student=stage.otter).points == 100
    assert Standing.objects.get(student=stage.heron).decisions == 3
    assert Opening.objects.filter(student=stage.otter).count() == 1


def test_the_same_form_sent_twice_is_one_answer_of_each(stage: Stage) -> None:
    device = paired(stage)
    shown = device.get(exercise(stage, 1))
    for _ in range(2):
        submit(device, shown, button="nothing")
    assert sorted(Attempt.objects.values_list("student", "number")) == [(stage.heron.pk, 1), (stage.otter.pk, 1)]


def test_what_one_has_seen_is_practice_for_that_one(stage: Stage) -> None:
    """The otter has met the passage while practising, the heron has not."""
    first = items(stage.six_ways)[0]
    passage = stage.six_ways.items.get(position=1).exercise_version.exercise.passage
    Encounter.objects.create(student=stage.otter, passage=passage, layer=first.layer, met=NOW)
    device = paired(stage)
    submit(device, device.get(exercise(stage, 1)), button="nothing")
    assert dict(Attempt.objects.values_list("student", "is_practice")) == {stage.heron.pk: False, stage.otter.pk: True}
    assert not Standing.objects.filter(student=stage.otter).exists()


def test_the_first_answer_counts_for_who_has_answered_before(stage: Stage) -> None:
    before = answer(stage.otter, stage.six_ways, 1)
    device = paired(stage)
    shown = device.get(exercise(stage, 1))
    assert "counts for Brisk Heron alone" in read(shown).of_class("pair-note")[0].text
    submit(device, shown, w=["0"], label=items(stage.six_ways)[0].options[0])
    assert Attempt.objects.get(student=stage.otter) == before
    assert not Attempt.objects.get(student=stage.heron).is_pair


def test_a_key_that_the_second_one_sees_never_counts_for_them_later(stage: Stage) -> None:
    """The heron looks back at an own answer while the otter is there."""
    answer(stage.heron, stage.six_ways, 1)
    device = paired(stage)
    assert read(device.get(exercise(stage, 1))).of_class("verdict")
    assert answer(stage.otter, stage.six_ways, 1, now=NOW + timedelta(days=1)).is_practice


def test_practising_as_a_pair_is_practice_for_both(stage: Stage) -> None:
    device = paired(stage)
    url = reverse("practice", args=[stage.class_9b.uid, "school-bell", "break", "technique"])
    submit(device, device.get(url), button="nothing")
    assert set(Encounter.objects.values_list("student", flat=True)) == {stage.heron.pk, stage.otter.pk}


def test_what_is_not_for_the_second_one_counts_for_the_first_alone(stage: Stage) -> None:
    stage.six_ways.students.add(stage.heron)
    device = paired(stage)
    submit(device, device.get(exercise(stage, 1)), button="nothing")
    assert list(Attempt.objects.values_list("student", flat=True)) == [stage.heron.pk]


def test_one_more_attempt_is_one_more_of_each(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", attempts_allowed=2)
    device, at = paired(stage), [stage.class_9b.uid, given.uid, 1]
    submit(device, device.get(reverse("exercise", args=at)), button="nothing")
    submit(device, device.get(reverse("exercise_again", args=at)), button="nothing")
    assert sorted(Attempt.objects.values_list("student", "number", "is_pair")) == [
        (student.pk, number, True) for student in (stage.heron, stage.otter) for number in (1, 2)
    ]


def test_the_shorter_time_of_the_two_is_shown(stage: Stage) -> None:
    """The otter has seen the passage before."""
    given = assign(stage.class_9b, "six-ways", seconds_per_word=5)
    Opening.objects.create(
        student=stage.otter, item=given.items.get(position=1), opened=timezone.now() - timedelta(seconds=30)
    )
    url = reverse("exercise", args=[stage.class_9b.uid, given.uid, 1])
    together = int(read(paired(stage).get(url)).of_class("timer")[0].attributes["data-timer"])
    alone = int(read(device_of(stage.heron).get(url)).of_class("timer")[0].attributes["data-timer"])
    assert alone - together >= 25


@pytest.mark.parametrize(
    ("stays", "remains"), [("Brisk Heron", "You are Brisk Heron"), ("Calm Otter", "You are Calm Otter")]
)
def test_a_pair_parts_and_one_plays_on(stage: Stage, stays: str, remains: str) -> None:
    device = paired(stage)
    submit(device, device.get(exercise(stage, 1)), button="nothing")
    form = form_of(device.get(page(stage, "pair")), page(stage, "pair_end"))
    (button,) = [each for each in form.all("button") if stays in each.text]
    device.post(page(stage, "pair_end"), {"stays": button.attributes["value"]})
    assert who(device, stage) == remains
    device.post(exercise(stage, 2), {"nothing": "1"})
    gone = stage.otter if stays == "Brisk Heron" else stage.heron
    assert (Attempt.objects.filter(student=gone).count(), Attempt.objects.count()) == (1, 3)


def test_a_pair_hands_over_and_nothing_of_either_is_left(stage: Stage) -> None:
    device = paired(stage)
    response = submit(device, device.get(page(stage, "pair")), to=page(stage, "leave"))
    assert response.url == reverse("home")
    assert who(device, stage) == "nobody"
    submit(device, device.get(page(stage, "reenter")), phrase=stage.phrases["Brisk Heron"])
    assert who(device, stage) == "You are Brisk Heron"


def test_whoever_comes_back_on_a_pair_s_device_is_alone(stage: Stage) -> None:
    device = paired(stage)
    submit(device, device.get(page(stage, "reenter")), phrase=stage.phrases["Calm Otter"])
    assert who(device, stage) == "You are Calm Otter"


def test_a_student_who_is_sent_away_leaves_the_pair(stage: Stage) -> None:
    device = paired(stage)
    actions.renew_phrase(student=stage.otter)
    assert who(device, stage) == "You are Brisk Heron"


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        ("nobody’s", "Nobody in this class"),
        ("Merry Finch", "Nobody in this class"),
        ("Brisk Heron", "plays here already"),
    ],
)
def test_words_that_make_no_pair_are_refused_at_the_field(stage: Stage, whose: str, said: str) -> None:
    device = device_of(stage.heron)
    typed = stage.phrases.get(whose, "not one of these")
    response = come_in(device, stage, typed)
    assert response.status_code == 422
    assert said in read(response).one(id="id_phrase_error").text
    assert form_of(response, page(stage, "pair")).one("input", name="phrase").attributes["value"] == typed
    assert who(device, stage) == "You are Brisk Heron"


def test_guessing_words_slows_down_here_too(stage: Stage) -> None:
    device = device_of(stage.heron)
    assert [come_in(device, stage, "not one of these").status_code for _ in range(6)] == [422] * 5 + [429]


def test_the_second_one_may_be_new_in_the_class(stage: Stage) -> None:
    device = device_of(stage.heron)
    response = submit(device, device.get(page(stage, "pair_new")))
    assert response.url == page(stage, "pair")
    made = Student.objects.get(classroom=stage.class_9b, joined__gt=NOW)
    shown = device.get(response.url)
    phrase = read(shown).of_class("phrase")[0].text
    assert read(shown).one("h1").text == f"You play as Brisk Heron and {made.nickname}"
    submit(device, shown, to=page(stage, "phrase_kept"), button="partner")
    assert not read(device.get(response.url)).of_class("phrase")
    elsewhere = Device()
    submit(elsewhere, elsewhere.get(page(stage, "reenter")), phrase=phrase)
    assert who(elsewhere, stage) == f"You are {made.nickname}"


def test_a_new_second_one_waits_for_the_teacher_like_everybody(stage: Stage) -> None:
    classes.change(classroom=stage.class_9b, values={"approves_entries": True})
    device = device_of(stage.heron)
    submit(device, device.get(page(stage, "pair_new")))
    assert "as soon as your teacher has seen" in read(device.get(page(stage, "pair"))).of_class("messages")[0].text
    assert who(device, stage) == "You are Brisk Heron"
    classes.approve(classroom=stage.class_9b)
    assert who(device, stage).startswith("You play as Brisk Heron and ")


def test_a_full_or_closed_class_takes_no_second_one_in(stage: Stage) -> None:
    device = device_of(stage.heron)
    shown = device.get(page(stage, "pair_new"))
    classes.set_joining(classroom=stage.class_9b, is_open=False)
    response = submit(device, shown)
    assert response.status_code == 422
    assert "takes nobody in" in read(response).one("div", role="alert").text


def test_a_forged_partner_is_nobody(stage: Stage) -> None:
    device = paired(stage)
    morsel = next(each for (name, _), each in device.jar.items() if name == "partner")
    thief = device_of(students(stage.class_9b, 1)[0])
    thief.cookies["partner"] = morsel.value
    assert who(thief, stage) == "You are Newt 1"
