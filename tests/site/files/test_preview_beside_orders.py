"""On PostgreSQL, nobody who reserves stock or writes an order waits for the preview of a file of the same goods."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.orders.services.numbers import next_numbers
from qudao_b2b_ordering.pricing.models import LastPrice
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_b2b_ordering.stock.services import lock_products
from qudao_b2b_ordering.testing import make_price_list, make_warehouse
from qudao_catalog import api as catalog
from qudao_core.imports import services
from qudao_partner_portal.companies.models import Company
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of

ROWS = 5_000
DAY = f"{timezone.localdate():%Y-%m-%d}"
FILES = {
    "prices": "sku,price\n" + "".join(f"LH-{n},{n + 1}.5\n" for n in range(ROWS)),
    "stock": "sku,warehouse,on hand\n" + "".join(f"LH-{n},cd,{n + 500}\n" for n in range(ROWS)),
    "arrivals": "sku,warehouse,quantity,expected on,external key\n"
    + "".join(f"LH-{n},cd,5,2027-01-01,A-{n}\n" for n in range(ROWS)),
    "products": "sku,name\n" + "".join(f"LH-{n},New name {n}\n" for n in range(ROWS)),
    "orders": "order number,company,ordered,sku,quantity,unit price\n"
    + "".join(f"SO-{n // 5},D-1,{DAY},LH-{n},1,10\n" for n in range(ROWS)),
    "companies": "code,name,phone\nD-1,New name,\n" + "".join(f"N-{n},Firm {n},\n" for n in range(1_000)),
    "addresses": "company,recipient,region,street\n"
    + "".join(f"D-1,Person {n},Chengdu,Street {n}\n" for n in range(1_000)),
}
OPTIONS = {"prices": {"price_list": "base"}, "orders": {"seller": "M-1", "currency": "CNY"}}


class Sales:
    """Orders goods again and again until told to stop, each in a transaction that is rolled back."""

    def __init__(self) -> None:
        self.longest = self.count = 0.0
        self.over = threading.Event()
        self.products = list(StockLevel.objects.order_by("pk").values_list("product_id", flat=True))
        self.company = Company.objects.get(code="D-1").pk
        self.seller = Company.objects.get(code="M-1").pk
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.over.is_set():
                started = time.perf_counter()
                self._order(int(self.count))
                self.longest = max(self.longest, time.perf_counter() - started)
                self.count += 1
        except BaseException as error:  # noqa: BLE001 - the test reports it
            self.failed = error
        finally:
            close_old_connections()
            connection.close()

    def _order(self, number: int) -> None:
        ids = [self.products[(number * 37 + each * 911) % len(self.products)] for each in range(20)]
        with transaction.atomic():
            lock_products(ids)
            StockLevel.objects.filter(product_id__in=ids).update(allocated=Decimal(1))
            order = Order.objects.create(
                number=next_numbers("T", timezone.localdate(), 1)[0], seller_id=self.seller,
                company_id=self.company, currency="CNY", net=1, tax=0, gross=1, submitted_at=timezone.now(),
            )  # fmt: skip
            OrderLine.objects.bulk_create(
                OrderLine(
                    order=order, position=place, product_id=pk, sku="x", name="x", quantity=1, unit_price=1, net=1
                )
                for place, pk in enumerate(ids)
            )  # fmt: skip
            LastPrice.objects.filter(company_id=self.company, product_id__in=ids).update(quantity=1)
            transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_no_sale_waits_for_a_preview():
    maker = make_company("Maker", code="M-1", is_seller=True)
    make_company("Dealer", code="D-1", parent=maker)
    make_price_list("base", seller=maker)
    warehouse = make_warehouse("cd", seller=maker)
    rows = [{"sku": f"LH-{n}", "title": f"Lamp {n}"} for n in range(ROWS)]
    ids = [row.product_id for row in catalog.upsert_products(actor=None, rows=rows).rows]
    StockLevel.objects.bulk_create(StockLevel(warehouse=warehouse, product_id=pk, on_hand=9) for pk in ids)
    viewer = viewer_of(make_back_office("Ida Import", is_superuser=True))
    waited = {kind: _beside(viewer, kind) for kind in FILES}
    print(waited)  # noqa: T201 - the figures of the run
    assert max(longest for _seconds, longest in waited.values()) < 1.0, waited


def _beside(viewer: Any, kind: str) -> tuple[float, float]:
    """Seconds of the preview, and of the longest order beside it."""
    sales = Sales()
    thread = threading.Thread(target=sales.run)
    thread.start()
    started = time.perf_counter()
    try:
        job = services.upload(
            viewer=viewer,
            kind=kind,
            file=ContentFile(FILES[kind].encode()),
            name=f"{kind}.csv",
            options=OPTIONS.get(kind, {}),
            wait=True,
        )
    finally:
        seconds = time.perf_counter() - started
        sales.over.set()
        thread.join()
    assert (job.state, job.rejected_count) == ("checked", 0), (kind, job.message, job.preview)
    assert sales.failed is None, (kind, sales.failed)
    return round(seconds, 2), round(sales.longest, 3)
