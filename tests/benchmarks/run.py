"""Build the data set in the database that DATABASE_URL names and run the works on it; one JSON line per figure."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

import django

django.setup()

from tests.benchmarks import dataset, imports, ordering, pages  # noqa: E402 - needs Django to be set up
from tests.benchmarks.measure import Figure  # noqa: E402 - as above

WORKS = {"pages": pages.figures, "ordering": ordering.figures, "imports": imports.figures}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=sorted(WORKS), action="append")
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args(arguments)
    data = dataset.build(1_000, 100, 20_000) if options.small else dataset.build()
    for name, work in WORKS.items():
        if not options.only or name in options.only:
            for figure in work(data):
                tell(figure)


def tell(figure: Figure) -> None:
    print(json.dumps(dataclasses.asdict(figure)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
