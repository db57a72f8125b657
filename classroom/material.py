"""Browsing the material: passages with their keys, filtered, and where each could go in a set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from classroom import queries, ways
from classroom.models import ExerciseSet, Teacher
from classroom.own_texts import drafts
from classroom.ways import Way, WayGroup
from exercises import notes, reading
from exercises.content.schema import LAYERS, Annotation
from exercises.models import Exercise, Passage, Source
from exercises.versions import PassageContent

PAGE = 10
"""Passages on one page."""
LEVELS = (75, 50)
"""Per cent of first answers right, from which on a passage is easy, or medium."""


@dataclass(frozen=True)
class Filters:
    """What a passage has to be. Empty means: any. `state` and `kind` are looked at in `layer`, or in either one."""

    text: str = ""
    camp: str = ""
    layer: str = ""
    label: str = ""
    kind: str = ""
    state: str = ""
    difficulty: int | None = None
    language: str = ""
    words: str = ""
    sensitive: bool = False
    """Whether passages that speak of violence are shown, too."""


@dataclass(frozen=True)
class Measured:
    """How hard a passage turned out to be. First answers alone count, of all kinds together."""

    answers: int
    right: int

    @property
    def share(self) -> int:
        """Per cent right."""
        return round(100 * self.right / self.answers)

    @property
    def level(self) -> int:
        """1 easy, 2 medium, 3 hard, as the guess has it."""
        easy, medium = LEVELS
        return 1 if self.share >= easy else 2 if self.share >= medium else 3


Measure = Callable[[Collection[int]], Mapping[int, Measured]]
"""Tells of passages, by id, how hard they turned out to be; of those with enough answers."""


def unmeasured(passages: Collection[int]) -> Mapping[int, Measured]:
    """Before there is data."""
    return {}


@dataclass(frozen=True)
class Place:
    """What a set has of a passage, and what it could take."""

    passage_id: int
    anchor: str
    taken: tuple[Way, ...]
    open: tuple[WayGroup, ...]
    error: str = ""

    @property
    def is_full(self) -> bool:
        return bool(self.taken) and not self.open


@dataclass(frozen=True)
class Found:
    """A passage of the material, as a teacher sees it."""

    anchor: str
    """Its id in the page."""
    name: str
    title: str
    slug: str
    camp: str
    language: str
    words: int
    difficulty: int
    """As its authors guessed."""
    measured: Measured | None
    read: reading.ReadPassage
    kinds: tuple[WayGroup, ...]
    place: Place | None
    owner: str
    """Whose own text it is from; empty for a shipped one."""
    made_by: str
    """Of an own text's passage: who made its key, as drafts.made_by says."""


