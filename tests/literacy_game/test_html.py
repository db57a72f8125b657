"""Every page of the access table is valid HTML, by the Nu checker. Left out where there is no Java or no checker."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from literacy_game import machine
from tests.cast import Stage, answer, desk_of, device_of
from tests.literacy_game.test_access import OURS, ROLES, ROWS, address, device_for

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="session")
def checker() -> list[str]:
    command = machine.nu_checker()
    if command is None:
        pytest.skip("Left out: the Nu checker needs Java, and npm to get it (or VNU_JAR).")
    return command


def test_every_page_is_valid(stage: Stage, checker: list[str], tmp_path: Path) -> None:
    for name, method in ROWS:
        role = next((each for each in ROLES if ROWS[name, method][each] in ("200", "422")), None)
        if role is None or name.startswith("mfa_"):
            continue
        path = address(name, stage)
        response = device_for(role, stage).generic(
            method, path, b"sent=yes", content_type="application/x-www-form-urlencoded"
        )
        keep(tmp_path, f"{name}-{method}", response)
    for position in range(1, 7):
        answer(stage.heron, stage.six_ways, position)
        page = f"/class/{stage.class_9b.uid}/play/{stage.six_ways.uid}/{position}/"
        keep(tmp_path, f"reveal-{position}", device_of(stage.heron).get(page))
    for name in ("finished", "leaderboard", "student_home"):
        keep(tmp_path, f"{name}-after", device_of(stage.heron).get(address(name, stage)))
    for name in ("class_results", "results_grid", "results_labels", "results_items", "classroom", "teach_home"):
        keep(tmp_path, f"{name}-after", desk_of(stage.bob).get(address(name, stage)))
    assert len(list(tmp_path.iterdir())) > len(OURS) / 2, "most pages were looked at"
    done = subprocess.run(
        [*checker, "--format", "json", "--exit-zero-always", *map(str, sorted(tmp_path.glob("*.html")))],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = [each for each in json.loads(done.stderr)["messages"] if each["type"] == "error"]
    assert not found, "\n".join(sorted({told(each) for each in found}))


def told(message: dict[str, str]) -> str:
    """An error with the page and what stands there."""
    return f"{Path(message['url']).stem}: {message['message']} … {message.get('extract', '')[:160]!r}"


def keep(folder: Path, name: str, response: object) -> None:
    """The page as a file, with htmx's attributes as data- ones, which it takes, too. Parts of pages are none."""
    content: bytes = getattr(response, "content", b"")
    if content.lstrip().lower().startswith(b"<!doctype html"):
        (folder / f"{name}.html").write_bytes(content.replace(b" hx-", b" data-hx-"))
