from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from classroom import loading
from exercises import decisions
from exercises.content.schema import Seeds
from exercises.making import Made
from scoring.points import Item
from tests.exercises.small import SmallSeeds


@pytest.fixture
def small(tmp_path: Path) -> SmallSeeds:
    """A small valid seeds folder, written; change `files` and write again."""
    seeds = SmallSeeds(tmp_path / "seeds")
    seeds.write()
    return seeds


@pytest.fixture(scope="session")
def seeds() -> Seeds:
    """The shipped content."""
    return loading.check(Path(settings.SEEDS_DIR))


@pytest.fixture(scope="session")
def items(seeds: Seeds) -> dict[Made, Item]:
    return decisions.items(seeds)
