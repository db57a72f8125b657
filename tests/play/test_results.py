"""Results say what the answers bear: in the first line, in tables, in files, for whoever may see them."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from classroom.models import Assignment, Classroom, Student, Teacher
from exercises.models import Exercise
from play import actions, changing, demo, simulated
from play.models import Attempt, Standing
from play.queries import trials
from play.queries.trials import Scope
from play.results.items import heat
from play.results.person import telling
from play.results.tables import Table
from play.simulated import Skill
from play.spreadsheets import csv_text, workbook
from scoring.points import Answer, Mark
from scoring.statistics.detection import Outcomes
from tests.cast import NOW, Cast, Stage, answer, assign, desk_of, items, students
from tests.devices import Device
from tests.pages import Element, read

pytestmark = pytest.mark.django_db

PAGES = {"class_results": "overview", "results_labels": "labels", "results_items": "items", "results_grid": "grid"}
"""Pages of a class's results, and the names under which their tables are exported."""


def page(device: Device, name: str, classroom: Classroom, query: str = "") -> Element:
    response = device.get(reverse(name, args=[classroom.uid]) + query)
    assert response.status_code == 200
    return read(response).one("main")


def scope_of(classroom: Classroom) -> Scope:
    return Scope(classroom, tuple(trials.told(classroom=classroom, now=timezone.now())))


def first_line(made: Classroom) -> str:
    (line,) = page(desk_of(made.teacher), "class_results", made).of_class("first-line")
    return line.text


def first_line_of(cast: Cast, name: str, *sets: str) -> str:
    wanted = [each for each in demo.CLASSES if each.name == name]
    (made,) = demo.fill(teacher=cast.bob, students=24, now=timezone.now(), made=wanted, sets=sets or demo.SETS)
    return first_line(made)


# The first line.


@pytest.mark.long
def test_the_first_line_of_novices(shipped_content: None, cast: Cast) -> None:
    line = first_line_of(cast, "Novices")
    assert "only beginning to tell the two apart" in line
    assert "better" not in line
    assert "Next, try the set" in line


@pytest.mark.long
def test_the_first_line_of_a_class_that_improves(shipped_content: None, cast: Cast) -> None:
    assert "It is getting better" in first_line_of(cast, "Improving")


@pytest.mark.long
def test_the_first_line_of_experts(shipped_content: None, cast: Cast) -> None:
    line = first_line_of(cast, "Experts")
    assert "tells the two apart well" in line
    assert "Mark everything" in line


def test_the_first_line_of_a_suspicious_class(shipped_content: None, cast: Cast) -> None:
    """It catches nearly everything, and is told that this is not better telling."""
    line = first_line_of(cast, "Suspicious", "loaded-words")
    assert "flags too readily: more suspicion is not better telling" in line
    assert "takes fair writing for manipulation" in line
    assert "“How sure are you?”" in line


def test_the_first_line_of_a_one_sided_class(shipped_content: None, cast: Cast) -> None:
    """It tells well on the whole, since most texts are of one side: the warning below says what that hides."""
    (wanted,) = [each for each in demo.CLASSES if each.against]
    (made,) = demo.fill(teacher=cast.bob, students=24, now=timezone.now(), made=[wanted], sets=["loaded-words"])
    assert "takes fair writing for manipulation" in first_line(made)
    assert "seems to flag by side rather than by wording" in first_line(made)
    (warning,) = page(desk_of(cast.bob), "class_results", made).of_class("message-warning")
    assert "7 of 10 times where the text argues for the Kremlin’s position, and 1 of 10" in warning.text


def test_a_demo_school_is_made_once(shipped_content: None, cast: Cast) -> None:
    call_command("demo_school", students=1)
    made = Teacher.objects.get(username="demo")
    assert not made.is_owner, "the owner stays who it was"
    assert [each.name for each in made.classrooms.all()] == [
        "Experts",
        "Improving",
        "Novices",
        "One-sided",
        "Suspicious",
    ]
    assert all(each.students.count() == 1 for each in made.classrooms.all())
    with pytest.raises(CommandError, match="already"):
        call_command("demo_school", students=1)


