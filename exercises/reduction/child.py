"""The process that takes a file apart: `python -m exercises.reduction.child KIND`, the file on standard input.

Nothing in it reaches the network or the database. It prints one JSON object: {"text", "encoding", "notes"}, where a
note is [code, count], or {"refused": code}. exercises/text_files.py has the words for the codes, and ends the process
when it takes too long.
"""

from __future__ import annotations

import contextlib
import json
import sys
from importlib import import_module

from exercises.reduction.reduced import Reduced, Refused

KINDS = ("markdown", "html", "docx", "pdf")
MOST_MEMORY = 768 * 1024 * 1024
"""Bytes of address space, where the system can limit it."""
MOST_SECONDS = 10
"""Of computing, where the system can limit it."""


def main(kind: str) -> None:
    limit()
    if kind not in KINDS:
        raise SystemExit(f"no such kind: {kind}")
    try:
        reduced: Reduced = import_module(f"exercises.reduction.{kind}").reduce(sys.stdin.buffer.read())
        answer = {"text": reduced.text, "encoding": reduced.encoding, "notes": list(reduced.notes.items())}
    except Refused as refused:
        answer = {"refused": refused.code}
    except MemoryError:
        answer = {"refused": "too-much"}
    except RecursionError:
        answer = {"refused": "damaged"}
    sys.stdout.write(json.dumps(answer))


def limit() -> None:
    """Bound memory and time where the system can: Windows has no such limits, macOS refuses some of them.

    Time is bounded everywhere, from outside.
    """
    try:
        import resource
    except ImportError:
        return
    for limited, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limited, (most, most))


if __name__ == "__main__":
    main(sys.argv[1])
