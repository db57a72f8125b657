"""What each mode of a leaderboard shows, on every board and in every response; and nothing that it hides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom.models import Assignment, BoardMode, Student
from play import actions, changing, entries, queries
from play.models import Attempt, Board, Standing
from scoring.points import Answer
from tests.cast import NOW, Stage, answer, assign, desk_of, device_of, items, students
from tests.devices import Device
from tests.pages import read

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, tzinfo=NOW.tzinfo)


def names(response: Any) -> list[str]:
    return [row.of_class("nickname")[0].text for row in read(response).of_class("leaderboard-row")]


def with_points(stage: Stage, mode: str, count: int = 9) -> tuple[Assignment, list[Student]]:
    """An assignment in that mode, with students whose points fall: Newt 1 has the most. Heron is the last but two."""
    given = assign(stage.class_9b, "six-ways", board_mode=mode)
    group = [*students(stage.class_9b, count - 2), stage.heron, stage.otter]
    for number, student in enumerate(group):
        Standing.objects.create(
            assignment=given, student=student, points=900 - 100 * number, decisions=9, correct=8, streak=3
        )
    Board.objects.create(assignment=given, version=1)
    return given, group


def boards_of(stage: Stage, given: Assignment, device: Device) -> list[Any]:
    """Everything that tells ranks, as a student's device gets it."""
    page = device.get(reverse("leaderboard", args=[stage.class_9b.uid, given.uid]))
    poll = read(page).one(id="standings").attributes["data-poll"]
    Board.objects.update(version=9)
    podium = device.get(reverse("podium", args=[stage.class_9b.uid, given.uid]))
    return [page, device.get(poll), podium, *class_boards(stage, device)]


def class_boards(stage: Stage, device: Device) -> list[Any]:
    return [device.get(reverse("class_board", args=[stage.class_9b.uid, span])) for span in queries.SPANS]


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("top", ["Newt 1", "Newt 2", "Newt 3", "Newt 4", "Newt 5", "Brisk Heron you"]),
        ("all", [f"Newt {n}" for n in range(1, 8)] + ["Brisk Heron you", "Calm Otter"]),
        ("relative", ["Newt 6", "Newt 7", "Brisk Heron you", "Calm Otter"]),
        ("off", []),
    ],
)
def test_a_student_gets_the_rows_of_the_mode_and_no_others(stage: Stage, mode: str, shown: list[str]) -> None:
    given, group = with_points(stage, mode)
    visible = {name.removesuffix(" you") for name in shown}
    for response in boards_of(stage, given, device_of(stage.heron)):
        for student in group:
            if student.nickname not in visible and student != stage.heron:
                assert f">{student.nickname}<" not in response.content.decode().replace("\n", ""), mode
    page = device_of(stage.heron).get(reverse("leaderboard", args=[stage.class_9b.uid, given.uid]))
    assert names(page) == shown


@pytest.mark.parametrize(("mode", "count"), [("top", 5), ("all", 9), ("relative", 0), ("off", 0)])
def test_the_projector_hides_what_the_mode_hides(stage: Stage, mode: str, count: int) -> None:
    given, group = with_points(stage, mode)
    response = desk_of(stage.bob).get(reverse("projector", args=[stage.class_9b.uid, given.uid]))
    assert len(names(response)) == count
    hidden = [student.nickname for student in group if student.nickname not in names(response)]
    assert not [name for name in hidden if name in response.content.decode()]


def test_ranks_are_one_s_own_even_where_few_rows_are_shown(stage: Stage) -> None:
    given, _ = with_points(stage, "relative")
    Standing.objects.filter(assignment=given, student__nickname="Newt 7").update(points=200)
    board = queries.leaderboard(assignment=given, student=stage.heron)
    assert [(row.rank, row.nickname) for row in board.rows] == [
        (5, "Newt 5"),
        (6, "Newt 6"),
        (7, "Brisk Heron"),
        (7, "Newt 7"),
        (9, "Calm Otter"),
    ]


def test_a_shared_place_is_called_so_though_the_other_row_is_hidden(stage: Stage) -> None:
    given, _ = with_points(stage, "top")
    Standing.objects.filter(assignment=given, student__nickname="Newt 7").update(points=200)
    Standing.objects.filter(assignment=given, student__nickname="Newt 2").update(points=900)
    board = device_of(stage.heron).get(reverse("leaderboard", args=[stage.class_9b.uid, given.uid]))
    assert "Newt 7" not in names(board)
    assert [row.of_class("rank")[0].text for row in read(board).of_class("leaderboard-row")] == [
        *("Shared place =1", "Shared place =1", "Place 3", "Place 4", "Place 5"),
        "Shared place =7",
    ]
    Assignment.objects.filter(pk=given.pk).update(closes=NOW)
    podium = device_of(stage.heron).get(reverse("podium", args=[stage.class_9b.uid, given.uid]))
    assert [each.text for each in read(podium).of_class("podium-rank")] == ["Shared place 1"] * 2 + ["Place 3"]


