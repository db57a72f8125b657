"""Sets of exercises."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from classroom.models.ids import UidField
from classroom.models.teachers import Teacher
from exercises.models import Exercise

READY_MADE_LANGUAGE = "en"
"""In which the ready-made sets are titled."""


class ExerciseSet(models.Model):
    """Exercises in an order, with an aim. Ready-made sets have a slug and no owner."""

    uid = UidField()
    slug = models.SlugField(max_length=80, unique=True, null=True)  # noqa: DJ001 - unique, so none is not ""
    owner = models.ForeignKey(Teacher, models.CASCADE, null=True, related_name="sets")
    title = models.CharField(max_length=120)
    aim = models.TextField()
    minutes = models.PositiveIntegerField()
    level = models.CharField(max_length=60)
    note = models.TextField()
    starter = models.BooleanField(default=False)
    """Played from the home page without a class; never assigned."""
    example = models.CharField(max_length=60, blank=True)
    """Label that is first shown on its neutral example."""
    intro = models.TextField(blank=True)
    """What students read before the first item."""
    shuffle = models.BooleanField(default=True)
    is_shared = models.BooleanField(default=False)
    """Whether all teachers of this installation see an own set."""
    edited = models.DateTimeField(null=True)
    sealed = models.BooleanField(default=False)
    """A test form: its passages are nowhere else."""
    withdrawn = models.BooleanField(default=False)
    exercises = models.ManyToManyField(Exercise, through="SetItem")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def language(self) -> str:
        """Of title, aim and note, for screen readers; empty where a teacher wrote them."""
        return READY_MADE_LANGUAGE if self.slug else ""


class SetItem(models.Model):
    exercise_set = models.ForeignKey(ExerciseSet, models.CASCADE, related_name="items")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="set_items")
    position = models.PositiveIntegerField()
    section = models.CharField(max_length=80, blank=True)
    """Heading that begins with this item, or empty."""

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exercise_set", "position"], name="position_in_set"),
            models.UniqueConstraint(fields=["exercise_set", "exercise"], name="exercise_once_in_set"),
        ]
