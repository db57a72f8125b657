"""An own text as a teacher would have written it, for every suite."""

from __future__ import annotations

from typing import Any

from classroom.models import OwnLabelling, OwnText, Teacher
from classroom.own_texts import cutting, drafts, labelling, marking, sharing
from exercises.content.schema import LAYERS
from tests.cast import NOW

ARTICLE = """\
The council’s shameful parking scheme has failed every family in the valley. Residents met on Tuesday in the hall.

The scheme cost 40,000 euros, according to the council’s accounts of 3 May. The accounts can be read in the library.

Experts agree that two thirds of all drivers now avoid the centre. The bakery opened an hour later on Saturdays.

The mayor said on 4 May, in the open session, that she would publish the figures. The minutes are on the notice board.
"""
CARD = {
    "file": "The Valley Post, page 3",
    "language": "en",
    "genre": "news report",
    "opinion": False,
    "camp": "neither",
    "outlet": "The Valley Post",
    "date": "5 May 2026",
    "content_note": "A local paper on a parking scheme.",
    "teacher_note": "Invented for the tests.",
    "licence": "Quoted for teaching.",
    "told": ["The paper and the day."],
    "not_told": ["Who wrote it."],
    "found": [],
}
EXPLANATION = (
    "The word tells readers what to feel before they learn what happened. It puts a judgement in the place of a "
    "reason, so that whoever doubts it seems to side with the scheme itself. Swap in a plain word and the same fact "
    "stays, with less heat, which is the test for this label. It is no exaggeration, because no size or degree is "
    "claimed here, and it may still be right that the scheme did badly."
)
GAP = (
    "A reader cannot find out which experts are meant, or where they said it. The words sound like a count, but nobody "
    "is named who counted, and no report is given that could be opened and read. One name would be enough to begin a "
    "search. It is no missing number, because the share is given: it is its owner that is missing, and the claim may "
    "well be right all the same."
)


def begun(teacher: Teacher, *, title: str = "Parking in the valley", text: str = ARTICLE) -> OwnText:
    """A draft of which only the words are there."""
    return drafts.create(teacher=teacher, title=title, draft=drafts.begun(text=text, language="en"), now=NOW)


def finished(teacher: Teacher) -> OwnText:
    """A draft that can be published: four passages, one marked in each layer, and nothing else."""
    own_text = begun(teacher)
    draft = own_text.draft
    draft["card"] = dict(CARD)
    cutting.propose(draft)
    for passage in draft["passages"]:
        passage |= {"context": "From the middle of the page.", "fact": "The council has published its accounts."}
        passage["layers"] = {
            "technique": {"state": "clean", "why": "Plain words, nothing that heats."},
            "source": {"state": "clean", "why": "A reader can look it up in the hall."},
        }
    first, third = draft["passages"][0], draft["passages"][2]
    mark(draft, first, "technique", "shameful", "loaded-language", ("exaggeration", "name-calling"), EXPLANATION)
    near = ("statistic-without-source", "anonymous-source")
    mark(draft, third, "source", "Experts agree", "weasel-attribution", near, GAP)
    own_text.save()
    return own_text


def labelled(own_text: OwnText, colleague: Teacher) -> OwnLabelling:
    """What a colleague marked: the first mark under another name, the second not at all, and one that is new."""
    sharing.ask_to_label(own_text=own_text, colleague=colleague, now=NOW)
    found = OwnLabelling.objects.get(own_text=own_text, teacher=colleague)
    text, passages = own_text.draft["text"], own_text.draft["passages"]
    marks = {
        (passages[0]["key"], "technique"): [blind(text, "shameful", "exaggeration")],
        (passages[1]["key"], "source"): [blind(text, "40,000 euros", "statistic-without-source")],
    }
    for passage in passages:
        for layer in LAYERS:
            mine = marks.get((passage["key"], layer), [])
            found = labelling.label(labelling=found, key=passage["key"], layer=layer, marks=mine, now=NOW)
    return found


def blind(text: str, quote: str, label: str) -> labelling.BlindMark:
    start = text.index(quote)
    return labelling.BlindMark((start, start + len(quote)), label)


def mark(
    draft: drafts.Draft, passage: Any, layer: str, quote: str, label: str, near: tuple[str, ...], explanation: str
) -> Any:
    made = marking.add_mark(draft, passage["key"], layer, marking.new_key())
    start = draft["text"].index(quote, passage["span"][0])
    made |= {
        "core": [[start, start + len(quote)]],
        "label": label,
        "near": [{"label": each, "why": "That would be something else."} for each in near],
        "explanation": explanation,
    }
    if layer == "source":
        made |= {"fills": "The name of one expert.", "look": "The paper’s own archive."}
    return made
