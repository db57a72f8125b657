"""Before an answer is stored, nothing that is sent tells the key: over every exercise that the game comes with."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from classroom import limits, queries
from classroom.models import Assignment, AssignmentItem, ExerciseSet
from exercises import catalogue
from exercises.content.schema import Annotation
from exercises.models import Exercise, ExerciseVersion, PassageVersion, Source
from exercises.versions import PassageContent, Played, played
from play.live import showing, streams
from play.models import Attempt
from tests.cast import NOW, Cast, answer, assign, desk_of, device_of, items, students
from tests.devices import Device
from tests.pages import read
from tests.play.live import Class

pytestmark = pytest.mark.django_db

LEAD = 40
"""Characters of an explanation that would give it away."""
TELLING = 5
"""Words from which on a piece of a passage is more than a turn of phrase."""
WORD = re.compile(r"\w+")


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """One student sends more answers a minute here than hands could."""
    monkeypatch.setattr(limits, "ANSWERS", 1_000_000)


def folded(text: str) -> str:
    return " ".join(text.split())


def of_annotation(annotation: Annotation, *, options_shown: bool = False) -> Iterator[str]:
    """The texts of an annotation that are for after the answer; the options of `evidence` are shown where it asks."""
    yield annotation.explanation.strip()[:LEAD]
    yield from (near.why for near in annotation.near)
    yield from (option.why for option in annotation.evidence)
    yield from (option.text for option in annotation.evidence if not options_shown)
    yield from (text for text in (annotation.fills, annotation.look) if text)
    if annotation.record:
        yield annotation.record.text


def of_passage(content: PassageContent, asked: str = "") -> set[str]:
    """All texts of a passage that are for after the answer; `asked` is the annotation that `evidence` asks about."""
    passage = content.passage
    found = {state.why for state in passage.layers.values() if state.why} | {passage.fact}
    found |= {slip.problem for slip in passage.slips}
    for annotation in passage.annotations:
        found |= set(of_annotation(annotation, options_shown=annotation.key == asked))
    return set(map(folded, found))


def of_source(source: Source) -> set[str]:
    """What is told of a text only after the answer."""
    card = source.card
    lines = [*card["told"], *card["not_told"], *card["found"], card["labellers"], card["teacher_note"]]
    return set(map(folded, lines))


def sent(response: Any) -> str:
    """All that a response tells, in its tags as well as in its words alone."""
    raw = folded(html.unescape(response.content.decode()))
    return raw + "\n" + folded(re.sub(r"<[^>]*>", "", raw))


def told(response: Any, secrets: Iterable[str]) -> list[str]:
    whole = sent(response)
    return [secret for secret in secrets if secret in whole]


@dataclass(frozen=True)
class Shelf:
    """Exercises as assignments of their own, which nobody has answered."""

    device: Device
    classroom: str
    assignments: dict[int, Assignment] = field(default_factory=dict)
    """By exercise version."""

    @classmethod
    def of(cls, cast: Cast, versions: Iterable[int]) -> Shelf:
        shelf = cls(device_of(cast.heron), cast.class_9b.uid)
        exercise_set = ExerciseSet.objects.create(title="All", aim="", minutes=1, level="", note="", owner=cast.bob)
        for version in versions:
            shelf.assignments[version] = Assignment(
                classroom=cast.class_9b, exercise_set=exercise_set, title="All", created=NOW
            )
        Assignment.objects.bulk_create(shelf.assignments.values())
        AssignmentItem.objects.bulk_create(
            AssignmentItem(assignment=assignment, position=1, exercise_version_id=version)
            for version, assignment in shelf.assignments.items()
        )
        return shelf

    def url(self, version: int) -> str:
        return reverse("exercise", args=[self.classroom, self.assignments[version].uid, 1])


def in_force(**only: str) -> list[int]:
    """The versions of all exercises that can be played now."""
    current = Exercise.objects.exclude(current=None).filter(**only)
    return list(current.order_by("pk").values_list("current_id", flat=True))


def lasting(response: Any) -> str:
    """A page without what is drawn at random each time: ids in addresses, tokens."""
    page = re.sub(r"/class/[\w-]+/(play/[\w-]+/)?", "/class/…/", response.content.decode())
    page = re.sub(r'(name="(?:csrfmiddlewaretoken|client_key)" value=)"[^"]*"', r"\1", page)
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", page)


def labels_outside_options(response: Any, item: Played) -> list[str]:
    """Labels, and keys of annotations, that stand anywhere but in the list of options."""
    page = re.sub(r'<fieldset class="(options|runs-to-name).*?</fieldset>', "", lasting(response), flags=re.DOTALL)
    found = [slug for slug in catalogue.labels() if f'"{slug}"' in page or ("-" in slug and slug in page)]
    found += [label.name for label in catalogue.labels().values() if f">{label.name}<" in page]
    keys = (annotation.key for annotation in item.content.passage.annotations)
    return found + [key for key in keys if re.search(rf"\b{re.escape(key)}\b", page)]


@pytest.mark.parametrize("page", ["question", pytest.param("unfinished", marks=pytest.mark.long)])
def test_no_question_holds_a_key(shipped_content: None, cast: Cast, page: str) -> None:
    """Every exercise's question page, and the page that an unfinished answer gets: no key, no other passage."""
    shelf = Shelf.of(cast, in_force())
    cards = {source.pk: of_source(source) for source in Source.objects.all()}
    source_of = dict(ExerciseVersion.objects.values_list("pk", "exercise__passage__source"))
    sentences = {opening(each): each for version in shelf.assignments for each in sentences_of(played(version))}
    assert len(shelf.assignments) > 500
    for version in shelf.assignments:
        item, url = played(version), shelf.url(version)
        response = (
            shelf.device.get(url) if page == "question" else shelf.device.post(url, {"w": "0", "confidence": "50"})
        )
        asked_for_names = item.kind == "markup" and page == "unfinished"
        assert response.status_code == (200 if page == "question" or asked_for_names else 422)
        secrets = of_passage(item.content, item.annotation if item.kind == "evidence" else "")
        assert told(response, secrets | cards[source_of[version]]) == [], item
        assert labels_outside_options(response, item) == [], item
        words = folded(item.content.text)
        assert [each for each in found_in(response, sentences) if each not in words] == [], item
    assert not Attempt.objects.exists()


