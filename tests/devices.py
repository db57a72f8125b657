"""A device: Django's test client with a cookie jar that minds paths, as browsers do."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from typing import TYPE_CHECKING, Any

from django.test import Client


class Device(Client):
    """Each class keeps a cookie of the same name under its own path: the plain client would mix them up."""

    if TYPE_CHECKING:  # responses have what the test client adds to them
        get: Any
        post: Any
        generic: Any

    def __init__(self, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.jar: dict[tuple[str, str], Morsel[str]] = {}

    def request(self, **request: Any) -> Any:
        self._keep()
        path = request["PATH_INFO"]
        self.cookies = SimpleCookie()
        for (name, below), morsel in self.jar.items():
            if path.startswith(below):
                self.cookies[name] = morsel
        response = super().request(**request)
        self._keep()
        return response

    def cookie(self, name: str) -> str:
        """The value of a cookie, whatever its path, or nothing."""
        return next((morsel.value for (key, _), morsel in self.jar.items() if key == name), "")

    def _keep(self) -> None:
        for morsel in self.cookies.values():
            place = (morsel.key, morsel["path"] or "/")
            if morsel["max-age"] == 0:
                self.jar.pop(place, None)
            else:
                self.jar[place] = morsel
