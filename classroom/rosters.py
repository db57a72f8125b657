"""A roster as teachers have it: a pasted list of names, or a CSV file, also one of OneRoster."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST_NAME = 60
"""Characters: what a nickname holds."""
LARGEST_FILE = 200_000
"""Bytes."""
MOST_NAMES = 1000
SEPARATORS = ",;\t"
"""Of columns; what is copied from a spreadsheet has tabs."""
HEADINGS = frozenset({"name", "givenname", "familyname"})
SURNAME_FIRST = re.compile(r'[^,;\t"]+,\s[^,;\t"]+')
"""A line like “Berg, Anna”: hands put a space after the comma, files do not."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line; 0 is the list as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("Line %(line)d: %(text)s") % {"line": self.line, "text": self.text} if self.line else self.text


class BadRoster(Exception):
    """The list was refused whole, with every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def decode(raw: bytes) -> str:
    """A file's text: UTF-8 with or without a byte order mark. Raises BadRoster."""
    if len(raw) > LARGEST_FILE:
        raise BadRoster([Problem(0, _("The file is too large for a list of names."))])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        text = _("this is not UTF-8. In Excel, save as “CSV UTF-8”; elsewhere choose UTF-8 when saving.")
        raise BadRoster([Problem(line, text)]) from None


def read(text: str) -> list[str]:
    """The names of a pasted list or of a CSV file, in order, a repeated one as often as it stands. Raises BadRoster.

    The first line may head the columns: `name`, or OneRoster's `givenName` and `familyName`; other columns are left
    out. Without such a line every line is a name, also one like “Berg, Anna”. Columns are parted by `,`, `;` or tabs.
    """
    text = text.removeprefix("\ufeff")
    rows = list(_rows(text))
    if not rows:
        raise BadRoster([Problem(0, _("There is no name in the list."))])
    head = [cell.strip().casefold() for cell in rows[0][1]]
    if "name" in head:
        columns, rows = [head.index("name")], rows[1:]
    elif {"givenname", "familyname"} <= {*head}:
        columns, rows = [head.index("givenname"), head.index("familyname")], rows[1:]
    elif len(head) == 1:
        columns = [0]
    else:
        wanted = _("say in a line above it what the columns hold: name, or givenName and familyName.")
        raise BadRoster([Problem(rows[0][0], wanted)])
    names, problems = [], []
    for line, cells in rows:
        try:
            names.append(_name(cells, columns, len(head)))
        except ValueError as error:
            problems.append(Problem(line, str(error)))
    if not problems and not names:
        problems.append(Problem(0, _("There is no name in the list.")))
    if len(names) > MOST_NAMES:
        problems.append(Problem(0, _("These are more than %(most)d names.") % {"most": MOST_NAMES}))
    if problems:
        raise BadRoster(problems)
    return names


def told_apart(names: Iterable[str]) -> list[str]:
    """Two children with one name are two names: Anna Berg, Anna Berg (2)."""
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name.casefold()] += 1
        number = seen[name.casefold()]
        result.append(name if number == 1 else f"{name} ({number})")
    return result


def _rows(text: str) -> Iterable[tuple[int, Sequence[str]]]:
    """The lines that hold something, with their number, as cells."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=head.count)
    if separator not in head or _is_surname_first(head):  # a plain list: "Berg, Anna" is one name, not two cells
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, [line.strip().strip('"')]
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error:
        raise BadRoster([Problem(reader.line_num, _("this line cannot be read as CSV."))]) from None


def _is_surname_first(line: str) -> bool:
    return bool(SURNAME_FIRST.fullmatch(line.strip())) and HEADINGS.isdisjoint(
        cell.strip().casefold() for cell in line.split(",")
    )


def _name(cells: Sequence[str], columns: Sequence[int], width: int) -> str:
    """The name in a line. Raises ValueError with what is wrong."""
    if len(cells) != width:
        found = {"found": len(cells), "wanted": width}
        raise ValueError(_("it has %(found)d columns, the first line has %(wanted)d.") % found)
    parts = [" ".join(cells[column].split()) for column in columns]
    if not all(parts):
        raise ValueError(_("the name is missing or half of it is."))
    name = " ".join(parts)
    if not name.isprintable() or not any(character.isalpha() for character in name):
        raise ValueError(_("this is not a name."))
    if len(name) > LONGEST_NAME - 6:  # room to tell two of one name apart
        raise ValueError(_("the name has more than %(most)d characters.") % {"most": LONGEST_NAME - 6})
    return name
