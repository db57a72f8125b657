"""Log lines as JSON, each with the id of the request that it belongs to. There only where LOG_FORMAT is json."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

GIVEN = re.compile(r"[\w.-]{8,64}", re.ASCII)
request_id: ContextVar[str] = ContextVar("request_id", default="")
access = logging.getLogger("literacy_game.access")


class JsonFormatter(logging.Formatter):
    """One line, one JSON object: time, level, logger, message, request, and what a line brings along in `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class PagesNotAddresses(logging.Filter):
    """Django's own lines about a request name its page, not its address, which may hold a secret or an id."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            page = request.resolver_match.view_name if request.resolver_match else "no page"
            record.args = tuple(page if each == request.path else each for each in record.args)
        return True


class RequestIds:
    """Gives every request an id, that of the proxy in front if it brings one, and writes one line about it.

    The line holds the page's name, not the address: addresses hold secrets (invitations, first-run links).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given, began = request.headers.get("X-Request-ID", ""), time.perf_counter()
        own = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(own)
        try:
            response = self.get_response(request)
            fields = {
                "page": request.resolver_match.view_name if request.resolver_match else "",
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round(1000 * (time.perf_counter() - began), 1),
            }
            access.info("request", extra={"fields": fields})
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = own
        return response
