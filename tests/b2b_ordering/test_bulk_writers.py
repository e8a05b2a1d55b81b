"""Several programs write the same rows at once, each in an order of its own: nobody gets a server error.

The short version runs with the tests. Longer, on PostgreSQL:
``STRESS_SECONDS=30 python tests/services.py postgresql -- python -m pytest -s <this file>``
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_catalog import testing as catalog
from qudao_catalog.models import ProductProfile
from qudao_partner_portal.models import Address, Company
from qudao_partner_portal.testing import make_user

from .channel import Caller, Channel, make_channel

SECONDS = float(os.environ.get("STRESS_SECONDS", "3"))
CALLERS = int(os.environ.get("STRESS_CALLERS", "8"))
#: Rows there are, and how many of them one call writes.
ROWS, PART = 60, (15, 50)

Bodies = Callable[[random.Random, list[int]], tuple[str, str, dict[str, Any]]]


@pytest.fixture
def channel(transactional_db: None, settings: Any) -> Channel:
    settings.QUDAO_API_RATES = {"write": "1000000/min", "import": "1000000/min", "read": "1000000/min"}
    return make_channel()


def prices(chance: random.Random, rows: list[int]) -> tuple[str, str, dict[str, Any]]:
    lines = [{"sku": f"N-{row:03d}", "unit_price": f"{chance.randint(1, 9)}.50"} for row in rows]
    return "post", "price-lists/everyone/prices/", {"rows": lines}


def levels(chance: random.Random, rows: list[int]) -> tuple[str, str, dict[str, Any]]:
    lines = [
        {
            "sku": f"N-{row:03d}",
            "warehouse": chance.choice(("chengdu", "second")),
            "on_hand": chance.randint(1, 999),
        }
        for row in rows
    ]
    return "post", "stock/levels/", {"rows": lines}


def products(chance: random.Random, rows: list[int]) -> tuple[str, str, dict[str, Any]]:
    lines = [
        {
            "sku": f"W-{row:03d}",
            "title": f"Lamp {chance.randint(1, 9)}",
            "line": "lighting",
            "categories": [f"Lamps > Kind {row % 4}"],
        }
        for row in rows
    ]
    return "put", "products/bulk/", {"products": lines}


def companies(chance: random.Random, rows: list[int]) -> tuple[str, str, dict[str, Any]]:
    lines = [
        {"code": f"C-{row:03d}", "name": f"Company {chance.randint(1, 9)}", "parent": "WCE"} for row in rows
    ]
    return "post", "companies/bulk/", {"rows": lines}


def addresses(chance: random.Random, rows: list[int]) -> tuple[str, str, dict[str, Any]]:
    lines = [
        {
            "external_key": f"A-{row:03d}",
            "company": chance.choice(("D-1", "WCE")) if row % 2 else "D-1",
            "recipient": f"Person {chance.randint(1, 9)}",
            "phone": "13800138000",
            "territory": "CN-5101",
            "street": f"{chance.randint(1, 99)} Renmin Road",
        }
        for row in rows
    ]
    return "post", "addresses/bulk/", {"rows": lines}


#: What is written, by whom, and how many rows there are in the end.
WRITERS: dict[str, tuple[Bodies, str, Callable[[], int]]] = {
    "prices": (prices, "ada", lambda: PriceRow.objects.count()),
    "levels": (levels, "ada", lambda: StockLevel.objects.count()),
    "products": (products, "office", lambda: ProductProfile.objects.filter(sku__startswith="W-").count()),
    "companies": (companies, "office", lambda: Company.objects.filter(code__startswith="C-").count()),
    "addresses": (addresses, "office", lambda: Address.objects.filter(external_key__gt="").count()),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRITERS)
def test_overlapping_rows_in_any_order_are_written_without_a_server_error(
    channel: Channel, kind: str
) -> None:
    bodies, who, count = WRITERS[kind]
    channel.users["office"] = make_user("Office", is_superuser=True)
    catalog.make_line("lighting")
    lamps = catalog.make_category("Lamps")
    for number in range(4):
        catalog.make_category(f"Kind {number}", parent=lamps)
    ordering.make_warehouse("second", seller=channel.maker, priority=50)
    channel.products(ROWS, stock=None)
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CALLERS) as pool:
        done = list(pool.map(lambda seed: write(channel.users[who], bodies, seed, until), range(CALLERS)))
    answers = sum((answered for answered, _bad in done), Counter[int]())
    print(kind, dict(answers))
    assert [each for _answered, bad in done for each in bad] == []
    assert set(answers) == {200}
    assert ROWS <= count() <= 2 * ROWS


def write(user: Any, bodies: Bodies, seed: int, until: float) -> tuple[Counter[int], list[str]]:
    """Write until the time is over; returns how often each status came, and what was said with the others."""
    chance, answers, bad = random.Random(seed), Counter[int](), []
    try:
        caller = Caller(user)
        caller.client.raise_request_exception = False
        while not answers or time.monotonic() < until:
            rows = chance.sample(range(1, ROWS + 1), chance.randint(*PART)) if answers else shuffled(chance)
            answer = caller(*bodies(chance, rows))
            answers[answer.status_code] += 1
            if answer.status_code != 200:
                bad.append(answer.content.decode()[:500])
    finally:
        connection.close()
    return answers, bad


def shuffled(chance: random.Random) -> list[int]:
    """All rows once, so that they are there in the end, in an order of the caller's own."""
    return chance.sample(range(1, ROWS + 1), ROWS)
