"""Test forms: nothing about them reaches a student before the last test of the class is over, and nowhere else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from classroom import queries as plans
from classroom.assigning import Plan
from classroom.material import Filters, browse
from classroom.models import Assignment, ExerciseSet, Student, Teacher
from classroom.schedule import schedule_of
from exercises.models import Passage
from play import actions, changing, queries, standings
from play.exports import VERDICT
from play.models import Challenge, Standing
from play.views.results import PAGES
from scoring.points import Answer
from tests.cast import Cast, Stage, answer, assign, desk_of, device_of, items
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CLASS_FILES = ("class.json", "answers.csv")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def give(stage: Cast, closes: datetime, *students: Student, form: str = "exit-test") -> Assignment:
    return assign(stage.class_9b, form, feedback="closing", closes=closes, students=students)


def again(assignment: Assignment) -> Assignment:
    return Assignment.objects.get(pk=assignment.pk)


def page(student: Student, name: str, assignment: Assignment, *more: Any) -> Any:
    return device_of(student).get(reverse(name, args=[assignment.classroom.uid, assignment.uid, *more]))


def is_told(student: Student, assignment: Assignment) -> bool:
    """Whether any page tells the student a key, points or a place."""
    reveal = bool(read(page(student, "exercise", assignment, 1)).of_class("note"))
    report = bool(read(page(student, "finished", assignment)).of_class("report"))
    rows = bool(read(page(student, "leaderboard", assignment)).of_class("leaderboard-row"))
    assert reveal == report == rows, (reveal, report, rows)
    return reveal


def played(stage: Cast, student: Student, assignment: Assignment, at: datetime) -> None:
    for position, item in enumerate(items(assignment), 1):
        actions.open_item(student=student, assignment=assignment, version_id=item.version_id, now=at)
        given = Answer(flagged=True, confidence=80) if item.kind == "judge" else None
        answer(student, assignment, position, given, now=at)


# Keys wait for the last test


def test_keys_of_every_test_wait_for_the_last_one_of_the_class(stage: Stage, now: datetime) -> None:
    """Heron's form is over, Otter's is not: with the key of the one the other would be told."""
    first = give(stage, now + HOUR, stage.heron)
    second = give(stage, now + 3 * HOUR, stage.otter)
    played(stage, stage.heron, first, now)
    changing.close_assignment(assignment=again(first), now=now)
    assert not is_told(stage.heron, again(first))
    assert not Standing.objects.filter(assignment=first).exists()
    assert again(first).keys_wait_until == second.closes
    changing.close_assignment(assignment=again(second), now=timezone.now())
    assert is_told(stage.heron, again(first))


def test_time_alone_brings_the_keys_of_all_tests(stage: Stage, now: datetime) -> None:
    """Nobody presses anything: the first closing tells nothing, the last one tells both."""
    first, second = give(stage, now + HOUR, stage.heron), give(stage, now + 3 * HOUR, stage.otter)
    played(stage, stage.heron, first, now)
    for moment, told in ((now + 2 * HOUR, False), (now + 3 * HOUR, True)):
        for each in (first, second):
            standings.settle(assignment=again(each), now=moment)
        assert schedule_of(again(first), stage.heron).tells(moment) is told
        assert Standing.objects.filter(assignment=first, student=stage.heron).exists() is told


def test_an_extension_of_one_test_holds_the_others_back(stage: Stage, now: datetime) -> None:
    first, second = give(stage, now + HOUR, stage.heron), give(stage, now + 2 * HOUR, stage.otter)
    later = now + timedelta(days=1)
    changing.extend_assignment(assignment=again(second), student=stage.otter, closes=later, time_factor=1, now=now)
    assert schedule_of(again(first)).ends == later
    changing.extend_assignment(assignment=again(second), student=stage.otter, closes=None, time_factor=1, now=now)
    assert schedule_of(again(first)).ends == second.closes


def test_a_test_that_is_moved_moves_the_keys_of_the_others(stage: Stage, now: datetime) -> None:
    first, second = give(stage, now + HOUR, stage.heron), give(stage, now + 2 * HOUR, stage.otter)
    plan = Plan(feedback="closing", closes=now + 9 * HOUR, students=(stage.otter,))
    changing.change_assignment(assignment=again(second), plan=plan, now=now)
    assert again(first).keys_wait_until == now + 9 * HOUR


def test_a_later_test_holds_back_what_was_told_already(stage: Stage, now: datetime) -> None:
    """No reveal, no report, no row on any board while somebody still writes; then all of it again."""
    first = give(stage, now + HOUR, stage.heron)
    played(stage, stage.heron, first, now)
    changing.close_assignment(assignment=again(first), now=now)
    assert is_told(stage.heron, again(first))
    board = queries.class_board(classroom=stage.class_9b, span="all", now=timezone.now())
    assert [row.nickname for row in board.rows] == ["Brisk Heron"]
    second = give(stage, now + 3 * HOUR, stage.otter)
    assert not is_told(stage.heron, again(first))
    for span in queries.SPANS:
        assert not queries.class_board(classroom=stage.class_9b, span=span, now=timezone.now()).rows
    assert queries.told_attempts(student=stage.heron, now=timezone.now()) == []
    actions.rebuild_standings(assignment=again(first))
    assert not is_told(stage.heron, again(first)), "nor after a rebuild"
    changing.close_assignment(assignment=again(second), now=timezone.now())
    assert is_told(stage.heron, again(first))
    assert queries.class_board(classroom=stage.class_9b, span="all", now=timezone.now()).rows


def test_rows_that_a_rebuild_took_away_come_back_with_time(stage: Stage, now: datetime) -> None:
    first = give(stage, now + HOUR, stage.heron)
    played(stage, stage.heron, first, now)
    changing.close_assignment(assignment=again(first), now=now)
    second = give(stage, now + 3 * HOUR, stage.otter)
    actions.rebuild_standings(assignment=again(first))
    assert not Standing.objects.filter(assignment=first).exists()
    assert second.closes
    standings.settle(assignment=again(first), now=second.closes)
    assert Standing.objects.filter(assignment=first, student=stage.heron).exists()


def test_other_sets_and_other_classes_hold_no_test_back(stage: Stage, now: datetime) -> None:
    first = give(stage, now + HOUR, stage.heron)
    assign(stage.class_9b, "six-ways", closes=now + 9 * HOUR)
    assign(stage.class_7a, "exit-test", feedback="closing", closes=now + 9 * HOUR)
    assert again(first).keys_wait_until == first.closes
    given = assign(stage.class_9b, "once-more", feedback="closing", closes=now + HOUR)
    give(stage, now + 5 * HOUR, stage.otter)
    assert (again(given).keys_wait_until, schedule_of(again(given)).ends) == (None, given.closes)


def test_the_teacher_and_the_student_are_told_when_the_keys_come(stage: Stage, now: datetime) -> None:
    first = give(stage, now + HOUR, stage.heron)
    second = give(stage, now + timedelta(days=40), stage.otter)
    assert second.closes
    when = f"{second.closes:%b}"
    desk = desk_of(stage.bob)
    where = [stage.class_9b.uid, first.uid]
    assert "the class’s last test is over" in read(desk.get(reverse("assignment_edit", args=where))).one("main").text
    played(stage, stage.heron, first, now)
    assert when in read(page(stage.heron, "finished", first)).of_class("lead")[0].text
    response = desk.get(reverse("assign", args=where[:1]))
    assert "class’s last test has closed" in response.content.decode()
    assert submit(desk, response, exercise_set=first.exercise_set.uid, feedback="each").status_code == 422


# What teachers take along says nothing before


def taken_along(stage: Stage) -> dict[str, Any]:
    """Every figure and file that a teacher gets of the class, but for the export of the class itself."""
    desk, here = desk_of(stage.bob), stage.class_9b.uid
    query = f"?student={stage.heron.uid}"
    found: dict[str, Any] = {}
    for page in PAGES:
        response = desk.get(reverse("results_workbook", args=[here, page]) + query)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        for sheet in book:
            found[f"{page} {sheet.title}"] = [[cell.value for cell in row] for row in sheet]
    for name, more in (("answers_export", ""), ("answers_export", "?names=yes")):
        with zipfile.ZipFile(io.BytesIO(desk.get(reverse(name, args=[here]) + more).content)) as files:
            found |= {f"{name}{more} {each}": files.read(each).decode() for each in files.namelist()}
    pages = ("class_results", "results_grid", "results_labels", "results_items", "results_sheets", "results_fairness")
    found |= {name: read(desk.get(reverse(name, args=[here]))).one("main").text for name in pages}
    own = reverse("student_results", args=[here, stage.heron.uid])
    return found | {"student_results": read(desk.get(own)).one("main").text}


def exported(stage: Stage) -> dict[str, Any]:
    """The class in JSON, from the export of the class, which the export of the account repeats."""
    desk, here = desk_of(stage.bob), stage.class_9b.uid
    files = []
    for url, folder in (
        (reverse("classroom_export", args=[here]), ""),
        (reverse("my_account_export"), f"classes/{here}/"),
    ):
        with zipfile.ZipFile(io.BytesIO(desk.get(url).content)) as archive:
            files.append({name: archive.read(f"{folder}{name}").decode("utf-8-sig") for name in CLASS_FILES})
    assert files[0] == files[1]
    found: dict[str, Any] = json.loads(files[0]["class.json"])
    table = list(csv.DictReader(io.StringIO(files[0]["answers.csv"])))
    for row, written in zip(found["answers"], table, strict=True):
        assert all((row[name] is None) is (written[name] == "") for name in VERDICT if row[name] is None)
    return found


def test_what_a_teacher_takes_along_tells_nothing_of_a_test_before_the_last_one(stage: Stage, now: datetime) -> None:
    """No figure moves by the answers, and the export of the class says what was answered, not what was right."""
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position, now=now)
    first, second = give(stage, now + HOUR, stage.heron), give(stage, now + 3 * HOUR, stage.otter)
    before = taken_along(stage)
    played(stage, stage.heron, first, now)
    changing.close_assignment(assignment=again(first), now=now)
    assert taken_along(stage) == before
    rows = exported(stage)["answers"]
    assert [row["waits"] for row in rows] == [False] * 6 + [True] * (len(rows) - 6)
    for row in rows:
        if row["waits"]:
            assert [row[name] for name in VERDICT] == [None] * len(VERDICT)
            assert row["answer"]
        else:
            assert None not in (row["points"], row["correct"], row["rescored"])
    of_heron = reverse("student", args=[stage.class_9b.uid, stage.heron.uid])
    assert first.title not in points_of(desk_of(stage.bob).get(of_heron))
    changing.close_assignment(assignment=again(second), now=timezone.now())
    assert taken_along(stage) != before
    told = exported(stage)["answers"]
    assert not any(row["waits"] or row["correct"] is None for row in told)
    assert first.title in points_of(desk_of(stage.bob).get(of_heron))


def test_a_later_test_takes_what_was_told_out_of_the_files_again(stage: Stage, now: datetime) -> None:
    """With the points of the one, and with what was challenged in it, the other would be told."""
    first = give(stage, now + HOUR, stage.heron)
    played(stage, stage.heron, first, now)
    changing.close_assignment(assignment=again(first), now=now)
    contested = stage.heron.attempts.first()
    assert contested
    Challenge.objects.create(
        student=stage.heron, attempt=contested, passage=contested.passage, layer=contested.layer, aim="remove", made=now
    )
    assert exported(stage)["challenges"]
    give(stage, now + 3 * HOUR, stage.otter)
    found = exported(stage)
    assert not found["challenges"]
    assert all(row["correct"] is None for row in found["answers"])
    of_heron = reverse("student", args=[stage.class_9b.uid, stage.heron.uid])
    assert not points_of(desk_of(stage.bob).get(of_heron))


def points_of(response: Any) -> list[str]:
    """Titles of the assignments with points."""
    rows = [
        [cell.text for cell in row.all() if cell.tag in ("th", "td")] for row in read(response).one("main").all("tr")
    ]
    return [row[0] for row in rows[1:] if " of " in row[-1]]


# Its passages are nowhere else


FORMS = ("form-a", "form-b", "form-c", "form-d")


def sealed_passages() -> set[str]:
    """Addresses of the passages of the shipped forms."""
    rows = Passage.objects.filter(exercises__set_items__exercise_set__sealed=True).select_related("source")
    return {str(row) for row in rows}


def offered(teacher: Teacher, **filters: Any) -> Iterator[str]:
    number = 1
    while True:
        results = browse(teacher=teacher, filters=Filters(**filters), page=number)
        yield from (f"{each.slug}/{each.name.replace(' ', '-')}" for each in results.found)
        if number == results.pages:
            return
        number += 1


def test_passages_of_the_shipped_forms_are_offered_to_no_teacher_and_no_practice(
    shipped_content: None, cast: Cast, now: datetime
) -> None:
    sealed = sealed_passages()
    assert len(sealed) == 40
    assert sealed.isdisjoint(offered(cast.bob, sensitive=True))
    for layer in ("technique", "source"):
        open_to = queries.open_to_practice(student=cast.heron, layer=layer, now=now)
        assert open_to.exists()
        assert sealed.isdisjoint(str(each.passage) for each in open_to.select_related("passage__source"))
        for address in sealed:
            source, passage = address.split("/")
            where = [cast.class_9b.uid, source, passage, layer]
            assert device_of(cast.heron).get(reverse("practice", args=where)).status_code == 404


def test_a_form_can_neither_be_copied_nor_taken_along_nor_given_with_other_sets(
    shipped_content: None, cast: Cast
) -> None:
    desk = desk_of(cast.bob)
    assert not [each for each in plans.sets(teacher=cast.bob) if each.sealed]
    for form in ExerciseSet.objects.filter(slug__in=FORMS):
        assert desk.post(reverse("set_copy", args=[form.uid])).status_code == 404
        assert desk.get(reverse("set_export", args=[form.uid])).status_code == 404


def test_two_forms_in_one_class_are_told_together(shipped_content: None, cast: Cast, now: datetime) -> None:
    """As a teacher crosses them: half of the class writes A and then B, the other half B and then A."""
    form_a = give(cast, now + HOUR, cast.heron, form="form-a")
    form_b = give(cast, now + timedelta(days=7), cast.heron, form="form-b")
    played(cast, cast.heron, form_a, now)
    changing.close_assignment(assignment=again(form_a), now=now)
    assert not is_told(cast.heron, again(form_a))
    played(cast, cast.heron, form_b, now)
    changing.close_assignment(assignment=again(form_b), now=timezone.now())
    assert is_told(cast.heron, again(form_a))
    assert is_told(cast.heron, again(form_b))
    report = queries.report(student=cast.heron, assignment=again(form_b), closed=True)
    assert report.decisions == 10, "no passage of B had been met in A"
