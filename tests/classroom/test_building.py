"""A teacher's own sets: adding, ordering, changing, copying, sharing, giving up; and what assignments keep."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from classroom import building, loading, queries
from classroom.models import Assignment, ExerciseSet, Order, SetItem
from exercises.models import Exercise
from tests.cast import NOW, Cast, Stage, answer, assign, desk_of, device_of, items
from tests.devices import Device
from tests.pages import Element, filled, form_of, read, submit

pytestmark = pytest.mark.django_db

WAYS = [("planners", "spot"), ("vote", "spot"), ("money", "source")]


def exercise(passage: str, kind: str, layer: str = "", annotation: str = "") -> Exercise:
    """An exercise of the market square by its address; the layer where the kind leaves it open."""
    layer = layer or {"spot": "technique", "source": "source"}[kind]
    return Exercise.objects.get(passage__key=passage, kind=kind, layer=layer, annotation=annotation)


@pytest.fixture
def own(stage: Stage) -> ExerciseSet:
    """A set of Bob's with three decisions."""
    made = building.create_set(teacher=stage.bob, title="Two trees", now=NOW)
    for passage, kind in WAYS:
        building.add_item(exercise_set=made, exercise=exercise(passage, kind), now=NOW)
    return made


def passages(exercise_set: ExerciseSet) -> list[str]:
    return list(exercise_set.items.values_list("exercise__passage__key", flat=True))


def item(exercise_set: ExerciseSet, passage: str) -> SetItem:
    return exercise_set.items.get(exercise__passage__key=passage)


def edit_page(own: ExerciseSet) -> str:
    return reverse("set_edit", args=[own.uid])


def send(device: Device, form: Element, *, htmx: bool = False, **changes: Any) -> Any:
    """Send one form of a page with some fields changed."""
    data = filled(form) | {name: [str(value)] for name, value in changes.items()}
    return device.post(form.attributes["action"], data, headers={"HX-Request": "true"} if htmx else {})


def form_at(page: Element, item: SetItem, name: str, uid: str) -> Element:
    """The form of a decision that goes to the address of that name."""
    return page.one("li", id=f"item-{item.pk}").one("form", action=reverse(name, args=[uid]))


def test_a_teacher_begins_a_set(stage: Stage) -> None:
    desk = desk_of(stage.bob)
    response = submit(desk, desk.get(reverse("set_list")), title="Trees")
    made = ExerciseSet.objects.get(title="Trees")
    assert made.owner == stage.bob
    assert response.url == edit_page(made)
    assert "No decision yet" in read(desk.get(response.url)).text
    assert "Trees" in read(desk.get(reverse("set_list"))).text
    assert "Trees" not in read(desk_of(stage.carol).get(reverse("set_list"))).text


@pytest.mark.parametrize("title", ["", "  ", "x" * 121])
def test_a_set_without_a_proper_title_is_refused(stage: Stage, title: str) -> None:
    desk = desk_of(stage.bob)
    response = submit(desk, desk.get(reverse("set_new")), title=title)
    assert response.status_code == 422
    assert form_of(response).one("input", name="title").attributes.get("value", "") == title
    assert not stage.bob.sets.exists()


def test_an_empty_set_cannot_be_assigned(stage: Stage) -> None:
    made = building.create_set(teacher=stage.bob, title="Trees", now=NOW)
    assert made not in queries.sets(teacher=stage.bob)
    building.add_item(exercise_set=made, exercise=exercise("vote", "spot"), now=NOW)
    assert made in queries.sets(teacher=stage.bob)


def test_a_set_says_about_itself_what_the_teacher_wrote(own: ExerciseSet, stage: Stage) -> None:
    desk = desk_of(stage.bob)
    values = {"title": "Trees", "aim": "Look twice.", "minutes": 30, "level": "year 9", "example": "slogan"}
    response = submit(
        desk, desk.get(edit_page(own)), to=edit_page(own), **values, intro="Read slowly.", note="Stop.", shuffle="on"
    )
    assert response.url == edit_page(own)
    own.refresh_from_db()
    assert {key: getattr(own, key) for key in values} == values
    assert (own.intro, own.note, own.shuffle, own.is_shared) == ("Read slowly.", "Stop.", True, False)


