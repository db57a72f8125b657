"""Scripts of students who would rather not read: what each of them tries, and gets."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.urls import reverse

from classroom import devices, limits
from classroom.models import Classroom, Student
from play import actions
from play.models import Attempt, Opening, Standing
from tests.cast import NOW, PASSWORD, Stage, answer, assign, device_of, items
from tests.devices import Device
from tests.odd import TEXTS
from tests.pages import read, submit

pytestmark = pytest.mark.django_db

NOTHING = {"nothing": "1"}


def url_of(stage: Stage, position: int = 1) -> str:
    return reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position])


# Answering as somebody else


def test_a_cookie_cannot_be_made(stage: Stage) -> None:
    """Knowing somebody's public id is not enough; neither is a cookie for another purpose, or of another class."""
    good = device_of(stage.heron).cookies[devices.COOKIE].value
    device_cookie = signing.dumps([stage.heron.uid, stage.heron.session_key], salt=devices.DEVICE_SALT)
    forged = [
        stage.heron.uid,
        signing.dumps([stage.heron.uid, stage.heron.session_key], key="guessed", salt=devices.SALT),
        signing.dumps([stage.heron.uid, "guessed"], salt=devices.SALT),
        signing.dumps([stage.heron.uid], salt=devices.SALT),
        signing.dumps({"uid": stage.heron.uid}, salt=devices.SALT),
        device_cookie,
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.upper(),
        *TEXTS[:20],
    ]
    for value in forged:
        script = Device()
        script.cookies[devices.COOKIE] = value.encode("ascii", "ignore").decode()
        assert script.post(url_of(stage), NOTHING).status_code == 404
    script = device_of(stage.finch)
    script.cookies[devices.COOKIE] = script.cookies[devices.COOKIE].value
    assert script.post(url_of(stage), NOTHING).status_code == 404
    assert not Attempt.objects.exists()


def test_fields_name_nobody_else(stage: Stage) -> None:
    """Whoever sends it is whose it is: ids in the form move nothing to a neighbour, good or bad."""
    for extra in ({"student_id": str(stage.otter.pk)}, {"nickname": "Calm Otter"}, {"user": "Calm Otter"}):
        device_of(stage.heron).post(url_of(stage), NOTHING | extra)
    assert device_of(stage.heron).post(url_of(stage, 2), NOTHING | {"student": stage.otter.uid}).status_code == 302
    assert list(Attempt.objects.values_list("student", "number")) == [(stage.heron.pk, 1)]


def test_the_key_of_another_s_form_takes_nothing_away(stage: Stage) -> None:
    """Sending under the key that a neighbour's form has does not stop the neighbour's answer."""
    device_of(stage.heron).post(url_of(stage), NOTHING | {"client_key": "stolen"})
    device_of(stage.otter).post(url_of(stage), NOTHING | {"client_key": "stolen"})
    assert set(Attempt.objects.values_list("student", flat=True)) == {stage.heron.pk, stage.otter.pk}


# Replaying, and a second try after the key was shown


def test_a_replayed_answer_counts_once_and_cannot_be_bettered(stage: Stage) -> None:
    script = device_of(stage.heron)
    assert script.post(url_of(stage), NOTHING | {"client_key": "one"}).status_code == 302
    before = Standing.objects.values("points", "decisions", "correct").get(student=stage.heron)
    right = {"w": ["0", "1", "2", "3"], "label": "loaded-language"}
    for number in range(40):
        for given in (NOTHING | {"client_key": "one"}, right | {"client_key": f"other-{number}"}):
            assert script.post(url_of(stage), given).status_code == 302
    assert script.post(f"{url_of(stage)}again/", right).status_code in (302, 404)
    assert Attempt.objects.count() == 1
    assert Standing.objects.values("points", "decisions", "correct").get(student=stage.heron) == before


def test_leaving_and_joining_again_is_another_student(stage: Stage) -> None:
    """Who saw the keys and comes back under a new name has a new row; the old one stays as it was."""
    answer(stage.heron, stage.six_ways, 1)
    script = device_of(stage.heron)
    script.post(reverse("leave", args=[stage.class_9b.uid]))
    assert script.get(url_of(stage, 2)).status_code == 404
    assert Attempt.objects.filter(student=stage.heron).count() == 1


def test_a_script_that_sends_and_sends_is_told_to_wait(stage: Stage) -> None:
    """Half answers as fast as they go: the rest of the minute nothing of this student is read. A neighbour plays on."""
    script, neighbour = device_of(stage.heron), device_of(stage.otter)
    responses = (script.post(url_of(stage), {"w": "0"}) for _ in range(3 * limits.ANSWERS))
    number, refused = next((n, each) for n, each in enumerate(responses) if each.status_code == 429)
    assert number >= limits.ANSWERS
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "wait" in read(refused).one("main").text
    assert neighbour.post(url_of(stage), NOTHING).status_code == 302
    assert script.get(url_of(stage)).status_code == 200


# Forging points


