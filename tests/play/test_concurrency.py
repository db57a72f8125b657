"""A class answers at the same moment: one attempt each, and standings that add up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse

from classroom import devices
from classroom.models import Student
from play import actions, queries
from play.models import Attempt, Standing
from tests.cast import Stage, answer, device_of, students
from tests.devices import Device
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def url_of(stage: Stage, position: int = 1) -> str:
    return reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position])


def sender(device: Device, url: str, **data: str) -> Callable[[], int]:
    return lambda: int(device.post(url, data).status_code)


@pytest.mark.parametrize("keys", [("one-form", "one-form"), ("first-page", "second-page")])
def test_two_answers_to_one_item_at_once_are_one_attempt(stage: Stage, keys: tuple[str, str]) -> None:
    """A double click sends one form twice; two open pages send two forms."""
    group = [stage.heron, *students(stage.class_9b, 7)]
    for number, student in enumerate(group):
        jobs = [
            sender(device_of(student), url_of(stage), client_key=f"{key}-{number}", **given)
            for key, given in zip(keys, ({"nothing": "1"}, {"w": "0", "label": "loaded-language"}), strict=True)
        ]
        assert at_once(jobs) == [302, 302]
    assert Attempt.objects.count() == len(group)
    assert set(Standing.objects.values_list("decisions", flat=True)) == {1}
    assert queries.board_version(assignment_id=stage.six_ways.pk) == len(group)


def test_pairs_on_two_devices_at_once_give_one_answer_each(stage: Stage) -> None:
    """Each of the two has a device on which the other plays along, and both send at the same moment."""
    group = students(stage.class_9b, 12)
    for one, two in zip(group[::2], group[1::2], strict=True):
        jobs = []
        for first, second in ((one, two), (two, one)):
            device, paired = device_of(first), HttpResponse()
            devices.pair_up(paired, first, second, stage.class_9b)
            device.cookies.update(paired.cookies)
            jobs.append(sender(device, url_of(stage), nothing="1"))
        assert at_once(jobs) == [302, 302]
    assert sorted(Attempt.objects.values_list("student", flat=True)) == sorted(each.pk for each in group)
    assert_adds_up(group)


def test_twenty_students_at_once_keep_the_standings(stage: Stage) -> None:
    """All begin on a board that nobody has touched, and go on in step to the third item."""
    group = students(stage.class_9b, 20)
    answers = ({"nothing": "1"}, {"nothing": "1"}, {"choice": "consequential-oversimplification"})
    for position, given in enumerate(answers, 1):
        jobs = [sender(device_of(student), url_of(stage, position), **given) for student in group]
        assert set(at_once(jobs)) == {302}
    assert Attempt.objects.count() == 60
    assert queries.board_version(assignment_id=stage.six_ways.pk) == 60
    assert_adds_up(group)


def assert_adds_up(group: list[Student]) -> None:
    """Each standing is the sum of its student's attempts."""
    assert Standing.objects.count() == len(group)
    for student in group:
        attempts = Attempt.objects.filter(student=student, is_practice=False)
        standing = Standing.objects.get(student=student)
        assert standing.points == attempts.aggregate(sum=Sum("points"))["sum"]
        assert standing.decisions == attempts.count()
        assert standing.correct == attempts.filter(correct=True).count()


def test_a_rebuild_while_students_answer_loses_nothing(stage: Stage) -> None:
    group = students(stage.class_9b, 8)
    for student in group:
        answer(student, stage.six_ways, 1)

    def rebuild() -> int:
        return actions.rebuild_standings(assignment=stage.six_ways)

    jobs = [sender(device_of(student), url_of(stage, 2), nothing="1") for student in group]
    at_once([*jobs[:4], rebuild, *jobs[4:], rebuild])
    assert_adds_up(group)


def test_one_student_on_two_devices_in_two_sets_at_once(stage: Stage) -> None:
    urls = [url_of(stage), reverse("exercise", args=[stage.class_9b.uid, stage.once_more.uid, 1])]
    assert at_once([sender(device_of(stage.heron), url, nothing="1") for url in urls]) == [302, 302]
    assert Attempt.objects.count() == 2
