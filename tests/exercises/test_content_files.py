"""Content that does not fit is refused whole, with the file, the key and the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from classroom import loading
from exercises import content, making
from exercises.content.schema import BadContent
from exercises.content.tables import Table, locate_all
from tests.exercises.small import EVIDENCE, EXPLANATION, LIBRARY, REFERENCES, SmallSeeds

Change = Callable[[SmallSeeds], Any]


def refusal(small: SmallSeeds) -> list[str]:
    """What is wrong with the folder, one line each; nothing where it is accepted."""
    try:
        loading.check(small.write())
    except BadContent as refused:
        return refused.problems
    return []


def test_the_small_folder_is_accepted(small: SmallSeeds) -> None:
    seeds = loading.check(small.folder)
    assert [text.slug for text in seeds.texts] == ["garden", "library"]
    assert [len(text.passages) for text in seeds.texts] == [4, 6]
    assert [ready.slug for ready in seeds.sets] == ["first-steps", "missing-sources"]


def test_quotes_become_code_points_of_the_file(small: SmallSeeds) -> None:
    library = loading.check(small.folder).texts[1]
    closing, _, _, waiting, *_ = library.passages
    start, end = closing.annotations[0].core[0]
    assert LIBRARY[start:end] == "heartless"
    assert LIBRARY[slice(*closing.annotations[0].envelope[0])] == "This heartless decision"
    assert [LIBRARY[slice(*span)] for span in waiting.annotations[0].core] == ["we were never", "We were never"]
    assert LIBRARY[slice(*waiting.span)].startswith("We were never asked")


def test_white_space_in_a_quote_stands_for_any_white_space(small: SmallSeeds) -> None:
    garden = loading.check(small.folder).texts[0]
    assert garden.text[slice(*garden.passages[0].span)] == (
        "Pupils of the sixth year dug the beds in autumn.\nThey planted beans, kale and two pear trees."
    )
    assert len(garden.passages[0].sentences) == 1  # because of the join


def test_what_is_left_out_is_blank_and_moves_nothing(small: SmallSeeds) -> None:
    garden = loading.check(small.folder).texts[0]
    assert len(garden.shown) == len(garden.text)
    assert "Picture" in garden.text
    assert "Picture" not in garden.shown


def passage(address: str, **values: Any) -> Change:
    return lambda small: small.passage(address).update(values)


def annotation(address: str, **values: Any) -> Change:
    return lambda small: small.annotation(address).update(values)


def file(name: str, **values: Any) -> Change:
    return lambda small: small.files[name].update(values)


def raw(name: str, value: bytes) -> Change:
    return lambda small: small.files.update({name: value})


def without(table: Callable[[SmallSeeds], dict[str, Any]], key: str) -> Change:
    return lambda small: table(small).pop(key)


def text(value: bytes) -> Change:
    """Another text.txt with a sha256 that fits."""

    def change(small: SmallSeeds) -> None:
        small.files["library/text.txt"] = value
        small.files["library/source.toml"]["sha256"] = hashlib.sha256(value).hexdigest()

    return change


def ready(number: int, **values: Any) -> Change:
    return lambda small: small.files["sets.toml"]["sets"][number].update(values)


def item(number: int, **values: Any) -> Change:
    return lambda small: small.files["sets.toml"]["sets"][0]["items"][number].update(values)


def near(*labels: str) -> list[dict[str, str]]:
    return [{"label": label, "why": "It would need more than that."} for label in labels]


T1 = "library/passages.toml: passages closing-time: annotations t1: "
S1 = "library/passages.toml: passages winter-reading: annotations s1: "
CLOSING = "library/passages.toml: passages closing-time: "

VOTE, BOARD, PLAN = (f"library/passages.toml: passages {key}: " for key in ("vote", "notice-board", "old-plan"))
SOURCE, SETS = "library/source.toml: ", "sets.toml: sets first-steps: "
FIRST, GAP = "library/closing-time#t1", "library/winter-reading#s1"

BAD: dict[str, tuple[Change, str]] = {
    "unknown label": (annotation(FIRST, label="sarcasm"), T1 + "label: 'sarcasm' is not one of name-calling, "),
    "label of the other layer": (annotation(FIRST, label="weasel-attribution"), T1 + "label: 'weasel-attribution' is"),
    "unknown accepted label": (
        annotation(FIRST, accepted=["sarcasm"]),
        T1 + "accepted: 'sarcasm' is not another label",
    ),
    "unknown near miss": (
        annotation(FIRST, near=near("sarcasm", "slogan")),
        T1 + "near 1: label: 'sarcasm' is not one of",
    ),
    "quote not found": (annotation(FIRST, core=["heartfelt"]), T1 + "core: 'heartfelt' not found"),
    "quote found elsewhere only": (annotation(FIRST, core=["notice board"]), T1 + "core: 'notice board' not found"),
    "quote found twice": (annotation(FIRST, core=["ch"]), T1 + "core: 'ch' found 2 times: say what stands before it"),
    "passage not found": (
        passage("library/vote", quote="A boat is near."),
        VOTE + "quote: 'A boat is near.' not found",
    ),
    "passage found twice": (
        passage("library/vote", quote="A vote is near"),
        VOTE + "quote: 'A vote is near' found 2 times",
    ),
    "before that does not help": (
        passage("library/vote", quote="A vote is near", before="is"),
        VOTE + "quote: 'A vote is near' not found",
    ),
    "cut through a word": (annotation(FIRST, core=["heart"]), T1 + "core: 'heart' cuts through a word"),
    "no word": (annotation(FIRST, core=[","]), T1 + "core: ',' holds no word"),
    "no core": (annotation(FIRST, core=[]), T1 + "core: needs at least one quote"),
    "two cores": (annotation(FIRST, core=["heartless", "robs"]), T1 + "core: only repetition has several spans"),
    "envelope beside the core": (
        annotation(FIRST, envelope=["a quiet place"]),
        T1 + "envelope: does not hold the core",
    ),
    "overlapping passages": (
        passage("library/notice-board", quote=LIBRARY.splitlines()[0]),
        BOARD + "quote: overlaps passage closing-time",
    ),
    "not whole sentences": (
        passage("library/closing-time", quote="The library will close at six"),
        CLOSING + "quote: is not made of whole sentences; these are: 'The library will close at six from Monday.'",
    ),
    "too long": (text(b"The town sings. " * 40), "library/passages.toml: passages closing-time: quote: "),
    "wrong type": (annotation(FIRST, difficulty="easy"), T1 + "difficulty: should be a whole number, not a text"),
    "a boolean for a number": (
        annotation(FIRST, labellings=True),
        T1 + "labellings: should be a whole number, not true or false",
    ),
    "out of the scale": (passage("library/closing-time", difficulty=4), CLOSING + "difficulty: should be from 1 to 3"),
    "empty text": (passage("library/closing-time", fact="  "), CLOSING + "fact: is empty"),
    "missing explanation": (without(lambda s: s.annotation(FIRST), "explanation"), T1 + "explanation: is missing"),
    "explanation too short": (
        annotation(FIRST, explanation="This passage uses heat."),
        T1 + "explanation: has 4 words, should have 60 to 140",
    ),
    "explanation too long": (
        annotation(FIRST, explanation=(EXPLANATION + " ") * 3),
        T1 + "explanation: has 231 words, should have 60 to 140",
    ),
    "long first sentence": (
        annotation(FIRST, explanation=EXPLANATION.replace(". ", ", ", 2)),
        T1 + "explanation: the first sentence has ",
    ),
    "one near miss": (annotation(FIRST, near=near("slogan")), T1 + "near: needs at least two different near misses"),
    "the same near miss twice": (
        annotation(FIRST, near=near("slogan", "slogan")),
        T1 + "near: needs at least two different near misses",
    ),
    "near miss without a reason": (
        annotation(FIRST, near=[{"label": "slogan"}, *near("doubt")]),
        T1 + "near 1: why: is missing",
    ),
    "near miss that is accepted": (
        annotation(FIRST, accepted=["slogan"], near=near("slogan", "doubt")),
        T1 + "near: a near miss is also accepted",
    ),
    "more agree than labelled": (annotation(FIRST, agreeing=5), T1 + "agreeing: is more than the labellings"),
    "key twice in a passage": (
        annotation("library/closing-time#t2", key="t1"),
        CLOSING + "annotations: two have the same key",
    ),
    "passage key twice": (passage("library/notice-board", key="closing-time"), CLOSING + "key: stands twice"),
    "unknown key": (annotation(FIRST, colour="red"), T1 + "colour: is not a key of this table"),
    "unknown key of a source": (
        file("library/source.toml", colour="red"),
        SOURCE + "colour: is not a key of this table",
    ),
    "unknown state": (
        passage("library/closing-time", technique={"state": "dirty"}),
        CLOSING + "technique: state: 'dirty' is not one of marked, clean, discussion",
    ),
    "clean without a reason": (
        passage("library/vote", technique={"state": "clean"}),
        VOTE + "technique: why: is missing",
    ),
    "clean with a mark": (
        passage("library/closing-time", technique={"state": "clean", "why": "So."}),
        CLOSING + "technique: is clean but has annotations",
    ),
    "marked without a mark": (
        passage("library/vote", technique={"state": "marked"}),
        VOTE + "technique: is marked but has no annotation",
    ),
    "slip on a clean source layer": (
        passage("library/notice-board", slips=[{"quote": "3 March", "problem": "It was May.", "correct": "3 May"}]),
        BOARD + "source: a passage with a known slip is never clean",
    ),
    "slip not found": (
        passage("library/old-plan", slips=[{"quote": "new plan", "problem": "So.", "correct": "So."}]),
        PLAN + "slips 1: quote: 'new plan' not found",
    ),
    "gap without a record": (without(lambda s: s.annotation(GAP), "record"), S1 + "record: is missing"),
    "not found and no document named": (
        annotation(GAP, record={"text": "Not found.", "basis": "not found"}),
        S1 + "record: references: needs at least one, with title, publisher and date",
    ),
    "document without a date": (
        annotation(GAP, record={"text": "So.", "basis": "not found", "references": [{**REFERENCES[0], "date": " "}]}),
        S1 + "record: references 1: date: is empty",
    ),
    "verified without a reference": (
        annotation(GAP, record={"text": "So.", "basis": "verified"}),
        S1 + "record: references: a verified record names at least one",
    ),
    "three pieces of evidence": (annotation(GAP, evidence=EVIDENCE[:3]), S1 + "evidence: needs four options, has 3"),
    "no wrong evidence left": (
        annotation(GAP, evidence=EVIDENCE[:1] * 4),
        S1 + "evidence: one or two options should settle it, 4 do",
    ),
    "no evidence that settles": (
        annotation(GAP, evidence=EVIDENCE[1:2] * 4),
        S1 + "evidence: one or two options should settle it, 0 do",
    ),
    "evidence for a technique": (
        annotation(FIRST, evidence=EVIDENCE),
        T1 + "evidence: only a source gap has evidence options",
    ),
    "unknown camp": (
        file("library/source.toml", camp="neutral"),
        SOURCE + "camp: 'neutral' is not one of kremlin, ukraine",
    ),
    "bad sha256": (file("library/source.toml", sha256="0" * 64), SOURCE + "sha256: does not fit text.txt"),
    "changed text": (raw("library/text.txt", LIBRARY.encode() + b"More."), SOURCE + "sha256: does not fit text.txt"),
    "text not UTF-8": (
        text(LIBRARY.encode() + b"\xff"),
        SOURCE + f"text.txt: not UTF-8 at byte {len(LIBRARY.encode())}",
    ),
    "join not found": (
        file("library/source.toml", joins=["no such words"]),
        SOURCE + "joins: 'no such words' not found",
    ),
    "left out but not found": (
        file("library/source.toml", left_out=[{"quote": "no such", "reason": "So."}]),
        SOURCE + "left_out 1: quote: 'no such' not found",
    ),
    "not TOML": (raw("library/passages.toml", b"[[passages]\n"), "library/passages.toml: not TOML: "),
    "not UTF-8": (raw("library/passages.toml", b'key = "\xe9"\n'), "library/passages.toml: not UTF-8 at byte 7"),
    "labels not TOML": (raw("labels.toml", b"labels ="), "labels.toml: not TOML: "),
    "sets not TOML": (raw("sets.toml", b"sets ="), "sets.toml: not TOML: "),
    "set item unknown": (
        item(0, passage="library/nowhere"),
        SETS + "items 1: passage: 'library/nowhere' is no passage of these texts",
    ),
    "set item without such a kind": (
        item(0, kind="guess"),
        SETS + "library/notice-board cannot be played as guess technique",
    ),
    "set asks what is for discussion": (
        item(3, passage="library/vote"),
        SETS + "library/vote cannot be played as source: the layer is for discussion",
    ),
    "set asks for repetition": (
        item(2, passage="library/waiting"),
        SETS + "library/waiting cannot be played as spot: t1 has several spans",
    ),
    "two decisions on one layer": (
        item(0, passage="library/closing-time", kind="spot"),
        SETS + "library/closing-time: two decisions on one layer",
    ),
    "set with an unknown example": (ready(0, example="sarcasm"), SETS + "example: 'sarcasm' is not in the catalogue"),
    "empty set": (ready(0, items=[]), SETS + "items: is empty"),
    "two sets of one name": (ready(1, slug="first-steps"), SETS + "slug: stands twice"),
}


@pytest.mark.parametrize(("change", "problem"), BAD.values(), ids=BAD.keys())
def test_bad_content_is_refused_with_file_key_and_reason(small: SmallSeeds, change: Change, problem: str) -> None:
    change(small)
    problems = refusal(small)
    assert any(line.startswith(problem) for line in problems), "\n".join(problems) or "accepted"


def test_all_problems_are_told_at_once(small: SmallSeeds) -> None:
    annotation("library/closing-time#t2", label="sarcasm", core=["heartfelt"])(small)
    file("garden/source.toml", camp="neutral", outlet="")(small)
    problems = refusal(small)
    assert [line.split(":")[0] for line in problems] == ["garden/source.toml"] * 2 + ["library/passages.toml"] * 2


def test_a_missing_file_is_told_by_its_name(small: SmallSeeds) -> None:
    (small.folder / "library/passages.toml").unlink()
    (small.folder / "garden/text.txt").unlink()
    with pytest.raises(BadContent) as refused:
        loading.check(small.folder)
    assert "library/passages.toml: the file is missing" in refused.value.problems
    assert "garden/text.txt: the file is missing or empty" in refused.value.problems
    assert "garden/source.toml: sha256: does not fit text.txt, which must stay byte for byte" in refused.value.problems


def test_no_wrong_option_left_is_refused(small: SmallSeeds) -> None:
    """Ten gaps: one is right, and if the other nine are near misses, nothing is wrong."""
    catalogue = [label.slug for label in content.read_seeds(small.folder).labels if label.layer == "source"]
    others = [slug for slug in catalogue if slug != "weasel-attribution"]
    annotation(GAP, near=near(*others))(small)
    assert refusal(small) == [
        S1 + "near: leaves no wrong option in source",
        S1 + "near: leaves no wrong option in name",
    ]
    annotation(GAP, near=near(*others[1:]))(small)
    assert refusal(small) == []


def test_a_catalogue_that_cannot_fill_the_options_is_refused(small: SmallSeeds) -> None:
    seeds = loading.check(small.folder)
    gaps = [label for label in seeds.labels if label.layer == "source"]
    few = [label for label in seeds.labels if label not in gaps] + gaps[:5]
    with pytest.raises(BadContent, match=r"winter-reading: source: finds only 5 options in the catalogue"):
        making.make(seeds.texts, few)


def test_a_core_that_leaves_no_place_to_choose_makes_no_spot(small: SmallSeeds) -> None:
    """Six of the ten words of "old-plan" are its core: it serves other kinds, and a set cannot ask to spot it."""
    made = {each.address for each in _made(small)}
    assert ("library/old-plan", "spot", "technique", "") not in made
    assert {("library/old-plan", "name", "technique", "t1"), ("library/old-plan", "judge", "technique", "")} <= made
    item(2, passage="library/old-plan")(small)
    assert refusal(small) == [
        SETS + "library/old-plan cannot be played as spot: the core of t1 has 6 of its 10 words, more than 50%"
    ]


def test_cores_that_cover_most_of_a_passage_together_make_no_spot(small: SmallSeeds) -> None:
    water = small.passage("garden/water")
    for key, core in (("t2", "The caretaker has a key"), ("t3", "the garden is lost")):
        water["annotations"].append(small.annotation("garden/water#t1") | {"key": key, "core": [core]})
    assert ("garden/water", "spot", "technique", "") not in {each.address for each in _made(small)}


def test_where_every_sentence_is_right_no_mark_is_a_find(small: SmallSeeds) -> None:
    """Two sentences, each of them a right answer: even the exact core would be chance, so nobody is asked."""
    water = small.passage("garden/water")
    first, second = "Either we water every day", "The caretaker has a key to the tap"
    water["annotations"][0] |= {"core": [first], "envelope": [first + " or the garden is lost for ever"]}
    water["annotations"].append(small.annotation("garden/water#t1") | {"key": "t2", "core": [second], "envelope": []})
    assert ("garden/water", "spot", "technique", "") not in {each.address for each in _made(small)}


def test_layers_for_discussion_make_no_decision_that_could_be_scored(small: SmallSeeds) -> None:
    kinds = {(each.kind, each.layer) for each in _made(small) if each.passage == "library/vote"}
    assert kinds == {("spot", "technique"), ("judge", "technique"), ("markup", "technique")}


def test_every_annotation_can_be_named_and_every_gap_asked_for_evidence(small: SmallSeeds) -> None:
    made = _made(small)
    assert sum(each.kind == "name" for each in made) == 7
    assert {each.address for each in made if each.kind == "evidence"} == {
        ("library/winter-reading", "evidence", "source", "s1"),
        ("garden/harvest", "evidence", "source", "s1"),
    }


def test_options_are_filled_by_rule(small: SmallSeeds) -> None:
    """Always as many, the key among them, as many plainly wrong as right; a clean passage borrows a marked one's."""
    seeds = loading.check(small.folder)
    passages = {making.address(text, each): each for text in seeds.texts for each in text.passages}
    made = _made(small)
    lent = {each.options for each in made if each.kind == "spot" and passages[each.passage].of_layer("technique")}
    for each in made:
        annotations = [one for one in passages[each.passage].of_layer(each.layer) if each.annotation in ("", one.key)]
        if each.kind not in ("spot", "source", "name"):
            continue
        assert len(set(each.options)) == len(each.options) == (4 if each.kind == "name" else 6)
        for one in annotations:
            assert one.label in each.options
            assert not set(one.accepted) & set(each.options) - {other.label for other in annotations}
            near_misses = {miss.label for miss in one.near}
            assert near_misses & set(each.options)
            assert len(set(each.options) - near_misses - {one.label}) >= 1
        assert annotations or each.kind != "spot" or each.options in lent
    assert made == _made(small)


