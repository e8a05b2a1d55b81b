"""The proportional share of memory of our processes in the production shape, after the list has been asked for."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.measure import Figure
from tests.e2e.production import production_shape

PAGES = ("/accounts/login/", "/healthz", "/readyz", "/api/v1/", "/styleguide/")


def figures() -> Iterator[Figure]:
    with production_shape() as site:
        for _round in range(30):
            for path in PAGES:
                site.open(path)
        parts = site.memory()
    megabytes = {name: size / 2**20 for name, size in parts.items()}
    note = ", ".join(f"{name} {size:.0f}" for name, size in megabytes.items())
    yield Figure(
        "memory (PSS): 2 web workers, worker, scheduler", sum(megabytes.values()), "MiB", 400, note=note
    )
