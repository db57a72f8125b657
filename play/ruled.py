"""Rulings as pages show them: what the key was, what it is, where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from classroom.models import Decided, Ruling, Teacher
from classroom.ways import LAYER_NAMES
from exercises import catalogue, rendering
from exercises.versions import PassageContent
from play.challenges import mark_words
from play.models import Regrade


@dataclass(frozen=True)
class RulingRow:
    """`state`: waiting, kept, force, over (by a later ruling), undone."""

    ruling: Ruling
    title: str
    passage: str
    layer: str
    about: str
    what: str
    """The decision in words, with what it changed."""
    state: str
    needs_check: bool
    """The shipped content has changed since it was made, or last compared."""
    regrade: Regrade | None
    """The latest one, with what it changed."""


def rows(*, teacher: Teacher) -> list[RulingRow]:
    """The teacher's own and the school's; for owners all. With the same number of queries however many there are."""
    found = _with_passage()
    if not teacher.is_owner:
        found = found.filter(Q(teacher=teacher) | Q(teacher=None))
    listed = list(found)
    latest: dict[int, Regrade] = {}
    for each in Regrade.objects.filter(ruling__in=listed).order_by("begun", "pk"):
        latest[each.ruling_id] = each
    in_force: dict[tuple[int | None, int, str], int] = {}
    standing = [(row.applied, row.pk, row) for row in listed if row.applied and not row.undone and row.version_id]
    for _applied, pk, row in sorted(standing, key=lambda each: each[:2]):
        in_force[row.teacher_id, row.passage_id, row.layer] = pk
    return [_row(row, latest.get(row.pk), in_force) for row in listed]


def row(ruling: Ruling) -> RulingRow:
    found = _with_passage().get(pk=ruling.pk)
    same = Ruling.objects.filter(passage=found.passage_id, layer=found.layer, teacher=found.teacher_id)
    standing = same.filter(applied__isnull=False, undone=None, version__isnull=False).order_by("applied", "pk").last()
    address = (found.teacher_id, found.passage_id, found.layer)
    return _row(found, found.regrades.first(), {address: standing.pk} if standing else {})


def _with_passage() -> QuerySet[Ruling]:
    return Ruling.objects.select_related("passage__source", "base", "version", "adopted")


def _row(found: Ruling, regrade: Regrade | None, in_force: Mapping[tuple[int | None, int, str], int]) -> RulingRow:
    state = "waiting"
    if found.undone is not None:
        state = "undone"
    elif found.decided == Decided.KEEP:
        state = "kept"
    elif found.applied is not None:
        last = in_force.get((found.teacher_id, found.passage_id, found.layer))
        state = "force" if last == found.pk else "over"
    return RulingRow(
        ruling=found,
        title=found.passage.source.title,
        passage=found.passage.key.replace("-", " "),
        layer=str(LAYER_NAMES[found.layer]),
        about=mark_words(PassageContent.of(found.base.content), found.mark),
        what=said(found),
        state=state,
        needs_check=state == "force" and found.shipped_id != found.passage.current_id,
        regrade=regrade,
    )


def said(ruling: Ruling) -> str:
    """The decision in words, with the label or the words that it brought."""
    words = str(Decided(ruling.decided).label)
    if ruling.version is None or not ruling.mark:
        return words
    before, after = PassageContent.of(ruling.base.content), PassageContent.of(ruling.version.content)
    if ruling.decided == Decided.ACCEPT:
        new = set(after.annotation(ruling.mark).accepted) - set(before.annotation(ruling.mark).accepted)
        names = catalogue.labels()
        return _("%(what)s: %(name)s") % {"what": words, "name": ", ".join(names[slug].name for slug in sorted(new))}
    if ruling.decided == Decided.WIDEN:
        wide = after.annotation(ruling.mark).envelope
        return _("%(what)s: “%(quote)s”") % {"what": words, "quote": rendering.quoted(after, wide)}
    return words


def standing(*, teacher: Teacher | None) -> list[Ruling]:
    """What a teacher, or the school, has changed and not undone, in the order in which it was put in force.

    Of rulings that build on each other all are among them. An adopted one brings along those that it was built on.
    """
    rows = _with_passage().filter(applied__isnull=False, undone=None, version__isnull=False)
    found = list(rows.filter(teacher=teacher).order_by("applied", "pk"))
    if teacher is not None:
        return found
    made = {each.version_id: each for each in rows.filter(teacher__isnull=False).order_by("pk")}
    chain: list[Ruling] = []
    for ruling in found:
        own, base = [ruling], made.get(ruling.base_id)
        while base is not None and (base.passage_id, base.layer) == (ruling.passage_id, ruling.layer):
            own.insert(0, base)
            base = made.get(base.base_id)
        known = {each.version_id for each in chain}
        chain += [each for each in own if each.version_id not in known]
    return chain
