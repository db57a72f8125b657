"""Students disagree with a key; their teacher reads it, debates it, rules on it; they read what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from classroom.models import Feedback, Ruling
from play import challenges, debates, entries, exports, rulings
from play.live import streams
from play.models import Attempt, Challenge, Debate, Encounter, Vote
from tests.cast import NOW, Stage, answer, assign, desk_of, device_of, items, students
from tests.devices import Device
from tests.odd import TEXTS
from tests.pages import Element, form_of, read, submit, words_of
from tests.play.ruling import WHY, marks, planners, rule

pytestmark = pytest.mark.django_db
REASON = "It makes readers afraid of a loss."


SENDABLE = [text for text in TEXTS if len(text) < 5000 and text == text.encode(errors="replace").decode()]


def page(stage: Stage, position: int = 1) -> str:
    return reverse("challenge", args=[stage.class_9b.uid, stage.six_ways.uid, position])


def disagree(stage: Stage, device: Device, **said: Any) -> Any:
    """Fill in the form about the first decision and send it."""
    values = {"mark": "t1", "aim": "label", "label": "exaggeration", "reason": REASON} | said
    return submit(device, device.get(page(stage)), to=page(stage), **values)


@pytest.fixture
def heron(stage: Stage) -> Device:
    """Heron's device, on which the first decision is answered."""
    answer(stage.heron, stage.six_ways, 1, marks(items(stage.six_ways)[0], "rip the heart out", "exaggeration"))
    return device_of(stage.heron)


def mark_page(stage: Stage, name: str = "contested_mark", mark: str = "t1") -> str:
    return reverse(name, args=[stage.class_9b.uid, "market-square", "planners", "technique", mark])


def test_there_is_nothing_to_disagree_with_before_the_answer(stage: Stage) -> None:
    device = device_of(stage.heron)
    assert device.get(page(stage)).status_code == 404
    assert device.post(page(stage), {"mark": "t1"}).status_code == 404
    assert "I disagree" not in read(device.get(page(stage).removesuffix("challenge/"))).text


def test_there_is_nothing_to_disagree_with_while_the_key_waits(stage: Stage) -> None:
    waiting = assign(stage.class_9b, "six-ways", feedback=Feedback.CLOSING, closes=NOW + timedelta(days=9999))
    answer(stage.heron, waiting, 1)
    address = reverse("challenge", args=[stage.class_9b.uid, waiting.uid, 1])
    assert device_of(stage.heron).get(address).status_code == 404


def test_a_challenge_is_kept_with_words_label_and_reason(stage: Stage, heron: Device) -> None:
    form = heron.get(page(stage))
    words = words_of(form_of(form, page(stage)), "careless planners")
    response = submit(heron, form, to=page(stage), mark="t1", aim="words", label="", w=words, reason=REASON)
    assert response.url == reverse("my_challenges", args=[stage.class_9b.uid])
    kept = Challenge.objects.get()
    text = planners().source.text
    assert text[kept.start : kept.end] == "careless planners"
    assert (kept.aim, kept.mark, kept.reason, kept.ruling) == ("words", "t1", REASON, None)
    shown = read(heron.get(response.url)).one("main").text
    assert REASON in shown
    assert "careless planners" in shown


def test_htmx_opens_the_form_below_the_reveal(stage: Stage, heron: Device) -> None:
    part = heron.get(page(stage), headers={"HX-Request": "true"})
    assert read(part).one(id="challenge")
    assert b"<html" not in part.content
    sent = heron.post(page(stage), {"mark": "t1", "aim": "mark", "reason": REASON}, headers={"HX-Request": "true"})
    assert sent.headers["HX-Redirect"] == reverse("my_challenges", args=[stage.class_9b.uid])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reason": ""}, "Give a reason"),
        ({"reason": "x" * 301}, "300"),
        ({"aim": "label", "label": ""}, "Choose the name that fits"),
        ({"aim": "label", "label": "loaded-language"}, "The key says this already"),
        ({"aim": "words", "label": ""}, "Mark the words that you mean"),
        ({"mark": "-", "label": "doubt"}, "Mark the words that you mean"),
    ],
)
def test_what_lacks_is_said_at_its_field_and_nothing_is_lost(
    stage: Stage, heron: Device, said: dict[str, str], told: str
) -> None:
    response = disagree(stage, heron, **said)
    assert response.status_code == 422
    main = read(response).one("main")
    assert is_said_at_its_field(main, told)
    kept = "".join(map(str, main.one("textarea").children)).strip()
    assert kept == said.get("reason", REASON)
    assert not Challenge.objects.exists()


