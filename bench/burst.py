"""A class answers at one instant: how long until the last answer is acknowledged, and whether each is stored.

    .venv/bin/python bench/burst.py [--students 200 1000] [--database URL] [--processes 1] [--rounds 5]

Every student has a connection of their own, open before the instant. `--database` is the address of an empty PostgreSQL
database; without it SQLite is used. Prints JSON: seconds to the last acknowledgement, and to the median one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
from pathlib import Path
from statistics import median

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench import load
from bench.server import Server, serving


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--database", default="")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with serving(database=given.database, processes=given.processes) as server:
        figures = {number: asyncio.run(bursts(server, number, given.rounds)) for number in given.students}
        print(json.dumps({"students": figures, "memory_mib": round(server.memory())}, indent=1))


async def bursts(server: Server, students: int, rounds: int) -> dict[str, object]:
    """Each round is the next decision of the same class."""
    made = server.prepare("classroom", students)
    last, middle = [], []
    for position, answer in enumerate(made["answers"][:rounds], 1):
        requests = [
            load.post(
                f"{made['play']}{position}/",
                answer | {"client_key": f"{made['assignment']}-{number}-{position}"},
                student=cookie,
            )
            for number, cookie in enumerate(made["cookies"])
        ]
        took, replies = await load.run(server.port, [[request] for request in requests])
        assert all(reply.status == 200 for reply in replies), {reply.status for reply in replies}
        last.append(took)
        middle.append(median(reply.seconds for reply in replies))
    stored = server.prepare("count", made["assignment"])
    return {
        "last_s": {"median": round(median(last), 2), "max": round(max(last), 2)},
        "median_s": round(median(middle), 2),
        "lost": students * len(last) - stored["answers"],
        "standings_equal_answers": (stored["counting"], stored["points"])
        == (stored["standing_decisions"], stored["standing_points"]),
    }


if __name__ == "__main__":
    main()
