"""Orders, closings, feedback after closing, timers, attempts: what an assignment settles is what a student meets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from classroom.models import Assignment, Order, Student
from play import actions, changing, queries, standings
from play.models import Attempt, Board, Encounter, Opening, Standing
from scoring.points import Answer
from tests.cast import NOW, Stage, answer, assign, desk_of, device_of, items, plain_answer, students
from tests.pages import filled, form_of, read, submit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def url_of(assignment: Assignment, position: int) -> str:
    return reverse("exercise", args=[assignment.classroom.uid, assignment.uid, position])


def opened(student: Student, assignment: Assignment, position: int, now: datetime = NOW) -> None:
    version = items(assignment)[position - 1].version_id
    actions.open_item(student=student, assignment=assignment, version_id=version, now=now)


def standing(student: Student, assignment: Assignment) -> tuple[int, int, int, int] | None:
    found = Standing.objects.filter(student=student, assignment=assignment).first()
    return found and (found.decisions, found.correct, found.streak, found.longest_streak)


def right(student: Student, assignment: Assignment, position: int, now: datetime = NOW) -> Attempt:
    """Answers of "Six ways" that are right."""
    given = {
        3: Answer(choice="consequential-oversimplification"),
        4: Answer(choice="0"),
        5: Answer(flagged=False, confidence=80),
    }
    return answer(student, assignment, position, given[position], now=now)


# The order


def test_a_shuffled_order_is_the_student_s_own_and_stays(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", order=Order.SHUFFLED)
    group = [stage.heron, stage.otter, *students(stage.class_9b, 8)]
    orders = [tuple(queries.ordered(student=each, assignment=given)) for each in group]
    assert len(set(orders)) > 3
    assert {tuple(sorted(each)) for each in orders} == {tuple(sorted(each.version_id for each in items(given)))}
    assert orders == [tuple(queries.ordered(student=each, assignment=given)) for each in group]
    again = assign(stage.class_9b, "six-ways", order=Order.SHUFFLED)
    assert orders != [tuple(queries.ordered(student=each, assignment=again)) for each in group]


def test_a_position_in_the_address_is_the_student_s_own(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", order=Order.SHUFFLED)
    device = device_of(stage.heron)
    for position, version in enumerate(queries.ordered(student=stage.heron, assignment=given), 1):
        page = device.get(url_of(given, position))
        shown = next(each for each in items(given) if each.version_id == version)
        assert read(page).of_class("context")[0].text == shown.content.passage.context
        given_answer = {"flagged": "no", "confidence": "50", "nothing": "1", "choice": (*shown.options, "")[0]}
        device.post(url_of(given, position), given_answer)
        assert Attempt.objects.filter(assignment=given, exercise_version_id=version).exists()


def test_hard_to_easy(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", order=Order.HARD_FIRST)
    for position, difficulty in ((3, 2), (5, 3)):
        version = given.items.get(position=position).exercise_version.passage_version
        version.content["difficulty"] = difficulty
        version.save()
    in_set = [each.version_id for each in items(given)]
    order = queries.ordered(student=stage.heron, assignment=given)
    assert [in_set.index(version) + 1 for version in order] == [5, 3, 1, 2, 4, 6]


# The closing


def test_what_was_opened_and_left_counts_as_wrong_and_what_was_never_seen_does_not_count(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=NOW + HOUR)
    right(stage.heron, given, 5)
    opened(stage.heron, given, 5)
    opened(stage.heron, given, 1)
    opened(stage.otter, given, 1)
    assert standing(stage.heron, given) == (1, 1, 1, 1)
    assert not standings.settle(assignment=given, now=NOW + HOUR - timedelta(seconds=1))
    before = queries.board_version(assignment_id=given.pk)
    assert standings.settle(assignment=given, now=NOW + HOUR)
    assert standing(stage.heron, given) == (2, 1, 0, 1)
    assert standing(stage.otter, given) == (1, 0, 0, 0)
    assert queries.board_version(assignment_id=given.pk) == before + 1
    assert not standings.settle(assignment=given, now=NOW + 2 * HOUR), "once is enough"
    actions.rebuild_standings(assignment=given)
    assert standing(stage.heron, given) == (2, 1, 0, 1)
    assert Attempt.objects.count() == 1, "no answer is made up"


def test_a_closing_is_seen_by_the_poll_and_by_whoever_looks(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=timezone.now() + HOUR)
    right(stage.heron, given, 5)
    opened(stage.heron, given, 1)
    device = device_of(stage.heron)
    page = device.get(reverse("leaderboard", args=[stage.class_9b.uid, given.uid]))
    poll = read(page).one(id="standings").attributes["data-poll"]
    assert device.get(poll).status_code == 204
    Assignment.objects.filter(pk=given.pk).update(closes=timezone.now() - HOUR)
    Board.objects.filter(assignment=given).update(due=timezone.now() - HOUR)
    changed = device.get(poll)
    assert changed.status_code == 200
    assert read(changed).of_class("decisions")[0].text == "2 decisions"
    assert standing(stage.heron, given) == (2, 1, 0, 1)


def test_the_command_closes_what_nobody_looks_at(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=timezone.now() - HOUR)
    opened(stage.heron, given, 1, now=timezone.now() - 2 * HOUR)
    call_command("close_assignments", verbosity=0)
    assert standing(stage.heron, given) == (1, 0, 0, 0)


def test_an_extension_keeps_an_item_open(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=NOW + HOUR)
    for student in (stage.heron, stage.otter):
        opened(student, given, 1)
    later = NOW + 3 * HOUR
    changing.extend_assignment(assignment=given, student=stage.otter, closes=later, time_factor=1, now=NOW)
    given = Assignment.objects.get(pk=given.pk)
    standings.settle(assignment=given, now=NOW + HOUR)
    assert (standing(stage.heron, given), standing(stage.otter, given)) == ((1, 0, 0, 0), None)
    answer(stage.otter, given, 1, now=NOW + 2 * HOUR)
    with pytest.raises(actions.Closed):
        answer(stage.heron, given, 1, now=NOW + 2 * HOUR)
    standings.settle(assignment=given, now=later)
    assert standing(stage.otter, given) == (1, 0, 0, 0)


def test_what_an_assignment_does_not_hold_takes_no_answer(stage: Stage) -> None:
    """It has been deleted while somebody was answering: nothing is stored, nothing counted."""
    given = assign(stage.class_9b, "six-ways")
    item = items(given)[0]
    given.items.filter(position=1).delete()
    with pytest.raises(actions.Closed):
        actions.answer(
            student=stage.heron, assignment=given, played=item, given=plain_answer(item), client_key="key", now=NOW
        )
    assert not Attempt.objects.exists()


def test_taking_a_closing_back_takes_back_what_it_counted(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=timezone.now() + HOUR)
    opened(stage.heron, given, 1, now=timezone.now())
    desk, where = desk_of(stage.bob), [stage.class_9b.uid, given.uid]
    edit = reverse("assignment_edit", args=where)
    submit(desk, desk.get(edit), to=reverse("assignment_close", args=where))
    assert standing(stage.heron, given) == (1, 0, 0, 0)
    submit(desk, desk.get(edit), to=edit, closes="")
    assert standing(stage.heron, given) is None
    assert device_of(stage.heron).get(url_of(given, 1)).status_code == 200


def test_a_sensitive_passage_that_was_left_open_costs_nothing(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=NOW + HOUR)
    opened(stage.heron, given, 1)
    version = given.items.get(position=1).exercise_version.passage_version
    version.content["sensitive"] = True
    version.save()
    standings.settle(assignment=given, now=NOW + HOUR)
    assert standing(stage.heron, given) is None


def test_an_answer_after_closing_is_refused_and_stays_on_the_screen(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=timezone.now() + HOUR)
    device = device_of(stage.heron)
    page = device.get(url_of(given, 1))
    Assignment.objects.filter(pk=given.pk).update(closes=timezone.now())
    for htmx in (False, True):
        response = submit(device, page, w=["0", "1"], label="loaded-language", htmx=htmx)
        assert response.status_code == 422
        assert "has closed" in read(response).one(id="closed").text
        assert "note" not in {name for each in read(response).all() for name in each.classes}
    kept = filled(form_of(submit(device, page, w=["0", "1"], label="loaded-language")))
    assert (kept["w"], kept["label"]) == (["0", "1"], ["loaded-language"])
    assert not Attempt.objects.filter(assignment=given).exists()
    assert device.get(url_of(given, 1)).url == reverse("finished", args=[stage.class_9b.uid, given.uid])


def test_the_end_says_what_was_left_open(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", closes=timezone.now() - HOUR)
    right(stage.heron, given, 5)
    opened(stage.heron, given, 1)
    page = read(device_of(stage.heron).get(reverse("finished", args=[stage.class_9b.uid, given.uid])))
    assert page.one("h1").text == "This has closed"
    assert "100 of 200 points" in page.of_class("lead")[0].text
    assert "1 decision was opened and left open" in page.text


# Feedback after closing


def test_nothing_is_told_before_the_closing(stage: Stage) -> None:
    """No reveal, no points, no row; one's own words alone. Then all of it."""
    given = assign(stage.class_9b, "six-ways", feedback="closing", closes=timezone.now() + HOUR)
    device, where = device_of(stage.heron), [stage.class_9b.uid, given.uid]
    for position in range(1, 7):
        page = device.get(url_of(given, position))
        shown = items(given)[position - 1]
        if position == 1:
            stored = submit(device, page, button="nothing", htmx=True)
        else:
            choice = {"flagged": "no", "confidence": "80", "nothing": "1", "choice": (*shown.options, "")[0]}
            stored = device.get(device.post(url_of(given, position), choice).url)
        assert read(stored).one("h1" if position > 1 else "", id="task").text == "Your answer is kept"
        assert not read(stored).of_class("score") + read(stored).of_class("note") + read(stored).of_class("source-card")
    finished, board = reverse("finished", args=where), reverse("leaderboard", args=where)
    end = read(device.get(finished))
    assert "Keys, points and the leaderboard come" in end.of_class("lead")[0].text
    assert not end.of_class("report")
    assert "right" not in [each.text for each in end.of_class("visually-hidden")]
    assert not Standing.objects.filter(assignment=given).exists()
    assert not read(device.get(board)).of_class("leaderboard-row")
    actions.rebuild_standings(assignment=given)
    assert not Standing.objects.filter(assignment=given).exists(), "nor by a rebuild"
    changing.close_assignment(assignment=given, now=timezone.now())
    assert read(device.get(url_of(given, 1))).of_class("note")
    assert read(device.get(finished)).of_class("report")
    assert [row.of_class("nickname")[0].text for row in read(device.get(board)).of_class("leaderboard-row")] == [
        "Brisk Heron you"
    ]


