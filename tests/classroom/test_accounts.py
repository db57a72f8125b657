"""Teachers' accounts: the first-run link, invitations, new passwords. Each link works once."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django import Settings

from classroom import accounts, actions
from classroom.models import Invitation, Teacher
from tests.cast import NOW, PASSWORD, Cast, desk_of
from tests.devices import Device
from tests.pages import form_of, read, submit

pytestmark = pytest.mark.django_db


def setup_url() -> str:
    return reverse("setup", args=[accounts.setup_token()])


def invitation_url(cast: Cast) -> str:
    return reverse("invitation", args=[actions.invite_teacher(owner=cast.alice, now=NOW).uid])


def can_sign_in(username: str, password: str) -> bool:
    response = Device().post(reverse("account_login"), {"login": username, "password": password})
    return bool(response.status_code == 302)


def link_on(response: object) -> str:
    """The address in the box of a page that hands a link over."""
    (box,) = read(response).of_class("link-box")
    return box.text.removeprefix("http://testserver")


def test_the_first_run_link_makes_the_owner_and_signs_in() -> None:
    device = Device()
    response = submit(device, device.get(setup_url()), username="alice", password=PASSWORD)
    assert response.url == reverse("teach_home")
    assert device.get(response.url).status_code == 200
    assert Teacher.objects.get().is_owner
    assert can_sign_in("alice", PASSWORD)


def test_the_first_run_link_works_once() -> None:
    url, late = setup_url(), Device()
    form = late.get(url)
    first = Device()
    submit(first, first.get(url), username="alice", password=PASSWORD)
    assert Device().get(url).status_code == 404
    assert submit(late, form, username="mallory", password=PASSWORD).status_code == 404
    assert list(Teacher.objects.values_list("username", flat=True)) == ["alice"]


@pytest.mark.parametrize("token", ["x", "owner", "ImFkbWluIg:1abc:signature"])
def test_a_guessed_first_run_link_does_not_exist(token: str) -> None:
    assert Device().get(reverse("setup", args=[token])).status_code == 404
    assert Device().post(reverse("setup", args=[token]), {"username": "m", "password": PASSWORD}).status_code == 404
    assert not Teacher.objects.exists()


def test_a_bad_password_is_refused_at_its_field_and_the_name_kept() -> None:
    device = Device()
    response = submit(device, device.get(setup_url()), username="alice", password="12345678")
    form = form_of(response)
    assert response.status_code == 422
    assert form.one("input", name="username").attributes["value"] == "alice"
    assert "value" not in form.one("input", name="password").attributes
    assert "too common" in read(response).one(id="id_password_error").text
    assert not Teacher.objects.exists()


def test_an_invitation_makes_one_account_that_owns_nothing(cast: Cast) -> None:
    device = Device()
    link = link_on(desk_of(cast.alice).post(reverse("invite")))
    response = submit(device, device.get(link), username="dora", password=PASSWORD)
    assert response.url == reverse("teach_home")
    dora = Teacher.objects.get(username="dora")
    assert not dora.is_owner
    assert Invitation.objects.get(accepted_by=dora).invited_by == cast.alice
    assert can_sign_in("dora", PASSWORD)


def test_an_invitation_works_once(cast: Cast) -> None:
    url, late = invitation_url(cast), Device()
    form = late.get(url)
    first = Device()
    submit(first, first.get(url), username="dora", password=PASSWORD)
    used = Device().get(url)
    too_late = submit(late, form, username="mallory", password=PASSWORD)
    for answer in (used, too_late):
        assert answer.status_code == 404
        assert "This invitation is over" in read(answer).text
    assert not Teacher.objects.filter(username="mallory").exists()


def test_an_invitation_does_not_open_again_when_its_account_is_deleted(cast: Cast) -> None:
    url, dora = invitation_url(cast), Device()
    submit(dora, dora.get(url), username="dora", password=PASSWORD)
    submit(dora, dora.get(reverse("my_account_delete")), name="dora")
    assert not Teacher.objects.filter(username="dora").exists()
    assert Device().get(url).status_code == 404


def test_an_owner_withdraws_invitations_that_went_astray(cast: Cast) -> None:
    """Those that were used keep their accounts."""
    url, owner = invitation_url(cast), desk_of(cast.alice)
    page = owner.get(reverse("teachers"))
    assert "Withdraw 1 open invitation" in read(page).text
    left = owner.get(submit(owner, page, to=reverse("invite_withdraw")).url)
    assert "No invitation is open any more." in read(left).text
    assert "Withdraw" not in read(left).one("main").text
    assert Device().get(url).status_code == 404
    assert Teacher.objects.filter(username="bob").exists()


def test_an_invitation_that_two_hold_at_the_same_moment_is_for_one(cast: Cast) -> None:
    """Both have passed the view's look at the invitation."""
    invitation = actions.invite_teacher(owner=cast.alice, now=NOW)
    actions.accept_invitation(invitation=invitation, username="dora", password=PASSWORD)
    with pytest.raises(actions.InvitationUsed):
        actions.accept_invitation(invitation=invitation, username="mallory", password=PASSWORD)
    assert not Teacher.objects.filter(username="mallory").exists()


