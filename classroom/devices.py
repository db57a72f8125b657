"""What a student's device keeps of the class, in cookies, and what tells devices and their addresses apart."""

from __future__ import annotations

import secrets
from datetime import date
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from classroom.models import Classroom, Student
from exercises.memory import remembered

COOKIE = "student"
COOKIE_AGE = 200 * 24 * 3600
"""Seconds."""
SALT = "classroom.student"
DEVICE_COOKIE = "device"
DEVICE_SALT = "classroom.device"
PHRASE_COOKIE = "phrase"
PHRASE_AGE = 3600
"""Seconds."""
PHRASE_SALT = "classroom.phrase"
PARTNER_COOKIE = "partner"
PARTNER_PHRASE_COOKIE = "partner_phrase"
PARTNER_SALT = "classroom.partner"


@remembered(5000)
def named_in(value: str, today: date) -> tuple[str, str]:
    """Student and session; the signature of a device that goes on playing is checked once a day."""
    uid, session_key = signing.loads(value, salt=SALT, max_age=COOKIE_AGE)
    return uid, session_key


def remember(response: HttpResponse, student: Student, classroom: Classroom) -> None:
    """Make the device the student's. The cookie's path is the class: one device can be in several classes."""
    _keep(response, COOKIE, signing.dumps([student.uid, student.session_key], salt=SALT), COOKIE_AGE, classroom)


def pair_up(response: HttpResponse, student: Student, partner: Student, classroom: Classroom) -> None:
    """Let another student play with the one whose device it is."""
    value = signing.dumps([student.uid, partner.uid, partner.session_key], salt=PARTNER_SALT)
    _keep(response, PARTNER_COOKIE, value, COOKIE_AGE, classroom)


def part(response: HttpResponse, classroom: Classroom) -> None:
    """End a pair: the device is the first student's alone again."""
    response.delete_cookie(PARTNER_COOKIE, path=_path(classroom), samesite="Lax")
    hide_phrase(response, classroom, PARTNER_PHRASE_COOKIE)


def device_of(request: HttpRequest) -> str:
    """What tells this device from others at the same address, or "" where its browser has not been here before."""
    try:
        return str(signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=COOKIE_AGE))
    except signing.BadSignature:
        return ""


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give a new device its mark, by which limits tell the devices of a school with one address apart."""
    if not device_of(request):
        response.set_cookie(
            DEVICE_COOKIE,
            signing.dumps(secrets.token_urlsafe(9), salt=DEVICE_SALT),
            max_age=COOKIE_AGE,
            secure=settings.TLS,
            httponly=True,
            samesite="Lax",
        )


def address_of(request: HttpRequest) -> str:
    """The address that a request comes from. What it says itself counts only as far as configured proxies vouch."""
    hops = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    address = str(request.META.get("REMOTE_ADDR", ""))
    while hops and _is_proxy(address):
        address = hops.pop()
    return address


def _is_proxy(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(each, strict=False) for each in settings.TRUSTED_PROXIES)


def forget(response: HttpResponse, classroom: Classroom) -> None:
    response.delete_cookie(COOKIE, path=_path(classroom), samesite="Lax")
    hide_phrase(response, classroom)
    part(response, classroom)


def show_phrase(response: HttpResponse, phrase: str, classroom: Classroom, cookie: str = PHRASE_COOKIE) -> None:
    """Keep the re-entry phrase on the student's own device until it is written down; the server has its hash alone."""
    _keep(response, cookie, signing.dumps(phrase, salt=PHRASE_SALT), PHRASE_AGE, classroom)


def phrase_to_show(request: HttpRequest, cookie: str = PHRASE_COOKIE) -> str:
    try:
        return str(signing.loads(request.COOKIES.get(cookie, ""), salt=PHRASE_SALT, max_age=PHRASE_AGE))
    except signing.BadSignature:
        return ""


def hide_phrase(response: HttpResponse, classroom: Classroom, cookie: str = PHRASE_COOKIE) -> None:
    response.delete_cookie(cookie, path=_path(classroom), samesite="Lax")


def _keep(response: HttpResponse, cookie: str, value: str, age: int, classroom: Classroom) -> None:
    response.set_cookie(
        cookie, value, max_age=age, path=_path(classroom), secure=settings.TLS, httponly=True, samesite="Lax"
    )


def _path(classroom: Classroom) -> str:
    return reverse("student_home", args=[classroom.uid])
