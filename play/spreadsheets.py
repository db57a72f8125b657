"""Tables as files that spreadsheets open: CSV and XLSX, with no cell that one would take for a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from play.results.tables import DECIMALS, Table

SIGNS = "=+-@＝＋－＠"
"""What a formula begins with; some spreadsheets take the wide signs as well."""
FORMULA = (*SIGNS, "\t", "\r", "\n")
"""What a cell begins with that spreadsheets compute."""
INNER_FORMULA = re.compile(rf'(?<=[;\t\r\n])("*)(?=[{re.escape(SIGNS)}])')
"""Where a formula would begin in a spreadsheet whose language parts cells by semicolons, as German and Polish do."""
LONGEST_NAME = 31
"""Characters of a sheet's name."""
FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML cannot hold."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """With a byte order mark, so that spreadsheets read it as UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([_parted(safe(column)) for column in columns])
    writer.writerows([_parted(safe(cell)) for cell in row] for row in rows)
    return "\ufeff" + written.getvalue()


def workbook(tables: Sequence[Table]) -> bytes:
    """One sheet a table. Numbers are numbers, with the decimals of the screen; below stands what the table says."""
    from openpyxl import Workbook  # here: it is a tenth of the server's start, and few starts need it
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(FORBIDDEN.sub(" ", table.title)[:LONGEST_NAME])
        sheet.append([_clean(safe(column)) for column in table.columns])
        for row in table.rows:
            sheet.append([_clean(safe(cell)) for cell in row])
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, float):
                    cell.number_format = f"0.{'0' * DECIMALS}"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "B2"
        sheet.column_dimensions["A"].width = 40
        sheet.append([])
        sheet.append([table.explanation])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def safe(value: Any) -> Any:
    """A cell's value as it is written: names that begin like a formula get an apostrophe before them."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _parted(value: Any) -> Any:
    """Nor does a part of a cell compute, where a spreadsheet parts cells by something else than commas."""
    return INNER_FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def _clean(value: Any) -> Any:
    return CONTROL.sub("", value) if isinstance(value, str) else value
