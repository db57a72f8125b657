"""Teachers' own texts, and who labelled them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from classroom.models.ids import UidField
from classroom.models.teachers import Teacher
from exercises.models import Source


class OwnText(models.Model):
    """A text that a teacher brings. What is worked on is the draft; publishing makes a source of it."""

    uid = UidField()
    owner = models.ForeignKey(Teacher, models.CASCADE, related_name="own_texts")
    editors = models.ManyToManyField(Teacher, related_name="edited_texts", blank=True)
    """Colleagues who write the draft, too."""
    source = models.OneToOneField(Source, models.SET_NULL, null=True, related_name="own_text")
    """What was published, or none yet."""
    title = models.CharField(max_length=300)
    is_shared = models.BooleanField(default=False)
    """Whether all teachers of this installation can use what is published."""
    draft = models.JSONField()
    """As classroom/own_texts/drafts.py has it."""
    revision = models.PositiveIntegerField(default=0)
    revisions = models.JSONField(default=dict)
    """The revision at which each part of the draft was last saved, and from which page."""
    hands = models.JSONField(default=dict)
    """When each teacher last had a page of the draft open, by the teacher's uid."""
    created = models.DateTimeField()
    saved = models.DateTimeField()
    saved_by = models.ForeignKey(Teacher, models.SET_NULL, null=True, related_name="+")
    published = models.DateTimeField(null=True)
    published_revision = models.PositiveIntegerField(null=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-saved", "-pk"]

    def __str__(self) -> str:
        return self.title


class OwnLabelling(models.Model):
    """What a second teacher marks in an own text without seeing the first one's marks."""

    own_text = models.ForeignKey(OwnText, models.CASCADE, related_name="labellings")
    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="labellings")
    asked = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    marks = models.JSONField(default=dict)
    """By passage and layer, as classroom/own_texts/labelling.py has it."""
    decisions = models.JSONField(default=dict)
    """What was decided where the two disagree, by disagreement."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["own_text", "teacher"], name="labelling_of_teacher")]
