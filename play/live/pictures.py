"""The class's answers to an item as a picture: marked words, options, confidence. Nobody is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from exercises import rendering
from exercises.keys import option_name
from exercises.versions import Played, played
from play import raw
from play.forms import CONFIDENCES
from play.live.queries import version_at
from play.models import Ballot, Round
from play.questions import judged, nothing
from scoring import heat, kinds
from scoring.heat import Bar, Shift
from scoring.points import Answer


@dataclass(frozen=True)
class HeatPart:
    """Neighbouring words that equally many marked."""

    text: str
    count: int
    """0 where it is too few to be told."""
    level: int
    in_key: bool


@dataclass(frozen=True)
class HeatSentence:
    number: int
    new_paragraph: bool
    parts: tuple[HeatPart, ...]


@dataclass(frozen=True)
class Row:
    """An option with its bars: the first vote, and the second where there was one."""

    text: str
    bars: tuple[Bar, ...]
    in_key: bool


@dataclass(frozen=True)
class Sure:
    confidence: int
    right: Bar
    wrong: Bar


@dataclass(frozen=True)
class Picture:
    """`is_hidden`: there are too few answers to be shown without telling whose they are."""

    kind: str
    language: str
    answers: int
    is_hidden: bool
    votes: int
    sentences: tuple[HeatSentence, ...] = ()
    rows: tuple[Row, ...] = ()
    sure: tuple[Sure, ...] = ()
    shift: Shift | None = None


def picture(*, live: Round, language: str) -> Picture:
    """The class's answers to the current item; the last vote where there were two.

    Before the reveal nothing in it depends on the key.
    """
    shown = played(version_at(live, live.position))
    votes = [_answers(live, shown, vote) for vote in (1, 2)]
    latest = votes[1] or votes[0]
    told = live.position <= live.revealed
    count = 2 if votes[1] else 1
    if len(latest) < heat.FEWEST_ANSWERS:
        return Picture(shown.kind, language, len(latest), is_hidden=True, votes=count)
    given = list(latest.values())
    marking = shown.kind in ("spot", "source", "markup")
    return Picture(
        kind=shown.kind,
        language=language,
        answers=len(given),
        is_hidden=False,
        votes=count,
        sentences=_sentences(shown, given, key=told) if marking else (),
        rows=_rows(shown, [list(each.values()) for each in votes[:count]], key=told),
        sure=_sure(shown, given) if told and shown.kind == "judge" else (),
        shift=heat.shift(*({who: _is_right(shown, each) for who, each in vote.items()} for vote in votes))
        if told and votes[1]
        else None,
    )


def _answers(live: Round, shown: Played, vote: int) -> dict[int, Answer]:
    """By student: answers that came in time, of those who are in the round and did not pass."""
    ballots = Ballot.objects.filter(
        round=live,
        position=live.position,
        vote=vote,
        is_passed=False,
        is_late=False,
        student__in=live.seats.filter(is_removed=False).values("student"),
    )
    return {each.student_id: raw.unpack(each.answer, shown) for each in ballots}


def _is_right(shown: Played, given: Answer) -> bool:
    return kinds.score(shown.item, given).correct


def _sentences(shown: Played, given: Sequence[Answer], *, key: bool) -> tuple[HeatSentence, ...]:
    marked = [frozenset().union(*(mark.picked for mark in each.marks)) for each in given]
    counts = heat.word_counts(marked, len(shown.content.words))
    told = [count if heat.level(count, len(given)) else 0 for count in counts]
    core = frozenset().union(*(target.core for target in shown.content.targets(shown.layer))) if key else frozenset()
    looks = [(count, index in core) for index, count in enumerate(told)]
    sentences = []
    for sentence in rendering.marking(shown.content).sentences:
        parts = [
            HeatPart("".join(text for text, _ in group), look[0], heat.level(look[0], len(given)), look[1])
            for look, group in groupby(_looked(sentence.tokens, looks), key=lambda each: each[1])
        ]
        sentences.append(HeatSentence(sentence.number, sentence.new_paragraph, tuple(parts)))
    return tuple(sentences)


Look = tuple[int, bool]


def _looked(tokens: Sequence[rendering.Token], looks: Sequence[Look]) -> list[tuple[str, Look]]:
    """Each piece of a sentence with its look; what stands between two words of one look has it, too."""
    found: list[tuple[str, Look]] = []
    for number, token in enumerate(tokens):
        if token.index is not None:
            found.append((token.text, looks[token.index]))
            continue
        before = looks[index] if number and (index := tokens[number - 1].index) is not None else None
        after = looks[index] if number + 1 < len(tokens) and (index := tokens[number + 1].index) is not None else None
        found.append((token.text, before if before is not None and before == after else (0, False)))
    return found


def _rows(shown: Played, votes: Sequence[Sequence[Answer]], *, key: bool) -> tuple[Row, ...]:
    if shown.kind == "judge":
        texts = {each: judged(shown.layer, flagged=each == "yes") for each in ("yes", "no")}
        chosen = [["yes" if each.flagged else "no" for each in vote] for vote in votes]
        right = {"yes" if shown.item.marked else "no"}
    elif shown.kind in ("name", "evidence"):
        texts = {option: option_name(shown, option) for option in shown.options}
        chosen = [[each.choice or "" for each in vote] for vote in votes]
        right = set(shown.item.right if shown.kind == "evidence" else shown.item.targets[0].right)
    else:
        texts = {"marked": _("Marked something"), "nothing": nothing(shown.layer)}
        chosen = [["marked" if each.marks else "nothing" for each in vote] for vote in votes]
        right = {"marked" if shown.item.marked else "nothing"}
    bars = [heat.bars(vote, list(texts)) for vote in chosen]
    return tuple(
        Row(text, tuple(each[value] for each in bars), key and value in right) for value, text in texts.items()
    )


def _sure(shown: Played, given: Sequence[Answer]) -> tuple[Sure, ...]:
    said = [(each.confidence or 0, _is_right(shown, each)) for each in given]
    return tuple(Sure(level, *both) for level, both in heat.histogram(said, CONFIDENCES).items())
