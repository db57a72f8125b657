"""Teachers' own texts: from a paste to something that a class plays."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from classroom import actions, building, loading, teachers
from classroom.assigning import Plan
from classroom.models import Order, OwnLabelling, OwnText
from classroom.own_texts import agreeing, checks, cutting, drafts, labelling, marking, publishing, sharing
from exercises import notes, packages
from exercises.content import read_seeds
from exercises.content.schema import LAYERS, BadContent
from exercises.models import Exercise, Passage, Source
from play import exports
from tests import own_texts
from tests.cast import NOW, Cast, answer, desk_of
from tests.devices import Device
from tests.pages import read

pytestmark = pytest.mark.django_db


def page(name: str, own_text: OwnText, *more: Any) -> str:
    return reverse(name, args=[own_text.uid, *more])


def fields(device: Device, path: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    form = device.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    return sent | {"revision": OwnText.objects.get().revision, "page": "one"}


def test_a_text_is_pasted_cut_annotated_published_and_found(content: None, cast: Cast) -> None:
    desk = desk_of(cast.bob)
    sent = {"title": "Parking", "language": "en", "text": own_texts.ARTICLE}
    response = desk.post(reverse("own_text_new"), sent)
    own_text = OwnText.objects.get()
    assert response.url == page("own_text_words", own_text)
    assert "shameful parking scheme" in read(desk.get(response.url)).text
    response = desk.post(
        page("own_text_words", own_text), {"text": own_text.draft["text"].replace("\n", "\r\n"), "revision": 0}
    )
    assert response.url == page("own_text_card", own_text)
    card = own_texts.CARD | {"title": "Parking", "told": "The paper.\nThe day.", "not_told": "", "found": ""}
    card["revision"] = 1
    assert desk.post(page("own_text_card", own_text), card).url == page("own_text_cut", own_text)
    assert desk.post(page("own_text_cut", own_text), {"propose": "1", "revision": 2}).status_code == 302
    own_text.refresh_from_db()
    assert len(own_text.draft["passages"]) == 4
    key = own_text.draft["passages"][0]["key"]
    response = desk.post(page("own_mark_add", own_text, key), {"layer": "technique", "revision": 3})
    assert desk.get(response.url).status_code == 200
    sent = {
        "label": "loaded-language", "w": ["2"], "difficulty": "1", "explanation": own_texts.EXPLANATION, "revision": 4,
        "near_1_label": "exaggeration", "near_1_why": "No size.",
        "near_2_label": "name-calling", "near_2_why": "No label.",
    }  # fmt: skip
    assert desk.post(response.url, sent).url == page("own_passage", own_text, key)
    own_text.refresh_from_db()
    mark = own_text.draft["passages"][0]["annotations"][0]
    assert own_text.draft["text"][slice(*mark["core"][0])] == "shameful"
    for passage in own_text.draft["passages"]:
        sent = {
            "context": "A page.", "fact": "The accounts are published.", "difficulty": "1", "technique_why": "Plain.",
            "technique_state": "marked" if passage["key"] == key else "clean", "source_state": "clean",
            "source_why": "In the library.", "revision": 99,
        }  # fmt: skip
        assert desk.post(page("own_passage", own_text, passage["key"]), sent).status_code == 302
    assert desk.post(page("own_text_publish", own_text)).url == page("own_text", own_text)
    assert "Published" in read(desk.get(page("own_text", own_text))).text
    own_text.refresh_from_db()
    found = read(desk.get(reverse("material"), {"text": own_text.source.slug})).text
    assert "own text of bob" in found
    assert "one teacher’s key" in found
    assert "own text of bob" not in read(desk_of(cast.carol).get(reverse("material"))).text


# Shipped and own texts never touch each other


def rows(*, is_own: bool) -> list[Any]:
    passages = Passage.objects.filter(source__is_own=is_own).order_by("pk")
    exercises = Exercise.objects.filter(passage__source__is_own=is_own).order_by("pk")
    return [*passages.values_list("pk", "current"), *exercises.values_list("pk", "current")]


def test_loading_touches_no_own_text_and_publishing_no_shipped_one(
    content: None, cast: Cast, seeds_folder: Path
) -> None:
    shipped = rows(is_own=False)
    own_text = own_texts.finished(cast.bob)
    publishing.publish(own_text=own_text, now=NOW)
    assert rows(is_own=False) == shipped
    own = rows(is_own=True)
    assert own
    loading.load(seeds_folder, anew=True)
    assert rows(is_own=True) == own
    assert rows(is_own=False) == shipped


def test_a_shipped_text_is_never_called_like_an_own_one(seeds_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(seeds_folder, folder)
    (folder / "market-square").rename(folder / "own-square")
    with pytest.raises(BadContent, match="own-square: names that begin with"):
        read_seeds(folder)


def test_what_is_published_is_made_like_shipped_material(content: None, cast: Cast) -> None:
    source = publishing.publish(own_text=own_texts.finished(cast.bob), now=NOW)
    made = Exercise.objects.filter(passage__source=source).exclude(current=None)
    kinds = sorted(made.values_list("kind", "layer"))
    assert kinds.count(("spot", "technique")) == kinds.count(("source", "source")) == 4
    assert kinds.count(("name", "technique")) == kinds.count(("name", "source")) == 1
    spots = [tuple(row.current.options) for row in made.filter(kind="spot") if row.current]
    assert len(set(spots)) == 1, "clean passages show the options of the marked one"


def test_publishing_again_makes_versions_of_what_changed_alone(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    first, second = source.passages.order_by("position")[:2]

    def reword(draft: drafts.Draft) -> None:
        draft["passages"][0]["context"] = "From page one."

    saved = drafts.save(own_text=own_text, part="passage:x", base=9, by=cast.bob, change=reword, now=NOW)
    assert not publishing.is_current(saved)
    publishing.publish(own_text=saved, now=NOW)
    assert first.versions.count() == 2
    assert second.versions.count() == 1


def test_an_unfinished_draft_is_refused_and_nothing_written(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    own_text.draft["passages"][0]["annotations"][0]["near"] = []
    own_text.save()
    with pytest.raises(BadContent, match="needs at least two different near misses"):
        publishing.publish(own_text=own_text, now=NOW)
    answer = desk_of(cast.bob).post(page("own_text_publish", own_text))
    assert answer.status_code == 422
    assert "Name at least 2 different near misses" in read(answer).text
    assert not Source.objects.filter(is_own=True).exists()


def test_checks_stop_all_that_publishing_refuses(content: None, cast: Cast) -> None:
    """What the schema says in its own words is said here in words for teachers, before."""
    broken: list[tuple[str, Any]] = [
        ("label", ""), ("core", []), ("near", []), ("explanation", "Too short."), ("accepted", ["loaded-language"]),
        ("evidence", [{"text": "One", "settles": True, "why": "It is."}]), ("explanation", "word " * 100),
    ]  # fmt: skip
    for name, value in broken:
        own_text = own_texts.finished(cast.bob)
        own_text.draft["passages"][0]["annotations"][0][name] = value
        stops = [each for each in checks.problems(own_text.title, own_text.draft) if each.stops]
        assert stops, name
        if value:
            with pytest.raises(BadContent):
                publishing.finished(own_text)
    assert not [each for each in checks.problems("Title", own_texts.finished(cast.bob).draft) if each.stops]


def test_checks_advise_in_words(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    passage = own_text.draft["passages"][0]
    mark = passage["annotations"][0]

    def advice() -> str:
        return " ".join(each.text for each in checks.of_passage(own_text.draft, passage) if not each.stops)

    assert advice() == ""
    mark["explanation"] += " So the council lies."
    assert "says “lies”" in advice()
    mark["explanation"] = mark["explanation"].replace("the council lies", "this side wins")
    assert "names a side (“this side”)" in advice()
    start = passage["span"][0]
    whole = own_text.draft["text"].index(".", start)
    mark["core"] = [[start, whole]]
    assert "more than half of the passage" in advice()
    the = own_text.draft["text"].index("the valley")
    mark["core"] = [[the, the + 3]]
    assert "“the” stands 2 more times" in advice()
    balance = [each.text for each in checks.problems("Title", own_text.draft) if not each.stops and not each.passage]
    assert any("75 % of the passages are clean" in text for text in balance)


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("The council lies.", True),
        ("The difference lies in the number.", False),
        ("Their side says so.", True),
        ("This is Russian propaganda.", True),
        ("So spricht die russische Seite.", True),
        ("Tak mówi strona ukraińska, tak mówi ukraińska strona.", True),
        ("Це російська пропаганда.", True),
        ("As the right says.", True),
        ("Everybody has the right to ask.", False),
    ],
)
def test_words_that_judge_or_name_a_side_are_known(words: str, is_told: bool) -> None:
    assert bool(checks.VERDICTS.search(words) or checks.SIDES.search(words)) is is_told


# Cutting loses nothing


def test_cuts_move_marks_with_their_words(cast: Cast) -> None:
    draft = own_texts.finished(cast.bob).draft
    text, first = draft["text"], draft["passages"][0]
    spans = drafts.sentences(draft)
    cutting.toggle(draft, 2)
    assert [text[slice(*each["span"])] for each in draft["passages"][:2]] == [text[slice(*each)] for each in spans[:2]]
    one, two = draft["passages"][:2]
    assert (one["layers"]["technique"]["state"], two["layers"]["technique"]["state"]) == ("marked", "")
    assert two["layers"]["source"]["state"] == "clean"
    cutting.toggle(draft, 2)
    assert draft["passages"][0]["span"] == [spans[0][0], spans[1][1]]
    assert draft["passages"][0]["annotations"] == first["annotations"]
    assert draft["passages"][0]["layers"]["technique"]["state"] == "marked"


def test_a_cut_through_a_mark_and_a_passage_with_marks_are_refused(cast: Cast) -> None:
    draft = own_texts.finished(cast.bob).draft
    start, end = draft["passages"][0]["span"]
    draft["passages"][0]["annotations"][0]["core"] = [[start, end - 1]]
    with pytest.raises(cutting.CannotCut, match="A mark goes across this place"):
        cutting.toggle(draft, 2)
    with pytest.raises(cutting.CannotCut, match="has marks"):
        cutting.leave_out(draft, 1)
    cutting.leave_out(draft, 2)
    assert len(draft["passages"]) == 3
    cutting.use(draft, 3)
    assert len(draft["passages"]) == 4


def test_other_words_move_the_passages_or_are_refused(cast: Cast) -> None:
    draft = own_texts.finished(cast.bob).draft
    text = draft["text"]
    quotes = [text[slice(*each["span"])] for each in draft["passages"]]
    core = draft["passages"][2]["annotations"][0]["core"][0]
    cutting.change_text(draft, "A heading\n" + text)
    assert [draft["text"][slice(*each["span"])] for each in draft["passages"]] == quotes
    assert draft["text"][slice(*draft["passages"][2]["annotations"][0]["core"][0])] == text[slice(*core)]
    with pytest.raises(cutting.CannotCut, match="would be lost: “The council’s shameful"):
        cutting.change_text(draft, text.replace("shameful", "poor"))
    assert "shameful" in draft["text"]


# Two who write at the same time


def test_two_authors_are_told_of_each_other_and_lose_nothing(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    sharing.add_author(own_text=own_text, colleague=cast.carol)
    bob, carol = desk_of(cast.bob), desk_of(cast.carol)
    path = page("own_passage", own_text, own_text.draft["passages"][0]["key"])
    mine, theirs = fields(bob, path) | {"page": "of-bob"}, fields(carol, path) | {"page": "of-carol"}
    assert "bob works on this text, too" in read(carol.get(path)).text
    assert carol.post(path, theirs | {"context": "Carol’s words."}).status_code == 302
    by_itself = bob.post(path, mine | {"context": "Bob’s words."}, headers={"HX-Request": "true"})
    assert by_itself.status_code == 422
    assert "carol saved this part after you opened it" in read(by_itself).text
    refused = bob.post(path, mine | {"context": "Bob’s words."})
    assert refused.status_code == 422
    assert "Carol’s words." in read(refused).text
    assert "Bob’s words." in refused.content.decode()
    own_text.refresh_from_db()
    assert own_text.draft["passages"][0]["context"] == "Carol’s words."
    again = mine | {"context": "Both’s words.", "revision": refused.context["revision"]}
    assert bob.post(path, again).status_code == 302
    own_text.refresh_from_db()
    assert own_text.draft["passages"][0]["context"] == "Both’s words."
    other = page("own_passage", own_text, own_text.draft["passages"][1]["key"])
    assert carol.post(other, fields(carol, other) | {"revision": 0}).status_code == 302, "another part is free"


def test_a_page_is_not_outdated_by_its_own_saving(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    desk, path = desk_of(cast.bob), page("own_text_card", own_text)
    sent = fields(desk, path)
    for title in ("One", "Two"):
        saved = desk.post(path, sent | {"title": title}, headers={"HX-Request": "true"})
        assert saved.status_code == 200
    assert OwnText.objects.get().title == "Two"
    other = desk.post(path, sent | {"title": "Three", "page": "another tab"})
    assert other.status_code == 422


def test_what_was_written_on_a_place_that_is_gone_is_shown(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    answer = desk_of(cast.bob).post(page("own_passage", own_text, "gone"), {"context": "Long thought."})
    assert answer.status_code == 422
    assert "Long thought." in read(answer).text


# Who sees what


def test_a_text_is_private_until_it_is_shared(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    carol, read_it = desk_of(cast.carol), reverse("text_detail", args=[source.slug])
    exercise = Exercise.objects.filter(passage__source=source).exclude(current=None)[0]
    mine = building.create_set(teacher=cast.carol, title="Mine", now=NOW)

    def add() -> int:
        return carol.post(reverse("set_add", args=[mine.uid]), {"exercise": exercise.pk}).status_code

    assert (carol.get(read_it).status_code, add()) == (404, 422)
    assert "shameful" not in carol.get(reverse("labels")).content.decode()
    sharing.share(own_text=own_text, is_shared=True)
    assert (carol.get(read_it).status_code, add()) == (200, 302)
    publishing.withdraw(own_text=OwnText.objects.get())
    assert carol.get(read_it).status_code == 404


def test_what_is_no_longer_shared_stays_in_the_sets_that_have_it(content: None, cast: Cast) -> None:
    """As it is and to be assigned, which both sides are told; taken back, it is not given to classes any more."""
    own_text = own_texts.finished(cast.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    sharing.share(own_text=own_text, is_shared=True)
    one, other = Exercise.objects.filter(passage=source.passages.first(), layer="technique").exclude(current=None)[:2]
    mine = building.create_set(teacher=cast.carol, title="Mine", now=NOW)
    item = building.add_item(exercise_set=mine, exercise=one, now=NOW)
    bob, carol = desk_of(cast.bob), desk_of(cast.carol)

    def told() -> tuple[bool, bool]:
        to_author = "1 set of a colleague has passages" in read(bob.get(page("own_text_share", own_text))).text
        return to_author, "no longer shares this text" in read(carol.get(reverse("set_edit", args=[mine.uid]))).text

    assert told() == (False, False)
    bob.post(page("own_text_share", own_text), {})
    assert told() == (True, True)
    with pytest.raises(building.NotOffered):
        building.change_item(item=item, exercise=other, section="", now=NOW)
    assert actions.assign(classroom=cast.class_7a, exercise_set=mine, now=NOW).items.count() == 1
    publishing.withdraw(own_text=OwnText.objects.get())
    assert told() == (False, False)
    assert "No longer in the material" in read(carol.get(reverse("set_edit", args=[mine.uid]))).text


def test_a_removed_text_stays_with_the_classes_that_play_it(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    mine = building.create_set(teacher=cast.bob, title="Mine", now=NOW)
    exercise = Exercise.objects.filter(passage__source=source, kind="spot").exclude(current=None)[0]
    building.add_item(exercise_set=mine, exercise=exercise, now=NOW)
    given = actions.assign(classroom=cast.class_9b, exercise_set=mine, now=NOW, plan=Plan(order=Order.SET))
    own_text.refresh_from_db()
    assert not publishing.remove(own_text=own_text)
    assert given.items.count() == 1
    assert answer(cast.heron, given, 1).correct in (True, False)
    assert not publishing.visible(cast.bob).filter(pk=source.pk).exists()


def test_a_removed_text_that_nobody_has_is_gone(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    publishing.publish(own_text=own_text, now=NOW)
    own_text.refresh_from_db()
    assert publishing.remove(own_text=own_text)
    assert not Source.objects.filter(is_own=True).exists()


def test_an_account_takes_its_texts_along(content: None, cast: Cast) -> None:
    publishing.publish(own_text=own_texts.finished(cast.bob), now=NOW)
    with zipfile.ZipFile(io.BytesIO(exports.account_zip(teacher=cast.bob, now=timezone.now()))) as archive:
        account = json.loads(archive.read("account.json"))
    assert account["own_texts"][0]["draft"]["text"] == own_texts.ARTICLE
    teachers.delete_account(teacher=cast.bob)
    assert not OwnText.objects.exists()
    assert not Source.objects.filter(is_own=True).exists()


# A second teacher


def test_the_labeller_sees_no_mark(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    sharing.ask_to_label(own_text=own_text, colleague=cast.carol, now=NOW)
    carol = desk_of(cast.carol)
    secret = [own_texts.EXPLANATION[:40], "That would be something else", "Plain words, nothing that heats"]
    for passage in own_text.draft["passages"]:
        for layer in LAYERS:
            shown = carol.get(page("own_label", own_text, passage["key"], layer)).content.decode()
            assert not any(each in shown for each in secret)
            assert " checked" not in shown
            assert "selected" not in shown.partition("<main")[2].partition("</main")[0]
    assert carol.get(page("own_text", own_text)).status_code == 404
    assert carol.get(page("own_agreement", own_text, cast.carol.uid)).status_code == 404, "not before all is labelled"


def test_labels_are_asked_for_and_kept(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    sharing.ask_to_label(own_text=own_text, colleague=cast.carol, now=NOW)
    carol, key = desk_of(cast.carol), own_text.draft["passages"][0]["key"]
    path = page("own_label", own_text, key, "technique")
    assert carol.post(path, {}).status_code == 422
    named = carol.post(path, {"w": ["2"]})
    assert "Name each of your marks" in read(named).text
    assert carol.post(path, {"w": ["2"], "label-2": "weasel-attribution"}).status_code == 422, "of the other layer"
    assert carol.post(path, {"w": ["2"], "label-2": "doubt"}).status_code == 302
    found = OwnLabelling.objects.get()
    (mark,) = labelling.marks_of(found, own_text.draft["passages"][0], "technique") or []
    assert own_text.draft["text"][slice(*mark.span)] == "shameful"


def test_differences_are_decided_one_by_one(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    found = own_texts.labelled(own_text, cast.carol)
    known = agreeing.agreement(found)
    assert [each.kind for each in known.differences] == ["label", "second", "first"]
    assert [(layer.first, layer.second, layer.places) for layer in known.layers] == [(1, 1, 1.0), (1, 1, 0.0)]
    with pytest.raises(agreeing.StillOpen):
        agreeing.adjudicate(found=found, by=cast.bob, now=NOW)
    desk, path = desk_of(cast.bob), page("own_decide", own_text, cast.carol.uid)
    choices = {"label": "both", "second": "take", "first": "keep"}
    for each in known.differences:
        assert desk.post(path, {"difference": each.id, "choice": choices[each.kind]}).status_code == 302
    assert desk.post(path, {"difference": known.differences[0].id, "choice": "keep"}).status_code == 422
    found.refresh_from_db()
    own_text.refresh_from_db()
    first, second, *_ = own_text.draft["passages"]
    assert first["annotations"][0]["accepted"] == ["exaggeration"]
    assert [each["label"] for each in first["annotations"][0]["near"]] == ["name-calling"]
    assert own_text.draft["text"][slice(*second["annotations"][0]["core"][0])] == "40,000 euros"
    desk.post(page("own_adjudicate", own_text, cast.carol.uid))
    own_text.refresh_from_db()
    noted = [
        (mark["labellings"], mark["agreeing"], mark["adjudicated"])
        for passage in own_text.draft["passages"]
        for mark in passage["annotations"]
    ]
    assert noted == [(2, 2, True), (2, 2, True), (2, 1, True)]
    assert "Adjudicated by two teachers" in read(desk.get(page("own_text", own_text))).text


def test_the_key_says_who_made_it(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    mark = drafts.source_text(own_text).passages[0].annotations[0]
    assert notes.provenance(mark) == "One teacher’s key: no second teacher has labelled this."
    twice = replace(mark, labellings=2, agreeing=1, adjudicated=True)
    assert notes.provenance(twice).startswith("1 of 2 teachers marked this, each without seeing the other’s marks;")


def test_a_clean_passage_has_the_key_of_its_text(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    for passage in own_text.draft["passages"]:
        for mark in passage["annotations"]:
            mark |= {"labellings": 2, "agreeing": 2, "adjudicated": True}
    own_text.save()
    publishing.publish(own_text=own_text, now=NOW)
    offered = read(desk_of(cast.bob).get(f"{reverse('material')}?text=own-{own_text.uid}")).text
    assert offered.count("adjudicated by two teachers") == 4
    assert "one teacher’s key" not in offered


def test_a_changed_mark_is_one_teacher_s_again(cast: Cast) -> None:
    draft = own_texts.finished(cast.bob).draft
    passage = draft["passages"][0]
    mark = passage["annotations"][0]
    mark |= {"labellings": 2, "agreeing": 2, "adjudicated": True}
    marking.change_mark(draft, passage["key"], mark["key"], dict(mark) | {"explanation": "Other words."})
    assert mark["adjudicated"]
    marking.change_mark(draft, passage["key"], mark["key"], dict(mark) | {"label": "doubt"})
    assert (mark["labellings"], mark["adjudicated"]) == (1, False)


# Preview, files


def test_every_way_of_a_draft_can_be_tried(content: None, cast: Cast) -> None:
    own_text, desk = own_texts.finished(cast.bob), desk_of(cast.bob)
    path = page("own_text_preview", own_text, 1)
    ways = desk.get(path).context["ways"]
    assert [each.slug.split(".")[0] for each in ways] == [
        "spot",
        "source",
        "name",
        "judge",
        "judge",
        "markup",
        "markup",
    ]
    answered = desk.post(f"{path}?as={ways[0].slug}", {"w": ["2"], "label": "loaded-language"})
    assert "One teacher’s key" in read(answered).text
    assert not Source.objects.filter(is_own=True).exists()
    empty = own_texts.begun(cast.bob)
    cutting.propose(empty.draft)
    empty.save()
    assert "Nothing to play in this passage yet" in read(desk.get(page("own_text_preview", empty, 1))).text


def test_a_package_comes_back_as_it_went(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    packed = desk_of(cast.bob).get(page("own_text_export", own_text))
    assert packed.headers["Content-Type"] == "application/zip"
    carol = desk_of(cast.carol)
    file = SimpleUploadedFile("text.zip", packed.content, content_type="application/zip")
    assert carol.post(reverse("own_text_import"), {"file": file}).status_code == 302
    made = OwnText.objects.get(owner=cast.carol)
    assert replace(drafts.source_text(made), slug="") == replace(drafts.source_text(own_text), slug="")
    bad = SimpleUploadedFile("text.zip", b"PK nothing", content_type="application/zip")
    assert carol.post(reverse("own_text_import"), {"file": bad}).status_code == 422


def test_a_shipped_text_that_a_teacher_brings_in_is_what_it_was(content: None, cast: Cast) -> None:
    """Its key stays a language model's: neither the card nor the pages make people of it."""
    shipped = packages.source_text(Source.objects.get(slug="market-square"))
    file = SimpleUploadedFile("text.zip", packages.write_package(packages.PackedText(shipped, "CC-BY-4.0")))
    desk = desk_of(cast.bob)
    desk.post(reverse("own_text_import"), {"file": file})
    made = OwnText.objects.get()
    assert replace(drafts.source_text(made), slug="") == replace(shipped, slug="")
    told = read(desk.get(page("own_text", made))).text
    assert "Runs of a language model labelled this text" in told
    assert "Adjudicated by two teachers" not in told
    publishing.publish(own_text=made, now=NOW)
    offered = read(desk.get(f"{reverse('material')}?text=own-{made.uid}")).text
    assert "labelled by a language model" in offered
    assert "two teachers" not in offered
    passage = next(each for each in made.draft["passages"] if each["annotations"])
    passage["annotations"][0] |= {"labelled_by": "teachers"}
    assert "in part or whole" in drafts.source_text(made).labellers


