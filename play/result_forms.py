"""Which answers a teacher looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classroom import queries
from classroom.models import Assignment, Classroom, Student
from classroom.ways import LAYER_NAMES
from play.queries.trials import Scope

ALL = ("", _("all"))


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ScopeForm(forms.Form):
    """Filters. What is not filled in lets everything through."""

    assignment = forms.ChoiceField(label=_("Assignment"), required=False)
    exercise_set = forms.ChoiceField(label=_("Set"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=_day())
    until = forms.DateField(label=_("To"), required=False, widget=_day())
    student = forms.ChoiceField(label=_("Student"), required=False)
    layer = forms.ChoiceField(label=_("Layer"), required=False, choices=[ALL, *LAYER_NAMES.items()])

    def __init__(
        self, *args: Any, classroom: Classroom, told: Sequence[Assignment], students: Sequence[Student], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.classroom, self.told, self.students = classroom, told, students
        sets = {each.exercise_set.uid: each.exercise_set for each in told}
        self._offer("assignment", queries.assignment_names(classroom=classroom, assignments=told).items())
        self._offer("exercise_set", queries.named(sets=sets.values()))
        self._offer("student", [(each.uid, each.nickname) for each in students])

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [ALL, *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("This is before the first day.")))
        return cleaned

    @property
    def scope(self) -> Scope:
        """What was chosen; everything where the form is not valid. Days are the class's own."""
        chosen = self.cleaned_data if self.is_valid() else {}
        wanted = {"uid": chosen.get("assignment"), "set": chosen.get("exercise_set")}
        return Scope(
            classroom=self.classroom,
            assignments=tuple(
                each
                for each in self.told
                if wanted["uid"] in ("", None, each.uid) and wanted["set"] in ("", None, each.exercise_set.uid)
            ),
            layer=chosen.get("layer", ""),
            student=next((each for each in self.students if each.uid == chosen.get("student")), None),
            since=self._midnight(chosen.get("since")),
            until=self._midnight(chosen.get("until"), days=1),
        )

    @property
    def narrows(self) -> bool:
        """Whether something was chosen."""
        return self.is_valid() and any(self.cleaned_data.values())

    def _midnight(self, day: Any, days: int = 0) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=days), time(), ZoneInfo(self.classroom.time_zone))
