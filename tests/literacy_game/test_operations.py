"""What machines ask: whether the game lives, whether it can work, what it has done; and its log lines."""

from __future__ import annotations

import gzip
import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import clear_url_caches, reverse

from literacy_game import logs, measuring, urls, views
from tests.cast import Cast
from tests.devices import Device
from tests.literacy_game.test_settings import python, start
from tests.pages import read

pytestmark = pytest.mark.django_db


def test_it_lives_and_is_ready() -> None:
    for name in ("healthz", "readyz"):
        response = Device().get(reverse(name))
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert not response.cookies


def test_storage_that_is_away_is_told_plainly_and_asked_again() -> None:
    for error in (OperationalError("database or disk is full"), views.STORAGE_AWAY[-1]("Connection refused")):
        try:
            raise error
        except Exception:
            response = views.server_error(RequestFactory().get("/"))
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert read(response).one("h1").text == "One moment, please"


def test_what_is_our_own_mistake_stays_one() -> None:
    try:
        raise ValueError("a mistake")
    except ValueError:
        response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500


# Figures


@pytest.fixture
def measured(settings: Any) -> Iterator[None]:
    """As with METRICS_TOKEN in the environment."""
    import importlib

    settings.METRICS_TOKEN = "figures"
    settings.MIDDLEWARE = ["literacy_game.measuring.Measured", *settings.MIDDLEWARE]
    importlib.reload(urls)
    clear_url_caches()
    measuring._buckets.clear()
    measuring._seconds.clear()
    yield
    settings.METRICS_TOKEN = ""
    importlib.reload(urls)
    clear_url_caches()


def test_figures_are_off_unless_asked_for(cast: Cast) -> None:
    assert Device().get("/metrics").status_code == 404


def test_figures_count_pages_and_never_addresses(measured: None, cast: Cast) -> None:
    device = Device()
    for _ in range(3):
        device.get(reverse("about"))
    device.get(f"/class/{cast.class_9b.uid}/")
    device.get("/no/such/page/")
    device.generic("BREW", reverse("about"))
    page = device.get("/metrics", headers={"Authorization": "Bearer figures"})
    text = page.content.decode()
    assert page.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'literacy_game_request_seconds_count{page="about",method="GET",status="200"} 3\n' in text
    assert 'page="about",method="GET",status="200",le="+Inf"} 3\n' in text
    assert 'page="student_home",method="GET",status="302"' in text
    assert 'page="",method="GET",status="404"' in text
    assert 'page="about",method="other",status="405"' in text
    assert cast.class_9b.uid not in text
    lines = [line for line in text.splitlines() if 'page="about",method="GET"' in line and "_bucket" in line]
    counts = [int(line.rpartition(" ")[2]) for line in lines]
    assert counts == sorted(counts)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic figures", "Bearer fïgures"])
def test_figures_are_for_who_has_the_token(measured: None, given: str) -> None:
    assert Device().get("/metrics", headers={"Authorization": given}).status_code == 404


# Log lines


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_line_is_one_json_object() -> None:
    try:
        raise ValueError("zwei\nZeilen")
    except ValueError:
        record = logging.LogRecord("game", logging.ERROR, "", 0, "it %s", ("broke",), sys.exc_info())
    line = line_of(record)
    assert (line["message"], line["level"], line["logger"], line["request"]) == ("it broke", "ERROR", "game", "")
    assert "ValueError: zwei" in line["traceback"]


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123.DEF", True), ("x", False), ("a b c d e f g", False), ("é" * 9, False)]
)
def test_every_line_tells_its_request(caplog: pytest.LogCaptureFixture, given: str, kept: bool) -> None:
    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(logs.request_id.get())
        return HttpResponse("ok")

    caplog.set_level(logging.INFO, logger="literacy_game.access")
    request = RequestFactory().get("/setup/very-secret/", headers={"X-Request-ID": given})
    request.resolver_match = None
    response = logs.RequestIds(page)(request)
    (own,) = seen
    assert response.headers["X-Request-ID"] == own
    assert (own == given) == kept
    assert logs.request_id.get() == ""
    (record,) = caplog.records
    assert "very-secret" not in json.dumps(line_of(record))
    assert line_of(record)["status"] == 200


def test_django_s_own_lines_name_pages_and_not_addresses(tmp_path: Path) -> None:
    """Addresses hold secrets (invitations, links for passwords) and ids. What nobody has to mend is no line at all."""
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; "
        "import django; django.setup(); "
        "from django.test import Client; "
        "client = Client(raise_request_exception=False, enforce_csrf_checks=True); "
        "print(client.get('/no-such/secret-of-bob/').status_code, "
        "client.options('/about/?secret-of-bob').status_code, "
        "client.post('/class/secret-of-bob/leave/').status_code, "
        "client.get('/about/', headers={'host': 'secret of bob'}).status_code, "
        "client.get('/invitation/secret-of-bob/').status_code)"
    )
    done = start([sys.executable, "-c", code], tmp_path)
    assert done.stdout.strip() == "404 405 403 400 503", done.stderr
    lines = done.stderr
    assert "secret" not in lines
    assert "WARNING django.security.csrf" in lines
    assert "): leave" in lines
    assert "ERROR django.request Service Unavailable: invitation" in lines
    assert "no such table" in lines
    assert lines.count("WARNING") + lines.count("ERROR") == 2, "the rest is nothing that broke"


def test_the_environment_turns_them_on(tmp_path: Path) -> None:
    code = "print(settings.MIDDLEWARE[:2], settings.LOGGING['handlers']['console']['formatter'])"
    assert "SecurityMiddleware" in python(code, tmp_path).split(",")[0]
    on = python(code, tmp_path, METRICS_TOKEN="x", LOG_FORMAT="json")
    assert on == "['literacy_game.logs.RequestIds', 'literacy_game.measuring.Measured'] json"


def test_errors_go_to_sentry_without_what_students_sent(tmp_path: Path) -> None:
    """To a server on this machine, as to a real one: what broke arrives, words and cookies do not."""
    pytest.importorskip("sentry_sdk")
    received = []

    class Sentry(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Sentry) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'literacy_game.settings'; "
            "import django; django.setup(); "
            "from django.test import Client; from django.conf import settings; settings.ALLOWED_HOSTS = ['*']; "
            "client = Client(raise_request_exception=False); client.cookies['student'] = 'cookie-of-heron'; "
            "print(client.post('/join/', {'code': 'words-of-heron'}).status_code); "
            "import sentry_sdk; sentry_sdk.flush()"
        )
        printed = python(code, tmp_path, SENTRY_DSN=f"http://key@127.0.0.1:{server.server_address[1]}/1")
        server.shutdown()
    assert printed == "503", "there is no table yet"
    text = b"".join(received).decode()
    assert "no such table" in text
    assert "of-heron" not in text


@pytest.mark.django_db(transaction=True)
def test_a_connection_of_a_bad_moment_is_let_go() -> None:
    """One that was opened while the disk was read-only could never write: the next request opens another."""
    connection.ensure_connection()
    try:
        raise OperationalError("attempt to write a readonly database")
    except OperationalError:
        views.server_error(RequestFactory().get("/"))
    assert connection.connection is None
