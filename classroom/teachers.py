"""Teachers' accounts as a whole: a further owner, and the end of an account."""

from __future__ import annotations

from django.db import transaction

from classroom.models import Assignment, ExerciseSet, Teacher


class LastOwner(Exception):
    """Other teachers would be left without an owner."""


def make_owner(*, teacher: Teacher) -> None:
    Teacher.objects.filter(pk=teacher.pk).update(is_owner=True)


@transaction.atomic
def delete_account(*, teacher: Teacher) -> None:
    """Delete an account with its classes and sets. Raises LastOwner.

    A set that other teachers have assigned stays in their assignments, nameless and withdrawn.
    """
    others = Teacher.objects.exclude(pk=teacher.pk)
    if teacher.is_owner and others.exists() and not others.filter(is_owner=True).exists():
        raise LastOwner
    for classroom in teacher.classrooms.all():
        classroom.delete()
    used = Assignment.objects.filter(exercise_set__owner=teacher).values("exercise_set")
    ExerciseSet.objects.filter(pk__in=used).update(owner=None, withdrawn=True, is_shared=False)
    teacher.delete()
