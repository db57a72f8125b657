"""The pages of the account library that are used: each in our words, and none speaks of mail, which is never sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from classroom import accounts
from tests.cast import PASSWORD, Cast, desk_of
from tests.devices import Device
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

ALLAUTHS = re.compile(r"e-?mail|two-factor|authentication|reauthenticate|token|username|Sign Out|Change Password", re.I)
"""Words of the library's own pages."""


def headed(response: Any) -> str:
    """The page's heading, after a look at its words."""
    assert response.status_code in (200, 404)
    main = read(response).one("main")
    assert not [said for said in ALLAUTHS.findall(main.text) if said not in ("Change the password", "Sign out")]
    assert not list(main.all("input", type="email"))
    return main.one("h1").text


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def at(device: Device, name: str) -> Any:
    """The page of that name; what concerns the account's safety asks for the password first."""
    page = device.get(reverse(name))
    if page.status_code == 302:
        asked = device.get(page.url)
        assert headed(asked) == "Is it you?"
        page = device.get(submit(device, asked, to=reverse("account_reauthenticate"), password=PASSWORD).url)
    return page


def signed_in(username: str) -> Device:
    device, url = Device(), reverse("account_login")
    submit(device, device.get(url), to=url, login=username, password=PASSWORD)
    return device


def test_the_password_is_changed_by_whoever_knows_it(cast: Cast) -> None:
    device, url = desk_of(cast.bob), reverse("account_change_password")
    page = device.get(url)
    assert headed(page) == "Change the password"
    labels = [label.text for label in read(page).one("main").all("label")]
    assert labels == ["Password until now", "New password", "New password once more"]
    wrong = submit(device, page, to=url, oldpassword="no", password1="an owl in the gym", password2="an owl in the gym")
    assert read(wrong).one(id="id_oldpassword_error").text
    new = {"password1": "an owl in the gym", "password2": "an owl in the gym"}
    assert submit(device, device.get(url), to=url, oldpassword=PASSWORD, **new).status_code == 302
    cast.bob.refresh_from_db()
    assert cast.bob.check_password("an owl in the gym")


def test_whoever_has_no_password_chooses_one(cast: Cast) -> None:
    """An account that was made by signing in with a provider has none."""
    cast.bob.set_unusable_password()
    cast.bob.save()
    device = desk_of(cast.bob)
    page = device.get(reverse("account_change_password"), follow=True)
    assert headed(page) == "Choose a password"
    labels = [label.text for label in read(page).one("main").all("label")]
    assert labels == ["New password", "New password once more"]
    new = {"password1": "an owl in the gym", "password2": "an owl in the gym"}
    submit(device, page, to=reverse("account_set_password"), **new)
    cast.bob.refresh_from_db()
    assert cast.bob.check_password("an owl in the gym")


def test_a_wrong_password_and_too_many_in_our_words(cast: Cast) -> None:
    device, url = Device(), reverse("account_login")
    wrong = [submit(device, device.get(url), to=url, login="bob", password=f"wrong {n}") for n in range(6)]
    told = [read(page).one("div", role="alert").text for page in wrong]
    assert "This name and this password do not belong together." in told[0]
    assert "Please wait five minutes." in told[5]


def test_a_link_for_a_new_password_and_what_is_left_of_it(cast: Cast) -> None:
    device, link = Device(), accounts.password_path(cast.bob)
    page = device.get(link, follow=True)
    assert headed(page) == "Choose a new password"
    done = submit(device, page, password1="an owl in the gym", password2="an owl in the gym")
    assert headed(device.get(done.url)) == "Your password is changed"
    late = Device().get(link)
    assert headed(late) == "This link does not work any more"
    assert "The owner of this installation can give you another one." in read(late).one("main").text


def test_a_second_factor_from_setting_up_to_switching_off(cast: Cast) -> None:
    device = signed_in("bob")
    assert headed(device.get(reverse("mfa_index"))) == "The second factor"
    url = reverse("mfa_activate_totp")
    page = at(device, "mfa_activate_totp")
    assert headed(page) == "Set up the authenticator app"
    secret = read(page).one("main").one("code").text
    codes = submit(device, page, to=url, code=code_now(secret))
    assert codes.url == reverse("mfa_view_recovery_codes")
    page = device.get(codes.url)
    assert headed(page) == "Recovery codes"
    shown = [code.text for code in read(page).one("main").all("code")]
    assert len(set(shown)) == 10
    assert headed(device.get(reverse("mfa_index"))) == "The second factor"
    assert shown[0] in device.get(reverse("mfa_download_recovery_codes")).content.decode()

    # Signing in asks for the code; one of the recovery codes does, too.
    device = signed_in("bob")
    assert device.get(reverse("teach_home")).status_code == 302
    asked = device.get(reverse("mfa_authenticate"))
    assert headed(asked) == "The second factor"
    assert submit(device, asked, to=reverse("mfa_authenticate"), code=shown[0]).status_code == 302
    assert device.get(reverse("teach_home")).status_code == 200

    generate = reverse("mfa_generate_recovery_codes")
    page = at(device, "mfa_generate_recovery_codes")
    assert headed(page) == "Make new recovery codes?"
    page = device.get(submit(device, page, to=generate).url)
    assert shown[1] not in [code.text for code in read(page).one("main").all("code")]
    off = reverse("mfa_deactivate_totp")
    page = at(device, "mfa_deactivate_totp")
    assert headed(page) == "Switch the authenticator app off?"
    assert submit(device, page, to=off).url == reverse("mfa_index")


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_logout", "Sign out"),
        ("account_inactive", "This account is switched off"),
        ("account_reauthenticate", "Is it you?"),
    ],
)
def test_other_pages(cast: Cast, name: str, heading: str) -> None:
    assert headed(desk_of(cast.bob).get(reverse(name))) == heading
