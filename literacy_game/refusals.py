"""Pages of what is refused before Django sees it: a body too large, one that does not come, one among too many."""

from __future__ import annotations

from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

Headers = list[tuple[bytes, bytes]]

WORDS = {
    413: b"This is more than the server takes.",
    408: b"The request took too long to arrive. Please try again.",
    503: b"Other files are arriving at this moment. Please try again in a minute.",
}
"""For whatever does not ask for a page."""
PAGES = {413: "413.html", 408: "408.html", 503: "busy.html"}


def refusal(scope: dict[str, Any], status: int) -> tuple[Headers, bytes]:
    """Headers and body of an answer with status 413, 408 or 503: a page for a browser, else a sentence."""
    asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    closing = (b"connection", b"close")
    if "text/html" not in asked.get("accept", ""):
        return [(b"content-type", b"text/plain; charset=utf-8"), closing], WORDS[status]
    policy = (b"content-security-policy", build_policy().encode())
    return [(b"content-type", b"text/html; charset=utf-8"), policy, closing], _page(status, _language(asked))


def _language(asked: dict[str, str]) -> str:
    """As on every page: the one chosen on the device, else the browser's."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = asked.get("accept-language", "")
    try:
        cookies = SimpleCookie(asked.get("cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    if settings.LANGUAGE_COOKIE_NAME in cookies:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookies[settings.LANGUAGE_COOKIE_NAME].value
    return translation.get_language_from_request(request)


@lru_cache(maxsize=len(WORDS) * len(settings.LANGUAGES))
def _page(status: int, language: str) -> bytes:
    with translation.override(language):
        return render_to_string(PAGES[status]).encode()