def is_said_at_its_field(main: Element, told: str) -> bool:
    """Whether an error is said where a field at fault is described by it, and not at the form's head as well."""
    (error,) = [each for each in main.of_class("error") if told in each.text]
    described = [each for each in main.all() if error.id in each.attributes.get("aria-describedby", "").split()]
    at_fault = [each for one in described for each in (one, *one.all()) if "aria-invalid" in each.attributes]
    return bool(at_fault) and not main.of_class("message-error")


def test_only_what_is_offered_can_be_chosen(stage: Stage, heron: Device) -> None:
    for odd in ({"mark": "t9"}, {"aim": "bribe"}, {"label": "nonsense"}, {"mark": ""}):
        sent = {"mark": "t1", "aim": "label", "label": "doubt", "reason": REASON} | odd
        assert heron.post(page(stage), sent).status_code == 422
    assert not Challenge.objects.exists()


@pytest.mark.parametrize("text", SENDABLE)
def test_odd_input_is_kept_or_refused(stage: Stage, heron: Device, text: str) -> None:
    sent = {"mark": "t1", "aim": "mark", "reason": text, "w": text, "s": text, "label": ""}
    assert heron.post(page(stage), sent).status_code in (302, 400, 422)


def test_one_open_challenge_of_a_student_and_mark(stage: Stage, heron: Device) -> None:
    assert disagree(stage, heron).status_code == 302
    again = disagree(stage, heron)
    assert again.status_code == 422
    assert "already" in read(again).one("main").text
    first = Challenge.objects.get()
    first.pk, first.uid = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)
    assert disagree(stage, heron, mark="t2", label="doubt").status_code == 302
    rule(stage.bob, "keep")
    assert disagree(stage, heron).status_code == 302, "it was answered"


def test_a_student_cannot_flood_the_teacher(stage: Stage, heron: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenges, "OPEN", 1)
    assert disagree(stage, heron).status_code == 302
    assert disagree(stage, heron, mark="t2", label="doubt").status_code == 422
    assert Challenge.objects.count() == 1


