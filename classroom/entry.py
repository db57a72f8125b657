"""What students type or are given to get in: class codes, nicknames, re-entry phrases."""

from __future__ import annotations

import hmac
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings

CODE_ALPHABET = "CDFGHJKMNPQRTVWXY34679"
"""No vowels (no words) and no look-alikes: 22 characters, 113 million codes of six."""
CODE_LENGTH = 6
PHRASE_WORDS = 4
WORDS = Path(__file__).resolve().parent / "words"


@cache
def words(name: str) -> tuple[str, ...]:
    return tuple((WORDS / f"{name}.txt").read_text(encoding="utf-8").split())


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def clean_code(typed: str) -> str:
    """A code as typed, without what people add: spaces, dashes, small letters."""
    return "".join(character for character in typed.upper() if character.isalnum())


def new_nickname() -> str:
    return f"{secrets.choice(words('adjectives'))} {secrets.choice(words('animals'))}"


def new_phrase() -> str:
    """Four words of 1,024: 40 bits."""
    return " ".join(secrets.choice(words("phrase")) for _ in range(PHRASE_WORDS))


def phrase_hmac(phrase: str, classroom_uid: str) -> str:
    """The keyed hash of a phrase as typed (case and spaces do not matter), bound to the class."""
    folded = " ".join(phrase.lower().replace("-", " ").split())
    return hmac.digest(settings.SECRET_KEY.encode(), f"{classroom_uid}\0{folded}".encode(), "sha256").hex()
