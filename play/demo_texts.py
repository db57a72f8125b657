"""Two invented texts of the demonstration's teacher, one for each side: most of their passages are fair.

The shipped texts have too few fair passages on one side to tell a class that flags by side from one that flags by
wording. What the passages name is on record; the two that are marked differ in the side alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classroom import building
from classroom.models import ExerciseSet, Teacher
from classroom.own_texts import cutting, drafts, marking, publishing
from exercises.models import Exercise, Source

TITLE = "Ten fair passages"


@dataclass(frozen=True)
class DemoText:
    title: str
    camp: str
    heated: str
    """The loaded word of the last paragraph; the other ones are fair."""
    paragraphs: Sequence[str]


TEXTS = (
    DemoText(
        "What the drafts of December asked for",
        "kremlin",
        "scandalous",
        (
            "On 17 December 2021 the Russian Foreign Ministry published two draft treaties on its website, one "
            "for the United States and one for NATO. Article 6 of the draft for NATO asks the members not to "
            "enlarge the alliance further, and names Ukraine.",
            "The declaration of the NATO summit in Bucharest of 3 April 2008 says that Ukraine and Georgia will "
            "become members. The Russian president objected to this on the next day, at a press conference whose "
            "transcript is on the Kremlin’s website.",
            "The Security Council of the United Nations endorsed the second Minsk agreement on 17 February 2015, "
            "in resolution 2202. Point 11 asks Ukraine for a reform of its constitution, with decentralisation as "
            "a key element.",
            "In the census of 2001 29.6 per cent of the people of Ukraine named Russian as their native language. "
            "The figures are on the website of the State Statistics Committee of Ukraine.",
            "The author of this piece holds that a neutral Ukraine would be safer for both countries, and calls "
            "this an opinion. The New York Times published a draft of the talks in Istanbul on 15 June 2024, "
            "which deals with neutrality.",
            "Kyiv’s scandalous stubbornness is on record. The United States and NATO answered the two drafts in "
            "writing on 26 January 2022, as both announced on that day.",
        ),
    ),
    DemoText(
        "What was signed in Budapest",
        "ukraine",
        "shameless",
        (
            "On 5 December 1994 Ukraine, Russia, the United Kingdom and the United States signed a memorandum in "
            "Budapest. In its first point they commit themselves to respect the independence, the sovereignty and "
            "the existing borders of Ukraine.",
            "The General Assembly of the United Nations adopted resolution ES-11/1 on 2 March 2022, with 141 "
            "votes for, 5 against and 35 abstentions. It demands in paragraph 4 that Russia withdraw its forces "
            "from Ukraine.",
            "On 1 December 1991 voters in Ukraine were asked whether they supported the act of independence. "
            "According to the Central Election Commission more than 90 per cent said yes, and 54 per cent in "
            "Crimea.",
            "The International Court of Justice ordered Russia on 16 March 2022 to suspend its military "
            "operations in Ukraine, by thirteen votes to two. The order can be read on the website of the court.",
            "The treaty of friendship that both states signed on 31 May 1997 says in its second article that they "
            "respect each other’s territorial integrity. It ended on 1 April 2019, after Ukraine had announced "
            "that it would not extend it.",
            "Moscow’s shameless breach of its word is on record. The memorandum stands in the Treaty Series of "
            "the United Nations, in volume 3007.",
        ),
    ),
)
FACT = (
    "Russia launched its full-scale invasion of Ukraine on 24 February 2022. The UN General Assembly deplored the "
    "aggression in resolution ES-11/1 of 2 March 2022, with 141 votes for, 5 against and 35 abstentions."
)
CARD = {
    "file": "Invented for the demonstration",
    "language": "en",
    "genre": "opinion piece",
    "opinion": True,
    "outlet": "None: it was invented for the demonstration.",
    "date": "None.",
    "content_note": "Deals with treaties and votes before and after the invasion of Ukraine.",
    "teacher_note": "Invented, so that both sides have fair passages. What the passages name is on record.",
    "licence": "CC BY 4.0",
    "told": ["Where each of its facts can be looked up."],
    "not_told": ["What the other side says of the same facts."],
    "found": [],
}
EXPLANATION = (
    "“%s” tells readers what to feel before they learn what was done. It puts a judgement in the place of a "
    "reason, so that whoever doubts it seems to have taken the other side. Leave the word out, and the same claim "
    "stays, with less heat: that is the test for this label. It is no exaggeration, because no size or degree is "
    "claimed, and no label on somebody, because it describes what is done. Whether the claim itself is right is "
    "another question, which this does not answer."
)


def published(*, teacher: Teacher, now: datetime) -> ExerciseSet:
    """A set of the teacher's own that judges the wording of every passage of both texts."""
    made = building.create_set(teacher=teacher, title=TITLE, now=now)
    for text in TEXTS:
        source = _publish(text, teacher, now)
        for exercise in Exercise.objects.filter(passage__source=source, kind="judge", layer="technique"):
            building.add_item(exercise_set=made, exercise=exercise, now=now)
    return made


def _publish(text: DemoText, teacher: Teacher, now: datetime) -> Source:
    draft = drafts.begun(text="\n\n".join(text.paragraphs) + "\n", language="en")
    draft["card"] = CARD | {"camp": text.camp}
    cutting.propose(draft)
    for passage in draft["passages"]:
        clean = {"state": "clean", "why": "Plain words, and what they say can be looked up."}
        values = {"context": "From a piece that was invented for the demonstration.", "fact": FACT}
        marking.change_passage(draft, passage["key"], values | {"layers": {"technique": clean, "source": dict(clean)}})
    _mark(draft, draft["passages"][-1]["key"], text.heated)
    own_text = drafts.create(teacher=teacher, title=text.title, draft=draft, now=now)
    return publishing.publish(own_text=own_text, now=now)


def _mark(draft: drafts.Draft, passage: str, word: str) -> None:
    layers: dict[str, Any] = {
        "technique": {"state": "marked", "why": ""},
        "source": {"state": "discussion", "why": "One could ask who judges so: it is the author’s own view."},
    }
    marking.change_passage(draft, passage, {"layers": layers})
    key, start = marking.new_key(), draft["text"].index(word)
    marking.add_mark(draft, passage, "technique", key)
    near = {
        "exaggeration": "No size or degree is claimed that could be inflated.",
        "name-calling": "The word describes what is done, not what somebody is.",
    }
    values = {
        "core": [[start, start + len(word)]],
        "label": "loaded-language",
        "near": [{"label": label, "why": why} for label, why in near.items()],
        "explanation": EXPLANATION % word.capitalize(),
    }
    marking.change_mark(draft, passage, key, values)
