"""Prices and past orders coming in, beside a raw COPY of the rows that result."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from oscar.core.loading import get_model
from qudao_b2b_ordering.models import Order, OrderLine, PriceList, PriceRow
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.rules import PastLine, PastOrder
from qudao_b2b_ordering.pricing import services as pricing
from qudao_b2b_ordering.pricing.services import PriceInput
from qudao_core import api as core
from qudao_core.headless.services import create_token
from qudao_core.imports import services as importing
from qudao_partner_portal.models import Company, Membership, MembershipRole

from tests.benchmarks.dataset import Dataset
from tests.benchmarks.measure import Figure, seconds, stopwatch

API_ROWS, FILE_ROWS, HISTORY_LINES = 10_000, 100_000, 42_481


def figures(data: Dataset) -> Iterator[Figure]:
    seller = Company.objects.get(pk=data.seller_id)
    staff = _staff(seller)
    skus = _skus(data)
    yield _through_the_api(data, staff)
    yield from _from_a_file(data, seller, staff, skus)
    yield _one_price(data, staff)
    yield from _history(data, seller, staff, skus)


def _staff(seller: Company) -> Any:
    person = get_user_model().objects.create_superuser(email="sales@bench.example", password=None)
    membership = Membership.objects.create(user=person, company=seller)
    MembershipRole.objects.create(membership=membership, role="admin")
    return person


def _skus(data: Dataset) -> list[str]:
    rows = get_model("catalogue", "Product").objects.filter(pk__in=data.product_ids).order_by("pk")
    return list(rows.values_list("upc", flat=True))


def _through_the_api(data: Dataset, staff: Any) -> Figure:
    _record, token = create_token(viewer=core.viewer_for(staff), name="erp")
    client = Client(headers={"Authorization": f"Bearer {token}"})
    skus = _skus(data)[:API_ROWS]
    batches = [skus[start : start + 5000] for start in range(0, len(skus), 5000)]

    def send() -> None:
        for number, batch in enumerate(batches):
            rows = [
                {"sku": sku, "min_quantity": "1", "unit_price": f"{101 + time.time() % 1:.4f}"}
                for sku in batch
            ]
            answer = client.post(
                "/api/v1/price-lists/base/prices/",
                json.dumps({"rows": rows}),
                content_type="application/json",
                headers={"Idempotency-Key": f"bench-{number}-{time.time_ns()}"},
            )
            if answer.status_code not in (200, 201, 207):
                raise RuntimeError(f"{answer.status_code}: {answer.content[:500]!r}")

    took = seconds(send, times=3)
    return Figure("set 10,000 prices through the API", took, "s", 1.4)


def _from_a_file(data: Dataset, seller: Company, staff: Any, skus: Sequence[str]) -> Iterator[Figure]:
    target = PriceList.objects.create(code="file", name="From a file", seller=seller)
    minimums = ("1", "6", "12", "24", "48", "96", "144", "288", "576", "1152")
    table = [(sku, minimum, "88.1234") for minimum in minimums for sku in skus][:FILE_ROWS]
    text = io.StringIO()
    csv.writer(text).writerows([("sku", "min_quantity", "unit_price"), *table])
    viewer = core.viewer_for(staff)
    file = io.BytesIO(text.getvalue().encode())
    with stopwatch() as whole:
        job = importing.upload(
            viewer=viewer,
            kind="prices",
            file=file,
            name="prices.csv",
            options={"price_list": "file"},
            wait=True,
        )
    with stopwatch() as applying:
        job = importing.apply(viewer=viewer, job=job, wait=True)
    found = PriceRow.objects.filter(price_list=target).count()
    if found != len(table):
        raise RuntimeError(f"{found} of {len(table)} rows arrived: {job.state} {job.message}")
    raw = copy_rows(PriceRow, price_list=target)
    took = applying[0]
    note = f"{took:.2f} s, {len(table) / took:,.0f} rows/s; check before it {whole[0]:.2f} s; raw {raw:.2f} s"
    yield Figure(
        f"import {len(table):,} price rows ÷ raw COPY", took / raw, "×", 4 if _copies() else None, note=note
    )
    inputs = [PriceInput(pk, Decimal(1), Decimal("77.7")) for pk in data.product_ids]
    took = seconds(lambda: pricing.set_prices(actor=staff, price_list=target, rows=inputs))
    yield Figure("set 10,000 prices by the service", took, "s", note=f"{len(inputs) / took:,.0f} rows/s")


def _one_price(data: Dataset, staff: Any) -> Figure:
    """How many rows of the table are written when one of 10,000 prices sent has changed."""
    target = PriceList.objects.get(code="file")
    inputs = [PriceInput(pk, Decimal(1), Decimal("77.7")) for pk in data.product_ids]
    inputs[0] = PriceInput(data.product_ids[0], Decimal(1), Decimal("77.8"))
    done = pricing.set_prices(actor=staff, price_list=target, rows=inputs)
    return Figure("one changed price of 10,000 sent: rows touched", done.created + done.changed, "rows", 1)


def _history(data: Dataset, seller: Company, staff: Any, skus: Sequence[str]) -> Iterator[Figure]:
    companies = list(Company.objects.filter(depth=3).values_list("code", flat=True))
    past = list(_past_orders(companies, skus))
    lines = sum(len(order.lines) for order in past)
    with stopwatch() as took:
        done = orders.import_orders(actor=staff, seller=seller, rows=past)
    if done.lines != lines:
        raise RuntimeError(f"{done.lines} of {lines} lines arrived: {done.problems[:3]}")
    imported = Order.objects.filter(source="import").values("pk")
    raw = copy_rows(OrderLine, order_id__in=imported) + copy_rows(Order, id__in=imported)
    note = f"{took[0]:.2f} s, {lines / took[0]:,.0f} lines/s in {len(past):,} orders; raw {raw:.2f} s"
    yield Figure(
        f"{lines:,} past order lines ÷ raw COPY", took[0] / raw, "×", 10 if _copies() else None, note=note
    )


def _past_orders(companies: Sequence[str], skus: Sequence[str]) -> Iterator[PastOrder]:
    """As many lines as the December file has, in orders of 1 to 50 lines."""
    left, number = HISTORY_LINES, 0
    start = datetime(2025, 12, 1, 9, tzinfo=UTC)
    while left:
        size = min(left, 1 + number * 7 % 50)
        lines = tuple(
            PastLine(skus[(number * 13 + each * 17) % len(skus)], Decimal(1 + each), Decimal("2.55"))
            for each in range(size)
        )
        yield PastOrder(
            external_key=f"OLD-{number}",
            company=companies[number % len(companies)],
            ordered_at=start + timedelta(minutes=number * 11),
            lines=lines,
        )
        left -= size
        number += 1


# --- The floor ---


def _copies() -> bool:
    return connection.vendor == "postgresql"


def copy_rows(model: Any, **where: Any) -> float:
    """Seconds to write the same rows into an equal empty table with the same keys, indexes and references.

    PostgreSQL by COPY; SQLite has none and gets one prepared INSERT for all rows.
    """
    rows = list(model.objects.filter(**where).order_by().values_list(*_columns(model)))
    table = model._meta.db_table
    return _copy_postgresql(table, model, rows) if _copies() else _insert_sqlite(table, model, rows)


def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _quoted(model: Any) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)


def _copy_postgresql(table: str, model: Any, rows: list[Any]) -> float:
    plain = [
        tuple(json.dumps(cell) if isinstance(cell, dict | list) else cell for cell in _stored(model, row))
        for row in rows
    ]
    references = [
        (field.column, f"{field.related_model._meta.db_table} ({field.related_model._meta.pk.column})")
        for field in model._meta.concrete_fields
        if field.is_relation
    ]
    return copy_into_floor(table, _quoted(model), plain, references)


def copy_into_floor(
    table: str, columns: str, rows: list[Any], references: Sequence[tuple[str, str]] = ()
) -> float:
    """Seconds of one COPY into an empty twin of the table, with its indexes and these references."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS floor; CREATE TABLE floor (LIKE {table} INCLUDING ALL)")
        for column, target in references:
            cursor.execute(
                f"ALTER TABLE floor ADD FOREIGN KEY ({column}) REFERENCES {target} "
                "DEFERRABLE INITIALLY DEFERRED"
            )
        with stopwatch() as took, cursor.copy(f"COPY floor ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("DROP TABLE floor")
    return took[0]


def _stored(model: Any, row: tuple[Any, ...]) -> Iterator[Any]:
    """The cells as the table holds them: Oscar's empty codes are NULL."""
    for field, cell in zip(model._meta.concrete_fields, row, strict=True):
        yield field.get_prep_value(cell) if cell == "" else cell


def _insert_sqlite(table: str, model: Any, rows: list[Any]) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        create = cursor.fetchone()[0].replace(f'"{table}"', '"floor"', 1)
        cursor.execute("DROP TABLE IF EXISTS floor")
        cursor.execute(create)
        places = ", ".join(["%s"] * len(_columns(model)))
        prepared = [tuple(_plain(cell) for cell in row) for row in rows]
        with stopwatch() as took:
            cursor.executemany(f"INSERT INTO floor ({_quoted(model)}) VALUES ({places})", prepared)
        cursor.execute("DROP TABLE floor")
    return took[0]


def _plain(cell: Any) -> Any:
    if isinstance(cell, dict | list):
        return json.dumps(cell)
    return cell if cell is None or isinstance(cell, int | str | float) else str(cell)
