"""A student plays the six kinds on the real pages, without JavaScript. First answers count, and nothing gets lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from django.urls import reverse

from classroom.models import Assignment, Student
from exercises.models import Source
from play.models import Attempt, Board, Standing
from scoring.points import Answer, Mark
from tests.cast import Stage, answer, assign, device_of, items
from tests.devices import Device
from tests.pages import Element, filled, form_of, read, submit, words_of

pytestmark = pytest.mark.django_db

KINDS = ("spot", "source", "name", "evidence", "judge", "markup")
"""The decisions of "Six ways", in order."""


@dataclass(frozen=True)
class Play:
    """How somebody answers on the page: words to mark, a button to press, fields to choose."""

    quote: str = ""
    button: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def send(self, device: Device, page: Any, *, htmx: bool = False) -> Any:
        changes: dict[str, Any] = dict(self.fields)
        if self.quote:
            changes["w"] = words_of(form_of(page), self.quote)
        return submit(device, page, button=self.button, htmx=htmx, **changes)


RIGHT = {
    "spot": Play("rip the heart out", fields={"label": "loaded-language"}),
    "source": Play("will surely be missed by the shops", fields={"label": "unsupported-inference"}),
    "name": Play(fields={"choice": "consequential-oversimplification"}),
    "evidence": Play(fields={"choice": "0"}),
    "judge": Play(fields={"flagged": "no", "confidence": "80"}),
    "markup": Play("Experts say", fields={"label-0": "weasel-attribution"}),
}
WRONG = {
    "spot": Play(button="nothing"),
    "source": Play(button="nothing"),
    "name": Play(fields={"choice": "exaggeration"}),
    "evidence": Play(fields={"choice": "1"}),
    "judge": Play(fields={"flagged": "yes", "confidence": "100"}),
    "markup": Play(button="nothing"),
}


def url_of(stage: Stage, position: int, assignment: Assignment | None = None) -> str:
    return reverse("exercise", args=[stage.class_9b.uid, (assignment or stage.six_ways).uid, position])


def at(stage: Stage, kind: str) -> tuple[Device, Any]:
    """Heron's device and the page of the decision of a kind, everything before it answered."""
    position = KINDS.index(kind) + 1
    for earlier in range(1, position):
        answer(stage.heron, stage.six_ways, earlier)
    device = device_of(stage.heron)
    return device, device.get(url_of(stage, position))


def play(device: Device, page: Any, how: Play) -> Any:
    """Answer on a page, in two steps where the kind asks for names after marks; the page that follows."""
    if any(name.startswith("label-") for name in how.fields):
        page = Play(how.quote).send(device, page)
        assert page.status_code == 200
        how = Play(fields=how.fields)
    response = how.send(device, page)
    assert response.status_code == 302
    return device.get(response.url)


def last_attempt(student: Student) -> Attempt:
    return Attempt.objects.filter(student=student).latest("pk")


