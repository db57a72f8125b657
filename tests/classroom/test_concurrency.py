"""Links that work once and names that are unique, when two come at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from classroom import accounts, actions
from classroom.models import Invitation, Teacher
from tests.cast import NOW, PASSWORD, Cast
from tests.devices import Device
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("names", [("dora", "mallory"), ("dora", "dora")])
def test_an_invitation_used_twice_at_once_makes_one_account(cast: Cast, names: tuple[str, str]) -> None:
    url = reverse("invitation", args=[actions.invite_teacher(owner=cast.alice, now=NOW).uid])

    def accept(name: str) -> Callable[[], int]:
        return lambda: int(Device().post(url, {"username": name, "password": PASSWORD}).status_code)

    statuses = at_once([accept(name) for name in names])
    assert sorted(statuses) in ([302, 404], [302, 422])
    assert Teacher.objects.count() == 4
    assert Invitation.objects.filter(accepted_by=None).count() == 0


@pytest.mark.parametrize("names", [["alice", "mallory", "trudy", "eve"], ["alice"] * 4])
def test_the_first_run_link_used_at_once_makes_one_owner(names: list[str]) -> None:
    url = reverse("setup", args=[accounts.setup_token()])

    def make(name: str) -> Callable[[], int]:
        return lambda: int(Device().post(url, {"username": name, "password": PASSWORD}).status_code)

    assert sorted(at_once([make(name) for name in names]))[0] == 302
    assert Teacher.objects.count() == 1
    assert Teacher.objects.get().is_owner


def test_a_nickname_taken_twice_at_once_is_one_student_s(cast: Cast) -> None:
    def join() -> str:
        try:
            return actions.join(classroom=cast.class_9b, nickname="Keen Hare", now=NOW)[0].nickname
        except actions.NicknameTaken:
            return "taken"

    assert sorted(at_once([join] * 4)) == ["Keen Hare", "taken", "taken", "taken"]
    assert cast.class_9b.students.filter(nickname="Keen Hare").count() == 1
