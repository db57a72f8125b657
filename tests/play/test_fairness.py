"""Fairness is told of groups, never of one, and only where there is enough to judge by; owners see all classes."""

from __future__ import annotations

import csv
import io
import random

import pytest
from django.urls import reverse
from django.utils import timezone

from play import demo
from play.queries import trials
from play.queries.trials import Answers, Asked, Given
from play.results.fairness import Fairness, fairness
from play.results.tables import Cell
from tests.cast import Cast, Stage, answer, desk_of, students
from tests.pages import read

FIGURES = slice(-10, -1)


def decision(number: int, text: str, camp: str, *, marked: bool) -> Asked:
    labels = {"t1": "loaded-language"} if marked else {}
    return Asked(number, "spot", "technique", number, f"{text}/{number}", text, camp, "", labels)


def answers_of(asked: list[Asked], people: dict[str, int], accusing: dict[str, float], seed: int = 1) -> Answers:
    """Answers of so many students to the decisions of each text, who accuse fair passages of it with that chance."""
    dice = random.Random(seed)
    given = []
    for each in asked:
        for student in range(people[each.text]):
            flagged = dice.random() < (0.8 if each.marked else accusing[each.text])
            right = flagged == each.marked
            given.append(Given(student, each.version_id, each.marked, flagged, right, None, "", "", "", 1))
    names = {student: f"Newt {student}" for student in range(max(people.values()))}
    return Answers(given, {each.version_id: each for each in asked}, names, {})


def passages(text: str, camp: str, first: int, *, clean: int = 6, marked: int = 4) -> list[Asked]:
    return [decision(first + n, text, camp, marked=n >= clean) for n in range(clean + marked)]


def rows(found: Fairness, name: str) -> list[list[Cell]]:
    return [list(row) for table in found.tables for row in table.rows if name in row]


BOTH = passages("one", "kremlin", 0) + passages("other", "ukraine", 20)


def test_a_class_that_flags_by_side_is_warned() -> None:
    found = fairness(answers_of(BOTH, {"one": 20, "other": 20}, {"one": 0.7, "other": 0.1}))
    (warning,) = found.warnings
    assert "argues for the Kremlin’s position, and 1 of 10 times where it argues for Ukraine’s position" in warning
    assert "by side rather than by wording" in warning


def test_a_class_that_flags_by_wording_is_not() -> None:
    """Suspicious or not, as long as it is so towards both."""
    for chance in (0.1, 0.7):
        found = fairness(answers_of(BOTH, {"one": 20, "other": 20}, {"one": chance, "other": chance}))
        assert not found.warnings


@pytest.mark.parametrize(("clean", "people"), [(4, 20), (2, 29)])
def test_false_alarms_cannot_be_judged_on_few_clean_passages(clean: int, people: int) -> None:
    asked = passages("one", "kremlin", 0, clean=clean) + passages("other", "ukraine", 20)
    found = fairness(answers_of(asked, {"one": people, "other": people}, {"one": 0.9, "other": 0.1}))
    assert not found.warnings
    for row in rows(found, "argues for the Kremlin’s position"):
        assert "cannot be judged" in str(row[-1])
        assert row[-8:-5] == [None, None, None]
        assert row[-2] is None, "with what was caught, the share of right answers would tell the false alarms"
        assert row[-3] is not None


def test_thirty_answers_to_five_passages_are_enough() -> None:
    asked = passages("one", "kremlin", 0, clean=5) + passages("other", "ukraine", 20)
    for people, judged in ((10, True), (5, False)):
        found = fairness(answers_of(asked, {"one": people, "other": people}, {"one": 0.9, "other": 0.1}))
        (row,) = found.camps.rows[:1]
        assert (row[-8] is not None) is judged


def test_nine_students_are_no_group() -> None:
    found = fairness(answers_of(BOTH, {"one": 9, "other": 9}, {"one": 0.9, "other": 0.1}))
    assert not found.warnings
    for table in found.tables:
        for row in table.rows:
            assert set(row[FIGURES]) == {None}
            assert "fewer than ten students" in str(row[-1])


