"""Every string of ours is found, translated into every language, and compiled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from literacy_game import messages

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
PYTHON = [
    path
    for package in messages.PACKAGES
    for path in sorted((settings.BASE_DIR / package).rglob("*.py"))
    if path.parent.name != "migrations"
]
TAGS = re.compile(
    r"{%\s*comment.*?endcomment\s*%}"
    r"|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%\s*block \w+_class\s*%}.*?{%\s*endblock"
    r"|{%.*?%}|{{.*?}}|{#.*?#}",
    re.DOTALL,
)
DRAWN = r'<p class="phrase">.*?</p>'
"""Re-entry words are the same in every language."""
MARKUP = re.compile(rf"{DRAWN}|<script.*?</script>|<[^>]*>|&\w+;", re.DOTALL)
ATTRIBUTE = re.compile(r'\s(?:aria-label|aria-description|alt|title|placeholder)="([^"]*)"')


@pytest.fixture(scope="module")
def found() -> Catalog:
    return messages.found()


@pytest.mark.parametrize("language", messages.languages())
def test_every_message_is_translated(language: str) -> None:
    """`python3 manage.py messages` brings a language up to date; what it then names is to be translated."""
    kept = messages.read(language)
    assert {each.id for each in kept} == {each.id for each in messages.renew(language)}
    assert messages.problems(kept) == []
    assert not kept.obsolete


@pytest.mark.parametrize("language", messages.languages())
def test_what_is_compiled_is_what_is_kept(language: str) -> None:
    compiled = messages.file_of(language).with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(messages.read(language)), "python3 manage.py messages compiles anew"


def test_messages_are_found_wherever_they_stand(found: Catalog) -> None:
    assert "Skip to the content" in found  # {% translate %}
    assert "Why not “%(name)s”?" in found  # {% blocktranslate %}
    assert "Look again" in found  # _() in a tag
    assert "Class code" in found  # gettext_lazy
    assert found["Too many tries. Please wait %(n)d second."].pluralizable  # ngettext
    assert found["%(n)s word"].pluralizable  # {% plural %}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    text = TAGS.sub(" ", path.read_text(encoding="utf-8"))
    own = MARKUP.sub(" ", text).split() + ATTRIBUTE.findall(text)
    assert [each for each in own if re.search(r"[^\W\d_]{2,}", each)] == []


def bare(tree: ast.AST) -> Iterator[str]:
    """What forms would show that did not go through gettext."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        told = [each.value for each in node.keywords if each.arg in ("label", "help_text", "empty_label")]
        if isinstance(node.func, ast.Name | ast.Attribute) and ast.unparse(node.func).endswith(
            ("ValidationError", "add_error")
        ):
            told += node.args[-1:]
        for value in told:
            if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and value.value):
                yield ast.unparse(value)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: "/".join(path.parts[-2:]))
def test_forms_say_nothing_that_is_not_translated(path: Path) -> None:
    assert list(bare(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("de", {0: "0 Wörter", 1: "1 Wort", 2: "2 Wörter", 21: "21 Wörter"}),
        ("pl", {0: "0 słów", 1: "1 słowo", 2: "2 słowa", 5: "5 słów", 12: "12 słów", 21: "21 słów", 22: "22 słowa"}),
        ("uk", {0: "0 слів", 1: "1 слово", 2: "2 слова", 5: "5 слів", 11: "11 слів", 21: "21 слово", 22: "22 слова"}),
    ],
)
def test_numbers_take_their_plural(language: str, numbers: dict[int, str]) -> None:
    with translation.override(language):
        assert {n: ngettext("%(n)s word", "%(n)s words", n) % {"n": n} for n in numbers} == numbers


def test_what_is_wrong_with_a_translation_is_named() -> None:
    catalog = Catalog(locale="pl")
    catalog.add("Hello %(name)s", "Witaj")
    catalog.add("%(n)s <b>word</b>", "%(n)s <i>słowo</i>")
    catalog.add(("%(n)s set", "%(n)s sets"), ("jeden zestaw", "%(n)s zestawy", "dużo"))
    catalog.add("90 %%", "90 %%", flags=["fuzzy"])
    catalog.add("Save")
    changed, guessed, missing = "other placeholders, percent signs or tags", "fuzzy", "not translated"
    expected = [changed, changed, changed, changed, guessed, missing]
    told = messages.problems(catalog)
    assert [part in line for line, part in zip(told, expected, strict=True)] == [True] * len(expected), told


def test_a_new_message_waits_and_an_old_one_goes(settings: object, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    catalog = messages.renew("de")
    catalog["Save"].string = "Speichern"
    catalog.add("No longer said", "Nicht mehr gesagt")
    messages.write("de", catalog)
    renewed = messages.renew("de")
    assert renewed["Save"].string == "Speichern"
    assert "No longer said" not in renewed
    assert len(messages.problems(renewed)) == len(renewed) - 1
    messages.write("de", renewed)
    text = messages.file_of("de").read_text(encoding="utf-8")
    messages.write("de", messages.renew("de"))
    assert messages.file_of("de").read_text(encoding="utf-8") == text, "a second run changes nothing"


def test_a_language_is_heard() -> None:
    for language, word in {"en": "Save", "de": "Speichern", "pl": "Zapisz", "uk": "Зберегти"}.items():
        with translation.override(language):
            assert gettext("Save") == word
