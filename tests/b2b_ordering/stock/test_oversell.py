"""Sixteen processes buy the last fifty units at the same moment."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from qudao_b2b_ordering.orders.models import Allocation, Order, OrderLine
from qudao_b2b_ordering.stock import services
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_b2b_ordering.stock.rules import Wanted
from qudao_b2b_ordering.testing import make_warehouse, stock, stock_terms
from qudao_catalog.testing import make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_company

from tests.processes import PATIENCE

PROCESSES, ATTEMPTS, UNITS = 16, 6, 50
fork = multiprocessing.get_context("fork")


def buy(seller_id: int, product_ids: list[int], buyer: int, attempt: int) -> str:
    """One order of one unit of each product, as submitting does it: everything in one transaction."""
    try:
        with transaction.atomic():
            order = Order.objects.create(
                number=f"O-{buyer}-{attempt}",
                seller_id=seller_id,
                company_id=seller_id,
                currency="CNY",
                net=0,
                tax=0,
                gross=0,
                submitted_at=timezone.now(),
            )
            wanted = []
            # Half of the buyers name the products the other way round: locks must not depend on it.
            for position, product_id in enumerate(product_ids if buyer % 2 else product_ids[::-1], start=1):
                line = OrderLine.objects.create(
                    order=order,
                    position=position,
                    product_id=product_id,
                    sku="S",
                    name="N",
                    quantity=1,
                    unit_price=1,
                    net=1,
                )
                wanted.append(Wanted(line.pk, product_id, Decimal(1)))
            services.allocate(seller_id=seller_id, wanted=wanted)
        return "sold"
    except core.Refusal as refusal:
        return refusal.code


def run(start: Any, answers: Any, seller_id: int, product_ids: list[int], buyer: int) -> None:
    """The life of one process: open its own connection, wait for the others, buy."""
    try:
        connection.ensure_connection()
        start.wait(60)
        found = [buy(seller_id, product_ids, buyer, attempt) for attempt in range(ATTEMPTS)]
    except BaseException:  # noqa: BLE001 - a process that dies must say why
        found = [traceback.format_exc()]
    answers.put(found)
    answers.close()
    answers.join_thread()
    os._exit(0)


def race(seller_id: int, product_ids: list[int]) -> Counter[str]:
    connection.close()
    start, answers = fork.Barrier(PROCESSES), fork.Queue()
    processes = [
        fork.Process(target=run, args=(start, answers, seller_id, product_ids, number))
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    found: Counter[str] = Counter()
    for _process in processes:
        found.update(answers.get(timeout=PATIENCE))
    for process in processes:
        process.join(30)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_last_fifty_units_are_sold_exactly_once() -> None:
    maker = make_company("Maker")
    east, west = make_warehouse("east", seller=maker), make_warehouse("west", seller=maker)
    scarce, plenty = make_product("SCARCE"), make_product("PLENTY")
    stock(scarce, UNITS - 20, east)
    stock(scarce, 20, west)
    stock(plenty, 1000, east)
    found = race(maker.pk, [scarce.pk, plenty.pk])
    assert found == {"sold": UNITS, "not_enough_stock": PROCESSES * ATTEMPTS - UNITS}
    levels = StockLevel.objects.filter(product=scarce).order_by("pk")
    assert [(level.on_hand, level.allocated) for level in levels] == [(30, 30), (20, 20)]
    assert StockLevel.objects.get(product=plenty).allocated == UNITS
    assert Allocation.objects.filter(level__product=scarce).count() == UNITS
    assert Order.objects.count() == UNITS


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_backorder_limit_holds_for_all_orders_together() -> None:
    maker = make_company("Maker")
    make_warehouse("east", seller=maker)
    awaited = make_product("AWAITED")
    stock_terms(awaited, backorder=True, backorder_limit=UNITS)
    found = race(maker.pk, [awaited.pk])
    assert found == {"sold": UNITS, "not_enough_stock": PROCESSES * ATTEMPTS - UNITS}
    assert sum(OrderLine.objects.values_list("backordered", flat=True)) == UNITS
