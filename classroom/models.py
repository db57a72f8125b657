"""Plan: teachers, classes, students, sets, assignments. Objects are addressed by `uid`, which cannot be guessed."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from exercises.models import Exercise, ExerciseVersion, Passage, PassageVersion, Source


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


class NicknamePolicy(models.TextChoices):
    GENERATED = "generated", _("drawn by the game")
    ROSTER = "roster", _("from the roster")
    TYPED = "typed", _("typed by the student, approved by the teacher")


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


class Invitation(models.Model):
    """A link by which one more teacher makes an account."""

    uid = UidField()
    invited_by = models.ForeignKey(Teacher, models.CASCADE, related_name="invitations")
    created = models.DateTimeField()
    accepted_by = models.OneToOneField(Teacher, models.SET_NULL, null=True, related_name="invitation")


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

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


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


class AuditEvent(models.TextChoices):
    SIGNED_IN = "signed-in", _("signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("wrong password")
    INVITED = "invited", _("invited a teacher")
    ACCOUNT_MADE = "account-made", _("made an account")
    PASSWORD_LINK = "password-link", _("made a link for a new password")
    OWNER_MADE = "owner-made", _("made an owner")
    CLASS_EXPORTED = "class-exported", _("took a class along")
    ACCOUNT_EXPORTED = "account-exported", _("took the account along")
    STUDENT_REMOVED = "student-removed", _("removed a student")
    CLASS_DELETED = "class-deleted", _("deleted a class")
    CLASS_ENDED = "class-ended", _("a class was deleted: its time was over")
    ACCOUNT_DELETED = "account-deleted", _("deleted the account")
    RULED = "ruled", _("ruled on a mark")
    RULING_ADOPTED = "ruling-adopted", _("adopted a ruling for the school")
    RULING_UNDONE = "ruling-undone", _("undid a ruling")


class AuditEntry(models.Model):
    """A line of the owners' log. Names are kept as words: it outlives account and class, and leads to nobody's data."""

    happened = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=20, choices=AuditEvent.choices)
    who = models.CharField(max_length=150, blank=True)
    """A teacher's name, or empty: nobody known, or the game by itself."""
    about = models.CharField(max_length=150, blank=True)
    """The name of a teacher or of a class, never of a student."""
