"""Rulings on keys."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classroom.models.ids import UidField
from classroom.models.teachers import Teacher
from exercises.models import Passage, PassageVersion


class Decided(models.TextChoices):
    """What can be ruled about a contested mark."""

    KEEP = "keep", _("keep the key as it is")
    ACCEPT = "accept", _("accept another label as well")
    WIDEN = "widen", _("let more words belong to the mark")
    REMOVE = "remove", _("remove the mark")
    DISCUSS = "discuss", _("make it a matter for discussion")
    EXPLAIN = "explain", _("change the explanation")


class Ruling(models.Model):
    """What was decided about a layer of a passage, and the version that this made.

    The latest one in force overlays the shipped key in all classes that the teacher leads, or in the whole school.
    """

    uid = UidField()
    teacher = models.ForeignKey(Teacher, models.CASCADE, null=True, related_name="rulings")
    """In whose classes it is in force; none for the whole school."""
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="rulings")
    layer = models.CharField(max_length=20)
    mark = models.CharField(max_length=40, blank=True)
    """Key of the annotation; empty where it is about the layer as a whole."""
    decided = models.CharField(max_length=10, choices=Decided.choices)
    why = models.TextField()
    """What those who disagreed are told, and everybody whose answer is rescored."""
    base = models.ForeignKey(PassageVersion, models.CASCADE, related_name="+")
    """What was in force before."""
    version = models.ForeignKey(PassageVersion, models.CASCADE, null=True, related_name="+")
    """What it made; none where the key stays."""
    shipped = models.ForeignKey(PassageVersion, models.SET_NULL, null=True, related_name="+")
    """The content in force when it was made, or when somebody last compared it with that."""
    adopted = models.ForeignKey("self", models.SET_NULL, null=True, related_name="adoptions")
    """Of a school's ruling: the teacher's that it was made from."""
    who = models.CharField(max_length=150)
    """A name, so that it outlives the account."""
    made = models.DateTimeField()
    applied = models.DateTimeField(null=True)
    """In force since then. None while its answers wait to be rescored."""
    undone = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made", "-pk"]

    def __str__(self) -> str:
        return f"{self.passage} {self.mark or self.layer}"

    @property
    def outcome(self) -> PassageVersion:
        """The version whose key it stands for."""
        return self.version or self.base
