"""A whole round in front of the class: one control, one projector, five students, and what goes wrong in schools."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check, watch
from tests.browser.journeys import KINDS, Account, Catalogue, Classroom
from tests.browser.server import Server

OFFLINE = (
    "ERR_CONNECTION_REFUSED",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION_RESET",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "ERR_EMPTY_RESPONSE",
    "ERR_NETWORK_CHANGED",
    "net::ERR_FAILED",
    "htmx:sendError",
    "htmx:afterRequest",
)
DECISIONS = [
    ("peace-initiative/wish-to-negotiate", "spot", "technique", ""),
    ("points-of-attention/summary-points", "source", "source", ""),
    ("the-price-of-intransigence/offers-for-settlement", "name", "technique", "t1"),
    ("security-guarantees/defense-bloc", "evidence", "source", "s1"),
    ("security-guarantees/key-element", "judge", "technique", ""),
    ("peace-initiative/preconditions", "markup", "technique", ""),
]
WAITING = "Your answer is kept on this device"
TITLE = "One of each"


def bring_in_a_set(teacher: Page) -> None:
    """A set with one decision of each kind, from a file."""
    decisions = [
        {"passage": passage, "kind": kind, "layer": layer} | ({"annotation": annotation} if annotation else {})
        for passage, kind, layer, annotation in DECISIONS
    ]
    document = {"format": "literacy-game-set", "version": 1, "title": TITLE, "minutes": 20, "decisions": decisions}
    teacher.goto("/teach/sets/import/")
    teacher.get_by_label("File").set_input_files(
        {"name": "set.json", "mimeType": "application/json", "buffer": json.dumps(document).encode()}
    )
    teacher.get_by_role("button", name="Bring it in").click()
    expect(teacher.get_by_role("heading", name=TITLE, level=1)).to_be_visible()


@pytest.fixture
def title(catalogue: Catalogue) -> str:
    """A ready-made set."""
    return next(iter(catalogue))


def open_lobby(teacher: Page, classroom: Classroom, title: str = TITLE, *, seconds: str = "") -> None:
    teacher.goto(classroom.url)
    teacher.get_by_role("link", name="Live in class").click()
    check(teacher, "live-start")
    teacher.get_by_label("Set", exact=True).select_option(label=title)
    teacher.get_by_label("Timer").fill(seconds)
    teacher.get_by_role("button", name="Open the lobby").click()
    expect(teacher.get_by_role("heading", name=title, level=1)).to_be_visible()


def open_wall(control: Page) -> Page:
    """The projector, in a window of its own on the same machine."""
    with control.context.expect_page() as opened:
        control.get_by_role("link", name="Open the projector").click()
    wall = opened.value
    wall.wait_for_load_state("load")
    wall.set_viewport_size({"width": 1280, "height": 720})
    control.mouse.move(0, 0)
    return wall


def come_in(student: Page) -> None:
    student.get_by_role("link", name=f"Come in {TITLE}").click()


def step(control: Page, button: str) -> None:
    """Press a button of the control, and wait until the part that it belongs to has been renewed."""
    before = control.locator("#control").get_attribute("data-version")
    control.get_by_role("button", name=button, exact=True).click()
    control.mouse.move(0, 0)
    expect(control.locator("#control")).not_to_have_attribute("data-version", before or "")


def press(wall: Page, key: str) -> None:
    """Press a key at the projector, and wait until it has led on."""
    before = wall.locator("#stage").get_attribute("data-version")
    wall.keyboard.press(key)
    expect(wall.locator("#stage")).not_to_have_attribute("data-version", before or "")


def heading(page: Page) -> Locator:
    return page.locator("#task")


def counted(wall: Page, words: str) -> None:
    expect(wall.locator(".live-counts")).to_have_text(words)


def vote(student: Page, *, nothing: bool = False, option: int = 0) -> None:
    kind = journeys.kind_of(student)
    journeys.fill_in(student, kind, nothing=nothing, option=option).click()
    expect(heading(student)).to_have_text("Saved")


def go_offline(student: Page) -> None:
    student.context.set_offline(True)


def come_back(student: Page) -> None:
    student.context.set_offline(False)


@pytest.mark.long
def test_a_round_of_each_kind(own_server: Server, new_device: NewDevice) -> None:
    def device() -> Page:
        page = new_device(at=own_server.url)
        watch(page.context).expect(*OFFLINE)
        return page

    control = device()
    journeys.make_owner(control, own_server.setup_path, Account())
    classroom = journeys.make_class(control, "live")
    bring_in_a_set(control)
    group = [device() for _ in range(5)]
    first, _, third, dropping, late = group
    there = group[:4]
    names = {student: journeys.join(student, classroom).nickname for student in there}

    # The lobby: phones that wait on the class page are told, names appear on the wall.
    open_lobby(control, classroom)
    wall = open_wall(control)
    for student in there:
        come_in(student)
        expect(heading(student)).to_have_text(f"You are in, {names[student]}")
    expect(wall.locator(".live-seat")).to_have_count(4)
    expect(control.locator(".live-seat")).to_have_count(4)
    for page, name in ((wall, "live-wall-lobby"), (control, "live-control-lobby"), (first, "live-lobby")):
        check(page, name)
    wall.get_by_role("button", name=f"{names[third]} take out").click()
    expect(heading(third)).to_have_text("You are out of this round")
    control.get_by_role("button", name=f"{names[third]} let in again").click()
    expect(heading(third)).to_have_text(f"You are in, {names[third]}")
    for page in [*there, wall]:
        journeys.stay_here(page)

    # spot: a student loses the network with the answer half made; it is sent when the network is back.
    step(control, "Begin: first passage")
    for student in there:
        expect(heading(student)).to_have_text("Read. Answers open in a moment.")
    check(first, "live-read")
    check(wall, "live-wall-read")
    step(control, "Open the answers")
    counted(wall, "0 of 4 answered")
    journeys.mark(dropping, 1, 3)
    go_offline(dropping)
    journeys.options(dropping).first.click()
    dropping.get_by_role("button", name="Submit my mark").click()
    expect(dropping.locator("#outbox")).to_contain_text(WAITING)
    assert journeys.marked(dropping) == [1, 2, 3]
    for student in there[:3]:
        vote(student, nothing=student is third)
    counted(wall, "3 of 4 answered")
    come_back(dropping)
    expect(heading(dropping)).to_have_text("Saved")
    counted(wall, "4 of 4 answered")
    check(dropping, "live-saved")
    check(control, "live-control-answer")
    step(control, "Lock the answers")
    step(control, "Reveal the key")
    for student in there:
        expect(student.locator(".verdict, .score")).to_have_count(2)
        expect(student.get_by_text("Only you see this.")).to_be_visible()
    expect(wall.locator("#stage-heading")).to_have_text("The key")
    expect(wall.locator(".note, .note-clean").first).to_be_visible()
    check(first, "live-reveal")
    check(wall, "live-wall-reveal")
    step(control, "What the class answered")
    expect(wall.get_by_text("This picture comes from five answers on")).to_be_visible()
    step(control, "Standings")
    expect(wall.locator(".leaderboard-row")).to_have_count(4)

    # source: somebody comes late and enters at the current item; the control is closed and opened elsewhere.
    step(control, "Next passage")
    step(control, "Open the answers")
    names[late] = journeys.join(late, classroom).nickname
    come_in(late)
    expect(late.get_by_text("Passage 2 of 6")).to_be_visible()
    journeys.stay_here(late)
    counted(wall, "0 of 5 answered")
    for student in group[:3]:
        vote(student)
    control.context.new_page()
    control.close()
    control = device()
    journeys.sign_in(control, Account())
    control.goto(classroom.url)
    control.get_by_role("link", name="Live in class").click()
    control.get_by_role("link", name=f"Take it up here {TITLE}").click()
    expect(control.locator(".live-counts")).to_have_text("3 of 5 answered")
    for student in (dropping, late):
        vote(student, nothing=True)
    counted(control, "5 of 5 answered")
    step(control, "Lock the answers")
    step(control, "What the class answered")
    expect(wall.locator(".heat-part").first).to_be_visible()
    expect(wall.locator(".heat-key")).to_have_count(0)
    wall.locator(".heat-part").first.focus()
    expect(wall.locator(".heat-count").first).to_have_text("marked by 3 of 5")
    check(wall, "live-wall-heat")
    step(control, "Reveal the key")
    step(control, "What the class answered")
    expect(wall.get_by_role("button", name="Lay the key on top")).to_be_visible()
    press(wall, "h")
    expect(wall.get_by_role("button", name="Take the key off")).to_be_visible()
    check(wall, "live-wall-heat-key")

    # name: the server is killed with two answers in, and started again. Then they discuss, and vote again.
    control.get_by_role("button", name="Standings", exact=True).click()
    step(control, "Next passage")
    step(control, "Open the answers")
    for student in group[:2]:
        vote(student)
    journeys.options(third).nth(1).click()
    own_server.kill()
    third.get_by_role("button", name="Submit").click()
    expect(third.locator("#outbox")).to_contain_text(WAITING)
    own_server.start()
    expect(heading(third)).to_have_text("Saved")
    counted(wall, "3 of 5 answered")
    counted(control, "3 of 5 answered")
    expect(dropping.locator("form.question")).to_be_visible()
    for student in (dropping, late):
        vote(student)
    step(control, "Lock the answers")
    step(control, "What the class answered")
    expect(wall.locator(".heat-bars tbody tr")).to_have_count(4)
    step(control, "Discuss, then vote again")
    for student in group:
        vote(student, option=2)
    step(control, "Lock the answers")
    step(control, "Reveal the key")
    step(control, "What the class answered")
    expect(wall.get_by_text(re.compile(r"Right before the discussion: \d of 5"))).to_be_visible()
    check(wall, "live-wall-shift")
    assert wall.locator(".heat-bars tr").nth(1).locator("td").count() == 2

    # evidence: steps by the keys of the wall; somebody who was away comes back into the current phase.
    step(control, "Standings")
    go_offline(dropping)
    for words in ("Standings", "Which of these", "Which of these", "Answers are locked", "The key"):
        expect(wall.locator("#stage-heading")).to_contain_text(words)
        if words != "The key":
            press(wall, "PageDown")
    come_back(dropping)
    expect(dropping.get_by_text("You gave no answer to this one.")).to_be_visible(timeout=3000)
    check(dropping, "live-no-answer")

    # judge: a late answer is kept and said to be late.
    step(control, "What the class answered")
    step(control, "Standings")
    step(control, "Next passage")
    step(control, "Open the answers")
    for student in group[:4]:
        vote(student, option=1)
    journeys.options(late).first.click()
    late.locator("label.step").first.click()
    go_offline(late)
    late.get_by_role("button", name="Submit").click()
    expect(late.locator("#outbox")).to_contain_text(WAITING)
    step(control, "Lock the answers")
    come_back(late)
    expect(late.get_by_text("It came late")).to_be_visible()
    step(control, "Reveal the key")
    step(control, "What the class answered")
    expect(wall.get_by_text("This picture comes from five answers on")).to_be_visible()

    # markup, and the end.
    step(control, "Standings")
    step(control, "Next passage")
    step(control, "Open the answers")
    for student in group:
        vote(student)
    step(control, "Lock the answers")
    step(control, "Reveal the key")
    step(control, "What the class answered")
    expect(wall.locator(".heat-part").first).to_be_visible()
    step(control, "Standings")
    step(control, "Podium")
    expect(wall.locator(".podium-place").first).to_be_visible()
    check(wall, "live-wall-podium")
    control.get_by_text("End the round").click()
    control.get_by_role("button", name="Yes, end it for everybody").click()
    for student in group:
        assert journeys.is_still_here(student), "nothing was loaded anew"
        student.get_by_role("link", name="My own report").click()
        expect(student.locator(".report")).to_be_visible()
    check(control, "live-control-ended")
    assert {kind for _, kind, _, _ in DECISIONS} == {*KINDS.values()}


def test_without_a_stream_pages_ask(new_device: NewDevice, teacher: Page, classroom: Classroom, title: str) -> None:
    """As behind a proxy that lets no stream through: the pages find it out, and ask instead."""
    phone = new_device()
    for page in (phone, teacher):
        watch(page.context).expect("net::ERR_FAILED")
        page.context.route("**/live/stream/**", lambda route: route.abort())
    name = journeys.join(phone, classroom).nickname
    open_lobby(teacher, classroom, title)
    phone.get_by_role("link", name=f"Come in {title}").click()
    expect(teacher.locator(".live-seat")).to_contain_text(name)
    journeys.stay_here(phone)
    step(teacher, "Begin: first passage")
    expect(heading(phone)).to_have_text("Read. Answers open in a moment.")
    step(teacher, "Open the answers")
    vote(phone)
    counted(teacher, "1 of 1 answered")
    step(teacher, "Lock the answers")
    step(teacher, "Reveal the key")
    expect(phone.get_by_text("Only you see this.")).to_be_visible()
    assert journeys.is_still_here(phone)


HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true })
    document.dispatchEvent(new Event("visibilitychange"))
}"""


