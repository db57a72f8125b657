"""What is still wrong with a draft, in words, at the place where it can be mended.

What `stops` has to be mended before the text is published: it is what `load_content` asks of every text. The rest is
advice of the annotation guide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classroom.own_texts import drafts
from classroom.own_texts.drafts import Draft, MarkDraft, PassageDraft
from exercises import catalogue, making, rendering
from exercises.content.schema import (
    CAMPS,
    EVIDENCE_OPTIONS,
    EXPLANATION_WORDS,
    FIRST_SENTENCE_WORDS,
    LAYERS,
    LONGEST_PASSAGE,
    NEAR_MISSES,
    REPEATING,
)
from exercises.versions import PassageContent
from scoring.spans import Span, sentence_spans

CLEAN_SHARE = (38, 50)
"""Per cent of the decisions that allow “nothing here”."""
FEW_MARKS = 4
"""From so many marks on, one label on all of them is one-sided."""
VERDICTS = re.compile(
    r"\b(?:(?:lie|lies|lying)\b(?!\s+(?:in|with|on|at|behind|between|near|elsewhere|there)\b)"
    r"|(?:lied|liar|liars|fake news|lüg\w*|lüge\w*|kłam\w*|łże\w*|брех\w*|бреш\w*)\b)",
    re.IGNORECASE,
)
"""Words that call something untrue on purpose, in the languages of the interface; a difference may lie in something."""
SIDES = re.compile(
    r"\b(?:(?:this|that|their|our|the enemy[’']s|kremlin[’']s|kyiv[’']s|moscow[’']s) side"
    r"|(?:russian|ukrainian|western) (?:side|propagand\w*)|pro-(?:russian|ukrainian|kremlin)"
    r"|the (?:left|right)(?:[’']s|(?=\s*[.,;:!?)]|\s+(?:and|or|says?|claims?|wants?|tells?|calls?|uses?)\b))"
    r"|left-wing|right-wing|prorussisch\w*|prorosyjsk\w*|проросійськ\w*"
    r"|(?:russisch|ukrainisch|westlich)\w*\s+(?:seite|propagand\w*)"
    r"|(?:rosyjsk|ukraińsk|zachodni)\w*\s+(?:stron\w*|propagand\w*)"
    r"|(?:російськ|українськ|західн)\w*\s+(?:сторон\w*|пропаганд\w*))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Problem:
    text: str
    stops: bool = True
    passage: str = ""
    """Key of the passage that it is about, or empty: the text as a whole."""
    mark: str = ""
    part: str = ""
    """"card" or "cuts", where it is about the text as a whole."""


def problems(title: str, draft: Draft) -> list[Problem]:
    """Everything, in the order of the steps."""
    found = [*_card(title, draft), *_cuts(draft)]
    for passage in draft["passages"]:
        found += of_passage(draft, passage)
    return [*found, *_balance(draft)]


def of_passage(draft: Draft, passage: PassageDraft) -> list[Problem]:
    """What is wrong with a passage and its marks."""
    content, key = drafts.content_of(draft, passage), passage["key"]
    found = [Problem(text, passage=key) for text in _passage(passage, content)]
    for mark in passage["annotations"]:
        found += of_mark(draft, passage, mark)
    found += [Problem(text, stops=False, passage=key) for text in _shape(passage, content)]
    return found


def of_mark(draft: Draft, passage: PassageDraft, mark: MarkDraft) -> list[Problem]:
    content = drafts.content_of(draft, passage | {"annotations": []})
    where = {"passage": passage["key"], "mark": mark["key"]}
    found = [Problem(text, **where) for text in _mark(content, mark)]
    return found + [Problem(text, stops=False, **where) for text in _advice(content, passage, mark)]


def _card(title: str, draft: Draft) -> Iterator[Problem]:
    card = draft["card"]
    needed = {
        "genre": _("Say what type of text it is."),
        "outlet": _("Say where it was published."),
        "date": _("Say when it was published, or that no date is given."),
        "content_note": _("Say in a sentence what it is about."),
        "teacher_note": _("Write a note for teachers: what to know before a class reads it."),
        "licence": _("Say by what right it is shown: its licence, or the ground for quoting it."),
        "language": _("Say in which language it is."),
        "file": _("Name the file or the address that it comes from."),
    }
    if not title.strip():
        yield Problem(_("Give the text a title."), part="card")
    for name, words in needed.items():
        if not card[name].strip():
            yield Problem(words, part="card")
    if card["camp"] not in CAMPS:
        yield Problem(_("Say which side the text argues for, or that it argues for neither."), part="card")
    if not card["told"]:
        yield Problem(_("Say what the text tells about itself, so that students can look."), stops=False, part="card")


def _cuts(draft: Draft) -> Iterator[Problem]:
    if not draft["passages"]:
        yield Problem(_("Cut the text into passages: nothing can be played yet."), part="cuts")


def _passage(passage: PassageDraft, content: PassageContent) -> Iterator[str]:
    if len(content.words) > LONGEST_PASSAGE and len(content.words.sentences) > 1:
        yield _("It has %(n)d words. A passage has %(most)d at most: cut it once more.") % {
            "n": len(content.words),
            "most": LONGEST_PASSAGE,
        }
    if not passage["context"].strip():
        yield _("Say in a sentence where in the text it stands.")
    if not passage["fact"].strip():
        yield _("Say in a sentence what is on record.")
    for layer in LAYERS:
        yield from _layer(passage, layer)


def _layer(passage: PassageDraft, layer: str) -> Iterator[str]:
    state = passage["layers"][layer]
    marks = [each for each in passage["annotations"] if each["layer"] == layer]
    words = {"layer": _("Wording") if layer == "technique" else _("Sources")}
    if not state["state"]:
        yield _("%(layer)s: mark it, or say that it is clean, or leave it for discussion.") % words
    if state["state"] == "marked" and not marks:
        yield _("%(layer)s: it is called marked, and holds no mark.") % words
    if state["state"] == "clean" and marks:
        yield _("%(layer)s: it is called clean, and holds a mark.") % words
    if state["state"] in ("clean", "discussion") and not state["why"].strip():
        yield _("%(layer)s: give the reason, which students read.") % words
    if layer == "source" and state["state"] == "clean" and passage["slips"]:
        yield _("%(layer)s: a passage with a known slip is never clean.") % words


def _shape(passage: PassageDraft, content: PassageContent) -> Iterator[str]:
    """Whether students can be asked to find the mark."""
    total = len(content.words)
    for layer in LAYERS:
        targets = content.targets(layer)
        union = frozenset[int]().union(*(each.core for each in targets))
        if len(targets) > 1 and len(union) > making.LARGEST_UNION * total:
            yield _(
                "The marks take more than %(n)d %% of the words: it can be named or judged, and not played as "
                "“mark it”."
            ) % {"n": round(100 * making.LARGEST_UNION)}


def _mark(content: PassageContent, mark: MarkDraft) -> Iterator[str]:
    labels = catalogue.labels()
    if not mark["core"]:
        yield _("Mark the words.")
    if mark["label"] not in labels:
        yield _("Choose a label.")
    if len(mark["core"]) > 1 and mark["label"] and mark["label"] != REPEATING:
        yield _("Only “%(label)s” has several places. Mark one place here, and make a further mark of the other.") % {
            "label": labels[REPEATING].name
        }
    if mark["envelope"] and not all(any(e[0] <= c[0] and c[1] <= e[1] for e in mark["envelope"]) for c in mark["core"]):
        yield _("The words around it do not hold the mark itself.")
    near = [each["label"] for each in mark["near"] if each["label"]]
    if len(near) < len(mark["near"]):
        yield _("Choose the label of each near miss.")
    if len(near) < NEAR_MISSES or len(set(near)) != len(near):
        yield _(
            "Name at least %(n)d different near misses: the tempting wrong answers, each with the reason "
            "why it is not that."
        ) % {"n": NEAR_MISSES}
    if any(not each["why"].strip() for each in mark["near"]):
        yield _("Give the reason at every near miss.")
    if {mark["label"], *mark["accepted"]} & set(near):
        yield _("A near miss cannot be right or accepted as well.")
    if mark["label"] in mark["accepted"]:
        yield _("The label itself need not be accepted as well.")
    yield from _explanation(mark["explanation"])
    if mark["layer"] == "source":
        if not mark["fills"].strip():
            yield _("Say what would fill the gap.")
        if not mark["look"].strip():
            yield _("Say where to look.")
    yield from _evidence(mark)


def _explanation(text: str) -> Iterator[str]:
    least, most = EXPLANATION_WORDS
    count = len(text.split())
    if not least <= count <= most:
        yield ngettext(
            "The explanation has %(n)d word; it should have %(least)d to %(most)d.",
            "The explanation has %(n)d words; it should have %(least)d to %(most)d.",
            count,
        ) % {"n": count, "least": least, "most": most}
    sentences = sentence_spans(text.strip())
    if sentences and (first := len(text.strip()[slice(*sentences[0])].split())) > FIRST_SENTENCE_WORDS:
        yield _("The first sentence has %(n)d words; students read it first, so %(most)d at most.") % {
            "n": first,
            "most": FIRST_SENTENCE_WORDS,
        }


def _evidence(mark: MarkDraft) -> Iterator[str]:
    options = mark["evidence"]
    if options and len(options) != EVIDENCE_OPTIONS:
        yield _("Evidence: write %(n)d options, or none.") % {"n": EVIDENCE_OPTIONS}
    if any(not each["text"].strip() or not each["why"].strip() for each in options):
        yield _("Evidence: every option needs its words and its reason.")
    if options and sum(each["settles"] for each in options) not in (1, 2):
        yield _("Evidence: one or two of the options should settle it.")
    record = mark["record"]
    if record and not record["text"].strip():
        yield _("On record: write what is on record, or leave all of it empty.")
    if record and record["basis"] == "verified" and not record["references"]:
        yield _("On record: what you checked needs at least one reference.")
    if record and any(not all(value.strip() for value in each.values()) for each in record["references"]):
        yield _("On record: each reference needs title, publisher and date.")


def _advice(content: PassageContent, passage: PassageDraft, mark: MarkDraft) -> Iterator[str]:
    for first, last in mark["core"]:
        yield from _repeats(content, passage, (first - content.start, last - content.start))
    words = frozenset[int]().union(
        *(content.words.indices(first - content.start, last - content.start) for first, last in mark["core"])
    )
    if len(words) > making.LARGEST_CORE * len(content.words):
        yield _(
            "The mark takes more than half of the passage: there is no place left to choose. Mark the shortest words "
            "that carry it."
        )
    told = " ".join([mark["explanation"], *(each["why"] for each in mark["near"])])
    if verdict := VERDICTS.search(told):
        yield _(
            "The explanation says “%(word)s”. Say what the wording does; a technique does not make a claim false."
        ) % {"word": verdict[0]}
    if side := SIDES.search(told):
        yield _("The explanation names a side (“%(word)s”). Name the technique; every side uses it.") % {
            "word": side[0]
        }


def _repeats(content: PassageContent, passage: PassageDraft, span: Span) -> Iterator[str]:
    """The same words elsewhere in the passage, unmarked."""
    run = content.words.run(*span)
    if run is None:
        return
    words = [content.text[first:last].casefold() for first, last in content.words.spans]
    length, wanted = run[1] - run[0], words[slice(*run)]
    taken = frozenset[int]().union(
        *(
            content.words.indices(first - content.start, last - content.start)
            for mark in passage["annotations"]
            for first, last in mark["core"]
        )
    )
    bare = sum(
        words[at : at + length] == wanted and taken.isdisjoint(range(at, at + length)) for at in range(len(words))
    )
    if bare:
        yield ngettext(
            "“%(quote)s” stands once more in this passage, unmarked. A student who marks that one is told wrong.",
            "“%(quote)s” stands %(n)d more times in this passage, unmarked. A student who marks one is told wrong.",
            bare,
        ) % {"quote": content.text[slice(*span)], "n": bare}


def _balance(draft: Draft) -> Iterator[Problem]:
    """Whether a set of this text alone would be one-sided."""
    for layer in LAYERS:
        name = _("Wording") if layer == "technique" else _("Sources")
        states = Counter(each["layers"][layer]["state"] for each in draft["passages"])
        decided = states["clean"] + states["marked"]
        least, most = CLEAN_SHARE
        if decided > 1 and not least <= (share := round(100 * states["clean"] / decided)) <= most:
            words = _(
                "%(layer)s: %(share)d %% of the passages are clean. A set of this text alone would be one-sided; "
                "%(least)d to %(most)d %% is fair."
            )
            yield Problem(words % {"layer": name, "share": share, "least": least, "most": most}, stops=False)
        marks = [m["label"] for p in draft["passages"] for m in p["annotations"] if m["layer"] == layer and m["label"]]
        if len(marks) >= FEW_MARKS and len(set(marks)) == 1:
            words = _(
                "%(layer)s: every mark is “%(label)s”. A set of this text alone would be answered without reading."
            )
            yield Problem(words % {"layer": name, "label": catalogue.labels()[marks[0]].name}, stops=False)


def quote_of(content: PassageContent, mark: MarkDraft) -> str:
    """The words of a mark, or empty."""
    return rendering.quoted(content, [(first, last) for first, last in mark["core"]]) if mark["core"] else ""
