"""The catalogue's words in another language are checked against the catalogue itself."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from classroom import loading
from exercises.content.schema import BadContent
from tests.exercises.small import SmallSeeds

WHERE = "labels.de.toml: "
BAD = {
    "a text is missing": (r'^question = .*\n', "", WHERE + "labels name-calling: question: is missing"),
    "a text is empty": (r'^definition = .*', 'definition = " "', WHERE + "labels name-calling: definition: is empty"),
    "no such label": (r'= "name-calling"', '= "sarcasm"', WHERE + "labels sarcasm: slug: is not in the catalogue"),
    "a label is missing": (r'slug = "doubt"', 'slug = "name-calling"', WHERE + "labels: without doubt"),
    "a label twice": (r'slug = "doubt"', 'slug = "name-calling"', WHERE + "labels name-calling: slug: stands twice"),
    "another confusion": (
        r'label = "loaded-language"',
        'label = "doubt"',
        WHERE + "labels name-calling: confusions: should be with the same labels",
    ),
    "a core that is not there": (
        r'example_core = ".*"',
        'example_core = "no such words"',
        WHERE + "labels name-calling: example_core: should stand exactly once",
    ),
    "two names of a group": (r'^group = .*', 'group = "Andere"', WHERE + "labels guilt-by-association: group: "),
    "a key too many": (r'^name = ', 'layer = "technique"\nname = ', WHERE + "labels name-calling: layer: is not a key"),
}  # fmt: skip


def translated(small: SmallSeeds) -> Path:
    small.write()
    return Path(shutil.copy(settings.SEEDS_DIR / "labels.de.toml", small.folder))


def test_the_shipped_translations_are_accepted(small: SmallSeeds) -> None:
    translated(small)
    assert [label.name for label in loading.check(small.folder).labels][:1] == ["Name calling or labelling"]


@pytest.mark.parametrize(("pattern", "by", "problem"), BAD.values(), ids=BAD.keys())
def test_what_does_not_fit_is_refused(small: SmallSeeds, pattern: str, by: str, problem: str) -> None:
    path = translated(small)
    text, changed = re.subn(pattern, by, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert changed
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadContent) as refused:
        loading.check(small.folder)
    assert any(line.startswith(problem) for line in refused.value.problems), refused.value.problems