def test_a_hidden_tab_lets_go_of_its_stream(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    """A browser has six connections to a server: tabs that nobody looks at leave them to the others."""
    phone = new_device()
    ended: list[str] = []
    phone.on("requestfailed", lambda request: ended.append(request.resource_type))
    journeys.join(phone, classroom)
    open_lobby(teacher, classroom, title)
    with phone.expect_request("**/live/stream/**"):
        phone.get_by_role("link", name=f"Come in {title}").click()
    expect(teacher.locator(".live-seat")).to_have_count(1)
    ended.clear()
    phone.evaluate(HIDE, True)
    for _ in range(100):
        if ended:
            break
        phone.wait_for_timeout(50)
    assert ended == ["eventsource"]
    step(teacher, "Begin: first passage")
    phone.wait_for_timeout(500)
    expect(heading(phone)).not_to_have_text("Read. Answers open in a moment.")
    with phone.expect_request("**/live/stream/**"):
        phone.evaluate(HIDE, False)
    expect(heading(phone)).to_have_text("Read. Answers open in a moment.")


NOTE_VERSIONS = """() => {
    window.versions = []
    new MutationObserver(() => {
        const { version } = document.querySelector("#stage").dataset
        if (version !== window.versions.at(-1)) window.versions.push(version)
    }).observe(document.querySelector("main"), { childList: true })
}"""

BOXES = "all => [1, 0, 2].map(place => all[place].getBoundingClientRect().toJSON())"

FETCH_PART = """address => fetch(address, { headers: { "HX-Request": "true" } }).then(response => response.text())"""


def test_keys_of_the_projector(teacher: Page, classroom: Classroom, title: str) -> None:
    open_lobby(teacher, classroom, title)
    wall = open_wall(teacher)
    journeys.stay_here(wall)
    keys = wall.locator("#keys")
    wall.keyboard.press("?")
    expect(keys).to_have_attribute("open", "")
    check(wall, "live-wall-keys")
    press(wall, "Space")
    expect(wall.locator("#stage-heading")).not_to_have_text("Join in")
    for key in ("ArrowRight", "PageUp", "ArrowDown", "PageDown"):
        press(wall, key)
    expect(wall.locator("#stage-heading")).to_have_text("Answers are locked")
    for key, words in (("p", "Pause"), ("p", None), ("l", "Standings")):
        press(wall, key)
        if words:
            expect(wall.locator(".stage-main")).to_contain_text(words)

    # None with a key for another program, none when they are switched off; the switch outlives a reload.
    before = wall.locator("#stage").get_attribute("data-version")
    wall.keyboard.press("Control+ArrowRight")
    wall.get_by_label("Keys work on this device").uncheck()
    wall.reload()
    wall.keyboard.press("?")
    wall.keyboard.press("ArrowRight")
    expect(keys).not_to_have_attribute("open", "")
    teacher.reload()
    assert teacher.locator("#control").get_attribute("data-version") == before
    keys.locator("summary").click()
    wall.get_by_label("Keys work on this device").check()
    press(wall, "ArrowRight")
    expect(wall.locator("#stage-heading")).to_have_text("The key")

    # Space with the focus on a button presses that button alone.
    wall.get_by_role("button", name="Standings").focus()
    press(wall, "Space")
    expect(wall.locator("#stage-heading")).to_have_text("Standings")


def test_the_next_step_is_at_hand(teacher: Page, classroom: Classroom, title: str) -> None:
    """On a projector of 1280 by 720, beside pages that are longer, and over nothing that is read."""
    open_lobby(teacher, classroom, title)
    wall = open_wall(teacher)
    longer = 0
    for _ in range(5):
        press(wall, "ArrowRight")
        longer += wall.evaluate("document.scrollingElement.scrollHeight > innerHeight + 100")
        expect(wall.locator("#step-next")).to_be_in_viewport(ratio=1)
        main, corner, bar = wall.locator(".stage > *").evaluate_all(BOXES)
        assert main["right"] < bar["left"]
        assert corner["bottom"] < bar["top"]
    assert longer, "no page was long enough to tell"


def test_what_was_fetched_before_a_step_does_not_undo_it(teacher: Page, classroom: Classroom, title: str) -> None:
    """On a slow line the page's own fetch comes back after the answer to a key that was pressed meanwhile."""
    open_lobby(teacher, classroom, title)
    wall = open_wall(teacher)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    wall.route("**/projector/**", hold)
    wall.evaluate(NOTE_VERSIONS)
    step(teacher, "Begin: first passage")
    while not held:
        wall.wait_for_timeout(50)
    answer = teacher.evaluate(FETCH_PART, held[0].request.url)
    step(teacher, "Open the answers")
    press(wall, "ArrowRight")
    expect(wall.get_by_text("The round had gone on meanwhile.")).to_be_visible()
    held[0].fulfill(content_type="text/html", body=answer)
    step(teacher, "Lock the answers")
    expect(wall.locator("#stage-heading")).to_have_text("Answers are locked")
    seen = [int(version) for version in wall.evaluate("window.versions")]
    assert seen == sorted(seen), "the page went back"


def test_a_double_click_goes_on_once(teacher: Page, classroom: Classroom, title: str) -> None:
    """Also where the first click has put another button in its place by the second."""
    open_lobby(teacher, classroom, title)
    for words in ("Begin: first passage", "Open the answers", "Reveal"):
        step(teacher, words)
    button = teacher.locator("#step-next")
    box = button.bounding_box()
    assert box
    teacher.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    teacher.mouse.down(click_count=1)
    teacher.mouse.up(click_count=1)
    expect(button).to_have_text("Standings")
    teacher.mouse.down(click_count=2)
    teacher.mouse.up(click_count=2)
    step(teacher, "Reveal")
    expect(button).to_have_text("What the class answered")


def test_who_is_no_longer_in_the_class_is_told(
    new_device: NewDevice, teacher: Page, classroom: Classroom, title: str
) -> None:
    """Not that the network is away: the address does not exist for this device any more."""
    phone = new_device()
    watch(phone.context).expect("the server responded with a status of 404")
    journeys.join(phone, classroom)
    open_lobby(teacher, classroom, title)
    phone.get_by_role("link", name=f"Come in {title}").click()
    expect(heading(phone)).to_contain_text("You are in")
    phone.context.clear_cookies()
    step(teacher, "Begin: first passage")
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_timer_counts_for_everybody(new_device: NewDevice, teacher: Page, classroom: Classroom, title: str) -> None:
    phone = new_device()
    journeys.join(phone, classroom)
    open_lobby(teacher, classroom, title, seconds="2")
    phone.get_by_role("link", name=f"Come in {title}").click()
    step(teacher, "Begin: first passage")
    step(teacher, "Open the answers")
    for page in (phone, teacher):
        expect(page.locator(".timer-seconds")).to_be_visible()
    kind = journeys.kind_of(phone)
    if kind in journeys.MARKING:
        journeys.mark(phone, 0, 2)
    else:
        journeys.options(phone).first.click()
    chosen = phone.locator("form.question :checked").count()
    left = int(phone.locator(".timer-seconds").inner_text())
    step(teacher, "30 seconds more")
    expect(phone.locator(".timer-seconds")).not_to_have_text(re.compile(f"^{left}$|^{left - 1}$"))
    assert int(phone.locator(".timer-seconds").inner_text()) > left
    step(teacher, "Pause")
    expect(phone.get_by_text("A pause.")).to_be_visible()
    assert phone.locator("form.question :checked").count() == chosen, "what was marked stays"
    step(teacher, "Go on after the pause")
    expect(phone.locator(".timer-seconds")).to_be_visible()
    check(phone, "live-timer")
