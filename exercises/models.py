"""Material: sources, passages and the exercises made from them.

Published content is immutable: an edit makes a new version, and an attempt points at the version that was
played. The stable rows (`Passage`, `Exercise`) are what sets refer to.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Source(models.Model):
    """A text, byte for byte, with its provenance card."""

    slug = models.SlugField(max_length=80, unique=True)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    is_own = models.BooleanField(default=False, db_default=False)
    """A teacher's own text: written by publishing alone, as the others are by loading alone."""
    camp = models.CharField(max_length=20)
    card = models.JSONField()
    """Genre, outlet, date, told, not_told, found, content_note, teacher_note, labellers, left_out, licence."""

    class Meta:
        ordering: ClassVar = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Passage(models.Model):
    """A run of whole sentences of a source. `position` orders the passages of a text."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="passages")
    key = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    current = models.ForeignKey("PassageVersion", models.PROTECT, null=True, related_name="+")
    """The version in force; none once the passage is withdrawn."""

    class Meta:
        ordering: ClassVar = ["source__slug", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="passage_key_in_source")]

    def __str__(self) -> str:
        return f"{self.source.slug}/{self.key}"


class PassageVersion(models.Model):
    """What a passage and its annotations were at one time. Never changed; `content` as exercises/versions.py has it."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["passage", "number"], name="passage_version_number")]

    def __str__(self) -> str:
        return f"{self.passage} v{self.number}"


class Exercise(models.Model):
    """One way to play a passage. `annotation` is empty for kinds about the whole passage."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="exercises")
    kind = models.CharField(max_length=20)
    layer = models.CharField(max_length=20)
    annotation = models.CharField(max_length=40, blank=True)
    current = models.ForeignKey("ExerciseVersion", models.PROTECT, null=True, related_name="+")
    """The version in force; none once the exercise is withdrawn."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["passage", "kind", "layer", "annotation"], name="exercise_address")
        ]

    def __str__(self) -> str:
        return f"{self.passage} {self.kind} {self.annotation or self.layer}"


class ExerciseVersion(models.Model):
    """What was shown and scored: a passage version, and the options in their order. Never changed."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="versions")
    passage_version = models.ForeignKey(PassageVersion, models.PROTECT, related_name="exercise_versions")
    number = models.PositiveIntegerField()
    options = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["exercise", "number"], name="exercise_version_number")]

    def __str__(self) -> str:
        return f"{self.exercise} v{self.number}"


class LoadedContent(models.Model):
    """The one row that says which seeds are loaded, so that a start without changes loads nothing."""

    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest[:12]
