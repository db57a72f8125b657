"""Invented content for the styleguide: every component gets something to show, none of it about this war."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classroom import meters
from classroom.forms import ClassroomForm
from classroom.schedule import State
from exercises import reading, rendering
from exercises.content.schema import (
    Annotation,
    EvidenceOption,
    LayerState,
    NearMiss,
    Passage,
    Record,
    Reference,
)
from exercises.notes import Note, note
from exercises.versions import PassageContent
from play.queries import BoardRow, Leaderboard
from play.questions import Option
from scoring.points import Mark
from scoring.spans import sentence_spans

TEXT = (
    "The canteen’s shameful new menu is an outright attack on growing children. "
    "Experts agree that two thirds of all pupils go home hungry. "
    "The menu was printed in the school’s newsletter of 3 May, with the price of each dish."
)


@dataclass(frozen=True)
class Samples:
    marking: rendering.MarkingPassage
    lit: rendering.SegmentPassage
    revealed: rendering.SegmentPassage
    stacked: rendering.SegmentPassage
    """Several marks of the key on the same words."""
    notes: tuple[Note, ...]
    leaderboard: Leaderboard
    states: tuple[State, ...]
    form: ClassroomForm
    meter: meters.Meter
    read: reading.ReadPassage
    options: tuple[Option, ...]
    confidences: tuple[Option, ...]


def all_of_them() -> Samples:
    content = PassageContent(TEXT, _passage())
    targets = content.targets("technique") + content.targets("source")
    marks = (Mark((2, 3)), Mark((4, 7)), Mark((25, 28)))
    rows = tuple(
        BoardRow(rank, name, points, 10, name == "Brisk Heron", 7, 3, is_tied=rank == 2)
        for rank, name, points in (
            (1, "Calm Otter", 840),
            (2, "Brisk Heron", 815),
            (2, "Merry Finch", 815),
            (4, "Keen Hare", 790),
        )
    )
    form = ClassroomForm({"name": ""})
    form.is_valid()
    states = ("found", "partly", "missed")
    return Samples(
        marking=rendering.marking(content, checked=frozenset({2, 3, 4})),
        lit=rendering.lit(content, content.annotation("t1").core),
        revealed=rendering.revealed(content, targets, marks, answered=True),
        stacked=_stacked(),
        notes=tuple(
            note(content, content.annotation(key), number=number, state=state, chosen="loaded-language")
            for number, (key, state) in enumerate(zip(("t1", "t2", "s1"), states, strict=True), 1)
        ),
        leaderboard=Leaderboard(3, rows, BoardRow(12, "Gentle Newt", 610, 9, True, 5, 1), 24),
        states=tuple(State),
        form=form,
        meter=meters.measure(
            [
                meters.Decision("spot", "technique", "The menu", "argues left", 40, True, ()),
                meters.Decision("spot", "technique", "The menu", "argues left", 40, False, ("Loaded language",)),
                meters.Decision("spot", "technique", "The kitchen", "argues right", 40, False, ("Doubt",)),
            ],
            planned=2,
        ),
        read=reading.read_passage(content, position=7),
        options=(
            Option("a", "Loaded language", "Swap in a neutral word: same fact, less heat?", True),
            Option("b", "Exaggeration", "Is a quantity or degree wrong?"),
        ),
        confidences=tuple(Option(str(each), f"{each} %", checked=each == 70) for each in (50, 60, 70, 80, 90, 100)),
    )


def _passage() -> Passage:
    sentences = sentence_spans(TEXT)
    return Passage(
        key="canteen",
        span=(0, len(TEXT)),
        sentences=sentences,
        context="A school changes what its canteen cooks.",
        fact="The menu changed on 3 May.",
        sensitive=False,
        difficulty=1,
        layers={"technique": LayerState("marked", ""), "source": LayerState("marked", "")},
        annotations=(
            _annotation("t1", "technique", "loaded-language", "shameful", "name-calling"),
            _annotation("t2", "technique", "exaggeration", "an outright attack", "loaded-language"),
            _annotation("s1", "source", "weasel-attribution", "Experts agree", "statistic-without-source"),
        ),
    )


def _stacked() -> rendering.SegmentPassage:
    annotations = (
        _annotation("t1", "technique", "exaggeration", "an outright attack on growing children", "loaded-language"),
        _annotation("t2", "technique", "loaded-language", "outright attack", "exaggeration"),
        _annotation("t3", "technique", "appeal-to-fear", "growing children", "loaded-language"),
    )
    content = PassageContent(TEXT, replace(_passage(), annotations=annotations))
    return rendering.revealed(content, content.targets("technique"), (Mark((5, 7)),), answered=True)


def _annotation(key: str, layer: str, label: str, quote: str, near: str) -> Annotation:
    start = TEXT.index(quote)
    gap = layer == "source"
    options = (
        EvidenceOption("The kitchen’s count of plates, week by week", True, "It counts what was eaten."),
        EvidenceOption("A letter from one annoyed parent", False, "One voice is not a count."),
        EvidenceOption("The menu itself", False, "It says what is cooked, not what is eaten."),
        EvidenceOption("A poll among teachers", False, "Teachers are not the ones who eat."),
    )
    return Annotation(
        key=key,
        layer=layer,
        label=label,
        core=((start, start + len(quote)),),
        envelope=(),
        accepted=(),
        near=(NearMiss(near, "It names nobody and nothing."),),
        explanation=(
            f"The words “{quote}” do the work of an argument. "
            "Say it plainly and the heat is gone. A technique is not a verdict."
        ),
        difficulty=1,
        labellings=4,
        agreeing=3,
        adjudicated=True,
        fills="The names of the experts, and their count." if gap else "",
        look="The school’s newsletter." if gap else "",
        evidence=options if gap else (),
        record=Record("No such count was found.", "not found", (Reference("Newsletter", "The school", "3 May"),))
        if gap
        else None,
    )