def notes(page: Any) -> list[Element]:
    return read(page).of_class("note")


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_answer_there_is_a_task_and_a_form(stage: Stage, kind: str) -> None:
    _, page = at(stage, kind)
    shown, form = read(page), form_of(page)
    item = items(stage.six_ways)[KINDS.index(kind)]
    assert page.status_code == 200
    assert shown.one("h1").text
    assert shown.of_class("passage")[0].seen.replace(" ", "").endswith(item.content.text[-12:].replace(" ", ""))
    assert shown.of_class("context")[0].text == item.content.passage.context
    assert shown.of_class("exhibit-label")[0].text == "Text under examination, not our statement"
    assert form.attributes["method"] == "post"
    assert bool(list(form.all("button", name="nothing"))) == (kind in ("spot", "source", "markup"))
    assert len(list(form.all("input", name="w"))) == (
        len(item.content.words) if kind in ("spot", "source", "markup") else 0
    )
    offered = [option.text for option in shown.of_class("option-text")]
    assert len(offered) == {"spot": 6, "source": 6, "name": 4, "evidence": 4, "judge": 2, "markup": 0}[kind]
    assert not notes(page)
    assert not shown.of_class("score")


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_earns_all_points_and_shows_the_key(stage: Stage, kind: str) -> None:
    page = play(*at(stage, kind), RIGHT[kind])
    item = items(stage.six_ways)[KINDS.index(kind)]
    attempt = last_attempt(stage.heron)
    shown = read(page)
    assert (attempt.points, attempt.correct, attempt.is_practice) == (100, True, False)
    assert shown.of_class("score-points")[0].text == "100"
    assert shown.of_class("verdict-words")[0].text.startswith(("Right", "You found 1 of 1"))
    assert shown.one("header", **{"data-state": "right"})
    assert not list(read(page).one("main").all("form"))
    keyed = item.content.passage.of_layer(item.layer)
    assert len([note for note in notes(page) if "note-clean" not in note.classes]) == len(keyed)
    for note, annotation in zip(notes(page), keyed, strict=False):
        assert annotation.explanation.split(". ")[0] in note.text
    if not keyed:
        assert item.content.passage.layers[item.layer].why in notes(page)[0].text
        assert "does not make it true" in notes(page)[0].text


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_answer_is_told_in_words_and_shows_the_key(stage: Stage, kind: str) -> None:
    page = play(*at(stage, kind), WRONG[kind])
    attempt = last_attempt(stage.heron)
    shown = read(page)
    assert not attempt.correct
    assert attempt.points <= 50
    assert shown.of_class("score-points")[0].text == str(attempt.points)
    assert not list(shown.all("header", **{"data-state": "right"}))
    assert not shown.of_class("verdict-words")[0].text.startswith("Right")
    assert shown.of_class("my-answer")[0].text != "Your answer:"
    assert notes(page)
    assert shown.of_class("source-card")


def test_a_mark_is_shown_over_the_key(stage: Stage) -> None:
    page = play(*at(stage, "spot"), Play("the heart out of our", fields={"label": "exaggeration"}))
    passage = read(page).of_class("passage")[0]
    mine = [mark.seen for mark in passage.of_class("mine")]
    key = [bit.text for bit in passage.of_class("key")]
    assert mine == ["the heart out of our"], "one mark, though it leaves the key at “out”"
    assert passage.text.count("[your mark:") == passage.text.count("end of your mark]") == 1
    assert "".join(key).replace(" ", "") == "riptheheartoutvandals"
    keyed = [note for note in notes(page) if "note-clean" not in note.classes]
    assert [note.attributes["data-state"] for note in keyed] == ["found", "missed"]
    assert "Why not “Exaggeration or minimisation”, which you chose?" in notes(page)[0].text


def test_what_else_was_seen_in_a_marked_passage_is_told_with_the_key_alone(stage: Stage) -> None:
    device, page = at(stage, "spot")
    seen = items(stage.six_ways)[KINDS.index("spot")].content.passage.layers["technique"].why
    assert seen
    assert seen not in read(page).text
    last = notes(play(device, page, RIGHT["spot"]))[-1]
    assert last.text == f"For discussion {seen}"


def test_the_legend_tells_of_words_outside_the_key_also_where_the_mark_found_it(stage: Stage) -> None:
    device, page = at(stage, "spot")
    form = form_of(page)
    first = next(box.attributes["value"] for box in form.all("input", name="w"))
    last = words_of(form, "rip the heart out")[-1]
    shown = read(device.get(submit(device, page, w=[first, last], label="loaded-language").url))
    extra = list(shown.of_class("passage")[0].all("span", **{"data-state": "extra"}))
    words = [each for each in extra if each.seen.strip(" .")]
    assert words
    assert all(each.text.startswith("[not in the key:]") and list(each.all("svg")) for each in words), (
        "never by look alone"
    )
    assert list(shown.all("li", **{"data-legend": "extra"}))


def test_both_ends_of_a_mark_are_enough(stage: Stage) -> None:
    device, page = at(stage, "spot")
    words = words_of(form_of(page), "rip the heart out")
    submit(device, page, w=[words[0], words[-1]], label="loaded-language")
    assert last_attempt(stage.heron).points == 100


def test_a_sentence_is_marked_by_its_number(stage: Stage) -> None:
    device, page = at(stage, "spot")
    submit(device, page, s=["2"], label="name-calling")
    start, end, _ = last_attempt(stage.heron).answer["marks"][0]
    assert Source.objects.get(slug="market-square").text[start:end] == "They are vandals with a drawing board"


