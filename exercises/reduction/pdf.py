"""PDF reduced to the text of its pages, with pypdf."""

from __future__ import annotations

import io
import logging
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import LimitReachedError

from exercises.reduction.reduced import MOST_CHARACTERS, Reduced, Refused

MOST_PAGES = 300


def reduce(data: bytes) -> Reduced:
    """Raises Refused."""
    logging.disable()  # what pypdf has to say about a file goes to nobody
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Refused("pages")
        return _text(reader)
    except (Refused, MemoryError, RecursionError):
        raise
    except LimitReachedError:
        raise Refused("too-much") from None
    except Exception:  # pypdf raises what it meets: of a broken file, nearly anything
        raise Refused("damaged") from None


def _text(reader: PdfReader) -> Reduced:
    pages: list[str] = []
    length = 0
    for page in reader.pages:
        pages.append(page.extract_text().strip())
        length += len(pages[-1])
        if length > MOST_CHARACTERS:
            raise Refused("too-long")
    if not any(pages):
        raise Refused("scan")
    return Reduced("\f".join(pages), notes=Counter({"pages": len(pages)}))
