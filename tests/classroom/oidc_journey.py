"""Run by test_oidc.py in a process of its own, whose settings name a provider: prints what each step led to."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from allauth.socialaccount.models import SocialAccount  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from classroom import actions  # noqa: E402
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


def be(name: str) -> None:
    """From now on this person sits at the provider's sign-in page."""
    urllib.request.urlopen(f"{settings.OIDC_URL}/be/{name}")


def name_of(client: Client) -> str | None:
    """Who is signed in."""
    return Teacher.objects.filter(pk=client.session.get("_auth_user_id")).values_list("username", flat=True).first()


call_command("migrate", verbosity=0)
bob = Teacher.objects.create_user(username="bob", password="four walls and a blackboard", is_owner=True)
stranger, desk, later, invited, second, again = (Client() for _ in range(6))
desk.force_login(bob)
page = desk.get(reverse("my_account")).content.decode()
found: dict[str, Any] = {
    "offered": "Sign in with Our school" in stranger.get(reverse("account_login")).content.decode(),
    "offered_to_connect": "Our school" in page,
    "form_action": stranger.get("/")["Content-Security-Policy"].partition("form-action")[2].partition(";")[0],
    "stranger": through_the_provider(stranger, next="/teach/"),
    "stranger_in": "_auth_user_id" in stranger.session,
    "teachers": Teacher.objects.count(),
    "connected": through_the_provider(desk, process="connect", next="/teach/account/"),
    "later": through_the_provider(later, next="/teach/"),
    "later_is": name_of(later),
}
link = reverse("invitation", args=[actions.invite_teacher(owner=bob, now=timezone.now()).uid])
be("dora")
found["invited_offered"] = "Make the account with Our school" in invited.get(link).content.decode()
second.get(link)
found |= {
    "invited": through_the_provider(invited, next="/teach/"),
    "invited_is": name_of(invited),
    "password": Teacher.objects.get(username="dora").has_usable_password(),
    "used_up": second.get(link).status_code,
    "again": through_the_provider(again, next="/teach/"),
    "again_is": name_of(again),
}
be("mallory")
through_the_provider(second, next="/teach/")
page = again.get(reverse("account_change_password"), follow=True)
again.post(page.request["PATH_INFO"], dict.fromkeys(("password1", "password2"), "an owl in the gym"))
found |= {
    "callback": reverse("openid_connect_callback", args=["school"]),
    "chosen": Teacher.objects.get(username="dora").check_password("an owl in the gym"),
    "second": "_auth_user_id" in second.session,
    "kept": [*Teacher.objects.values_list("email", "first_name", "last_name"), *EmailAddress.objects.values_list()],
    "told": list(SocialAccount.objects.values_list("extra_data", flat=True)),
    "all": list(Teacher.objects.order_by("username").values_list("username", flat=True)),
}
print(json.dumps(found))
