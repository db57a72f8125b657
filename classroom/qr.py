"""QR codes, drawn by the server."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(link: str) -> SafeString:
    """An inline SVG of a link; its colours are the page's."""
    code = segno.make(link, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, svgclass="qr-code", lineclass=None, border=4))  # noqa: S308
