"""The server's clock is set back in the middle of a lesson: answers are taken, and nothing counts against anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from play import actions, queries
from play.models import Attempt, Standing
from tests.cast import NOW, Stage, answer, assign, desk_of, device_of, items, plain_answer
from tests.pages import submit

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_an_answer_of_yesterday_is_stored_and_not_late(stage: Stage) -> None:
    timed = assign(stage.class_9b, "six-ways", seconds_per_word=1.0)
    item = items(timed)[0]
    actions.open_item(student=stage.heron, assignment=timed, version_id=item.version_id, now=NOW)
    attempt = actions.answer(
        student=stage.heron,
        assignment=timed,
        played=item,
        given=plain_answer(item),
        client_key="one",
        now=NOW - DAY,
    )
    assert not attempt.is_late
    assert Standing.objects.get(assignment=timed).decisions == 1


def test_the_lesson_goes_on(stage: Stage) -> None:
    """Answers of tomorrow are there already: the next one, sent now, comes after them all the same."""
    for position in (1, 2):
        answer(stage.heron, stage.six_ways, position, now=NOW + 4000 * DAY)
    device = device_of(stage.heron)
    where = [stage.class_9b.uid, stage.six_ways.uid]
    page = device.get(reverse("play", args=where), follow=True)
    assert submit(device, page, choice="consequential-oversimplification").status_code == 302
    assert Attempt.objects.count() == 3
    before = list(Standing.objects.values_list("points", "decisions", "streak"))
    actions.rebuild_standings(assignment=stage.six_ways)
    assert list(Standing.objects.values_list("points", "decisions")) == [each[:2] for each in before]
    assert queries.board_version(assignment_id=stage.six_ways.pk)
    for url in (reverse("leaderboard", args=where), reverse("student_home", args=where[:1])):
        assert device.get(url).status_code == 200
    assert desk_of(stage.bob).get(reverse("classroom", args=where[:1])).status_code == 200