def test_a_demo_school_needs_content(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no content"):
        call_command("demo_school")


def test_nothing_is_said_before_there_is_enough(stage: Stage) -> None:
    assert "Nobody has answered anything yet" in first_line(stage.class_9b)
    answer(stage.heron, stage.six_ways, 1)
    assert "too few answers" in first_line(stage.class_9b)


# What counts.


def test_practice_passes_and_late_answers_are_no_trials(stage: Stage) -> None:
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
    answer(stage.heron, stage.once_more, 1)
    found = trials.answers(scope=scope_of(stage.class_9b))
    assert len(found.given) == 6, "the first item of the second set had been revealed in the first"
    assert {found.asked[each.version_id].kind for each in found.trials} == {"spot", "source", "judge"}
    Attempt.objects.filter(pk=Attempt.objects.earliest("pk").pk).update(is_late=True)
    assert len(trials.answers(scope=scope_of(stage.class_9b)).given) == 5


def test_what_waits_for_its_closing_is_in_no_figure(stage: Stage) -> None:
    now = timezone.now()
    given = assign(stage.class_9b, "six-ways", feedback="closing", closes=now + timedelta(hours=1))
    answer(stage.heron, given, 1, now=now)
    assert not trials.answers(scope=scope_of(stage.class_9b)).given
    changing.close_assignment(assignment=given, now=now)
    assert len(trials.answers(scope=scope_of(stage.class_9b)).given) == 1


def test_ways_of_playing_are_not_added_up(stage: Stage) -> None:
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
    ways = trials.answers(scope=scope_of(stage.class_9b)).by_way
    assert {kind for kind, _ in ways} == {"spot", "source", "judge"}
    assert all(len(found) == 1 for found in ways.values())


def test_the_label_and_place_of_an_answer_are_kept(stage: Stage) -> None:
    """What was chosen, and the annotation that it is judged by: the tables of labels come from there."""
    item = next(each for each in items(stage.six_ways) if each.kind == "name")
    position = items(stage.six_ways).index(item) + 1
    stored = answer(stage.heron, stage.six_ways, position, Answer(choice=item.options[0]))
    assert (stored.chosen, stored.target) == (item.options[0], item.annotation)


def test_answers_of_before_are_scored_anew(stage: Stage) -> None:
    """From the raw answers alone; what was passed or late stays what it was."""
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
    late = answer(stage.otter, stage.six_ways, 5)
    Attempt.objects.filter(pk=late.pk).update(is_late=True, score=-1, points=0, correct=False)
    kept = list(Attempt.objects.order_by("pk").values())
    standings = list(Standing.objects.order_by("pk").values_list("student", "points", "correct"))
    Attempt.objects.exclude(pk=late.pk).update(chosen="", target="", score=0, points=1, correct=False, label="")
    call_command("rescore")
    assert list(Attempt.objects.order_by("pk").values()) == kept
    call_command("rescore")
    actions.rebuild_standings(assignment=stage.six_ways)
    heron = [row for row in Standing.objects.values_list("student", "points", "correct") if row[0] == stage.heron.pk]
    assert heron == [row for row in standings if row[0] == stage.heron.pk]


# The pages.


@pytest.fixture
def played_out(stage: Stage) -> Stage:
    """12 more students have answered everything, each in a way of their own."""
    dice = random.Random(12)
    skill = Skill(hits=0.7, false_alarms=0.4, names=0.6, sharp=0.7, sure=80)
    for student in students(stage.class_9b, 12):
        for position, item in enumerate(items(stage.six_ways), 1):
            answer(student, stage.six_ways, position, simulated.answer(dice, skill, item))
    return stage


@pytest.mark.parametrize("name", PAGES)
def test_pages_and_files_say_the_same(played_out: Stage, name: str) -> None:
    """Every table on the screen, cell by cell, in CSV and in a workbook; there numbers are numbers."""
    device, here = desk_of(played_out.bob), played_out.class_9b.uid
    main = page(device, name, played_out.class_9b)
    shown = [rows_of(each) for each in main.all("table")]
    assert shown
    sent = device.get(reverse("results_workbook", args=[here, PAGES[name]]))
    book = openpyxl.load_workbook(io.BytesIO(sent.content))
    sheets = [sheet for sheet in book if sheet.max_row > 3]
    links = [a.attributes["href"] for a in main.all("a") if a.attributes["href"].endswith(".csv")]
    assert len(shown) == len(links) == len(sheets)
    for rows, sheet, link in zip(shown, sheets, links, strict=True):
        cells = [list(row) for row in sheet.iter_rows(values_only=True)][: len(rows)]
        written = list(csv.reader(io.StringIO(device.get(link).content.decode("utf-8-sig"))))
        for at, row in enumerate(rows):
            if at and name == "results_grid":
                row = [row[0], *(cell.partition(" ")[2] for cell in row[1:])]  # without the sign
            if not at and name == "results_grid":
                assert len(row) == len(cells[0])
                continue
            seen = [each or "–" for each in row]
            assert [as_shown(cell) for cell in cells[at]] == seen
            assert [as_shown(cell or None) for cell in written[at]] == seen
            assert [numeric(each) for each in row[1:]] == [isinstance(each, int | float) for each in cells[at][1:]]


@pytest.mark.parametrize("name", ["spot", "name"])
def test_files_of_one_decision(played_out: Stage, name: str) -> None:
    """Every table of its page, as a file of its own and in the workbook, under the filters of the page."""
    device, here = desk_of(played_out.bob), played_out.class_9b.uid
    item = next(each for each in items(played_out.six_ways) if each.kind == name)
    query = f"?student={played_out.class_9b.students.order_by('-pk')[0].uid}"
    url = reverse("results_item", args=[here, item.version_id])
    for address in (url, url + query):
        main = read(device.get(address)).one("main")
        shown = [rows_of(each) for each in main.all("table")]
        files = [a.attributes["href"] for a in main.all("a") if "download" in a.attributes]
        *links, whole = files
        assert len(links) == len(shown)
        for rows, link in zip(shown, links, strict=True):
            written = list(csv.reader(io.StringIO(device.get(link).content.decode("utf-8-sig"))))
            assert [[cell or "–" for cell in row] for row in written] == [[cell or "–" for cell in row] for row in rows]
        book = openpyxl.load_workbook(io.BytesIO(device.get(whole).content))
        answered = list(book.worksheets[-1].iter_rows(values_only=True))[1 : len(shown[-1])]
        assert [[as_shown(cell) for cell in row] for row in answered] == [
            [cell or "–" for cell in row] for row in shown[-1][1:]
        ]


def rows_of(table: Element) -> list[list[str]]:
    return [[cell.text for cell in row.all() if cell.tag in ("th", "td")] for row in table.all("tr")]


def numeric(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def as_shown(cell: Any) -> str:
    if cell is None:
        return "–"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def test_numbers_have_the_decimals_of_the_screen() -> None:
    table = Table("figures", "Figures", ["Way", "d′", "n"], [["Judge", 0.5, 3], ["Spot", 0.0, 0]])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([table]))).worksheets[0]
    assert [[cell.number_format for cell in row[1:]] for row in sheet["A2:C3"]] == [["0.00", "General"]] * 2