def test_the_answer_is_kept_raw_in_code_points_of_the_file(stage: Stage) -> None:
    """A sign outside the basic plane stands before the passage: UTF-16 units or bytes would be off."""
    play(*at(stage, "spot"), RIGHT["spot"])
    text = Source.objects.get(slug="market-square").text
    start, end, label = last_attempt(stage.heron).answer["marks"][0]
    assert text.index("🚲") < start
    assert (text[start:end], label) == ("rip the heart out", "loaded-language")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("name", {"choice": "consequential-oversimplification"}),
        ("evidence", {"choice": "0"}),
        ("judge", {"flagged": False, "confidence": 80}),
    ],
)
def test_other_answers_are_kept_raw(stage: Stage, kind: str, raw: dict[str, object]) -> None:
    play(*at(stage, kind), RIGHT[kind])
    assert last_attempt(stage.heron).answer == raw


def test_nothing_here_is_kept_as_no_marks(stage: Stage) -> None:
    play(*at(stage, "spot"), WRONG["spot"])
    attempt = last_attempt(stage.heron)
    assert (attempt.answer, attempt.signal, attempt.flagged) == ({"marks": []}, True, False)


@pytest.mark.parametrize(
    ("kind", "how", "error"),
    [
        ("spot", Play(), "Mark the words first"),
        ("spot", Play("the heart"), "Choose a name"),
        ("spot", Play(fields={"label": "loaded-language"}), "Mark the words first"),
        ("source", Play("Parking spaces"), "Choose a name"),
        ("name", Play(), "Choose one of the answers"),
        ("evidence", Play(), "Choose one of the answers"),
        ("judge", Play(), "Choose yes or no"),
        ("judge", Play(fields={"flagged": "yes"}), "Say how sure you are"),
        ("judge", Play(fields={"confidence": "90"}), "Choose yes or no"),
        ("markup", Play(), "Mark the words first"),
    ],
)
def test_half_an_answer_is_kept_and_what_lacks_is_said(stage: Stage, kind: str, how: Play, error: str) -> None:
    device, page = at(stage, kind)
    response = how.send(device, page)
    kept = filled(form_of(response))
    assert response.status_code == 422
    assert any(error in each.text for each in read(response).of_class("error"))
    assert not Attempt.objects.filter(student=stage.heron, exercise_version__exercise__kind=kind).exists()
    assert how.fields.items() <= {name: values[0] for name, values in kept.items()}.items()
    assert kept.get("w", []) == (words_of(form_of(response), how.quote) if how.quote else [])
    assert kept["client_key"] == filled(form_of(page))["client_key"]
    assert not notes(response)


def test_names_given_so_far_are_kept(stage: Stage) -> None:
    device, page = at(stage, "markup")
    form = form_of(page)
    marks = words_of(form, "Experts say") + words_of(form, "repaired")
    asked = submit(device, page, w=marks)
    second = f"label-{words_of(form, 'repaired')[0]}"
    assert asked.status_code == 200
    assert not read(asked).of_class("error"), "marks without names are the first of two steps"
    again = submit(device, asked, **cast(Any, {"label-0": "weasel-attribution"}))
    assert again.status_code == 422
    assert any("Choose a name for each" in each.text for each in read(again).of_class("error"))
    kept = filled(form_of(again))
    assert (kept["w"], kept["label-0"], kept[second]) == (marks, ["weasel-attribution"], [""])
    assert submit(device, again, **cast(Any, {second: "undated-claim"})).status_code == 302
    quotes = [
        Source.objects.get(slug="market-square").text[start:end]
        for start, end, _ in last_attempt(stage.heron).answer["marks"]
    ]
    assert quotes == ["Experts say", "repaired"]


@pytest.mark.parametrize(
    ("kind", "forged"),
    [
        ("spot", {"w": ["0"], "label": "red-herring-of-my-own"}),
        ("spot", {"w": ["9999"], "label": "loaded-language"}),
        ("spot", {"w": ["-1", "x", "1e3", "²"], "label": "loaded-language"}),
        ("spot", {"s": ["0", "99"], "label": "loaded-language"}),
        ("name", {"choice": "nothing"}),
        ("evidence", {"choice": "7"}),
        ("judge", {"flagged": "maybe", "confidence": "90"}),
        ("judge", {"flagged": "yes", "confidence": "75"}),
        ("markup", {"w": ["0"], "label-0": "loaded-language"}),
    ],
)
def test_what_the_page_does_not_offer_is_refused(stage: Stage, kind: str, forged: dict[str, Any]) -> None:
    device, page = at(stage, kind)
    response = device.post(page.request["PATH_INFO"], forged)
    assert response.status_code == 422
    assert not Attempt.objects.filter(student=stage.heron, exercise_version__exercise__kind=kind).exists()