@dataclass(frozen=True)
class Results:
    found: tuple[Found, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Choices:
    """What the material offers to filter by, as (value, name)."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    camps: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    sets: list[tuple[str, str]] = field(default_factory=list)


def choices(*, teacher: Teacher) -> Choices:
    sources = list(Source.objects.filter(passages__in=ways.passages(teacher)).distinct())
    own = teacher.sets.filter(withdrawn=False).order_by("-edited", "-pk")
    return Choices(
        texts=[(source.slug, source.title) for source in sources],
        camps=[(camp, notes.camp_name(camp)) for camp in sorted({source.camp for source in sources})],
        languages=sorted({source.language for source in sources}),
        sets=queries.named(sets=own),
    )


def browse(
    *, teacher: Teacher, filters: Filters, page: int, into: ExerciseSet | None = None, measure: Measure = unmeasured
) -> Results:
    """One page of the passages that fit, in the order of the texts. Pages that are not there are the last one."""
    rows = [(row, content) for row in _rows(filters, teacher) if _fits(content := reading.content_of(row), filters)]
    if filters.difficulty:
        known = measure([row.pk for row, _ in rows])
        rows = [(row, content) for row, content in rows if _level(row, content, known) == filters.difficulty]
    pages = max(1, -(-len(rows) // PAGE))
    page = max(1, min(page, pages))
    shown = rows[(page - 1) * PAGE : page * PAGE]
    contents = {row.pk: content for row, content in shown}
    all_ways, known, items = ways.of_passages(contents), measure(list(contents)), _items(into, contents)
    found = []
    for number, (row, content) in enumerate(shown, 1):
        mine = all_ways[row.pk]
        spot = _place(row, mine, items, "") if into else None
        found.append(_found(row, content, number, mine, spot, known.get(row.pk)))
    return Results(tuple(found), len(rows), page, pages)


def _level(row: Passage, content: PassageContent, known: Mapping[int, Measured]) -> int:
    """How hard a passage is: as measured, or as guessed."""
    return known[row.pk].level if row.pk in known else content.passage.difficulty


def place(*, passage: Passage, into: ExerciseSet, error: str = "") -> Place:
    """Where one passage stands with a set, after something was added or refused."""
    content = reading.content_of(passage)
    found = ways.of_passages({passage.pk: content})[passage.pk]
    return _place(passage, found, _items(into, [passage.pk]), error)


def passage(*, teacher: Teacher, passage_id: int) -> Passage | None:
    """A passage that may be in a teacher's set."""
    return ways.passages(teacher).select_related("source", "current").filter(pk=passage_id).first()


def _rows(filters: Filters, teacher: Teacher) -> QuerySet[Passage]:
    """What the database can tell: the text and what is made of a passage."""
    rows = ways.passages(teacher).select_related("source__own_text__owner", "current")
    if filters.text:
        rows = rows.filter(source__slug=filters.text)
    if filters.camp:
        rows = rows.filter(source__camp=filters.camp)
    if filters.language:
        rows = rows.filter(source__language=filters.language)
    if filters.kind:
        made = Exercise.objects.filter(passage=OuterRef("pk"), kind=filters.kind).exclude(current=None)
        rows = rows.filter(Exists(made.filter(layer=filters.layer) if filters.layer else made))
    return rows


def _fits(content: PassageContent, filters: Filters) -> bool:
    """What the content of a passage tells."""
    passage = content.passage
    layers = (filters.layer,) if filters.layer else LAYERS
    annotations = [each for layer in layers for each in passage.of_layer(layer)]
    if passage.sensitive and not filters.sensitive:
        return False
    if filters.state and not any(passage.layers[layer].state == filters.state for layer in layers):
        return False
    if filters.layer and not filters.state and passage.layers[filters.layer].state == "discussion":
        return False
    if filters.label and not any(filters.label == each.label for each in annotations):
        return False
    return _folded(filters.words) in _searched(content, annotations)


def _searched(content: PassageContent, annotations: Sequence[Annotation]) -> str:
    return _folded(" ".join([content.text, content.passage.context, *(each.explanation for each in annotations)]))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _items(into: ExerciseSet | None, passages: Iterable[int]) -> list[Exercise]:
    """What a set asks about these passages."""
    if into is None:
        return []
    return list(Exercise.objects.filter(set_items__exercise_set=into, passage__in=list(passages)))


def _found(
    row: Passage, content: PassageContent, number: int, found: list[Way], place: Place | None, measured: Measured | None
) -> Found:
    return Found(
        anchor=anchor(row),
        name=row.key.replace("-", " "),
        title=row.source.title,
        slug=row.source.slug,
        camp=notes.camp_name(row.source.camp),
        language=row.source.language,
        words=len(content.words),
        difficulty=content.passage.difficulty,
        measured=measured,
        read=reading.read_passage(content, position=number),
        kinds=ways.grouped(found),
        place=place,
        owner=row.source.own_text.owner.username if row.source.is_own else "",
        made_by=drafts.made_by_card(row.source.card.get("labellers", ""), content.passage),
    )


def _place(row: Passage, found: list[Way], items: list[Exercise], error: str) -> Place:
    mine = [item for item in items if item.passage_id == row.pk]
    taken = [ways.way(item, reading.content_of(row)) for item in mine]
    return Place(row.pk, anchor(row), tuple(taken), ways.grouped(found, taken={each.layer for each in taken}), error)


def anchor(row: Passage) -> str:
    """The id of a passage in a page."""
    return f"{row.source.slug}--{row.key}"
