"""Classes, their rosters and their students."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classroom.models.ids import UidField, new_session_key
from classroom.models.teachers import Teacher


class NicknamePolicy(models.TextChoices):
    GENERATED = "generated", _("drawn by the game")
    ROSTER = "roster", _("from the roster")
    TYPED = "typed", _("typed by the student, approved by the teacher")


class Classroom(models.Model):
    """A class. Its code stays readable, so that it can be written on the board."""

    uid = UidField()
    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="classrooms")
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(max_length=10, default="en")
    code = models.CharField(max_length=6, unique=True)
    is_open = models.BooleanField(default=True)
    """Whether students may join."""
    co_teachers = models.ManyToManyField(Teacher, related_name="shared_classrooms", blank=True)
    nickname_policy = models.CharField(
        _("nicknames"), max_length=10, choices=NicknamePolicy.choices, default=NicknamePolicy.GENERATED
    )
    approves_entries = models.BooleanField(_("I approve each entry"), default=False)
    expected = models.PositiveIntegerField(_("students expected"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("largest number of students"), default=60)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    retention_days = models.PositiveIntegerField(_("days to keep after the last answer"), default=180)
    last_answer = models.DateTimeField(null=True)
    warned = models.DateTimeField(null=True, editable=False)
    """Since when its pages say that it ends; older than the warning’s first day: not this time."""
    created = models.DateTimeField()
    is_ruled = True
    """False where it was read along that no ruling is in force in the class (classroom/players.py)."""

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_full(self) -> bool:
        """Whether nobody finds room; who waits for approval takes some. One query."""
        return self.students.count() >= self.capacity


class RosterEntry(models.Model):
    """A name on the class's roster, and the student who took it. Names come from the teacher, never from students."""

    uid = UidField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="roster")
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Student(models.Model):
    """An entry in a class under a nickname. The re-entry phrase is kept only as a keyed hash."""

    uid = UidField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="students")
    nickname = models.CharField(max_length=60)
    roster_entry = models.OneToOneField(RosterEntry, models.SET_NULL, null=True, related_name="student")
    is_approved = models.BooleanField(default=True)
    """An entry that waits for the teacher plays nothing."""
    phrase_hmac = models.CharField(max_length=64)
    session_key = models.CharField(max_length=24, default=new_session_key)
    """Part of the device cookie: a new one signs every device out."""
    joined = models.DateTimeField()
    last_seen = models.DateTimeField()

    partner: Student | None = None
    """Who plays with this student as a pair, on the device that a request comes from; never stored."""

    class Meta:
        ordering: ClassVar = ["nickname", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["classroom", "nickname"], name="nickname_in_class"),
            models.UniqueConstraint(fields=["classroom", "phrase_hmac"], name="phrase_in_class"),
        ]

    def __str__(self) -> str:
        return self.nickname
