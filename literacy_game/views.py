"""Pages that belong to no app: home, about, teachers' papers, the styleguide, and what is shown on errors."""

from __future__ import annotations

import logging
import re
import sys

import markdown
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from classroom import queries
from classroom.access import TeacherRequest, owner_required, teacher_required
from literacy_game import samples

logger = logging.getLogger(__name__)

try:
    from redis.exceptions import RedisError
except ImportError:  # installed only where CACHE_URL is set
    STORAGE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError)
else:
    STORAGE_AWAY = (OperationalError, InterfaceError, RedisError)
RETRY_AFTER = 5
"""Seconds after which a browser may ask again while the storage is away."""

GUIDES = {"lesson-plan": _("Lesson plan"), "letter": _("Letter to parents and head")}
"""Teachers' papers in docs/teaching/, by file name."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {"starter": queries.starter()}
    if request.user.is_authenticated:
        context["teacher"] = request.user
    return render(request, "home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the game is, what it stores, where its texts come from."""
    return render(request, "about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, after EN 301 549 and the European model."""
    return render(request, "accessibility.html")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser shows without a network; static/js/worker.js keeps it. Nobody's: it is the same for all."""
    return HttpResponse(render_to_string("offline.html"))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. At the root, because a worker looks after the addresses below its own."""
    script = (settings.BASE_DIR / "static/js/worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript")


@teacher_required
@require_safe
def guide(request: TeacherRequest, name: str) -> HttpResponse:
    if name not in GUIDES:
        raise Http404
    return _paper(request, f"teaching/{name}.md", str(GUIDES[name]))


@teacher_required
@require_safe
def statistics(request: TeacherRequest) -> HttpResponse:
    """How figures are computed, and from how many answers on they are shown."""
    return _paper(request, "statistics.md", gettext("How the figures are computed"))


def _paper(request: TeacherRequest, path: str, title: str) -> HttpResponse:
    """A paper of docs/, as it is written there."""
    text = (settings.BASE_DIR / "docs" / path).read_text(encoding="utf-8")
    body = mark_safe(scrollable(markdown.markdown(text, extensions=["tables", "toc"])))  # noqa: S308 - a file of ours
    return render(request, "guide.html", {"teacher": request.user, "title": title, "body": body})


def scrollable(body: str) -> str:
    """The tables of a paper as parts that the keyboard can scroll where they are too wide, named by their headings."""
    heading = ""

    def part(found: re.Match[str]) -> str:
        nonlocal heading
        if found["id"]:
            heading = found["id"]
            return found[0]
        if found[0] == "</table>":
            return "</table></div>"
        return f'<div class="table-scroll" tabindex="0" role="group" aria-labelledby="{heading}"><table>'

    return re.sub(r'<h\d id="(?P<id>[^"]+)"|</?table>', part, body)


@owner_required
@require_safe
def styleguide(request: TeacherRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "styleguide.html", {"teacher": request.user, "samples": samples.all_of_them()})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf_failure.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def _let_go() -> None:
    """A connection that was opened while the disk was read-only would stay so: the next request opens another."""
    for each in connections.all(initialized_only=True):
        if not each.in_atomic_block:
            each.close()


def server_error(request: HttpRequest) -> HttpResponse:
    """The error page, or its words alone where the page itself is what fails. 503 where the storage is away."""
    is_away = isinstance(sys.exception(), STORAGE_AWAY)
    if is_away:
        _let_go()
    status, headers = (503, {"Retry-After": str(RETRY_AFTER)}) if is_away else (500, {})
    body: str
    try:
        body = render_to_string("503.html") if is_away else render_to_string("500.html", request=request)
    except Exception:
        logger.exception("the error page failed")
        body = str(_("Something went wrong on our side. Nothing that was saved is lost."))
    return HttpResponse(body, status=status, headers=headers)