@pytest.mark.parametrize("key", ["", "a\x00b", "x" * 100, "ключ"])
def test_an_odd_key_of_the_form_is_replaced(stage: Stage, key: str) -> None:
    device, page = at(stage, "judge")
    data = {"flagged": "no", "confidence": "80", "client_key": key}
    assert device.post(page.request["PATH_INFO"], data).status_code == 302
    assert last_attempt(stage.heron).client_key != key


def test_the_first_answer_counts(stage: Stage) -> None:
    device, page = at(stage, "judge")
    form = device.get(url_of(stage, 5))
    play(device, page, WRONG["judge"])
    standing = Standing.objects.values().get(student=stage.heron)
    again = RIGHT["judge"].send(device, form)
    assert again.url == url_of(stage, 5)
    assert last_attempt(stage.heron).answer == {"flagged": True, "confidence": 100}
    assert Attempt.objects.filter(exercise_version__exercise__kind="judge").count() == 1
    assert Standing.objects.values().get(student=stage.heron) == standing
    assert Board.objects.get(assignment=stage.six_ways).version == 5


def test_the_same_form_sent_twice_is_one_answer(stage: Stage) -> None:
    device, page = at(stage, "spot")
    for _ in range(2):
        assert RIGHT["spot"].send(device, page).url == url_of(stage, 1)
    attempt = Attempt.objects.get(student=stage.heron)
    assert attempt.client_key == filled(form_of(page))["client_key"][0]
    assert Standing.objects.get(student=stage.heron).decisions == 1


def test_the_same_key_twice_in_the_action_is_one_answer(stage: Stage) -> None:
    first = answer(stage.heron, stage.six_ways, 1, key="one-form")
    second = answer(stage.heron, stage.six_ways, 1, Answer(marks=(Mark((0, 2), "doubt"),)), key="one-form")
    assert second == first
    assert second.answer == {"marks": []}
    assert Attempt.objects.count() == 1


def test_two_open_pages_are_one_answer(stage: Stage) -> None:
    """Each page has its own key; the item is answered once all the same."""
    device, first = at(stage, "spot")
    second = device.get(url_of(stage, 1))
    assert filled(form_of(first))["client_key"] != filled(form_of(second))["client_key"]
    RIGHT["spot"].send(device, first)
    assert WRONG["spot"].send(device, second).url == url_of(stage, 1)
    assert Attempt.objects.get().points == 100


def test_refreshing_and_going_back_show_the_reveal(stage: Stage) -> None:
    device, page = at(stage, "source")
    after = play(device, page, RIGHT["source"])
    for _ in range(2):
        assert read(device.get(url_of(stage, 2))).one("main").text == read(after).one("main").text
    assert notes(device.get(url_of(stage, 1)))
    assert Attempt.objects.count() == 2


def test_points_come_with_how_they_come_about(stage: Stage) -> None:
    device, page = at(stage, "spot")
    assert not read(page).of_class("points-explained")
    shown = read(play(device, page, WRONG["spot"]))
    assert shown.of_class("score-points")
    assert "Guessing earns about 50" in shown.of_class("points-explained")[0].text


