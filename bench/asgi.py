"""The product's own entry; bare views go to a second handler in the same process, without any middleware."""

from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

from literacy_game.asgi import STUDENTS_THREADS, BufferedBodies
from literacy_game.asgi import application as product

with override_settings(MIDDLEWARE=[]):
    _bare = BufferedBodies(WSGIMiddleware(WSGIHandler(), workers=STUDENTS_THREADS))


async def application(scope: Any, receive: Any, send: Any) -> None:
    await (_bare if scope.get("path", "").startswith("/bare/") else product)(scope, receive, send)
