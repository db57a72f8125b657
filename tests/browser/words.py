"""Words of a page that are not in its language, or not ours."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path

import allauth
from django.utils import translation
from django.utils.translation import gettext as translated
from playwright.sync_api import Page

from literacy_game import messages

LIBRARY = Path(allauth.__file__).parent / "locale"
PLACE = re.compile(r"%\(\w+\)\w|\{\w*\}")
LETTERS = re.compile(r"\w{3}")
LINES = "document.body.innerText.split('\\n').map(line => line.trim())"


def foreign_words(page: Page) -> list[str]:
    """Lines that are English on a page of another language, or that the account library brought along."""
    foreign, own = _words(page.evaluate("document.documentElement.lang"))
    return [line for line in page.evaluate(LINES) if foreign.fullmatch(line) and not own.fullmatch(line)]


@cache
def _words(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What would be foreign on a page of that language, and what is ours."""
    english = {text for each in messages.found() for text in ([each.id] if isinstance(each.id, str) else each.id)}
    with translation.override(language):
        own = {translated(text) for text in english}
    return _any_of((english | _of_library(language)) - own), _any_of(own)


def _any_of(texts: set[str]) -> re.Pattern[str]:
    """Matches each of them with anything in its places, but for those that hardly say more than their places."""
    parts = [PLACE.split(text) for text in texts]
    return re.compile("|".join(".+".join(map(re.escape, each)) for each in parts if LETTERS.search("".join(each))))


def _of_library(language: str) -> set[str]:
    """What it says: in English, and as it translates that itself."""
    kept = gettext.translation("django", LIBRARY, ["de" if language == "en" else language])
    texts: dict[str | tuple[str, int], str] = kept._catalog  # type: ignore[attr-defined]
    english = {text if isinstance(text, str) else text[0] for text in texts}
    return english if language == "en" else english | set(texts.values())
