"""Headers that every answer of ours carries, and what is answered before all else."""

from __future__ import annotations

from collections.abc import Callable

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

from play.views.boards import is_unchanged_poll

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


class OwnHeaders:
    """Pages are never kept by shared caches or shown to the next person at a shared computer.

    `Vary: HX-Request` because one URL answers with a page or with a fragment of it: without it the back
    button would show a bare fragment. The content security policy has no exception and no nonce: it is the same for
    every answer, so that it is put together once, where csp's own middleware does so each time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        vary = response.headers.get("Vary", "")
        response.headers["Vary"] = f"{vary}, HX-Request" if vary else "HX-Request"
        return response


class UnchangedPolls:
    """A poll that finds nothing new is answered here, before session, language and account are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = request.method == "GET" and request.META.get("QUERY_STRING", "").startswith("token=")
        return HttpResponse(status=204) if asks and is_unchanged_poll(request) else self.get_response(request)
