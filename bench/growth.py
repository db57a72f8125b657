"""What a request costs when many answers are stored, as a ratio to the cost with few, in one run.

    .venv/bin/python bench/growth.py [--attempts 1000 100000 1000000] [--rounds 5]

Each number of stored answers has a server and a database of its own, and the rounds take turns, so that what else the
machine does meets all alike. Prints JSON: milliseconds a request of one class of 30, by what is stored beside it, of
the clock and of the server's processor time; and the ratios to the first.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from pathlib import Path
from statistics import median

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench import load
from bench.server import Server, serving

STUDENTS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--attempts", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with contextlib.ExitStack() as running:
        servers = {number: running.enter_context(serving()) for number in given.attempts}
        for number, server in servers.items():
            asyncio.run(lesson(server))
            server.prepare("fill", number)
        rounds = [
            {number: asyncio.run(lesson(server)) for number, server in servers.items()} for _ in range(given.rounds)
        ]
    report = {}
    for at, clock in enumerate(("clock", "processor")):
        costs = {
            number: {name: median(one[number][name][at] for one in rounds) for name in rounds[0][number]}
            for number in given.attempts
        }
        first = costs[given.attempts[0]]
        report[clock] = {
            "ms": {n: {name: round(cost, 2) for name, cost in each.items()} for n, each in costs.items()},
            "ratios": {
                n: {name: round(cost / first[name], 2) for name, cost in each.items()} for n, each in costs.items()
            },
        }
    print(json.dumps(report, indent=1))


async def lesson(server: Server) -> dict[str, tuple[float, float]]:
    """Milliseconds a request, one after the other, of a class that answers its first three decisions: of the clock, and
    of the server's processor time.
    """
    made = server.prepare("classroom", STUDENTS)
    requests: dict[str, list[bytes]] = {"home": [], "passage": [], "answer": [], "board": []}
    for number, cookie in enumerate(made["cookies"]):
        requests["home"].append(load.get(made["home"], student=cookie))
        requests["passage"].append(load.get(f"{made['play']}1/", student=cookie))
        requests["board"].append(load.get(made["board"], student=cookie, headers="HX-Request: true\r\n"))
        requests["answer"] += [
            load.post(
                f"{made['play']}{position}/",
                answer | {"client_key": f"{made['assignment']}-{number}-{position}"},
                student=cookie,
            )
            for position, answer in enumerate(made["answers"][:3], 1)
        ]
    costs = {}
    for name, queue in requests.items():
        before = server.processor()
        took, replies = await load.run(server.port, [queue])
        worked = server.processor() - before
        assert all(reply.status == 200 for reply in replies), {reply.status for reply in replies}
        costs[name] = (1000 * took / len(queue), 1000 * worked / len(queue))
    return costs


if __name__ == "__main__":
    main()
