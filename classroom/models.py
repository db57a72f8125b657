"""Plan: teachers, classes, students, sets, assignments. Objects are addressed by `uid`, which cannot be guessed."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from exercises.models import Exercise, ExerciseVersion


def new_uid() -> str:
    """72 random bits as 12 characters that are safe in an address."""
    return secrets.token_urlsafe(9)


def new_session_key() -> str:
    return secrets.token_urlsafe(12)


class UidField(models.CharField):  # type: ignore[type-arg]
    """A unique, unguessable public id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(max_length=16, unique=True, default=new_uid, editable=False)
        super().__init__(**kwargs)


class Teacher(AbstractUser):
    """Somebody with an account. The owner set the installation up and sees owners' pages, too."""

    uid = UidField()
    is_owner = models.BooleanField(default=False)


class Invitation(models.Model):
    """A link by which one more teacher makes an account."""

    uid = UidField()
    invited_by = models.ForeignKey(Teacher, models.CASCADE, related_name="invitations")
    created = models.DateTimeField()
    accepted_by = models.OneToOneField(Teacher, models.SET_NULL, null=True, related_name="invitation")


class Classroom(models.Model):
    """A class. Its code stays readable, so that it can be written on the board."""

    uid = UidField()
    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="classrooms")
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(max_length=10, default="en")
    code = models.CharField(max_length=6, unique=True)
    is_open = models.BooleanField(default=True)
    """Whether students may join."""
    created = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Student(models.Model):
    """An entry in a class under a nickname. The re-entry phrase is kept only as a keyed hash."""

    uid = UidField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="students")
    nickname = models.CharField(max_length=60)
    phrase_hmac = models.CharField(max_length=64)
    session_key = models.CharField(max_length=24, default=new_session_key)
    """Part of the device cookie: a new one signs every device out."""
    joined = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["nickname", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["classroom", "nickname"], name="nickname_in_class"),
            models.UniqueConstraint(fields=["classroom", "phrase_hmac"], name="phrase_in_class"),
        ]

    def __str__(self) -> str:
        return self.nickname


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
    sealed = models.BooleanField(default=False)
    """A test form: its passages are nowhere else."""
    withdrawn = models.BooleanField(default=False)
    exercises = models.ManyToManyField(Exercise, through="SetItem")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.title


class SetItem(models.Model):
    exercise_set = models.ForeignKey(ExerciseSet, models.CASCADE, related_name="items")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="set_items")
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exercise_set", "position"], name="position_in_set"),
            models.UniqueConstraint(fields=["exercise_set", "exercise"], name="exercise_once_in_set"),
        ]


class Assignment(models.Model):
    """A set given to a class. Its items are fixed when it is given: later edits of the set change nothing."""

    uid = UidField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="assignments")
    exercise_set = models.ForeignKey(ExerciseSet, models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=120)
    example = models.CharField(max_length=60, blank=True)
    created = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.title


class AssignmentItem(models.Model):
    """The decision at one position of an assignment, as the version that everybody plays."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    exercise_version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="assignment_items")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "position"], name="position_in_assignment"),
            models.UniqueConstraint(fields=["assignment", "exercise_version"], name="version_once_in_assignment"),
        ]
