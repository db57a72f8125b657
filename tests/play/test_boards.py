"""Standings: kept as answers arrive, ranked with shared places, polled for next to nothing."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from classroom import actions
from classroom.models import Assignment, Classroom, Student
from exercises.versions import Played
from play import actions as play_actions
from play import queries
from play.models import Attempt, Board, Standing
from play.views import boards
from scoring.points import Answer, Mark
from tests.cast import Stage, answer, assign, desk_of, device_of, items, students
from tests.devices import Device
from tests.pages import read

pytestmark = pytest.mark.django_db

Sums = dict[tuple[int, int], tuple[int, int, int]]


def kept() -> Sums:
    rows = Standing.objects.values_list("assignment", "student", "points", "decisions", "correct")
    return {(assignment, student): tuple(sums) for assignment, student, *sums in rows}  # type: ignore[misc]


def summed_by_hand() -> Sums:
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for attempt in Attempt.objects.filter(is_practice=False):
        row = sums[attempt.assignment_id, attempt.student_id]
        for column, value in enumerate((attempt.points, 1, int(attempt.correct))):
            row[column] += value
    return {key: (row[0], row[1], row[2]) for key, row in sums.items()}


def any_answer(dice: random.Random, item: Played) -> Answer:
    """Anything that the kind's form could send."""
    if item.kind == "judge":
        return Answer(flagged=dice.random() < 0.5, confidence=dice.choice((50, 70, 100)))
    if item.kind in ("name", "evidence"):
        return Answer(choice=dice.choice(item.options))
    if dice.random() < 0.3:
        return Answer()
    start = dice.randrange(len(item.content.words))
    end = dice.randint(start + 1, len(item.content.words))
    return Answer(marks=(Mark((start, end), dice.choice(item.options)),))


def give_points(assignment: Assignment, points: dict[str, int]) -> dict[str, Student]:
    """Students with these sums, by nickname."""
    found = {}
    for nickname, sum_ in points.items():
        student = assignment.classroom.students.filter(nickname=nickname).first()
        found[nickname] = (
            student or actions.join(classroom=assignment.classroom, nickname=nickname, now=assignment.created)[0]
        )
        Standing.objects.create(assignment=assignment, student=found[nickname], points=sum_, decisions=10, correct=5)
    Board.objects.create(assignment=assignment, version=1)
    return found


def board_url(stage: Stage) -> str:
    return reverse("leaderboard", args=[stage.class_9b.uid, stage.six_ways.uid])


def projector_url(stage: Stage) -> str:
    return reverse("projector", args=[stage.class_9b.uid, stage.six_ways.uid])


def poll_url(response: Any) -> str:
    return read(response).one(id="standings").attributes["data-poll"]


def rows(response: Any) -> list[tuple[str, str, str]]:
    """Rank, nickname and points as they stand on the page."""
    return [
        (
            re.sub(r"\D", "", row.of_class("rank")[0].seen),
            row.of_class("nickname")[0].text,
            row.of_class("points")[0].text.split()[0],
        )
        for row in read(response).of_class("leaderboard-row")
    ]


def test_the_board_leads_on_to_what_is_left_and_then_to_one_s_own_result(stage: Stage) -> None:
    device = device_of(stage.heron)

    def ways_on() -> dict[str, str]:
        return {link.text: link.attributes["href"] for link in read(device.get(board_url(stage))).one("main").all("a")}

    here = [stage.class_9b.uid, stage.six_ways.uid]
    assert ways_on()["Go on playing"] == reverse("play", args=here)
    for position in range(1, 7):
        assert "My own result" not in ways_on()
        answer(stage.heron, stage.six_ways, position)
    assert "Go on playing" not in ways_on()
    assert device.get(ways_on()["My own result"]).status_code == 200