def test_who_has_no_row_yet_is_told_how_to_get_one(stage: Stage) -> None:
    given, _ = with_points(stage, "relative")
    Standing.objects.filter(assignment=given, student=stage.heron).delete()
    address = reverse("leaderboard", args=[stage.class_9b.uid, given.uid])
    page = device_of(stage.heron).get(address)
    assert not names(page)
    assert "You are not on this board yet" in page.content.decode()


def test_teams_are_ranked_by_the_mean_and_no_member_is_named(stage: Stage) -> None:
    group = students(stage.class_9b, 3)
    given = assign(stage.class_9b, "six-ways", board_mode="teams")
    chosen = {stage.heron: 0, group[0]: 0, stage.otter: 1, group[1]: 1, group[2]: 1}
    changing.choose_teams(assignment=given, names=["Owls", "Larks"], chosen=chosen)
    for student, points in zip(chosen, (400, 200, 300, 300, 900), strict=True):
        Standing.objects.create(assignment=given, student=student, points=points, decisions=4, correct=3)
    page = device_of(stage.heron).get(reverse("leaderboard", args=[stage.class_9b.uid, given.uid]))
    rows = read(page).of_class("leaderboard-row")
    assert [(row.of_class("nickname")[0].text, row.of_class("points")[0].text.split()[0]) for row in rows] == [
        ("Larks", "500"),
        ("Owls you", "300"),
        ("Brisk Heron you", "400"),
    ]
    assert not [each for each in (stage.otter, *group) if each.nickname in page.content.decode()]
    for response in class_boards(stage, device_of(stage.otter)):
        assert not names(response), "a board of the class would name them"


def test_a_late_joiner_has_no_rank_before_having_seen_most(stage: Stage) -> None:
    for position in range(1, 3):
        answer(stage.otter, stage.six_ways, position)
    Student.objects.filter(pk=stage.heron.pk).update(joined=NOW + timedelta(minutes=20))
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
        board = queries.leaderboard(assignment=stage.six_ways, student=stage.heron)
        mine = next(row for row in (*board.rows, board.own) if row and row.is_me)
        assert (mine.rank is None) == (position < 5), "five of six is the first that is four fifths"
        assert mine.decisions == position, "what was not seen is not counted as wrong"
    Student.objects.filter(pk=stage.otter.pk).update(joined=NOW + timedelta(minutes=5))
    assert all(row.rank for row in queries.leaderboard(assignment=stage.six_ways).rows), "five minutes are not late"


def test_the_class_s_boards_sum_up_what_may_be_shown(stage: Stage) -> None:
    """In the strictest mode of the assignments that show rows; those without a leaderboard are in none."""
    hidden = assign(stage.class_9b, "six-ways", board_mode="off")
    for assignment, points in ((stage.six_ways, 100), (stage.once_more, 50), (hidden, 700)):
        Standing.objects.create(
            assignment=assignment, student=stage.heron, points=points, decisions=2, correct=1, longest_streak=2
        )
    Standing.objects.create(assignment=stage.six_ways_7a, student=stage.finch, points=999)
    board = queries.class_board(classroom=stage.class_9b, span="all", now=NOW, student=stage.heron)
    assert [(row.nickname, row.points, row.decisions, row.correct, row.streak) for row in board.rows] == [
        ("Brisk Heron", 150, 4, 2, 2)
    ]
    assert board.mode == BoardMode.TOP
    Assignment.objects.filter(pk=stage.once_more.pk).update(board_mode=BoardMode.RELATIVE)
    assert queries.class_board(classroom=stage.class_9b, span="all", now=NOW).mode == BoardMode.RELATIVE


def test_the_week_begins_on_monday_by_the_class_s_clock(stage: Stage) -> None:
    stage.class_9b.time_zone = "Europe/Berlin"
    for position, moment in ((3, MONDAY - timedelta(hours=2)), (4, MONDAY - timedelta(minutes=30)), (5, NOW)):
        answer(stage.heron, stage.six_ways, position, now=moment)
    board = queries.class_board(classroom=stage.class_9b, span="week", now=NOW)
    assert [(row.nickname, row.decisions) for row in board.rows] == [("Brisk Heron", 2)]


