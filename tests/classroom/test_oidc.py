"""Sign-in with an OpenID Connect provider: off unless the environment names one; for teachers who connected it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from tests.devices import Device

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("SECRET_KEY", "DATABASE_URL", "CACHE_URL", "TLS")


class Provider(BaseHTTPRequestHandler):
    """As little of OpenID Connect as a provider can do: who comes is the person whom /be/<name> named."""

    person = "bob"

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        here = f"http://{self.headers['Host']}"
        if path == "/authorize":
            assert query["code_challenge"], "PKCE is on"
            back = urlencode({"code": "a-code", "state": query["state"][0]})
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri'][0]}?{back}")
            self.end_headers()
        elif path == "/userinfo":
            name = Provider.person
            self._say({"sub": f"person-{name}", "email": f"{name}@school.example", "name": name.title()})
        elif path.startswith("/be/"):
            Provider.person = path.removeprefix("/be/")
            self._say({})
        else:
            places = {"authorization": "/authorize", "token": "/token", "userinfo": "/userinfo"}
            self._say({"issuer": here} | {f"{name}_endpoint": here + each for name, each in places.items()})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"access_token": "a-token", "token_type": "Bearer"})

    def _say(self, document: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_without_a_provider_nothing_of_it_is_there() -> None:
    assert "allauth.socialaccount" not in settings.INSTALLED_APPS
    assert "Sign in with OpenID" not in Device().get(reverse("account_login")).content.decode()
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", args=["school"])


def test_a_teacher_connects_the_provider_and_signs_in_with_it(provider: str, tmp_path: Path) -> None:
    pytest.importorskip("requests", reason="requirements-district.txt brings it")
    clean = {key: value for key, value in os.environ.items() if key not in KEPT}
    environment = clean | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "OIDC_URL": provider,
        "OIDC_NAME": "Our school",
        "OIDC_CLIENT_ID": "game",
        "OIDC_SECRET": "a-secret",
    }
    journey = [sys.executable, "-m", "tests.classroom.oidc_journey"]
    done = subprocess.run(journey, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["offered"]
    assert found["offered_to_connect"]
    assert found["form_action"].split() == ["'self'", provider]
    assert (found["stranger_in"], found["teachers"]) == (False, 1), "nobody gets an account by walking in"
    assert found["connected"] == "/teach/account/"
    assert (found["later"], found["later_is"]) == ("/teach/", "bob")
    assert found["invited_offered"]
    assert (found["invited"], found["invited_is"]) == ("/teach/", "dora")
    assert found["password"] is False, "there is none"
    assert (found["used_up"], found["second"]) == (404, False), "an invitation makes one account"
    assert found["again_is"] == "dora"
    assert found["chosen"], "a password can be added later"
    assert f"`{found['callback']}`" in (ROOT / "docs" / "running.md").read_text(), "schools enter it at the provider"
    assert found["all"] == ["bob", "dora"]
