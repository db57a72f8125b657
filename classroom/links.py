"""Addresses to hand over. What a teacher sees on the server itself, its loopback, leads nowhere on another device."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from classroom.models import Classroom

LOOPBACK = ("localhost", "127.0.0.1")


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of a path, as other devices can open it."""
    if request.get_host().partition(":")[0] in LOOPBACK and settings.PUBLIC_ADDRESS:
        return urljoin(settings.PUBLIC_ADDRESS, path)
    return request.build_absolute_uri(path)


def join_link(request: HttpRequest, classroom: Classroom) -> str:
    """The address that students open."""
    return absolute(request, reverse("join_link", args=[classroom.code]))
