"""The draft of an own text: what it holds, and how it is saved without losing what a colleague wrote.

A draft is JSON with the keys of `exercises.content.schema.SourceText` (those of the card under "card"), its passages
and annotations as `asdict` gives them. Spans are code points into "text". Anything may be unfinished.

A draft has parts: "text", "card", "cuts", "passage:<key>" and "mark:<passage>:<key>". Saving says which revision the
page was made from; if the part was saved after that, nothing is written and both versions are shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from classroom.models import OwnText, Teacher
from exercises.content.schema import LAYERS, OWN, LeftOut, Passage, SourceText, blanked
from exercises.versions import PassageContent
from scoring.spans import Span, sentence_spans

Draft = dict[str, Any]
PassageDraft = dict[str, Any]
MarkDraft = dict[str, Any]

TEXT, CARD, CUTS = "text", "card", "cuts"
CARD_TEXTS = ("file", "language", "genre", "outlet", "date", "content_note", "teacher_note", "licence")
CARD_LINES = ("told", "not_told", "found")
PRESENT = timedelta(minutes=5)
"""How long somebody who had a page open counts as working on the text."""
VISIT = timedelta(minutes=1)
"""How often that is written down."""


class Outdated(Exception):
    """Somebody saved this part after the page was made."""

    def __init__(self, who: str, when: datetime) -> None:
        super().__init__(who)
        self.who = who
        self.when = when


@dataclass(frozen=True)
class Colleague:
    """Another teacher who works on the text now."""

    name: str
    minutes: int


def passage_part(key: str) -> str:
    return f"passage:{key}"


def mark_part(passage: str, key: str) -> str:
    return f"mark:{passage}:{key}"


def begun(*, text: str, language: str) -> Draft:
    """The draft of a text of which nothing is known yet."""
    card: dict[str, Any] = dict.fromkeys(CARD_TEXTS, "") | {name: [] for name in CARD_LINES}
    card |= {"language": language, "opinion": False, "camp": ""}
    return {"text": text, "card": card, "wrapped": False, "joins": [], "left_out": [], "passages": []}


def of_text(text: SourceText) -> Draft:
    """The draft of a text that is finished: from a package."""
    values = asdict(text)
    names = (*CARD_TEXTS, *CARD_LINES, "opinion", "camp")
    return {
        "text": text.text,
        "card": {name: values[name] for name in names},
        **{name: values[name] for name in ("labellers", "wrapped", "joins", "left_out", "passages")},
    }


def create(*, teacher: Teacher, title: str, draft: Draft, now: datetime) -> OwnText:
    return OwnText.objects.create(
        owner=teacher, title=title, draft=draft, created=now, saved=now, saved_by=teacher, hands={}
    )


@transaction.atomic
def save(
    *,
    own_text: OwnText,
    part: str,
    base: int,
    by: Teacher,
    change: Callable[[Draft], Iterable[str] | None],
    now: datetime,
    page: str = "",
    title: str | None = None,
) -> OwnText:
    """Change a part of the draft; `change` may name further parts that it touched. Raises Outdated.

    `base` is the revision that the page was made from; `page` tells it from others, so that a page that saves by itself
    is not outdated by its own saving. Whatever `change` raises leaves the draft as it was.
    """
    rows = OwnText.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("saved_by").get(pk=own_text.pk)
    number, saver = row.revisions.get(part, (0, ""))
    if number > base and not (page and page == saver):
        raise Outdated(row.saved_by.username if row.saved_by else "", row.saved)
    touched = change(row.draft) or ()
    row.revision += 1
    row.revisions |= {each: (row.revision, page if each == part else "") for each in (part, *touched)}
    row.saved, row.saved_by = now, by
    row.hands[by.uid] = [by.username, now.isoformat()]
    if title is not None:
        row.title = title
    row.save(update_fields=["draft", "revision", "revisions", "saved", "saved_by", "hands", "title"])
    return row


@transaction.atomic
def visit(*, own_text: OwnText, by: Teacher, now: datetime) -> list[Colleague]:
    """Note that a teacher has a page of the draft open; who else has one. Written once a minute at most."""
    hands = {uid: (name, datetime.fromisoformat(when)) for uid, (name, when) in own_text.hands.items()}
    if by.uid not in hands or now - hands[by.uid][1] >= VISIT:
        row = OwnText.objects.select_for_update(no_key=True).only("hands").get(pk=own_text.pk)
        row.hands[by.uid] = [by.username, now.isoformat()]
        row.save(update_fields=["hands"])
    return [
        Colleague(name, int((now - when).total_seconds() // 60))
        for uid, (name, when) in hands.items()
        if uid != by.uid and now - when <= PRESENT
    ]


def shown(draft: Draft) -> str:
    """The text with what is left out blanked."""
    return blanked(draft["text"], [tuple(each["span"]) for each in draft["left_out"]])


def sentences(draft: Draft) -> tuple[Span, ...]:
    return sentence_spans(shown(draft), wrapped=draft["wrapped"], joins=draft["joins"])


def new_passage(key: str, span: Span) -> PassageDraft:
    return {
        "key": key,
        "span": list(span),
        "context": "",
        "fact": "",
        "sensitive": False,
        "difficulty": 1,
        "layers": {layer: {"state": "", "why": ""} for layer in LAYERS},
        "annotations": [],
        "slips": [],
        "glossary": [],
    }


def new_mark(key: str, layer: str) -> MarkDraft:
    return {
        "key": key,
        "layer": layer,
        "label": "",
        "core": [],
        "envelope": [],
        "accepted": [],
        "near": [],
        "explanation": "",
        "difficulty": 1,
        "labellings": 1,
        "agreeing": 1,
        "adjudicated": False,
        "fills": "",
        "look": "",
        "evidence": [],
        "record": None,
        "labelled_by": "teachers",
    }


def passage_of(draft: Draft, key: str) -> PassageDraft | None:
    return next((each for each in draft["passages"] if each["key"] == key), None)


def mark_of(passage: PassageDraft, key: str) -> MarkDraft | None:
    return next((each for each in passage["annotations"] if each["key"] == key), None)


def free_key(taken: Iterable[str], stem: str) -> str:
    """`stem`-1, `stem`-2, …: the first that is not taken."""
    used, number = set(taken), 1
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"


def content_of(draft: Draft, passage: PassageDraft) -> PassageContent:
    """A passage of the draft as pages show it. Marks without words or without a label are left out."""
    start, end = passage["span"]
    inside = [list(each) for each in sentences(draft) if each[0] < end and each[1] > start]
    whole = [
        each | {"near": [near for near in each["near"] if near["label"]]}
        for each in passage["annotations"]
        if each["core"] and each["label"]
    ]
    values = passage | {"sentences": inside, "annotations": whole, "text": shown(draft)[start:end]}
    return PassageContent.of(values)


def source_text(own_text: OwnText) -> SourceText:
    """The draft as the text that its files would hold. What is unfinished in it is not looked at here."""
    draft, card = own_text.draft, own_text.draft["card"]
    passages = tuple(content_of(draft, each).passage for each in draft["passages"])
    known: dict[str, Any] = {name: card[name] for name in (*CARD_TEXTS, "opinion", "camp")}
    known |= {name: tuple(card[name]) for name in CARD_LINES}
    return SourceText(
        slug=f"{OWN}{own_text.uid}",
        sha256=hashlib.sha256(draft["text"].encode()).hexdigest(),
        text=draft["text"],
        title=own_text.title,
        labellers=_labellers(draft, passages),
        wrapped=draft["wrapped"],
        joins=tuple(draft["joins"]),
        left_out=tuple(LeftOut(tuple(each["span"]), each["quote"], each["reason"]) for each in draft["left_out"]),
        passages=passages,
        **known,
    )


MODEL, TWO, PART, ONE = "model", "two", "part", "one"
LABELLERS = {
    MODEL: "Runs of a language model labelled this text in part or whole; each explanation says who marked it.",
    TWO: "Two teachers labelled this text, each without seeing the other’s marks, and adjudicated it.",
    PART: "One teacher’s key; a second teacher labelled a part of it. Each explanation says how many marked it.",
    ONE: "One teacher’s key: no second teacher has labelled this text.",
}
"""What the card says of how the key was made; content, so in the language of the explanations."""


def made_by(passages: Iterable[Passage]) -> str:
    """Who made the key: one of LABELLERS. Runs of a language model are never counted as people."""
    marks = [mark for passage in passages for mark in passage.annotations]
    if any(mark.labelled_by == "model" for mark in marks):
        return MODEL
    if marks and all(mark.adjudicated and mark.labellings > 1 for mark in marks):
        return TWO
    return PART if any(mark.labellings > 1 for mark in marks) else ONE


def made_by_card(labellers: str, passage: Passage) -> str:
    """The same of a published passage; one without a mark has the key of its text, whose card says `labellers`."""
    if passage.annotations:
        return made_by([passage])
    return next((each for each, words in LABELLERS.items() if words == labellers), MODEL)


def _labellers(draft: Draft, passages: Sequence[Passage]) -> str:
    """What the card says; of a text from a package that nobody has marked anew, what its own card said."""
    kept: str = draft.get("labellers", "")
    is_as_it_came = all(mark.labelled_by == "model" for passage in passages for mark in passage.annotations)
    return kept if kept and is_as_it_came else LABELLERS[made_by(passages)]
