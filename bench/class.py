"""Students play a whole set, each at a pace of their own, with a stream open: how many does the machine carry?

    .venv/bin/python bench/class.py [--students 100 300 1000] [--database URL] [--processes 1] [--think 15]

Each student loads a passage, thinks (half to one and a half of `--think` seconds, by a seeded die), answers, and goes
on. Students sit in classes of 30; each has one connection to play and one stream of the class's leaderboard. The sizes
are tried in their order until the 99th percentile of the answers passes 100 ms or an answer is lost. `--decisions`
plays so many of the set alone. `--database` is the address of an empty PostgreSQL database; without it SQLite is used.
Prints JSON: what was found at each size, and the largest size that held.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import resource
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench import load
from bench.server import Server, serving

SLOWEST = 0.1
"""Seconds that the 99th percentile of the answers may take."""
SEED = 7


@dataclass
class Seen:
    """What all students together have met."""

    answers: list[float] = field(default_factory=list)
    """Seconds."""
    pages: list[float] = field(default_factory=list)
    events: int = 0
    wrong: int = 0
    """Replies that were not what they should be."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=[100, 300, 600, 1000, 1500, 2000])
    parser.add_argument("--database", default="")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--think", type=float, default=15.0)
    parser.add_argument("--decisions", type=int, default=0)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    found: dict[int, dict[str, Any]] = {}
    with serving(database=given.database, processes=given.processes) as server:
        for number in given.students:
            found[number] = asyncio.run(school(server, number, given.think, given.decisions))
            if not found[number]["held"]:
                break
    held = [number for number, each in found.items() if each["held"]]
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps({"students": found, "largest": max(held, default=0), "machine": machine}, indent=1))


async def school(server: Server, number: int, think: float, decisions: int) -> dict[str, Any]:
    """So many students from the first passage to the last answer."""
    made = server.prepare("school", number)
    seen, dice = Seen(), random.Random(SEED)
    work, streams = [], []
    for each in made:
        answers = each["answers"][: decisions or None]
        for at, cookie in enumerate(each["cookies"]):
            streams.append(asyncio.ensure_future(listen(server.port, each["stream"], seen)))
            work.append(student(server.port, each, at, cookie, answers, seen, think, random.Random(dice.random())))
    await asyncio.gather(*work)
    memory = round(server.memory())
    for stream in streams:
        stream.cancel()
    stored = [server.prepare("count", each["assignment"]) for each in made]
    asked = sum(len(each["cookies"]) * len(each["answers"][: decisions or None]) for each in made)
    lost = asked - sum(each["answers"] for each in stored)
    equal = all(
        (each["counting"], each["points"]) == (each["standing_decisions"], each["standing_points"]) for each in stored
    )
    slow = quantiles(seen.answers, n=100)[98]
    return {
        "answers": len(seen.answers),
        "answer_ms": {"p50": round(1000 * median(seen.answers), 1), "p99": round(1000 * slow, 1)},
        "page_ms": {
            "p50": round(1000 * median(seen.pages), 1),
            "p99": round(1000 * quantiles(seen.pages, n=100)[98], 1),
        },
        "events": seen.events,
        "lost": lost,
        "wrong_replies": seen.wrong,
        "standings_equal_answers": equal,
        "memory_mib": memory,
        "held": slow <= SLOWEST and not lost and not seen.wrong and equal,
    }


async def student(
    port: int,
    made: dict[str, Any],
    at: int,
    cookie: str,
    answers: list[dict[str, str]],
    seen: Seen,
    think: float,
    dice: random.Random,
) -> None:
    client = load.Client(port)
    await asyncio.sleep(think * dice.random())
    for position, answer in enumerate(answers, 1):
        address = f"{made['play']}{position}/"
        page = await client.send(load.get(address, student=cookie))
        seen.pages.append(page.seconds)
        await asyncio.sleep(think * (0.5 + dice.random()))
        key = {"client_key": f"{made['assignment']}-{at}-{position}"}
        reply = await client.send(load.post(address, answer | key, student=cookie))
        seen.answers.append(reply.seconds)
        seen.wrong += (page.status, reply.status) != (200, 200)
    client.close()


async def listen(port: int, address: str, seen: Seen) -> None:
    """Hold a stream open, and count what comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(load.get(address))
    with contextlib.suppress(asyncio.CancelledError):
        while line := await reader.readline():
            seen.events += line.startswith(b"data:")
    writer.close()


if __name__ == "__main__":
    main()
