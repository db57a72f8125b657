"""What every answer writes is kept small: each index is a page more on the disk."""

from __future__ import annotations

from itertools import permutations

import pytest
from django.db import models

from play.models import Attempt, Encounter, Opening, Standing


@pytest.mark.parametrize("model", [Attempt, Encounter, Opening, Standing])
def test_no_index_is_the_beginning_of_another(model: type[models.Model]) -> None:
    meta = model._meta
    indexes = [[field.name] for field in meta.local_fields if field.db_index and not field.unique]
    indexes += [list(each.fields) for each in meta.indexes if each.condition is None]
    indexes += [list(each.fields) for each in meta.constraints if isinstance(each, models.UniqueConstraint)]
    twice = [short for short, long in permutations(indexes, 2) if long[: len(short)] == short]
    assert not twice


@pytest.mark.parametrize("name", ["student", "assignment", "exercise_version", "passage", "judged"])
def test_every_key_of_an_answer_can_be_looked_up(name: str) -> None:
    """What it points at cannot go without a look for answers: without an index that is a look at all of them."""
    meta = Attempt._meta
    first = {field.name for field in meta.local_fields if field.db_index}
    first |= {each.fields[0] for each in (*meta.indexes, *meta.constraints)}
    assert name in first
