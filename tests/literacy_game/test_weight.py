"""What a student's browser has to fetch before the first passage is there."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.cast import Stage, device_of
from tests.pages import read

pytestmark = pytest.mark.django_db

MOST = 73_000
"""Bytes, compressed: page, style sheet, scripts, and the fonts that English and German need."""
REQUESTS = 8


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


def test_a_first_passage_is_light(stage: Stage) -> None:
    page = device_of(stage.heron).get(reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, 1]))
    shown = read(page)
    links = [each.attributes for each in shown.all("link") if each.attributes["rel"] in ("preload", "stylesheet")]
    scripts = [each.attributes["src"] for each in shown.all("script")]
    sizes = [len(gzip.compress(page.content))]
    for address in (*(each["href"] for each in links), *scripts):
        found = finders.find(address.removeprefix("/static/"))
        assert found, address
        content = Path(found).read_bytes()
        sizes.append(len(content) if address.endswith(".woff2") else len(gzip.compress(content)))
    assert len(sizes) <= REQUESTS
    assert sum(sizes) <= MOST, sizes