def test_a_student_takes_it_back_while_it_is_open(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    address = reverse("challenge_withdraw", args=[stage.class_9b.uid, Challenge.objects.get().uid])
    assert device_of(stage.otter).post(address).status_code == 404
    heron.post(address)
    assert not Challenge.objects.exists()
    disagree(stage, heron)
    rule(stage.bob, "keep")
    heron.post(reverse("challenge_withdraw", args=[stage.class_9b.uid, Challenge.objects.get().uid]))
    assert Challenge.objects.count() == 1, "what is answered stays"


def test_the_teacher_sees_marks_with_counts_and_reasons(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    answer(stage.otter, stage.six_ways, 1)
    disagree(stage, device_of(stage.otter), reason="Nobody tears anything.")
    desk = desk_of(stage.bob)
    listed = read(desk.get(reverse("challenge_list", args=[stage.class_9b.uid]))).one("main").text
    assert "2 students disagreed, 2 open" in listed
    shown = read(desk.get(mark_page(stage))).one("main").text
    assert REASON in shown
    assert "Brisk Heron" in shown
    assert "2 of your class disagreed" in shown
    assert "Wished instead: Exaggeration" in shown
    assert "(2)" in shown
    items_page = read(desk.get(reverse("results_items", args=[stage.class_9b.uid]))).one("main").text
    assert "2 of your class disagreed" in items_page
    health = read(desk_of(stage.alice).get(reverse("item_health"))).one("main").text
    assert "Students who disagree" in health
    assert "market-square/planners" in health
    assert "Brisk Heron" not in health


def test_ruling_answers_the_challenge_and_rescores(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    before = Attempt.objects.get().points
    desk = desk_of(stage.bob)
    response = submit(
        desk,
        desk.get(mark_page(stage)),
        to=mark_page(stage, "ruling_new"),
        decided="accept",
        label="exaggeration",
        why=WHY,
    )
    assert response.status_code == 302
    assert Challenge.objects.get().ruling == Ruling.objects.get()
    told = read(desk.get(response.url)).one("main").text
    assert f"points, up or down: {100 - before}; students: 1." in told
    assert "in force" in told
    mine = read(heron.get(reverse("my_challenges", args=[stage.class_9b.uid]))).one("main").text
    assert WHY in mine
    assert f"{before} points before, 100 now" in mine
    reveal = read(heron.get(page(stage).removesuffix("challenge/"))).one("main").text
    assert f"Rescored: {before} points before, 100 now." in reveal
    assert "Also accepted: Exaggeration" in reveal


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"decided": "accept"}, "Choose the label"),
        ({"decided": "widen"}, "Mark the words that belong"),
        ({"decided": "explain", "explanation": "Too short."}, "It has 2 words"),
        ({"decided": "keep", "why": ""}, "Give an answer"),
        ({"why": "x" * 501}, "500"),
    ],
)
def test_a_ruling_that_lacks_something_is_refused_in_words(
    stage: Stage, heron: Device, said: dict[str, str], told: str
) -> None:
    desk = desk_of(stage.bob)
    values = {"decided": "keep", "why": WHY} | said
    response = submit(desk, desk.get(mark_page(stage)), to=mark_page(stage, "ruling_new"), **values)
    assert response.status_code == 422
    assert is_said_at_its_field(read(response).one("main"), told)
    assert not Ruling.objects.exists()