def test_every_shipped_text_goes_out_of_the_pages_and_comes_back(shipped_content: None, cast: Cast) -> None:
    """As a package the same files, in a folder of the title's name; and its marks as annotations the same marks."""
    desk = desk_of(cast.bob)
    for source in Source.objects.filter(is_own=False):
        sent = desk.get(reverse("text_export", args=[source.slug])).content
        desk.post(reverse("own_text_import"), {"file": SimpleUploadedFile("text.zip", sent)})
        made = OwnText.objects.latest("pk")
        assert files_of(desk.get(page("own_text_export", made)).content) == files_of(sent)

        before = [(each["key"], sorted(map(told, each["annotations"]))) for each in made.draft["passages"]]
        for each in made.draft["passages"]:
            each["annotations"] = []
        made.save()
        marks = desk.get(reverse("annotations_export", args=[source.slug])).content
        desk.post(page("own_annotations_import", made), {"file": SimpleUploadedFile("marks", marks), "revision": 0})
        made.refresh_from_db()
        assert [(each["key"], sorted(map(told, each["annotations"]))) for each in made.draft["passages"]] == before


def files_of(package: bytes) -> dict[str, bytes]:
    """By their path in the one folder."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def told(mark: Any) -> Any:
    """What annotations hold of a mark."""
    spans = [sorted(map(list, mark[name])) for name in ("core", "envelope")]
    near = [each["label"] for each in mark["near"]]
    return mark["layer"], mark["label"], spans, list(mark["accepted"]), near, mark["explanation"].strip()


def test_a_colleague_s_text_is_the_colleague_s_to_export(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    sharing.share(own_text=own_text, is_shared=True)
    carol = desk_of(cast.carol)
    assert "Files" not in read(carol.get(reverse("text_detail", args=[source.slug]))).text
    for name in ("text_export", "annotations_export"):
        assert carol.get(reverse(name, args=[source.slug])).status_code == 404


def test_annotations_go_out_and_come_back(content: None, cast: Cast) -> None:
    own_text, desk = own_texts.finished(cast.bob), desk_of(cast.bob)
    data = desk.get(page("own_annotations_export", own_text)).content
    before = [mark["core"] for passage in own_text.draft["passages"] for mark in passage["annotations"]]
    for passage in own_text.draft["passages"]:
        passage["annotations"] = []
    own_text.save()
    path = page("own_annotations_import", own_text)
    answer = desk.post(path, {"file": SimpleUploadedFile("marks.json", data), "revision": 0})
    assert "2 marks are in the draft now" in read(answer).text
    own_text.refresh_from_db()
    assert [mark["core"] for passage in own_text.draft["passages"] for mark in passage["annotations"]] == before
    assert desk.post(path, {"file": SimpleUploadedFile("marks.json", b"no")}).status_code == 422


def test_the_words_save_by_themselves_and_say_what_would_be_lost(content: None, cast: Cast) -> None:
    own_text, desk = own_texts.finished(cast.bob), desk_of(cast.bob)
    path, text = page("own_text_words", own_text), own_text.draft["text"]
    by_itself = {"HX-Request": "true"}
    sent = {"revision": 0, "page": "one"}
    assert desk.post(path, sent | {"text": text + "One more line.\n"}, headers=by_itself).status_code == 200
    assert OwnText.objects.get().draft["text"].endswith("One more line.\n")
    refused = desk.post(path, sent | {"text": text.replace("shameful", "poor")}, headers=by_itself)
    assert refused.status_code == 422
    assert "would be lost" in read(refused).text


def test_a_file_that_the_server_did_not_take_is_told_of_at_its_form(content: None, cast: Cast) -> None:
    desk, own_text = desk_of(cast.bob), own_texts.begun(cast.bob)
    for path, words in (
        (reverse("own_text_new"), "The file is larger than 5 MB."),
        (reverse("own_text_import"), "The file is larger than 2000 kB. No package is."),
        (page("own_annotations_import", own_text), "The file is larger than 2 MB."),
    ):
        assert words in read(desk.get(f"{path}?too-large")).text
        assert f'data-too-large="{words}"' in desk.get(path).content.decode()


@pytest.mark.parametrize(
    ("more", "reason"),
    [("A long line of words. " * 10_000, "longer than 200 kB"), ("<script>alert(1)</script>", "holds a script")],
)
def test_words_that_no_paste_could_hold_are_refused_later_too(
    content: None, cast: Cast, more: str, reason: str
) -> None:
    own_text, desk = own_texts.finished(cast.bob), desk_of(cast.bob)
    path, text = page("own_text_words", own_text), own_text.draft["text"]
    refused = desk.post(path, {"revision": 0, "page": "one", "text": text + more})
    assert refused.status_code == 422
    assert reason in read(refused).text
    assert OwnText.objects.get().draft["text"] == text


def test_a_set_takes_no_passage_of_a_text_that_was_taken_back(content: None, cast: Cast) -> None:
    own_text = own_texts.finished(cast.bob)
    source = publishing.publish(own_text=own_text, now=NOW)
    exercise = Exercise.objects.filter(passage__source=source).exclude(current=None)[0]
    publishing.withdraw(own_text=OwnText.objects.get())
    mine = building.create_set(teacher=cast.bob, title="Mine", now=NOW)
    with pytest.raises(building.NotOffered):
        building.add_item(exercise_set=mine, exercise=exercise, now=NOW)
