"""Students with their answers: list, renaming, merging, moving, clearing a flood; exports."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classroom import actions, assigning, classes, entry, set_files
from classroom.models import Assignment, ExerciseSet, Student, Teacher
from play import actions as play_actions
from play import entries, roll
from play.models import Attempt, Opening, Standing
from scoring.points import Answer
from tests.cast import NOW, PASSWORD, Stage, answer, assign, desk_of, device_of, items, plain_answer, students
from tests.devices import Device
from tests.pages import form_of, offers, read, submit

pytestmark = pytest.mark.django_db

RIGHT = Answer(choice="consequential-oversimplification")
"""The answer to the third decision of "Six ways"."""


def answer_at(stage: Stage, student: Student, position: int, hours: int, given: Answer | None = None) -> Attempt:
    """An answer so many hours after the lesson began."""
    item = items(stage.six_ways)[position - 1]
    return play_actions.answer(
        student=student,
        assignment=stage.six_ways,
        played=item,
        given=given or plain_answer(item),
        client_key=f"{student.pk}-{position}-{hours}",
        now=NOW + timedelta(hours=hours),
    )


def page(name: str, stage: Stage, student: Student) -> str:
    return reverse(name, args=[stage.class_9b.uid, student.uid])


def test_the_list_says_how_far_everybody_is_and_when_they_were_here(stage: Stage) -> None:
    answer_at(stage, stage.heron, 1, hours=5)
    stage.once_more.students.add(stage.otter)
    heron, otter = roll.roll(classroom=stage.class_9b)
    assert (heron.nickname, heron.done, heron.total) == ("Brisk Heron", 1, 6)
    assert heron.last_seen == NOW + timedelta(hours=5)
    assert (otter.done, otter.total) == (0, 6 + stage.once_more.items.count())
    shown = read(desk_of(stage.bob).get(reverse("student_list", args=[stage.class_9b.uid])))
    assert [cell.text for cell in next(iter(shown.one("tbody").all("tr"))).all("td")][1] == "1 of 6"


def test_last_seen_follows_what_a_student_does(stage: Stage) -> None:
    """Pages and answers alike; written once a minute at most."""
    device, home = device_of(stage.heron), reverse("student_home", args=[stage.class_9b.uid])
    assert stage.heron.last_seen == NOW
    device.get(home)
    seen = Student.objects.get(pk=stage.heron.pk).last_seen
    assert timezone.now() - seen < timedelta(minutes=1)
    exercise = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1])
    recently = timezone.now() - timedelta(seconds=30)
    Student.objects.update(last_seen=recently)
    device.get(exercise)
    assert Student.objects.get(pk=stage.heron.pk).last_seen == recently
    Student.objects.update(last_seen=timezone.now() - timedelta(seconds=61))
    device.post(exercise, {"nothing": "1"})
    assert Student.objects.get(pk=stage.heron.pk).last_seen > recently
    assert Student.objects.get(pk=stage.otter.pk).last_seen < recently


def test_a_student_s_page_shows_progress_by_assignment(stage: Stage) -> None:
    answer_at(stage, stage.heron, 3, 0, RIGHT)
    shown = read(desk_of(stage.bob).get(page("student", stage, stage.heron)))
    rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in shown.one("tbody").all("tr")}
    assert rows["Six ways"] == ["1 of 6", "100 of 100"]
    assert rows["Once more"][1] == "–"


def test_two_of_one_title_are_told_apart_in_progress_and_results(stage: Stage) -> None:
    """On the class's clock."""
    stage.class_9b.time_zone = "Europe/Berlin"
    stage.class_9b.save()
    again = assign(stage.class_9b, "six-ways")
    for given in (again, stage.six_ways):
        answer(stage.heron, given, 3)
    Assignment.objects.filter(pk=again.pk).update(created=datetime(2026, 7, 4, 23, 30, tzinfo=UTC))
    desk = desk_of(stage.bob)
    shown = read(desk.get(page("student", stage, stage.heron))).one("tbody")
    chosen = read(desk.get(reverse("class_results", args=[stage.class_9b.uid]))).one(id="id_assignment")
    for names in ({row.one("th").text for row in shown.all("tr")}, {each.text for each in chosen.all("option")}):
        assert {"Once more", "Six ways (assigned Sun 5 Jul, 01:30)"} <= names
        assert sum(name.startswith("Six ways (assigned ") for name in names) == 2


