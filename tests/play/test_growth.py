"""What went well and what got better: told only where the answers bear it, and nothing is ever told as a loss."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from play import queries
from play.models import Attempt, Standing
from play.queries.growth import growth
from tests.cast import NOW, Stage, answer, assign, device_of
from tests.pages import read

pytestmark = pytest.mark.django_db


def trials(earlier: int, later: int, *, of: int, signal: bool = True) -> list[Attempt]:
    """Trials of one sort: so many right ones in the earlier half of `of` answers, so many in the later."""
    right = [number < earlier for number in range(of)] + [number < later for number in range(of)]
    return [
        Attempt(pk=number, answered=NOW + timedelta(minutes=number), signal=signal, flagged=signal == each)
        for number, each in enumerate(right)
    ]


def told(stage: Stage, attempts: list[Attempt]) -> queries.Growth:
    return growth(student=stage.heron, assignment=stage.six_ways, attempts=attempts, now=NOW)


def test_nothing_got_better_before_ten_answers_in_each_half(stage: Stage) -> None:
    few, enough = told(stage, trials(0, 9, of=9)), told(stage, trials(0, 10, of=10))
    assert (few.gains, few.is_told) == ((), False)
    (gain,) = enough.gains
    assert (gain.skill, gain.before, gain.after, gain.shown) == ("caught", (0, 10), (10, 10), "caution")


def test_what_chance_explains_is_not_told(stage: Stage) -> None:
    assert told(stage, trials(4, 6, of=10)).gains == ()
    assert told(stage, trials(4, 6, of=10)).is_told


def test_leaving_alone_is_a_skill_of_its_own(stage: Stage) -> None:
    (gain,) = told(stage, trials(2, 20, of=20, signal=False)).gains
    assert (gain.skill, gain.shown) == ("left", "plain")


def test_a_loss_is_not_told(stage: Stage) -> None:
    assert told(stage, trials(20, 2, of=20)).gains == ()


def test_order_is_by_time_not_by_row(stage: Stage) -> None:
    assert told(stage, trials(0, 10, of=10)[::-1]).gains


def standing(stage: Stage, assignment: object, points: int, decisions: int, longest: int) -> None:
    Standing.objects.update_or_create(
        student=stage.heron,
        assignment=assignment,
        defaults={"points": points, "decisions": decisions, "longest_streak": longest},
    )


def test_a_best_set_needs_another_to_be_better_than(stage: Stage) -> None:
    standing(stage, stage.six_ways, 480, 6, 4)
    alone = told(stage, [])
    assert (alone.mean, alone.run, alone.is_longest) == (0, 4, False)
    standing(stage, stage.once_more, 395, 5, 3)
    best = told(stage, [])
    assert (best.mean, best.run, best.is_longest) == (80, 4, True)
    standing(stage, stage.once_more, 405, 5, 4)
    second = told(stage, [])
    assert (second.mean, second.run, second.is_longest) == (0, 4, False)


def test_a_short_row_is_not_told_and_few_decisions_are_no_best(stage: Stage) -> None:
    standing(stage, stage.six_ways, 400, 4, 2)
    standing(stage, stage.once_more, 100, 5, 1)
    assert (told(stage, []).run, told(stage, []).mean) == (0, 0)


def test_what_waits_for_its_keys_is_not_compared(stage: Stage) -> None:
    standing(stage, stage.six_ways, 480, 6, 4)
    standing(stage, stage.once_more, 100, 5, 1)
    stage.once_more.keys_wait_until = NOW + timedelta(days=1)
    stage.once_more.save()
    assert told(stage, []).mean == 0


def test_the_run_ends_with_this_answer(stage: Stage) -> None:
    attempts = [answer(stage.heron, stage.six_ways, n, now=NOW + timedelta(minutes=n)) for n in range(1, 7)]
    for each, right in zip(attempts, (True, False, True, True, True, False), strict=True):
        Attempt.objects.filter(pk=each.pk).update(correct=right)
    progress = queries.progress(student=stage.heron, assignment=stage.six_ways)
    runs = [queries.run_of_right(progress=progress, last=each) for each in Attempt.objects.order_by("pk")]
    assert runs == [1, 0, 1, 2, 3, 0]
    page = read(device_of(stage.heron).get(reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 5])))
    assert "3 right decisions in a row" in page.text
    page = read(device_of(stage.heron).get(reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 4])))
    assert "in a row" not in page.text


def test_practice_stands_in_no_run(stage: Stage) -> None:
    attempts = [answer(stage.heron, stage.six_ways, n, now=NOW + timedelta(minutes=n)) for n in range(1, 4)]
    Attempt.objects.update(correct=True)
    Attempt.objects.filter(pk=attempts[1].pk).update(is_practice=True)
    progress = queries.progress(student=stage.heron, assignment=stage.six_ways)
    last = attempts[2]
    last.refresh_from_db()
    assert queries.run_of_right(progress=progress, last=last) == 2


def test_the_end_says_when_there_is_too_little_to_say(stage: Stage) -> None:
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
    page = read(device_of(stage.heron).get(reverse("finished", args=[stage.class_9b.uid, stage.six_ways.uid])))
    assert "What you got better at is told when there are answers enough" in page.text
    assert "A clean passage left alone earns as much as a technique found" in page.text


def test_a_title_of_ours_is_marked_as_english_and_a_teachers_own_is_not(stage: Stage) -> None:
    home = reverse("student_home", args=[stage.class_9b.uid])
    stage.six_ways.exercise_set.owner = stage.bob
    stage.six_ways.exercise_set.slug = None
    stage.six_ways.exercise_set.save()
    titles = {each.text: each.attributes.get("lang") for each in read(device_of(stage.heron).get(home)).all("h3")}
    assert (titles["Six ways"], titles["Once more"]) == (None, "en")
    assert assign(stage.class_9b, "once-more").language == "en"