@pytest.mark.parametrize("name", ["bob", "BOB", "two words", ""])
def test_a_name_that_cannot_be_is_refused(cast: Cast, name: str) -> None:
    device = Device()
    response = submit(device, device.get(invitation_url(cast)), username=name, password=PASSWORD)
    assert response.status_code == 422
    assert read(response).one(id="id_username_error").text
    assert Teacher.objects.count() == 3


def test_a_forgotten_password_is_renewed_by_a_link_that_works_once(cast: Cast) -> None:
    link = link_on(desk_of(cast.alice).post(reverse("password_link", args=[cast.bob.uid])))
    device, late = Device(), Device()
    form = device.get(link).url
    response = submit(device, device.get(form), to=form, password1="an owl in the gym", password2="an owl in the gym")
    assert response.status_code == 302
    assert can_sign_in("bob", "an owl in the gym")
    assert not can_sign_in("bob", PASSWORD)
    assert not list(read(late.get(link)).one("main").all("input", type="password"))


def test_the_owner_sees_who_has_an_account(cast: Cast) -> None:
    page = read(desk_of(cast.alice).get(reverse("teachers")))
    assert [cell.text for cell in page.all("th", scope="row")] == ["alice", "bob", "carol"]


def test_signing_out_ends_it(cast: Cast) -> None:
    device = desk_of(cast.bob)
    device.post(reverse("account_logout"))
    assert device.get(reverse("teach_home")).status_code == 302


def test_links_that_are_handed_over_open_on_other_devices(cast: Cast, settings: Settings) -> None:
    """Also where the owner works on the server itself, whose loopback leads nowhere from elsewhere."""
    settings.PUBLIC_ADDRESS = "http://192.0.2.7:8000/"
    alice, bob = desk_of(cast.alice), desk_of(cast.bob)
    pages = [
        alice.post(reverse("invite"), headers={"host": "localhost:8000"}),
        alice.post(reverse("password_link", args=[cast.bob.uid]), headers={"host": "127.0.0.1:8000"}),
        bob.get(reverse("classroom", args=[cast.class_9b.uid]), headers={"host": "localhost"}),
    ]
    for page in pages:
        assert read(page).of_class("link-box")[0].text.startswith("http://192.0.2.7:8000/")
    assert link_on(alice.post(reverse("invite"))).startswith("/invitation/"), "by whatever other name it was opened"


def test_a_name_with_a_space_is_refused_in_plain_words() -> None:
    device = Device()
    response = submit(device, device.get(setup_url()), username="ada l", password=PASSWORD)
    assert "without a space" in read(response).one(id="id_username_error").text