def test_a_student_is_renamed(stage: Stage) -> None:
    desk, url = desk_of(stage.bob), page("student_rename", stage, stage.heron)
    assert submit(desk, desk.get(page("student", stage, stage.heron)), to=url, nickname=" Zoë  M ").status_code == 302
    assert Student.objects.get(pk=stage.heron.pk).nickname == "Zoë M"
    refused = submit(desk, desk.get(page("student", stage, stage.heron)), to=url, nickname="Calm Otter")
    assert refused.status_code == 422
    assert form_of(refused, url).one("input", name="nickname").attributes["value"] == "Calm Otter"
    assert "Somebody else" in read(refused).one(id="id_nickname_error").text


def test_merging_loses_no_answer_and_the_first_counts(stage: Stage) -> None:
    """The heron answered the third decision wrong at two o'clock, the otter, the same child, right at one."""
    wrong = answer_at(stage, stage.heron, 3, 2, Answer(choice=items(stage.six_ways)[2].options[1]))
    right = answer_at(stage, stage.otter, 3, 1, RIGHT)
    only = answer_at(stage, stage.otter, 4, 3)
    assert right.correct
    desk, url = desk_of(stage.bob), page("student_merge", stage, stage.heron)
    response = submit(desk, desk.get(page("student", stage, stage.heron)), to=url, other=stage.otter.uid)
    assert response.url == page("student", stage, stage.heron)

    assert not Student.objects.filter(pk=stage.otter.pk).exists()
    kept = {each.pk: each for each in Attempt.objects.filter(student=stage.heron)}
    assert {*kept} == {wrong.pk, right.pk, only.pk}
    assert (kept[right.pk].number, kept[right.pk].is_practice) == (1, False)
    assert (kept[wrong.pk].number, kept[wrong.pk].is_practice) == (2, True)
    assert kept[only.pk].number == 1
    standing = Standing.objects.get(assignment=stage.six_ways)
    assert (standing.student, standing.decisions) == (stage.heron, 2)
    assert standing.points == right.points + only.points


def test_merging_keeps_the_roster_name_and_the_earlier_opening(stage: Stage) -> None:
    classes.extend_roster(classroom=stage.class_9b, names=["Anna"])
    Student.objects.filter(pk=stage.otter.pk).update(roster_entry=stage.class_9b.roster.get())
    item = stage.six_ways.items.first()
    assert item
    for student, hours in ((stage.heron, 2), (stage.otter, 1)):
        Opening.objects.create(student=student, item=item, opened=NOW + timedelta(hours=hours))
    entries.merge(kept=stage.heron, other=Student.objects.get(pk=stage.otter.pk))
    assert Student.objects.get(pk=stage.heron.pk).roster_entry == stage.class_9b.roster.get()
    assert Opening.objects.get().opened == NOW + timedelta(hours=1)


def test_an_answer_after_one_to_the_same_layer_elsewhere_is_practice_once_merged(stage: Stage) -> None:
    """ "Once more" begins with a layer that "Six ways" reveals: two children may answer both, one child only once."""
    position = next(
        number
        for number, item in enumerate(items(stage.six_ways), 1)
        if (item.layer, item.content.text) == (items(stage.once_more)[0].layer, items(stage.once_more)[0].content.text)
    )
    answer(stage.heron, stage.six_ways, position)
    later = answer(stage.otter, stage.once_more, 1)
    assert not later.is_practice
    entries.merge(kept=stage.heron, other=stage.otter)
    later.refresh_from_db()
    assert later.is_practice
    assert not Standing.objects.filter(assignment=stage.once_more).exists()


def test_only_entries_of_the_class_can_be_merged(stage: Stage) -> None:
    desk, url = desk_of(stage.bob), page("student_merge", stage, stage.heron)
    form = form_of(desk.get(page("student", stage, stage.heron)), url)
    assert offers(form, "other") == {"", stage.otter.uid}
    for uid in ("", stage.finch.uid, stage.heron.uid):
        assert desk.post(url, {"other": uid}).status_code == 422
    assert Student.objects.count() == 3


