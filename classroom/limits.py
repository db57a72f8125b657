"""Limits that keep bots out where a whole school is one address: they count by device, then class, then address.

Kept in the cache: a restart forgives. Nothing here sleeps; who is too fast is told how long to wait.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

FREE_TRIES = 5
"""Wrong codes or words of a device before it has to wait."""
LONGEST_WAIT = 300
"""Seconds. The wait doubles with every wrong try up to this."""
MEMORY = 3600
"""Seconds without a wrong try after which a device starts anew."""
WRONG_OF_ADDRESS = 300
"""Wrong codes or words of all devices at an address, a minute: a mark costs nothing, so that a script takes a new one
for every few tries."""
JOINS_OF_DEVICE = 10
"""In one class, an hour: students share computers, but a class is not joined over and over from one."""
JOINS_WITHOUT_DEVICE = 20
"""In one class, a minute, by browsers that bring no mark of ours: a real one gets it with the page before."""
JOINS_OF_ADDRESS = 1000
"""A minute: a school behind one address joins within it."""

ANSWERS = 120
"""Of one student, a minute, refused ones included: hands are slower, scripts are not."""
REMEMBERED = 10_000
"""Students whose answers a process counts; in its own memory, so that answering asks no cache."""
_answers: dict[str, int] = {}


class TooFast(Exception):
    """Too many tries; `seconds` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def check_guess(*, what: str, device: str, address: str, now: datetime) -> None:
    """Before a code or words are compared. Raises TooFast while the device, or all at its address, have to wait."""
    if device:
        _, until = cache.get(_guess_key(what, device), (0, 0.0))
        if now.timestamp() < until <= now.timestamp() + LONGEST_WAIT:  # later: the clock was set back meanwhile
            raise TooFast(_rest(until, now))
    if _count(f"guess.{what}.{address}", 60, now, add=0) >= WRONG_OF_ADDRESS:
        raise TooFast(_rest_of_window(60, now))


def wrong_guess(*, what: str, device: str, address: str, now: datetime) -> None:
    """A code or words fitted nothing: after some free tries each wait is twice as long."""
    _count(f"guess.{what}.{address}", 60, now)
    if not device:
        return
    key = _guess_key(what, device)
    wrong = cache.get(key, (0, 0.0))[0] + 1
    wait = min(2 ** min(wrong - FREE_TRIES + 1, 20), LONGEST_WAIT) if wrong >= FREE_TRIES else 0
    cache.set(key, (wrong, now.timestamp() + wait), MEMORY)


def right_guess(*, what: str, device: str) -> None:
    """The device has found its way: it starts anew."""
    if device:
        cache.delete(_guess_key(what, device))


def spend_join(*, classroom: str, device: str, address: str, now: datetime) -> None:
    """Before an entry is made. Raises TooFast where the device, the class or the address has used its share up."""
    if device:
        if _count(f"join.{classroom}.{device}", 3600, now) > JOINS_OF_DEVICE:
            raise TooFast(_rest_of_window(3600, now))
    elif _count(f"join.{classroom}", 60, now) > JOINS_WITHOUT_DEVICE:
        raise TooFast(_rest_of_window(60, now))
    if _count(f"join.at.{address}", 60, now) > JOINS_OF_ADDRESS:
        raise TooFast(_rest_of_window(60, now))


def spend_answer(*, student: str, now: datetime) -> None:
    """Before an answer is read. Raises TooFast where the student has sent this minute's share."""
    key = f"{student}.{int(now.timestamp() // 60)}"
    if len(_answers) >= REMEMBERED:
        _answers.clear()
    _answers[key] = _answers.get(key, 0) + 1
    if _answers[key] > ANSWERS:
        raise TooFast(_rest_of_window(60, now))


def _guess_key(what: str, device: str) -> str:
    return f"limits.guess.{what}.{device}"


def _count(name: str, window: int, now: datetime, add: int = 1) -> int:
    """How often something happened in the present window of so many seconds, this time included."""
    key = f"limits.{name}.{int(now.timestamp() // window)}".replace(" ", "")
    cache.add(key, 0, window + 60)
    try:
        return int(cache.incr(key, add)) if add else int(cache.get(key, 0))
    except ValueError:  # thrown out of a full cache meanwhile
        return add


def _rest(until: float, now: datetime) -> int:
    return max(1, round(until - now.timestamp()))


def _rest_of_window(window: int, now: datetime) -> int:
    return window - int(now.timestamp()) % window
