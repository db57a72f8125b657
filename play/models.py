"""Answers: attempts, and the standings kept as they arrive."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classroom.models import Assignment, AssignmentItem, Classroom, Ruling, Student, UidField
from exercises.models import ExerciseVersion, Passage, PassageVersion


class Attempt(models.Model):
    """One answer. Attempt 1 counts. The raw answer is kept, so that everything else can be computed again.

    Each index is one more page that every answer writes to the disk. So assignments are looked up by the constraint's,
    students by that of encounters.
    """

    student = models.ForeignKey(Student, models.CASCADE, related_name="attempts", db_index=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="attempts", db_index=False)
    exercise_version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=1)
    client_key = models.CharField(max_length=40, unique=True)
    """Made with the form: the same form sent twice is one answer."""
    answered = models.DateTimeField()
    answer = models.JSONField()
    """{"marks": [[start, end, label], …] in code points of the file, "choice", "flagged", "confidence"}, or {"passed"}.

    play/raw.py writes and reads it.
    """

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="attempts")
    layer = models.CharField(max_length=20)
    is_practice = models.BooleanField(default=False)
    """This layer of this passage had been revealed to the student before: no points, no statistic."""
    is_passed = models.BooleanField(default=False)
    """The student left a sensitive passage out: no points, no statistic, no loss."""
    is_late = models.BooleanField(default=False)
    """The answer came after the item's time was up: kept as it is, and counted as wrong."""
    is_pair = models.BooleanField(default=False)
    """Given by two students on one device, and stored for each of them."""
    judged = models.ForeignKey(ExerciseVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    """The version whose key judged it, after a ruling. None: the one that was played."""
    is_aside = models.BooleanField(default=False, db_default=False)
    """A ruling made it a matter for discussion: no points, no statistic."""
    score = models.FloatField()
    """S between -1 and 1."""
    points = models.PositiveSmallIntegerField()
    """0 to 100."""
    correct = models.BooleanField()
    signal = models.BooleanField(null=True)
    flagged = models.BooleanField(null=True)
    place = models.FloatField(null=True)
    label = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=40, blank=True)
    """Key of the annotation that the answer is judged against; empty where none was found."""
    chosen = models.CharField(max_length=60, blank=True)
    """The label or option that was chosen; empty where there was nothing to choose, or several were."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "student", "exercise_version", "number"], name="number_of_attempt"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["student", "passage", "layer"], name="attempt_encounter"),
            models.Index(fields=["judged"], name="attempt_judged", condition=models.Q(judged__isnull=False)),
        ]


class Opening(models.Model):
    """When a student first saw an item: what is opened and never answered counts as wrong at closing."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="openings", db_index=False)
    item = models.ForeignKey(AssignmentItem, models.CASCADE, related_name="openings")
    opened = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["student", "item"], name="opening_of_student")]


class Encounter(models.Model):
    """A passage's layer that a student practised on: its key has been shown, so that it never counts later."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="encounters", db_index=False)
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="encounters")
    layer = models.CharField(max_length=20)
    met = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["student", "passage", "layer"], name="encounter_of_student")
        ]


class Standing(models.Model):
    """The sums of a student's counting attempts in an assignment."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="standings", db_index=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="standings")
    points = models.PositiveIntegerField(default=0)
    decisions = models.PositiveIntegerField(default=0)
    """Counting decisions; practice is not among them."""
    correct = models.PositiveIntegerField(default=0)
    streak = models.PositiveIntegerField(default=0)
    """Correct decisions in a row, up to now; leaving fair writing alone is one."""
    longest_streak = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["assignment", "student"], name="standing_of_student")]


class Board(models.Model):
    """A leaderboard's version, one more with every change: what polls look at first."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, primary_key=True, related_name="board")
    version = models.PositiveIntegerField(default=0)
    begun = models.DateTimeField(null=True)
    """When somebody first opened or answered an item."""
    settled = models.DateTimeField(null=True)
    """Closings up to this moment are in the standings."""
    due = models.DateTimeField(null=True)
    """The next closing that is not in the standings yet."""


class Phase(models.TextChoices):
    """Where a live round stands with its current item. play/live/steps.py says what follows what."""

    LOBBY = "lobby", _("lobby")
    READ = "read", _("reading")
    ANSWER = "answer", _("answering")
    LOCKED = "locked", _("locked")
    REVEAL = "reveal", _("the key")
    HEAT = "heat", _("the class’s answers")
    STANDINGS = "standings", _("standings")
    PODIUM = "podium", _("podium")
    ENDED = "ended", _("ended")


class Round(models.Model):
    """An assignment that a teacher runs in front of the class, item by item.

    Its row is all there is to know about where the round stands, so that any device can take it up.
    """

    uid = UidField()
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="round")
    version = models.PositiveIntegerField(default=1)
    """One more with every change: what pages watch, and what a step has to name to be taken."""
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.LOBBY)
    position = models.PositiveIntegerField(default=0)
    """The item that is looked at; 0 in the lobby."""
    opened = models.PositiveIntegerField(default=0)
    """Items up to this one exist for students."""
    revealed = models.PositiveIntegerField(default=0)
    """Items up to this one have been revealed, and their answers are attempts."""
    vote = models.PositiveSmallIntegerField(default=1)
    """2 after a discussion."""
    key_shown = models.BooleanField(default=False)
    """Whether the key lies on the picture of the class's answers."""
    auto_lock = models.BooleanField(default=False)
    answering = models.DateTimeField(null=True)
    """Since when the current item is answered; pauses are taken out by moving it on."""
    seconds = models.PositiveIntegerField(null=True)
    """Time for the current item, with what was added. None where there is no timer."""
    paused = models.DateTimeField(null=True)
    """Since when the round stands still."""

    class Meta:
        ordering: ClassVar = ["-pk"]


