"""Prepare a seller and bring the converted files in through the importers."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from qudao_b2b_ordering import api as ordering
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .convert import CURRENCY, LINE, PRICE_LIST, SELLER, WAREHOUSE

Say = Callable[[str], None]
#: Kind of import and the options it is given, in the order they lean on each other.
IMPORTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("companies", {}),
    ("addresses", {}),
    ("products", {"line": LINE, "unit": "pcs", "tax_class": "zero"}),
    ("prices", {"price_list": PRICE_LIST}),
    ("stock", {"warehouse": WAREHOUSE}),
    ("orders", {"seller": SELLER, "currency": CURRENCY}),
)


class Refused(Exception):
    """A file was not taken; the text says which row and why."""


def prepare(system: core.Viewer) -> Any:
    """The wholesaler with a line, a warehouse, a price list, a range and an order flow. Safe to repeat."""
    company = apps.get_model("qudao_partner_portal", "Company")
    seller = company.objects.filter(code=SELLER).first()
    if seller is not None:
        return seller
    seller = portal.admit_company(
        viewer=system, name="Online retail wholesaler", parent_id=None, code=SELLER, kind="distributor",
        is_seller=True, currency=CURRENCY, language="en",
    )  # fmt: skip
    line = apps.get_model("qudao_catalog", "ProductLine").objects.get_or_create(
        code=LINE, defaults={"name": "Gifts and homeware", "name_zh": "礼品家居"}
    )[0]
    audience = f"below:{seller.pk}"
    catalog.save_assortment(
        actor=system, code=LINE, name="Gifts and homeware", audience_keys=[audience], line_ids=[line.pk]
    )
    ordering.set_warehouse(actor=system, seller_id=seller.pk, code=WAREHOUSE, name="Main warehouse")
    made = ordering.create_list(
        actor=system, seller_id=seller.pk, code=PRICE_LIST, name="List prices", currency=CURRENCY
    )
    ordering.assign(actor=system, price_list=made, audience_key=audience)
    return seller


def bring_in(system: core.Viewer, folder: Path, say: Say) -> None:
    """Import every file, or say which row stands in the way. The caller's transaction takes back what came before it.

    :raises Refused: a row is rejected: the recipe leaves nothing out in silence.
    """
    for kind, options in IMPORTS:
        for path in _files(folder, kind):
            _bring_in(system, kind, path, options, say)


def _files(folder: Path, kind: str) -> list[Path]:
    """``orders.csv``, then ``orders-2.csv`` and so on."""
    more = folder.glob(f"{kind}-*.csv")
    return [folder / f"{kind}.csv", *sorted(more, key=lambda path: int(path.stem.rpartition("-")[2]))]


def _bring_in(system: core.Viewer, kind: str, path: Path, options: dict[str, str], say: Say) -> None:
    started = time.perf_counter()
    with path.open("rb") as file:
        job = core.import_now(viewer=system, kind=kind, file=file, name=path.name, options=options)
    seconds = time.perf_counter() - started
    if job.state != "done":
        problems = job.preview.get("problems") or [{"line": None, "message": job.message}]
        first = problems[0]
        raise Refused(f"{path.name}, line {first['line']}: {first['message']}")
    say(
        f"  {kind:<10} {job.total:>6,} rows in {seconds:5.1f} s, checked and applied: "
        f"{job.total / seconds:>7,.0f} rows/s ({job.created_count:,} new, {job.unchanged_count:,} as before)"
    )
