"""Dates: the day first, in words, and in one way on every page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from classroom.models import Student
from tests.cast import Cast, desk_of
from tests.pages import read

MOMENT = datetime(2026, 11, 2, 17, 5, tzinfo=UTC)
NAMES = {
    "DATE_FORMAT",
    "SHORT_DATE_FORMAT",
    "DATETIME_FORMAT",
    "SHORT_DATETIME_FORMAT",
    "TIME_FORMAT",
    r"Y-m-d\TH:i:sO",
}
"""The last is for machines, in the `datetime` of a `time` element: `c` would give more digits than HTML takes."""


def test_templates_name_a_format_and_spell_none() -> None:
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        assert set(re.findall(r'\|(?:date|time):"(.*?)"', path.read_text(encoding="utf-8"))) <= NAMES, path


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DATE_FORMAT", "2 November 2026"),
        ("SHORT_DATE_FORMAT", "2 Nov 2026"),
        ("DATETIME_FORMAT", "2 Nov 2026, 17:05"),
        ("SHORT_DATETIME_FORMAT", "Mon 2 Nov, 17:05"),
    ],
)
def test_english(name: str, written: str) -> None:
    assert date_format(MOMENT, name) == written


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("de", "2. November 2026", "Mo, 2. Nov, 17:05"),
        ("pl", "2 listopada 2026", "Pon, 2 lis, 17:05"),
        ("uk", "2 листопада 2026", "Пн, 2 лис, 17:05"),
    ],
)
def test_other_languages_have_their_own_way(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "DATE_FORMAT") == day
        assert date_format(MOMENT, "SHORT_DATETIME_FORMAT") == moment


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["classroom", "student_list"])
def test_last_seen_is_in_the_time_zone_of_the_class(cast: Cast, name: str) -> None:
    Student.objects.update(last_seen=MOMENT)
    type(cast.class_9b).objects.update(time_zone="Europe/Kyiv")
    page = read(desk_of(cast.bob).get(reverse(name, args=[cast.class_9b.uid])))
    assert "2 Nov 2026, 19:05" in page.one("main").text
