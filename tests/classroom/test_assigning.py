"""Giving a set to a class: when, to whom, in which order; changing it later; more time; teams."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom.assigning import Plan, SealedNeedsClosing, change
from classroom.models import Assignment, BoardMode, ExerciseSet, Feedback, Order
from classroom.schedule import State, schedule_of
from tests.cast import Cast, Stage, assign, desk_of, device_of, students
from tests.devices import Device
from tests.pages import form_of, read, submit

pytestmark = pytest.mark.django_db


def page_of(device: Device, cast: Cast) -> Any:
    return device.get(reverse("assign", args=[cast.class_9b.uid]))


def uid_of(slug: str) -> str:
    return ExerciseSet.objects.get(slug=slug).uid


def edit_url(assignment: Assignment) -> str:
    return reverse("assignment_edit", args=[assignment.classroom.uid, assignment.uid])


def typed(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_everything_that_can_be_settled_is_kept(content: None, cast: Cast) -> None:
    """Times are read on the class's clock."""
    cast.class_9b.time_zone = "Europe/Berlin"
    cast.class_9b.save()
    desk = desk_of(cast.bob)
    response = submit(
        desk,
        page_of(desk, cast),
        exercise_set=uid_of("six-ways"),
        opens="2100-07-01T08:00",
        closes="2100-12-01T15:30",
        feedback="closing",
        order="hard",
        board_mode="relative",
        attempts_allowed=3,
        seconds_per_word="2.5",
        students=[cast.otter.uid],
    )
    assert response.url == reverse("classroom", args=[cast.class_9b.uid])
    given = cast.class_9b.assignments.get()
    assert given.opens == datetime(2100, 7, 1, 6, 0, tzinfo=UTC), "summer time"
    assert given.closes == datetime(2100, 12, 1, 14, 30, tzinfo=UTC)
    assert (given.feedback, given.order, given.board_mode) == (Feedback.CLOSING, Order.HARD_FIRST, BoardMode.RELATIVE)
    assert (given.attempts_allowed, given.seconds_per_word) == (3, 2.5)
    assert list(given.students.all()) == [cast.otter]
    assert "is planned" in read(desk.get(response.url)).of_class("messages")[0].text
    shown = form_of(desk.get(edit_url(given)), edit_url(given))
    assert shown.one("input", name="opens").attributes["value"] == "2100-07-01T08:00"
    assert shown.one("input", name="closes").attributes["value"] == "2100-12-01T15:30"


def test_one_button_assigns_as_usual(content: None, cast: Cast) -> None:
    """The class's own page sends the set alone."""
    desk_of(cast.bob).post(reverse("assign", args=[cast.class_9b.uid]), {"exercise_set": uid_of("six-ways")})
    given = cast.class_9b.assignments.get()
    assert (given.opens, given.closes, given.feedback, given.attempts_allowed) == (None, None, "each", 1)
    assert (given.order, given.board_mode, given.seconds_per_word) == (Order.SHUFFLED, BoardMode.TOP, None)
    assert not given.students.exists()


def test_a_set_whose_order_matters_is_not_shuffled_by_itself(content: None, cast: Cast) -> None:
    ExerciseSet.objects.filter(slug="six-ways").update(shuffle=False, intro="Read slowly.")
    desk_of(cast.bob).post(reverse("assign", args=[cast.class_9b.uid]), {"exercise_set": uid_of("six-ways")})
    given = cast.class_9b.assignments.get()
    assert (given.order, given.intro) == (Order.SET, "Read slowly.")
    assert (
        "Read slowly."
        in device_of(cast.heron).get(reverse("play", args=[cast.class_9b.uid, given.uid])).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"opens": "2100-02-01T08:00", "closes": "2100-01-01T08:00"}, "closes"),
        ({"closes": "2001-01-01T08:00"}, "closes"),
        ({"feedback": "closing"}, "closes"),
        ({"opens": "tomorrow"}, "opens"),
        ({"attempts_allowed": "0"}, "attempts_allowed"),
        ({"seconds_per_word": "0.1"}, "seconds_per_word"),
    ],
)
def test_what_does_not_hold_is_said_at_its_field_and_kept(
    content: None, cast: Cast, changes: dict[str, str], at: str
) -> None:
    desk = desk_of(cast.bob)
    response = submit(desk, page_of(desk, cast), exercise_set=uid_of("once-more"), **changes)
    assert response.status_code == 422
    shown = read(response)
    assert shown.one(id=f"id_{at}_error").text
    for name, value in changes.items():
        if name != "feedback":
            assert shown.one("input", name=name).attributes.get("value", "") == value
    assert not cast.class_9b.assignments.exists()