def _made(small: SmallSeeds) -> tuple[making.Made, ...]:
    seeds = content.read_seeds(small.write())
    return making.make(seeds.texts, seeds.labels)


Path_ = tuple[Any, ...]


def _places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place in nested tables and lists."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _at(value: Any, path: Path_) -> Any:
    for key in path:
        value = value[key]
    return value


def _key_of(path: Path_) -> str:
    """The innermost name on the way to a place."""
    return next(str(key) for key in reversed(path) if isinstance(key, str))


@pytest.mark.parametrize("name", ["library/source.toml", "library/passages.toml", "garden/passages.toml", "sets.toml"])
def test_a_value_of_the_wrong_type_is_refused_wherever_it_stands(small: SmallSeeds, name: str) -> None:
    """A fraction fits nowhere. Nothing but a refusal that names file and key may come of it."""
    for path in list(_places(small.files[name])):
        place = _at(small.files[name], path[:-1])
        kept, place[path[-1]] = place[path[-1]], 0.5
        problems = refusal(small)
        assert any(line.startswith(f"{name}: ") and _key_of(path) in line for line in problems), (path, problems)
        place[path[-1]] = kept
    assert refusal(small) == []


OPTIONAL = {
    "annotations", "accepted", "envelope", "slips", "glossary", "sensitive", "joins", "left_out", "starter", "example",
    "references", "before", "layer",
}  # fmt: skip


@pytest.mark.parametrize("name", ["library/source.toml", "library/passages.toml", "garden/passages.toml", "sets.toml"])
def test_a_key_that_is_missing_is_refused_unless_it_is_optional(small: SmallSeeds, name: str) -> None:
    for path in [path for path in _places(small.files[name]) if len(path) > 1 and isinstance(path[-1], str)]:
        place = _at(small.files[name], path[:-1])
        kept = place.pop(path[-1])
        problems = refusal(small)
        told = any(line.startswith(f"{name}: ") and path[-1] in line for line in problems)
        assert told or path[-1] in OPTIONAL or (path[-1] == "annotation" and problems), (path, problems)
        place[path[-1]] = kept


def test_a_quote_that_is_neither_text_nor_table_is_refused() -> None:
    table = Table("file", {"core": [1, {"before": "x"}, " "]}, [])
    assert locate_all(table, "core", "some text", (0, 9)) == ()
    assert [problem.split(": ")[1] for problem in table.problems] == ["core 1", "core 2", "core 3"]
