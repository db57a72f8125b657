"""Sign-in with an OpenID Connect provider: off unless the environment names one; for teachers who connected it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from tests import openid_provider
from tests.devices import Device

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("SECRET_KEY", "DATABASE_URL", "CACHE_URL", "TLS")


@pytest.fixture
def provider() -> Iterator[str]:
    with openid_provider.provider("bob") as made:
        yield made.url


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
    assert (found["kept"], found["told"]) == ([["", "", ""]] * 2, [{}, {}]), "docs/privacy.md: no e-mail address"
