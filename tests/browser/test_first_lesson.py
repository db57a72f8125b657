"""The main job: a teacher starts the game, and three students play in their own browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, watch
from tests.browser.journeys import Account, Classroom
from tests.browser.server import Server

pytestmark = pytest.mark.long


def test_a_class_plays_its_first_set(own_server: Server, new_device: NewDevice) -> None:
    # The teacher makes an account on an empty installation, a class, looks at a set with its keys, and assigns it.
    teacher = new_device(at=own_server.url)
    teacher.goto("/")
    check(teacher, "home")
    teacher.goto(own_server.setup_path)
    check(teacher, "setup")
    journeys.make_owner(teacher, own_server.setup_path, Account())
    check(teacher, "my-classes-empty")
    classroom = journeys.make_class(teacher, "9b")
    check(teacher, "class-empty")
    catalogue = journeys.read_catalogue(teacher)
    title = next(iter(catalogue))
    teacher.goto("/teach/sets/")
    teacher.get_by_role("link", name=title, exact=True).click()
    expect(teacher.locator(".key-card")).to_have_count(len(catalogue[title]))
    check(teacher, "set-with-keys")
    teacher.get_by_role("button", name="9b").click()
    expect(teacher.get_by_text(f"{title} is assigned")).to_be_visible()

    # The board is on the projector before anybody has answered.
    journeys.open_projector(teacher, classroom, title)
    expect(teacher.get_by_text("No answer that counts yet")).to_be_visible()
    check(teacher, "projector-empty")
    journeys.stay_here(teacher)

    # Three students join, each with a board in a second tab, and answer everything, each in another way.
    phones = [new_device(at=own_server.url), new_device(at=own_server.url), new_device(at=own_server.url)]
    students = [journeys.join(phone, classroom) for phone in phones]
    boards = [_board_in_a_second_tab(phone, title) for phone in phones]
    names = [student.nickname for student in students]
    assert len({*names}) == 3
    totals = {
        names[0]: _play(phones[0], title, screens=True),
        names[1]: _play(phones[1], title, nothing=True),
        names[2]: _play(phones[2], title, option=2),
    }

    # Everybody's board shows the totals, without having been loaded again.
    for page in (teacher, *boards):
        for name, points in totals.items():
            row = page.locator(".leaderboard-row").filter(has_text=name)
            expect(row.locator(".points strong")).to_have_text(str(points))
            expect(row.locator(".decisions")).to_have_text(f"{len(catalogue[title])} decisions")
        assert journeys.is_still_here(page)
        assert journeys.board(page) == totals
        assert [totals[name] for name in journeys.board(page)] == sorted(totals.values(), reverse=True)
        check(page, {teacher: "projector", boards[0]: "leaderboard"}.get(page, ""))
    for name, page in zip(names, boards, strict=True):
        expect(page.locator(".is-me .nickname")).to_contain_text(name)

    # The teacher sees who is there.
    teacher.goto(classroom.url)
    for name in names:
        expect(teacher.get_by_role("rowheader", name=name)).to_be_visible()
    check(teacher, "class")


def test_the_same_on_the_teachers_own_machine(
    server: Server, new_device: NewDevice, catalogue: journeys.Catalogue, owner: Account, signed_in: StorageState
) -> None:
    """Loopback is a secure context, where browsers switch more on: nothing may depend on that or break by it."""
    teacher = new_device(at=server.loopback)
    teacher.goto("/")
    assert teacher.evaluate("isSecureContext")
    journeys.sign_in(teacher, owner)
    title = journeys.earliest(catalogue, "spot", "source")
    classroom = journeys.make_class(teacher, "on loopback")
    journeys.assign(teacher, classroom, title)
    teacher.get_by_role("button", name="Copy").click()
    expect(teacher.locator("#live")).to_have_text("Copied")
    check(teacher)
    student = new_device(at=server.loopback)
    name = journeys.join(student, classroom).nickname
    journeys.begin(student, title)
    points = journeys.play_to_the_end(student)
    check(student)
    journeys.open_projector(teacher, classroom, title)
    assert journeys.board(teacher) == {name: points}


def test_copying_the_link_over_plain_http(teacher: Page, classroom: Classroom) -> None:
    assert not teacher.evaluate("isSecureContext || navigator.clipboard")
    teacher.get_by_role("button", name="Copy").click()
    expect(teacher.locator("#live")).to_have_text("Copied")
    check(teacher)


def test_a_teacher_is_invited(teacher: Page, new_device: NewDevice) -> None:
    teacher.goto("/teach/")
    teacher.get_by_role("link", name="Teachers", exact=True).click()
    check(teacher, "teachers")
    teacher.get_by_role("button", name="Invite a teacher").click()
    check(teacher, "invite")
    colleague = new_device()
    link = teacher.locator(".link-box").inner_text()
    colleague.goto(link)
    check(colleague, "invitation")
    colleague.get_by_label("Name to sign in with").fill("grace")
    colleague.get_by_label("Password").fill("short")
    colleague.get_by_role("button", name="Make the account").click()
    expect(colleague.locator(".field .error")).to_contain_text("too short")
    expect(colleague.get_by_label("Name to sign in with")).to_have_value("grace")
    check(colleague)
    colleague.get_by_label("Password").fill("a lamp, a pear and snow")
    colleague.get_by_role("button", name="Make the account").click()
    expect(colleague.get_by_role("heading", name="My classes")).to_be_visible()
    watch(colleague.context).expect("status of 404")
    colleague.goto(link)
    expect(colleague.get_by_role("heading", name="This invitation is over")).to_be_visible()
    check(colleague, "invitation-over")


def _board_in_a_second_tab(phone: Page, title: str) -> Page:
    page = phone.context.new_page()
    page.goto(phone.url)
    page.get_by_role("link", name=f"Leaderboard {title}").click()
    expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
    journeys.stay_here(page)
    phone.bring_to_front()
    return page


def _play(phone: Page, title: str, *, screens: bool = False, nothing: bool = False, option: int = 0) -> int:
    """The whole set, with a look at every question and every reveal."""
    check(phone, "student-home" if screens else "")
    journeys.begin(phone, title)
    total = journeys.play_to_the_end(
        phone,
        question=lambda page, kind: check(page, f"{kind}-before" if screens else ""),
        reveal=lambda page, kind: check(page, f"{kind}-after" if screens else ""),
        nothing=nothing,
        option=option,
    )
    expect(phone.get_by_role("heading", name="You are through")).to_be_visible()
    check(phone, "finished" if screens else "")
    return total