def sentences_of(item: Played) -> Iterator[str]:
    start = item.content.start
    for first, last in item.content.passage.sentences:
        sentence = folded(item.content.text[first - start : last - start])
        if len(WORD.findall(sentence)) >= TELLING:
            yield sentence


def opening(sentence: str) -> tuple[str, ...]:
    return tuple(WORD.findall(sentence)[:TELLING])


def found_in(response: Any, sentences: dict[tuple[str, ...], str]) -> Iterator[str]:
    """The sentences, by their openings, that a response holds in its words or in a longer attribute."""
    page = html.unescape(response.content.decode())
    whole = folded(" ".join([re.sub(r"<[^>]*>", "", page), *re.findall(r'="([^"]{20,})"', page)]))
    words = WORD.findall(whole)
    for start in zip(*(words[number:] for number in range(TELLING)), strict=False):
        if start in sentences and sentences[start] in whole:
            yield sentences[start]


@pytest.mark.parametrize("which", ["content", pytest.param("shipped_content", marks=pytest.mark.long)])
def test_no_question_depends_on_its_key(request: pytest.FixtureRequest, cast: Cast, which: str) -> None:
    """Each exercise beside a twin with the same words and options and another key: the pages are the same.

    So nothing in them can tell how many marks there are, where, whether any, or which option is right.
    """
    request.getfixturevalue(which)
    pairs = {version: twin_of(version) for version in in_force()}
    shelf = Shelf.of(cast, [*pairs, *pairs.values()])
    for version, twin in pairs.items():
        asked, other = (lasting(shelf.device.get(shelf.url(each))) for each in (version, twin))
        assert asked == other, played(version)
        half = {"w": "1", "confidence": "50"}
        asked, other = (lasting(shelf.device.post(shelf.url(each), half)) for each in (version, twin))
        assert asked == other, played(version)


def twin_of(version_id: int) -> int:
    """A version with the same passage and options, and a key that differs in all that is not shown."""
    version = ExerciseVersion.objects.select_related("exercise", "passage_version").get(pk=version_id)
    exercise, content = version.exercise, dict(version.passage_version.content)
    asked = [each for each in content["annotations"] if each["key"] == exercise.annotation]
    if asked:
        content["annotations"] = [turned_round(asked[0], version.options)]
    elif content["annotations"]:
        content["annotations"] = []
    else:
        content["annotations"] = [made_up(exercise.layer, content["sentences"][0])]
    marked = {each["layer"] for each in content["annotations"]}
    content["layers"] = {
        layer: {"state": "marked" if layer in marked else "clean", "why": "Told to nobody."}
        for layer in content["layers"]
    }
    content |= {"fact": "Another fact.", "slips": [], "difficulty": 4 - content["difficulty"]}
    passage_version = PassageVersion.objects.create(
        passage=version.passage_version.passage, number=10_000 + version_id, digest="twin", content=content
    )
    twin = ExerciseVersion.objects.create(
        exercise=exercise, passage_version=passage_version, number=10_000, options=version.options
    )
    return twin.pk