def test_what_is_hidden_does_not_follow_from_what_is_shown() -> None:
    """One camp with nine students hides the other as well, and one text of a camp the other texts of it.

    With the sum on another page, the difference would be theirs.
    """
    found = fairness(answers_of(BOTH, {"one": 9, "other": 30}, {"one": 0.5, "other": 0.5}))
    assert all(set(row[FIGURES]) == {None} for table in found.tables for row in table.rows)
    three = [*BOTH, *passages("third", "ukraine", 40)]
    chances = {"one": 0.5, "other": 0.5, "third": 0.5}
    found = fairness(answers_of(three, {"one": 20, "other": 20, "third": 20}, chances))
    assert all(row[-4] is not None for row in found.texts.rows)
    kept = answers_of(three, {"one": 20, "other": 20, "third": 20}, chances).given
    few = [each for each in kept if each.version_id < 40 or each.student_id < 1]
    found = fairness(Answers(few, {each.version_id: each for each in three}, {}, {}))
    texts = {str(row[1]): row for row in found.texts.rows}
    assert texts["One"][-4] is not None
    assert set(texts["Other"][FIGURES]) == set(texts["Third"][FIGURES]) == {None}


@pytest.mark.parametrize("sort", [True, False])
def test_false_alarms_are_never_those_of_one_student(sort: bool) -> None:
    """Many have met marked passages of the camp and one has met the clean ones, or the other way round."""
    asked = passages("one", "kremlin", 0, clean=40, marked=40)
    answers = answers_of(asked, {"one": 12}, {"one": 0.5})
    few = [each for each in answers.given if each.signal is not sort or each.student_id == 0]
    found = fairness(Answers(few, answers.asked, answers.students, {}))
    assert all(set(row[FIGURES]) == {None} for table in found.tables for row in table.rows)
    assert all(None not in row for table in fairness(answers).tables for row in table.rows)


def in_classes(*sizes: int, texts: list[Asked] = BOTH) -> tuple[Answers, dict[int, int]]:
    """Classes of so many students, who have all answered everything; and who is in which."""
    classes = {
        student: number
        for number, size in enumerate(sizes)
        for student in range(sum(sizes[:number]), sum(sizes[:number]) + size)
    }
    return answers_of(texts, {each.text: sum(sizes) for each in texts}, {each.text: 0.5 for each in texts}), classes


def of_class(answers: Answers, classes: dict[int, int], number: int) -> Answers:
    given = [each for each in answers.given if classes[each.student_id] == number]
    return Answers(given, answers.asked, answers.students, answers.uids)


def test_a_small_class_does_not_follow_from_all_classes_less_another() -> None:
    answers, classes = in_classes(20, 5)
    assert fairness(answers, classes).camps.rows == fairness(of_class(answers, classes, 0)).camps.rows
    assert fairness(answers, classes).texts.rows == fairness(of_class(answers, classes, 0)).texts.rows


def test_small_classes_count_where_they_are_enough_together() -> None:
    for sizes in ((20, 6, 6), (6, 6)):
        answers, classes = in_classes(*sizes)
        assert fairness(answers, classes).camps.rows == fairness(answers).camps.rows
        assert [row[3] for row in fairness(answers, classes).camps.rows] == [6 * sum(sizes)] * 2
    few, classes = in_classes(4, 5)
    assert all(set(row[FIGURES]) == {None} for row in fairness(few, classes).camps.rows)


def test_a_text_that_few_of_a_class_had_does_not_follow_either() -> None:
    """The class counts for its camps, which are shown by themselves, and not for the texts of the camp."""
    texts = [*BOTH, *passages("third", "ukraine", 40)]
    answers, classes = in_classes(20, 12, texts=texts)
    given = [
        each for each in answers.given if each.version_id < 40 or not classes[each.student_id] or each.student_id < 23
    ]
    some = Answers(given, answers.asked, answers.students, answers.uids)
    found, alone = fairness(some, classes), fairness(of_class(some, classes, 0))
    assert found.camps.rows == fairness(some).camps.rows
    for name in ("Other", "Third"):
        assert rows(found, name) == rows(alone, name)
    assert rows(found, "One")[0] != rows(alone, "One")[0]


