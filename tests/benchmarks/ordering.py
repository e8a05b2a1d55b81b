"""Prices for 2,000 products; a cart of 200 lines ordered, beside stock Oscar's basket and order; 16 buyers at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from oscar.core.loading import get_class, get_model
from qudao_b2b_ordering.cart import services as carts
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.models import Order, StockLevel
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.pdf import content
from qudao_b2b_ordering.orders.pdf import queries as documents
from qudao_b2b_ordering.orders.rules import SubmitRequest
from qudao_b2b_ordering.pricing import queries as pricing
from qudao_core import api as core
from qudao_partner_portal.models import Address, Membership, MembershipRole

from tests.benchmarks.dataset import Dataset
from tests.benchmarks.measure import Figure, seconds, statements

ROOT = Path(__file__).resolve().parent.parent.parent
LINES, BUYERS, SCARCE, LONG_ORDER = 200, 16, 50, 376


def figures(data: Dataset) -> Iterator[Figure]:
    viewer = _viewer(data.user_id)
    yield from _prices(viewer, data)
    yield from _orders(viewer, data)
    yield from _document(viewer, data)
    yield _scarce(data)


def _viewer(user_id: int) -> core.Viewer:
    return core.viewer_for(get_user_model().objects.get(pk=user_id))


def _prices(viewer: core.Viewer, data: Dataset) -> Iterator[Figure]:
    wanted = [(pk, Decimal(12)) for pk in data.product_ids[:2000]]
    later = date.today() + timedelta(days=30)
    first = statements(lambda: pricing.prices(viewer, wanted, on=later))
    count = statements(lambda: pricing.prices(viewer, wanted, on=later))
    took = seconds(lambda: pricing.prices(viewer, wanted, on=later), times=5)
    note = f"{took * 1000:.0f} ms; {first} statements in a process that has not yet read the price lists"
    yield Figure("price of 2,000 products at a date: statements", count, "", 3, note=note)


def _orders(viewer: core.Viewer, data: Dataset) -> Iterator[Figure]:
    _address(viewer)
    ours = lambda: _order(viewer, data.product_ids[:LINES])  # noqa: E731 - measured twice
    ours()
    count = statements(ours)
    took = seconds(ours, times=5)
    stock = seconds(lambda: _oscar_order(data), times=3)
    yield Figure("cart of 200 lines and order: statements", count, "", 60)
    limit = 0.35 if _is_postgresql() else None
    yield Figure("cart of 200 lines and order: seconds", took, "s", limit)
    note = f"stock Oscar's basket and OrderCreator: {stock:.2f} s on the same products"
    yield Figure("cart of 200 lines and order: times faster than Oscar", stock / took, "×", 10, True, note)


def _document(viewer: core.Viewer, data: Dataset) -> Iterator[Figure]:
    """What the PDF of a long order costs the machine, wherever it is made."""
    if not core.pdf_available():
        return
    order = _order(viewer, data.product_ids[:LONG_ORDER])
    document = documents.order_document(viewer, order.number, "zh-hans")
    content.pdf(document)
    start = time.process_time()
    content.pdf(document)
    took = time.process_time() - start
    yield Figure(f"PDF of {order.line_count} lines: CPU seconds", took, "s", 4)


def _address(viewer: core.Viewer) -> None:
    Address.objects.create(
        company_id=viewer.company_id, recipient="Receiving", street="1 Harbour Road", is_default=True
    )


def _order(viewer: core.Viewer, product_ids: Any, quantity: str = "24") -> Order:
    carts.add_lines(viewer=viewer, lines=[LineInput(pk, quantity) for pk in product_ids])
    return orders.submit(viewer=viewer, cart_id=None, request=SubmitRequest())


def _oscar_order(data: Dataset) -> None:
    """What a stock Oscar does for the same 200 lines: add to the basket one by one, then place the order."""
    basket_model, product_model = get_model("basket", "Basket"), get_model("catalogue", "Product")
    strategy = get_class("partner.strategy", "Selector")().strategy()
    _oscar_stock(data)
    basket = basket_model.objects.create(owner_id=data.user_id)
    basket.strategy = strategy
    for product in product_model.objects.filter(pk__in=data.product_ids[:LINES]):
        basket.add_product(product, 24)
    creator = get_class("order.utils", "OrderCreator")()
    method = get_class("shipping.methods", "Free")()
    total = get_class("checkout.calculators", "OrderTotalCalculator")().calculate(
        basket, method.calculate(basket)
    )
    creator.place_order(
        basket=basket,
        total=total,
        shipping_method=method,
        shipping_charge=method.calculate(basket),
        user=get_user_model().objects.get(pk=data.user_id),
        order_number=uuid.uuid4().hex[:12],
    )
    basket.submit()


def _oscar_stock(data: Dataset) -> None:
    """Oscar's own stock records for the 200 products, once."""
    record_model, partner_model = get_model("partner", "StockRecord"), get_model("partner", "Partner")
    if record_model.objects.exists():
        return
    partner = partner_model.objects.create(name="Maker")
    record_model.objects.bulk_create(
        [
            record_model(
                partner=partner,
                product_id=pk,
                partner_sku=f"S-{pk}",
                price=Decimal("100.00"),
                price_currency="CNY",
                num_in_stock=1_000_000,
            )
            for pk in data.product_ids[:LINES]
        ]
    )


def _is_postgresql() -> bool:
    from django.db import connection  # noqa: PLC0415 - one use

    return connection.vendor == "postgresql"


# --- 16 processes, the last 50 units ---


def _scarce(data: Dataset) -> Figure:
    """Each process orders one unit again and again until there is nothing left; each has its own buyer."""
    product = data.product_ids[-1]
    StockLevel.objects.filter(product_id=product).update(on_hand=SCARCE, allocated=0)
    buyers = [_buyer(data, number) for number in range(BUYERS)]
    command = [sys.executable, "-m", "tests.benchmarks.buyer"]
    running = [
        subprocess.Popen(
            [*command, str(buyer), str(product)],
            cwd=ROOT,
            env=os.environ.copy(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for buyer in buyers
    ]
    said = [process.communicate()[0].split() for process in running]
    sold = sum(int(words[0]) for words in said)
    other = sorted({word for words in said for word in words[1:]} - {"not_enough_stock"})
    note = "every refusal says not_enough_stock" if not other else f"OTHER ERRORS: {other}"
    level = StockLevel.objects.get(product_id=product)
    if level.allocated != SCARCE or other:
        sold = -1
    return Figure("16 processes buying the last 50 units: off by", abs(sold - SCARCE), "units", 0, note=note)


def _buyer(data: Dataset, number: int) -> int:
    buyer = get_user_model().objects.create_user(email=f"scarce-{number}@bench.example", password=None)
    membership = Membership.objects.create(user=buyer, company_id=data.company_id)
    MembershipRole.objects.create(membership=membership, role="buyer")
    return buyer.pk


def buy(user_id: int, product_id: int) -> list[str]:
    """Order single units until refused; returns how many, then the code of the refusal."""
    viewer, sold = _viewer(user_id), 0
    while True:
        try:
            _order(viewer, [product_id], "1")
            sold += 1
        except core.Refusal as refusal:
            return [str(sold), refusal.code]
