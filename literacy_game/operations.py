"""For whoever runs the game: whether it lives, whether it can work, what it has done. For machines, not for people."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from literacy_game import measuring

PLAIN = "text/plain; charset=utf-8"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so that a database that is away starts no round of restarts."""
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database and the cache answer, too; else 503, as for every page that needs them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    cache.get("readyz")
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """This process's figures in Prometheus's format, for whoever brings METRICS_TOKEN as a bearer token."""
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    return HttpResponse(measuring.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