@pytest.mark.parametrize(("name", "value"), [("title", ""), ("minutes", "0"), ("minutes", "soon"), ("aim", "x" * 301)])
def test_what_a_set_cannot_say_is_refused_at_the_field(own: ExerciseSet, stage: Stage, name: str, value: str) -> None:
    desk = desk_of(stage.bob)
    response = submit(desk, desk.get(edit_page(own)), to=edit_page(own), **{name: value})
    assert response.status_code == 422
    form = form_of(response, edit_page(own))
    assert form.one("input", name=name).attributes.get("value", "") == value
    assert read(response).one(id=f"id_{name}_error").text
    own.refresh_from_db()
    assert (own.title, own.minutes) == ("Two trees", building.MINUTES)


@pytest.mark.parametrize(
    ("button", "passage", "after"),
    [
        ("up", "vote", ["vote", "planners", "money"]),
        ("down", "vote", ["planners", "money", "vote"]),
        ("up", "planners", ["planners", "vote", "money"]),
        ("down", "money", ["planners", "vote", "money"]),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_buttons_move_a_decision(
    own: ExerciseSet, stage: Stage, button: str, passage: str, after: list[str], htmx: bool
) -> None:
    desk, moved = desk_of(stage.bob), item(own, passage)
    form = form_at(read(desk.get(edit_page(own))), moved, "set_order", own.uid)
    response = send(desk, form, htmx=htmx, **{button: form.one("button", name=button).attributes["value"]})
    assert passages(own) == after
    if htmx:
        assert f"Moved to place {after.index(passage) + 1}." in read(response).text
        assert [each.id for each in read(response).all("li") if "build-item" in each.classes] == [
            f"item-{item(own, each).pk}" for each in after
        ]
    else:
        assert response.url == f"{edit_page(own)}#item-{moved.pk}"
        said = read(desk.get(edit_page(own))).of_class("messages")[0]
        assert said.text == f"Moved to place {after.index(passage) + 1}."
        assert said.attributes["role"] == "status"


def test_dragging_sends_the_whole_order(own: ExerciseSet, stage: Stage) -> None:
    """The hidden fields stand in the items, so that moving the items moves them."""
    desk = desk_of(stage.bob)
    page = read(desk.get(edit_page(own)))
    fields = [each.attributes["value"] for each in page.all("input", name="item", form="order")]
    assert fields == [str(pk) for pk in own.items.values_list("pk", flat=True)]
    url = reverse("set_order", args=[own.uid])
    assert desk.post(url, {"item": [fields[2], fields[0], fields[1]]}).status_code == 302
    assert passages(own) == ["money", "planners", "vote"]


def test_an_order_of_other_items_changes_nothing_and_shows_the_set_as_it_stands(own: ExerciseSet, stage: Stage) -> None:
    desk, url = desk_of(stage.bob), reverse("set_order", args=[own.uid])
    pks = list(own.items.values_list("pk", flat=True))
    foreign = stage.six_ways.exercise_set.items.first()
    assert foreign
    for order in (pks[:2], [*pks, pks[0]], [*pks[:2], foreign.pk], ["x"], []):
        response = desk.post(url, {"item": order})
        assert response.status_code == 422
        assert "has changed since" in read(response).text
    for button in ("up", "down"):
        assert desk.post(url, {button: foreign.pk}).status_code == 422
    assert passages(own) == ["planners", "vote", "money"]


def test_a_decision_is_played_another_way_under_a_heading(own: ExerciseSet, stage: Stage) -> None:
    desk, changed = desk_of(stage.bob), item(own, "planners")
    form = form_at(read(desk.get(edit_page(own))), changed, "set_item", own.uid)
    lit = exercise("planners", "name", "technique", "t2")
    assert str(lit.pk) in {option.attributes["value"] for option in form.all("option")}
    response = send(desk, form, exercise=lit.pk, section="On words")
    assert response.url == f"{edit_page(own)}#item-{changed.pk}"
    changed.refresh_from_db()
    assert (changed.exercise, changed.section) == (lit, "On words")
    shown = read(desk.get(edit_page(own))).one("li", id=f"item-{changed.pk}")
    assert shown.of_class("build-section")[0].text == "On words"
    assert "Name it" in next(shown.all("h3")).text


def test_a_decision_may_move_to_the_other_layer_unless_that_is_taken(own: ExerciseSet, stage: Stage) -> None:
    desk, changed = desk_of(stage.bob), item(own, "planners")
    send(desk, form_at(read(desk.get(edit_page(own))), changed, "set_item", own.uid), section="kept")
    building.add_item(exercise_set=own, exercise=exercise("planners", "source"), now=NOW)
    form = form_at(read(desk.get(edit_page(own))), changed, "set_item", own.uid)
    offered = {option.attributes["value"] for option in form.all("option")}
    other_layer = exercise("planners", "judge", "source")
    assert str(other_layer.pk) not in offered
    response = send(desk, form, exercise=other_layer.pk, section="typed")
    assert response.status_code == 422
    shown = form_at(read(response), changed, "set_item", own.uid)
    assert "one decision per passage and layer" in shown.text
    assert shown.one("input", name="section").attributes["value"] == "typed"
    changed.refresh_from_db()
    assert (changed.exercise, changed.section) == (exercise("planners", "spot"), "kept")


def test_another_passage_s_exercise_is_no_way_to_play_this_one(own: ExerciseSet, stage: Stage) -> None:
    desk, changed = desk_of(stage.bob), item(own, "planners")
    url = reverse("set_item", args=[own.uid])
    for other in (exercise("vote", "source"), exercise("bench", "spot")):
        response = desk.post(url, {"item": changed.pk, "exercise": other.pk})
        assert response.status_code == 422
    assert desk.post(url, {"item": changed.pk, "exercise": changed.exercise_id, "section": "x" * 81}).status_code == 422
    changed.refresh_from_db()
    assert (changed.exercise, changed.section) == (exercise("planners", "spot"), "")


def test_a_removed_decision_leaves_its_heading_to_the_next(own: ExerciseSet, stage: Stage) -> None:
    desk = desk_of(stage.bob)
    SetItem.objects.filter(pk=item(own, "planners").pk).update(section="On words")
    form = form_at(read(desk.get(edit_page(own))), item(own, "planners"), "set_item_remove", own.uid)
    assert send(desk, form).status_code == 302
    assert passages(own) == ["vote", "money"]
    assert item(own, "vote").section == "On words"
    assert send(desk, form).status_code == 422, "it is gone already"


def test_items_of_another_set_cannot_be_reached_through_one_s_own(own: ExerciseSet, stage: Stage) -> None:
    theirs = building.create_set(teacher=stage.carol, title="Hers", now=NOW)
    there = building.add_item(exercise_set=theirs, exercise=exercise("vote", "spot"), now=NOW)
    desk = desk_of(stage.bob)
    data = {"item": there.pk, "exercise": exercise("vote", "source").pk, "up": there.pk}
    for name in ("set_item", "set_item_remove", "set_order"):
        assert desk.post(reverse(name, args=[own.uid]), data).status_code == 422
        assert desk.post(reverse(name, args=[theirs.uid]), data).status_code == 404
    there.refresh_from_db()
    assert there.exercise == exercise("vote", "spot")


def test_a_set_holds_one_decision_per_passage_and_layer(own: ExerciseSet) -> None:
    with pytest.raises(building.LayerTaken):
        building.add_item(exercise_set=own, exercise=exercise("vote", "judge", "technique"), now=NOW)
    building.add_item(exercise_set=own, exercise=exercise("vote", "judge", "source"), now=NOW)
    assert passages(own) == ["planners", "vote", "money", "vote"]


@pytest.mark.parametrize(("passage", "kind"), [("library", "judge"), ("break", "spot"), ("bell", "judge")])
def test_passages_of_the_starter_and_of_sealed_forms_stay_there(own: ExerciseSet, passage: str, kind: str) -> None:
    with pytest.raises(building.NotOffered):
        building.add_item(exercise_set=own, exercise=exercise(passage, kind, "technique"), now=NOW)


@pytest.mark.parametrize(
    ("page", "field"), [("classroom", "exercise_set"), ("live_start", "exercise_set"), ("material", "set")]
)
def test_sets_of_one_title_are_told_apart_where_one_is_chosen(
    stage: Stage, own: ExerciseSet, page: str, field: str
) -> None:
    again = building.copy_set(exercise_set=own, teacher=stage.bob, title=own.title, now=NOW + timedelta(days=1))
    url = reverse(page, args=[] if page == "material" else [stage.class_9b.uid])
    choice = next(each for each in read(desk_of(stage.bob).get(url)).all("select", name=field))
    names = {each.attributes["value"]: each.text for each in choice.all("option")}
    assert names[own.uid].startswith("Two trees (changed ")
    assert names[again.uid].startswith("Two trees (changed ")
    assert names[own.uid] != names[again.uid]
    assert not any("changed" in name for uid, name in names.items() if uid not in (own.uid, again.uid))


def test_a_full_set_takes_no_more(own: ExerciseSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MOST_DECISIONS", 3)
    with pytest.raises(building.SetFull):
        building.add_item(exercise_set=own, exercise=exercise("vote", "source"), now=NOW)


def test_those_who_have_a_set_keep_it_as_it_was_given(own: ExerciseSet, stage: Stage) -> None:
    given = give(stage, own)
    Assignment.objects.filter(pk=given.pk).update(order=Order.SET)
    before = [each.version_id for each in items(given)]
    answer(stage.heron, given, 1)
    desk = desk_of(stage.bob)
    assert "They keep the decisions that they were given" in read(desk.get(edit_page(own))).text
    building.remove_item(item=item(own, "vote"), now=NOW)
    building.change_item(
        item=item(own, "planners"), exercise=exercise("planners", "judge", "technique"), section="", now=NOW
    )
    building.add_item(exercise_set=own, exercise=exercise("fountain", "source"), now=NOW)
    building.reorder(exercise_set=own, order=list(own.items.values_list("pk", flat=True))[::-1], now=NOW)
    assert [each.version_id for each in items(given)] == before
    device = device_of(stage.heron)
    page = read(device.get(reverse("exercise", args=[stage.class_9b.uid, given.uid, 2])))
    assert "The town council voted" in page.of_class("passage")[0].seen
    later = give(stage, own)
    assert [each.kind for each in items(later)] == ["source", "source", "judge"]


def give(stage: Stage, own: ExerciseSet) -> Assignment:
    """Give an own set to 9b, whichever way sets are given."""
    ExerciseSet.objects.filter(pk=own.pk).update(slug="own")
    return assign(stage.class_9b, "own")


def test_an_unused_set_is_deleted(own: ExerciseSet, stage: Stage) -> None:
    desk = desk_of(stage.bob)
    url = reverse("set_remove", args=[own.uid])
    assert submit(desk, desk.get(edit_page(own)), to=url).url == reverse("set_list")
    assert not ExerciseSet.objects.filter(pk=own.pk).exists()


def test_a_used_set_is_withdrawn_and_can_be_taken_up_again(own: ExerciseSet, stage: Stage) -> None:
    given = give(stage, own)
    desk = desk_of(stage.bob)
    response = submit(desk, desk.get(edit_page(own)), to=reverse("set_remove", args=[own.uid]))
    assert "withdrawn" in read(desk.get(response.url)).of_class("messages")[0].text
    assert own not in queries.sets(teacher=stage.bob)
    assert len(items(given)) == 3
    answer(stage.heron, given, 1)
    restored = submit(desk, desk.get(reverse("set_list")), to=reverse("set_restore", args=[own.uid]))
    assert restored.url == edit_page(own)
    assert own in queries.sets(teacher=stage.bob)


def test_a_copy_of_a_ready_made_set_is_one_s_own(stage: Stage) -> None:
    desk, ready = desk_of(stage.bob), stage.six_ways.exercise_set
    url = reverse("set_copy", args=[ready.uid])
    response = submit(desk, desk.get(reverse("set_detail", args=[ready.uid])), to=url)
    made = stage.bob.sets.get()
    assert response.url == edit_page(made)
    assert made.title == "Six ways (copy)"
    assert list(made.items.values_list("exercise", flat=True)) == list(ready.items.values_list("exercise", flat=True))
    assert (made.slug, made.aim, made.note) == (None, ready.aim, ready.note)


@pytest.mark.parametrize("slug", ["first-steps", "exit-test"])
def test_the_starter_and_sealed_forms_are_neither_copied_nor_taken_along(stage: Stage, slug: str) -> None:
    desk, uid = desk_of(stage.bob), ExerciseSet.objects.get(slug=slug).uid
    assert desk.post(reverse("set_copy", args=[uid])).status_code == 404
    assert desk.get(reverse("set_export", args=[uid])).status_code == 404
    assert not stage.bob.sets.exists()


def test_colleagues_use_a_shared_set_and_only_its_owner_edits_it(own: ExerciseSet, stage: Stage) -> None:
    desk = desk_of(stage.carol)
    detail = reverse("set_detail", args=[own.uid])
    assert desk.get(detail).status_code == 404
    bob = desk_of(stage.bob)
    submit(bob, bob.get(edit_page(own)), to=edit_page(own), is_shared="on")
    assert "by bob" in read(desk.get(reverse("set_list"))).text
    page = desk.get(detail)
    assert page.status_code == 200
    assert edit_page(own) not in page.content.decode()
    assert own in queries.sets(teacher=stage.carol)
    assert desk.get(edit_page(own)).status_code == 404
    submit(desk, page, to=reverse("set_copy", args=[own.uid]))
    assert passages(stage.carol.sets.get()) == passages(own)
    ExerciseSet.objects.filter(pk=own.pk).update(withdrawn=True)
    assert desk.get(detail).status_code == 404
    assert own not in queries.sets(teacher=stage.carol)


def test_the_meter_stands_beside_the_decisions(own: ExerciseSet, stage: Stage) -> None:
    meter = read(desk_of(stage.bob).get(edit_page(own))).of_class("build-meter")[0].text
    assert "1 of 3 open decisions, 33 %" in meter
    assert "All passages are from one text" in meter
    assert "you plan 20" in meter
    assert "180 words a minute" in meter
    assert meter.index("All passages are from one text") < meter.index("Decisions"), "warnings are seen first"


def test_a_decision_that_left_the_material_is_told_and_left_out(
    own: ExerciseSet, stage: Stage, seeds_folder: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(seeds_folder, tmp_path / "seeds")
    for file, before, after in [
        ("market-square/passages.toml", 'key = "vote"', 'key = "ballot"'),
        ("sets.toml", "market-square/vote", "market-square/ballot"),
    ]:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(before, after), encoding="utf-8")
    assert loading.load(folder)
    desk = desk_of(stage.bob)
    page = read(desk.get(edit_page(own)))
    assert "1 decision is no longer in the material" in page.of_class("build-meter")[0].text
    gone = item(own, "vote")
    assert "No longer in the material" in page.one("li", id=f"item-{gone.pk}").text
    assert len(items(give(stage, own))) == 2
    assert send(desk, form_at(page, gone, "set_item_remove", own.uid)).status_code == 302
    assert passages(own) == ["planners", "money"]


def test_titles_are_text_and_never_markup(own: ExerciseSet, stage: Stage) -> None:
    ExerciseSet.objects.filter(pk=own.pk).update(title="<b>Trees</b>", intro="<i>a</i>", is_shared=True)
    SetItem.objects.filter(exercise_set=own).update(section="<u>b</u>")
    desk = desk_of(stage.bob)
    for url in (edit_page(own), reverse("set_list"), reverse("set_preview", args=[own.uid])):
        page = desk.get(url).content.decode()
        assert not any(tag in page for tag in ("<b>", "<i>", "<u>"))
        assert "&lt;b&gt;" in page


def test_new_teachers_have_an_empty_shelf_of_their_own(cast: Cast) -> None:
    assert "No set of your own yet" in read(desk_of(cast.carol).get(reverse("set_list"))).text
