"""The pages of a live round: forms and links first, for students, projector and control."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from classroom.models import Teacher
from play.changing import extend_assignment
from play.live import results, tokens
from play.models import Attempt, Ballot, Phase, Round, Seat
from tests.cast import Stage, desk_of, device_of, students
from tests.pages import read, submit, words_of
from tests.play.live import Class

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(stage: Stage) -> Class:
    return Class.of(stage)


def press(room: Class, do: str, name: str = "live_control") -> Any:
    """Press a button of the control or the projector."""
    page = room.desk.get(room.url(name))
    forms = list(read(page).one("main").all("form", action=room.url("live_step")))
    (form,) = [each for each in forms if list(each.all("button", value=do))]
    data = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    return room.desk.post(room.url("live_step"), data | {"do": do}, follow=True)


def words(response: Any) -> str:
    return read(response).one("main").text


def live_part(response: Any) -> dict[str, str]:
    (found,) = [each for each in read(response).all() if "data-live" in each.attributes]
    return found.attributes


def test_a_teacher_opens_a_lobby_and_takes_it_up_elsewhere(stage: Stage) -> None:
    desk = desk_of(stage.bob)
    start = reverse("live_start", args=[stage.class_9b.uid])
    page = desk.get(reverse("classroom", args=[stage.class_9b.uid]))
    assert start in {each.attributes["href"] for each in read(page).all("a")}
    uid = stage.six_ways.exercise_set.uid
    response = submit(desk, desk.get(start), exercise_set=uid, seconds_per_word="2", auto_lock="on")
    live = Round.objects.get()
    assert response.url == reverse("live_control", args=[stage.class_9b.uid, live.uid])
    assert (live.phase, live.auto_lock, live.assignment.seconds_per_word) == ("lobby", True, 2.0)
    dora = Teacher.objects.create_user(username="dora")
    stage.class_9b.co_teachers.add(dora)
    assert response.url in {each.attributes["href"] for each in read(desk_of(dora).get(start)).one("main").all("a")}


def test_a_wrong_start_says_what_is_wrong(stage: Stage) -> None:
    desk, start = desk_of(stage.bob), reverse("live_start", args=[stage.class_9b.uid])
    response = submit(desk, desk.get(start), seconds_per_word="900")
    assert response.status_code == 422
    assert "less than or equal to 20" in words(response)
    assert not Round.objects.exists()


def test_names_appear_in_the_lobby_and_a_press_takes_one_out(room: Class, stage: Stage) -> None:
    assert "You are in, Brisk Heron" in words(room.page(stage.heron))
    room.page(stage.otter)
    for name in ("live_projector", "live_control"):
        assert "Brisk Heron" in words(room.desk.get(room.url(name)))
    seat = reverse("live_seat", args=[stage.class_9b.uid, room.round.uid, stage.heron.uid])
    page = room.desk.get(room.url("live_projector"))
    gone = submit(room.desk, page, to=seat, button="removed")
    assert gone.url == room.url("live_projector")
    assert "Brisk Heron" not in words(room.desk.get(gone.url))
    assert "You are out of this round" in words(room.page(stage.heron))
    submit(room.desk, room.desk.get(room.url("live_control")), to=seat, button="removed")
    assert "You are in" in words(room.page(stage.heron))


def test_a_whole_item_by_forms_alone(room: Class, stage: Stage) -> None:
    heron, otter = room.device(stage.heron), room.device(stage.otter)
    room.page(stage.heron), room.page(stage.otter)
    press(room, "next")
    assert "Read. Answers open in a moment." in words(room.page(stage.heron))
    assert not list(read(room.page(stage.heron)).one("main").all("form"))
    page = press(room, "next", "live_projector")
    assert page.request["PATH_INFO"] == room.url("live_projector")
    assert "0 of 2 answered" in words(page)
    question = room.page(stage.heron)
    (form,) = read(question).of_class("question")
    marked = words_of(form, "rip the heart out")
    saved = submit(heron, question, w=marked, label="loaded-language")
    assert saved.url == room.url()
    assert "Saved" in words(room.page(stage.heron))
    assert "“rip the heart out”: Loaded language" in words(room.page(stage.heron))
    submit(otter, room.page(stage.otter), button="nothing")
    assert "2 of 2 answered" in words(room.desk.get(room.url("live_control")))
    press(room, "next")
    assert not Attempt.objects.exists()
    press(room, "next")
    result = words(room.page(stage.heron))
    assert "Right place, right name." in result
    assert "100 points" in result
    assert "You: place 1 of 2, 100 points. Only you see this." in result
    assert "There was something here after all." in words(room.page(stage.otter))
    assert "What is on record" in words(room.desk.get(room.url("live_projector")))


def test_an_answer_that_lacks_something_says_what(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    device = room.device(stage.heron)
    for htmx in (False, True):
        response = submit(device, room.page(stage.heron), w="1", htmx=htmx)
        assert response.status_code == 422
        assert "Choose a name for the words that you marked." in response.content.decode()
        assert live_part(response)["data-keep"] == "1.1"
    assert not Ballot.objects.exists()


def test_what_is_not_open_yet_does_not_exist(room: Class, stage: Stage) -> None:
    device = room.device(stage.heron)
    room.step("next")
    for position in (2, 6, 7, 0):
        assert device.get(room.url("live_item", position)).status_code == 404
        assert device.post(room.url("live_item", position), {"nothing": "1"}).status_code == 404
    assert device.get(room.url("live_item", 1)).url == room.url()
    assert device.post(room.url("live_item", 1), {"nothing": "1"}).url == room.url()
    assert not Ballot.objects.exists(), "it is only read as yet"


def test_the_round_s_assignment_cannot_be_played_alone(room: Class, stage: Stage) -> None:
    device = room.device(stage.heron)
    where = [stage.class_9b.uid, room.live.assignment.uid]
    assert device.get(reverse("play", args=where)).url == room.url()
    room.to_answer(2)
    for position in (1, 2, 3):
        url = reverse("exercise", args=[*where, position])
        assert device.get(url).status_code == 404
        assert device.post(url, {"nothing": "1"}).status_code == 404
    room.vote(stage.heron)
    room.step("reveal")
    assert device.get(reverse("exercise", args=[*where, 2])).status_code == 200
    room.step("end")
    assert device.get(reverse("play", args=where)).url == reverse("finished", args=where)
    never_opened = device.get(reverse("exercise", args=[*where, 4]), follow=True)
    assert never_opened.request["PATH_INFO"] == reverse("finished", args=where)
    assert room.page(stage.heron).url == reverse("finished", args=where)


def test_the_class_page_tells_of_a_running_round(room: Class, stage: Stage) -> None:
    home = reverse("student_home", args=[stage.class_9b.uid])
    page = room.device(stage.heron).get(home)
    assert room.url() in {each.attributes["href"] for each in read(page).one(id="rounds").all("a")}
    assert live_part(page)["data-version"] == str(room.round.pk)
    room.step("end")
    assert live_part(room.device(stage.heron).get(home))["data-version"] == "0"


def test_who_comes_late_enters_at_the_current_item(room: Class, stage: Stage) -> None:
    room.to_answer(2)
    newt = students(stage.class_9b, 1)[0]
    assert "Passage 2 of 6" in words(room.page(newt))
    submit(room.device(newt), room.page(newt), button="nothing")
    room.step("reveal")
    assert Attempt.objects.get().student == newt


def test_a_late_answer_is_kept_and_the_student_is_told(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    device, page = room.device(stage.heron), room.page(stage.heron)
    room.step("lock")
    response = submit(device, page, button="nothing", htmx=True)
    assert "It came late: it is kept, and earns no points." in response.content.decode()
    other, page = room.device(stage.otter), None
    room.step("back")
    page = room.page(stage.otter)
    room.step("reveal", "next", "next", "next")
    response = submit(other, page, button="nothing", htmx=True)
    assert "kept, marked late, and earns no points" in response.content.decode()
    assert Attempt.objects.get(student=stage.otter).is_late


def test_a_sensitive_passage_can_be_passed(room: Class, stage: Stage) -> None:
    version = room.live.assignment.items.first().exercise_version.passage_version  # type: ignore[union-attr]
    version.content["sensitive"] = True
    version.save()
    room.to_answer(1)
    submit(room.device(stage.heron), room.page(stage.heron), button="pass")
    assert "You passed. Nothing is lost" in words(room.page(stage.heron))
    room.step("reveal")
    assert Attempt.objects.get().is_passed
    assert "You passed. Nothing is lost." in words(room.page(stage.heron))


def test_two_presses_on_one_version_go_on_once(room: Class) -> None:
    data = {"version": room.live.version, "do": "next"}
    room.desk.post(room.url("live_step"), data)
    response = room.desk.post(room.url("live_step"), data, headers={"HX-Request": "true"})
    assert "The round had gone on meanwhile." in response.content.decode()
    assert (room.live.phase, room.live.position) == ("read", 1)


@pytest.mark.parametrize("odd", [{}, {"do": "next"}, {"version": "x", "do": "next"}, {"version": "9" * 30, "do": "no"}])
def test_odd_steps_change_nothing(room: Class, odd: dict[str, str]) -> None:
    assert room.desk.post(room.url("live_step"), odd).status_code == 302
    assert room.live.version == 1


def test_every_phase_has_its_pages(room: Class, stage: Stage) -> None:
    """Through a whole round: whatever the phase, each page stands and can be asked for its change."""
    group = [stage.heron, stage.otter, *students(stage.class_9b, 4)]
    room.sit(*group)
    seen = set()
    while room.live.phase != Phase.PODIUM:
        room.step("next")
        live = room.live
        seen.add(live.phase)
        if live.phase == Phase.ANSWER:
            for student in group[:5]:
                room.vote(student)
        for page in (room.page(stage.heron), room.page(group[5]), *(room.desk.get(room.url(n)) for n in DESKS)):
            assert page.status_code == 200
            poll = live_part(page)["data-poll"]
            assert room.device(stage.heron).get(poll).status_code == 204
            if live.phase in (Phase.READ, Phase.ANSWER, Phase.LOCKED, Phase.REVEAL):
                assert "Text under examination" in words(page)
    for name in ("pause", "end"):
        press(room, name)
        for page in (room.page(stage.heron), *(room.desk.get(room.url(each)) for each in DESKS)):
            assert page.status_code in (200, 302)
    assert seen == {*Phase} - {Phase.LOBBY, Phase.ENDED}


DESKS = ("live_control", "live_projector")


def test_extension_pause_auto_lock_and_joining_are_buttons(stage: Stage) -> None:
    room = Class.of(stage, seconds_per_word=1.0)
    room.to_answer(1)
    seconds = room.live.seconds
    press(room, "extend")
    assert room.live.seconds == (seconds or 0) + 30
    press(room, "pause")
    assert room.live.paused
    assert "A pause." in words(room.page(stage.heron))
    press(room, "pause")
    assert room.live.paused is None
    press(room, "auto_lock")
    assert room.live.auto_lock
    press(room, "joining")
    stage.class_9b.refresh_from_db()
    assert not stage.class_9b.is_open


def test_the_projector_says_who_has_answered_nowhere(room: Class, stage: Stage) -> None:
    room.sit(stage.heron, stage.otter)
    room.to_answer(1)
    room.vote(stage.heron)
    for phase in ("answer", "locked", "reveal", "heat"):
        assert room.live.phase == phase
        page = room.desk.get(room.url("live_projector"))
        assert "Heron" not in page.content.decode()
        assert "Otter" not in page.content.decode()
        assert stage.class_9b.code in words(page), "the code stays in its corner"
        room.step("next")


def test_a_poll_is_answered_before_anybody_is_looked_up(room: Class, stage: Stage) -> None:
    poll = live_part(room.page(stage.heron))["data-poll"]
    assert device_of(stage.finch).get(poll).status_code == 204
    room.step("next")
    assert device_of(stage.finch).get(poll).status_code == 404
    changed = room.device(stage.heron).get(poll)
    assert read(changed).one(id="exercise").attributes["data-version"] == "2"
    assert "<html" not in changed.content.decode()
    bare = poll.partition("?")[0]
    foreign = tokens.token("round", Class.of(stage).round.pk)
    for query in ("", "?token=", "?token=x", f"?token={foreign}", f"?token={tokens.token('board', room.round.pk)}"):
        assert room.device(stage.heron).get(bare + query).status_code == 404


def test_a_poll_of_a_desk_minds_the_counts(room: Class, stage: Stage) -> None:
    polls = [live_part(room.desk.get(room.url(name)))["data-poll"] for name in DESKS]
    assert [room.desk.get(poll).status_code for poll in polls] == [204, 204]
    room.sit(stage.heron)
    assert [room.desk.get(poll).status_code for poll in polls] == [200, 200]
    assert {desk_of(stage.carol).get(poll).status_code for poll in polls} == {404}


def test_looking_takes_one_seat(room: Class, stage: Stage) -> None:
    room.page(stage.heron), room.page(stage.heron)
    assert Seat.objects.count() == 1
    assert device_of(stage.finch).get(room.url()).status_code == 404


def test_another_student_s_answer_is_not_taken(room: Class, stage: Stage) -> None:
    """From an old tab, or the outbox, of a shared device."""
    room.to_answer(1)
    device, page = room.device(stage.otter), room.page(stage.heron)
    for htmx in (False, True):
        submit(device, page, button="nothing", htmx=htmx)
        assert not Ballot.objects.exists()
    submit(room.device(stage.heron), page, button="nothing")
    assert Ballot.objects.get().student == stage.heron


def test_a_page_that_another_student_left_open_takes_no_seat(room: Class, stage: Stage) -> None:
    """Its scripts go on asking, with the cookie of whoever has the device now."""
    device, page = room.device(stage.otter), room.page(stage.heron)
    home = reverse("student_home", args=[stage.class_9b.uid])
    room.step("next")
    for address in (room.url(), live_part(page)["data-poll"]):
        asked = device.get(address, HTTP_HX_REQUEST="true", HTTP_X_STUDENT=stage.heron.uid)
        assert asked.headers["HX-Redirect"] == home
    assert [seat.student for seat in Seat.objects.all()] == [stage.heron]
    assert device.get(room.url(), HTTP_HX_REQUEST="true", HTTP_X_STUDENT=stage.otter.uid).status_code == 200
    assert Seat.objects.count() == 2


def test_an_answer_after_the_end_is_told_to_be_late(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    page = room.page(stage.heron)
    room.step("end")
    told = submit(room.device(stage.heron), page, button="nothing", htmx=True).content.decode()
    assert "The round is over" in told
    assert "kept, marked late, and earns no points" in told


def test_storing_an_answer_takes_four_statements(
    room: Class, stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Student, round, seat, ballot: a whole class answers in the same seconds. Two more are the test's savepoint."""
    room.to_answer(1)
    pages = [room.page(student) for student in (stage.heron, stage.otter)]
    submit(room.device(stage.heron), pages[0], button="nothing", htmx=True)
    with django_assert_num_queries(6):
        saved = submit(room.device(stage.otter), pages[1], button="nothing", htmx=True)
    assert "Saved" in saved.content.decode()


