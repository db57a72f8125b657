"""A student's own report says no more than the number of answers bears, and leads on to fresh passages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom.models import Assignment
from exercises.models import Exercise, Passage
from play import changing, queries
from play.models import Attempt, Encounter, Standing
from scoring.points import Answer
from tests.cast import NOW, Cast, Stage, answer, assign, device_of, items
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

ENDED = timezone.now() - timedelta(minutes=1)


def judged(attempts: int, right: int, confidence: int) -> list[Attempt]:
    return [
        Attempt(answer={"flagged": True, "confidence": confidence}, correct=number < right)
        for number in range(attempts)
    ]


def test_nothing_is_said_about_confidence_before_there_are_answers_enough() -> None:
    """The thresholds are those of the teacher's pages: 20, and 50 without a caution."""
    assert queries.confidence(judged(19, 5, 90)) is None
    found = queries.confidence(judged(20, 10, 90))
    assert found
    assert (found.decisions, found.said, found.right, found.verdict) == (20, 90, 50, "over")
    assert [each and each.shown for each in (found, queries.confidence(judged(50, 10, 90)))] == ["caution", "plain"]


@pytest.mark.parametrize(("right", "confidence", "verdict"), [(16, 80, "fits"), (20, 60, "under"), (6, 60, "over")])
def test_confidence_is_held_against_accuracy(right: int, confidence: int, verdict: str) -> None:
    found = queries.confidence(judged(20, right, confidence))
    assert found
    assert found.verdict == verdict


def test_nothing_is_said_about_a_label_before_five_passages(stage: Stage) -> None:
    named = Exercise.objects.exclude(current=None).filter(kind="name").first()
    assert named
    passages = list(Passage.objects.all()[:5])
    attempts = [
        Attempt(exercise_version_id=named.current_id, passage=passage, correct=number < 3)
        for number, passage in enumerate(passages)
    ]
    assert queries.by_label(attempts[:4]) == []
    assert queries.by_label([*attempts[:4], attempts[0]]) == [], "one passage twice is one"
    (row,) = queries.by_label(attempts)
    assert (row.passages, row.right) == (5, 3)


