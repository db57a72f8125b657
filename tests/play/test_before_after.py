"""Tests before and after: four forms in a Latin square, and a report that says what the data allow."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom import before_after
from classroom.models import Assignment
from exercises.versions import played
from play import actions, changing, demo, queries, simulated
from play.queries.trials import Answers, Asked, Given
from play.results.gains import Gains, gains
from play.simulated import Skill
from tests.cast import Cast, desk_of, students
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=2)


def schedule(cast: Cast, before: datetime, after: datetime) -> list[Assignment]:
    return before_after.schedule_tests(classroom=cast.class_9b, before=before, after=after, open_for=DAYS, now=before)


def test_every_student_meets_every_form_once(shipped_content: None, cast: Cast) -> None:
    """A Latin square: at each of the four times every form is played, each by another part of the class."""
    students(cast.class_9b, 9)
    before = timezone.now()
    given = schedule(cast, before, before + timedelta(days=30))
    forms: dict[int, list[str | None]] = {}
    at_once: dict[datetime | None, Counter[str | None]] = {}
    for each in given:
        for student in each.students.all():
            forms.setdefault(student.pk, []).append(each.exercise_set.slug)
            at_once.setdefault(each.opens, Counter())[each.exercise_set.slug] += 1
    assert len(forms) == 11
    assert all(sorted(map(str, each)) == ["form-a", "form-b", "form-c", "form-d"] for each in forms.values())
    assert len({tuple(each) for each in forms.values()}) == 4
    assert all(len(each) == 4 and max(each.values()) - min(each.values()) <= 1 for each in at_once.values())
    times = sorted(each for each in at_once if each)
    assert [(each - before).days for each in times] == [0, 30, 37, 58]
    assert all(each.feedback == "closing" and each.board_mode == "off" for each in given)


def test_planning_on_the_page(shipped_content: None, cast: Cast) -> None:
    device, url = desk_of(cast.bob), reverse("before_after", args=[cast.class_9b.uid])
    today = timezone.now().date()
    late = submit(device, device.get(url), before=today - timedelta(days=2), after=today, days=3)
    assert late.status_code == 422
    assert "This day is over" in read(late).one("main").text
    near = submit(device, device.get(url), before=today + timedelta(days=2), after=today + timedelta(days=4), days=3)
    assert "still open on this day" in read(near).one("main").text
    assert not cast.class_9b.assignments.exists()
    sent = submit(device, device.get(url), before=today + timedelta(days=1), after=today + timedelta(days=20), days=3)
    assert sent.url == url
    assert cast.class_9b.assignments.count() == 8, "two students in two of four parts, four times"
    shown = read(device.get(url)).one("main")
    assert "for 2 students" in shown.text
    with pytest.raises(before_after.AlreadyPlanned):
        schedule(cast, timezone.now(), timezone.now() + timedelta(days=9))
    cancelled = submit(device, device.get(url), to=reverse("before_after_cancel", args=[cast.class_9b.uid]))
    assert cancelled.url == url
    assert not cast.class_9b.assignments.exists()


def test_what_has_begun_is_not_called_off(shipped_content: None, cast: Cast) -> None:
    now = timezone.now()
    schedule(cast, now, now + timedelta(days=9))
    (mine,) = [each for each in queries.home(student=cast.heron, now=now) if each.state == "open"]
    given = Assignment.objects.get(uid=mine.uid)
    first = given.items.all()[0]
    actions.open_item(student=cast.heron, assignment=given, version_id=first.exercise_version_id, now=now)
    with pytest.raises(changing.TestsHaveBegun):
        changing.call_off_tests(classroom=cast.class_9b)
    device, url = desk_of(cast.bob), reverse("before_after", args=[cast.class_9b.uid])
    assert "Call the tests off" not in read(device.get(url)).text
    device.post(reverse("before_after_cancel", args=[cast.class_9b.uid]))
    assert Assignment.objects.filter(pk=given.pk).exists()


def test_a_class_needs_students_and_forms(content: None, cast: Cast) -> None:
    now = timezone.now()
    with pytest.raises(before_after.FormsMissing):
        schedule(cast, now, now + timedelta(days=9))
    device, url = desk_of(cast.bob), reverse("before_after", args=[cast.class_9b.uid])
    sent = submit(device, device.get(url), before=now.date(), after=now.date() + timedelta(days=9), days=3)
    assert sent.status_code == 422
    assert "not four test forms" in read(sent).one("main").text


def test_a_class_that_was_taught(shipped_content: None, cast: Cast) -> None:
    """Simulated students who learn between the tests, through the actions of real ones; two tests are still to come."""
    students(cast.class_9b, 14)
    begin = timezone.now() - timedelta(days=20)
    given = schedule(cast, begin, begin + timedelta(days=10))
    for test, skill in ((0, demo.NOVICE), (1, demo.EXPERT)):
        take(given, test, skill)
    device, url = desk_of(cast.bob), reverse("before_after", args=[cast.class_9b.uid])
    main = read(device.get(url)).one("main")
    assert "After against before: the class tells manipulated from fair writing better than before." in main.text
    assert "7 days later" not in " ".join(p.text for p in main.of_class("lead"))
    assert "16" in main.one("table").text
    assert device.get(reverse("results_csv", args=[cast.class_9b.uid, "gains", "gains"])).status_code == 200


def take(given: list[Assignment], test: int, skill: Skill) -> None:
    dice = random.Random(test)
    opens = sorted({each.opens for each in given if each.opens})[test]
    for each in given:
        if each.opens != opens:
            continue
        for student in each.students.all():
            for version in queries.ordered(student=student, assignment=each):
                shown = played(version)
                actions.answer(
                    student=student,
                    assignment=each,
                    played=shown,
                    given=simulated.answer(dice, skill, shown),
                    client_key=f"{each.pk}-{student.pk}-{version}",
                    now=opens + timedelta(hours=1),
                )


# What the report says.


def report(people: int, before: Skill, after: Skill) -> Gains:
    """Two tests of ten decisions each: half of them marked, all in one way."""
    asked = {
        number: Asked(
            number, "spot", "technique", number, f"t/{number}", "t", "ukraine", "", {"t1": "x"} if number % 2 else {}
        )
        for number in range(20)
    }
    dice = random.Random(3)
    given = []
    for student in range(people):
        for number, decision in asked.items():
            skill = before if number < 10 else after
            flagged = dice.random() < (skill.hits if decision.marked else skill.false_alarms)
            right = flagged == decision.marked
            given.append(Given(student, number, decision.marked, flagged, right, None, "", "", "", number // 10))
    numbers = {(student, test): test for student in range(people) for test in (0, 1)}
    return gains(Answers(given, asked, {}, {}), numbers)


def skill(hits: float, false_alarms: float) -> Skill:
    return Skill(hits, false_alarms, names=0.5, sharp=0.5, sure=70)


def test_more_suspicion_is_no_gain() -> None:
    (line,) = report(30, skill(0.6, 0.3), skill(0.85, 0.6)).lines
    assert "do not allow a conclusion" in line
    assert "flags more readily than before" in line


def test_no_change_is_no_conclusion() -> None:
    (line,) = report(30, skill(0.7, 0.3), skill(0.7, 0.3)).lines
    assert "do not allow a conclusion" in line
    assert "readily" not in line


def test_few_students_are_no_conclusion() -> None:
    found = report(14, skill(0.5, 0.5), skill(0.95, 0.05))
    assert "only 14 students have both tests" in found.lines[0]
    assert set(found.table.rows[0][3:]) == {None}
    (line,) = report(15, skill(0.5, 0.5), skill(0.95, 0.05)).lines
    assert "better than before" in line
    assert "few students" in line


def test_who_missed_a_test_is_left_out() -> None:
    found = report(16, skill(0.5, 0.5), skill(0.95, 0.05))
    assert found.table.rows[0][2] == 16
    assert gains(Answers([], {}, {}, {}), {}).lines == ()