def test_moving_takes_the_answers_along_and_renews_the_words(stage: Stage) -> None:
    stage.class_7a.co_teachers.add(stage.bob)
    given = answer_at(stage, stage.heron, 3, 0, RIGHT)
    answer(stage.heron, stage.once_more, 2)
    desk, device = desk_of(stage.bob), device_of(stage.heron)
    url = page("student_move", stage, stage.heron)
    response = submit(desk, desk.get(page("student", stage, stage.heron)), to=url, classroom=stage.class_7a.uid)
    phrase = read(response).of_class("phrase")[0].text
    moved = Student.objects.get(pk=stage.heron.pk)
    assert moved.classroom == stage.class_7a
    assert moved.phrase_hmac == entry.phrase_hmac(phrase, stage.class_7a.uid)
    assert Attempt.objects.filter(student=moved).count() == 2

    standing = Standing.objects.get(student=moved)
    assert (standing.assignment, standing.points) == (stage.six_ways_7a, given.points)
    play_actions.rebuild_standings(assignment=stage.once_more)
    assert not Standing.objects.filter(assignment=stage.once_more).exists()

    assert device.get(reverse("student_home", args=[stage.class_9b.uid])).status_code == 302
    there = Device()
    asked = reverse("reenter", args=[stage.class_7a.uid])
    assert submit(there, there.get(asked), phrase=phrase).url == reverse("student_home", args=[stage.class_7a.uid])
    assert there.get(reverse("play", args=[stage.class_7a.uid, stage.six_ways_7a.uid])).status_code == 302


def test_moving_there_and_back_loses_nothing(stage: Stage) -> None:
    given = answer_at(stage, stage.heron, 3, 0, RIGHT)
    entries.move(student=stage.heron, classroom=stage.class_7a)
    entries.move(student=Student.objects.get(pk=stage.heron.pk), classroom=stage.class_9b)
    assert Standing.objects.get().points == given.points
    assert Standing.objects.get().assignment == stage.six_ways


@pytest.mark.parametrize("full", [False, True])
def test_moving_into_a_full_class_or_onto_a_name_is_refused(stage: Stage, full: bool) -> None:
    stage.class_7a.co_teachers.add(stage.bob)
    if full:
        classes.change(classroom=stage.class_7a, values={"capacity": 1})
    else:
        actions.join(classroom=stage.class_7a, nickname="Brisk Heron", now=NOW)
    desk, url = desk_of(stage.bob), page("student_move", stage, stage.heron)
    response = submit(desk, desk.get(page("student", stage, stage.heron)), to=url, classroom=stage.class_7a.uid)
    assert response.status_code == 422
    assert read(response).one(id="id_classroom_error").text
    assert Student.objects.get(pk=stage.heron.pk).classroom == stage.class_9b


def test_a_student_moves_only_to_a_class_of_the_teacher(stage: Stage) -> None:
    response = desk_of(stage.bob).post(page("student_move", stage, stage.heron), {"classroom": stage.class_7a.uid})
    assert response.status_code == 422
    assert Student.objects.get(pk=stage.heron.pk).classroom == stage.class_9b


def test_a_flood_is_cleared_with_one_action(stage: Stage) -> None:
    """Who has answered stays, and so does who was there before."""
    flood = students(stage.class_9b, 30)
    Student.objects.filter(pk__in=[each.pk for each in flood]).update(joined=timezone.now())
    Student.objects.filter(pk=flood[1].pk).update(is_approved=False)
    answer(flood[0], stage.six_ways, 1)
    desk, url = desk_of(stage.bob), reverse("student_list", args=[stage.class_9b.uid])
    submit(desk, desk.get(url), to=reverse("flood_clear", args=[stage.class_9b.uid]), minutes=10)
    assert {*stage.class_9b.students.all()} == {stage.heron, stage.otter, flood[0]}
    assert "29 entries are removed" in read(desk.get(url)).of_class("messages")[0].text


@pytest.mark.parametrize("minutes", ["", "0", "soon", "100000"])
def test_a_flood_needs_a_number_of_minutes(stage: Stage, minutes: str) -> None:
    response = desk_of(stage.bob).post(reverse("flood_clear", args=[stage.class_9b.uid]), {"minutes": minutes})
    assert response.status_code == 422
    assert read(response).one(id="id_minutes_error").text
    assert stage.class_9b.students.count() == 2


def unzipped(response: Any) -> dict[str, str]:
    assert response.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_class_is_exported_with_all_answers_and_no_secret(stage: Stage) -> None:
    answer_at(stage, stage.heron, 3, 0, RIGHT)
    answer(stage.finch, stage.six_ways_7a, 1)
    classes.extend_roster(classroom=stage.class_9b, names=["Олена"])
    files = unzipped(desk_of(stage.bob).get(reverse("classroom_export", args=[stage.class_9b.uid])))
    document = json.loads(files["class.json"])
    assert (document["format"], document["version"]) == ("literacy-game-class", 1)
    assert document["roster"] == ["Олена"]
    assert [row["nickname"] for row in document["students"]] == ["Brisk Heron", "Calm Otter"]
    assert {row["title"]: len(row["items"]) for row in document["assignments"]}["Six ways"] == 6
    (given,) = document["answers"]
    assert (given["student"], given["position"], given["points"]) == ("Brisk Heron", 3, 100)
    assert given["answer"]["choice"] == RIGHT.choice
    for secret in (stage.heron.phrase_hmac, stage.heron.session_key, "Merry Finch"):
        assert not any(secret in text for text in files.values())
    (row,) = csv.DictReader(io.StringIO(files["answers.csv"].removeprefix("\ufeff")))
    assert (row["student"], row["passage"]) == ("Brisk Heron", given["passage"])


