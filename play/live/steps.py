"""What a teacher can do in a live round, and where it leads. No database: a place goes in, a place comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from play.models import Phase


class NotNow(Exception):
    """This step does not lead anywhere from here."""


@dataclass(frozen=True)
class Place:
    """Where a round stands; positions from 1, see play.models.Round."""

    phase: str
    position: int
    opened: int
    revealed: int
    vote: int
    key_shown: bool
    total: int
    """Items of the round."""
    has_board: bool
    """Whether there is a leaderboard to be shown."""
    has_podium: bool

    @property
    def is_revealed(self) -> bool:
        return 0 < self.position <= self.revealed

    @property
    def is_last(self) -> bool:
        return self.position >= self.total


def after(place: Place, step: str) -> Place:
    """Where a step leads. Raises NotNow."""
    found = STEPS[step](place) if step in STEPS else None
    if found is None or found == place:
        raise NotNow
    return found


def possible(place: Place) -> frozenset[str]:
    """The steps that lead somewhere."""
    return frozenset(step for step, lead in STEPS.items() if lead(place) not in (None, place))


def _next(place: Place) -> Place | None:
    if place.phase in (Phase.PODIUM, Phase.ENDED):
        return None
    if place.phase == Phase.LOBBY:
        return _open(place, 1)
    if place.phase in (Phase.READ, Phase.ANSWER):
        return replace(place, phase=Phase.ANSWER if place.phase == Phase.READ else Phase.LOCKED)
    if not place.is_revealed:
        return _reveal(place)
    if place.phase == Phase.REVEAL:
        return _heat(place)
    if place.phase == Phase.HEAT and place.has_board:
        return _standings(place)
    if not place.is_last:
        return _open(place, place.position + 1)
    return replace(place, phase=Phase.PODIUM) if place.has_podium else None


def _back(place: Place) -> Place | None:
    if place.phase == Phase.PODIUM:
        return replace(place, phase=Phase.STANDINGS)
    if place.phase == Phase.STANDINGS:
        return _heat(place)
    if place.phase == Phase.HEAT:
        return replace(place, phase=Phase.REVEAL if place.is_revealed else Phase.LOCKED, key_shown=False)
    if place.phase in (Phase.ANSWER, Phase.LOCKED):
        return replace(place, phase=Phase.READ if place.phase == Phase.ANSWER else Phase.ANSWER)
    if place.phase in (Phase.READ, Phase.REVEAL) and place.position > 1:
        return replace(place, phase=Phase.REVEAL, position=place.position - 1, key_shown=False)
    return None


def _open(place: Place, position: int) -> Place:
    """To an item: new ones are read first, those that were revealed show their key at once."""
    if position <= place.revealed:
        return replace(place, phase=Phase.REVEAL, position=position, key_shown=False)
    vote = place.vote if position == place.opened else 1
    return replace(
        place, phase=Phase.READ, position=position, opened=max(place.opened, position), vote=vote, key_shown=False
    )


def _lock(place: Place) -> Place | None:
    return replace(place, phase=Phase.LOCKED) if place.phase == Phase.ANSWER else None


def _reveal(place: Place) -> Place | None:
    shown = place.phase in (Phase.HEAT, Phase.STANDINGS) or (not place.is_revealed and place.phase in _ANSWERED)
    if not shown:
        return None
    return replace(place, phase=Phase.REVEAL, revealed=max(place.revealed, place.position), key_shown=False)


def _heat(place: Place) -> Place | None:
    shown = place.phase in (Phase.LOCKED, Phase.REVEAL, Phase.STANDINGS)
    return replace(place, phase=Phase.HEAT) if shown else None


def _key(place: Place) -> Place | None:
    shown = place.phase == Phase.HEAT and place.is_revealed
    return replace(place, key_shown=not place.key_shown) if shown else None


def _standings(place: Place) -> Place | None:
    shown = place.has_board and place.phase in (Phase.LOCKED, Phase.REVEAL, Phase.HEAT)
    return replace(place, phase=Phase.STANDINGS, key_shown=False) if shown else None


def _again(place: Place) -> Place | None:
    """Discuss, then vote again: before the key is out, and once."""
    shown = place.vote == 1 and not place.is_revealed and place.phase in (Phase.LOCKED, Phase.HEAT)
    return replace(place, phase=Phase.ANSWER, vote=2) if shown else None


def _end(place: Place) -> Place | None:
    return replace(place, phase=Phase.ENDED, revealed=place.opened) if place.phase != Phase.ENDED else None


_ANSWERED = (Phase.ANSWER, Phase.LOCKED)

STEPS: dict[str, Callable[[Place], Place | None]] = {
    "next": _next,
    "back": _back,
    "lock": _lock,
    "reveal": _reveal,
    "heat": _heat,
    "key": _key,
    "standings": _standings,
    "again": _again,
    "end": _end,
}
