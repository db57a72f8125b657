"""How long the server takes from the command to the first page, first and later starts.

    python3 manage.py serve   # once, so that .venv is there
    .venv/bin/python bench/start.py

Prints the median and the spread of five later starts, and a bare `import django` in the same run to compare with.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # or bench/http.py would be Python's own http

from urllib.error import URLError
from urllib.request import urlopen

RUNS = 5


def start(data: str) -> float:
    """Seconds from the command to the first page."""
    began = time.perf_counter()
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--host", "127.0.0.1", "--port", "0"]
    server = subprocess.Popen(command, env=os.environ | {"DATA_DIR": data}, stdout=subprocess.PIPE, text=True)
    try:
        address = next(found.group() for line in server.stdout or () if (found := re.search(r"http://\S+", line)))
        while True:
            try:
                with urlopen(address, timeout=5) as page:
                    page.read()
                return time.perf_counter() - began
            except URLError:
                time.sleep(0.01)
    finally:
        server.terminate()
        server.wait()


def bare() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django.core.handlers.wsgi"], check=True)
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        first = start(data)
        pairs = [(start(data), bare()) for _ in range(RUNS)]
    later = [each for each, _ in pairs]
    figures = {
        "first_start_s": round(first, 2),
        "later_start_s": {"median": round(median(later), 2), "min": round(min(later), 2), "max": round(max(later), 2)},
        "ratios": {"later_start_to_importing_django": round(median(s / b for s, b in pairs), 1)},
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
