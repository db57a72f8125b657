"""Passages that speak of violence: teachers opt in, students may pass privately and lose nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from classroom import actions as plans
from classroom import building
from classroom.assigning import Plan
from classroom.models import ExerciseSet, Order
from exercises.models import Exercise, Passage
from play import queries
from play.models import Attempt, Standing
from tests.cast import NOW, Cast, answer, desk_of, device_of
from tests.pages import form_of, read, submit

pytestmark = pytest.mark.django_db


def sensitive() -> list[Passage]:
    return list(Passage.objects.filter(current__content__sensitive=True).select_related("source").order_by("pk"))


def names(response: object) -> set[str]:
    return {next(each.all("h3")).text for each in read(response).of_class("found")}


def test_a_teacher_who_asks_for_it_finds_adds_and_assigns_it(shipped_content: None, cast: Cast) -> None:
    """From the shipped texts, by the pages that a teacher uses; then one student passes and one answers."""
    passage = next(each for each in sensitive() if each.exercises.filter(kind="judge", layer="source").exists())
    assert not ExerciseSet.objects.filter(items__exercise__passage__in=sensitive()).exists(), "in no ready-made set"
    own = building.create_set(teacher=cast.bob, title="Losses", now=NOW)
    desk, name = desk_of(cast.bob), passage.key.replace("-", " ")
    assert passage.current
    calm = Exercise.objects.get(passage__key="personnel-losses", kind="judge", layer="source")
    asked = Exercise.objects.get(passage=passage, kind="judge", layer="source")
    where = {"set": own.uid, "text": passage.source.slug, "q": passage.current.content["context"]}
    assert name not in names(desk.get(reverse("material"), where))
    assert name in names(desk.get(reverse("material"), where | {"sensitive": "on"}))
    for exercise in (calm, asked):
        assert desk.post(reverse("set_add", args=[own.uid]), {"exercise": exercise.pk}).status_code == 302
    assert [item.exercise for item in own.items.order_by("position")] == [calm, asked]

    given = plans.assign(classroom=cast.class_9b, exercise_set=own, now=NOW, plan=Plan(order=Order.SET))
    for student in (cast.heron, cast.otter):
        answer(student, given, 1)
    before = Standing.objects.values("points", "decisions", "correct", "streak").get(student=cast.heron)
    url = reverse("exercise", args=[cast.class_9b.uid, given.uid, 2])
    device = device_of(cast.heron)
    question = device.get(url)
    assert list(form_of(question).all("button", name="pass"))
    after = device.get(submit(device, question, button="pass").url)
    assert "Nothing is lost" in read(after).of_class("verdict-words")[0].text
    assert Attempt.objects.get(student=cast.heron, exercise_version__exercise=asked).is_passed
    assert Standing.objects.values("points", "decisions", "correct", "streak").get(student=cast.heron) == before

    report = queries.report(student=cast.heron, assignment=given)
    assert (report.decisions, report.best, report.misses) == (1, 100, 1), "the first decision alone"
    board = device_of(cast.otter).get(reverse("leaderboard", args=[cast.class_9b.uid, given.uid]))
    heron = next(row for row in read(board).of_class("leaderboard-row") if "Brisk Heron" in row.text)
    assert "pass" not in heron.text.lower()
    assert "1 decision" in heron.text, "as if the passage were not in the set"


def test_nobody_is_sent_to_a_sensitive_passage_for_practice(shipped_content: None, cast: Cast) -> None:
    assert sensitive()
    for layer in ("technique", "source"):
        open_to = queries.open_to_practice(student=cast.heron, layer=layer, now=NOW)
        assert not open_to.filter(passage__in=sensitive()).exists()
