"""The product's own entry; bare views have a like door beside it, and a handler without any middleware."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

from literacy_game.asgi import application as product
from literacy_game.asgi import for_students

with override_settings(MIDDLEWARE=[]):
    _bare = for_students(WSGIHandler())


async def application(scope: Any, receive: Any, send: Any) -> None:
    await (_bare if scope.get("path", "").startswith("/bare/") else product)(scope, receive, send)
