"""Killed like by a power cut, over and over, while thirty pupils answer: what was acknowledged is there, once."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.browser.server import Server
from tests.serving import school
from tests.serving.databases import BOTH, database
from tests.serving.pupils import Crowd

PUPILS = 30


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.long)])
def test_no_acknowledged_answer_is_lost_or_counted_twice(tmp_path: Path, kind: str, kills: int) -> None:
    dice = random.Random(kills)
    with database(kind) as variables:
        server = Server(tmp_path, **variables)
        server.start()
        made = school.found(server, students=PUPILS * (1 + kills // 5))
        crowd = Crowd(server, made, PUPILS)
        crowd.start()
        known = 0
        for _ in range(kills):
            while len(crowd.acknowledged) == known:  # under load: somebody has just been answered
                time.sleep(0.01)
            time.sleep(dice.uniform(0.05, 0.6))
            server.kill()
            known = len(crowd.acknowledged)
            server.start()
        while len(crowd.acknowledged) == known:
            time.sleep(0.01)
        crowd.stop()
        server.stop()
        kept = school.stored(server)
    acknowledged = crowd.acknowledged
    assert len(acknowledged) > 2 * kills
    assert crowd.failures > 0, "the kills hit somebody"
    assert len(acknowledged) == len(set(acknowledged))
    assert not set(acknowledged) - set(kept["answers"]), "lost"
    assert not kept["twice"]
    before, anew = kept["standings"]
    assert before == anew
    assert sum(decisions for _, _, _, decisions, *_ in anew) <= len(kept["answers"])
    print(f"{kind}: {kills} kills, {len(acknowledged)} acknowledged, {len(kept['answers'])} stored")