def test_a_co_teacher_sees_it_and_leaves_the_ruling_to_the_leader(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    stage.class_9b.co_teachers.add(stage.carol)
    desk = desk_of(stage.carol)
    shown = read(desk.get(mark_page(stage))).one("main").text
    assert REASON in shown
    assert "Whoever leads the class rules" in shown
    assert desk.post(mark_page(stage, "ruling_new"), {"decided": "keep", "why": WHY}).status_code == 404


def test_marks_that_the_class_has_nothing_to_do_with_are_not_there(stage: Stage) -> None:
    desk = desk_of(stage.bob)
    for parts in (
        ("market-square", "planners", "technique", "t9"),
        ("market-square", "planners", "nonsense", "t1"),
        ("market-square", "library", "technique", "-"),
        ("nowhere", "planners", "technique", "t1"),
    ):
        assert desk.get(reverse("contested_mark", args=[stage.class_9b.uid, *parts])).status_code == 404


# Debates


@pytest.fixture
def debate(stage: Stage, heron: Device) -> Debate:
    return debates.open_debate(classroom=stage.class_9b, passage=planners(), layer="technique", mark="t1", now=NOW)


def test_counts_are_told_from_five_votes_on_and_nobody_is_named(stage: Stage, debate: Debate) -> None:
    group = [stage.heron, *students(stage.class_9b, 4)]
    board = reverse("debate_projector", args=[stage.class_9b.uid, debate.uid])
    desk = desk_of(stage.bob)
    for number, student in enumerate(group):
        shown = read(desk.get(board)).one(id="vote").text
        assert "from five votes on" in shown, number
        device = device_of(student)
        address = reverse("debate", args=[stage.class_9b.uid, debate.uid])
        submit(device, device.get(address), stance="key" if number < 3 else "challenge")
    shown = read(desk.get(board)).one(id="vote").text
    assert "with the key 3" in shown
    assert "with those who disagree 1 or 2" in shown
    assert "Newt" not in read(desk.get(board)).one("main").text
    desk.post(reverse("debate_close", args=[stage.class_9b.uid, debate.uid]))
    assert not Vote.objects.exists(), "who voted how is forgotten"
    assert "with the key 3" in read(desk.get(board)).one(id="vote").text


def test_a_vote_can_be_changed_until_the_end(stage: Stage, debate: Debate) -> None:
    debates.vote(debate=debate, student=stage.heron, stance="key")
    debates.vote(debate=debate, student=stage.heron, stance="unsure")
    assert Vote.objects.get().stance == "unsure"
    debates.close(debate=debate, now=NOW)
    with pytest.raises(debates.Over):
        debates.vote(debate=debate, student=stage.heron, stance="key")


def test_who_had_not_met_the_passage_has_met_it_then(stage: Stage, debate: Debate) -> None:
    """The key is on the wall: what Otter answers afterwards is practice."""
    assert list(Encounter.objects.values_list("student", flat=True)) == [stage.otter.pk]
    assert answer(stage.otter, stage.six_ways, 1).is_practice


def test_a_key_that_waits_is_not_put_on_the_wall(stage: Stage) -> None:
    assign(stage.class_9b, "six-ways", feedback=Feedback.CLOSING, closes=NOW + timedelta(days=9999))
    desk = desk_of(stage.bob)
    assert desk.post(mark_page(stage, "debate_open")).url == mark_page(stage)
    assert not Debate.objects.exists()


def test_one_debate_at_a_time(stage: Stage, debate: Debate) -> None:
    with pytest.raises(debates.OneAtATime):
        debates.open_debate(classroom=stage.class_9b, passage=planners(), layer="source", mark="s1", now=NOW)
    assert Encounter.objects.filter(layer="source").count() == 0


def test_streams_tell_of_votes_and_of_the_debate_itself(stage: Stage, debate: Debate) -> None:
    lobby, subject = ("lobby", stage.class_9b.pk), ("debate", debate.pk)
    first = streams.news([lobby, subject], NOW)
    debates.vote(debate=debate, student=stage.heron, stance="key")
    second = streams.news([lobby, subject], NOW)
    assert first[subject] != second[subject]
    debates.close(debate=debate, now=NOW)
    assert streams.news([lobby], NOW)[lobby] != second[lobby]


def test_students_find_the_debate_on_their_page(stage: Stage, debate: Debate) -> None:
    shown = read(device_of(stage.heron).get(reverse("student_home", args=[stage.class_9b.uid]))).one("main").text
    assert "Your class talks about a contested mark" in shown
    poll = reverse("debate_projector_state", args=[stage.class_9b.uid, debate.uid, debate.version])
    assert desk_of(stage.bob).get(f"{poll}?token=nonsense").status_code == 404


# What happens to students happens to what they said


def test_merged_students_keep_one_open_challenge_about_a_mark(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    answer(stage.otter, stage.six_ways, 1)
    other = device_of(stage.otter)
    disagree(stage, other)
    disagree(stage, other, mark="t2", label="doubt")
    entries.merge(kept=stage.heron, other=stage.otter)
    assert sorted(Challenge.objects.values_list("student", "mark")) == [(stage.heron.pk, "t1"), (stage.heron.pk, "t2")]


def test_a_class_takes_its_challenges_along_and_a_removed_student_theirs(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    ((told),) = exports._challenges(stage.class_9b, set())
    assert (told["student"], told["mark"], told["reason"]) == ("Brisk Heron", "t1", REASON)
    rule(stage.bob, "keep")
    assert exports._account(stage.bob)["rulings"][0]["decided"] == "keep"
    stage.heron.delete()
    assert not Challenge.objects.exists()
    assert Ruling.objects.exists()


def test_a_ruling_that_was_taken_back_says_so(stage: Stage, heron: Device) -> None:
    disagree(stage, heron)
    rulings.undo(ruling=rule(stage.bob, "accept", label="exaggeration"), who=stage.bob, now=NOW)
    mine = read(heron.get(reverse("my_challenges", args=[stage.class_9b.uid]))).one("main").text
    assert "this ruling was taken back" in mine
    assert "Rescored" not in mine


def test_a_discussed_layer_shows_why_and_no_points(stage: Stage, heron: Device) -> None:
    rule(stage.bob, "discuss")
    reveal = read(heron.get(page(stage).removesuffix("challenge/"))).one("main").text
    assert "for discussion, not counted" in reveal
    assert WHY in reveal
