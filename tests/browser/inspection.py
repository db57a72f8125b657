"""What every page that a test reaches has to pass, whatever the test is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize, WebError

from tests.browser.server import ROOT

SCREENS = ROOT / "var" / "screens"
PHONE, TABLET, LAPTOP, NARROWEST = 390, 768, 1280, 320
HEIGHT = 844
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
FRAME_WORDS = "Text under examination, not our statement"
INVALID_FORM = "the server responded with a status of 422"
"""Chromium writes every answer from 400 on to the console; to a form that lacks something, 422 is the right answer."""

WATCH_CSP = """
addEventListener('securitypolicyviolation', event => {
    console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)
})
"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth
    if (document.scrollingElement.scrollWidth <= width) return []
    return [...document.body.querySelectorAll('*')]
        .filter(each => each.getBoundingClientRect().right > width + 1)
        .map(each => `${each.tagName.toLowerCase()}.${each.className}`.slice(0, 60)).slice(0, 8)
}"""
LONGER = """measure => {
    const untouched = '[lang]:not(html), script, style, svg, code, .link-box'
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const texts = []
    for (let node; (node = walker.nextNode());)
        if (!node.parentElement.closest(untouched)) texts.push([node, node.data])
    const longer = word => word + word.slice(-Math.ceil(word.length * 0.4))
    for (const [node, text] of texts) node.data = text.replace(/\\p{L}{2,}/gu, longer)
    const found = new Function(`return (${measure})()`)()
    for (const [node, text] of texts) node.data = text
    return found
}"""
"""Measures the page with every word of ours 40 % longer, as another language may have it, and puts it back."""
UNFRAMED = """words => [...document.querySelectorAll('.passage')].filter(passage => {
    if (!passage.checkVisibility()) return false  // folded away: its frame is, too
    const exhibit = passage.closest('figure.exhibit')
    if (!exhibit) return true
    const box = passage.getBoundingClientRect()
    const labels = [...exhibit.querySelectorAll('.exhibit-label')].filter(
        label => label.innerText.trim().toLowerCase() === words.toLowerCase() && label.getClientRects().length)
    return !labels.some(label => label.getBoundingClientRect().bottom <= box.top + 1)
        || !labels.some(label => label.getBoundingClientRect().top >= box.bottom - 1)
}).map(passage => passage.innerText.slice(0, 60))"""

AT_REST = """() => Promise.allSettled(document.getAnimations()
    .filter(each => each.effect.getComputedTiming().endTime !== Infinity).map(each => each.finished))"""
"""Until nothing moves or fades any more: half way, colours are neither the old nor the new ones."""

SHAPE = """() => {
    const own = each => `${each.tagName}.${each.getAttribute('class')}[${each.getAttributeNames().sort()}]`
    const kinds = [...document.querySelectorAll('body *')].map(each => own(each) + own(each.parentElement))
    const headings = [...document.querySelectorAll('h1, h2, h3, h4')].map(each => each.tagName).join('')
    const media = ['(prefers-color-scheme: dark)', 'print', '(min-width: 40rem)', '(min-width: 60rem)']
    const look = media.map(query => matchMedia(query).matches)
    return [...new Set(kinds)].sort().join() + headings.replace(/(..)\\1+/g, '$1') + look
}"""
_shapes: set[int] = set()


class Watch:
    """Everything that the pages of one context complain about or ask from elsewhere."""

    def __init__(self, context: BrowserContext, *hosts: str, without_scripts: bool = False) -> None:
        self.without_scripts = without_scripts
        self.hosts = set(hosts)
        self.problems: list[str] = []
        self.expected: list[str] = [INVALID_FORM]
        context.add_init_script(WATCH_CSP)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def expect(self, *texts: str) -> None:
        """Console messages that this test provokes on purpose, by a part of them."""
        self.expected += texts

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in self.expected):
            where = message.location
            self.problems.append(f"{message.type}: {message.text} ({where['url']}:{where['lineNumber']})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in self.hosts:
            self.problems.append(f"request to another host: {request.url}")


_watches: dict[BrowserContext, Watch] = {}


def begin(context: BrowserContext, *hosts: str, without_scripts: bool = False) -> None:
    """Begin to watch a context, which may ask these hosts alone."""
    _watches[context] = Watch(context, *hosts, without_scripts=without_scripts)


def watch(context: BrowserContext) -> Watch:
    return _watches[context]


def forget(context: BrowserContext) -> Watch:
    return _watches.pop(context)


def check(page: Page, name: str = "") -> None:
    """Check the page as it stands, and keep pictures of it if it is given a name.

    No accessibility violation, no message in the console, nothing blocked by the CSP, nothing asked from another
    host, the frame's words above and below every passage, no scrolling sideways on the narrowest phone.
    """
    _settled(page)
    problems = watch(page.context).problems
    assert not problems, f"{page.url}\n" + "\n".join(problems)
    check_frames(page)
    _check_access(page)
    with at_width(page, NARROWEST):
        _check_width(page)
    if name:
        keep(page, name)
    assert not problems, f"{page.url}\n" + "\n".join(problems)


def _settled(page: Page) -> None:
    """Wait until the page that a click leads to is there: in between there is a document without an element."""
    page.wait_for_load_state("load")
    page.wait_for_function("document.readyState === 'complete' && document.body !== null")
    page.evaluate(AT_REST)


def check_frames(page: Page) -> None:
    _settled(page)
    with translation.override(page.evaluate("document.documentElement.lang")):
        unframed = page.evaluate(UNFRAMED, gettext(FRAME_WORDS))
    assert not unframed, f"{page.url}: passages without the words above and below: {unframed}"


def check_everywhere(page: Page, name: str) -> None:
    """Check the page and keep pictures of it, on small phones, tablets and laptops, light and dark.

    A laptop zoomed to 200 % has 640 pixels: between the small phone and the tablet, with no step of the style there
    that they do not have.
    """
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # nothing is looked at half-way
        for width in (NARROWEST, TABLET, LAPTOP):
            with at_width(page, width):
                _check_access(page)
                _check_width(page)
        keep(page, name, dark=scheme == "dark")
    check(page)


def _check_width(page: Page) -> None:
    sticking_out = page.evaluate(TOO_WIDE)
    assert not sticking_out, f"{page.url} scrolls sideways at {page.viewport_size} px: {sticking_out}"
    if page.evaluate("document.documentElement.lang") != "en":
        return  # measured with its own words
    sticking_out = page.evaluate(LONGER, TOO_WIDE)
    assert not sticking_out, f"{page.url} scrolls sideways at {page.viewport_size} px with longer words: {sticking_out}"


def _check_access(page: Page) -> None:
    """Run axe-core. A page made of the same parts, with other words in them, is not looked at twice.

    On a device without JavaScript axe-core does not run either; the same pages are looked at on other devices.
    """
    if watch(page.context).without_scripts:
        return
    page.evaluate(AT_REST)
    shape = hash(page.evaluate(SHAPE))
    if shape in _shapes:
        return
    results = Axe().run(page, options=AXE_OPTIONS)
    assert not results.violations_count, f"{page.url}\n{results.generate_report()}"
    _shapes.add(shape)


def keep(page: Page, name: str, *, dark: bool = False) -> None:
    """Pictures of the whole page on a phone and on a laptop, for the README and for eyes; named dark where it is."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    name += "-dark" if dark else ""
    for width in (PHONE, LAPTOP):
        with at_width(page, width):
            page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True, animations="disabled")


@contextmanager
def at_width(page: Page, width: int) -> Iterator[None]:
    """Look at the page at another width, and come back."""
    before: ViewportSize | None = page.viewport_size
    page.set_viewport_size({"width": width, "height": HEIGHT})
    yield
    if before:
        page.set_viewport_size(before)
