"""A class as its teacher keeps it: settings, code, entries, co-teachers, its end."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from classroom import actions, classes, retention
from classroom.models import Classroom, NicknamePolicy, Student
from play import actions as play_actions
from play.models import Attempt
from tests.cast import NOW, Cast, Stage, answer, assign, desk_of, device_of, items, plain_answer, students
from tests.devices import Device
from tests.pages import form_of, read, submit

pytestmark = pytest.mark.django_db


def join_url(cast: Cast) -> str:
    return reverse("join_class", args=[cast.class_9b.uid, cast.class_9b.code])


def page_of(cast: Cast) -> str:
    return reverse("classroom", args=[cast.class_9b.uid])


def test_settings_are_kept(cast: Cast) -> None:
    desk, url = desk_of(cast.bob), reverse("classroom_settings", args=[cast.class_9b.uid])
    changes = {"name": "9b Medien", "nickname_policy": "typed", "approves_entries": "on", "expected": 27}
    changes |= {"capacity": 30, "time_zone": "Europe/Berlin", "retention_days": 60}
    assert submit(desk, desk.get(url), **changes).url == page_of(cast)
    found = Classroom.objects.get(pk=cast.class_9b.pk)
    assert (found.name, found.nickname_policy, found.approves_entries, found.expected) == (
        "9b Medien", "typed", True, 27,
    )  # fmt: skip
    assert (found.capacity, found.time_zone, found.retention_days) == (30, "Europe/Berlin", 60)
    assert form_of(desk.get(url)).one("input", name="name").attributes["value"] == "9b Medien"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("capacity", "0"), ("capacity", "1001"), ("retention_days", "29"), ("retention_days", "many")],
)
def test_settings_that_cannot_be_are_refused_at_the_field(cast: Cast, field: str, value: str) -> None:
    desk, url = desk_of(cast.bob), reverse("classroom_settings", args=[cast.class_9b.uid])
    response = submit(desk, desk.get(url), **{field: value})
    assert response.status_code == 422
    assert read(response).one(id=f"id_{field}_error").text
    assert form_of(response).one("input", name=field).attributes.get("value", "").strip() == value.strip()
    assert vars(Classroom.objects.get(pk=cast.class_9b.pk)) | {"_state": 0} == vars(cast.class_9b) | {"_state": 0}


def test_more_students_than_the_class_takes_cannot_be_expected(cast: Cast) -> None:
    desk, url = desk_of(cast.bob), reverse("classroom_settings", args=[cast.class_9b.uid])
    response = submit(desk, desk.get(url), expected=61)
    assert response.status_code == 422
    assert "You expect more students" in read(response).one(id="id_capacity_error").text
    assert form_of(response).one("input", name="expected").attributes["value"] == "61"
    assert submit(desk, response, capacity=61).url == page_of(cast)


def test_joining_is_closed_and_opened_from_the_class_s_page(cast: Cast) -> None:
    desk, url = desk_of(cast.bob), reverse("joining", args=[cast.class_9b.uid])
    submit(desk, desk.get(page_of(cast)), to=url, button="open")
    device = Device()
    assert "takes nobody in" in read(device.get(join_url(cast))).one("main").text
    submit(desk, desk.get(page_of(cast)), to=url, button="open")
    assert submit(device, device.get(join_url(cast))).status_code == 302


def test_a_new_code_voids_the_old_one(cast: Cast) -> None:
    desk, old = desk_of(cast.bob), cast.class_9b.code
    submit(desk, desk.get(page_of(cast)), to=reverse("code_renew", args=[cast.class_9b.uid]))
    new = Classroom.objects.get(pk=cast.class_9b.pk).code
    assert new != old
    assert Device().post(reverse("join"), {"code": old}).status_code == 422
    assert Device().get(reverse("join_link", args=[old])).status_code == 404
    assert Device().get(join_url(cast)).status_code == 404
    assert Device().post(reverse("join"), {"code": new}).status_code == 302
    assert device_of(cast.heron).get(reverse("student_home", args=[cast.class_9b.uid])).status_code == 200


def test_the_sheet_holds_code_link_and_picture(cast: Cast) -> None:
    page = read(desk_of(cast.bob).get(reverse("join_sheet", args=[cast.class_9b.uid])))
    assert page.of_class("code-big")[0].text.endswith(cast.class_9b.code)
    assert page.of_class("sheet-link")[0].text.endswith(reverse("join_link", args=[cast.class_9b.code]))
    assert list(page.of_class("qr")[0].all("svg"))


def test_the_class_s_page_says_how_many_have_joined_of_how_many(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"expected": 2})
    page = read(desk_of(cast.bob).get(page_of(cast)))
    assert page.of_class("joined")[0].text == "2 of 2 expected have joined"
    assert "More have joined" not in page.text
    students(cast.class_9b, 1)
    assert "More have joined than you expect" in read(desk_of(cast.bob).get(page_of(cast))).text


def test_the_number_counts_along_while_students_join(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"expected": 2})
    desk = desk_of(cast.bob)
    poll = read(desk.get(page_of(cast))).one(id="joined").attributes["hx-get"]
    assert desk.get(poll).status_code == 204
    classes.change(classroom=cast.class_9b, values={"approves_entries": True})
    students(cast.class_9b, 1)
    part = read(desk.get(poll)).one(id="joined")
    assert part.of_class("joined")[0].text == "2 of 2 expected have joined, 1 waits Show them"
    classes.approve(classroom=cast.class_9b)
    part = read(desk.get(part.attributes["hx-get"])).one(id="joined")
    assert "3 of 2 expected have joined" in part.text
    assert "More have joined than you expect" in part.text
    assert desk.get(part.attributes["hx-get"]).status_code == 204
    actions.renew_phrase(student=cast.heron)
    assert desk.get(part.attributes["hx-get"]).status_code == 204


def test_the_class_s_page_says_when_the_class_is_full(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"capacity": 3, "approves_entries": True})
    desk = desk_of(cast.bob)
    joined = read(desk.get(page_of(cast))).one(id="joined")
    assert "full" not in joined.text
    students(cast.class_9b, 1)
    part = read(desk.get(joined.attributes["hx-get"])).one(id="joined")
    assert "The class is full: it takes 3 students." in part.text, "who waits takes up room, too"


def test_a_full_class_takes_nobody_in(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"capacity": 3})
    first, second = Device(), Device()
    page = second.get(join_url(cast))
    assert submit(first, first.get(join_url(cast))).status_code == 302
    response = submit(second, page)
    assert response.status_code == 422
    assert "full" in read(response).one("div", role="alert").text
    assert cast.class_9b.students.count() == 3


@pytest.mark.parametrize("policy", NicknamePolicy.values)
def test_a_full_class_says_so_before_a_name_is_chosen(cast: Cast, policy: str) -> None:
    classes.change(classroom=cast.class_9b, values={"capacity": 2, "nickname_policy": policy})
    classes.extend_roster(classroom=cast.class_9b, names=["Anna"])
    device = Device()
    typed = submit(device, device.get(reverse("join")), code=cast.class_9b.code)
    page = read(device.get(typed.url))
    assert "full" in page.one("div", role="alert").text
    assert not list(page.one("main").all("button")), "there is nothing to send"
    classes.change(classroom=cast.class_9b, values={"capacity": 3})
    assert list(read(device.get(typed.url)).one("main").all("button"))


def test_a_new_class_has_the_time_zone_of_the_installation(cast: Cast, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Warsaw"
    assert actions.create_classroom(teacher=cast.bob, name="8c", now=NOW).time_zone == "Europe/Warsaw"


def test_an_entry_waits_until_the_teacher_lets_it_in(stage: Stage) -> None:
    classes.change(classroom=stage.class_9b, values={"approves_entries": True})
    device, desk = Device(), desk_of(stage.bob)
    waiting, state = (reverse(name, args=[stage.class_9b.uid]) for name in ("waiting", "waiting_state"))
    home = reverse("student_home", args=[stage.class_9b.uid])
    assert submit(device, device.get(join_url(stage))).url == waiting
    entrant = stage.class_9b.students.get(is_approved=False)
    assert entrant.nickname in read(device.get(waiting)).one("main").text
    assert device.get(state).status_code == 204
    assert device.get(device.get(home).url).url == waiting
    for name in ("play", "leaderboard"):
        assert device.get(reverse(name, args=[stage.class_9b.uid, stage.six_ways.uid])).status_code == 404
    assert entrant.nickname not in [cell.text for cell in read(desk.get(page_of(stage))).all("th", scope="row")]

    button = read(desk.get(page_of(stage))).one("button", name="student")
    desk.post(reverse("entries_approve", args=[stage.class_9b.uid]), {"student": button.attributes["value"]})
    assert device.get(state).headers["HX-Redirect"] == home
    assert device.get(waiting).url == home
    page = read(device.get(home))
    assert entrant.nickname in page.one("h1").text
    assert page.of_class("phrase"), "the four words were kept for now"


def test_all_who_wait_are_let_in_at_once_and_one_alone_is_let_in_alone(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"approves_entries": True})
    first, *_ = students(cast.class_9b, 4)
    desk, url = desk_of(cast.bob), reverse("entries_approve", args=[cast.class_9b.uid])
    desk.post(url, {"student": first.uid})
    assert cast.class_9b.students.filter(is_approved=False).count() == 3
    desk.post(url)
    assert not Student.objects.filter(is_approved=False).exists()


def test_a_refused_entry_is_gone(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"approves_entries": True})
    device, desk = Device(), desk_of(cast.bob)
    submit(device, device.get(join_url(cast)))
    entrant = cast.class_9b.students.get(is_approved=False)
    submit(desk, desk.get(page_of(cast)), to=reverse("student_remove", args=[cast.class_9b.uid, entrant.uid]))
    assert not Student.objects.filter(pk=entrant.pk).exists()
    assert "HX-Redirect" in device.get(reverse("waiting_state", args=[cast.class_9b.uid])).headers
    told = read(device.get(reverse("waiting", args=[cast.class_9b.uid]), follow=True)).of_class("messages")[0].text
    assert "has not let this name in" in told


def test_a_typed_nickname_waits_for_approval(cast: Cast) -> None:
    classes.change(classroom=cast.class_9b, values={"nickname_policy": NicknamePolicy.TYPED})
    device = Device()
    response = submit(device, device.get(join_url(cast)), nickname="  Зоряна   K ")
    assert response.url == reverse("waiting", args=[cast.class_9b.uid])
    assert not cast.class_9b.students.get(nickname="Зоряна K").is_approved


@pytest.mark.parametrize("typed", ["", "   ", "!?", "x" * 61, "Brisk Heron", "a\u202eb"])
def test_a_typed_nickname_that_cannot_be_is_refused_at_the_field(cast: Cast, typed: str) -> None:
    classes.change(classroom=cast.class_9b, values={"nickname_policy": NicknamePolicy.TYPED})
    device = Device()
    response = submit(device, device.get(join_url(cast)), nickname=typed)
    assert response.status_code == 422
    assert read(response).one(id="id_nickname_error").text
    assert form_of(response).one("input", name="nickname").attributes.get("value", "") == typed
    assert cast.class_9b.students.count() == 2


def test_a_class_is_shared_by_sign_in_name(cast: Cast) -> None:
    desk, url = desk_of(cast.bob), reverse("co_teachers", args=[cast.class_9b.uid])
    assert submit(desk, desk.get(url), username="Carol").url == url
    colleague = desk_of(cast.carol)
    listed = [link.text for link in read(colleague.get(reverse("teach_home"))).one("main").all("h2")]
    assert "9b" in listed
    assert colleague.get(page_of(cast)).status_code == 200
    remove = reverse("co_teacher_remove", args=[cast.class_9b.uid, cast.carol.uid])
    submit(desk, desk.get(url), to=remove)
    assert colleague.get(page_of(cast)).status_code == 404


@pytest.mark.parametrize("name", ["nobody", "bob", "carol", ""])
def test_a_class_is_shared_only_with_somebody_else_who_has_an_account(cast: Cast, name: str) -> None:
    cast.class_9b.co_teachers.add(cast.carol)
    desk, url = desk_of(cast.bob), reverse("co_teachers", args=[cast.class_9b.uid])
    response = desk.post(url, {"username": name})
    assert response.status_code == 422
    assert read(response).one(id="id_username_error").text
    assert list(cast.class_9b.co_teachers.all()) == [cast.carol]


def test_a_class_is_deleted_when_its_name_is_typed(stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    answer(stage.finch, stage.six_ways_7a, 1)
    desk, url = desk_of(stage.bob), reverse("classroom_delete", args=[stage.class_9b.uid])
    response = submit(desk, desk.get(url), name="7a")
    assert response.status_code == 422
    assert Classroom.objects.count() == 2
    assert submit(desk, desk.get(url), name="9b").url == reverse("teach_home")
    assert Classroom.objects.get() == stage.class_7a
    assert Student.objects.get() == Attempt.objects.get().student == stage.finch


def test_a_class_ages_out_after_its_last_answer(stage: Stage) -> None:
    classes.change(classroom=stage.class_9b, values={"retention_days": 60})
    later = NOW + timedelta(days=50)
    first = items(stage.six_ways)[0]
    play_actions.answer(
        student=stage.heron,
        assignment=stage.six_ways,
        played=first,
        given=plain_answer(first),
        client_key="late",
        now=later,
    )
    assert retention.age_out(now=NOW + timedelta(days=61)) == []
    assert retention.age_out(now=later + timedelta(days=40)) == [], "the warning begins"
    assert retention.age_out(now=later + timedelta(days=60, seconds=-1)) == []
    assert retention.age_out(now=later + timedelta(days=60)) == ["9b"]
    assert Classroom.objects.get() == stage.class_7a


def test_a_class_near_its_end_says_so_before(cast: Cast) -> None:
    desk = desk_of(cast.bob)
    now = timezone.now()
    for age, warned in [(149, False), (151, True)]:
        Classroom.objects.filter(pk=cast.class_9b.pk).update(created=now - timedelta(days=age))
        assert ("is deleted on" in read(desk.get(page_of(cast))).one("main").text) == warned
        assert ("is deleted on" in read(desk.get(reverse("teach_home"))).one("main").text) == warned


def test_no_class_is_deleted_without_a_warning_that_stood_for_two_weeks(cast: Cast) -> None:
    """A laptop that was off over the summer, or a time that was set shorter: the class is over when it is looked at."""
    autumn = NOW + timedelta(days=400)
    assert retention.age_out(now=autumn) == []
    cast.class_9b.refresh_from_db()
    told = retention.aging(classroom=cast.class_9b, now=autumn + timedelta(days=3))
    assert (told.is_near, told.ends) == (True, autumn + timedelta(days=14))
    assert retention.age_out(now=told.ends - timedelta(seconds=1)) == []
    assert sorted(retention.age_out(now=told.ends)) == ["7a", "9b"]


def test_a_warning_of_last_time_does_not_stand_for_this_time(stage: Stage) -> None:
    retention.age_out(now=NOW + timedelta(days=170))
    retention.note_answer(classroom_id=stage.class_9b.pk, now=NOW + timedelta(days=171))
    over = NOW + timedelta(days=171 + 200)
    assert retention.age_out(now=over) == ["7a"]
    assert retention.age_out(now=over + timedelta(days=14)) == ["9b"]


def test_the_command_deletes_what_is_over_and_with_check_nothing(cast: Cast) -> None:
    now = timezone.now()
    Classroom.objects.update(created=now)
    Classroom.objects.filter(pk=cast.class_9b.pk).update(
        created=now - timedelta(days=181), warned=now - timedelta(days=20)
    )
    out = StringIO()
    call_command("age_out", "--check", stdout=out)
    assert out.getvalue().strip() == "9b"
    assert Classroom.objects.count() == 2
    call_command("age_out", stdout=StringIO())
    assert Classroom.objects.get() == cast.class_7a


def test_another_teacher_s_entries_and_names_are_out_of_reach(cast: Cast) -> None:
    """One's own class in the address does not lend itself to ids of another's."""
    classes.extend_roster(classroom=cast.class_7a, names=["Anna"])
    desk, mine = desk_of(cast.bob), cast.class_9b.uid
    entry = cast.class_7a.roster.get()
    assert desk.post(reverse("roster_remove", args=[mine, entry.uid])).status_code == 404
    for name in ("student", "student_rename", "student_merge", "student_move"):
        url = reverse(name, args=[mine, cast.finch.uid])
        assert (desk.get(url) if name == "student" else desk.post(url)).status_code == 404
    Student.objects.filter(pk=cast.finch.pk).update(is_approved=False)
    desk.post(reverse("entries_approve", args=[mine]), {"student": cast.finch.uid})
    assert not Student.objects.get(pk=cast.finch.pk).is_approved


def test_a_class_of_two_teachers_is_listed_once_each(cast: Cast) -> None:
    cast.class_9b.co_teachers.add(cast.carol, cast.alice)
    actions.create_classroom(teacher=cast.carol, name="8c", now=NOW)
    listed = [link.text for link in read(desk_of(cast.carol).get(reverse("teach_home"))).one("main").all("h2")]
    assert [name for name in listed if name in ("7a", "8c", "9b")] == ["7a", "8c", "9b"]


def test_a_co_teacher_assigns_and_removes(stage: Stage) -> None:
    stage.class_9b.co_teachers.add(stage.carol)
    desk = desk_of(stage.carol)
    assert assign(stage.class_9b, "six-ways")
    assert desk.get(reverse("projector", args=[stage.class_9b.uid, stage.six_ways.uid])).status_code == 200
    assert desk.post(reverse("student_remove", args=[stage.class_9b.uid, stage.heron.uid])).status_code == 302
