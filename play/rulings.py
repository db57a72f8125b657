"""Ruling on a contested mark. What a ruling changes is a new version; the old one stays what it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from classroom import audit
from classroom.models import AuditEvent, Decided, Ruling, Teacher
from classroom.overlays import Overlays
from exercises import amending
from exercises.amending import Content
from exercises.models import ExerciseVersion, Passage, PassageVersion
from play import regrading
from play.models import Challenge, Regrade


class Busy(Exception):
    """Answers to an earlier ruling on this layer of the passage are still being rescored."""


class NotNow(Exception):
    """It is not in force, or something else was ruled since."""


class Behind(Exception):
    """The school has another ruling here, which this one does not build on."""


@dataclass(frozen=True)
class Decision:
    """What is ruled: `decided` as in Decided, and what that needs."""

    decided: str
    why: str
    label: str = ""
    words: frozenset[int] = frozenset()
    """Word indices that belong to the mark as well."""
    explanation: str = ""

    def applied_to(self, content: Content, layer: str, mark: str) -> Content:
        if self.decided == Decided.ACCEPT:
            return amending.accept(content, mark, self.label)
        if self.decided == Decided.WIDEN:
            return amending.widen(content, mark, self.words)
        if self.decided == Decided.REMOVE:
            return amending.remove(content, mark, self.why)
        if self.decided == Decided.DISCUSS:
            return amending.discuss(content, layer, self.why)
        return amending.explain(content, mark, self.explanation)


def in_force(*, passage: Passage, layer: str, teacher_id: int | None) -> PassageVersion:
    """The version whose key a layer has in a teacher's classes; without a teacher, in the school.

    Raises NotNow where the passage is withdrawn.
    """
    found = Overlays.of(teacher_id).in_force.get((passage.pk, layer))
    version = found.outcome if found else passage.current
    if version is None:
        raise NotNow
    return version


def rule(*, teacher: Teacher, passage: Passage, layer: str, mark: str, decision: Decision, now: datetime) -> Ruling:
    """Rule for the classes that the teacher leads. Raises Busy. The answers follow: at once, or in the background."""
    with transaction.atomic():
        _wait(passage, layer, teacher.pk)
        ruling = _make(teacher, passage, layer, mark, decision, now)
        regrade = None if ruling.version is None else regrading.begin(ruling=ruling, who=teacher.username, now=now)
    if regrade:
        regrading.start(regrade=regrade)
    return ruling


def _make(teacher: Teacher, passage: Passage, layer: str, mark: str, decision: Decision, now: datetime) -> Ruling:
    base = in_force(passage=passage, layer=layer, teacher_id=teacher.pk)
    keeps = decision.decided == Decided.KEEP
    version = None
    if not keeps:
        content = decision.applied_to(base.content, layer, mark)
        version = amending.publish(passage=passage, content=content)
        for played in ExerciseVersion.objects.filter(
            pk__in=passage.exercises.filter(layer=layer).values("current")
        ).select_related("exercise"):
            amending.counterpart(played=played, version=version)
    ruling = Ruling.objects.create(
        teacher=teacher,
        passage=passage,
        layer=layer,
        mark=mark,
        decided=decision.decided,
        why=decision.why,
        base=base,
        version=version,
        shipped=passage.current,
        who=teacher.username,
        made=now,
        applied=now if keeps else None,
    )
    if keeps:
        mine = Challenge.objects.filter(student__classroom__teacher=teacher, ruling=None)
        mine.filter(passage=passage, layer=layer, mark=mark).update(ruling=ruling)
    audit.note(event=AuditEvent.RULED, who=teacher.username, about=str(ruling), now=now)
    return ruling


def undo(*, ruling: Ruling, who: Teacher, now: datetime) -> None:
    """Take a ruling back; what was in force before is in force again. Raises Busy, NotNow."""
    with transaction.atomic():
        _wait(ruling.passage, ruling.layer, ruling.teacher_id)
        if not is_last(ruling):
            raise NotNow
        regrade = regrading.begin(ruling=ruling, who=who.username, now=now, is_undo=True)
        audit.note(event=AuditEvent.RULING_UNDONE, who=who.username, about=str(ruling), now=now)
    regrading.start(regrade=regrade)


def adopt(*, ruling: Ruling, owner: Teacher, now: datetime) -> Ruling:
    """Put a teacher's ruling in force in the whole school. Raises Busy, NotNow, Behind."""
    with transaction.atomic():
        _wait(ruling.passage, ruling.layer, None)
        if ruling.teacher_id is None or ruling.version is None or not _stands(ruling) or is_adopted(ruling):
            raise NotNow
        if not _builds_on(ruling, in_force(passage=ruling.passage, layer=ruling.layer, teacher_id=None)):
            raise Behind
        made = Ruling.objects.create(
            passage=ruling.passage,
            layer=ruling.layer,
            mark=ruling.mark,
            decided=ruling.decided,
            why=ruling.why,
            base=ruling.base,
            version=ruling.version,
            shipped=ruling.shipped,
            adopted=ruling,
            who=owner.username,
            made=now,
        )
        regrade = regrading.begin(ruling=made, who=owner.username, now=now)
        audit.note(event=AuditEvent.RULING_ADOPTED, who=owner.username, about=str(ruling), now=now)
    regrading.start(regrade=regrade)
    return made


def recheck(*, ruling: Ruling) -> None:
    """Somebody has compared a ruling with the content that is shipped now, and stands by it."""
    Ruling.objects.filter(pk=ruling.pk).update(shipped=ruling.passage.current)


def is_last(ruling: Ruling) -> bool:
    """Whether it is the one in force on its layer of the passage, in its classes or in the school."""
    if ruling.version_id is None or not _stands(ruling):
        return False
    same = Ruling.objects.filter(passage=ruling.passage_id, layer=ruling.layer, teacher=ruling.teacher_id, undone=None)
    latest = same.filter(applied__isnull=False, version__isnull=False).order_by("applied", "pk").last()
    return latest is not None and latest.pk == ruling.pk


def is_adopted(ruling: Ruling) -> bool:
    return ruling.adoptions.filter(undone=None).exists()


def _stands(ruling: Ruling) -> bool:
    return ruling.applied is not None and ruling.undone is None


def _builds_on(ruling: Ruling, version: PassageVersion) -> bool:
    """Whether a ruling was made on a version, or on rulings that were. An older shipped version is one's own, too."""
    made = Ruling.objects.filter(passage=ruling.passage_id, version__isnull=False).order_by("-pk")
    bases = dict(made.values_list("version_id", "base_id"))
    found, seen = ruling.base_id, set[int]()
    while found != version.pk and found in bases and found not in seen:
        seen.add(found)
        found = bases[found]
    return found == version.pk or (found not in bases and version.pk not in bases)


def _wait(passage: Passage, layer: str, teacher_id: int | None) -> None:
    """Rulings on one layer of a passage come one after the other. Raises Busy."""
    Passage.objects.select_for_update(no_key=True).get(pk=passage.pk)
    working = Regrade.objects.filter(finished=None, ruling__passage=passage, ruling__layer=layer)
    others: Collection[int | None] = [None, teacher_id] if teacher_id else []
    if others:
        working = working.filter(Q(ruling__teacher=None) | Q(ruling__teacher=teacher_id))
    if working.exists():
        raise Busy
