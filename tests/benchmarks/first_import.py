"""The first products of an empty site come from a file, while the server gathers statistics every second.

Until the import commits, such statistics say that every table is empty: no plan may depend on them.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, connections
from oscar.core.loading import get_model
from qudao_catalog.models import ProductLine
from qudao_core import api as core
from qudao_core.imports import services as importing
from qudao_search.entries.models import Entry

from tests.benchmarks.imports import copy_into_floor, copy_rows
from tests.benchmarks.measure import Figure, stopwatch

HEADERS = (
    "sku",
    "title",
    "title_zh",
    "description",
    "barcode",
    "external_key",
    "line",
    "unit",
    "pack_unit",
    "pack_size",
    "min_quantity",
    "weight_kg",
    "origin",
    "categories",
    "product_type",
    "attr:power",
    "attr:colour",
)
TOKENS = "qudao_search_tokens"
#: Ratios to COPY that are judged, by the engine.
LIMIT = {"postgresql": 8.0}
#: What an import leaves besides its rows: told apart from the products it writes.
NOT_ROWS = {"qudao_partner_portal", "sessions", "admin", "auth", "contenttypes", "wagtailcore"}


def figures(counts: tuple[int, ...]) -> Iterator[Figure]:
    """Import so many products, one number after another, each into what the one before has left."""
    viewer = core.viewer_for(
        get_user_model().objects.create_superuser(email="first@bench.example", password=None)
    )
    _classes()
    begun = 0
    for count in counts:
        yield from _import(viewer, begun, count)
        begun += count


def _classes() -> None:
    ProductLine.objects.create(code="lighting", name="Lighting")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Lamp", slug="lamp", track_stock=False)
    attribute = get_model("catalogue", "ProductAttribute")
    attribute.objects.create(product_class=kind, code="power", name="Power", type="integer")
    attribute.objects.create(product_class=kind, code="colour", name="Colour", type="text")


def _import(viewer: core.Viewer, begun: int, count: int) -> Iterator[Figure]:
    before = {model: _last(model) for model in _tables()}
    with _statistics_every_second(), stopwatch() as checking:
        job = importing.upload(
            viewer=viewer,
            kind="products",
            file=io.BytesIO(_file(begun, count).encode()),
            name="products.csv",
            options={"new_categories": "create"},
            wait=True,
        )
    with _statistics_every_second(), stopwatch() as took:
        job = importing.apply(viewer=viewer, job=job, wait=True)
    if job.created_count != count:
        raise RuntimeError(f"{job.created_count} of {count} products arrived: {job.state} {job.message}")
    rows = sum(copy_rows(model, pk__gt=last) for model, last in before.items() if _last(model) > last)
    floor = rows + _copy_tokens(before[Entry])
    name = f"import {count:,} products into {begun:,} ÷ COPY"
    note = (
        f"{took[0]:.2f} s, {count / took[0]:,.0f}/s; check before it {checking[0]:.2f} s; COPY {floor:.2f} s"
    )
    yield Figure(name, took[0] / floor, "×", LIMIT.get(connection.vendor), note=note)


def _file(begun: int, count: int) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    for number in range(begun, begun + count):
        group = f"Lighting > Group {number % 40}"
        writer.writerow(
            (
                f"P-{number:06d}",
                f"Lamp {number} with a name of some length",
                f"{number} 号灯具，名称有一定长度",
                "A lamp that is described in one sentence of the usual length for such a file.",
                f"69{number:011d}",
                f"ERP-{number}",
                *("lighting", "pcs", "ctn", 24, 1, "0.350", "CN"),
                *(group, "Lamp", 3 + number % 40, ("white", "black", "grey")[number % 3]),
            )
        )
    return text.getvalue()


def _tables() -> list[Any]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in NOT_ROWS and model._meta.managed and not model._meta.proxy
    ]


def _last(model: Any) -> int:
    """The highest key of a table; 0 where it is empty or its keys are no numbers."""
    found = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return found if isinstance(found, int) else 0


def _copy_tokens(last_entry: int) -> float:
    """What the search writes of the products; PostgreSQL keeps it in a table that is no model's."""
    if connection.vendor != "postgresql":
        return 0
    columns = "entry_id, part, group_id, dated_at, boost, tokens"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns.replace('tokens', 'tokens::text')} FROM {TOKENS} WHERE entry_id > %s",
            [last_entry],
        )
        rows = cursor.fetchall()
    return copy_into_floor(TOKENS, columns, rows)


@contextmanager
def _statistics_every_second() -> Iterator[None]:
    """ANALYZE of the whole database each second on a connection of its own, as a restless server would."""
    over = threading.Event()

    def analyze() -> None:
        while not over.wait(1):
            with connections["default"].cursor() as cursor:
                cursor.execute("ANALYZE")
        connections["default"].close()

    if connection.vendor != "postgresql":
        yield
        return
    worker = threading.Thread(target=analyze)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()
