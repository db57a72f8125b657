"""Run by test_oidc.py in a process of its own, whose settings name a provider: prints what each step led to."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from classroom.models import Teacher  # noqa: E402


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def through_the_provider(client: Client, **fields: str) -> str:
    """Press the button, sign in at the provider, come back: the path that one ends at."""
    response = client.post(reverse("openid_connect_login", args=["school"]), fields)
    try:
        urllib.request.build_opener(Stay).open(response["Location"])
    except urllib.error.HTTPError as back:
        location = urlsplit(back.headers["Location"])
    response = client.get(f"{location.path}?{location.query}")
    return str(response.get("Location", response.status_code))


call_command("migrate", verbosity=0)
bob = Teacher.objects.create_user(username="bob", password="four walls and a blackboard")
stranger, desk, later = Client(), Client(), Client()
desk.force_login(bob)
page = desk.get(reverse("my_account")).content.decode()
print(
    json.dumps(
        {
            "offered": "Sign in with Our school" in stranger.get(reverse("account_login")).content.decode(),
            "offered_to_connect": "Our school" in page,
            "form_action": stranger.get("/")["Content-Security-Policy"].partition("form-action")[2].partition(";")[0],
            "stranger": through_the_provider(stranger, next="/teach/"),
            "stranger_in": "_auth_user_id" in stranger.session,
            "teachers": Teacher.objects.count(),
            "connected": through_the_provider(desk, process="connect", next="/teach/account/"),
            "later": through_the_provider(later, next="/teach/"),
            "later_is": Teacher.objects.filter(pk=later.session.get("_auth_user_id")).values_list(
                "username", flat=True
            )[0],
        }
    )
)
