"""Ask a server over HTTP: one request after another, and eight connections at once."""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one request after another."""

    median: float
    p95: float


def sequential(
    port: int, path: str, headers: Mapping[str, str], *, requests: int = 200, warm: int = 30
) -> Timing:
    """The time of `requests` requests on one client, after `warm` that do not count. Fails on any answer but 200."""
    times = []
    for number in range(warm + requests):
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:500]!r}")
        if number >= warm:
            times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return Timing(statistics.median(times), times[int(len(times) * 0.95) - 1])


def at_once(
    port: int, path: str, headers: Mapping[str, str], *, connections: int = 8, seconds: int = 8
) -> float:
    """Pages per second with `connections` open connections, by wrk."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    result = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    ).stdout
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", result)
    if errors:
        raise RuntimeError(f"{path}: {errors[1]} answers were no 2xx")
    found = re.search(r"Requests/sec:\s+([\d.]+)", result)
    if found is None:
        raise RuntimeError(f"wrk printed no rate:\n{result}")
    return float(found[1])
