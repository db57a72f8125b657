"""Answers are rescored while others play; killed as by a power cut, all is as it was, and the next run makes it new."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.server import Server
from tests.serving import regrading, school
from tests.serving.databases import BOTH, database


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("moment", ["computed", "written"])
def test_a_kill_half_way_leaves_the_old_and_the_next_run_makes_the_new(tmp_path: Path, kind: str, moment: str) -> None:
    with database(kind) as variables:
        server = Server(tmp_path, **variables)
        server.start()
        school.found(server, students=1)
        server.stop()
        regrading.killed(server, moment)
        old = regrading.told(server)
        assert old == {"points": {"100": regrading.ANSWERS}, "aside": 0, "in_force": 0, "adds_up": True}
        server.manage("rescore")
        new = regrading.told(server)
        assert new == {"points": {"0": regrading.ANSWERS}, "aside": regrading.ANSWERS, "in_force": 1, "adds_up": True}


@pytest.mark.parametrize("kind", BOTH)
def test_everybody_plays_on_while_answers_are_computed(tmp_path: Path, kind: str) -> None:
    with database(kind) as variables:
        server = Server(tmp_path, **variables)
        server.start()
        school.found(server, students=1)
        server.stop()
        regrading.ruled_while_others_play(server)
        told = regrading.told(server)
        assert told == {"points": {"0": regrading.ANSWERS}, "aside": regrading.ANSWERS, "in_force": 1, "adds_up": True}
