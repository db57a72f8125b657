"""Who can use an own text, who writes it together, and who labels it without seeing the key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from classroom.models import ExerciseSet, OwnLabelling, OwnText, Teacher

AUTHOR, LABELLER = ROLES = ("author", "labeller")


@dataclass(frozen=True)
class People:
    authors: tuple[Teacher, ...]
    """Beside the one whose text it is."""
    labellings: tuple[OwnLabelling, ...]


def people(*, own_text: OwnText) -> People:
    return People(
        tuple(own_text.editors.order_by("username")),
        tuple(own_text.labellings.select_related("teacher").order_by("teacher__username")),
    )


def taken(*, own_text: OwnText) -> list[int]:
    """Ids of the teachers who have a part in it already. Who has seen the key cannot label blind."""
    authors = own_text.editors.values_list("pk", flat=True)
    return [own_text.owner_id, *authors, *own_text.labellings.values_list("teacher_id", flat=True)]


def share(*, own_text: OwnText, is_shared: bool) -> None:
    OwnText.objects.filter(pk=own_text.pk).update(is_shared=is_shared)


def sets_elsewhere(*, own_text: OwnText) -> int:
    """How many sets of teachers who do not write it hold passages of it."""
    authors = [own_text.owner_id, *own_text.editors.values_list("pk", flat=True)]
    holding = ExerciseSet.objects.filter(items__exercise__passage__source=own_text.source, withdrawn=False)
    return holding.exclude(owner__in=authors).distinct().count() if own_text.source_id else 0


def add_author(*, own_text: OwnText, colleague: Teacher) -> None:
    own_text.editors.add(colleague)


def ask_to_label(*, own_text: OwnText, colleague: Teacher, now: datetime) -> None:
    OwnLabelling.objects.get_or_create(own_text=own_text, teacher=colleague, defaults={"asked": now})


@transaction.atomic
def remove(*, own_text: OwnText, role: str, teacher_uid: str) -> None:
    """End a colleague's part. A labelling goes with its marks; what it led to in the key stays."""
    if role == AUTHOR:
        own_text.editors.remove(*own_text.editors.filter(uid=teacher_uid))
    else:
        own_text.labellings.filter(teacher__uid=teacher_uid).delete()
