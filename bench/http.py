"""What the requests of a lesson cost, each as a ratio to its bare twin on the same server in the same run.

    .venv/bin/python bench/http.py [--json] [--rounds 5]

A ratio is requests a second of the product over requests a second of the twin: for `answer` and `join` a view that
inserts one row, for the others a view that returns a constant; the twins run in the same process without middleware.
Rounds are interleaved, the median and the spread are reported. Beside each the same ratio by the processor time that
the server takes for a request, and the milliseconds of it: on a machine where others work, too, they move less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # or this file would be Python's own http

from bench import load
from bench.server import Server, serving

CONNECTIONS = 4
REQUESTS = 400
STUDENTS = 32
"""A round of `answer`: each plays a whole set."""
Queues = list[list[bytes]]


@dataclass(frozen=True)
class Rate:
    a_second: float
    worked: float
    """Seconds of the server's processor time for one request."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one object and nothing else")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    figures = asyncio.run(measure(given.rounds))
    if given.json:
        print(json.dumps(figures))
        return
    for name, ratio in figures["ratios"].items():
        spread, rate, bare = figures["spread"][name], figures["per_second"][name], figures["twin_per_second"][name]
        print(
            f"{name:16} {ratio:5.2f}  ({spread[0]:.2f} to {spread[1]:.2f})  {rate:7.0f}/s, twin {bare:7.0f}/s", end=""
        )
        own, twin = figures["milliseconds"][name]
        print(f"   processor {figures['processor'][name]:5.2f}: {own:.2f} ms, twin {twin:.2f} ms")


async def measure(rounds: int) -> dict[str, dict[str, object]]:
    with serving() as server:
        pairs = {
            "answer": (answers(server, rounds), INSERT),
            "passage": (passages(server), CONSTANT),
            "poll_unchanged": (await polls(server, changed=False), CONSTANT),
            "poll_changed": (await polls(server, changed=True), CONSTANT),
            "join": (joins(server, rounds), INSERT),
        }
        rates: dict[str, list[tuple[Rate, Rate]]] = {name: [] for name in pairs}
        for number in range(rounds + 1):
            for name, (own, twin) in pairs.items():
                found = await rate(server, own(number), {200, 204, 302}), await rate(server, twin, {200})
                if number:  # the first round warms up
                    rates[name].append(found)
    ratios = {name: [own.a_second / twin.a_second for own, twin in each] for name, each in rates.items()}
    worked = {name: [twin.worked / own.worked for own, twin in each] for name, each in rates.items()}
    return {
        "ratios": {name: round(median(each), 3) for name, each in ratios.items()},
        "spread": {name: [round(min(each), 3), round(max(each), 3)] for name, each in ratios.items()},
        "per_second": {name: round(median(own.a_second for own, _ in each)) for name, each in rates.items()},
        "twin_per_second": {name: round(median(twin.a_second for _, twin in each)) for name, each in rates.items()},
        "processor": {name: round(median(each), 3) for name, each in worked.items()},
        "milliseconds": {
            name: [round(1000 * median(one.worked for one in side), 2) for side in zip(*each, strict=True)]
            for name, each in rates.items()
        },
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.machine()},
    }


async def rate(server: Server, queues: Queues, allowed: set[int]) -> Rate:
    before = server.processor()
    took, replies = await load.run(server.port, queues)
    worked = server.processor() - before
    wrong = [reply for reply in replies if reply.status not in allowed]
    assert not wrong, f"{wrong[0].status}: {wrong[0].body[:500]!r}"
    return Rate(len(replies) / took, worked / len(replies))


def spread(requests: list[bytes]) -> Queues:
    return [requests[number::CONNECTIONS] for number in range(CONNECTIONS)]


CONSTANT = spread([load.get("/bare/constant/")] * 4 * REQUESTS)
INSERT = spread([load.post("/bare/insert/", {"flagged": "yes", "confidence": "70"})] * REQUESTS)


def answers(server: Server, rounds: int) -> Callable[[int], Queues]:
    """First answers of students who play a set from its beginning: nothing of theirs is stored twice."""
    made = server.prepare("classroom", STUDENTS * (rounds + 1))
    queues = [
        [
            load.post(
                f"{made['play']}{position}/",
                answer | {"client_key": f"{made['assignment']}-{number}-{position}"},
                student=cookie,
            )
            for position, answer in enumerate(made["answers"], 1)
        ]
        for number, cookie in enumerate(made["cookies"])
    ]

    def of(number: int) -> Queues:
        mine = queues[number * STUDENTS : (number + 1) * STUDENTS]
        return [[request for each in mine[lane::CONNECTIONS] for request in each] for lane in range(CONNECTIONS)]

    return of


def passages(server: Server) -> Callable[[int], Queues]:
    """The page of the first passage, before it is answered."""
    made = server.prepare("classroom", CONNECTIONS)
    requests = [load.get(f"{made['play']}1/", student=cookie) for cookie in made["cookies"]] * (REQUESTS // CONNECTIONS)
    return lambda number: spread(requests)


async def polls(server: Server, *, changed: bool) -> Callable[[int], Queues]:
    """The leaderboard of a class of 30, as its page asks whether something has changed."""
    made = server.prepare("classroom", 30)
    answer = made["answers"][0]
    first = [
        load.post(f"{made['play']}1/", answer | {"client_key": f"poll-{changed}-{number}"}, student=cookie)
        for number, cookie in enumerate(made["cookies"])
    ]
    await rate(server, [first], {200})
    path = made["board"] if changed else made["board"].replace("/standings/0/", "/standings/30/")
    requests = [load.get(path, student=cookie, headers="HX-Request: true\r\n") for cookie in made["cookies"]]
    await rate(server, [requests[:1]], {200 if changed else 204})
    return lambda number: spread((requests * REQUESTS)[:REQUESTS])


def joins(server: Server, rounds: int) -> Callable[[int], Queues]:
    """Students of one class, each with a device and an address of its own."""
    made = server.prepare("classroom", REQUESTS * (rounds + 1))
    requests = [
        load.post(made["join"], {"nickname": name}, device=device, address=f"10.0.{n // 250}.{n % 250}", htmx=False)
        for n, (name, device) in enumerate(zip(made["names"], made["devices"], strict=True))
    ]
    return lambda number: spread(requests[number * REQUESTS : (number + 1) * REQUESTS])


if __name__ == "__main__":
    main()
