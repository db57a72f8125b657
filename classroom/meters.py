"""What a set adds up to while it is built: time, balance, and warnings in words. Arithmetic over its decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.kinds import KINDS

WORDS_A_MINUTE = 180
"""Reading to decide is slower than reading on."""
SECONDS_A_DECISION = 45
"""To mark, to choose a name, and to read the reveal's first lines."""
CLEAN_SHARE = (38, 50)
"""Per cent of the decisions that allow "nothing here"; docs/scoring.md says why."""
LARGEST_LABEL = 40
"""Per cent of the marked decisions that one label may be in."""
FEWEST_FOR_LABELS = 3
"""Marked decisions from which on the share of a label says something."""
LENGTHS_APART = 1.5
"""How many times longer marked passages may be than clean ones, on average, or the other way round."""


@dataclass(frozen=True)
class Decision:
    """One decision of a set, as far as the meter minds it. `labels` are names of what the key holds for it."""

    kind: str
    layer: str
    text: str
    camp: str
    words: int
    is_clean: bool
    labels: tuple[str, ...]
    sensitive: bool = False
    is_available: bool = True
    is_held_back: bool = False

    @property
    def is_open(self) -> bool:
        """Whether "nothing here" can be answered."""
        return KINDS[self.kind].CLEAN_OFFERED


@dataclass(frozen=True)
class Share:
    name: str
    count: int


@dataclass(frozen=True)
class Meter:
    decisions: int
    minutes: int
    """As computed, rounded up."""
    planned: int
    """As the teacher has it."""
    open: int
    clean: int
    clean_share: int | None
    """Per cent; None where no decision allows "nothing here"."""
    texts: tuple[Share, ...]
    camps: tuple[Share, ...]
    labels: tuple[Share, ...]
    warnings: tuple[str, ...]


def measure(decisions: Sequence[Decision], *, planned: int) -> Meter:
    """The meter of a set with its warnings. `planned`: the teacher's own minutes."""
    playable = [each for each in decisions if each.is_available]
    asked = [each for each in playable if each.is_open]
    clean = sum(each.is_clean for each in asked)
    minutes = ceil(sum(seconds(each.words) for each in playable) / 60)
    warnings = [*_of_items(decisions), *_of_time(minutes, planned), *_of_balance(playable), *_of_giveaways(asked)]
    return Meter(
        decisions=len(playable),
        minutes=minutes,
        planned=planned,
        open=len(asked),
        clean=clean,
        clean_share=_percent(clean, len(asked)) if asked else None,
        texts=_shares(each.text for each in playable),
        camps=_shares(each.camp for each in playable),
        labels=_shares(label for each in playable for label in dict.fromkeys(each.labels)),
        warnings=tuple(warnings),
    )


def seconds(words: int) -> float:
    """How long one decision takes: reading, and answering."""
    return words * 60 / WORDS_A_MINUTE + SECONDS_A_DECISION


def _of_items(decisions: Sequence[Decision]) -> Iterator[str]:
    if gone := sum(not each.is_available for each in decisions):
        yield ngettext(
            "%(n)d decision is no longer in the material and is left out. Remove it.",
            "%(n)d decisions are no longer in the material and are left out. Remove them.",
            gone,
        ) % {"n": gone}
    if held := sum(each.is_held_back for each in decisions):
        yield ngettext(
            "%(n)d passage is kept for the first steps or for a test. Please remove it.",
            "%(n)d passages are kept for the first steps or for a test. Please remove them.",
            held,
        ) % {"n": held}
    if sensitive := sum(each.sensitive for each in decisions):
        yield ngettext(
            "%(n)d passage speaks of violence against people. Students may pass it.",
            "%(n)d passages speak of violence against people. Students may pass them.",
            sensitive,
        ) % {"n": sensitive}


def _of_time(minutes: int, planned: int) -> Iterator[str]:
    if planned < minutes:
        yield _("You plan %(planned)d minutes; the decisions take about %(minutes)d.") % {
            "planned": planned,
            "minutes": minutes,
        }


def _of_balance(decisions: Sequence[Decision]) -> Iterator[str]:
    """Where a set shows one side of things."""
    if len(decisions) > 1 and len({each.text for each in decisions}) == 1:
        yield _("All passages are from one text. Students would learn the author, not the technique.")
    elif len(decisions) > 1 and len({each.camp for each in decisions}) == 1:
        yield _("One-sided: every passage %(camp)s. The same techniques are found on the other side.") % {
            "camp": decisions[0].camp
        }
    marked = [each for each in decisions if each.labels]
    counts = Counter(label for each in marked for label in dict.fromkeys(each.labels))
    for label, count in counts.most_common():
        if len(marked) >= FEWEST_FOR_LABELS and 100 * count > LARGEST_LABEL * len(marked):
            yield _(
                "“%(label)s” is in %(share)d %% of the marked decisions. Above %(most)d %%, always guessing it pays."
            ) % {"label": label, "share": _percent(count, len(marked)), "most": LARGEST_LABEL}


def _of_giveaways(asked: Sequence[Decision]) -> Iterator[str]:
    """Where something beside the words tells whether a passage is clean."""
    clean = [each for each in asked if each.is_clean]
    marked = [each for each in asked if not each.is_clean]
    least, most = CLEAN_SHARE
    if asked and not least * len(asked) <= 100 * len(clean) <= most * len(asked):
        words = (
            _("%(share)d %% of the open decisions are clean. Below %(least)d %%, always flagging pays.")
            if 100 * len(clean) < least * len(asked)
            else _("%(share)d %% of the open decisions are clean. Above %(most)d %%, never flagging pays.")
        )
        yield words % {"share": _percent(len(clean), len(asked)), "least": least, "most": most}
    if len(asked) < 2 or not clean or not marked:
        return
    if _apart((each.text for each in clean), (each.text for each in marked)):
        yield _("Giveaway: no text has both clean and marked passages here, so the style of the text tells the answer.")
    elif _apart((each.camp for each in clean), (each.camp for each in marked)):
        yield _("Giveaway: clean passages are from one side and marked ones from the other.")
    if _apart(((each.kind, each.layer) for each in clean), ((each.kind, each.layer) for each in marked)):
        yield _("Giveaway: no kind of exercise has both clean and marked passages here, so the task tells the answer.")
    lengths = sorted(sum(each.words for each in group) / len(group) for group in (clean, marked))
    if lengths[1] > LENGTHS_APART * lengths[0]:
        yield _("Giveaway: clean and marked passages differ much in length (%(short)d and %(long)d words).") % {
            "short": round(lengths[0]),
            "long": round(lengths[1]),
        }


def _apart(one: Iterable[Hashable], other: Iterable[Hashable]) -> bool:
    return set(one).isdisjoint(other)


def _shares(names: Iterable[str]) -> tuple[Share, ...]:
    return tuple(Share(name, count) for name, count in Counter(names).most_common())


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole)
