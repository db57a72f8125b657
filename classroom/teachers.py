"""Teachers' accounts as a whole: a further owner, and the end of an account."""

from __future__ import annotations

from django.db import transaction

from classroom.models import Assignment, ExerciseSet, Teacher
from classroom.own_texts import publishing


class LastOwner(Exception):
    """Other teachers would be left without an owner."""


def make_owner(*, teacher: Teacher) -> None:
    Teacher.objects.filter(pk=teacher.pk).update(is_owner=True)


@transaction.atomic
def delete_account(*, teacher: Teacher) -> None:
    """Delete an account with its classes, sets and own texts. Raises LastOwner.

    A set that other teachers have assigned stays in their assignments, nameless and withdrawn; so do passages of own
    texts that are in sets or assignments of others.
    """
    others = Teacher.objects.exclude(pk=teacher.pk)
    if teacher.is_owner and others.exists() and not others.filter(is_owner=True).exists():
        raise LastOwner
    for classroom in teacher.classrooms.all():
        classroom.delete()
    used = Assignment.objects.filter(exercise_set__owner=teacher).values("exercise_set")
    ExerciseSet.objects.filter(pk__in=used).update(owner=None, withdrawn=True, is_shared=False)
    for exercise_set in teacher.sets.all():
        exercise_set.delete()
    for own_text in teacher.own_texts.select_related("source"):
        publishing.remove(own_text=own_text)
    teacher.delete()
