"""When a class is tested before and after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from classroom.models import Classroom

LONGEST = 7
"""Days that a test may be open: the next one may be as near."""


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class BeforeAfterForm(forms.Form):
    """The days of the test before and of the one after; the delayed ones follow from them."""

    before = forms.DateField(label=_("Test before"), widget=_day(), help_text=_("The day on which it opens."))
    after = forms.DateField(
        label=_("Test after"),
        widget=_day(),
        help_text=_("The day on which it opens. Two more tests open 7 and 28 days after this one."),
    )
    days = forms.IntegerField(
        label=_("Days that each test is open"), min_value=1, max_value=LONGEST, initial=3, help_text=_("1 to 7.")
    )

    def __init__(self, *args: Any, classroom: Classroom, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(classroom.time_zone)
        self.today = now.astimezone(self.zone).date()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        before, after, days = (cleaned.get(name) for name in ("before", "after", "days"))
        if before and before < self.today:
            self.add_error("before", _("This day is over."))
        if before and after and days and after < before + timedelta(days=days):
            self.add_error("after", _("The test before is still open on this day."))
        return cleaned

    def midnight(self, name: str) -> datetime:
        """The beginning of a day, by the class's clock."""
        day: date = self.cleaned_data[name]
        return datetime.combine(day, time(), self.zone)
