"""Contested marks: what students of a class, or of all classes, disagree with, bundled by mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from classroom.models import Assignment, AssignmentItem, Classroom
from classroom.ways import LAYER_NAMES
from exercises import catalogue, rendering
from exercises.models import Passage, PassageVersion, Source
from exercises.notes import Note, note
from exercises.versions import PassageContent, Played, played
from play.challenges import mark_words
from play.models import Attempt, Challenge
from play.queries.trials import JUDGED
from play.results.tables import Table

NO_MARK = "-"
"""Stands in an address for a challenge about the layer as a whole."""
Address = tuple[int, str, str]
"""A passage's id, a layer, and a mark or ""."""


@dataclass(frozen=True)
class Contested:
    """A mark, or a layer that is said to lack one, with how many disagree."""

    source: str
    passage: str
    title: str
    language: str
    layer: str
    layer_name: str
    mark: str
    about: str
    """The mark in words; empty where it is about the layer as a whole."""
    students: int
    """Who disagreed, ever."""
    open: int

    @property
    def name(self) -> str:
        return self.passage.replace("-", " ")

    @property
    def mark_slug(self) -> str:
        return self.mark or NO_MARK


def of_class(*, classroom: Classroom, assignment: Assignment | None = None) -> list[Contested]:
    """The contested marks of a class, those with most open challenges first."""
    rows = Challenge.objects.filter(student__classroom=classroom)
    return _contested(rows.filter(attempt__assignment=assignment) if assignment else rows)


def everywhere() -> list[Contested]:
    """Those of all classes."""
    return _contested(Challenge.objects.all())


def one(*, classroom: Classroom, passage: Passage, layer: str, mark: str) -> Contested:
    """A mark of a passage, whether or not anybody contests it."""
    rows = Challenge.objects.filter(student__classroom=classroom, passage=passage, layer=layer, mark=mark)
    found = rows.aggregate(students=Count("student", distinct=True), open=Count("pk", filter=Q(ruling=None)))
    return _row(passage, layer, mark, found["students"], found["open"])


def disagreeing(*, classroom: Classroom, addresses: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """How many students of a class disagreed with something in a passage's layer."""
    wanted = set(addresses)
    rows = Challenge.objects.filter(student__classroom=classroom, passage__in={passage for passage, _ in wanted})
    counted = rows.order_by().values_list("passage_id", "layer").annotate(Count("student", distinct=True))
    return {(passage, layer): n for passage, layer, n in counted if (passage, layer) in wanted}


def challenges(*, classroom: Classroom, passage: Passage, layer: str, mark: str) -> list[Challenge]:
    """What was said about a mark in a class, what is open first."""
    rows = Challenge.objects.filter(student__classroom=classroom, passage=passage, layer=layer, mark=mark)
    return sorted(rows, key=lambda each: each.ruling_id is not None)


def wishes(rows: Sequence[Challenge]) -> list[tuple[str, int]]:
    """Labels that were wished instead, the most wished first."""
    counts: dict[str, int] = {}
    for each in rows:
        if each.label:
            counts[each.label] = counts.get(each.label, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def named(found: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The same with the labels' names."""
    names = catalogue.labels()
    return [(names[slug].name if slug in names else slug, n) for slug, n in found]


def met(*, classroom: Classroom, passage: Passage, layer: str) -> bool:
    """Whether a class has anything to do with a layer of a passage: it was asked, or somebody disagreed."""
    about = {"exercise_version__exercise__passage": passage, "exercise_version__exercise__layer": layer}
    asked = AssignmentItem.objects.filter(assignment__classroom=classroom, **about)
    said = Challenge.objects.filter(student__classroom=classroom, passage=passage, layer=layer)
    return asked.exists() or said.exists()


def marked_by_class(
    *, classroom: Classroom, passage: Passage, layer: str
) -> tuple[Played, list[dict[str, object]]] | None:
    """The version that judges and the first answers that mark words, for a heat map; none where nobody marked."""
    rows = Attempt.objects.filter(
        student__classroom=classroom,
        assignment__classroom=classroom,
        passage=passage,
        layer=layer,
        number=1,
        is_passed=False,
        exercise_version__exercise__kind__in=("spot", "source", "markup"),
    )
    found = list(rows.annotate(version_id=JUDGED).order_by("-pk").values_list("version_id", "answer"))
    if not found:
        return None
    return played(found[0][0]), [answer for _, answer in found]


@dataclass(frozen=True)
class ShownKey:
    """The key of a layer of a passage over nobody's answer, with the mark in question."""

    passage: rendering.SegmentPassage
    notes: tuple[Note, ...]
    """Those of the mark; all, where it is about the layer as a whole."""
    language: str
    layer: str
    why: str
    """Why the layer is clean, or for discussion."""
    about: str


def key(*, version: PassageVersion, layer: str, mark: str, source: Source) -> ShownKey:
    content = PassageContent.of(version.content)
    found = [
        note(content, each, number=number)
        for number, each in enumerate(content.passage.of_layer(layer), 1)
        if mark in ("", each.key)
    ]
    return ShownKey(
        passage=rendering.revealed(content, content.targets(layer), (), answered=False),
        notes=tuple(found),
        language=source.language,
        layer=layer,
        why=content.passage.layers[layer].why,
        about=mark_words(content, mark),
    )


def table(found: Sequence[Contested]) -> Table:
    """Contested marks of all classes, for owners. No class and no student is named."""
    return Table(
        slug="contested",
        title=_("Contested marks"),
        columns=[_("Passage"), _("Layer"), _("Mark"), _("Students who disagree"), _("Open")],
        rows=[
            [f"{each.source}/{each.passage}", str(each.layer_name), each.about or "–", each.students, each.open]
            for each in found
        ],
        explanation=_("What students of all classes disagree with, and how often nobody has ruled on it yet."),
        anchor="items",
    )


def _contested(rows: QuerySet[Challenge]) -> list[Contested]:
    counted = list(
        rows.order_by()
        .values_list("passage_id", "layer", "mark")
        .annotate(students=Count("student", distinct=True), open=Count("pk", filter=Q(ruling=None)))
    )
    passages = Passage.objects.select_related("source", "current").in_bulk([row[0] for row in counted])
    found = [_row(passages[pk], layer, mark, students, open_) for pk, layer, mark, students, open_ in counted]
    return sorted(found, key=lambda each: (-each.open, -each.students, each.source, each.passage, each.mark))


def _row(passage: Passage, layer: str, mark: str, students: int, open_: int) -> Contested:
    content = PassageContent.of(passage.current.content) if passage.current else None
    return Contested(
        source=passage.source.slug,
        passage=passage.key,
        title=passage.source.title,
        language=passage.source.language,
        layer=layer,
        layer_name=str(LAYER_NAMES[layer]),
        mark=mark,
        about=mark_words(content, mark) if content and mark else "",
        students=students,
        open=open_,
    )
