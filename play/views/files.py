"""Tables of results as files that a browser keeps."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse

from play import spreadsheets
from play.results.tables import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(tables: Sequence[Table], name: str) -> HttpResponse:
    return _kept(spreadsheets.workbook(tables), XLSX, f"{name}.xlsx")


def table(tables: Sequence[Table], slug: str, name: str) -> HttpResponse:
    """One of the tables as CSV. Raises Http404."""
    for each in tables:
        if each.slug == slug:
            content = spreadsheets.csv_text(each.columns, each.rows).encode()
            return _kept(content, "text/csv; charset=utf-8", f"{name}-{slug}.csv")
    raise Http404


def _kept(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="literacy-game-{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