@pytest.mark.django_db
def test_the_page_takes_no_filters(stage: Stage) -> None:
    """Neither on the screen nor in files: filters could be subtracted from each other until one student is left."""
    for student in students(stage.class_9b, 12):
        for position in range(1, 7):
            answer(student, stage.six_ways, position)
    device, here = desk_of(stage.bob), stage.class_9b.uid
    one = f"?student={stage.class_9b.students.order_by('-pk')[0].uid}&layer=source"
    table = reverse("results_csv", args=[here, "fairness", "camps"])
    assert device.get(table).content == device.get(table + one).content
    page = reverse("results_fairness", args=[here])
    assert read(device.get(page)).one("main").text == read(device.get(page + one)).one("main").text
    assert not list(read(device.get(page)).one("main").all("form"))


@pytest.mark.django_db
def test_the_one_sided_class_of_the_demonstration_is_warned(shipped_content: None, cast: Cast) -> None:
    """From a teacher's own texts on: below the first line and on the page of fairness, and figures say the same."""
    (one_sided,) = [each for each in demo.CLASSES if each.against]
    made = demo.fill(teacher=cast.alice, students=12, now=timezone.now(), made=[one_sided], sets=["first-lesson"])
    device, here = desk_of(cast.alice), [made[0].uid]
    for name in ("class_results", "results_fairness"):
        (warning,) = read(device.get(reverse(name, args=here))).of_class("message-warning")
        assert "Judge, and how sure (Wording): fair passages are accused" in warning.text
        assert "flagging by side rather than by wording" in warning.text
    narrowed = device.get(reverse("class_results", args=here) + "?layer=technique")
    assert not read(narrowed).of_class("message-warning"), "the warning is about the whole class"
    assert read(device.get(reverse("fairness_all"))).of_class("message-warning"), "owners read the same of all classes"
    rows = list(
        csv.DictReader(
            io.StringIO(
                device.get(reverse("results_csv", args=[*here, "fairness", "camps"])).content.decode("utf-8-sig")
            )
        )
    )
    assert "What was signed in Budapest" in read(device.get(reverse("results_fairness", args=here))).one("main").text
    judged = {row["Camp of the text"]: int(row["Falsely accused, %"]) for row in rows if row["Falsely accused, %"]}
    assert judged["argues for the Kremlin’s position"] > 50 > 30 > judged["argues for Ukraine’s position"]


@pytest.mark.django_db
def test_a_small_one_sided_class_is_not_told_of(shipped_content: None, cast: Cast) -> None:
    (one_sided,) = [each for each in demo.CLASSES if each.against]
    made = demo.fill(teacher=cast.alice, students=9, now=timezone.now(), made=[one_sided], sets=[])
    device = desk_of(cast.alice)
    for page in (
        reverse("class_results", args=[made[0].uid]),
        reverse("results_fairness", args=[made[0].uid]),
        reverse("fairness_all"),
    ):
        assert not read(device.get(page)).of_class("message-warning")


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "shown"), [(9, False), (10, True)])
def test_the_page_of_a_small_class(stage: Stage, people: int, shown: bool) -> None:
    """From the stored answers on: what the database calls true and false counts as such."""
    for student in students(stage.class_9b, people):
        for position in range(1, 7):
            answer(student, stage.six_ways, position)
    main = read(desk_of(stage.bob).get(reverse("results_fairness", args=[stage.class_9b.uid]))).one("main")
    assert ("fewer than ten students" not in main.text) is shown


@pytest.mark.django_db
def test_owners_see_all_classes(stage: Stage) -> None:
    for number, given in enumerate((stage.six_ways, stage.six_ways_7a)):
        for student in students(given.classroom, 6):
            answer(student, given, 1, key=f"{number}-{student.pk}")
    assert set(trials.classes().values()) == {stage.class_9b.pk, stage.class_7a.pk}
    device = desk_of(stage.alice)
    camps = read(device.get(reverse("fairness_all"))).one("main").all("table")
    assert "fewer than ten students" not in next(camps).text, "six here and six there are twelve"
    (row,) = [list(each.all("td")) for each in read(device.get(reverse("item_health"))).all("tr")][1:]
    assert row[1].text == "12"
    for name in ("fairness", "items"):
        assert device.get(reverse("owner_workbook", args=[name])).status_code == 200
    assert device.get(reverse("owner_workbook", args=["nothing"])).status_code == 404
