"""The ways in which passages can be played: what a teacher chooses among when building a set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classroom.models import ExerciseSet, SetItem, Teacher
from classroom.own_texts import publishing
from exercises import rendering
from exercises.models import Exercise, Passage
from exercises.versions import PassageContent

KIND_NAMES = {
    "spot": gettext_lazy("Spot the technique"),
    "source": gettext_lazy("Find the missing source"),
    "name": gettext_lazy("Name it"),
    "evidence": gettext_lazy("What would settle it?"),
    "judge": gettext_lazy("Judge, and how sure"),
    "markup": gettext_lazy("Mark up everything"),
}
LAYER_NAMES = {"technique": gettext_lazy("Wording"), "source": gettext_lazy("Sources")}
QUOTE = 40
"""Characters of a lit span in the name of a way."""

LAYER_TAKEN = gettext_lazy(
    "The set asks about this layer of the passage already. Its reveal shows the whole key of the layer, so a set "
    "holds one decision per passage and layer."
)
NOT_OFFERED = gettext_lazy("This passage is kept for the first steps or for a test, or it was withdrawn.")
SET_FULL = gettext_lazy("The set is full. Please begin another one.")


@dataclass(frozen=True)
class Way:
    exercise_id: int
    passage_id: int
    kind: str
    layer: str
    name: str


@dataclass(frozen=True)
class WayGroup:
    """The ways of one layer, as a group of a select."""

    layer: str
    name: str
    ways: tuple[Way, ...]


def held_back() -> QuerySet[SetItem, int]:
    """Ids of the passages that are in the starter or in a sealed test form, and therefore nowhere else."""
    reserved = ExerciseSet.objects.filter(Q(starter=True) | Q(sealed=True), withdrawn=False)
    return SetItem.objects.filter(exercise_set__in=reserved).values_list("exercise__passage_id", flat=True)


def offered(teacher: Teacher) -> QuerySet[Exercise]:
    """Exercises that a teacher's own set may hold."""
    return Exercise.objects.filter(passage__in=passages(teacher)).exclude(current=None)


def passages(teacher: Teacher) -> QuerySet[Passage]:
    """Passages that a teacher's own set may hold."""
    usable = Passage.objects.filter(source__in=publishing.visible(teacher))
    return usable.exclude(current=None).exclude(pk__in=held_back())


def of_passages(contents: Mapping[int, PassageContent]) -> dict[int, list[Way]]:
    """The ways of passages by passage id, in the order of the kinds, with one query for all of them."""
    rows = Exercise.objects.filter(passage__in=list(contents)).exclude(current=None).order_by("annotation", "pk")
    found: dict[int, list[Way]] = {pk: [] for pk in contents}
    for row in rows:
        found[row.passage_id].append(way(row, contents[row.passage_id]))
    order = list(KIND_NAMES)
    for ways in found.values():
        ways.sort(key=lambda each: order.index(each.kind))
    return found


def way(exercise: Exercise, content: PassageContent) -> Way:
    name = str(KIND_NAMES[exercise.kind])
    known = {each.key: each for each in content.passage.annotations}
    if exercise.annotation in known:
        quote = rendering.quoted(content, known[exercise.annotation].core)
        name = _("%(kind)s: “%(quote)s”") % {"kind": name, "quote": Truncator(quote).chars(QUOTE)}
    return Way(exercise.pk, exercise.passage_id, exercise.kind, exercise.layer, name)


def grouped(ways: Iterable[Way], *, taken: Iterable[str] = ()) -> tuple[WayGroup, ...]:
    """Ways by layer, without the layers that are taken."""
    listed, closed = list(ways), set(taken)
    groups = (
        WayGroup(layer, str(name), tuple(each for each in listed if each.layer == layer))
        for layer, name in LAYER_NAMES.items()
        if layer not in closed
    )
    return tuple(group for group in groups if group.ways)
