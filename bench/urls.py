"""The product's URL map, and bare views to compare it with: the least that such a request can cost in Django."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


def insert(request: HttpRequest) -> HttpResponse:
    """One row, committed before it is acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_answer (answer) VALUES (%s)", [request.body.decode()])
    return HttpResponse(b"ok")


urlpatterns = [
    path("bare/constant/", constant),
    path("bare/insert/", insert),
    path("", include("literacy_game.urls")),
]
handler404 = "literacy_game.views.not_found"
handler500 = "literacy_game.views.server_error"