# Files.


def archive(device: Device, classroom: Classroom, query: str = "") -> dict[str, list[dict[str, str]]]:
    response = device.get(reverse("answers_export", args=[classroom.uid]) + query)
    with zipfile.ZipFile(io.BytesIO(response.content)) as files:
        return {
            name: list(csv.DictReader(io.StringIO(files.read(name).decode("utf-8-sig")))) for name in files.namelist()
        }


def test_answers_in_long_format(stage: Stage) -> None:
    """One row an answer, with what the columns mean; pseudonyms, unless names are asked for."""
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
    answer(stage.otter, stage.six_ways, 1)
    answer(stage.heron, stage.once_more, 1)
    device = desk_of(stage.bob)
    files = archive(device, stage.class_9b)
    rows = files["answers.csv"]
    assert len(rows) == 8
    assert [each["Column"] for each in files["dictionary.csv"]] == list(rows[0])
    assert all(each["Meaning"] for each in files["dictionary.csv"])
    assert len({each["student"] for each in rows}) == 2
    assert "Heron" not in str(files)
    assert [each["counts"] for each in rows].count("1") == 7, "what had been revealed does not count"
    assert {each["kind"] for each in rows if each["trial"] == "1"} == {"spot", "source", "judge"}
    assert {each["confidence"] for each in rows} == {"", "70"}
    named = archive(device, stage.class_9b, "?names=yes")["answers.csv"]
    assert {each["student"] for each in named} == {"Brisk Heron", "Calm Otter"}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1"])
def test_names_do_not_compute(stage: Stage, name: str) -> None:
    """What a spreadsheet would take for a formula is text, in every file."""
    Student.objects.filter(pk=stage.heron.pk).update(nickname=name)
    answer(stage.heron, stage.six_ways, 1)
    device, here = desk_of(stage.bob), stage.class_9b.uid
    rows = list(
        csv.reader(io.StringIO(device.get(reverse("results_csv", args=[here, "grid", "grid"])).content.decode()))
    )
    assert rows[1][0] == f"'{name}"
    book = openpyxl.load_workbook(io.BytesIO(device.get(reverse("results_workbook", args=[here, "grid"])).content))
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (f"'{name}", "s")
    named = archive(device, stage.class_9b, "?names=yes")["answers.csv"]
    assert named[0]["student"] == f"'{name}"


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("name", ["Jo;=1+1;", "Jo\t@SUM(A1)\t", 'Jo;"=1+1";', "Jo\n+1", "Jo;-1;=2"])
def test_names_do_not_compute_where_cells_are_parted_otherwise(name: str, delimiter: str) -> None:
    """Spreadsheets in German, Polish and Ukrainian expect semicolons in a CSV file."""
    text = csv_text(["Student", "Assignment"], [[name, 1], ["Ann", name], [f"{name} Jo", name]])
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter) for cell in row]
    assert not [cell for cell in cells if cell.lstrip('"').startswith(("=", "+", "-", "@"))]


