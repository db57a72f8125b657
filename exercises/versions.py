"""Between a passage's stored version and what scoring and pages use.

`freeze` makes the JSON of a version, `PassageContent.of` reads it back. Spans in it stay code points into the
source's file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from exercises import making
from exercises.content.schema import (
    Annotation,
    EvidenceOption,
    LayerState,
    NearMiss,
    Passage,
    Record,
    Reference,
    Slip,
    SourceText,
    Term,
)
from exercises.memory import remembered
from exercises.models import ExerciseVersion
from scoring.points import Item, Target
from scoring.spans import Span, Words


def freeze(source: SourceText, passage: Passage) -> dict[str, Any]:
    """The content of a version: the passage's words and everything annotated on them."""
    frozen = asdict(passage) | {"text": source.shown[slice(*passage.span)]}
    for annotation in frozen["annotations"]:
        if annotation["labelled_by"] == "model":
            del annotation["labelled_by"]  # versions from before there was another stay what they are
    return json.loads(json.dumps(frozen))  # type: ignore[no-any-return]


def digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class PassageContent:
    """A passage as played: its words as shown (what is left out is blank) and its annotations."""

    text: str
    passage: Passage

    @classmethod
    def of(cls, content: dict[str, Any]) -> PassageContent:
        values = dict(content)
        text = values.pop("text")
        return cls(text, Passage(**values | _parts(values)))

    @property
    def start(self) -> int:
        """Where the passage begins in the source's file, in code points."""
        return self.passage.span[0]

    @cached_property
    def words(self) -> Words:
        return Words.of(self.text, [(first - self.start, last - self.start) for first, last in self.passage.sentences])

    def targets(self, layer: str) -> tuple[Target, ...]:
        return making.targets(self.passage, layer, self.words)

    def annotation(self, key: str) -> Annotation:
        """The annotation of that key. Raises KeyError."""
        for each in self.passage.annotations:
            if each.key == key:
                return each
        raise KeyError(key)

    def run_of(self, span: Span) -> Span | None:
        """The run of words that a span of the file touches."""
        return self.words.run(span[0] - self.start, span[1] - self.start)

    def span_of(self, run: Span) -> Span:
        """The span of the file that a run of words covers."""
        first, last = self.words.code_points(run)
        return first + self.start, last + self.start


def _parts(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "span": _span(values["span"]),
        "sentences": tuple(map(_span, values["sentences"])),
        "layers": {layer: LayerState(**state) for layer, state in values["layers"].items()},
        "annotations": tuple(map(_annotation, values["annotations"])),
        "slips": tuple(Slip(**slip) for slip in values["slips"]),
        "glossary": tuple(Term(**term) for term in values["glossary"]),
    }


def _span(pair: list[int]) -> Span:
    return pair[0], pair[1]


def _annotation(values: dict[str, Any]) -> Annotation:
    record = values["record"]
    parts = {
        "core": tuple(map(_span, values["core"])),
        "envelope": tuple(map(_span, values["envelope"])),
        "accepted": tuple(values["accepted"]),
        "near": tuple(NearMiss(**near) for near in values["near"]),
        "evidence": tuple(EvidenceOption(**option) for option in values["evidence"]),
        "record": record
        and Record(**record | {"references": tuple(Reference(**each) for each in record["references"])}),
    }
    return Annotation(**values | parts)


@dataclass(frozen=True)
class Played:
    """An exercise version, ready to be shown and scored. Immutable, so it is kept in memory by its id."""

    version_id: int
    kind: str
    layer: str
    annotation: str
    content: PassageContent
    item: Item
    passage_id: int
    source_id: int
    is_own: bool
    """Of a teacher's own text."""

    @property
    def options(self) -> tuple[str, ...]:
        return self.item.options

    @property
    def asked(self) -> Annotation | None:
        """The annotation that is lit, in kinds that ask about one."""
        return self.content.annotation(self.annotation) if self.annotation else None


@remembered(2000)
def played(version_id: int) -> Played:
    """The exercise version of that id. Raises ExerciseVersion.DoesNotExist."""
    version = (
        ExerciseVersion.objects.select_related("exercise__passage__source", "passage_version")
        .defer("exercise__passage__source__text")
        .get(pk=version_id)
    )
    exercise, content = version.exercise, PassageContent.of(version.passage_version.content)
    item = item_of(content, exercise.kind, exercise.layer, exercise.annotation, tuple(version.options))
    return Played(
        version_id=version_id,
        kind=exercise.kind,
        layer=exercise.layer,
        annotation=exercise.annotation,
        content=content,
        item=item,
        passage_id=exercise.passage_id,
        source_id=exercise.passage.source_id,
        is_own=exercise.passage.source.is_own,
    )


def drawn_once(most: int) -> Callable[[Callable[Concatenate[int, P], T]], Callable[Concatenate[int, P], T]]:
    """`remembered`, for what is drawn of an exercise version, the first argument.

    A teacher's own text is drawn each time: who publishes it again may have changed its source card.
    """

    def keep(work: Callable[Concatenate[int, P], T]) -> Callable[Concatenate[int, P], T]:
        kept = remembered(most)(work)

        @wraps(work)
        def draw(version_id: int, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return (work if played(version_id).is_own else kept)(version_id, *args, **kwargs)

        return draw

    return keep


def item_of(content: PassageContent, kind: str, layer: str, annotation: str, options: tuple[str, ...]) -> Item:
    """What scoring needs to know of an exercise. Raises KeyError where there is no such annotation."""
    targets = content.targets(layer)
    right: frozenset[str] = frozenset()
    if annotation:
        asked = content.annotation(annotation)
        targets = tuple(each for each in targets if each.key == asked.key)
        if kind == "evidence":
            right = frozenset(str(number) for number, option in enumerate(asked.evidence) if option.settles)
    return Item(kind, layer, content.words, targets, options, right)
