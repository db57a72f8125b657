"""Students come in by code, come back by four words, and leave."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django import Settings

from classroom import actions, classes, devices, entry, queries
from classroom.forms import NicknameForm
from classroom.models import NicknamePolicy, Student
from tests.cast import NOW, Cast, device_of
from tests.devices import Device
from tests.pages import form_of, read, submit

pytestmark = pytest.mark.django_db


def join_with(device: Device, code: str) -> Student:
    """Type the code, take the nickname that is offered, and enter."""
    nickname_page = device.get(submit(device, device.get(reverse("join")), code=code).url)
    nickname = read(nickname_page).of_class("nickname-big")[0].text
    entered = submit(device, nickname_page)
    student = Student.objects.get(nickname=nickname, classroom__code=code)
    assert entered.url == reverse("student_home", args=[student.classroom.uid])
    return student


def phrase_on(response: object) -> str:
    return " ".join(element.text for element in read(response).of_class("phrase"))


def test_a_student_joins_by_code_and_is_at_home(cast: Cast) -> None:
    device = Device()
    student = join_with(device, cast.class_9b.code)
    page = read(device.get(reverse("student_home", args=[cast.class_9b.uid])))
    assert page.one("h1").text == f"You are {student.nickname}"


@pytest.mark.parametrize("typed", ["{} ", " {}", "{}-", "{}\t"])
def test_what_people_add_to_a_code_does_not_matter(cast: Cast, typed: str) -> None:
    code = cast.class_9b.code
    spaced = f"{code[:3].lower()} {code[3:].lower()}"
    response = Device().post(reverse("join"), {"code": typed.format(spaced)})
    assert response.status_code == 302
    assert response.url == reverse("join_class", args=[cast.class_9b.uid, code])


def test_a_wrong_code_is_kept_and_refused_at_the_field(cast: Cast) -> None:
    device = Device()
    response = submit(device, device.get(reverse("join")), code="no such one")
    field = form_of(response).one("input", name="code")
    error = read(response).one(id="id_code_error")
    assert response.status_code == 422
    assert field.attributes["value"] == "no such one"
    assert field.attributes["aria-invalid"] == "true"
    assert error.id in field.attributes["aria-describedby"].split()
    assert "no class with this code" in error.text


@pytest.mark.parametrize("typed", ["", "   ", "---", "\x00", "C" * 21])
def test_no_code_at_all_is_refused(cast: Cast, typed: str) -> None:
    assert Device().post(reverse("join"), {"code": typed}).status_code == 422


def test_the_link_of_the_qr_code_leads_in(cast: Cast) -> None:
    response = Device().get(reverse("join_link", args=[cast.class_9b.code.lower()]))
    assert response.url == reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])


def test_a_link_with_a_wrong_code_keeps_it(cast: Cast) -> None:
    response = Device().get(reverse("join_link", args=["XXXXXX"]))
    assert response.status_code == 404
    assert form_of(response).one("input", name="code").attributes["value"] == "XXXXXX"


def test_a_closed_class_takes_nobody_in(cast: Cast) -> None:
    device = Device()
    page = device.get(reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code]))
    classes.set_joining(classroom=cast.class_9b, is_open=False)
    response = submit(device, page)
    assert response.status_code == 422
    assert "takes nobody in" in read(response).one("div", role="alert").text
    assert cast.class_9b.students.count() == 2
    assert not device.cookie(devices.COOKIE)


def test_a_closed_class_says_so_at_once_and_shows_no_names(cast: Cast) -> None:
    classes.extend_roster(classroom=cast.class_9b, names=["Zoë Müller"])
    classes.change(classroom=cast.class_9b, values={"nickname_policy": NicknamePolicy.ROSTER, "is_open": False})
    page = read(Device().get(reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code]))).one("main")
    assert "takes nobody in" in page.one("div", role="alert").text
    assert "Zoë" not in page.text
    assert not list(page.all("form"))


def test_whoever_is_in_a_closed_class_stays(cast: Cast) -> None:
    cast.class_9b.is_open = False
    cast.class_9b.save()
    assert device_of(cast.heron).get(reverse("student_home", args=[cast.class_9b.uid])).status_code == 200
    response = Device().post(reverse("reenter", args=[cast.class_9b.uid]), {"phrase": cast.phrases["Brisk Heron"]})
    assert response.status_code == 302


@pytest.mark.parametrize("nickname", ["Rude Word", "Rude Word:signature", ""])
def test_a_typed_nickname_is_refused(cast: Cast, nickname: str) -> None:
    url = reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])
    response = Device().post(url, {"nickname": nickname})
    assert response.status_code == 422
    assert not Student.objects.filter(nickname__startswith="Rude").exists()
    assert cast.class_9b.students.count() == 2


def test_a_nickname_taken_meanwhile_gives_way_to_another(cast: Cast) -> None:
    device = Device()
    url = reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])
    response = device.post(url, {"nickname": NicknameForm.sign("Calm Otter")})
    page = read(response)
    offered = page.of_class("nickname-big")[0].text
    assert response.status_code == 422
    assert "took this name" in page.one("div", role="alert").text
    assert offered != "Calm Otter"
    assert submit(device, response).status_code == 302
    assert cast.class_9b.students.filter(nickname=offered).exists()


def test_the_same_nickname_fits_in_two_classes(cast: Cast) -> None:
    student, _ = actions.join(classroom=cast.class_7a, nickname="Brisk Heron", now=NOW)
    assert student.nickname == cast.heron.nickname


def test_offered_nicknames_are_free(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two possible names one is taken: the other is offered each time, and a numbered one when both are."""
    shutil.copytree(entry.WORDS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "adjectives.txt").write_text("Calm Merry")
    (tmp_path / "animals.txt").write_text("Otter")
    monkeypatch.setattr(entry, "WORDS", tmp_path)
    entry.words.cache_clear()
    try:
        assert {queries.free_nickname(classroom=cast.class_9b) for _ in range(20)} == {"Merry Otter"}
        actions.join(classroom=cast.class_9b, nickname="Merry Otter", now=NOW)
        assert queries.free_nickname(classroom=cast.class_9b) in ("Merry Otter 4", "Calm Otter 4")
    finally:
        entry.words.cache_clear()


