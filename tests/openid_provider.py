"""A school's OpenID Connect provider: a real HTTP server that does as little as a provider can."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Our school</title>
<h1>Our school: who are you?</h1>
<form action="/answer"><label>Name at school <input name="name"></label>{kept}<button>Sign in</button></form>
<form action="/answer">{kept}<button name="error" value="access_denied">Cancel</button></form>"""


class Provider:
    """Asks on a page of its own who comes, unless `person` names who has signed in there before."""

    def __init__(self, person: str = "") -> None:
        self.person = person
        self.broken = False
        """Answers what the game itself asks with an error of its own."""
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Also again, at the same address."""
        self._server = _Listener(("127.0.0.1", self.port), _Requests)
        self._server.provider = self
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider


class _Requests(BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qs(urlsplit(self.path).query))
        if path == "/authorize":
            assert query["code_challenge"], "PKCE is on"
            to = {name: query[name][0] for name in ("state", "redirect_uri")}
            self._back(to, {"code": self.server.provider.person}) if self.server.provider.person else self._ask(to)
        elif path == "/answer":
            to = {name: query[name][0] for name in ("state", "redirect_uri")}
            self._back(to, {"code": query["name"][0]} if "name" in query else {"error": query["error"][0]})
        elif path == "/userinfo":
            name = (self.headers["Authorization"] or "").removeprefix("Bearer token-of-")
            self._say({"sub": f"person-{name}", "email": f"{name}@school.example", "name": name.title()})
        elif path.startswith("/be/"):
            self.server.provider.person = path.removeprefix("/be/")
            self._say({})
        else:
            places = {"authorization": "/authorize", "token": "/token", "userinfo": "/userinfo"}
            here = self.server.provider.url
            self._say({"issuer": here} | {f"{name}_endpoint": here + each for name, each in places.items()})

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._say({"access_token": f"token-of-{body['code'][0]}", "token_type": "Bearer"})

    def _ask(self, to: dict[str, str]) -> None:
        """Who comes, on a page of the provider's own."""
        kept = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in to.items())
        self._send("text/html", PAGE.format(kept=kept))

    def _back(self, to: dict[str, str], answer: dict[str, str]) -> None:
        self.send_response(302)
        self.send_header("Location", f"{to['redirect_uri']}?{urlencode(answer | {'state': to['state']})}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _say(self, document: dict[str, str]) -> None:
        self._send("application/json", json.dumps(document))

    def _send(self, kind: str, text: str) -> None:
        self.send_response(500 if self.server.provider.broken and kind == "application/json" else 200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def provider(person: str = "") -> Iterator[Provider]:
    made = Provider(person)
    yield made
    made.stop()
