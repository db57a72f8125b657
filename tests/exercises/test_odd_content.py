"""Hypothesis over the content files: a file that anything was done to is read, or refused whole with its reasons."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.content import read_seeds
from exercises.content.schema import BadContent
from tests.odd import TEXTS

FILES = (
    "labels.toml",
    "sets.toml",
    "market-square/source.toml",
    "market-square/passages.toml",
    "market-square/text.txt",
    "school-bell/passages.toml",
)
VALUES = (
    "",
    "0",
    "-1",
    "true",
    "1.5",
    "nan",
    '""',
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "2026-03-02",
    '"x"',
    '["x", 1]',
    '"\\u0000"',
)
"""What may stand behind an equals sign in TOML, mostly of the wrong type."""
FEW = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("name", FILES)
@FEW
@given(data=st.data())
def test_what_was_done_to_a_file_is_told(seeds_folder: Path, tmp_path: Path, name: str, data: st.DataObject) -> None:
    folder = tmp_path / "seeds"
    if not folder.exists():
        shutil.copytree(seeds_folder, folder)
    good = (seeds_folder / name).read_bytes()
    (folder / name).write_bytes(changed(good, data))
    with contextlib.suppress(BadContent):
        assert read_seeds(folder).texts


def changed(good: bytes, data: st.DataObject) -> bytes:
    """A line's value replaced by another, a line gone or twice, odd text in the middle, or any bytes at all."""
    lines = good.split(b"\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    what = data.draw(st.sampled_from(("value", "gone", "twice", "text", "cut", "bytes")))
    if what == "value" and b"=" in lines[at]:
        lines[at] = lines[at].partition(b"=")[0] + b"= " + data.draw(st.sampled_from(VALUES)).encode()
    elif what == "gone":
        del lines[at]
    elif what == "twice":
        lines.insert(at, lines[at])
    elif what == "text":
        lines[at] += data.draw(st.sampled_from(TEXTS)).encode("utf-8", "surrogatepass")
    elif what == "cut":
        lines = lines[:at]
    else:
        lines[at] = data.draw(st.binary(max_size=40))
    return b"\n".join(lines)
