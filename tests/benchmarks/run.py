"""Build the data set in the database that DATABASE_URL names and run the works on it; one JSON line per figure."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator

import django

django.setup()

from tests.benchmarks import (  # noqa: E402 - needs Django to be set up
    dataset,
    first_import,
    imports,
    ordering,
    pages,
    search,
    search_cluster,
    search_shop,
)
from tests.benchmarks.measure import Figure  # noqa: E402 - as above

WORKS = {"pages": pages.figures, "ordering": ordering.figures, "imports": imports.figures}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--only", choices=[*WORKS, "search", "cluster", "first-import"], action="append", required=True
    )
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args(arguments)
    for figure in _figures(options.only, options.small):
        tell(figure)


def _figures(chosen: list[str], small: bool) -> Iterator[Figure]:
    if "search" in chosen:
        yield from search.figures(search_shop.build(5_000 if small else 50_000))
        return
    if "first-import" in chosen:
        yield from first_import.figures((1_000, 4_000) if small else (10_000, 90_000))
        return
    if "cluster" in chosen:
        yield from search_cluster.figures(100_000 if small else 1_000_000)
        return
    data = dataset.build(1_000, 100, 20_000) if small else dataset.build()
    for name in chosen:
        yield from WORKS[name](data)


def tell(figure: Figure) -> None:
    print(json.dumps(dataclasses.asdict(figure)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
