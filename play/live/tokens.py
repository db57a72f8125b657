"""Signed, short-lived tokens with which pages ask for news of one subject. They say what it is about, not who asks."""

from __future__ import annotations

from django.core import signing

PATH = "/live/stream/"
SALT = "play.live"
TOKEN_AGE = 300
"""Seconds in which a stream can be opened, or a poll asked, with a token. An open stream goes on."""

Subject = tuple[str, int]
"""What it is about: round, board (an assignment), class (its boards), lobby (a class's rounds), debate; and its id."""


def token(kind: str, pk: int) -> str:
    return signing.dumps([kind, pk], salt=SALT)


def stream(kind: str, pk: int) -> str:
    """Where a page opens its stream."""
    return f"{PATH}?token={token(kind, pk)}"


def subject_of(given: str) -> Subject:
    """Raises signing.BadSignature."""
    try:
        kind, pk = signing.loads(given, salt=SALT, max_age=TOKEN_AGE)
        return str(kind), int(pk)
    except (TypeError, ValueError):
        raise signing.BadSignature from None