def test_the_same_device_goes_on_silently(cast: Cast) -> None:
    device = Device()
    join_with(device, cast.class_9b.code)
    again = submit(device, device.get(reverse("join")), code=cast.class_9b.code)
    response = device.get(again.url)
    assert response.url == reverse("student_home", args=[cast.class_9b.uid])
    assert device.post(again.url, {"nickname": NicknameForm.sign("Second Self")}).url == response.url
    assert cast.class_9b.students.count() == 3


def test_four_words_bring_back_on_a_second_device(cast: Cast) -> None:
    first, second = Device(), Device()
    student = join_with(first, cast.class_9b.code)
    home = reverse("student_home", args=[cast.class_9b.uid])
    phrase = phrase_on(first.get(home))
    assert len(phrase.split()) == 4

    asked = second.get(second.get(home).url)
    response = submit(second, asked, phrase=f"  {phrase.upper().replace(' ', '  ')} ")
    assert response.url == home
    assert read(second.get(home)).one("h1").text == f"You are {student.nickname}"
    assert not phrase_on(second.get(home))
    assert first.get(home).status_code == 200
    assert cast.class_9b.students.count() == 3


def test_wrong_words_are_kept_and_refused_at_the_field(cast: Cast) -> None:
    device = Device()
    page = device.get(reverse("reenter", args=[cast.class_9b.uid]))
    response = submit(device, page, phrase="four words of nobody")
    assert response.status_code == 422
    assert form_of(response).one("input", name="phrase").attributes["value"] == "four words of nobody"
    assert "Nobody in this class" in read(response).one(id="id_phrase_error").text
    assert not device.cookie(devices.COOKIE)


def test_words_of_another_class_do_not_fit(cast: Cast) -> None:
    url = reverse("reenter", args=[cast.class_9b.uid])
    assert Device().post(url, {"phrase": cast.phrases["Merry Finch"]}).status_code == 422


def test_the_words_are_shown_until_they_are_kept(cast: Cast) -> None:
    device = Device()
    join_with(device, cast.class_9b.code)
    home = reverse("student_home", args=[cast.class_9b.uid])
    phrase = phrase_on(device.get(home))
    assert phrase
    assert phrase_on(device.get(home)) == phrase
    kept = reverse("phrase_kept", args=[cast.class_9b.uid])
    assert submit(device, device.get(home), to=kept).url == home
    page = device.get(home)
    assert page.status_code == 200
    assert not phrase_on(page)
    assert phrase not in page.content.decode()