def test_a_sealed_form_is_given_only_with_keys_after_closing(content: None, cast: Cast) -> None:
    desk, sealed = desk_of(cast.bob), uid_of("exit-test")
    refused = submit(desk, page_of(desk, cast), exercise_set=sealed, closes="2100-01-01T08:00")
    assert refused.status_code == 422
    assert "after closing" in read(refused).one(id="id_exercise_set_error").text
    submit(desk, page_of(desk, cast), exercise_set=sealed, closes="2100-01-01T08:00", feedback="closing")
    given = cast.class_9b.assignments.get()
    refused = submit(desk, desk.get(edit_url(given)), to=edit_url(given), feedback="each")
    assert refused.status_code == 422
    given.refresh_from_db()
    assert given.feedback == Feedback.CLOSING


def test_only_the_chosen_students_see_it(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", students=(stage.otter,))
    where = [stage.class_9b.uid, given.uid]
    for name in ("play", "finished", "leaderboard", "podium"):
        assert device_of(stage.heron).get(reverse(name, args=where)).status_code == 404
    assert device_of(stage.otter).get(reverse("play", args=where)).status_code == 302
    link = reverse("play", args=where)
    home = reverse("student_home", args=where[:1])
    assert link not in device_of(stage.heron).get(home).content.decode()
    assert link in device_of(stage.otter).get(home).content.decode()
    foreign = desk_of(stage.bob).post(
        reverse("assign", args=where[:1]), {"exercise_set": uid_of("six-ways"), "students": stage.finch.uid}
    )
    assert foreign.status_code == 422, "a student of another class"


def test_states_stand_on_the_class_s_page_and_on_the_student_s(content: None, cast: Cast) -> None:
    now = timezone.now()
    assign(cast.class_9b, "six-ways", opens=now + timedelta(days=2))
    assign(cast.class_9b, "once-more", closes=now + timedelta(days=2))
    assign(cast.class_9b, "six-ways", closes=now - timedelta(days=2))
    expected = ["closed", "open", "planned"]
    page = read(desk_of(cast.bob).get(reverse("classroom", args=[cast.class_9b.uid])))
    assert [tag.attributes["data-tag"] for tag in page.of_class("assignment-row") for tag in tag.of_class("tag")] == (
        expected
    )
    home = read(device_of(cast.heron).get(reverse("student_home", args=[cast.class_9b.uid])))
    assert [tag.attributes["data-tag"] for tag in home.of_class("tag")] == ["open", "planned", "closed"], "due first"


def test_what_is_planned_cannot_be_played_yet(content: None, cast: Cast) -> None:
    given = assign(cast.class_9b, "six-ways", opens=timezone.now() + timedelta(days=2))
    device, where = device_of(cast.heron), [cast.class_9b.uid, given.uid]
    page = read(device.get(reverse("play", args=where)))
    assert page.of_class("tag")[0].attributes["data-tag"] == "planned"
    assert not [link for link in page.one("main").all("a") if link.text == "Begin"]
    for send in (device.get, device.post):
        assert send(reverse("exercise", args=[*where, 1])).url == reverse("play", args=where)


def test_an_assignment_is_changed_later(stage: Stage) -> None:
    desk = desk_of(stage.bob)
    url = edit_url(stage.six_ways)
    response = submit(
        desk, desk.get(url), to=url, closes="2100-01-01T12:00", board_mode="all", students=[stage.heron.uid]
    )
    assert response.url == url
    stage.six_ways.refresh_from_db()
    assert stage.six_ways.closes == datetime(2100, 1, 1, 12, 0, tzinfo=UTC)
    assert stage.six_ways.board_mode == BoardMode.ALL
    assert stage.six_ways.order == Order.SET
    assert list(stage.six_ways.students.all()) == [stage.heron]


def test_more_time_for_one_student(stage: Stage) -> None:
    closes = timezone.now() + timedelta(days=1)
    given = assign(stage.class_9b, "six-ways", closes=closes, seconds_per_word=2.0)
    desk, url = desk_of(stage.bob), edit_url(given)
    to = reverse("assignment_extend", args=[stage.class_9b.uid, given.uid])
    fields = {"extension-student": stage.otter.uid, "extension-time_factor": "1.5"}
    early = submit(desk, desk.get(url), to=to, **fields, **{"extension-closes": typed(closes - timedelta(hours=3))})
    assert early.status_code == 422
    assert read(early).one(id="id_extension-closes_error").text
    later = closes + timedelta(days=3)
    submit(desk, desk.get(url), to=to, **fields | {"extension-time_factor": "2"})
    assert "Calm Otter, timer times 2 " in read(desk.get(url)).one("main").text
    assert submit(desk, desk.get(url), to=to, **fields, **{"extension-closes": typed(later)}).url == url
    for student, state, pace in ((stage.otter, State.OPEN, 3.0), (stage.heron, State.CLOSED, 2.0)):
        schedule = schedule_of(Assignment.objects.get(pk=given.pk), student)
        assert schedule.state(closes + timedelta(days=1)) == state
        assert schedule.seconds_per_word == pace
    assert not schedule.has_ended(closes + timedelta(days=1)), "somebody still plays"
    submit(desk, desk.get(url), to=to, **{"extension-student": stage.otter.uid})
    assert not given.extensions.exists(), "neither time nor factor takes it back"


def test_teams_are_drawn_even_and_late_joiners_join_the_smallest(stage: Stage) -> None:
    students(stage.class_9b, 5)
    given = assign(stage.class_9b, "six-ways", board_mode="teams", team_count=3)
    sizes = sorted(team.students.count() for team in given.teams.all())
    assert sizes == [2, 2, 3]
    (late,) = students(stage.class_7a, 1)
    late.classroom = stage.class_9b
    late.nickname = "Late Stork"
    late.save()
    device_of(late).get(reverse("exercise", args=[stage.class_9b.uid, given.uid, 1]))
    assert sorted(team.students.count() for team in given.teams.all()) == [2, 3, 3]


def test_teams_are_put_together_by_hand(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", board_mode="teams", team_count=2)
    desk, url = desk_of(stage.bob), reverse("assignment_teams", args=[stage.class_9b.uid, given.uid])
    data = {
        "name-0": "Owls",
        "name-1": "Larks",
        f"team-{stage.heron.uid}": "0",
        f"team-{stage.otter.uid}": "1",
        "choose": "1",
    }
    assert desk.post(url, data).url == url
    assert {team.name: list(team.students.all()) for team in given.teams.all()} == {
        "Owls": [stage.heron],
        "Larks": [stage.otter],
    }
    refused = desk.post(url, data | {"name-0": ""})
    assert refused.status_code == 422
    assert read(refused).one(id="id_name-0_error").text
    assert desk.post(url, {"count": "3", "draw": "1"}).url == url
    assert given.teams.count() == 3


def test_no_way_leads_a_sealed_form_to_feedback_after_each_answer(content: None, cast: Cast) -> None:
    """Neither form nor button: the action itself refuses, and a closing has to be set."""
    closes = timezone.now() + timedelta(days=1)
    for settled in ({}, {"closes": closes}, {"feedback": "closing"}):
        with pytest.raises(SealedNeedsClosing):
            assign(cast.class_9b, "exit-test", **settled)
    given = assign(cast.class_9b, "exit-test", feedback="closing", closes=closes)
    with pytest.raises(SealedNeedsClosing):
        change(assignment=given, plan=Plan(closes=closes))


@pytest.mark.parametrize("moment", ["2100-03-28T02:30", "2100-10-31T02:30"])
def test_a_time_that_the_change_of_clocks_skips_or_repeats_is_refused_in_plain_words(stage: Stage, moment: str) -> None:
    stage.class_9b.time_zone = "Europe/Berlin"
    stage.class_9b.save()
    desk = desk_of(stage.bob)
    refused = submit(desk, page_of(desk, stage), exercise_set=uid_of("six-ways"), opens=moment)
    assert refused.status_code == 422
    assert read(refused).one(id="id_opens_error").text == (
        "That night the clocks change: this time comes twice, or not at all. Choose another one."
    )


def test_two_of_one_title_are_told_apart_by_when_they_were_assigned(stage: Stage) -> None:
    """On the pages of teacher and student; in the links' own names, too, which is what a screen reader lists."""
    again = assign(stage.class_9b, "six-ways")
    Assignment.objects.filter(pk=again.pk).update(created=again.created + timedelta(days=2))
    here = [stage.class_9b.uid]
    for device, page in (
        (desk_of(stage.bob), "classroom"),
        (device_of(stage.heron), "student_home"),
    ):
        main = read(device.get(reverse(page, args=here))).one("main")
        links = [link.text for link in main.all("a")]
        both = [name for name in links if name.startswith("Leaderboard Six ways, assigned ")]
        assert len(both) == len(set(both)) == 2, page
        assert "Leaderboard Once more" in links, "alone of its title"
        assert main.text.count("assigned ") == 6, "each of the two: once, and in both of its links"
        assert len(set(links)) == len(links), page