def test_what_is_no_formula_stays_as_it_is() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["n"], [["Anna-Lena; well + fine"], [-0.35], ["a - b"]]))))
    assert rows[1:] == [["Anna-Lena; well + fine"], ["-0.35"], ["a - b"]]


def test_files_of_pages_that_do_not_exist(stage: Stage) -> None:
    device, here = desk_of(stage.bob), stage.class_9b.uid
    assert device.get(reverse("results_workbook", args=[here, "nothing"])).status_code == 404
    assert device.get(reverse("results_csv", args=[here, "overview", "nothing"])).status_code == 404
    assert device.get(reverse("results_workbook", args=[here, "student"])).status_code == 404, "which one?"


# Filters.


def test_filters(played_out: Stage) -> None:
    answer(played_out.heron, played_out.once_more, 2, now=NOW + timedelta(days=3))
    scope = scope_of(played_out.class_9b)
    everything = len(trials.answers(scope=scope).given)
    device = desk_of(played_out.bob)

    def counted(query: str) -> int:
        main = page(device, "results_items", played_out.class_9b, query)
        return sum(int(row[2]) for table in main.all("table") for row in rows_of(table)[1:])

    heron = played_out.heron.uid
    assert counted("") == everything
    assert counted(f"?assignment={played_out.once_more.uid}") == 1
    assert counted(f"?exercise_set={played_out.six_ways.exercise_set.uid}") == everything - 1
    assert counted(f"?student={heron}") == 1
    assert counted("?since=2026-03-03") == 1
    assert counted("?until=2026-03-04") == everything - 1
    assert 0 < counted("?layer=source") < everything
    nothing = page(device, "class_results", played_out.class_9b, "?until=2020-01-01")
    assert nothing.of_class("first-line")[0].text == "Nothing that counts was answered in what you chose."


def test_results_of_one_student_are_on_the_page_of_that_student(stage: Stage) -> None:
    """The first line speaks of a class; of one student, there are words that fit the few answers."""
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
    answer(stage.otter, stage.six_ways, 1)
    device = desk_of(stage.bob)
    query = f"?student={stage.heron.uid}&layer=technique"
    sent = device.get(reverse("class_results", args=[stage.class_9b.uid]) + query)
    assert sent.url == reverse("student_results", args=[stage.class_9b.uid, stage.heron.uid]) + query
    shown = read(device.get(sent.url)).one("main")
    assert "first answers: too few to say more" in shown.text
    assert "Calm Otter" not in shown.text, "never beside another's name"
    assert "Show everything" in shown.text
    (whole,) = [a.attributes["href"] for a in shown.all("a") if ".xlsx" in a.attributes["href"]]
    book = openpyxl.load_workbook(io.BytesIO(device.get(whole).content))
    decisions = rows_of(list(shown.all("table"))[-1])
    assert [list(row) for row in book.worksheets[-1].iter_rows(values_only=True)][: len(decisions)] == decisions


def test_what_is_wrong_with_a_filter_is_said_at_the_field(stage: Stage) -> None:
    url = reverse("class_results", args=[stage.class_9b.uid])
    for query, field in (
        ("?since=soon", "since"),
        ("?since=2026-03-04&until=2026-03-01", "until"),
        ("?student=somebody", "student"),
        (f"?assignment={stage.six_ways_7a.uid}", "assignment"),
    ):
        response = desk_of(stage.bob).get(url + query)
        assert response.status_code == 422
        (said,) = read(response).of_class("error")
        assert said.id == f"id_{field}_error"


# Size.


@pytest.mark.long
def test_a_hundred_thousand_answers_take_as_many_queries_as_a_hundred(shipped_content: None, cast: Cast) -> None:
    device = desk_of(cast.bob)
    given = assign(cast.class_9b, "how-sure")
    many_answers(given, students=8, items=13)
    small = queries_of(device, "class_results", cast.class_9b)
    many_answers(given, students=420, items=240)
    assert Attempt.objects.count() > 100_000
    assert queries_of(device, "class_results", cast.class_9b) == small
    for name in ("results_labels", "results_items", "results_grid"):
        page(device, name, cast.class_9b)