def test_a_later_decision_leads_to_where_the_student_is(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    device = device_of(stage.heron)
    for position in (3, 6):
        response = device.get(url_of(stage, position), follow=True)
        assert response.request["PATH_INFO"] == url_of(stage, 2)
    forged = device.post(url_of(stage, 5), {"flagged": "no", "confidence": "80"})
    assert forged.url == reverse("play", args=[stage.class_9b.uid, stage.six_ways.uid])
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("position", [0, 7, 10**30])
def test_there_is_no_decision_beyond_the_set(stage: Stage, position: int) -> None:
    assert device_of(stage.heron).get(url_of(stage, position)).status_code == 404


def test_a_second_device_goes_on_where_the_first_stopped(stage: Stage) -> None:
    first, page = at(stage, "name")
    play(first, page, RIGHT["name"])
    second = Device()
    second.post(reverse("reenter", args=[stage.class_9b.uid]), {"phrase": stage.phrases["Brisk Heron"]})
    response = second.get(reverse("play", args=[stage.class_9b.uid, stage.six_ways.uid]), follow=True)
    assert response.request["PATH_INFO"] == url_of(stage, 4)
    assert notes(second.get(url_of(stage, 3)))


def test_each_student_plays_for_themselves(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    page = device_of(stage.otter).get(url_of(stage, 1))
    assert not notes(page)
    assert form_of(page)


def test_a_layer_that_was_revealed_before_is_practice(stage: Stage) -> None:
    """ "Once more" begins with the words whose techniques "Six ways" has shown."""
    answer(stage.heron, stage.six_ways, 1)
    device = device_of(stage.heron)
    page = device.get(url_of(stage, 1, stage.once_more))
    shown = read(play(device, page, Play(button="nothing")))
    attempt = last_attempt(stage.heron)
    assert attempt.is_practice
    assert shown.of_class("score")[0].text == "practice, not counted"
    assert not shown.of_class("score-points")
    assert not shown.of_class("points-explained")
    assert notes(device.get(url_of(stage, 1, stage.once_more)))
    assert not Standing.objects.filter(assignment=stage.once_more).exists()
    assert not Board.objects.filter(assignment=stage.once_more).exists()


def test_the_other_layer_of_the_same_words_is_no_practice(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    assert not answer(stage.heron, stage.six_ways, 2).is_practice


def test_another_student_s_reveal_makes_no_practice(stage: Stage) -> None:
    answer(stage.otter, stage.six_ways, 1)
    assert not answer(stage.heron, stage.once_more, 1).is_practice


def test_a_revealed_layer_is_practice_in_every_kind(stage: Stage) -> None:
    """An encounter is with a passage and a layer: after "judge", "spot" on the same words is practice."""
    answer(stage.heron, stage.six_ways, 5)
    played_again = answer(stage.heron, stage.once_more, 2)
    assert played_again.exercise_version.exercise.kind == "spot"
    assert played_again.is_practice


def test_a_sensitive_passage_may_be_passed(stage: Stage) -> None:
    """It counts neither way, the key is shown, and the set goes on; a later answer to it would be practice."""
    for position in range(1, 5):
        answer(stage.heron, stage.once_more, position)
    standing = Standing.objects.values().get(student=stage.heron)
    device = device_of(stage.heron)
    page = device.get(url_of(stage, 5, stage.once_more))
    shown = device.get(submit(device, page, button="pass").url)
    attempt = last_attempt(stage.heron)
    assert (attempt.is_passed, attempt.answer, attempt.signal, attempt.flagged) == (True, {"passed": True}, None, None)
    assert "Nothing is lost" in read(shown).of_class("verdict-words")[0].text
    assert not read(shown).of_class("score")
    assert notes(shown)
    assert Standing.objects.values().get(student=stage.heron) == standing
    again = assign(stage.class_9b, "once-more")
    for position in range(1, 6):
        assert answer(stage.heron, again, position).is_practice


def test_a_sensitive_passage_may_be_answered(stage: Stage) -> None:
    for position in range(1, 5):
        answer(stage.heron, stage.once_more, position)
    device = device_of(stage.heron)
    play(device, device.get(url_of(stage, 5, stage.once_more)), Play(button="nothing"))
    attempt = last_attempt(stage.heron)
    assert (attempt.is_passed, attempt.points) == (False, 100)


def test_other_passages_cannot_be_passed(stage: Stage) -> None:
    device, page = at(stage, "spot")
    assert not list(form_of(page).all("button", name="pass"))
    assert device.post(url_of(stage, 1), {"pass": "1"}).status_code == 422
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_htmx_gets_the_part_of_the_page_and_others_a_redirect(stage: Stage, kind: str) -> None:
    device, page = at(stage, kind)
    how = WRONG[kind]
    response = how.send(device, page, htmx=True)
    fragment = read(response)
    (section,) = [child for child in fragment.children if isinstance(child, Element)]
    assert response.status_code == 200
    assert (section.tag, section.id) == ("section", "exercise")
    assert "<html" not in response.content.decode()
    assert section.of_class("note")
    assert "HX-Request" in response.headers["Vary"]
    again = how.send(device, page, htmx=True)
    assert read(again).of_class("verdict-words")[0].text == section.of_class("verdict-words")[0].text
    assert how.send(device, page).url == page.request["PATH_INFO"]


def test_htmx_gets_a_form_that_does_not_hold_as_a_part_too(stage: Stage) -> None:
    device, page = at(stage, "spot")
    response = Play("the heart").send(device, page, htmx=True)
    (section,) = [child for child in read(response).children if isinstance(child, Element)]
    assert response.status_code == 422
    assert section.id == "exercise"
    assert section.of_class("error")
    whole = [form.attributes for form in read(page).one("main").all("form")]
    assert section.one("form").attributes == whole[0]
    assert section.one("form").attributes["hx-target"] == "#exercise"


def test_loading_a_decision_with_htmx_gives_the_whole_page(stage: Stage) -> None:
    """The history of htmx asks for pages: a GET is never a fragment."""
    device, _ = at(stage, "spot")
    assert "<html" in device.get(url_of(stage, 1), headers={"HX-Request": "true"}).content.decode()


def test_from_home_to_the_end_by_links_alone(stage: Stage) -> None:
    device = device_of(stage.heron)
    home = reverse("student_home", args=[stage.class_9b.uid])
    card = next(card for card in read(device.get(home)).of_class("card") if "Six ways" in card.text)
    assert "0 of 6 answered" in card.text
    page = device.get(
        next(link for link in card.all("a") if link.text.startswith("Begin")).attributes["href"], follow=True
    )
    for kind in KINDS:
        revealed = play(device, page, RIGHT[kind])
        onward = next(link for link in read(revealed).all("a") if link.text == "Go on")
        page = device.get(onward.attributes["href"], follow=True)
    assert page.request["PATH_INFO"] == reverse("finished", args=[stage.class_9b.uid, stage.six_ways.uid])
    assert "600 of 600 points" in read(page).of_class("lead")[0].text
    card = next(card for card in read(device.get(home)).of_class("card") if "Six ways" in card.text)
    assert "6 of 6 answered" in card.text
    assert "Look back" in card.text


def test_the_end_tells_what_was_caught_and_what_was_falsely_accused(stage: Stage) -> None:
    """Marked: spot, source, markup; clean: judge. Heron accuses everything but the first."""
    marks = {
        2: Answer(marks=(Mark((19, 21), "citation-needed"),)),
        5: Answer(flagged=True, confidence=90),
        6: Answer(marks=(Mark((0, 2), "anonymous-source"),)),
    }
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position, marks.get(position))
    page = read(device_of(stage.heron).get(reverse("finished", args=[stage.class_9b.uid, stage.six_ways.uid])))
    told = dict(zip((each.text for each in page.all("dt")), (each.text for each in page.all("dd")), strict=True))
    assert told == {"Caught": "2", "Missed": "1", "Falsely accused": "1", "Well left alone": "0"}
    links = [link.attributes["href"] for link in page.one("ol").all("a")]
    assert links == [url_of(stage, position) for position in range(1, 7)]


def test_a_set_with_an_example_begins_with_it(stage: Stage) -> None:
    device = device_of(stage.heron)
    url = reverse("play", args=[stage.class_9b.uid, stage.once_more.uid])
    page = read(device.get(url))
    assert page.one("h2").text == "Slogan"
    begin = next(link for link in page.one("main").all("a") if link.text == "Begin")
    assert begin.attributes["href"] == url_of(stage, 1, stage.once_more)
    answer(stage.heron, stage.once_more, 1)
    assert device.get(url).url == url_of(stage, 2, stage.once_more)


def test_an_answer_from_another_student_s_page_is_nobody_s(stage: Stage) -> None:
    """A shared device: the tab was Otter's, the cookie is Heron's by now."""
    page = device_of(stage.otter).get(url_of(stage, 1))
    device = device_of(stage.heron)
    home = reverse("student_home", args=[stage.class_9b.uid])
    assert submit(device, page, button="nothing").url == home
    assert submit(device, page, button="nothing", htmx=True).headers["HX-Redirect"] == home
    assert not Attempt.objects.exists()
