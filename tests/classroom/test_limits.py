"""Limits: they count by device, then class, then address, so that a school behind one address plays on."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

import pytest
from django.core import signing
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import Settings

from classroom import classes, devices, limits, sign_ins
from classroom.views.entering import A_WHILE
from tests.cast import NOW, PASSWORD, Cast
from tests.devices import Device
from tests.pages import read, submit


def guess(device: str, address: str = "10.0.0.1", *, at: float = 0) -> None:
    """A wrong code of a device, so many seconds after the lesson began."""
    now = NOW + timedelta(seconds=at)
    limits.check_guess(what="code", device=device, address=address, now=now)
    limits.wrong_guess(what="code", device=device, address=address, now=now)


def test_waits_double_with_each_wrong_try_and_end() -> None:
    at, waits = 0.0, []
    for _ in range(limits.FREE_TRIES + 9):
        try:
            guess("tablet", at=at)
        except limits.TooFast as refused:
            waits.append(refused.seconds)
            at += refused.seconds
            guess("tablet", at=at)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_one_device_s_wrong_tries_slow_no_other_down() -> None:
    for _ in range(limits.FREE_TRIES):
        guess("tablet")
    with pytest.raises(limits.TooFast):
        guess("tablet")
    guess("laptop")


def test_who_found_the_way_starts_anew() -> None:
    for _ in range(limits.FREE_TRIES - 1):
        guess("tablet")
    limits.right_guess(what="code", device="tablet")
    for _ in range(limits.FREE_TRIES - 1):
        guess("tablet")


def test_devices_without_a_mark_share_the_address_s_tries() -> None:
    for _ in range(limits.WRONG_OF_ADDRESS):
        guess("")
    with pytest.raises(limits.TooFast):
        guess("")
    guess("", "10.0.0.2")
    guess("", at=60)


def test_a_script_that_takes_a_new_mark_for_every_try_is_stopped() -> None:
    """A mark costs one request: so tries count by address, too. Whoever guesses right is not counted."""
    for number in range(limits.WRONG_OF_ADDRESS):
        guess(f"mark-{number}")
    with pytest.raises(limits.TooFast):
        guess("one-more")
    guess("one-more", "10.0.0.2")
    guess("one-more", at=60)


def join(device: str, classroom: str = "9b", address: str = "10.0.0.1", at: float = 0) -> None:
    limits.spend_join(classroom=classroom, device=device, address=address, now=NOW + timedelta(seconds=at))


def test_a_school_behind_one_address_joins_a_thousand_times_a_minute() -> None:
    for number in range(limits.JOINS_OF_ADDRESS):
        join(f"tablet {number}", f"class {number % 40}")
    with pytest.raises(limits.TooFast):
        join("one more")
    join("one more", address="10.0.0.2")
    join("one more", at=60)


def test_a_device_joins_a_class_ten_times_an_hour() -> None:
    for _ in range(limits.JOINS_OF_DEVICE):
        join("tablet")
    with pytest.raises(limits.TooFast):
        join("tablet")
    join("tablet", "7a")
    join("laptop")
    join("tablet", at=3600)


def test_browsers_without_a_mark_share_the_class_s_joins() -> None:
    for _ in range(limits.JOINS_WITHOUT_DEVICE):
        join("")
    with pytest.raises(limits.TooFast):
        join("")
    join("tablet")
    join("", "7a")


@pytest.mark.django_db
def test_wrong_codes_make_a_device_wait_even_with_the_right_one(cast: Cast) -> None:
    device, neighbour = Device(), Device()
    for _ in range(limits.FREE_TRIES):
        assert submit(device, device.get(reverse("join")), code="XXXXXX").status_code == 422
    response = submit(device, device.get(reverse("join")), code=cast.class_9b.code)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "Please wait" in read(response).one(id="id_code_error").text
    assert device.get(reverse("join_link", args=[cast.class_9b.code])).status_code == 429
    assert submit(neighbour, neighbour.get(reverse("join")), code=cast.class_9b.code).status_code == 302


@pytest.mark.django_db
def test_wrong_links_count_as_wrong_codes(cast: Cast) -> None:
    device = Device()
    device.get(reverse("join"))
    for _ in range(limits.FREE_TRIES):
        assert device.get(reverse("join_link", args=["XXXXXX"])).status_code == 404
    assert device.get(reverse("join_link", args=["XXXXXX"])).status_code == 429


@pytest.mark.django_db
def test_wrong_words_make_a_device_wait_in_that_class(cast: Cast) -> None:
    device, url = Device(), reverse("reenter", args=[cast.class_9b.uid])
    for _ in range(limits.FREE_TRIES):
        assert submit(device, device.get(url), phrase="four words of nobody").status_code == 422
    assert submit(device, device.get(url), phrase=cast.phrases["Brisk Heron"]).status_code == 429
    assert not device.cookie(devices.COOKIE)
    elsewhere = reverse("reenter", args=[cast.class_7a.uid])
    assert submit(device, device.get(elsewhere), phrase=cast.phrases["Merry Finch"]).status_code == 302


@pytest.mark.django_db
def test_a_device_that_joins_over_and_over_is_stopped(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"capacity": 1000})
    device, url = Device(), reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])
    statuses = []
    for _ in range(limits.JOINS_OF_DEVICE + 1):
        response = submit(device, device.get(url))
        statuses.append(response.status_code)
        device.post(reverse("leave", args=[cast.class_9b.uid]))
    assert statuses == [302] * limits.JOINS_OF_DEVICE + [429]
    wait = int(response.headers["Retry-After"])
    told = f"{ceil(wait / 60)} minute" if wait > A_WHILE else f"{wait} second"
    assert f"Please wait {told}" in read(response).one("div", role="alert").text
    assert cast.class_9b.students.count() == 2 + limits.JOINS_OF_DEVICE


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        ([], "198.51.100.7", "10.1.1.1", "198.51.100.7"),
        ([], "198.51.100.7", "", "198.51.100.7"),
        (["192.0.2.1"], "192.0.2.1", "10.1.1.1", "10.1.1.1"),
        (["192.0.2.1"], "192.0.2.1", "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (["192.0.2.0/24"], "192.0.2.1", "6.6.6.6, 10.1.1.1, 192.0.2.9", "10.1.1.1"),
        (["192.0.2.1"], "192.0.2.1", "", "192.0.2.1"),
        (["192.0.2.1"], "198.51.100.7", "10.1.1.1", "198.51.100.7"),
        (["2001:db8::/32"], "2001:db8::1", "2001:db9::5", "2001:db9::5"),
        (["192.0.2.1"], "192.0.2.1", "nonsense", "nonsense"),
    ],
)
def test_a_forwarded_address_counts_only_from_a_configured_proxy(
    settings: Settings, proxies: list[str], remote: str, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert devices.address_of(request) == expected


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    for _ in range(limits.FREE_TRIES):
        guess("tablet", at=86400)
    with pytest.raises(limits.TooFast):
        guess("tablet", at=86400)
    guess("tablet", at=0)


def test_a_school_signs_in_at_once_and_a_guesser_is_stopped(cast: Cast) -> None:
    """Sixty teachers behind one address in one minute; and somebody who tries passwords for one name."""
    login = reverse("account_login")
    for _ in range(60):
        assert Device().post(login, {"login": "carol", "password": PASSWORD}).status_code == 302
    for _ in range(5):
        assert Device().post(login, {"login": "bob", "password": "a guess"}).status_code == 200
    stopped = Device().post(login, {"login": "bob", "password": PASSWORD})
    assert stopped.status_code == 200
    assert "Too many" in read(stopped).one("main").text
    assert Device().post(login, {"login": "carol", "password": PASSWORD}).status_code == 302


def test_nobody_keeps_a_teacher_out_of_the_own_browser(cast: Cast) -> None:
    """A student tries passwords for the teacher's name, over and over, from the school's one address."""
    login, desk, thief = reverse("account_login"), Device(), Device()
    assert submit(desk, desk.get(login), to=login, login="bob", password=PASSWORD).status_code == 302
    desk.post(reverse("account_logout"))
    for number in range(70):
        submit(thief, thief.get(login), to=login, login=("bob", "carol", "nobody")[number % 3], password="a guess")
    assert "Too many" in read(submit(Device(), thief.get(login), to=login, login="bob", password=PASSWORD)).text
    assert submit(desk, desk.get(login), to=login, login="Bob", password=PASSWORD).status_code == 302


def test_who_has_the_teacher_s_browser_cannot_try_for_ever(cast: Cast) -> None:
    """It knows its own teachers alone, and has few tries; its mark cannot be made."""
    login, desk = reverse("account_login"), Device()
    submit(desk, desk.get(login), to=login, login="bob", password=PASSWORD)
    desk.post(reverse("account_logout"))
    for _ in range(limits.FREE_TRIES):
        assert "Too many" not in read(submit(desk, desk.get(login), to=login, login="bob", password="a guess")).text
    assert "Too many" in read(submit(desk, desk.get(login), to=login, login="bob", password=PASSWORD)).text
    for _ in range(6):
        last = submit(desk, desk.get(login), to=login, login="carol", password="a guess")
    assert "Too many" in read(last).text
    forged = Device()
    forged.cookies[sign_ins.COOKIE] = signing.dumps(["mine", [cast.carol.uid]], salt=devices.DEVICE_SALT)
    assert "Too many" in read(submit(forged, forged.get(login), to=login, login="carol", password=PASSWORD)).text


def test_answers_are_counted_by_student_and_minute() -> None:
    for _ in range(limits.ANSWERS):
        limits.spend_answer(student="heron", now=NOW)
    with pytest.raises(limits.TooFast):
        limits.spend_answer(student="heron", now=NOW)
    limits.spend_answer(student="otter", now=NOW)
    limits.spend_answer(student="heron", now=NOW + timedelta(minutes=1))
    for number in range(limits.REMEMBERED + 1):
        limits.spend_answer(student=f"newt-{number}", now=NOW)
    assert len(limits._answers) <= limits.REMEMBERED
