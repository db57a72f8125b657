"""Headers that every answer of ours carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


class PrivateResponses:
    """Pages are never kept by shared caches or shown to the next person at a shared computer.

    `Vary: HX-Request` because one URL answers with a page or with a fragment of it: without it the back
    button would show a bare fragment.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        vary = response.headers.get("Vary", "")
        response.headers["Vary"] = f"{vary}, HX-Request" if vary else "HX-Request"
        return response
