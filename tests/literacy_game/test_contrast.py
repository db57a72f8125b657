"""The colours of the style sheet, light and dark: text at WCAG AA wherever it stands, at AAA on and under a mark."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.conf import settings

Colour = tuple[float, float, float]

AA, AAA, SHAPE = 4.5, 7.0, 3.0
"""WCAG 1.4.3, 1.4.6 and 1.4.11."""
TEXT = ("ink", "soft", "blue", "blue-deep", "red", "green", "amber", "plum")
GROUNDS = ("desk", "sheet", "blue-tint", "hover")
TONES = ("red", "green", "amber", "plum", "blue")
"""What numbers of notes, on marks and beside them, stand on."""
HEAT_LEVELS = 5
SHEET = (settings.BASE_DIR / "static/css/app.css").read_text(encoding="utf-8")
TOKENS = SHEET[SHEET.index("@layer tokens {") : SHEET.index("@layer base {")]
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")


def colours(block: str) -> dict[str, Colour]:
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6}|[0-9a-f]{3});", block)
    return {name: colour(digits) for name, digits in found}


def colour(digits: str) -> Colour:
    whole = digits if len(digits) == 6 else "".join(each * 2 for each in digits)
    red, green, blue = (int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def contrast(first: Colour, second: Colour) -> float:
    low, high = sorted(map(luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def luminance(rgb: Colour) -> float:
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(over: Colour, under: Colour, share: float) -> Colour:
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(over, under, strict=True))
    return red, green, blue


def percent(name: str, block: str) -> float:
    (value,) = re.findall(rf"--{name}: ([\d.]+)%", block)
    return float(value) / 100


SCHEMES = {"light": colours(LIGHT), "dark": colours(LIGHT) | colours(DARK)}
HEAT = {"light": percent("heat", LIGHT), "dark": percent("heat", DARK)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_every_ground(scheme: str) -> None:
    has = SCHEMES[scheme]
    for text, ground in product(TEXT, GROUNDS):
        assert contrast(has[text], has[ground]) >= AA, (text, ground)
    for ground in ("blue", "blue-deep"):
        assert contrast(has["on-blue"], has[ground]) >= AA, ground
    assert contrast(has["on-strip"], has["strip"]) >= AAA


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_can_be_seen(scheme: str) -> None:
    has = SCHEMES[scheme]
    for edge, ground in product(("edge", *TONES), ("desk", "sheet")):
        assert contrast(has[edge], has[ground]) >= SHAPE, (edge, ground)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_under_a_mark_are_read_with_ease(scheme: str) -> None:
    """The player's marks, the words that are lit, the answers of the class as shades, and the numbers of notes."""
    has = SCHEMES[scheme]
    for ground in ("marker", "hatch", "hover", "blue-tint"):
        assert contrast(has["ink"], has[ground]) >= AAA, ground
    for level in range(1, HEAT_LEVELS + 1):
        shade = mixed(has["blue"], has["sheet"], level * HEAT[scheme])
        assert contrast(has["ink"], shade) >= AAA, level
    for tone in TONES:
        assert contrast(has["sheet"], has[tone]) >= AAA, tone
    assert "color: var(--ink); outline: 3px solid var(--marker-edge)" in SHEET, "the first place stands on the marker"
