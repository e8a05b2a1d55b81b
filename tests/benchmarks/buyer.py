"""One of many processes that buy the same scarce product: ``python -m tests.benchmarks.buyer USER PRODUCT``."""

import sys

import django

django.setup()

from tests.benchmarks.ordering import buy  # noqa: E402 - needs Django to be set up

if __name__ == "__main__":
    print(*buy(int(sys.argv[1]), int(sys.argv[2])))
