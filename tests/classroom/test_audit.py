"""The owners' log: what matters for safety, and nothing about students."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from classroom import actions, audit, retention
from classroom.models import AuditEntry, AuditEvent
from tests.cast import NOW, PASSWORD, Cast, Stage, desk_of
from tests.devices import Device
from tests.pages import read, submit

pytestmark = pytest.mark.django_db


def lines() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", "who", "about"))


def sign_in(device: Device, name: str, password: str) -> Any:
    login = reverse("account_login")
    return submit(device, device.get(login), to=login, login=name, password=password)


def test_signing_in_and_failing_to(cast: Cast) -> None:
    """A name that nobody has may be a password in the wrong field: it is not written down."""
    sign_in(Device(), "bob", PASSWORD)
    sign_in(Device(), "Bob", "not this")
    sign_in(Device(), "my secret password", "not this")
    assert lines() == [("signed-in", "bob", ""), ("sign-in-failed", "bob", ""), ("sign-in-failed", "", "")]


def test_accounts(cast: Cast) -> None:
    alice, guest = desk_of(cast.alice), Device()
    link = read(alice.post(reverse("invite"))).one("main").text
    uid = next(word for word in link.split() if "/invitation/" in word).rstrip("/").rpartition("/")[2]
    url = reverse("invitation", args=[uid])
    submit(guest, guest.get(url), username="dora", password=PASSWORD)
    alice.post(reverse("password_link", args=[cast.bob.uid]))
    alice.post(reverse("owner_make", args=[cast.bob.uid]))
    page = guest.get(reverse("my_account_delete"))
    name = next(each for each in read(page).one("main").all("input") if each.attributes.get("type") == "text")
    submit(guest, page, **{name.attributes["name"]: "dora"})
    assert lines() == [
        ("invited", "alice", ""),
        ("account-made", "dora", "alice"),
        ("signed-in", "dora", ""),
        ("password-link", "alice", "bob"),
        ("owner-made", "alice", "bob"),
        ("account-deleted", "dora", ""),
    ]


def test_the_first_account(db: None) -> None:
    from classroom import accounts

    url = reverse("setup", args=[accounts.setup_token()])
    device = Device()
    submit(device, device.get(url), username="ada", password=PASSWORD)
    assert lines() == [("account-made", "ada", ""), ("signed-in", "ada", "")]


def test_data_that_leaves_or_goes(stage: Stage) -> None:
    bob, here = desk_of(stage.bob), [stage.class_9b.uid]
    bob.get(reverse("classroom_export", args=here))
    bob.get(reverse("answers_export", args=here), {"names": "yes"})
    bob.get(reverse("results_workbook", args=[*here, "grid"]))
    bob.get(reverse("results_csv", args=[*here, "grid", "none-of-it"]))
    bob.get(reverse("my_account_export"))
    bob.post(reverse("student_remove", args=[*here, stage.otter.uid]))
    page = bob.get(reverse("classroom_delete", args=here))
    name = next(each for each in read(page).one("main").all("input") if each.attributes.get("type") == "text")
    submit(bob, page, **{name.attributes["name"]: "9b"})
    retention.age_out(now=NOW + timedelta(days=900))
    retention.age_out(now=NOW + timedelta(days=1000))
    assert lines() == [
        *[("class-exported", "bob", "9b")] * 4,
        ("account-exported", "bob", ""),
        ("student-removed", "bob", "9b"),
        ("class-deleted", "bob", "9b"),
        ("class-ended", "", "7a"),
    ]
    assert not any("Otter" in text for line in lines() for text in line)


def test_what_is_refused_is_not_noted(cast: Cast) -> None:
    carol, here = desk_of(cast.carol), [cast.class_9b.uid]
    carol.get(reverse("classroom_export", args=here))
    carol.post(reverse("student_remove", args=[*here, cast.heron.uid]))
    carol.post(reverse("invite"))
    desk_of(cast.bob).post(reverse("classroom_delete", args=here), {"sure": "7a"})
    assert lines() == []


def test_the_page(cast: Cast) -> None:
    alice = desk_of(cast.alice)
    assert "Nothing has been noted yet" in read(alice.get(reverse("audit_log"))).one("main").text
    for number in range(audit.LINES + 5):
        audit.note(
            event=AuditEvent.CLASS_DELETED, who="bob", about=f"class {number}", now=NOW + timedelta(minutes=number)
        )
    first = read(alice.get(reverse("audit_log"))).one("main")
    assert "class 104" in first.text
    assert "class 4" not in [cell.text for cell in first.all("td")]
    second = read(alice.get(reverse("audit_log") + "?page=2")).one("main")
    assert [cell.text for cell in second.all("td")][3] == "class 4"
    for odd in ("0", "-1", "x", "9" * 30, "99"):
        assert alice.get(reverse("audit_log"), {"page": odd}).status_code == 200


def test_it_is_kept_for_a_year(cast: Cast) -> None:
    for days in (364, 366):
        audit.note(event=AuditEvent.INVITED, who="alice", now=NOW - timedelta(days=days))
    assert audit.forget(now=NOW) == 1
    assert AuditEntry.objects.get().happened == NOW - timedelta(days=364)


def test_odd_names_fit(cast: Cast) -> None:
    audit.note(event=AuditEvent.CLASS_DELETED, who="x" * 500, about="9b", now=NOW)
    actions.create_classroom(teacher=cast.bob, name="y" * 80, now=NOW)
    assert AuditEntry.objects.get().who == "x" * 150