def turned_round(annotation: dict[str, Any], options: list[str]) -> dict[str, Any]:
    """The annotation at the same place, with the same texts to choose from, and everything else otherwise."""
    return annotation | {
        "label": next(
            (slug for slug in options if slug in catalogue.labels() and slug != annotation["label"]), "doubt"
        ),
        "accepted": [],
        "near": [],
        "explanation": "Another explanation.",
        "evidence": [option | {"settles": not option["settles"], "why": "No."} for option in annotation["evidence"]],
        "record": None,
    }


def made_up(layer: str, sentence: list[int]) -> dict[str, Any]:
    """An annotation over a whole sentence, as files hold them."""
    label = next(label.slug for label in catalogue.labels().values() if label.layer == layer)
    values: dict[str, Any] = {
        "key": "x9",
        "layer": layer,
        "label": label,
        "core": [sentence],
        "envelope": [],
        "accepted": [],
        "near": [],
    }
    values |= {"explanation": "Made up.", "difficulty": 1, "labellings": 1, "agreeing": 1, "adjudicated": False}
    return values | {"fills": "", "look": "", "evidence": [], "record": None}


def test_the_key_of_one_layer_does_not_tell_the_other(shipped_content: None, cast: Cast) -> None:
    """A set may play both layers of a passage: the reveal of one comes before the answer to the other."""
    shelf = Shelf.of(cast, in_force(kind="judge"))
    for version, assignment in shelf.assignments.items():
        item = played(version)
        other = "source" if item.layer == "technique" else "technique"
        secrets = {folded(text) for each in item.content.passage.of_layer(other) for text in of_annotation(each)}
        if not secrets:
            continue
        answer(cast.heron, assignment, 1)
        response = shelf.device.get(shelf.url(version))
        assert 'class="verdict-words"' in response.content.decode()
        assert told(response, secrets) == [], item


def test_on_the_way_through_a_set_nothing_is_told_beforehand(shipped_content: None, cast: Cast) -> None:
    """Every page that a student can load before each answer, in each ready-made set; and what a neighbour can load."""
    device, neighbour = device_of(cast.heron), device_of(cast.otter)
    ready = ExerciseSet.objects.filter(owner=None, starter=False, withdrawn=False)
    assert ready
    for exercise_set in ready:
        later_on = {"feedback": "closing", "closes": datetime(2100, 1, 1, tzinfo=UTC)} if exercise_set.sealed else {}
        assignment = assign(cast.class_9b, exercise_set.slug or "", **later_on)
        where = [cast.class_9b.uid, assignment.uid]
        home, board = reverse("student_home", args=where[:1]), reverse("leaderboard", args=where)
        example, first = reverse("play", args=where), reverse("exercise", args=[*where, 1])
        found = items(assignment)
        everything = unplayed(found, [])
        assert told(device.get(example, follow=True), everything) == [], exercise_set.slug
        for position in range(1, len(found) + 1):
            secrets = unplayed(found[position - 1 :], found[: position - 1])
            for url in (home, board, reverse("exercise", args=[*where, position])):
                assert told(device.get(url), secrets) == [], (exercise_set.slug, url)
            if position < len(found):
                response = device.get(reverse("exercise", args=[*where, position + 1]))
                assert (response.status_code, response.content) == (302, b"")
            answer(cast.heron, assignment, position)
        for url in (home, board, example, first):
            assert told(neighbour.get(url, follow=True), everything) == [], "after Heron has played"


def test_a_live_round_tells_nothing_before_the_reveal(shipped_content: None, cast: Cast) -> None:
    """Every page of a student, the projector and the stream, in every phase before the reveal of each item."""
    group = [cast.heron, cast.otter, *students(cast.class_9b, 4)]
    told_later = 0
    for slug in ("first-lesson", "mark-everything"):
        room = Class.of(cast, slug)
        room.sit(*group)
        found = items(room.live.assignment)
        device, wall = room.device(cast.heron), room.url("live_projector")
        for position, item in enumerate(found, 1):
            secrets = unplayed(found[position - 1 :], found[: position - 1])
            for step in ("next", "next", "lock", "heat", "standings"):
                room.step(step)
                if step == "next" and room.live.phase == "answer":
                    for student in group:
                        room.vote(student)
                state = f"{streams.news([('round', room.round.pk)], room.now)}"
                assert [each for each in secrets if each in state] == []
                common = showing.common_part(pk=room.round.pk, version=room.live.version, now=room.now)["common"]
                assert "Text under examination" in common
                assert told(HttpResponse(common), secrets) == []
                for page in (device.get(room.url()), room.desk.get(wall), device.get(room.url("live_item", position))):
                    assert told(page, secrets) == [], (slug, position, room.live.phase)
                    assert "heat-key" not in page.content.decode()
                    assert "heat-right" not in page.content.decode()
            if item.kind not in ("name", "evidence"):
                assert labels_outside_options(device.get(room.url()), item) == []
            room.step("reveal")
            for page in (device.get(room.url()), room.desk.get(wall)):
                told_later += len(told(page, secrets))
            room.step("standings")
    assert told_later, "the search is not blind"