def test_an_exported_class_says_how_its_assignments_were_given(stage: Stage) -> None:
    plan = {"board_mode": "teams", "seconds_per_word": 2.0, "attempts_allowed": 3, "students": (stage.heron,)}
    given = assign(stage.class_9b, "six-ways", **plan)
    assigning.extend(assignment=given, student=stage.heron, closes=None, time_factor=1.5)
    files = unzipped(desk_of(stage.bob).get(reverse("classroom_export", args=[stage.class_9b.uid])))
    row = json.loads(files["class.json"])["assignments"][0]
    assert (row["leaderboard"], row["attempts"], row["seconds_per_word"]) == ("teams", 3, 2.0)
    assert (row["order"], row["feedback"], row["students"]) == (given.order, "each", ["Brisk Heron"])
    assert [each for team in row["teams"] for each in team["students"]] == ["Brisk Heron"]
    assert row["extensions"] == [{"student": "Brisk Heron", "closes": None, "time_factor": 1.5}]


def test_a_name_is_no_formula_in_a_spreadsheet(stage: Stage) -> None:
    classes.rename(student=stage.heron, nickname="=cmd|' /C calc'!A0")
    files = unzipped(desk_of(stage.bob).get(reverse("classroom_export", args=[stage.class_9b.uid])))
    names = [row["nickname"] for row in csv.DictReader(io.StringIO(files["students.csv"].removeprefix("\ufeff")))]
    assert all(name[0] not in "=+-@" for name in names)


def test_an_account_is_exported_with_its_sets_and_classes(stage: Stage) -> None:
    made = ExerciseSet.objects.create(owner=stage.bob, title="Mine", aim="", minutes=5, level="", note="")
    made.items.create(exercise=stage.six_ways.exercise_set.exercises.first(), position=1)
    stage.class_7a.co_teachers.add(stage.bob)
    files = unzipped(desk_of(stage.bob).get(reverse("my_account_export")))
    account = json.loads(files["account.json"])
    assert (account["account"]["username"], account["shared_classes"]) == ("bob", ["7a"])
    assert [(each["title"], len(each["items"])) for each in account["sets"]] == [("Mine", 1)]
    assert f"classes/{stage.class_9b.uid}/class.json" in files
    kept = set_files.read(data=files[f"sets/{made.uid}.json"].encode(), teacher=stage.carol)
    assert (kept.values["title"], len(kept.exercises)) == ("Mine", 1)
    assert not any(stage.class_7a.uid in name for name in files)


def test_an_account_is_deleted_with_all_that_it_owns(stage: Stage) -> None:
    own = ExerciseSet.objects.create(owner=stage.bob, title="Mine", aim="", minutes=5, level="", note="")
    lent = ExerciseSet.objects.create(owner=stage.bob, title="Lent", aim="", minutes=5, level="", note="")
    actions.assign(classroom=stage.class_7a, exercise_set=lent, now=NOW)
    answer(stage.heron, stage.six_ways, 1)
    desk, url = desk_of(stage.bob), reverse("my_account_delete")
    assert submit(desk, desk.get(url), name="carol").status_code == 422
    assert submit(desk, desk.get(url), name="bob").url == reverse("home")
    assert not Teacher.objects.filter(username="bob").exists()
    assert list(Student.objects.all()) == [stage.finch]
    assert not ExerciseSet.objects.filter(pk=own.pk).exists()
    lent.refresh_from_db()
    assert (lent.owner, lent.withdrawn) == (None, True)
    assert stage.class_7a.assignments.count() == 2
    assert desk.get(reverse("teach_home")).status_code == 302


def test_the_last_owner_hands_over_first(stage: Stage) -> None:
    desk, url = desk_of(stage.alice), reverse("my_account_delete")
    refused = submit(desk, desk.get(url), name="alice")
    assert refused.status_code == 422
    assert "owner first" in read(refused).one("div", role="alert").text
    submit(desk, desk.get(reverse("teachers")), to=reverse("owner_make", args=[stage.carol.uid]))
    assert submit(desk, desk.get(url), name="alice").status_code == 302
    assert Teacher.objects.get(is_owner=True).username == "carol"
    assert Device().post(reverse("account_login"), {"login": "carol", "password": PASSWORD}).status_code == 302
