"""The versions of facts are read once where a request only reads, and once more behind the locks where it writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_core import api as core
from qudao_core.cache_versions.queries import _READ, versions_scope
from qudao_core.cache_versions.services import bump
from qudao_core.models import FactVersion

from tests.b2b_ordering.channel import make_channel
from tests.site.world import World, make_world

READS = [
    "/",
    "/catalogue/",
    "/catalogue/?in_stock=on&min_price=1",
    "/products/SKU-1/",
    "/search/?q=SKU",
    "/cart/",
    "/checkout/",
    "/orders/",
    "/prices/SKU-1/",
    "/api/v1/products/?q=SKU",
    "/api/v1/products/SKU-1/",
    "/api/v1/price-lists/",
    "/api/v1/search/?q=SKU",
    "/api/v1/orders/",
]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.parametrize("path", READS)
def test_a_request_that_only_reads_asks_once(world: World, path: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        world.clients["bai"].get(path)
    assert _reads(asked) == 1


@pytest.mark.django_db
def test_an_order_asks_before_and_behind_its_locks_and_for_the_answer() -> None:
    channel = make_channel()
    channel.products(3)
    channel.fill(("N-001", 2), ("N-002", 2))
    client = Client()
    client.force_login(channel.users["bai"])
    body = {"address": channel.address_id}
    with CaptureQueriesContext(connection) as asked:
        response = client.post("/api/v1/orders/", body, "application/json", headers={"Idempotency-Key": "a"})
    assert response.status_code == 201, response.content
    assert _reads(asked) == 3


def test_what_changes_inside_is_seen_inside(db: None) -> None:
    with versions_scope():
        before = core.Versions.read()
        assert core.Versions.read() is before
        FactVersion.objects.filter(name="companies").update(number=1)
        assert core.Versions.read() is before
        bump("companies")
        assert core.Versions.read() != before
    assert core.Versions.read() is not core.Versions.read()


def _reads(asked: Any) -> int:
    return sum(query["sql"] == _READ for query in asked)
