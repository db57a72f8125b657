"""A newspaper: pasted, cut and annotated by keys alone, labelled blind, adjudicated, published, played."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import NewDevice
from tests.browser.inspection import check
from tests.browser.journeys import Account, Classroom
from tests.browser.test_keyboard import enter, tab_to
from tests.own_texts import EXPLANATION, GAP

ARTICLE = """\
The council’s shameful parking scheme has failed every family in the valley. Residents met on Tuesday evening in the old hall beside the church. About sixty people came, and most of them stayed until the doors were closed at ten.

The scheme cost 40,000 euros, according to the council’s own accounts of 3 May. The accounts can be read in the town library, on the second floor, on every weekday. A copy hangs in the window of the post office.

Experts agree that two thirds of all drivers now avoid the centre. The bakery on the market opened an hour later on the past four Saturdays. Its owner, Ana Petrova, told this paper on 4 May that she sold half as much bread as a year ago.

The mayor said on 4 May, in the open session of the council, that she would publish the figures by the end of the month. The minutes of the session are on the notice board of the town hall. They name everyone who spoke.

The scheme began in January with new signs in eleven streets. Drivers pay two euros an hour from eight in the morning until six in the evening. Residents with a card park for nothing in the street where they live.

The council printed the new rules in its newsletter of December and sent it to each household. The newsletter has four pages and a map of the streets. Questions were answered by telephone in the first two weeks of the year.

In the neighbouring town of Lower Mill a similar scheme was dropped after one summer. The council there published a report of twelve pages on what had gone wrong. It counted the cars in three streets on ten days before and after.

The next meeting is on 2 June at seven in the same hall. The agenda is printed on page nine of this paper. Whoever wants to speak can write to the town clerk until the end of May, by letter or by electronic mail.

The football club asks for the hall on the same evening. Its chair wrote to the council on 30 April and proposed the school’s gymnasium for the meeting. The council has not answered yet, said the chair on Thursday.