def test_the_database_holds_only_a_keyed_hash_of_the_words(cast: Cast, settings: Settings) -> None:
    phrase = cast.phrases["Brisk Heron"]
    stored = {key: str(value) for key, value in vars(cast.heron).items()}
    assert not any(word in value for word in phrase.split() for value in stored.values() if len(word) > 3)
    assert cast.heron.phrase_hmac == entry.phrase_hmac(phrase, cast.class_9b.uid)
    assert cast.heron.phrase_hmac != entry.phrase_hmac(phrase, cast.class_7a.uid)
    settings.SECRET_KEY = "another key"
    assert cast.heron.phrase_hmac != entry.phrase_hmac(phrase, cast.class_9b.uid)


def test_renewed_words_sign_the_old_devices_out(cast: Cast) -> None:
    home = reverse("student_home", args=[cast.class_9b.uid])
    device, neighbour = device_of(cast.heron), device_of(cast.otter)
    assert device.get(home).status_code == 200
    renewed = actions.renew_phrase(student=cast.heron)

    asked = reverse("reenter", args=[cast.class_9b.uid])
    assert device.get(home).url == asked
    assert neighbour.get(home).status_code == 200
    assert device.post(asked, {"phrase": cast.phrases["Brisk Heron"]}).status_code == 422
    assert device.post(asked, {"phrase": renewed}).url == home
    assert read(device.get(home)).one("h1").text == "You are Brisk Heron"


def test_a_device_that_leaves_is_nobody_s_again(cast: Cast) -> None:
    device = Device()
    join_with(device, cast.class_9b.code)
    home = reverse("student_home", args=[cast.class_9b.uid])
    page = device.get(home)
    phrase = phrase_on(page)
    response = submit(device, page, to=reverse("leave", args=[cast.class_9b.uid]))
    assert response.url == reverse("home")
    assert not device.cookie(devices.COOKIE)
    assert not device.cookie(devices.PHRASE_COOKIE)
    assert device.get(home).url == reverse("reenter", args=[cast.class_9b.uid])
    assert device.post(device.get(home).url, {"phrase": phrase}).url == home


def test_one_device_is_in_two_classes(cast: Cast) -> None:
    device = Device()
    here, there = join_with(device, cast.class_9b.code), join_with(device, cast.class_7a.code)
    for student in (here, there):
        page = read(device.get(reverse("student_home", args=[student.classroom.uid])))
        assert page.one("h1").text == f"You are {student.nickname}"
    home = reverse("student_home", args=[cast.class_9b.uid])
    submit(device, device.get(home), to=reverse("leave", args=[cast.class_9b.uid]))
    assert device.get(home).status_code == 302
    assert device.get(reverse("student_home", args=[cast.class_7a.uid])).status_code == 200


def test_a_cookie_is_for_its_class_alone(cast: Cast) -> None:
    """Sent to another class by a browser that minds no paths, it opens nothing."""
    device = device_of(cast.finch)
    (morsel,) = device.cookies.values()
    morsel["path"] = "/"
    assert device.get(reverse("student_home", args=[cast.class_7a.uid])).status_code == 200
    assert device.get(reverse("student_home", args=[cast.class_9b.uid])).status_code == 302


@pytest.mark.parametrize("forge", ["", "x", '["a","b"]:signature'])
def test_a_forged_cookie_opens_nothing(cast: Cast, forge: str) -> None:
    device = Device()
    device.cookies[devices.COOKIE] = forge
    assert device.get(reverse("student_home", args=[cast.class_9b.uid])).status_code == 302


def test_the_device_s_cookies_are_closed_to_scripts_and_to_other_pages(cast: Cast) -> None:
    device = Device()
    join_with(device, cast.class_9b.code)
    for name in (devices.COOKIE, devices.PHRASE_COOKIE):
        (morsel,) = [each for each in device.jar.values() if each.key == name]
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"
        assert morsel["path"] == reverse("student_home", args=[cast.class_9b.uid])


def test_codes_have_no_letters_that_look_alike() -> None:
    codes = {entry.new_code() for _ in range(200)}
    assert {len(code) for code in codes} == {6}
    assert not set("".join(codes)) & set("AEIOU01258BZSL")
    assert len(codes) > 190