def many_answers(given: Assignment, *, students: int, items: int) -> None:
    """Answers as if the assignment held so many decisions; written at once, since there are so many."""
    dice = random.Random(5)
    existing = given.classroom.students.count()
    Student.objects.bulk_create(
        Student(
            classroom=given.classroom,
            nickname=f"Newt {existing + number}",
            phrase_hmac=f"phrase {existing + number}",
            joined=NOW,
            last_seen=NOW,
        )
        for number in range(students)
    )
    kinds = Exercise.objects.filter(kind__in=("spot", "source", "judge"), current__isnull=False).order_by("pk")
    chosen = list(kinds.select_related("current__passage_version")[:items])
    assert len(chosen) == items
    rows = []
    for student in given.classroom.students.order_by("-pk")[:students]:
        for exercise in chosen:
            assert exercise.current
            signal = any(
                each["layer"] == exercise.layer for each in exercise.current.passage_version.content["annotations"]
            )
            flagged = dice.random() < (0.7 if signal else 0.3)
            rows.append(
                Attempt(
                    student=student,
                    assignment=given,
                    exercise_version=exercise.current,
                    client_key=f"{student.pk}-{exercise.pk}",
                    answered=NOW,
                    answer={"flagged": flagged, "confidence": 70} if exercise.kind == "judge" else {"marks": []},
                    passage_id=exercise.passage_id,
                    layer=exercise.layer,
                    score=1.0,
                    points=100,
                    correct=signal == flagged,
                    signal=signal,
                    flagged=flagged,
                )
            )
    Attempt.objects.bulk_create(rows, batch_size=2000)


def queries_of(device: Device, name: str, classroom: Classroom) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(device, name, classroom)
    return len(captured)


# Figures, counted by hand.


def test_counts_by_hand(stage: Stage) -> None:
    """Three students judge one marked passage: two see it, one does not; the sure one is wrong."""
    item = next(each for each in items(stage.six_ways) if each.kind == "judge")
    position = items(stage.six_ways).index(item) + 1
    truth = item.item.marked
    (newt,) = students(stage.class_9b, 1)
    for student, right, sure in ((stage.heron, True, 60), (stage.otter, True, 70), (newt, False, 100)):
        answer(student, stage.six_ways, position, Answer(flagged=truth if right else not truth, confidence=sure))
    found = trials.answers(scope=scope_of(stage.class_9b))
    seen = trials.outcomes(found.trials)
    assert (seen.hits, seen.misses) == ((2, 1) if truth else (0, 0))
    assert (seen.false_alarms, seen.correct_rejections) == ((0, 0) if truth else (1, 2))
    main = page(desk_of(stage.bob), "class_results", stage.class_9b)
    levels = {row[0]: row[1] for row in rows_of(list(main.all("table"))[-1])[1:]}
    assert levels == {"60 %": "1", "70 %": "1", "100 %": "1"}


def test_where_students_marked(stage: Stage) -> None:
    """Two mark the first word and one of them the second as well; the page says two and one."""
    item = next(each for each in items(stage.six_ways) if each.kind == "spot")
    position = items(stage.six_ways).index(item) + 1
    for student, run in ((stage.heron, (0, 1)), (stage.otter, (0, 2))):
        answer(student, stage.six_ways, position, Answer((Mark(run, item.options[0]),)))
    answers = trials.raw_answers(scope=scope_of(stage.class_9b), version_id=item.version_id)
    runs = [run for sentence in heat(item, answers).sentences for run in sentence.runs]
    assert [(run.count, run.level) for run in runs if run.count] == [(2, 4), (1, 2)]
    words = item.content.words
    assert runs[0].text == item.content.text[slice(*words.spans[0])]
    assert "".join(run.text + run.gap for run in runs).split() == item.content.text.split()
    url = reverse("results_item", args=[stage.class_9b.uid, item.version_id])
    main = read(desk_of(stage.bob).get(url)).one("main")
    assert [each.seen for each in main.of_class("heat-count")] == ["2", "1"]


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        (Outcomes(9, 0, 0, 9), "too few"),
        (Outcomes(14, 1, 12, 3), "flags readily"),
        (Outcomes(3, 12, 1, 14), "overlooks"),
        (Outcomes(12, 3, 3, 12), "better than by chance"),
        (Outcomes(8, 7, 7, 8), "cannot be said"),
    ],
)
def test_a_student_in_words(outcomes: Outcomes, words: str) -> None:
    assert words in telling(outcomes)