@pytest.mark.parametrize("seed", range(5))
def test_standings_kept_as_answers_arrive_equal_a_rebuild(stage: Stage, seed: int) -> None:
    """Over many answers in any order: several students and sets, forms sent twice, layers seen before."""
    dice = random.Random(seed)
    class_9b = [stage.heron, stage.otter, *students(stage.class_9b, 3)]
    todo = [
        (student, assignment, position)
        for assignment, players in (
            (stage.six_ways, class_9b),
            (stage.once_more, class_9b),
            (stage.six_ways_7a, [stage.finch]),
        )
        for student in players
        for position in range(1, assignment.items.count() + 1)
        if dice.random() < 0.8
    ]
    todo += dice.sample(todo, len(todo) // 4)
    dice.shuffle(todo)
    for number, (student, assignment, position) in enumerate(todo):
        given = any_answer(dice, items(assignment)[position - 1])
        answer(student, assignment, position, given, key=f"form-{number}")
    as_arrived = kept()
    assert Attempt.objects.filter(is_practice=True).exists()
    assert as_arrived == summed_by_hand()
    for assignment in (stage.six_ways, stage.once_more, stage.six_ways_7a):
        play_actions.rebuild_standings(assignment=assignment)
    assert kept() == as_arrived


def test_a_rebuild_mends_what_is_wrong_and_is_seen_by_polls(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    right = kept()
    version = queries.board_version(assignment_id=stage.six_ways.pk)
    Standing.objects.update(points=9999)
    Standing.objects.create(assignment=stage.once_more, student=stage.otter, points=5)
    call_command("rebuild_standings", verbosity=0)
    assert kept() == right
    assert queries.board_version(assignment_id=stage.six_ways.pk) == version + 1


def test_ties_share_a_rank_and_the_next_is_skipped(stage: Stage) -> None:
    give_points(stage.six_ways, {"Brisk Heron": 400, "Calm Otter": 300, "Newt": 300, "Hare": 200})
    board = queries.leaderboard(assignment=stage.six_ways)
    assert [(row.rank, row.nickname) for row in board.rows] == [
        (1, "Brisk Heron"),
        (2, "Calm Otter"),
        (2, "Newt"),
        (4, "Hare"),
    ]
    shown = device_of(stage.heron).get(board_url(stage))
    assert [rank for rank, _, _ in rows(shown)] == ["1", "2", "2", "4"]


def test_one_s_own_row_is_shown_where_it_is_not_among_the_first_five(stage: Stage) -> None:
    points = {"Newt": 500, "Hare": 400, "Toad": 400, "Mole": 300, "Vole": 200, "Calm Otter": 150, "Brisk Heron": 100}
    give_points(stage.six_ways, points)
    shown = rows(device_of(stage.heron).get(board_url(stage)))
    assert [name.removesuffix(" you") for _, name, _ in shown] == [
        "Newt",
        "Hare",
        "Toad",
        "Mole",
        "Vole",
        "Brisk Heron",
    ]
    assert shown[-1] == ("7", "Brisk Heron you", "100")
    assert len(rows(desk_of(stage.bob).get(projector_url(stage)))) == 5


def test_one_s_own_row_among_the_first_is_not_shown_twice(stage: Stage) -> None:
    give_points(stage.six_ways, {"Brisk Heron": 400, "Calm Otter": 300})
    shown = rows(device_of(stage.heron).get(board_url(stage)))
    assert shown == [("1", "Brisk Heron you", "400"), ("2", "Calm Otter", "300")]


def test_a_tie_across_the_edge_shares_its_rank(stage: Stage) -> None:
    give_points(stage.six_ways, dict.fromkeys(("A", "B", "C", "D", "E", "Z"), 100))
    own = queries.leaderboard(
        assignment=stage.six_ways, student=Student.objects.get(nickname="Z", classroom=stage.class_9b)
    ).own
    assert own
    assert own.rank == 1


def test_who_has_not_answered_has_no_row(stage: Stage) -> None:
    give_points(stage.six_ways, {"Calm Otter": 300})
    board = queries.leaderboard(assignment=stage.six_ways, student=stage.heron)
    assert (len(board.rows), board.own, board.total) == (1, None, 1)


def test_an_empty_board_is_a_page_too(stage: Stage) -> None:
    response = device_of(stage.heron).get(board_url(stage))
    assert response.status_code == 200
    assert rows(response) == []
    assert device_of(stage.heron).get(poll_url(response)).status_code == 204


def test_the_version_advances_by_one_with_every_counting_answer(stage: Stage) -> None:
    def versions() -> tuple[int, int]:
        one, other = (queries.board_version(assignment_id=each.pk) for each in (stage.six_ways, stage.once_more))
        return one, other

    assert versions() == (0, 0)
    for position in (1, 2, 3):
        answer(stage.heron, stage.six_ways, position)
        assert versions() == (position, 0)
    answer(stage.otter, stage.six_ways, 1)
    assert versions() == (4, 0)
    answer(stage.otter, stage.six_ways, 1, key="again")
    assert versions() == (4, 0), "an answer that was there"
    answer(stage.heron, stage.once_more, 1)
    assert versions() == (4, 0), "practice"


def test_a_removed_student_leaves_the_board_at_once(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    answer(stage.otter, stage.six_ways, 1)
    desk = desk_of(stage.bob)
    poll = poll_url(desk.get(projector_url(stage)))
    assert desk.get(poll).status_code == 204
    play_actions.remove_student(student=stage.heron)
    assert [name for _, name, _ in rows(desk.get(poll))] == ["Calm Otter"]


@pytest.mark.parametrize("who", ["student", "teacher"])
def test_an_unchanged_board_costs_one_look_at_its_version(stage: Stage, who: str) -> None:
    """Two queries at most, and none of them for the session, the teacher or the student."""
    answer(stage.otter, stage.six_ways, 1)
    device, url = (
        (device_of(stage.heron), board_url(stage)) if who == "student" else (desk_of(stage.bob), projector_url(stage))
    )
    poll = poll_url(device.get(url))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = device.get(poll, headers={"HX-Request": "true"})
    asked = " ".join(query["sql"] for query in captured.captured_queries)
    assert response.status_code == 204
    assert not response.content
    assert len(captured) <= 2
    assert "play_board" in asked
    for table in ("session", "classroom_student", "classroom_teacher", "classroom_assignment", "play_standing"):
        assert table not in asked


def test_a_changed_board_comes_as_the_part_that_changes(stage: Stage) -> None:
    device = device_of(stage.heron)
    poll = poll_url(device.get(board_url(stage)))
    answer(stage.otter, stage.six_ways, 5)
    response = device.get(poll, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert rows(response) == [("1", "Calm Otter", "100")]
    assert poll_url(response) != poll
    assert device.get(poll_url(response)).status_code == 204


def test_the_way_to_the_podium_comes_with_the_first_row(stage: Stage) -> None:
    desk, there = desk_of(stage.bob), reverse("projector_podium", args=[stage.class_9b.uid, stage.six_ways.uid])
    page = desk.get(projector_url(stage))
    assert there not in page.content.decode()
    answer(stage.otter, stage.six_ways, 5)
    assert there in desk.get(poll_url(page)).content.decode()


def test_the_way_to_the_podium_comes_with_the_closing(stage: Stage) -> None:
    answer(stage.otter, stage.six_ways, 5)
    device, where = device_of(stage.heron), [stage.class_9b.uid, stage.six_ways.uid]
    page = device.get(board_url(stage))
    assert reverse("podium", args=where) not in page.content.decode()
    desk_of(stage.bob).post(reverse("assignment_close", args=where))
    assert reverse("podium", args=where) in device.get(poll_url(page)).content.decode()


def test_the_projector_shows_the_class_to_its_teacher_alone(stage: Stage) -> None:
    desk = desk_of(stage.bob)
    poll = poll_url(desk.get(projector_url(stage)))
    answer(stage.otter, stage.six_ways, 5)
    assert rows(desk.get(poll)) == [("1", "Calm Otter", "100")]
    assert desk_of(stage.carol).get(poll).status_code == 404
    assert device_of(stage.heron).get(poll).status_code == 302


@pytest.mark.parametrize("name", ["standings", "projector_standings"])
def test_a_poll_with_a_foreign_token_is_not_answered(stage: Stage, name: str) -> None:
    """No token, a made-up one, another board's, and one that was made for something else."""
    mine = signing.dumps(stage.six_ways.pk, salt=f"{boards.POLL_SALT}.{stage.six_ways.uid}")
    tokens = [
        "",
        "x",
        mine[:-1],
        signing.dumps(stage.once_more.pk, salt=f"{boards.POLL_SALT}.{stage.once_more.uid}"),
        signing.dumps(stage.six_ways_7a.pk, salt=f"{boards.POLL_SALT}.{stage.six_ways_7a.uid}"),
        signing.dumps(stage.six_ways.pk, salt=boards.POLL_SALT),
        signing.dumps(stage.six_ways.pk),
    ]
    url = reverse(name, args=[stage.class_9b.uid, stage.six_ways.uid, 0])
    device = device_of(stage.heron) if name == "standings" else desk_of(stage.bob)
    assert device.get(url, {"token": mine}).status_code == 204
    assert [device.get(url, {"token": token}).status_code for token in tokens] == [404] * len(tokens)
    assert device.get(url).status_code == 404


def test_a_page_that_was_left_open_stops_polling(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    device = device_of(stage.heron)
    poll = poll_url(device.get(board_url(stage)))
    monkeypatch.setattr(boards, "POLL_AGE", -1)
    assert device.get(poll).status_code == 404


def test_a_signed_out_device_is_not_told_what_changed(stage: Stage) -> None:
    device = device_of(stage.heron)
    poll = poll_url(device.get(board_url(stage)))
    actions.renew_phrase(student=stage.heron)
    answer(stage.otter, stage.six_ways, 1)
    assert device.get(poll).status_code == 404


def test_queries_do_not_grow_with_the_answers(stage: Stage) -> None:
    """As many for 10 answers as for 300: boards, the student's home, the next answer."""
    group = [stage.heron, stage.otter, *students(stage.class_9b, 50)]

    def counts(student: Student) -> list[int]:
        device, desk = device_of(student), desk_of(stage.bob)
        home = reverse("student_home", args=[stage.class_9b.uid])
        last = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 6])
        for url in (last, projector_url(stage)):
            (device if url == last else desk).get(url)
        looks: list[Callable[[], Any]] = [
            lambda: device.get(board_url(stage)),
            lambda: device.get(home),
            lambda: desk.get(projector_url(stage)),
            lambda: device.post(last, {"nothing": "1"}),
        ]
        found = []
        for look in looks:
            with CaptureQueriesContext(connection) as captured:
                assert look().status_code in (200, 302)
            found.append(len(captured))
        return found

    for student in group[:2]:
        for position in range(1, 6):
            answer(student, stage.six_ways, position)
    assert Attempt.objects.count() == 10
    Classroom.objects.update(last_answer=timezone.now())  # noted once an hour: by whoever is first in it
    for_10 = counts(group[0])
    for student in group:
        for position in range(1, 7 if student not in (group[0], group[1]) else 6):
            answer(student, stage.six_ways, position)
    assert Attempt.objects.count() > 300
    assert counts(group[1]) == for_10


def test_boards_of_two_classes_with_one_set_are_apart(stage: Stage) -> None:
    answer(stage.finch, stage.six_ways_7a, 5)
    assert queries.leaderboard(assignment=stage.six_ways).total == 0
    assert queries.leaderboard(assignment=stage.six_ways_7a).total == 1
    again = assign(stage.class_9b, "six-ways")
    assert queries.leaderboard(assignment=again).total == 0


def test_the_poll_of_a_guest_tells_nothing_but_that_nothing_changed(stage: Stage) -> None:
    poll = poll_url(device_of(stage.heron).get(board_url(stage)))
    assert Device().get(poll).status_code == 204
    answer(stage.otter, stage.six_ways, 1)
    assert Device().get(poll).status_code == 404
