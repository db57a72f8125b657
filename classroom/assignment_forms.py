"""What teachers settle about an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from classroom import assigning, queries
from classroom.assigning import Plan
from classroom.models import Assignment, BoardMode, Classroom, ExerciseSet, Feedback, Order, Student

LOCAL = "%Y-%m-%dT%H:%M"
"""How a browser writes a date with a time."""
SET_ORDER = ("", _("as the set’s author meant it: shuffled, if nothing is said"))


class LocalTimeField(forms.DateTimeField):
    """A moment, typed as it stands on the class's clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(required=False, input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S"], widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as problem:
            if problem.code != "ambiguous_timezone":
                raise
            raise ValidationError(
                _("That night the clocks change: this time comes twice, or not at all. Choose another one.")
            ) from None


class LocalTimesForm(forms.Form):
    """A form whose moments are in the class's time zone, when they are read and when they are shown."""

    def __init__(self, *args: Any, classroom: Classroom, **kwargs: Any) -> None:
        self.classroom = classroom
        self.zone = ZoneInfo(classroom.time_zone)
        kwargs["initial"] = {name: self._local(value) for name, value in (kwargs.get("initial") or {}).items()}
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()

    def _local(self, value: Any) -> Any:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value


class PlanForm(LocalTimesForm):
    """When, to whom, in which order. A field that is not sent keeps the usual value, so that one button can assign."""

    opens = LocalTimeField(label=_("Opens"), help_text=_("Empty: at once."))
    closes = LocalTimeField(label=_("Closes"), help_text=_("Empty: it stays open until you close it."))
    feedback = forms.ChoiceField(
        label=_("The key is shown"),
        choices=Feedback.choices,
        required=False,
        help_text=_("After closing: points come then, too, and wait for the last extension."),
    )
    order = forms.ChoiceField(label=_("Order"), choices=[SET_ORDER, *Order.choices], required=False)
    board_mode = forms.ChoiceField(label=_("Leaderboard shows"), choices=BoardMode.choices, required=False)
    team_count = forms.IntegerField(
        label=_("Teams to draw"),
        min_value=2,
        max_value=20,
        required=False,
        help_text=_("For a leaderboard of teams. You can put them together by hand afterwards."),
    )
    attempts_allowed = forms.IntegerField(
        label=_("Attempts at each decision"),
        min_value=1,
        max_value=5,
        required=False,
        help_text=_("The first one counts; more are practice."),
    )
    seconds_per_word = forms.FloatField(
        label=_("Timer: seconds for each word of a passage"),
        min_value=0.3,
        max_value=20,
        required=False,
        help_text=_("Empty: no timer, which is best for careful reading. Calm reading takes about 2."),
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    students = forms.MultipleChoiceField(
        label=_("Only these students"),
        required=False,
        help_text=_("Nobody ticked: the whole class, and whoever joins later."),
        widget=forms.CheckboxSelectMultiple,
    )

    exercise_set: ExerciseSet | None = None
    """The set that it is about, where it is known already."""

    def __init__(self, *args: Any, students: Sequence[Student], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.by_uid = {student.uid: student for student in students}
        self.fields["students"].choices = [(each.uid, each.nickname) for each in students]  # type: ignore[attr-defined]
        usual = {"feedback": Feedback.EACH, "order": "", "board_mode": BoardMode.TOP, "attempts_allowed": 1}
        self.initial = {**usual, "team_count": assigning.TEAMS, **self.initial}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("This is not after it opens."))
        if cleaned.get("feedback") == Feedback.CLOSING and not closes and not self.has_error("closes"):
            self.add_error("closes", _("The key comes after closing: say when that is."))
        return cleaned

    @property
    def plan(self) -> Plan:
        """What was typed, with the usual values where nothing was."""
        given = self.cleaned_data
        return Plan(
            opens=given["opens"],
            closes=given["closes"],
            attempts_allowed=given["attempts_allowed"] or 1,
            order=given["order"] or None,
            feedback=given["feedback"] or Feedback.EACH,
            board_mode=given["board_mode"] or BoardMode.TOP,
            seconds_per_word=given["seconds_per_word"],
            students=tuple(self.by_uid[uid] for uid in given["students"]),
            team_count=given["team_count"] or assigning.TEAMS,
        )


class AssignForm(PlanForm):
    """Which set a class gets, and how."""

    def __init__(self, *args: Any, sets: Sequence[ExerciseSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = {each.uid: each for each in sets}
        choices: list[Any] = queries.named(sets=[each for each in sets if not each.sealed])
        if sealed := queries.named(sets=[each for each in sets if each.sealed]):
            choices.append((_("Test forms: keys come when the class’s last test has closed"), sealed))
        chosen = forms.ChoiceField(label=_("Set"), choices=choices)
        self.fields = {"exercise_set": chosen} | self.fields

    def clean_closes(self) -> datetime | None:
        closes: datetime | None = self.cleaned_data["closes"]
        if closes and closes <= self.now:
            raise ValidationError(_("This moment is past already."))
        return closes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = self.sets.get(cleaned.get("exercise_set", ""))
        if chosen and chosen.sealed and cleaned.get("feedback") != Feedback.CLOSING:
            self.add_error("exercise_set", _("A test form is given only with the key shown after closing."))
        return cleaned

    @property
    def chosen(self) -> ExerciseSet:
        return self.sets[self.cleaned_data["exercise_set"]]


class AssignmentForm(PlanForm):
    """The same of an assignment that stands."""

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        self.assignment = assignment
        names = ("opens", "closes", "feedback", "order", "board_mode", "attempts_allowed", "seconds_per_word")
        initial = {name: getattr(assignment, name) for name in names}
        initial["students"] = [student.uid for student in assignment.students.all()]
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.assignment.exercise_set.sealed and cleaned.get("feedback") != Feedback.CLOSING:
            self.add_error("feedback", _("This is a test form: its key is shown after closing."))
        return cleaned


class ExtensionForm(LocalTimesForm):
    """More time for one student."""

    student = forms.ChoiceField(label=_("Student"))
    closes = LocalTimeField(label=_("Closes for this student"), help_text=_("Empty: with the others."))
    time_factor = forms.FloatField(
        label=_("Timer runs longer by a factor of"),
        min_value=1,
        max_value=10,
        required=False,
        help_text=_("1 is as long as for the others; for example 1.5 or 2."),
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )

    def __init__(self, *args: Any, students: Sequence[Student], assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, prefix="extension", initial={"time_factor": 1}, **kwargs)
        self.assignment = assignment
        self.by_uid = {student.uid: student for student in students}
        self.fields["student"] = forms.ChoiceField(
            label=_("Student"), choices=[(each.uid, each.nickname) for each in students]
        )
        if assignment.seconds_per_word is None:
            del self.fields["time_factor"]

    def clean_closes(self) -> datetime | None:
        closes: datetime | None = self.cleaned_data["closes"]
        if closes and self.assignment.closes is None:
            raise ValidationError(_("This assignment stays open: there is nothing to extend."))
        if closes and self.assignment.closes and closes <= self.assignment.closes:
            raise ValidationError(_("This is not later than for the others."))
        return closes

    @property
    def chosen(self) -> Student:
        return self.by_uid[self.cleaned_data["student"]]

    @property
    def factor(self) -> float:
        return self.cleaned_data.get("time_factor") or 1.0


class TeamCountForm(forms.Form):
    """How many teams to draw."""

    count = forms.IntegerField(label=_("Number of teams"), min_value=2, max_value=20, initial=assigning.TEAMS)


class TeamsForm(forms.Form):
    """A name for each team, and a team for each student."""

    def __init__(self, *args: Any, names: Sequence[str], students: Sequence[tuple[Student, int | None]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.count = len(names)
        self.students = {student.uid: student for student, _at in students}
        for index, name in enumerate(names):
            self.fields[f"name-{index}"] = forms.CharField(
                label=_("Name of team %(n)s") % {"n": index + 1}, max_length=60, initial=name
            )
        choices = [("", _("in no team")), *((str(index), name) for index, name in enumerate(names))]
        for student, at in students:
            self.fields[f"team-{student.uid}"] = forms.ChoiceField(
                label=student.nickname, choices=choices, required=False, initial="" if at is None else str(at)
            )

    @property
    def name_fields(self) -> list[forms.BoundField]:
        return [self[f"name-{index}"] for index in range(self.count)]

    @property
    def student_fields(self) -> list[forms.BoundField]:
        return [self[f"team-{uid}"] for uid in self.students]

    @property
    def names(self) -> list[str]:
        return [self.cleaned_data[f"name-{index}"] for index in range(self.count)]

    @property
    def chosen(self) -> dict[Student, int | None]:
        picked = {student: self.cleaned_data[f"team-{uid}"] for uid, student in self.students.items()}
        return {student: int(at) if at else None for student, at in picked.items()}
