"""What a student's browser has to fetch before the first passage is there."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.urls import reverse

from literacy_game.collecting import LightStaticFiles, without_comments
from tests.cast import Stage, device_of
from tests.pages import read

pytestmark = pytest.mark.django_db

MOST = 60_000
"""Bytes: page, style sheet, scripts, icon, and the fonts of English and German; compressed by gzip, since browsers
take nothing better over plain http."""
REQUESTS = 8
HEAD = 500
"""Bytes of the headers of one answer, about."""


def test_pages_are_compressed_where_browsers_take_it(stage: Stage) -> None:
    """Without a server in front, too: on a teacher's laptop there is none."""
    address = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1])
    device = device_of(stage.heron)
    plain = device.get(address)
    packed = device.get(address, headers={"Accept-Encoding": "gzip, deflate"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content).startswith(b"<!doctype html>")
    assert len(packed.content) < len(plain.content) / 3
    question = device.post(address, {}, headers={"Accept-Encoding": "gzip", "HX-Request": "true"})
    assert (question.status_code, question.headers["Content-Encoding"]) == (422, "gzip")
    assert gzip.decompress(question.content).lstrip().startswith(b"<section")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> LightStaticFiles:
    """Our static files as `collectstatic` leaves them."""
    storage = LightStaticFiles(location=tmp_path_factory.mktemp("static"), base_url="/static/")
    found = {path: (source, path) for finder in get_finders() for path, source in finder.list(None)}
    ours = {
        path: each for path, each in found.items() if path.startswith(("css/", "js/", "fonts/", "img/", "django_htmx/"))
    }
    for path, (source, _) in ours.items():
        with source.open(path) as file:
            storage.save(path, file)
    for _, _, done in storage.post_process(ours):
        assert not isinstance(done, Exception), done
    return storage


@pytest.mark.parametrize("page", ["join", "student_home", "exercise"])
def test_first_loads_are_light(collected: LightStaticFiles, stage: Stage, page: str) -> None:
    addresses = {
        "join": reverse("join"),
        "student_home": reverse("student_home", args=[stage.class_9b.uid]),
        "exercise": reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1]),
    }
    answer = device_of(stage.heron).get(addresses[page])
    assert answer.status_code == 200
    shown = read(answer)
    links = [each.attributes["href"] for each in shown.all("link")]
    scripts = [each.attributes["src"] for each in shown.all("script")]
    sizes = {"page": len(gzip.compress(answer.content)) + HEAD}
    for address in (*links, *scripts):
        name = collected.stored_name(address.removeprefix("/static/"))
        light = Path(collected.path(f"{name}.gz"))
        sizes[name] = (light if light.exists() else Path(collected.path(name))).stat().st_size + HEAD
    assert len(sizes) < REQUESTS, sizes
    assert sum(sizes.values()) < MOST, sizes


def test_scripts_come_in_one_file(collected: LightStaticFiles) -> None:
    script = Path(collected.path(collected.stored_name("js/student.js"))).read_text(encoding="utf-8")
    assert "import " not in script
    for each in ("app", "marking", "outbox", "timer"):
        source = Path(settings.BASE_DIR / f"static/js/{each}.js").read_text(encoding="utf-8")
        assert f"{{\n{without_comments(source)}}}\n" in script, each


def test_scripts_mean_the_same_without_indentation() -> None:
    """No text of theirs goes over several lines."""
    for path in Path(settings.BASE_DIR / "static/js").glob("*.js"):
        for line in without_comments(path.read_text(encoding="utf-8")).splitlines():
            assert line.count("`") % 2 == 0, (path.name, line)


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("/* About. */\n\na { b: c; }\n", "a { b: c; }\n"),
        ("/* Two\n   lines */\n  a();\n", "a();\n"),
        ("// one\n  // two\n  a(); // three\n", "a(); // three\n"),
        ("/* first */ a();\nb(); /* last */\n", "/* first */ a();\nb(); /* last */\n"),
        ('a("http://b");\n', 'a("http://b");\n'),
    ],
)
def test_comments_stay_behind(text: str, light: str) -> None:
    assert without_comments(text) == light
