"""Lists cost the same number of queries for one row and for thirty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from classroom import actions, audit, building, classes
from classroom.models import AuditEvent, BoardMode, ExerciseSet, NicknamePolicy, OwnText, SetItem, Teacher
from classroom.own_texts import drafts, sharing
from exercises.models import Exercise, Passage, PassageVersion, Source
from play import challenges
from play.challenges import Objection
from play.models import Attempt, Round
from tests import own_texts
from tests.cast import NOW, PASSWORD, Stage, answer, assign, desk_of, device_of, items, students
from tests.devices import Device
from tests.literacy_game.test_access import ROWS
from tests.play.live import Class
from tests.play.ruling import rule

pytestmark = pytest.mark.django_db

MORE = 29
STEADY = ("projector", "leaderboard", "class_projector", "class_board", "finished", "student_home", "podium")
STEADY += ("projector_podium", "joined", "student_results", "before_after", "results_fairness", "item_health")
STEADY += ("fairness_all", "results_item", "live", "live_projector", "challenge_list", "own_text_preview")
"""Pages that show a few rows of however many there are."""
WITHOUT_LIST = ("home", "about", "styleguide", "guide", "invitation", "join", "reenter", "pair", "practice", "exercise")
WITHOUT_LIST += ("try_it", "try_exercise", "set_preview", "preview_exercise", "set_new", "set_import", "waiting_state")
WITHOUT_LIST += ("classroom_new", "classroom_settings", "join_sheet", "classroom_delete", "my_account", "statistics")
WITHOUT_LIST += ("healthz", "readyz", "offline", "worker", "accessibility", "class_letter")
WITHOUT_LIST += ("challenge", "debate", "debate_projector", "ruling")
WITHOUT_LIST += ("own_text_new", "own_text_import", "own_annotations_import")
"""Pages that show one thing."""
FILES = ("set_export", "classroom_export", "my_account_export", "answers_export", "results_csv", "results_workbook")
FILES += ("results_item_csv", "results_item_workbook")
FILES += ("owner_csv", "owner_workbook", "own_text_export", "own_annotations_export")
FILES += ("text_export", "annotations_export")
POLLS = {"standings": "leaderboard", "projector_standings": "projector", "class_standings": "class_board"}
POLLS |= {"class_projector_standings": "class_projector", "live_state": "live", "live_control_state": "live_control"}
POLLS |= {"live_projector_state": "live_projector", "debate_projector_state": "debate_projector"}
POLLS |= {"ruling_progress": "ruling"}
"""Parts of pages that are fetched again, and the page that they are made with."""


def more_classes(stage: Stage) -> None:
    for number in range(MORE):
        made = actions.create_classroom(teacher=stage.bob, name=f"Class {number}", now=NOW)
        students(made, 1)


def more_teachers(stage: Stage) -> None:
    for number in range(MORE):
        invitation = actions.invite_teacher(owner=stage.alice, now=NOW)
        actions.accept_invitation(invitation=invitation, username=f"teacher-{number}", password=PASSWORD)


def more_lines(stage: Stage) -> None:
    for _ in range(MORE):
        audit.note(event=AuditEvent.SIGNED_IN, who="bob", now=NOW)


def more_students(stage: Stage) -> None:
    for student in students(stage.class_9b, MORE):
        answer(student, stage.six_ways, 1)


def more_assignments(stage: Stage) -> None:
    for _ in range(MORE):
        answer(stage.heron, assign(stage.class_9b, "six-ways"), 1)


def more_sets(stage: Stage) -> None:
    for number in range(MORE):
        made = ExerciseSet.objects.create(
            slug=f"set-{number}", title=f"Set {number}", aim="", minutes=1, level="", note=""
        )
        made.items.create(exercise=stage.six_ways.exercise_set.exercises.all()[0], position=1)


def more_names(stage: Stage) -> None:
    classes.extend_roster(classroom=stage.class_9b, names=[f"Child {chr(97 + n)}" for n in range(26)] + ["Ada", "Bo"])
    for entry in stage.class_9b.roster.all():
        actions.join(classroom=stage.class_9b, nickname=entry.name, roster_entry=entry, now=NOW)


def more_waiting(stage: Stage) -> None:
    classes.change(classroom=stage.class_9b, values={"approves_entries": True})
    students(stage.class_9b, MORE)


def more_co_teachers(stage: Stage) -> None:
    for number in range(MORE):
        stage.class_9b.co_teachers.add(Teacher.objects.create_user(username=f"teacher-{number}"))


def more_decisions(stage: Stage) -> None:
    """All ways of playing everything: more than one decision on a layer, as no teacher could have it."""
    for own in (stage.six_ways.exercise_set, stage.bob.sets.get()):
        others = Exercise.objects.exclude(pk__in=own.exercises.all()).order_by("pk")[:MORE]
        SetItem.objects.bulk_create(
            SetItem(exercise_set=own, exercise=each, position=position) for position, each in enumerate(others, 100)
        )


def more_free_names(stage: Stage) -> None:
    classes.extend_roster(classroom=stage.class_9b, names=[f"Child {chr(97 + n)}" for n in range(26)] + ["Ada", "Bo"])


def more_texts(stage: Stage) -> None:
    text = Source.objects.all()[0]
    for number in range(MORE):
        text.pk, text.slug = None, f"text-{number}"
        text.save(force_insert=True)


def more_challenges(stage: Stage) -> None:
    for number, student in enumerate(students(stage.class_9b, MORE)):
        attempt = answer(student, stage.six_ways, 1)
        said = Objection(aim="label", mark=("t1", "t2")[number % 2], reason=f"Reason {number}.", label="doubt")
        challenges.challenge(student=student, attempt=attempt, said=said, now=NOW)


def more_own_challenges(stage: Stage) -> None:
    """Answered ones."""
    attempt = Attempt.objects.get(student=stage.heron, assignment=stage.six_ways, number=1)
    for number in range(MORE):
        said = Objection(aim="mark", mark="t1", reason=f"Reason {number}.")
        challenges.challenge(student=stage.heron, attempt=attempt, said=said, now=NOW)
        rule(stage.bob, "keep")


def more_rulings(stage: Stage) -> None:
    for number in range(MORE):
        rule(stage.bob, "explain", explanation=f"Explained {number}.")


def more_passages(stage: Stage) -> None:
    """Copies of a passage, which can be played as that one can."""
    first = Passage.objects.get(source__slug="market-square", key="planners")
    for number in range(MORE):
        made = Passage.objects.create(source=first.source, key=f"vote-{number}", position=100 + number)
        assert first.current
        version = PassageVersion.objects.create(
            passage=made, number=1, digest=first.current.digest, content=first.current.content | {"key": made.key}
        )
        Passage.objects.filter(pk=made.pk).update(current=version)
        for each in first.exercises.exclude(current=None):
            assert each.current
            played_as = Exercise.objects.create(
                passage=made, kind=each.kind, layer=each.layer, annotation=each.annotation
            )
            played_as.current = played_as.versions.create(
                passage_version=version, number=1, options=each.current.options
            )
            played_as.save()


def more_own_texts(stage: Stage) -> None:
    for number in range(MORE):
        own_texts.begun(stage.bob, title=f"Text {number}")


def more_own_marks(stage: Stage) -> None:
    """More marks on the first passage, and a longer text with more passages."""
    text = OwnText.objects.get()
    passage = text.draft["passages"][0]
    for _ in range(MORE):
        own_texts.mark(text.draft, passage, "technique", "failed", "exaggeration", ("doubt", "slogan"), "")
    end = len(text.draft["text"])
    for number in range(MORE):
        text.draft["text"] += f"\nSentence number {number} says where it is from."
        text.draft["passages"].append(drafts.new_passage(f"more-{number}", (end + 1, len(text.draft["text"]))))
        end = len(text.draft["text"])
    text.draft["notes"] = ["Something was mended."] * MORE
    text.draft["card"]["title"] = ""
    text.draft["card"]["licence"] = ""
    text.draft["card"]["genre"] = ""
    text.save()


def more_colleagues(stage: Stage) -> None:
    text = OwnText.objects.get()
    for number in range(MORE):
        text.editors.add(Teacher.objects.create_user(username=f"author-{number}"))
        labeller = Teacher.objects.create_user(username=f"labeller-{number}")
        sharing.ask_to_label(own_text=text, colleague=labeller, now=NOW)


def more_seats(stage: Stage) -> None:
    """More students in the round, who have all answered."""
    live = Round.objects.get()
    room = Class(stage, live, desk_of(stage.bob))
    for student in students(stage.class_9b, MORE):
        room.sit(student)
        room.vote(student)


GROWING: list[tuple[str, str, Callable[[Stage], None]]] = [
    ("teach_home", "bob", more_classes),
    ("teachers", "alice", more_teachers),
    ("audit_log", "alice", more_lines),
    ("classroom", "bob", more_students),
    ("classroom", "bob", more_assignments),
    ("classroom", "bob", more_sets),
    ("classroom", "bob", more_waiting),
    ("roster", "bob", more_names),
    ("co_teachers", "bob", more_co_teachers),
    ("student_list", "bob", more_names),
    ("student_list", "bob", more_students),
    ("student_list", "bob", more_assignments),
    ("student", "bob", more_students),
    ("student", "bob", more_assignments),
    ("student", "bob", more_classes),
    ("my_account_delete", "bob", more_classes),
    ("set_list", "bob", more_sets),
    ("set_detail", "bob", more_decisions),
    ("set_edit", "bob", more_decisions),
    ("set_detail", "bob", more_classes),
    ("worksheet", "bob", more_decisions),
    ("projector", "bob", more_students),
    ("class_projector", "bob", more_students),
    ("assignment_edit", "bob", more_students),
    ("assign", "bob", more_students),
    ("class_results", "bob", more_students),
    ("class_results", "bob", more_assignments),
    ("results_grid", "bob", more_students),
    ("results_grid", "bob", more_assignments),
    ("results_labels", "bob", more_students),
    ("results_items", "bob", more_students),
    ("results_sheets", "bob", more_students),
    ("results_item", "bob", more_students),
    ("results_fairness", "bob", more_students),
    ("before_after", "bob", more_students),
    ("item_health", "alice", more_students),
    ("fairness_all", "alice", more_students),
    ("student_results", "bob", more_students),
    ("student_results", "bob", more_assignments),
    ("class_board", "heron", more_students),
    ("class_board", "heron", more_assignments),
    ("finished", "heron", more_assignments),
    ("student_home", "heron", more_assignments),
    ("leaderboard", "heron", more_students),
    ("podium", "heron", more_students),
    ("projector_podium", "bob", more_students),
    ("class_projector", "bob", more_assignments),
    ("assignment_teams", "bob", more_students),
    ("assign", "bob", more_sets),
    ("join_class", "guest", more_free_names),
    ("pair_new", "heron", more_free_names),
    ("joined", "bob", more_students),
    ("labels", "bob", more_passages),
    ("text_list", "bob", more_texts),
    ("text_detail", "bob", more_passages),
    ("material", "bob", more_passages),
    ("own_text_list", "bob", more_own_texts),
    ("own_text", "bob", more_own_marks),
    ("own_text_words", "bob", more_own_marks),
    ("own_text_card", "bob", more_own_marks),
    ("own_text_cut", "bob", more_own_marks),
    ("own_text_share", "bob", more_colleagues),
    ("own_text_preview", "bob", more_own_marks),
    ("own_passage", "bob", more_own_marks),
    ("own_mark", "bob", more_own_marks),
    ("own_labelling", "carol", more_own_marks),
    ("own_agreement", "bob", more_own_marks),
    ("live_start", "bob", more_sets),
    ("challenge_list", "bob", more_challenges),
    ("contested_mark", "bob", more_challenges),
    ("my_challenges", "heron", more_own_challenges),
    ("ruling_list", "bob", more_rulings),
    ("live_control", "bob", more_seats),
    ("live_projector", "bob", more_seats),
    ("live", "heron", more_seats),
]


def test_every_page_is_looked_at_or_has_no_list() -> None:
    pages = {name for (name, method), row in ROWS.items() if method == "GET" and "200" in row.values()}
    ours = {name for name in pages if not name.startswith(("account_", "mfa_"))}
    grown = {name for name, _, _ in GROWING}
    assert {*POLLS.values()} <= grown | {*WITHOUT_LIST}
    assert ours - grown == {*WITHOUT_LIST, *FILES, *POLLS}


@pytest.mark.parametrize(("name", "who", "grow"), GROWING, ids=lambda value: getattr(value, "__name__", value))
def test_a_list_costs_the_same_for_one_row_and_for_thirty(
    stage: Stage, name: str, who: str, grow: Callable[[Stage], None]
) -> None:
    devices = {"guest": Device, "heron": lambda: device_of(stage.heron)}
    device = devices[who]() if who in devices else desk_of(getattr(stage, who))
    here = [stage.class_9b.uid]
    if grow == more_free_names:
        classes.change(classroom=stage.class_9b, values={"nickname_policy": NicknamePolicy.ROSTER})
    in_teams = assign(stage.class_9b, "six-ways", board_mode=BoardMode.TEAMS)
    own = building.create_set(teacher=stage.bob, title="Mine", now=NOW)
    own.items.create(exercise=stage.six_ways.exercise_set.exercises.all()[0], position=1)
    arguments = {
        "classroom": here,
        "roster": here,
        "co_teachers": here,
        "student_list": here,
        "student": [*here, stage.heron.uid],
        "student_home": here,
        "results_fairness": here,
        "results_item": [*here, items(stage.six_ways)[0].version_id],
        "student_results": [*here, stage.heron.uid],
        **dict.fromkeys(
            ("class_results", "results_grid", "results_labels", "results_items", "results_sheets", "before_after"), here
        ),
        "set_detail": [stage.six_ways.exercise_set.uid],
        "worksheet": [stage.six_ways.exercise_set.uid],
        "set_edit": [own.uid],
        "leaderboard": [*here, stage.six_ways.uid],
        "projector": [*here, stage.six_ways.uid],
        "assignment_edit": [*here, stage.six_ways.uid],
        "assign": here,
        "class_board": [*here, "week"],
        "class_projector": [*here, "all"],
        "finished": [*here, stage.six_ways.uid],
        "podium": [*here, stage.six_ways.uid],
        "projector_podium": [*here, stage.six_ways.uid],
        "assignment_teams": [*here, in_teams.uid],
        "join_class": [*here, stage.class_9b.code],
        "pair_new": here,
        "joined": [*here, 99, 0],
        "text_detail": ["market-square"],
        "live_start": here,
        "challenge_list": here,
        "contested_mark": [*here, "market-square", "planners", "technique", "t1"],
        "my_challenges": here,
    }
    if name.startswith("own_"):
        text = own_texts.finished(stage.bob)
        own_texts.labelled(text, stage.carol)
        passage = text.draft["passages"][0]
        parts: dict[str, list[Any]] = {
            "own_text_preview": [1],
            "own_passage": [passage["key"]],
            "own_mark": [passage["key"], passage["annotations"][0]["key"]],
            "own_agreement": [stage.carol.uid],
        }
        arguments[name] = [] if name == "own_text_list" else [text.uid, *parts.get(name, [])]
    if name in ("live", "live_control", "live_projector"):
        room = Class.of(stage)
        room.sit(stage.heron)
        room.to_answer(1)
        arguments[name] = [*here, room.round.uid]
    url = reverse(name, args=arguments.get(name, []))
    for position in range(1, 7 if name == "finished" else 2):
        answer(stage.heron, stage.six_ways, position)
    if name == "podium":
        stage.six_ways.closes = NOW + timedelta(minutes=1)
        stage.six_ways.save()
    if grow in (more_challenges, more_own_challenges, more_rulings):
        attempt = Attempt.objects.get(student=stage.heron, assignment=stage.six_ways)
        said = [Objection(aim="label", mark=mark, reason="A reason.", label="doubt") for mark in ("t1", "t2")]
        for each in said:
            challenges.challenge(student=stage.heron, attempt=attempt, said=each, now=NOW)
        rule(stage.bob, "explain", explanation="Explained.")
    before, page = queries_of(device, url)
    grow(stage)
    after, longer_page = queries_of(device, url)
    assert after == before
    assert len(longer_page) > len(page) or name in STEADY


def queries_of(device: Device, url: str) -> tuple[int, bytes]:
    """How many queries a page takes once its parts are in memory, and the page."""
    device.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = device.get(url)
    assert response.status_code == 200
    return len(captured), response.content