def test_answers_whose_points_are_not_told_are_in_no_statement(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", feedback="closing", closes=NOW + timedelta(hours=1))
    answer(stage.heron, given, 5)
    assert queries.told_attempts(student=stage.heron, now=NOW) == []
    changing.close_assignment(assignment=given, now=NOW + timedelta(minutes=1))
    assert len(queries.told_attempts(student=stage.heron, now=NOW)) == 1


@pytest.fixture
def played_wrong(shipped_content: None, cast: Cast) -> Assignment:
    """The shipped set "First lesson", closed, in which Heron found nothing anywhere."""
    given = assign(cast.class_9b, "first-lesson")
    for position, item in enumerate(items(given), 1):
        wrong = next((each for each in item.options if each not in item.item.right), "")
        kinds = {"judge": Answer(flagged=False, confidence=90), "name": Answer(choice=wrong)}
        answer(cast.heron, given, position, kinds.get(item.kind, Answer(choice=wrong) if wrong else None))
    Assignment.objects.filter(pk=given.pk).update(closes=ENDED)
    return given


def test_what_went_wrong_leads_to_fresh_passages(played_wrong: Assignment, cast: Cast) -> None:
    device = device_of(cast.heron)
    page = read(device.get(reverse("finished", args=[cast.class_9b.uid, played_wrong.uid])))
    links = [a.attributes["href"] for a in page.all("a") if a.text.startswith("Try it on a fresh passage")]
    assert 1 <= len(links) <= 3
    assert len(set(links)) == len(links)
    before = list(Standing.objects.values_list("student", "points", "decisions"))
    for link in links:
        source, passage = link.split("/")[-4:-2]
        found = Passage.objects.get(source__slug=source, key=passage)
        assert not Attempt.objects.filter(passage=found, layer=link.split("/")[-2]).exists()
        assert not found.exercises.filter(set_items__exercise_set__sealed=True).exists()
        question = device.get(link)
        assert question.status_code == 200
        assert not read(question).of_class("note")
        shown = submit(device, question, button="nothing")
        assert read(shown).of_class("verdict-words")
        assert read(shown).of_class("note")
        assert read(shown).of_class("score-practice"), "no points are promised that do not count"
        assert not read(shown).of_class("score-points")
    assert Encounter.objects.filter(student=cast.heron).count() == len(links)
    assert list(Standing.objects.values_list("student", "points", "decisions")) == before
    again = read(device.get(reverse("finished", args=[cast.class_9b.uid, played_wrong.uid])))
    fresh = [a.attributes["href"] for a in again.all("a") if a.text.startswith("Try it on a fresh passage")]
    assert not set(fresh) & set(links), "what one has met is not fresh any more"


def test_who_was_right_but_late_is_not_sent_to_look_again(played_wrong: Assignment, cast: Cast) -> None:
    Attempt.objects.filter(assignment=played_wrong).update(is_late=True)
    page = device_of(cast.heron).get(reverse("finished", args=[cast.class_9b.uid, played_wrong.uid]))
    assert "Try it on a fresh passage" not in read(page).one("main").text


def test_no_key_is_shown_that_a_form_or_an_assignment_still_needs(shipped_content: None, cast: Cast) -> None:
    """Sealed forms always; passages of the class's assignments, in any kind, until nobody has time left for them."""
    now = timezone.now()
    given = assign(cast.class_9b, "first-lesson", closes=now + timedelta(hours=1))
    device = device_of(cast.heron)

    def url(exercise: Exercise) -> str:
        where = [cast.class_9b.uid, exercise.passage.source.slug, exercise.passage.key, exercise.layer]
        return reverse("practice", args=where)

    layers = {"technique": "spot", "source": "source"}
    sealed = Exercise.objects.filter(set_items__exercise_set__sealed=True, kind__in=layers.values()).first()
    assert sealed
    assert device.get(url(sealed)).status_code == 404
    asked = [
        exercise
        for exercise in Exercise.objects.filter(
            versions__assignment_items__assignment=given, set_items__exercise_set__slug="first-lesson"
        ).distinct()
        if exercise.passage.exercises.filter(kind=layers[exercise.layer]).exclude(current=None).exists()
    ]
    assert len(asked) > 3
    for exercise in asked:
        assert device.get(url(exercise)).status_code == 404, exercise
        assert device.post(url(exercise), {"nothing": "1"}).status_code == 404
    changing.extend_assignment(
        assignment=given, student=cast.otter, closes=now + timedelta(days=1), time_factor=1, now=now
    )
    Assignment.objects.filter(pk=given.pk).update(closes=ENDED)
    assert device.get(url(asked[0])).status_code == 404, "Otter still plays"
    given.extensions.all().delete()
    assert device.get(url(asked[0])).status_code == 200


def test_the_report_says_how_much_was_practice(stage: Stage) -> None:
    """The first words of "Once more" are known from "Six ways": of its decisions one less counts."""
    answer(stage.heron, stage.six_ways, 1)
    for position in range(1, len(items(stage.once_more)) + 1):
        answer(stage.heron, stage.once_more, position)
    report = queries.report(student=stage.heron, assignment=stage.once_more)
    assert (report.practised, report.decisions) == (1, len(items(stage.once_more)) - 1)
    url = reverse("finished", args=[stage.class_9b.uid, stage.once_more.uid])
    assert "1 decision was practice, without points" in read(device_of(stage.heron).get(url)).one("main").text


def test_there_is_nothing_to_practise_elsewhere(stage: Stage) -> None:
    device = device_of(stage.heron)
    for source, passage, layer in (
        ("school-bell", "none", "technique"),
        ("none", "break", "technique"),
        ("school-bell", "break", "colour"),
    ):
        url = reverse("practice", args=[stage.class_9b.uid, source, passage, layer])
        assert device.get(url).status_code == 404