class Seat(models.Model):
    """A student's place in a live round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="seats")
    student = models.ForeignKey(Student, models.CASCADE, related_name="seats")
    taken = models.DateTimeField()
    is_removed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "student"], name="seat_of_student")]


class Ballot(models.Model):
    """An answer in a live round as it came in. At the reveal those of the first vote become attempts.

    Until then nothing about an answer can be read from attempts, standings or boards.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="ballots")
    student = models.ForeignKey(Student, models.CASCADE, related_name="ballots")
    position = models.PositiveIntegerField()
    vote = models.PositiveSmallIntegerField(default=1)
    """2: the vote after a discussion, which counts nowhere."""
    answered = models.DateTimeField()
    answer = models.JSONField()
    """As in an attempt."""
    is_passed = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "position", "vote", "student"], name="ballot_of_student")
        ]


class Aim(models.TextChoices):
    """What a student disagrees with."""

    MARK = "mark", _("nothing should be marked here")
    LABEL = "label", _("another name fits these words")
    WORDS = "words", _("other words should be marked")
    EXPLANATION = "explanation", _("the explanation is not right")
    MISSING = "missing", _("a mark is missing")
    CLEAN = "clean", _("this passage is not fair as it stands")


class Challenge(models.Model):
    """A student's disagreement with a key that they have seen. It goes when its answer goes."""

    uid = UidField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="challenges")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="challenges")
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="challenges")
    layer = models.CharField(max_length=20)
    mark = models.CharField(max_length=40, blank=True)
    """Key of the annotation; empty where a mark is missing, or the passage is said not to be clean."""
    aim = models.CharField(max_length=12, choices=Aim.choices)
    start = models.PositiveIntegerField(null=True)
    """The words that were chosen, from here to `end`, in code points of the source's file. None where none were."""
    end = models.PositiveIntegerField(null=True)
    label = models.CharField(max_length=60, blank=True)
    """What should be there; empty where nothing was said, or nothing should be."""
    reason = models.CharField(max_length=300)
    made = models.DateTimeField()
    ruling = models.ForeignKey(Ruling, models.SET_NULL, null=True, related_name="challenges")
    """The answer. None while it is open."""

    class Meta:
        ordering: ClassVar = ["-made", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["student", "passage", "layer", "mark"],
                condition=models.Q(ruling=None),
                name="open_challenge_of_student",
            )
        ]


class Regrade(models.Model):
    """Answers that are rescored after a ruling, or after its undoing: how far it is, and what came of it."""

    ruling = models.ForeignKey(Ruling, models.CASCADE, related_name="regrades")
    is_undo = models.BooleanField(default=False)
    who = models.CharField(max_length=150)
    begun = models.DateTimeField()
    beat = models.DateTimeField()
    """When somebody last worked on it."""
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished = models.DateTimeField(null=True)
    changed = models.PositiveIntegerField(default=0)
    """Answers whose points, or whether they count, have changed."""
    points = models.PositiveIntegerField(default=0)
    """By how many points altogether, up or down."""
    students = models.PositiveIntegerField(default=0)
    """For how many students."""

    class Meta:
        ordering: ClassVar = ["-begun", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ruling"], condition=models.Q(finished=None), name="one_regrade_of_ruling_at_a_time"
            )
        ]


class Stance(models.TextChoices):
    KEY = "key", _("with the key")
    CHALLENGE = "challenge", _("with those who disagree")
    UNSURE = "unsure", _("not sure")


class Debate(models.Model):
    """A contested mark in front of the class, with an anonymous vote. At its end the counts stay, and the votes go."""

    uid = UidField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="debates")
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="+")
    shown = models.ForeignKey(PassageVersion, models.CASCADE, related_name="+")
    layer = models.CharField(max_length=20)
    mark = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)
    """One more with every vote: what pages watch."""
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    """Votes by stance, once it is closed."""

    class Meta:
        ordering: ClassVar = ["-opened", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["classroom"], condition=models.Q(closed=None), name="one_open_debate_of_class"
            )
        ]


class Vote(models.Model):
    """A student's voice in a debate that is open. Nobody is shown whose it is."""

    debate = models.ForeignKey(Debate, models.CASCADE, related_name="votes")
    student = models.ForeignKey(Student, models.CASCADE, related_name="votes")
    stance = models.CharField(max_length=10, choices=Stance.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["debate", "student"], name="vote_of_student")]
