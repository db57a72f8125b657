"""Which key is in force in a class: the shipped one, or what a ruling has made of it.

Whoever leads a class rules for it. In a class's own order of precedence: the latest ruling of its leader on a layer of
a passage, else the school's latest, else the content as it is shipped. Co-teachers play by the leader's key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet

from classroom.models import Ruling
from classroom.prepared import Given, Reading
from exercises import amending
from exercises.models import ExerciseVersion, PassageVersion

Layer = tuple[int, str]
"""A passage's id, and one of its layers."""


@dataclass(frozen=True)
class Judged:
    """How answers to a played version are judged. No version: by its own key."""

    version_id: int | None = None
    is_aside: bool = False
    """They count nowhere."""


AS_PLAYED = Judged()
_APPLIES = {"applied__isnull": False, "undone": None, "version__isnull": False}
_PRECEDENCE = (F("teacher").asc(nulls_first=True), "applied", "pk")
"""The last one is in force."""


@dataclass
class Overlays:
    """The rulings in force in the classes that a teacher leads; without a teacher, those of the school."""

    in_force: dict[Layer, Ruling]
    _judged: dict[tuple[int, int | None], Judged] = field(default_factory=dict)

    @classmethod
    def of(cls, teacher_id: int | None, *, but_not: int | None = None, also: Ruling | None = None) -> Overlays:
        """One query. `but_not`, `also`: as if that ruling were undone, or applied."""
        rows = about_class(teacher_id)
        if but_not is not None:
            rows = rows.exclude(pk=but_not)
        ordered = list(rows.select_related("version", "shipped").order_by(*_PRECEDENCE))
        if also is not None and (also.teacher_id in (None, teacher_id)):
            ordered = sorted([*ordered, also], key=lambda each: each.teacher_id is not None)
        return cls({(each.passage_id, each.layer): each for each in ordered})

    def of_item(self, played: ExerciseVersion) -> Ruling | None:
        return self.in_force.get((played.exercise.passage_id, played.exercise.layer))

    def judge(self, played: ExerciseVersion) -> Judged:
        """By which key answers to a version are judged. `played` with exercise and passage_version selected.

        Answers to other words of the passage, from before or after a change of the text, stay as they were judged.
        """
        ruling = self.of_item(played)
        address = (played.pk, ruling.pk if ruling else None)
        if address not in self._judged:
            self._judged[address] = self._judge(played, ruling)
        return self._judged[address]

    def _judge(self, played: ExerciseVersion, ruling: Ruling | None) -> Judged:
        version = ruling.outcome if ruling else self._root(played.passage_version)
        if version.pk != played.passage_version_id and not amending.same_words(version, played.passage_version):
            return AS_PLAYED
        layer, annotation = played.exercise.layer, played.exercise.annotation
        aside = ruling is not None and (
            version.content["layers"][layer]["state"] == "discussion" or _is_removed(ruling, version, annotation)
        )
        if version.pk == played.passage_version_id:
            return Judged(None, aside)
        found = amending.counterpart(played=played, version=version)
        return Judged(found.pk if found else None, aside)

    def _root(self, version: PassageVersion) -> PassageVersion:
        """What a version was made from in the end, where the rulings that made it are undone."""
        bases = self._bases
        while version.pk in bases:
            version = bases[version.pk]
        return version

    @cached_property
    def _bases(self) -> dict[int, PassageVersion]:
        rows = Ruling.objects.filter(version__isnull=False).select_related("base").order_by("-pk")
        return {row.version_id: row.base for row in rows if row.version_id and row.version_id != row.base_id}

    def fresh(self, current: ExerciseVersion) -> int | None:
        """What a new assignment plays of an exercise; None where a ruling has put it aside."""
        ruling = self.of_item(current)
        if ruling is None:
            return current.pk
        version, annotation = ruling.outcome, current.exercise.annotation
        if version.content["layers"][current.exercise.layer]["state"] == "discussion":
            return None
        if annotation and not amending.has_mark(version.content, annotation):
            return None if _is_removed(ruling, version, annotation) else current.pk
        found = amending.counterpart(played=current, version=version)
        return found.pk if found else current.pk


def about_class(teacher: Any) -> QuerySet[Ruling]:
    """The rulings in force in the classes of a teacher, whose id may be an expression; without one, the school's."""
    return Ruling.objects.filter(Q(teacher=None) | Q(teacher_id=teacher), **_APPLIES).order_by()


def ruling_on(*, passage_id: int, layer: str, teacher_id: int) -> Ruling | None:
    """The ruling in force on one layer of a passage in the classes that a teacher leads. Mostly there is none."""
    rows = _on(passage=passage_id, layer=layer, teacher=teacher_id)
    return Ruling.objects.get(pk=rows[-1][0]) if rows else None


_on = Reading(
    lambda: (
        about_class(Given("teacher"))
        .filter(passage_id=Given("passage"), layer=Given("layer"))
        .order_by(*_PRECEDENCE)
        .values_list("pk")
    )
)


def _is_removed(ruling: Ruling, version: PassageVersion, annotation: str) -> bool:
    """Whether a mark that an exercise asks about was there when the ruling was made, and is not in its version."""
    was_there = ruling.shipped is None or amending.has_mark(ruling.shipped.content, annotation)
    return bool(annotation) and was_there and not amending.has_mark(version.content, annotation)


def overlaid(*, versions: Iterable[int], teacher_id: int | None) -> dict[int, int | None]:
    """What is played instead of exercise versions in force, by their ids; two queries where nothing is ruled.

    None: put aside. What no ruling is about is not among them.
    """
    overlays = Overlays.of(teacher_id)
    if not overlays.in_force:
        return {}
    passages = {passage for passage, _ in overlays.in_force}
    rows = ExerciseVersion.objects.filter(pk__in=list(versions), exercise__passage__in=passages)
    found = rows.select_related("exercise", "passage_version")
    return {each.pk: overlays.fresh(each) for each in found if overlays.of_item(each)}
