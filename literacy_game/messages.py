"""The messages of the interface: found in our sources, kept in `locale/`, and compiled there. Needs Babel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("exercises", "classroom", "play", "literacy_game")
KEYWORDS = {
    name + lazy: places
    for name, places in {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}.items()
    for lazy in ("", "_lazy")
}
FIXED = re.compile(r"%(?:\(\w+\)\w|.)?|<[^>]+>")
"""What a translation may not change: placeholders, percent signs, tags."""


def languages() -> list[str]:
    """The languages that are translated into."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def file_of(language: str) -> Path:
    """The translations of a language; the compiled file stands beside it, as `.mo`."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def found() -> Catalog:
    """Every message that stands in a Python file or a template of ours."""
    messages = Catalog()
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = f"(\n{templatize(text)}\n)"  # in brackets Python does not mind how lines are indented
        for _line, message, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
            place = path.relative_to(settings.BASE_DIR).as_posix()
            messages.add(message, locations=[(place, 0)], context=context)
    return messages


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((settings.BASE_DIR / package).rglob("*.py"))
    yield from sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def read(language: str) -> Catalog:
    """The translations of a language as they are kept; none yet where there is no file."""
    path = file_of(language)
    if not path.exists():
        return Catalog(
            locale=language,
            project="Literacy Game",
            version="0.1.0",
            msgid_bugs_address="CONTRIBUTING.md",
            last_translator="a language model",
            language_team=language,
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renew(language: str) -> Catalog:
    """The translations with what the sources gained, untranslated, and without what they lost. Not yet kept."""
    kept, template = read(language), found()
    template.creation_date, header = kept.creation_date, kept.header_comment
    kept.update(template, no_fuzzy_matching=True)
    kept.header_comment = header
    kept.obsolete.clear()
    return kept


def write(language: str, catalog: Catalog) -> None:
    """Keep the translations, and compile them."""
    path = file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, sort_by_file=True)
    path.with_suffix(".mo").write_bytes(compiled(read(language)))


def compiled(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def problems(catalog: Catalog) -> list[str]:
    """What is missing or wrong in translations, one line each."""
    return [
        f"{message.id!r}: {problem}" for message in catalog if message.id for problem in _problems(message, catalog)
    ]


def _problems(message: Message, catalog: Catalog) -> Iterator[str]:
    ids, forms = _texts(message.id), _texts(message.string)
    if message.fuzzy:
        yield "the translation is marked as a guess (fuzzy)"
    if not all(forms) or len(forms) != (catalog.num_plurals if message.pluralizable else 1):
        yield "not translated, or not in every plural form"
        return
    for number, form in enumerate(forms):
        alone = message.pluralizable and _numbers(catalog, number) == [1]
        if _fixed(form) not in [_fixed(each) for each in (ids if alone else ids[-1:])]:
            yield f"other placeholders, percent signs or tags in {form!r}"


def _texts(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _numbers(catalog: Catalog, form: int) -> list[int]:
    """The numbers below 200 that take a plural form."""
    rule = c2py(catalog.plural_expr)
    return [number for number in range(200) if rule(number) == form]


def _fixed(text: str) -> tuple[str, ...]:
    return tuple(sorted(FIXED.findall(text)))
