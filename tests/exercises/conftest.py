from __future__ import annotations

from pathlib import Path

import pytest

from tests.exercises.small import SmallSeeds


@pytest.fixture
def small(tmp_path: Path) -> SmallSeeds:
    """A small valid seeds folder, written; change `files` and write again."""
    seeds = SmallSeeds(tmp_path / "seeds")
    seeds.write()
    return seeds
