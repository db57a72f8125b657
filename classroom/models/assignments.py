"""Assignments: which items, for whom, when and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classroom.models.classes import Classroom, Student
from classroom.models.ids import UidField
from classroom.models.sets import ExerciseSet
from exercises.models import ExerciseVersion


class Order(models.TextChoices):
    SHUFFLED = "shuffled", _("shuffled for each student")
    SET = "set", _("as in the set")
    HARD_FIRST = "hard", _("hard to easy")


class Feedback(models.TextChoices):
    EACH = "each", _("after each answer")
    CLOSING = "closing", _("after closing")


class BoardMode(models.TextChoices):
    TOP = "top", _("the best five and one’s own row")
    ALL = "all", _("the whole class")
    RELATIVE = "relative", _("one’s own row and two on either side")
    TEAMS = "teams", _("teams")
    OFF = "off", _("no leaderboard")


class Assignment(models.Model):
    """A set given to a class. Its items are fixed when it is given: later edits of the set change nothing."""

    uid = UidField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="assignments")
    exercise_set = models.ForeignKey(ExerciseSet, models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=120)
    example = models.CharField(max_length=60, blank=True)
    intro = models.TextField(blank=True)
    created = models.DateTimeField()
    opens = models.DateTimeField(_("opens"), null=True, blank=True)
    closes = models.DateTimeField(_("closes"), null=True, blank=True)
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts"), default=1)
    """Attempt 1 counts; more are practice."""
    order = models.CharField(_("order"), max_length=10, choices=Order.choices, default=Order.SHUFFLED)
    feedback = models.CharField(_("feedback"), max_length=10, choices=Feedback.choices, default=Feedback.EACH)
    board_mode = models.CharField(_("leaderboard"), max_length=10, choices=BoardMode.choices, default=BoardMode.TOP)
    seconds_per_word = models.FloatField(_("seconds a word"), null=True, blank=True)
    """Time to answer by the passage's length; none where there is no timer."""
    keys_wait_until = models.DateTimeField(null=True, blank=True, editable=False)
    """Of a test form: when nobody in the class has time left for any test. None for other sets."""
    students = models.ManyToManyField(Student, related_name="chosen_for", blank=True)
    """Whom it is for; everybody in the class where this is empty."""

    class Meta:
        ordering: ClassVar = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def language(self) -> str:
        """Of the title, as of the set's."""
        return self.exercise_set.language


class Extension(models.Model):
    """More time for one student in one assignment."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="extensions")
    student = models.ForeignKey(Student, models.CASCADE, related_name="extensions")
    closes = models.DateTimeField(null=True)
    time_factor = models.FloatField(default=1.0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["assignment", "student"], name="extension_of_student")]


class Team(models.Model):
    """A team of an assignment whose leaderboard is by teams."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="teams")
    name = models.CharField(max_length=60)
    students = models.ManyToManyField(Student, related_name="teams")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class AssignmentItem(models.Model):
    """The decision at one position of an assignment, as the version that everybody plays."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    exercise_version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="assignment_items")
    section = models.CharField(max_length=80, blank=True)
    """Heading of the section that it is in, or empty."""
    judged = models.ForeignKey(ExerciseVersion, models.PROTECT, null=True, related_name="+")
    """The version whose key judges the answers after a ruling. None: the one that is played."""
    is_aside = models.BooleanField(default=False, db_default=False)
    """A ruling made it a matter for discussion: its answers count nowhere."""

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "position"], name="position_in_assignment"),
            models.UniqueConstraint(fields=["assignment", "exercise_version"], name="version_once_in_assignment"),
        ]
