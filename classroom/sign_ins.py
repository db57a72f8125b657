"""Browsers in which a teacher has signed in before.

Wrong passwords for a name stop every browser that does not know the teacher, and too many of them all browsers at an
address. Without an exception one student with a script would keep a whole school's teachers out: so a browser in which
the teacher has been signed in has tries of its own.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from classroom.models import Teacher

COOKIE = "teachers"
COOKIE_AGE = 200 * 24 * 3600
"""Seconds."""
SALT = "classroom.sign-ins"
MOST = 10
"""Teachers whom a browser remembers: a staff room's computer."""


def browser_of(request: HttpRequest, username: str) -> str:
    """What tells this browser from others, or "" where the teacher of that name has never signed in here."""
    browser, teachers = _read(request)
    if not teachers:
        return ""
    known = Teacher.objects.filter(username__iexact=username, uid__in=teachers)
    return browser if "\0" not in username and known.exists() else ""


def remember(request: HttpRequest, response: HttpResponse, teacher: Teacher) -> None:
    browser, teachers = _read(request)
    teachers = [teacher.uid, *(each for each in teachers if each != teacher.uid)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser or secrets.token_urlsafe(9), teachers], salt=SALT),
        max_age=COOKIE_AGE,
        path=reverse("account_login"),
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, teachers = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
        return str(browser), list(teachers)
    except (signing.BadSignature, TypeError, ValueError):
        return "", []