def test_points_and_times_are_the_server_s(stage: Stage) -> None:
    forged = {"points": "100", "score": "1", "correct": "true", "is_late": "", "number": "1", "is_practice": "false"}
    forged |= {"answered": "2020-01-01T00:00", "opened": "2020-01-01T00:00", "seconds_left": "999", "signal": "0"}
    honest, script = device_of(stage.otter), device_of(stage.heron)
    honest.post(url_of(stage), NOTHING)
    script.post(url_of(stage), NOTHING | forged)
    fields = ("score", "points", "correct", "number", "is_late", "is_practice", "signal")
    mine, theirs = (Attempt.objects.values(*fields).get(student=each) for each in (stage.heron, stage.otter))
    assert mine == theirs
    assert Attempt.objects.get(student=stage.heron).answered.year > 2020


def test_a_timer_cannot_be_started_anew(stage: Stage) -> None:
    """Loading the page again, or on a second device, does not bring the time back."""
    timed = assign(stage.class_9b, "six-ways", seconds_per_word=0.5)
    item = items(timed)[0]
    first = actions.open_item(student=stage.heron, assignment=timed, version_id=item.version_id, now=NOW)
    for device in (device_of(stage.heron), device_of(stage.heron)):
        device.get(reverse("exercise", args=[stage.class_9b.uid, timed.uid, 1]))
    assert Opening.objects.get(student=stage.heron).opened == first
    late = device_of(stage.heron)
    late.post(reverse("exercise", args=[stage.class_9b.uid, timed.uid, 1]), NOTHING)
    assert Attempt.objects.get(assignment=timed).is_late


def test_an_answer_after_its_time_is_told_so_below_its_points(stage: Stage) -> None:
    """The verdict and its points stand side by side; what explains them comes after."""
    timed = assign(stage.class_9b, "six-ways", seconds_per_word=0.5)
    actions.open_item(student=stage.heron, assignment=timed, version_id=items(timed)[0].version_id, now=NOW)
    address = reverse("exercise", args=[stage.class_9b.uid, timed.uid, 1])
    page = read(device_of(stage.heron).post(address, NOTHING, follow=True))
    verdict = page.of_class("verdict")[0].text
    assert 0 < verdict.index("0 points") < verdict.index("Time was up") < verdict.index("Your answer")


# Reading ahead


def test_the_next_item_cannot_be_read(stage: Stage) -> None:
    script = device_of(stage.heron)
    secret = items(stage.six_ways)[1].content.text[:40]
    for headers in ({}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Boosted": "true"}):
        for method in ("get", "head", "post"):
            for position in (2, 3, 6):
                response = getattr(script, method)(url_of(stage, position), headers=headers)
                assert response.status_code in (302, 200)
                assert secret not in response.content.decode()
    for position in (0, 7, 99999):
        assert script.get(url_of(stage, position)).status_code == 404
    assert not Opening.objects.filter(item__position__gt=1).exists()
    assert not Attempt.objects.exists()


# Joining over and over


def entries(classroom: Classroom) -> int:
    return Student.objects.filter(classroom=classroom).count()


def join(script: Device, stage: Stage) -> Any:
    url = reverse("join_class", args=[stage.class_9b.uid, stage.class_9b.code])
    response = submit(script, script.get(url))
    script.post(reverse("leave", args=[stage.class_9b.uid]))
    return response


def test_a_browser_that_joins_a_thousand_times_is_ten_entries(stage: Stage) -> None:
    before, script = entries(stage.class_9b), Device()
    refused = sum(join(script, stage).status_code == 429 for _ in range(100))
    assert entries(stage.class_9b) - before == 10
    assert refused == 90


def test_a_script_that_joins_a_thousand_times_fills_no_more_than_the_class(stage: Stage) -> None:
    """It throws its cookies away each time. The class has room for sixty; its teacher clears the flood in one step."""
    signed = read(Device().get(reverse("join_class", args=[stage.class_9b.uid, stage.class_9b.code])))
    nickname = signed.one("input", name="nickname").attributes["value"]
    url = reverse("join_class", args=[stage.class_9b.uid, stage.class_9b.code])
    for number in range(1000):
        if number < 300 and entries(stage.class_9b) < stage.class_9b.capacity:  # a full class shows no form
            join(Device(), stage)
        else:
            assert Device().post(url, {"nickname": nickname}).status_code in (422, 429, 302)
    assert entries(stage.class_9b) <= stage.class_9b.capacity


# Sessions


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out(stage: Stage) -> None:
    """A session that somebody planted in the browser beforehand is not the teacher's afterwards."""
    device = Device()
    login = reverse("account_login")
    device.get(reverse("try_it"))
    device.post(reverse("try_exercise", args=[1]), {"flagged": "no", "confidence": "50", "nothing": "1", "choice": "0"})
    page = device.get(login)
    planted, token = device.cookie(settings.SESSION_COOKIE_NAME), device.cookie(settings.CSRF_COOKIE_NAME)
    submit(device, page, to=login, login="bob", password=PASSWORD)
    own = device.cookie(settings.SESSION_COOKIE_NAME)
    assert own
    assert own != planted
    assert device.cookie(settings.CSRF_COOKIE_NAME) != token
    device.post(reverse("account_logout"))
    thief = Device()
    thief.cookies[settings.SESSION_COOKIE_NAME] = own
    assert thief.get(reverse("teach_home")).status_code == 302