def test_who_has_moved_to_another_class_is_on_no_board_of_the_old_one(stage: Stage) -> None:
    answer(stage.heron, stage.once_more, 2, now=NOW)
    answer(stage.otter, stage.once_more, 2, now=NOW)
    entries.move(student=stage.heron, classroom=stage.class_7a)
    for span in queries.SPANS:
        board = queries.class_board(classroom=stage.class_9b, span=span, now=NOW)
        assert [row.nickname for row in board.rows] == ["Calm Otter"], span


def test_the_week_s_board_has_the_longest_streak_of_the_week(stage: Stage) -> None:
    """In one assignment, as on the board of all time: else that of a week could be the longer one."""
    for hour, (given, position, is_right) in enumerate(
        (
            (stage.six_ways, 1, True),
            (stage.six_ways, 2, True),
            (stage.six_ways, 3, True),
            (stage.once_more, 2, True),
            (stage.six_ways, 4, False),
            (stage.six_ways, 5, True),
        )
    ):
        made = answer(stage.heron, given, position, now=MONDAY + timedelta(hours=hour - 1))
        Attempt.objects.filter(pk=made.pk).update(correct=is_right, is_practice=False)
    for given in (stage.six_ways, stage.once_more):
        actions.rebuild_standings(assignment=given)
    week, ever = (queries.class_board(classroom=stage.class_9b, span=span, now=NOW).rows[0] for span in queries.SPANS)
    assert (week.decisions, week.correct, week.streak) == (5, 4, 2)
    assert (ever.decisions, ever.correct, ever.streak) == (6, 5, 3)


def test_the_week_s_board_says_nothing_before_a_closing(stage: Stage) -> None:
    given = assign(stage.class_9b, "six-ways", feedback="closing", closes=NOW + timedelta(hours=1))
    answer(stage.heron, given, 5)
    assert not queries.class_board(classroom=stage.class_9b, span="week", now=NOW).rows


@pytest.mark.parametrize("who", ["student", "teacher"])
def test_the_class_s_boards_renew_themselves(stage: Stage, who: str) -> None:
    name, device = (
        ("class_board", device_of(stage.heron)) if who == "student" else ("class_projector", desk_of(stage.bob))
    )
    page = device.get(reverse(name, args=[stage.class_9b.uid, "all"]))
    poll = read(page).one(id="standings").attributes["data-poll"]
    assert device.get(poll).status_code == 204
    answer(stage.otter, stage.six_ways, 5)
    changed = device.get(poll)
    assert names(changed) == ["Calm Otter"]
    assert "<html" not in changed.content.decode()
    assert device.get(poll.partition("?")[0]).status_code == 404
    assert device.get(reverse(name, args=[stage.class_9b.uid, "ever"])).status_code == 404


def test_a_team_that_has_not_begun_is_not_on_the_podium() -> None:
    rows = (queries.BoardRow(1, "Herons", 320, 5, False), queries.BoardRow(2, "Otters", 0, 0, False))
    board = queries.Leaderboard(1, rows, None, 5, BoardMode.TEAMS)
    assert [row.nickname for row in board.podium] == ["Herons"]


def test_the_podium_comes_at_the_end_with_ties(stage: Stage) -> None:
    given, _ = with_points(stage, "top")
    Standing.objects.filter(assignment=given, student__nickname="Newt 4").update(points=700)
    device, where = device_of(stage.heron), [stage.class_9b.uid, given.uid]
    podium = reverse("podium", args=where)
    assert device.get(podium).url == reverse("leaderboard", args=where), "it is still open"
    assert len(read(desk_of(stage.bob).get(reverse("projector_podium", args=where))).of_class("podium-place")) == 4
    Assignment.objects.filter(pk=given.pk).update(closes=timezone.now())
    page = read(device.get(podium))
    assert [place.attributes["data-rank"] for place in page.of_class("podium-place")] == ["1", "2", "3", "3"]
    skip = next(link for link in page.one("main").all("a") if link.text.startswith("Skip"))
    assert skip.attributes["href"] == reverse("finished", args=where)
    assert "place 8" in page.of_class("lead")[0].text


