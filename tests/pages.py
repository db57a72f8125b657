"""Pages as a browser without JavaScript sees them: their words, and forms to fill in and send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.devices import Device

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
Attributes = dict[str, str]
Fields = dict[str, list[str]]


@dataclass
class Element:
    tag: str
    attributes: Attributes
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """All words in it, white space folded."""
        return " ".join(self._words().split())

    @property
    def seen(self) -> str:
        """The words that are on the screen: without what is there for screen readers, and without numbers of notes."""
        return " ".join(self._words(but="visually-hidden note-ref").split())

    def all(self, tag: str = "", **attributes: str) -> Iterator[Element]:
        """The elements in it with that tag and these attributes."""
        for child in self.children:
            if isinstance(child, Element):
                if tag in ("", child.tag) and attributes.items() <= child.attributes.items():
                    yield child
                yield from child.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    def of_class(self, name: str) -> list[Element]:
        return [each for each in self.all() if name in each.classes]

    def _words(self, but: str = "") -> str:
        if self.tag in ("script", "style") or set(but.split()) & set(self.classes):
            return ""
        return "".join(child if isinstance(child, str) else child._words(but) for child in self.children)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.open))

    def handle_endtag(self, tag: str) -> None:
        element = self.open
        while element.parent and element.tag != tag:
            element = element.parent
        if element.parent:
            self.open = element.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def read(response: Any) -> Element:
    """The page of a response."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.root


def form_of(response: Any, action: str | None = None) -> Element:
    """The form of a page that goes to an address (by default: the one in its main part)."""
    main = read(response).one("main")
    found = [form for form in main.all("form") if action is None or form.attributes.get("action") == action]
    assert len(found) == 1, f"{len(found)} forms for {action} in {response.request['PATH_INFO']}"
    return found[0]


def filled(form: Element) -> Fields:
    """What a browser would send of a form as it stands."""
    data: Fields = {}
    for each in form.all("input"):
        kind, name = each.attributes.get("type", "text"), each.attributes.get("name", "")
        if name and (kind not in ("checkbox", "radio") or "checked" in each.attributes):
            data.setdefault(name, []).append(each.attributes.get("value", ""))
    for each in form.all("textarea"):
        data[each.attributes["name"]] = ["".join(map(str, each.children)).removeprefix("\n")]
    for each in form.all("select"):
        options = list(each.all("option"))
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        data[each.attributes["name"]] = [option.attributes["value"] for option in chosen]
    return data


def submit(
    device: Device, response: Any, *, button: str = "", to: str | None = None, htmx: bool = False, **changes: Any
) -> Any:
    """Fill in a form of a page as somebody at a browser would, and send it.

    `changes` are values by name (lists for several); only what the page offers can be chosen. `button` is the name
    of the submit button; `to` the form's action where a page has several.
    """
    form = form_of(response, to)
    data = filled(form)
    for name, value in changes.items():
        values = [str(each) for each in (value if isinstance(value, list | tuple) else [value])]
        offered = offers(form, name)
        assert offered is None or set(values) <= offered, f"{name} offers {offered}, not {values}"
        data[name] = values
    if button:
        data[button] = [form.one("button", name=button).attributes["value"]]
    action = form.attributes.get("action") or response.request["PATH_INFO"]
    send: Callable[..., Any] = device.post if form.attributes.get("method", "get") == "post" else device.get
    return send(action, data, headers={"HX-Request": "true"} if htmx else {})


def offers(form: Element, name: str) -> set[str] | None:
    """The values that a field lets one choose, None for a text that is typed."""
    inputs = [each for each in form.all("input") if each.attributes.get("name") == name]
    selects = [each for each in form.all("select") if each.attributes.get("name") == name]
    inputs += [each for each in form.all("textarea") if each.attributes.get("name") == name]
    assert inputs or selects, f"the form has no field {name}"
    if selects:
        return {option.attributes["value"] for option in selects[0].all("option")}
    if inputs[0].attributes.get("type") in ("checkbox", "radio", "hidden"):
        return {each.attributes.get("value", "on") for each in inputs}
    return None


def words_of(form: Element, quote: str) -> list[str]:
    """The values of the word check boxes that a quote of the passage covers."""
    boxes = [each for each in form.all("input") if each.attributes.get("name") == "w"]
    texts = [box.parent.text if box.parent else "" for box in boxes]
    wanted = quote.split()
    for at in range(len(texts) - len(wanted) + 1):
        if texts[at : at + len(wanted)] == wanted:
            return [box.attributes["value"] for box in boxes[at : at + len(wanted)]]
    raise AssertionError(f"{quote!r} is not among {texts}")