The library stays open until eight on that day. Its staff will show visitors where the accounts are kept and how they are read. The town clerk will be there from five.
"""  # noqa: E501 - a newspaper has long lines
WISHED = "Name calling or labelling"
ACCEPTED = {"technique": "Appeal to fear or prejudice", "source": "Citation needed"}
EVIDENCE = (
    ("A count of the cars in the centre, before and after.", True, "It would show the share itself."),
    ("A second newspaper that says the same.", False, "It may have it from this one."),
    ("A letter from a driver who stays away.", False, "One driver is no share."),
    ("The council’s accounts.", False, "They count money, not drivers."),
)
RECORD = ("No count has been published.", "checked in a copy", "Minutes of the council; Town hall; 3 May 2026")
ANSWER = "Both names can be argued for here."
WHY = "Plain words, and the paper says where it knows this from."


@pytest.mark.long
def test_a_newspaper_from_the_paste_to_the_class(teacher: Page, classroom: Classroom, new_device: NewDevice) -> None:
    assert 380 < len(ARTICLE.split()) < 440
    colleague = invited(teacher, new_device, Account("cora", "a lamp, a ladder and snow"))
    paste(teacher)
    card(teacher)
    cut(teacher)
    annotate(teacher)
    ask(teacher, "cora")
    label(colleague)
    adjudicate(teacher)
    publish(teacher)
    play(teacher, classroom, new_device)


def invited(teacher: Page, new_device: NewDevice, account: Account) -> Page:
    teacher.goto("/teach/teachers/")
    teacher.get_by_role("button", name="Invite a teacher").click()
    link = teacher.locator(".link-box").first.inner_text().strip()
    laptop = new_device()
    laptop.goto(re.sub(r"^https?://[^/]+", "", link))
    laptop.get_by_label("Name to sign in with").fill(account.username)
    laptop.get_by_label("Password").fill(account.password)
    laptop.get_by_role("button", name="Make the account").click()
    expect(laptop.get_by_role("heading", name="My classes", level=1)).to_be_visible()
    return laptop


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.insert_text(text)


def choose(page: Page, name: str, option: str) -> None:
    """Choose in a list by typing the beginning of the option."""
    tab_to(page, name)
    page.keyboard.type(option)
    assert page.evaluate("document.activeElement.selectedOptions[0].text").startswith(option)


def paste(page: Page) -> None:
    page.goto("/teach/own-texts/")
    check(page, "own-text-list")
    tab_to(page, "New text")
    enter(page)
    type_into(page, "Title", "Parking in the valley")
    type_into(page, "Paste the text", ARTICLE)
    check(page, "own-text-new")
    tab_to(page, "Read it")
    enter(page)
    expect(page.get_by_role("heading", name="As it will be read")).to_be_visible()
    check(page, "own-text-words")
    tab_to(page, "Save, and go on")
    enter(page)


def card(page: Page) -> None:
    for name, text in (
        ("Type", "news report"),
        ("Outlet", "The Valley Post"),
        ("Date", "5 May 2026"),
        ("File or address", "The Valley Post, page 3"),
        ("By what right it is shown", "Invented for this test."),
        ("What it is about, in a sentence", "A town quarrels about parking."),
        ("What the text tells about itself", "The paper and the day."),
    ):
        type_into(page, name, text)
    with page.expect_response(lambda answer: "teacher_note=Nothing" in (answer.request.post_data or "")):
        type_into(page, "Note for teachers", "Nothing to know.")
    page.reload()
    assert page.get_by_label("Note for teachers").input_value() == "Nothing to know.", "saved while one writes"
    page.locator("body").press("Control+Home")
    page.get_by_label("Title").focus()
    choose(page, "What it argues for", "argues for neither")
    expect(page.locator("#own_text_saved")).to_contain_text("Saved:")
    expect(page.locator("#own_text_problems")).to_contain_text("Nothing is missing here")
    check(page, "own-text-card")
    tab_to(page, "Save, and go on")
    enter(page)


def cut(page: Page) -> None:
    tab_to(page, "Propose passages")
    page.keyboard.press("Enter")
    expect(page.locator(".cut-head")).to_have_count(10)
    check(page, "own-text-cut")
    button = page.locator("#cut-2")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cut-head")).to_have_count(11)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".cut-head")).to_have_count(10)
    for number in range(10, 4, -1):
        page.locator(f"#leave-{number}").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".cut-head")).to_have_count(number - 1)
    tab_to(page, "Go on to annotate")
    enter(page)


def annotate(page: Page) -> None:
    check(page, "own-text")
    page.locator("#passages-heading").evaluate("each => { each.tabIndex = -1; each.focus() }")
    page.keyboard.press("Tab")
    enter(page)
    mark(page, "Mark a technique", 2, "Loaded language", EXPLANATION, ("Exaggeration", "Name calling", "Casting"))
    about(page, technique=False)
    about(page)
    mark(page, "Mark a missing source", 0, "Weasel attribution", GAP, ("Statistic without", "Anonymous"), words=2)
    about(page, source=False)
    about(page)
    expect(page.get_by_role("heading", name="Publish")).to_be_visible()
    assert "have to be mended" not in page.locator("main").inner_text()
    check(page, "own-text-ready")


def mark(
    page: Page, button: str, word: int, name: str, explanation: str, near: tuple[str, ...], *, words: int = 1
) -> None:
    tab_to(page, button)
    enter(page)
    tab_to(page, "Take sentence 1 whole")
    for _ in range(word + 1):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    for _ in range(words - 1):
        page.keyboard.press("Shift+ArrowRight")
    assert journeys.marked(page) == list(range(word, word + words))
    choose(page, "Label", name)
    type_into(page, "Explanation", explanation)
    for number, each in enumerate(near, 1):
        choose(page, f"Near miss {number}", each)
        type_into(page, f"Why it is not that ({number})", "That would be something else.")
    accepted = ACCEPTED["source" if "source" in button else "technique"]
    unfold(page, "Other labels that are right, too")
    tick(page, accepted)
    if "source" in button:
        type_into(page, "What would fill the gap", "The name of one expert.")
        type_into(page, "Where to look", "The paper’s archive.")
        evidence(page)
    page.keyboard.press("Tab")
    expect(page.locator("#own_text_problems")).to_contain_text("Nothing is missing here")
    check(page, f"own-mark-{'source' if 'source' in button else 'technique'}")
    page.reload()
    assert page.get_by_label("Explanation").input_value() == explanation, "saved by itself"
    assert page.get_by_label(accepted).is_checked()
    tab_to(page, "Save the mark")
    enter(page)


def unfold(page: Page, summary: str) -> None:
    tab_to(page, summary)
    page.keyboard.press("Enter")


def tick(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Space")


def evidence(page: Page) -> None:
    """The four options of which one settles it, and what is on record. What lacks on the way is said in words."""
    unfold(page, "Which evidence would settle it? Four options, for an exercise of its own")
    for number, (text, settles, why) in enumerate(EVIDENCE, 1):
        type_into(page, f"Option {number}", text)
        if settles:
            tick(page, f"It settles the claim ({number})")
        if number == 1:
            expect(page.locator("#own_text_problems")).to_contain_text("write 4 options, or none")
        type_into(page, f"Why, or why not ({number})", why)
    unfold(page, "What is on record")
    text, basis, references = RECORD
    type_into(page, "What is on record about the claim", text)
    choose(page, "How well you checked it", basis)
    page.keyboard.press("Tab")
    expect(page.locator("#own_text_problems")).to_contain_text("needs at least one reference")
    type_into(page, "References", references)


def about(page: Page, *, technique: bool = True, source: bool = True) -> None:
    """Say what is to be said about the passage; the layers that are clean, with the reason."""
    type_into(page, "Where it stands in the text", "From the local pages.")
    type_into(page, "What is on record", "The council published its accounts.")
    if technique:
        choose(page, "Wording", "clean")
        type_into(page, "Wording: the reason", WHY)
    if source:
        choose(page, "Sources", "clean")
        type_into(page, "Sources: the reason", WHY)
    page.keyboard.press("Tab")
    expect(page.locator("#own_text_problems")).to_contain_text("Nothing is missing here")
    check(page, "own-passage")
    tab_to(page, page.locator("button.button-primary").last.inner_text().strip())
    enter(page)


def ask(page: Page, username: str) -> None:
    page.get_by_role("link", name="Ask a colleague").click()
    page.locator("#label_username").fill(username)
    page.get_by_role("button", name="Ask to label it").click()
    expect(page.get_by_role("status").filter(has_text="is asked to label")).to_be_visible()
    check(page, "own-text-share")


def label(page: Page) -> None:
    """The colleague sees no mark, and finds one place with another name."""
    page.goto("/teach/own-texts/")
    page.get_by_role("link", name="Parking in the valley").click()
    check(page, "own-labelling")
    page.get_by_role("link", name="Go on labelling").click()
    for number in range(1, 9):
        assert "Loaded language:" not in page.content()
        assert EXPLANATION[:40] not in page.content()
        if number in (1, 7):
            word, count, name = (2, 1, "Exaggeration or minimisation") if number == 1 else (0, 2, "Weasel attribution")
            for index in range(word, word + count):
                journeys.words(page).nth(index).click()
            page.get_by_role("button", name="Name my marks").click()
            page.locator(".runs-to-name select").select_option(label=name)
            check(page, "own-label")
            page.get_by_role("button", name="Save my marks").click()
        else:
            page.get_by_role("button", name="Nothing to mark").click()
        expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="Where you agree and where not")).to_be_visible()
    check(page, "own-labelling-done")


def adjudicate(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="done: where you agree and where not").click()
    expect(page.get_by_role("heading", name="Difference 1 of 1: passage 1")).to_be_visible()
    check(page, "own-agreement")
    page.get_by_label(re.compile("is accepted, too")).check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Nothing is open")).to_be_visible()
    page.get_by_role("button", name="The key is adjudicated by two teachers").click()
    expect(page.get_by_text("Adjudicated by two teachers.", exact=True)).to_be_visible()


def publish(page: Page) -> None:
    page.get_by_role("link", name="Preview as a student").click()
    check(page, "own-text-preview")
    page.go_back()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Find it in the material").click()
    expect(page.locator(".found")).to_have_count(4)
    expect(page.locator(".found", has_text="adjudicated by two teachers")).to_have_count(4)
    check(page, "own-text-material")


def play(teacher: Page, classroom: Classroom, new_device: NewDevice) -> None:
    build(teacher, "The valley", {0: "Spot the technique", 1: "Spot the technique", 2: "Find the missing source"})
    build(teacher, "Names and evidence", {0: "Name it: “shameful”", 2: "What would settle it?: “Experts agree”"})
    build(teacher, "All of it", {0: "Mark up everything"})
    for title in ("The valley", "Names and evidence", "All of it"):
        journeys.assign(teacher, classroom, title)
    phone = new_device()
    journeys.join(phone, classroom)
    journeys.begin(phone, "The valley")
    check(phone, "own-text-question")
    others = until_the_mark(phone)
    journeys.words(phone).nth(2).click()
    journeys.options(phone).filter(has_text=WISHED).click()
    phone.get_by_role("button", name="Submit my mark").click()
    expect(phone.locator(".verdict")).to_be_visible()
    before = journeys.points(phone)
    assert before < 100
    check(phone, "own-text-reveal")
    phone.get_by_text("Where this text comes from").click()
    expect(phone.locator(".source-card")).to_contain_text("Two teachers labelled this text")
    disagree(phone)
    others += the_rest(phone)
    name_and_settle(new_device(), classroom)
    mark_up(new_device(), classroom)
    assert on_the_board(teacher, classroom) == others + before
    accept(teacher, classroom)
    journeys.open_class(phone)
    phone.get_by_role("link", name="Where I disagreed, and what was rescored").click()
    expect(phone.get_by_text(f"{before} points before, 100 now.")).to_be_visible()
    expect(phone.get_by_text(ANSWER).first).to_be_visible()
    assert on_the_board(teacher, classroom) == others + 100
    journeys.open_class(phone)
    phone.get_by_role("link", name=re.compile("The valley")).first.click()
    expect(phone.locator("main")).to_contain_text(str(others + 100))


def build(page: Page, title: str, ways: dict[int, str]) -> None:
    """A set of passages of the text, each played as said."""
    page.goto("/teach/sets/")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin the set").click()
    page.get_by_role("link", name="Add passages").first.click()
    page.get_by_label("Text", exact=True).select_option(label="Parking in the valley")
    expect(page.locator(".found")).to_have_count(4)
    for number, way in ways.items():
        place = page.locator(".place").nth(number)
        place.get_by_label("Play it as").select_option(label=way)
        place.get_by_role("button").click()
        expect(place.locator(".in-set")).to_be_visible()


def name_and_settle(page: Page, classroom: Classroom) -> None:
    """Another student is asked for the name, and for what would settle the claim."""
    journeys.join(page, classroom)
    journeys.begin(page, "Names and evidence")
    seen = set()
    for _ in range(2):
        kind = journeys.kind_of(page)
        seen.add(kind)
        found = journeys.options(page)
        if kind == "evidence":
            texts = found.locator(".option-text").all_inner_texts()
            assert sorted(texts) == sorted(text for text, _settles, _why in EVIDENCE)
        else:
            expect(found.filter(has_text=ACCEPTED["technique"])).to_have_count(0)
        check(page, f"own-text-{kind}-question")
        right = [text for text, settles, _why in EVIDENCE if settles] if kind == "evidence" else ["Loaded language"]
        found.filter(has_text=right[0]).click()
        page.get_by_role("button", name="Submit").click()
        expect(page.locator(".verdict")).to_have_attribute("data-state", "right")
        assert journeys.points(page) == 100
        for details in page.locator(".note details").all():
            details.locator("summary").click()
        told = page.locator(".note").first.inner_text()
        for words in (w for *_text, w in EVIDENCE) if kind == "evidence" else (ACCEPTED["technique"],):
            assert words in told
        check(page, f"own-text-{kind}-reveal")
        journeys.go_on(page)
    assert seen == {"name", "evidence"}


def mark_up(page: Page, classroom: Classroom) -> None:
    """Where every name can be chosen, the one that is accepted as well earns as much."""
    journeys.join(page, classroom)
    journeys.begin(page, "All of it")
    journeys.words(page).nth(2).click()
    page.get_by_role("button", name="Name my marks").click()
    page.locator(".runs-to-name select").select_option(label=ACCEPTED["technique"])
    page.get_by_role("button", name="Submit my marks").click()
    expect(page.locator(".verdict")).to_have_attribute("data-state", "right")
    assert journeys.points(page) == 100
    check(page, "own-text-markup-reveal")


def until_the_mark(page: Page) -> int:
    """Answer until the marked passage is asked about; the points on the way."""
    total = 0
    while journeys.words(page).count() < 3 or "shameful" not in page.locator(".passage").first.inner_text():
        journeys.answer(page, nothing=True)
        total += journeys.points(page)
        journeys.go_on(page)
    return total


def disagree(page: Page) -> None:
    """Another name fits, says the student."""
    page.get_by_role("link", name="I disagree").click()
    page.get_by_role("radio", name="shameful").check()
    page.get_by_role("radio", name="another name fits these words").check()
    page.get_by_label("What should be there?").select_option(label=WISHED)
    page.get_by_label("Why?").fill("It calls the council something.")
    page.get_by_role("button", name="Send it to my teacher").click()
    expect(page.get_by_text("Open: your teacher has not ruled on it yet.")).to_be_visible()


def the_rest(page: Page) -> int:
    """Answer what is left, if anything is: the order is shuffled. The points on the way."""
    journeys.open_class(page)
    if not page.get_by_role("link", name="Go on The valley", exact=True).count():
        return 0
    journeys.begin(page, "The valley")
    return journeys.play_to_the_end(page, nothing=True)


def accept(page: Page, classroom: Classroom) -> None:
    page.goto(classroom.url)
    page.get_by_role("link", name="Contested marks").click()
    page.get_by_role("heading", level=2).get_by_role("link").click()
    expect(page.get_by_text("It calls the council something.")).to_be_visible()
    page.get_by_label("accept another label as well").check()
    page.get_by_label("The label that is accepted as well").select_option(label=WISHED)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Rule, and rescore the answers").click()
    expect(page.get_by_text("answers changed: 1 of 3;")).to_be_visible()


def on_the_board(page: Page, classroom: Classroom) -> int:
    """The points of the one student."""
    journeys.open_projector(page, classroom, "The valley")
    expect(page.locator(".leaderboard-row")).to_have_count(1)
    (points,) = journeys.board(page).values()
    return points