def test_a_student_with_own_time_takes_no_common_part(stage: Stage) -> None:
    """What comes with the stream has the class's timer; also after a reveal, and when the time is given meanwhile."""
    room = Class.of(stage, seconds_per_word=1.0)
    room.sit(stage.heron, stage.otter)
    before = live_part(room.page(stage.heron))
    assert "data-own" not in before
    version = room.live.version
    extend_assignment(assignment=room.live.assignment, student=stage.heron, closes=None, time_factor=2.0, now=room.now)
    assert room.live.version == version + 1
    after = live_part(room.page(stage.heron))
    assert after["data-apart"] != before["data-apart"], "open pages fetch their own part"
    assert str(stage.heron.pk) not in after["data-apart"].split("|"), "and learn nothing about others"
    for step in ("next", "next", "lock", "reveal"):
        assert "data-own" in live_part(room.page(stage.heron))
        assert "data-own" not in live_part(room.page(stage.otter))
        room.step(step)
    found = results.read(room.round.pk, room.live.version)
    assert found
    for student, own in ((stage.heron, True), (stage.otter, False)):
        (token,) = parse_qs(results.address(room.live, student).partition("?")[2])["token"]
        assert ("data-own" in results.draw(found, results.asked_by(token))) is own


def test_a_podium_without_points_says_why(room: Class) -> None:
    """Where nobody has answered, or all was practice, the wall is not left bare."""
    while room.live.phase != "podium":
        room.step("next")
    wall = read(room.desk.get(room.url("live_projector")))
    assert not wall.of_class("podium")
    assert "The podium is empty" in wall.one("main").text
