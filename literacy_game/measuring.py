"""Figures of this process in Prometheus's text format: requests by page, method and status, and how long they took."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds: upper bounds of the histogram's buckets."""

Key = tuple[str, str, int]
"""The URL's name, the method, the status."""
_lock = threading.Lock()
_seconds: dict[Key, float] = defaultdict(float)
_buckets: dict[Key, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))


class Measured:
    """Counts and times every request. There only where METRICS_TOKEN is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        note((name, method or "", response.status_code), time.perf_counter() - began)
        return response


def note(key: Key, seconds: float) -> None:
    with _lock:
        _seconds[key] += seconds
        _buckets[key][bisect_left(BOUNDS, seconds)] += 1


def exposition() -> str:
    with _lock:
        found = [(key, list(buckets), _seconds[key]) for key, buckets in sorted(_buckets.items())]
    return "\n".join(_lines(found)) + "\n"


def _lines(found: list[tuple[Key, list[int], float]]) -> Iterator[str]:
    name = "literacy_game_request_seconds"
    yield f"# HELP {name} Requests and how long they took, by page, method and status."
    yield f"# TYPE {name} histogram"
    for (page, method, status), buckets, seconds in found:
        labels = f'page="{page}",method="{method}",status="{status}"'
        total = 0
        for bound, count in zip((*BOUNDS, "+Inf"), buckets, strict=True):
            total += count
            yield f'{name}_bucket{{{labels},le="{bound}"}} {total}'
        yield f"{name}_sum{{{labels}}} {seconds:.6f}"
        yield f"{name}_count{{{labels}}} {total}"
