"""Many people and programs at the same orders at once: nobody gets a server error and the books agree.

The short version runs with the tests. Longer, on PostgreSQL:
``STRESS_SECONDS=120 python tests/services.py postgresql -- python -m pytest -s <this file>``
"""

from __future__ import annotations

import json
import os
import random
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.stock.models import StockLevel

from ..channel import Channel, make_channel

SECONDS = float(os.environ.get("STRESS_SECONDS", "5"))
CALLERS = int(os.environ.get("STRESS_CALLERS", "16"))
#: Who may do what with many orders; the administrator of the seller holds all of its roles.
PEOPLE = (("ada", "approve"), ("ada", "release"), ("ada", "undo"), ("ada", "cancel"), ("ada", "return"))


@pytest.fixture
def channel(transactional_db: None) -> Channel:
    return make_channel()


@dataclass
class Caller:
    """One of many who call at once, each with a session, a connection and a random way of its own."""

    channel: Channel
    seed: int
    until: float
    answers: Counter[Any] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)

    def run(self) -> Caller:
        try:
            self.chance = random.Random(self.seed)
            self.clients = {name: self._client(name) for name in ("ada", "bai", "bo")}
            while time.monotonic() < self.until:
                self._turn()
        finally:
            connection.close()
        return self

    def _client(self, name: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.channel.users[name])
        return client

    def _turn(self) -> None:
        dice = self.chance.random()
        if dice < 0.7:
            self._act_on_many()
        elif dice < 0.85:
            self._place()
        else:
            self._count()

    def _act_on_many(self) -> None:
        who, action = self.chance.choices(PEOPLE, weights=(6, 3, 2, 1, 1))[0]
        numbers = list(Order.objects.exclude(status="cancelled").values_list("number", flat=True)[:60])
        self.chance.shuffle(numbers)
        body = {
            "action": action,
            "note": "Stress",
            "orders": [{"number": number} for number in numbers[: self.chance.randint(8, 24)]],
        }
        key = str(uuid.uuid4())
        for _again in range(self.chance.choice((1, 1, 2))):
            self._send(who, "orders/actions/", body, key)

    def _place(self) -> None:
        skus = self.chance.sample([f"N-{number:03d}" for number in range(1, 9)], 4)
        lines = [{"sku": sku, "quantity": self.chance.randint(1, 20)} for sku in skus]
        self._send(self.chance.choice(("bai", "bo")), "orders/", {"lines": lines})

    def _count(self) -> None:
        skus = self.chance.sample([f"N-{number:03d}" for number in range(1, 9)], 6)
        rows = [
            {"warehouse": self.chance.choice(("chengdu", "second")), "sku": sku, "on_hand": 4000}
            for sku in skus
        ]
        self._send("ada", "stock/levels/", {"rows": rows})

    def _send(self, who: str, path: str, body: Any, key: str = "") -> None:
        headers = {"idempotency-key": key or str(uuid.uuid4())}
        answer = self.clients[who].post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )
        self.answers[path, answer.status_code] += 1
        if answer.status_code >= 500:
            self.bad.append(answer.content.decode()[:500])
        for result in answer.json().get("results", ()) if answer.status_code == 200 else ():
            outcome = "done" if result.get("done") else result.get("problem", {}).get("code")
            self.answers[path, outcome] += 1


@pytest.mark.slow
def test_bulk_actions_by_sixteen_at_once(channel: Channel, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"write": "1000000/min", "read": "1000000/min"}
    second = ordering.make_warehouse("second", seller=channel.maker, priority=50)
    for product in channel.products(8, stock=2000):
        ordering.stock(product, 2000, second)
        ordering.stock_terms(product, backorder=True)
    for _each in range(30):
        channel.order(("N-001", 5), ("N-003", 5), ("N-005", 5))
    until = time.monotonic() + SECONDS
    callers = [Caller(channel, seed, until) for seed in range(CALLERS)]
    with ThreadPoolExecutor(CALLERS) as pool:
        done = list(pool.map(Caller.run, callers))
    answers = sum((caller.answers for caller in done), Counter[Any]())
    print(dict(answers))
    assert [bad for caller in done for bad in caller.bad] == []
    assert answers["orders/actions/", "busy"] == 0
    assert answers["orders/actions/", "done"] > 0
    _refuse_wrong_books()


def _refuse_wrong_books() -> None:
    """Nothing is promised twice or to nobody, and every order's story is one chain in which each change stands once."""
    for level in StockLevel.objects.all():
        promised = level.allocations.aggregate(total=Sum("quantity"))["total"] or Decimal(0)
        assert level.allocated == promised
    for line in OrderLine.objects.all():
        promised = line.allocations.aggregate(total=Sum("quantity"))["total"] or Decimal(0)
        assert line.allocated == promised
        assert line.allocated + line.backordered in (0, line.quantity)
    assert not OrderLine.objects.filter(order__status="cancelled", allocated__gt=0).exists()
    for order in Order.objects.prefetch_related("transitions"):
        story = sorted(order.transitions.all(), key=lambda each: each.pk)
        assert [each.action for each in story].count("submit") == 1
        assert [each.from_step for each in story[1:]] == [each.to_step for each in story[:-1]]
        assert order.step == story[-1].to_step
        assert order.revision == len(story)