def unplayed(coming: list[Played], behind: list[Played]) -> set[str]:
    """Secrets of the decisions that are still to be made, but for what earlier ones have revealed.

    Some explanations begin with the definition of their label; that is public.
    """
    asked = {(item.content.start, item.annotation) for item in coming if item.kind == "evidence"}
    known = {
        text for item in behind for each in item.content.passage.of_layer(item.layer) for text in of_annotation(each)
    }
    found: set[str] = set()
    for item in coming:
        passage = item.content.passage
        for each in passage.of_layer(item.layer):
            found |= set(of_annotation(each, options_shown=(item.content.start, each.key) in asked))
        if not passage.of_layer(item.layer):
            found.add(passage.layers[item.layer].why)
    public = folded("\n".join(label.definition for label in catalogue.labels().values()))
    return {each for each in map(folded, found - known) if each not in public}


def test_trying_tells_nothing_beforehand(shipped_content: None) -> None:
    starter = queries.starter()
    assert starter
    found = [played(version) for version in queries.version_ids(exercise_set=starter)]
    device = Device()
    for position, item in enumerate(found, 1):
        secrets = unplayed(found[position - 1 :], found[: position - 1])
        url = reverse("try_exercise", args=[position])
        pages = [reverse(name) for name in ("try_it", "try_finished", "home", "labels", "about")]
        for page in (url, *pages, reverse("try_exercise", args=[len(found)])):
            assert told(device.get(page, follow=True), secrets) == [], (position, page)
        assert told(device.post(url, {"w": "0"}), secrets) == []
        given = {"flagged": "no", "confidence": "50", "nothing": "1", "choice": (*item.options, "")[0]}
        assert device.post(url, given).status_code == 302


def test_the_catalogue_shows_instances_to_teachers_alone(shipped_content: None, cast: Cast) -> None:
    quotes = {
        folded(item.content.text[first - item.content.start : last - item.content.start])
        for item in map(played, in_force(kind="judge"))
        for each in item.content.passage.annotations
        for first, last in each.core
    }
    quotes = {each for each in quotes if len(each.split()) >= TELLING}
    url = reverse("labels")
    assert told(desk_of(cast.bob).get(url), quotes)
    for device in (Device(), device_of(cast.heron)):
        assert told(device.get(url), quotes) == []


def test_what_is_looked_for_would_be_found(shipped_content: None, cast: Cast) -> None:
    """The reveals hold what the questions must not: the search is not blind."""
    shelf = Shelf.of(cast, [*in_force(kind="spot")[:20], *in_force(kind="evidence")[:20]])
    for version, assignment in shelf.assignments.items():
        item = played(version)
        answer(cast.heron, assignment, 1)
        response = shelf.device.get(shelf.url(version))
        passage = item.content.passage
        layer = {folded(text) for each in passage.of_layer(item.layer) for text in of_annotation(each)}
        layer |= {folded(passage.fact)}
        layer |= {folded(passage.layers[item.layer].why)} if not passage.of_layer(item.layer) else set()
        assert layer - set(told(response, layer)) == set(), item
        assert read(response).of_class("source-card")


def test_only_a_question_may_be_kept_on_the_device(content: None, cast: Cast) -> None:
    """static/js/worker.js keeps what the server calls an open question: never a page with a key on it."""
    given = assign(cast.class_9b, "six-ways")
    device = device_of(cast.heron)
    first, second = (reverse("exercise", args=[cast.class_9b.uid, given.uid, position]) for position in (1, 2))
    assert device.get(first)["X-Question-Of"] == cast.heron.uid
    answer(cast.heron, given, 1)
    shown = device.get(first)
    assert read(shown).of_class("verdict")
    assert "X-Question-Of" not in shown
    assert device.get(second)["X-Question-Of"] == cast.heron.uid
