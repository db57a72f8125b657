"""What a browser might run, were a text shown as HTML. Pages escape every text; such texts are not taken at all."""

from __future__ import annotations

import re

SCRIPT = re.compile(
    r"<\s*+/?\s*+(?:script|iframe|frame|object|embed|applet|svg|math|style|link|meta|base|form|template)\b"
    r"|<[a-z][^<>]{0,2000}?[\s/\"']on[a-z]{3,40}\s*="
    r"|\b(?:javascript|vbscript):\S"
    r"|\bdata:text/html",
    re.IGNORECASE,
)
