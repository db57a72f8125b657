"""How long a class is kept: so many days after the last answer, as its teacher sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from classroom import audit
from classroom.models import AuditEvent, Classroom, Teacher

SHORTEST, LONGEST = 30, 3 * 365
"""Days that a teacher can choose between."""
WARNING = 30
"""Days before the end in which the class's page and the list of classes warn."""
NOTICE = 14
"""Days that the warning stands at least: a laptop may have been off while it should have warned."""


@dataclass(frozen=True)
class Aging:
    """When a class ends if nobody answers any more."""

    ends: datetime
    is_near: bool
    is_announced: bool
    """Whether the warning has begun to stand, which `age_out` notes."""


def aging(*, classroom: Classroom, now: datetime) -> Aging:
    over = (classroom.last_answer or classroom.created) + timedelta(days=classroom.retention_days)
    warns = over - timedelta(days=min(WARNING, classroom.retention_days // 2))
    if now < warns:
        return Aging(ends=over, is_near=False, is_announced=False)
    warned = classroom.warned if classroom.warned and classroom.warned >= warns else None
    ends = max(over, (warned or now) + timedelta(days=NOTICE))
    return Aging(ends=ends, is_near=True, is_announced=warned is not None)


def near_end(*, teacher: Teacher, now: datetime) -> list[tuple[Classroom, Aging]]:
    """The classes that the teacher leads and that end soon."""
    found = [(each, aging(classroom=each, now=now)) for each in teacher.classrooms.all()]
    return [(classroom, age) for classroom, age in found if age.is_near]


def note_answer(*, classroom_id: int, now: datetime, last: datetime | None = None) -> None:
    """Somebody in the class answers. Written once an hour at most: thirty students answer at the same time.

    `last`: the last answer, where the caller has read it with the class.
    """
    hour_ago = now - timedelta(hours=1)
    if last is None or last < hour_ago:
        stale = Q(last_answer=None) | Q(last_answer__lt=hour_ago)
        Classroom.objects.filter(stale, pk=classroom_id).update(last_answer=now)


def aged(*, now: datetime) -> list[Classroom]:
    """The classes whose time is over."""
    return [each for each in Classroom.objects.all() if now >= aging(classroom=each, now=now).ends]


def age_out(*, now: datetime) -> list[str]:
    """Delete the classes whose time is over, with students and answers; their names. Others begin to be warned."""
    over = aged(now=now)
    for each in Classroom.objects.all():
        age = aging(classroom=each, now=now)
        if age.is_near and not age.is_announced:
            Classroom.objects.filter(pk=each.pk).update(warned=now)
    for each in over:
        each.delete()
        audit.note(event=AuditEvent.CLASS_ENDED, about=each.name, now=now)
    return [each.name for each in over]
