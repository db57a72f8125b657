"""Content as files: `seeds/` read into dataclasses and checked whole against the schema.

Everything that does not fit is refused with the file, the key and the reason; all problems are collected
before anything is raised, so that an author mends them in one go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from exercises.content.labels import read_labels, read_translated_labels
from exercises.content.schema import EVIDENCE_OPTIONS, OWN, BadContent, Seeds, SourceText
from exercises.content.sets import read_sets
from exercises.content.texts import read_text

ROWS = "2"
"""Of how texts are kept in rows: a new one loads unchanged files again."""


def read_seeds(folder: Path) -> Seeds:
    """Read and check all content of a folder. Raises BadContent with every problem found."""
    problems: list[str] = []
    labels = read_labels(folder / "labels.toml", problems)
    by_slug = {label.slug: label for label in labels}
    for path in sorted(folder.glob("labels.*.toml")):
        read_translated_labels(path, labels, problems)
    texts = [
        read_text(path.parent, by_slug, problems)
        for path in sorted(folder.glob("*/source.toml"), key=lambda p: p.parent)
    ]
    for text in texts:
        problems += _unfinished(text)
    sets = read_sets(folder / "sets.toml", texts, by_slug, problems)
    if not texts:
        problems.append(f"{folder.name}: no text found")
    if problems:
        raise BadContent(problems)
    return Seeds(tuple(labels), tuple(texts), tuple(sets), digest_of(folder))


def _unfinished(text: SourceText) -> Iterator[str]:
    """What a shipped text needs beyond what any text does."""
    if text.slug.startswith(OWN):
        yield f"{text.slug}: names that begin with {OWN!r} are teachers’ own texts"
    for passage in text.passages:
        for annotation in passage.of_layer("source"):
            where = f"{text.slug}/passages.toml: passages {passage.key}: annotations {annotation.key}"
            if annotation.record is None:
                yield f"{where}: record: is missing"
            elif not annotation.record.references:
                yield f"{where}: record: references: needs at least one, with title, publisher and date"
            if not annotation.evidence:
                yield f"{where}: evidence: needs {EVIDENCE_OPTIONS} options, has 0"


def digest_of(folder: Path) -> str:
    """A digest of every file that `read_seeds` reads: equal digests mean equal content."""
    digest = hashlib.sha256(ROWS.encode())
    for path in [*sorted(folder.glob("*.toml")), *sorted(folder.glob("*/*.toml")), *sorted(folder.glob("*/text.txt"))]:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