def test_ties_at_the_end_of_the_best_five_are_counted_and_not_shown(stage: Stage) -> None:
    given, _ = with_points(stage, "top")
    url = reverse("leaderboard", args=[stage.class_9b.uid, given.uid])
    assert not read(device_of(stage.heron).get(url)).of_class("leaderboard-more")
    Standing.objects.filter(assignment=given).update(points=500)
    page = read(device_of(stage.heron).get(url))
    names_shown = ["Brisk Heron you", "Calm Otter", "Newt 1", "Newt 2", "Newt 3"]
    assert [row.of_class("nickname")[0].text for row in page.of_class("leaderboard-row")] == names_shown
    assert page.of_class("leaderboard-more")[0].text == "and 4 more in place 1"
    board = queries.leaderboard(assignment=given, student=stage.class_9b.students.get(nickname="Newt 7"))
    assert (board.more_tied, board.own and board.own.rank) == (3, 1), "one's own row is shown"
    podium = desk_of(stage.bob).get(reverse("projector_podium", args=[stage.class_9b.uid, given.uid]))
    assert "and 4 more in place 1" in read(podium).one("main").text


@pytest.mark.parametrize("mode", ["relative", "off"])
def test_there_is_no_podium_where_the_mode_hides_the_first(stage: Stage, mode: str) -> None:
    given, _ = with_points(stage, mode)
    Assignment.objects.filter(pk=given.pk).update(closes=timezone.now())
    where = [stage.class_9b.uid, given.uid]
    assert device_of(stage.heron).get(reverse("podium", args=where)).url == reverse("leaderboard", args=where)
    assert desk_of(stage.bob).get(reverse("projector_podium", args=where)).url == reverse("projector", args=where)


# Beside the top


def decide(student: Student, count: int, *, right: int, confidence: int, now: datetime, stage: Stage) -> None:
    """So many judgements, of which the first are right."""
    item = items(stage.six_ways)[4]
    for number in range(count):
        assignment = assign(stage.class_9b, "six-ways")
        given = Answer(flagged=number >= right, confidence=confidence)
        Attempt.objects.filter(pk=answer(student, assignment, 5, given, now=now).pk).update(is_practice=False)
        actions.rebuild_standings(assignment=assignment)
    assert item.kind == "judge"


def honours_of(stage: Stage, student: Student | None = None) -> list[tuple[str, str]]:
    board = queries.class_board(classroom=stage.class_9b, span="week", now=NOW, student=student)
    return [(honour.kind, honour.nickname) for honour in board.honours]


def test_honours_beside_the_top_need_twenty_decisions_in_each_period(stage: Stage) -> None:
    before = MONDAY - timedelta(days=2)
    decide(stage.heron, 20, right=8, confidence=90, now=before, stage=stage)
    decide(stage.heron, 20, right=16, confidence=80, now=NOW, stage=stage)
    decide(stage.otter, 19, right=0, confidence=90, now=before, stage=stage)
    decide(stage.otter, 20, right=20, confidence=60, now=NOW, stage=stage)
    assert honours_of(stage) == [("improved", "Brisk Heron"), ("calibrated", "Brisk Heron")]


def test_nobody_is_called_calibrated_below_chance(stage: Stage) -> None:
    decide(stage.heron, 20, right=10, confidence=50, now=NOW, stage=stage)
    assert honours_of(stage) == []


def test_honours_name_nobody_else_where_the_mode_hides_others(stage: Stage) -> None:
    decide(stage.heron, 20, right=16, confidence=80, now=NOW, stage=stage)
    Assignment.objects.update(board_mode=BoardMode.RELATIVE)
    assert honours_of(stage) == honours_of(stage, stage.otter) == []
    assert honours_of(stage, stage.heron) == [("calibrated", "Brisk Heron")]


def test_honours_come_before_the_rows(stage: Stage) -> None:
    """A whole class's board is longer than a screen."""
    decide(stage.heron, 20, right=16, confidence=80, now=timezone.now(), stage=stage)
    page = read(device_of(stage.otter).get(reverse("class_board", args=[stage.class_9b.uid, "all"])))
    lists = [each.classes[0] for each in page.one(id="standings").all() if each.tag in ("ul", "ol")]
    assert lists == ["honours", "leaderboard"]


def test_a_class_s_board_says_that_its_streak_is_the_best_one(stage: Stage) -> None:
    given, _ = with_points(stage, "all")
    Standing.objects.update(longest_streak=5)
    device = device_of(stage.heron)
    one = read(device.get(reverse("leaderboard", args=[stage.class_9b.uid, given.uid])))
    assert one.of_class("streak")[0].text == "streak 3"
    of_all_time = read(device.get(reverse("class_board", args=[stage.class_9b.uid, "all"])))
    assert of_all_time.of_class("streak")[0].text == "best streak 5"
