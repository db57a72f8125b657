"""Cutting a draft into passages: runs of whole sentences. Nothing that was written on a passage is lost by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from classroom.own_texts import drafts
from classroom.own_texts.drafts import Draft, PassageDraft
from exercises.content.quotes import folded
from exercises.content.schema import LAYERS, LONGEST_PASSAGE
from scoring.spans import Span, word_spans

PROPOSED_WORDS = 55
"""A proposed passage ends when it has two sentences and would have more words than this."""
KEY_WORDS = 4


class CannotCut(Exception):
    """The cut would go through a mark, or make too long a passage. The message says so in words."""


@dataclass(frozen=True)
class CutSentence:
    """A sentence on the page of cuts, and what can be done before it."""

    number: int
    text: str
    words: int
    new_paragraph: bool
    passage: int
    """Number of the passage that it is in, 0 for none."""
    begins: bool
    """Whether it begins a passage, or a stretch that is not used."""
    can_cut: bool
    """The sentence before is in the same passage."""
    can_join: bool
    """The sentence before ends a passage, or is not used either."""


@dataclass(frozen=True)
class CutPassage:
    number: int
    key: str
    words: int
    marks: int
    is_too_long: bool


@dataclass(frozen=True)
class Cuts:
    sentences: tuple[CutSentence, ...]
    passages: tuple[CutPassage, ...]


def cuts(draft: Draft) -> Cuts:
    """The text sentence by sentence with the passages that it is cut into."""
    text, spans = drafts.shown(draft), drafts.sentences(draft)
    where = [_passage_at(draft, span) for span in spans]
    rows = []
    for at, span in enumerate(spans):
        same = at > 0 and where[at] == where[at - 1]
        between = text[spans[at - 1][1] : span[0]] if at else ""
        rows.append(
            CutSentence(
                number=at + 1,
                text=folded(text[slice(*span)]),
                words=len(word_spans(text[slice(*span)])),
                new_paragraph="\n" in between,
                passage=where[at] + 1,
                begins=not same,
                can_cut=same and where[at] >= 0,
                can_join=at > 0 and not same and where[at] >= 0 and where[at - 1] >= 0,
            )
        )
    return Cuts(tuple(rows), tuple(_cut_passage(draft, text, n, each) for n, each in enumerate(draft["passages"], 1)))


def propose(draft: Draft) -> None:
    """Cut a draft that has no passages: two or three sentences of one paragraph each."""
    text, run = drafts.shown(draft), list[Span]()
    for span in drafts.sentences(draft):
        new_paragraph = bool(run) and "\n" in text[run[-1][1] : span[0]]
        words = len(word_spans(text[run[0][0] : span[1]])) if run else 0
        if run and (new_paragraph or words > LONGEST_PASSAGE or (len(run) > 1 and words > PROPOSED_WORDS)):
            _add(draft, text, (run[0][0], run[-1][1]))
            run = []
        run.append(span)
    if run:
        _add(draft, text, (run[0][0], run[-1][1]))


def toggle(draft: Draft, number: int) -> list[str]:
    """Cut before sentence `number` where it is inside a passage, join where it begins one. Raises CannotCut."""
    spans = drafts.sentences(draft)
    if not 2 <= number <= len(spans):
        return []
    before, after = _passage_at(draft, spans[number - 2]), _passage_at(draft, spans[number - 1])
    if before < 0 or after < 0:
        return []
    return _split(draft, before, spans[number - 1][0]) if before == after else _join(draft, before)


def use(draft: Draft, number: int) -> list[str]:
    """Make a passage of a sentence that is in none."""
    spans = drafts.sentences(draft)
    if 1 <= number <= len(spans) and _passage_at(draft, spans[number - 1]) < 0:
        _add(draft, drafts.shown(draft), spans[number - 1])
    return []


def leave_out(draft: Draft, number: int) -> list[str]:
    """Take passage `number` out; its sentences are in none then. Raises CannotCut where it has marks."""
    if not 1 <= number <= len(draft["passages"]):
        return []
    passage = draft["passages"][number - 1]
    if passage["annotations"]:
        raise CannotCut(_("This passage has marks. Take them off first, then it can be left out."))
    draft["passages"].remove(passage)
    return [drafts.passage_part(passage["key"])]


def change_text(draft: Draft, text: str) -> list[str]:
    """Other words for the text. Passages and marks go where their words stand now.

    Raises CannotCut, which names those whose words are not there any more, or stand several times.
    """
    old, lost, place = drafts.shown(draft), list[str](), _Places(draft["text"], text)
    moved: list[tuple[PassageDraft, PassageDraft]] = []
    for passage in draft["passages"]:
        span = place.of(passage["span"])
        if span is None:
            lost.append(_quoted(old, passage["span"]))
            continue
        shift = span[0] - passage["span"][0]
        marks = [
            mark
            | {name: [[first + shift, last + shift] for first, last in mark[name]] for name in ("core", "envelope")}
            for mark in passage["annotations"]
        ]
        moved.append((passage, {"span": list(span), "annotations": marks}))
    left_out = [(each, place.of(each["span"])) for each in draft["left_out"]]
    lost += [_quoted(old, each["span"]) for each, span in left_out if span is None]
    trial = draft | {"text": text, "left_out": [each | {"span": list(span)} for each, span in left_out if span]}
    edges = drafts.sentences(trial)
    for passage, values in moved:
        start, end = values["span"]
        if start not in {first for first, _ in edges} or end not in {last for _, last in edges}:
            lost.append(_quoted(old, passage["span"]))
    if lost:
        words = _(
            "These words are cut as a passage, and would be lost: %(quotes)s. Change them back, or leave the "
            "passages out first."
        )
        raise CannotCut(words % {"quotes": "; ".join(f"“{each}”" for each in lost[:5])})
    for passage, values in moved:
        passage |= values
    draft["text"], draft["left_out"] = text, trial["left_out"]
    draft["passages"].sort(key=lambda each: each["span"])
    return [drafts.CUTS, *(drafts.passage_part(passage["key"]) for passage, _ in moved)]


@dataclass(frozen=True)
class _Places:
    old: str
    new: str

    def of(self, span: Sequence[int]) -> Span | None:
        """Where words of the old text stand in the new one: the same place counted from either end, or the only one."""
        start, end = span
        words = self.old[start:end]
        from_end = len(self.new) - (len(self.old) - start)
        if self.new[:start] == self.old[:start] and self.new[start:end] == words:
            return start, end
        if from_end >= 0 and self.new[from_end:] == self.old[start:]:
            return from_end, from_end + len(words)
        if self.new.count(words) == 1 or self.old.count(words) == self.new.count(words):
            nth = self.old.count(words, 0, start)
            at = -1
            for _ in range(nth + 1):
                at = self.new.find(words, at + 1)
            return (at, at + len(words)) if at >= 0 else None
        return None


def _split(draft: Draft, at: int, start: int) -> list[str]:
    passage = draft["passages"][at]
    for mark in passage["annotations"]:
        spans = mark["core"] + mark["envelope"]
        if any(first < start < last for first, last in spans) or len({first < start for first, _ in mark["core"]}) > 1:
            quote = _quoted(drafts.shown(draft), mark["core"][0] if mark["core"] else spans[0])
            raise CannotCut(_("A mark goes across this place: “%(quote)s”. Change the mark first.") % {"quote": quote})
    text, end = drafts.shown(draft), passage["span"][1]
    passage["span"][1] = len(text[:start].rstrip())
    second = _add(draft, text, (start, end))
    for name in ("context", "fact", "sensitive", "difficulty", "glossary"):
        second[name] = passage[name]
    _divide(passage, second, start)
    return [drafts.passage_part(passage["key"]), drafts.passage_part(second["key"])]


def _divide(first: PassageDraft, second: PassageDraft, start: int) -> None:
    """Marks go where their words are; a layer whose marks are all in the other half is to be decided anew."""
    marks = first["annotations"]
    second["annotations"] = [each for each in marks if each["core"] and each["core"][0][0] >= start]
    first["annotations"] = [each for each in marks if each not in second["annotations"]]
    second["slips"] = list(first["slips"])
    for layer in LAYERS:
        state = first["layers"][layer]
        second["layers"][layer] = dict(state)
        for half in (first, second):
            if state["state"] == "marked" and not any(each["layer"] == layer for each in half["annotations"]):
                half["layers"][layer] = {"state": "", "why": state["why"]}


def _join(draft: Draft, at: int) -> list[str]:
    first, second = draft["passages"][at : at + 2]
    text = drafts.shown(draft)
    span = [first["span"][0], second["span"][1]]
    words = len(word_spans(text[slice(*span)]))
    if words > LONGEST_PASSAGE:
        raise CannotCut(
            _("Together they have %(n)d words. A passage has %(most)d at most.") % {"n": words, "most": LONGEST_PASSAGE}
        )
    first["span"] = span
    taken = {each["key"] for each in first["annotations"]}
    for mark in second["annotations"]:
        if mark["key"] in taken:
            mark["key"] = drafts.free_key(taken, "mark")
        taken.add(mark["key"])
        first["annotations"].append(mark)
    for name in ("context", "fact"):
        first[name] = " ".join(dict.fromkeys(filter(None, (first[name], second[name]))))
    first["sensitive"] = first["sensitive"] or second["sensitive"]
    first["difficulty"] = max(first["difficulty"], second["difficulty"])
    for name in ("glossary", "slips"):
        first[name] += [each for each in second[name] if each not in first[name]]
    for layer in LAYERS:
        one, other = first["layers"][layer], second["layers"][layer]
        is_marked = any(each["layer"] == layer for each in first["annotations"])
        same = one["state"] == other["state"]
        first["layers"][layer] = {
            "state": "marked" if is_marked else one["state"] if same else "",
            "why": " ".join(dict.fromkeys(filter(None, (one["why"], other["why"])))),
        }
    draft["passages"].remove(second)
    return [drafts.passage_part(first["key"]), drafts.passage_part(second["key"])]


def _add(draft: Draft, text: str, span: Span) -> PassageDraft:
    taken = {each["key"] for each in draft["passages"]}
    stem = slugify(" ".join(text[slice(*span)].split()[:KEY_WORDS]))[:50].strip("-")
    key = stem if stem and stem not in taken else drafts.free_key(taken, stem or "passage")
    made = drafts.new_passage(key, span)
    draft["passages"].append(made)
    draft["passages"].sort(key=lambda each: each["span"])
    return made


def _passage_at(draft: Draft, sentence: Span) -> int:
    """The place of the passage that holds a sentence, -1 for none."""
    for at, passage in enumerate(draft["passages"]):
        if passage["span"][0] <= sentence[0] and sentence[1] <= passage["span"][1]:
            return at
    return -1


def _cut_passage(draft: Draft, text: str, number: int, passage: PassageDraft) -> CutPassage:
    words = len(word_spans(text[slice(*passage["span"])]))
    inside = sum(passage["span"][0] <= first < passage["span"][1] for first, _ in drafts.sentences(draft))
    return CutPassage(
        number, passage["key"], words, len(passage["annotations"]), words > LONGEST_PASSAGE and inside > 1
    )


def _quoted(text: str, span: Sequence[int]) -> str:
    return Truncator(folded(text[span[0] : span[1]])).chars(60)
