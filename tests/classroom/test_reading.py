"""What teachers read: the catalogue with every instance, and each text whole with its key."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from exercises import catalogue
from exercises.models import Passage, Source
from exercises.reading import content_of
from tests.cast import Cast, desk_of, device_of
from tests.devices import Device
from tests.pages import Element, read

pytestmark = pytest.mark.django_db


def folded(text: str) -> str:
    return " ".join(text.split())


def entry(page: Element, slug: str) -> Element:
    return page.one("article", id=slug)


def in_force() -> list[Passage]:
    return list(Passage.objects.exclude(current=None).select_related("source", "current"))


# The catalogue


def test_the_catalogue_tells_everybody_what_a_label_is(shipped_content: None, cast: Cast) -> None:
    page = read(Device().get(reverse("labels")))
    for slug, label in catalogue.labels().items():
        shown = entry(page, slug).text
        for words in (
            label.name,
            label.definition,
            label.question,
            label.example,
            *(why for _, why in label.confusions),
        ):
            assert folded(words) in shown, slug
        assert not list(entry(page, slug).all("li")), "instances are for teachers"


def test_teachers_see_every_instance_with_its_text(shipped_content: None, cast: Cast) -> None:
    page = read(desk_of(cast.bob).get(reverse("labels")))
    expected: dict[str, list[str]] = {slug: [] for slug in catalogue.labels()}
    for row in in_force():
        for annotation in content_of(row).passage.annotations:
            expected[annotation.label].append(reverse("text_detail", args=[row.source.slug]))
    for slug, links in expected.items():
        shown = [link.attributes["href"] for item in entry(page, slug).all("li") for link in item.all("a")]
        assert sorted(shown) == sorted(links), slug


ONE_TEXT = "stands in one text only"


def test_a_common_label_that_stands_in_one_text_says_so(shipped_content: None, cast: Cast) -> None:
    """Of the shipped texts none does; with only one of them left, each label with five annotations does."""
    desk, url = desk_of(cast.bob), reverse("labels")
    assert ONE_TEXT not in desk.get(url).content.decode()
    Passage.objects.exclude(source__slug="security-guarantees").update(current=None)
    counts = dict.fromkeys(catalogue.labels(), 0)
    for row in in_force():
        for annotation in content_of(row).passage.annotations:
            counts[annotation.label] += 1
    page = read(desk.get(url))
    said = {slug for slug in counts if ONE_TEXT in entry(page, slug).text}
    assert said == {slug for slug, count in counts.items() if count >= 5}
    assert said
    assert any(0 < count < 5 for count in counts.values())


# The texts whole


def test_a_text_is_shown_whole_with_its_key(shipped_content: None, cast: Cast) -> None:
    """Every passage in the order of the text, with every annotation of both layers, its states and slips."""
    desk = desk_of(cast.bob)
    for source in Source.objects.all():
        page = read(desk.get(reverse("text_detail", args=[source.slug])))
        shown = [each.seen for each in page.of_class("passage-revealed")]
        rows = [row for row in in_force() if row.source_id == source.pk]
        contents = [content_of(row) for row in sorted(rows, key=lambda row: row.position)]
        assert len(shown) == len(contents)
        for words, content in zip(shown, contents, strict=True):
            assert "".join(words.split()) == "".join(content.text.split())
        cards = page.of_class("key-card")
        for card, content in zip(cards, contents, strict=True):
            assert len(card.of_class("note-name")) == len(content.passage.annotations)
            for state in content.passage.layers.values():
                assert folded(state.why) in card.text
            for slip in content.passage.slips:
                assert folded(slip.correct) in card.text
        assert folded(source.card["teacher_note"])[:200] in page.text
        assert source.title in page.one("h1").text


@pytest.mark.parametrize("name", ["text_list", "text_detail"])
def test_students_and_visitors_do_not_read_the_texts_whole(shipped_content: None, cast: Cast, name: str) -> None:
    """Not before they have played them, and not after: a text is played passage by passage."""
    where: list[Any] = [Source.objects.values_list("slug", flat=True)[0]] if name == "text_detail" else []
    for device in (Device(), device_of(cast.heron)):
        response = device.get(reverse(name, args=where))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))