def test_keys_wait_for_the_last_extension(stage: Stage) -> None:
    """Who is through would else tell who is not."""
    given = assign(stage.class_9b, "six-ways", feedback="closing", closes=timezone.now() - HOUR)
    answer(stage.heron, given, 1, now=timezone.now() - 2 * HOUR)
    changing.extend_assignment(
        assignment=given, student=stage.otter, closes=timezone.now() + HOUR, time_factor=1, now=timezone.now()
    )
    page = read(device_of(stage.heron).get(url_of(given, 1)))
    assert page.one("h1").text == "Your answer is kept"
    assert not Standing.objects.filter(assignment=given).exists()


# The timer


def test_an_answer_after_its_time_is_kept_and_earns_nothing(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", seconds_per_word=1.0)
    seconds = len(items(given)[4].content.words)
    for student, late in ((stage.heron, False), (stage.otter, True)):
        opened(student, given, 5)
        moment = NOW + timedelta(seconds=seconds + (30 if late else 0))
        attempt = right(student, given, 5, now=moment)
        assert (attempt.is_late, attempt.points, attempt.correct) == (late, 0 if late else 100, not late)
        assert attempt.answer == {"flagged": False, "confidence": 80}
    assert (standing(stage.heron, given), standing(stage.otter, given)) == ((1, 1, 1, 1), (1, 0, 0, 0))


def test_a_student_s_factor_makes_the_time_longer(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", seconds_per_word=1.0)
    changing.extend_assignment(assignment=given, student=stage.otter, closes=None, time_factor=3, now=NOW)
    opened(stage.otter, given, 5)
    seconds = len(items(given)[4].content.words)
    assert not right(stage.otter, given, 5, now=NOW + timedelta(seconds=2 * seconds)).is_late


def test_the_time_is_shown_and_runs_from_the_first_look(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", seconds_per_word=10.0)
    device = device_of(stage.heron)
    shown = int(read(device.get(url_of(given, 1))).of_class("timer")[0].attributes["data-timer"])
    assert shown == 10 * len(items(given)[0].content.words)
    Opening.objects.update(opened=timezone.now() - timedelta(hours=5))
    assert read(device.get(url_of(given, 1))).of_class("timer")[0].attributes["data-timer"] == "0"
    assert not read(device_of(stage.heron).get(url_of(stage.six_ways, 1))).of_class("timer"), "off by default"


# Attempts


def again_url(assignment: Assignment, position: int) -> str:
    return reverse("exercise_again", args=[assignment.classroom.uid, assignment.uid, position])


def test_more_attempts_are_practice_and_the_first_counts(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", attempts_allowed=2)
    answer(stage.heron, given, 1)
    kept = standing(stage.heron, given)
    device = device_of(stage.heron)
    assert again_url(given, 1) in [link.attributes["href"] for link in read(device.get(url_of(given, 1))).all("a")]
    page = device.get(again_url(given, 1))
    done = submit(device, page, w=["0"], label="loaded-language")
    shown = read(device.get(done.url))
    assert shown.of_class("score")[0].text == "practice, not counted"
    attempt = Attempt.objects.get(student=stage.heron, assignment=given, number=2)
    assert attempt.is_practice
    assert standing(stage.heron, given) == kept
    assert device.get(again_url(given, 1)).url == url_of(given, 1), "no attempt is left"
    assert again_url(given, 1) not in device.get(url_of(given, 1)).content.decode()


def test_there_is_one_attempt_where_nobody_settled_more(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    device = device_of(stage.heron)
    assert again_url(stage.six_ways, 1) not in device.get(url_of(stage.six_ways, 1)).content.decode()
    assert device.post(again_url(stage.six_ways, 1), {"nothing": "1"}).url == url_of(stage.six_ways, 1)
    assert Attempt.objects.count() == 1


# Streaks


def test_a_streak_grows_with_right_decisions_and_leaving_fair_words_alone_is_one(stage: Stage) -> None:
    right(stage.heron, stage.six_ways, 3)
    right(stage.heron, stage.six_ways, 4, now=NOW + timedelta(minutes=1))
    assert standing(stage.heron, stage.six_ways) == (2, 2, 2, 2)
    right(stage.heron, stage.six_ways, 5, now=NOW + timedelta(minutes=2))
    assert standing(stage.heron, stage.six_ways) == (3, 3, 3, 3)
    answer(stage.heron, stage.six_ways, 1, Answer(), now=NOW + timedelta(minutes=3))
    assert standing(stage.heron, stage.six_ways) == (4, 3, 0, 3)


# What was met while practising


def test_a_passage_met_while_practising_never_counts_later(stage: Stage) -> None:
    attempt = answer(stage.otter, stage.six_ways, 1)
    actions.practise(student=stage.heron, passage_id=attempt.passage_id, layer=attempt.layer, now=NOW)
    actions.practise(student=stage.heron, passage_id=attempt.passage_id, layer=attempt.layer, now=NOW)
    assert Encounter.objects.count() == 1
    assert answer(stage.heron, stage.six_ways, 1).is_practice
    assert not answer(stage.heron, stage.six_ways, 2).is_practice, "the other layer"
