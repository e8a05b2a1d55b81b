"""Fill the database of a running site for ``deployed``: run as a process of that site, it prints what to ask for.

python -m tests.benchmarks.deployed_shop --products 10000 --lists 100
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs Django to be set up
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402
from qudao_b2b_ordering import models as ordering  # noqa: E402
from qudao_b2b_ordering.cart import services as carts  # noqa: E402
from qudao_b2b_ordering.cart.rules import LineInput  # noqa: E402
from qudao_catalog import models as catalog  # noqa: E402
from qudao_core import api as core  # noqa: E402 - needs Django to be set up
from qudao_core.headless.services import create_token  # noqa: E402
from qudao_partner_portal import models as partners  # noqa: E402

from tests.benchmarks import dataset  # noqa: E402

COLOURS, BATCH = 8, 5_000


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--products", type=int, required=True)
    parser.add_argument("--lists", type=int, required=True)
    options = parser.parse_args(arguments)
    _leave_unanalyzed()
    data = dataset.build(options.products, max(options.lists, 100), options.products * 5, analyzed=False)
    _contracts(data, options.lists)
    _facets(data.product_ids)
    _vary_prices(data)
    told = _buyer(data) | {
        "base_list": data.base_list_id,
        "product": data.product_ids[len(data.product_ids) // 2],
    }
    print(json.dumps(told))


def _leave_unanalyzed() -> None:
    """As just after an import: a server's own ANALYZE comes a minute later, or never while it is busy."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("SELECT pg_reload_conf()")


def _contracts(data: dataset.Dataset, count: int) -> None:
    """A list for each of so many companies, the buyer's among them: the base list at -5 %."""
    base = ordering.PriceList.objects.get(pk=data.base_list_id)
    others = partners.Company.objects.exclude(pk=data.company_id).filter(depth__gt=1).order_by("pk")
    companies = [data.company_id, *others.values_list("pk", flat=True)[: count - 1]]
    made = ordering.PriceList.objects.bulk_create(
        [
            ordering.PriceList(
                code=f"own-{pk}",
                name=f"Own {pk}",
                seller=base.seller,
                kind="derived",
                base=base,
                percent=Decimal(-5),
            )
            for pk in companies
        ],
        batch_size=BATCH,
    )
    ordering.PriceListAssignment.objects.bulk_create(
        [
            ordering.PriceListAssignment(price_list=each, audience_key=f"company:{pk}")
            for each, pk in zip(made, companies, strict=True)
        ],
        batch_size=BATCH,
    )
    core.bump("price_lists")


def _facets(ids: tuple[int, ...]) -> None:
    """Three filters: a colour, a power, and yes or no."""
    value_model = get_model("catalogue", "ProductAttributeValue")
    kind = get_model("catalogue", "ProductClass").objects.get(slug="goods")
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    options = [group.options.create(option=f"Colour {n}", code=f"colour-{n}") for n in range(COLOURS)]
    made = {
        code: kind.attributes.create(name=code.title(), code=code, type=type_, option_group=grouped)
        for code, type_, grouped in (
            ("colour", "option", group),
            ("power", "integer", None),
            ("dimmable", "boolean", None),
        )
    }
    for each in made.values():
        catalog.AttributeProfile.objects.create(attribute=each, is_facet=True)
    rows = []
    for number, pk in enumerate(ids):
        rows.append(
            value_model(product_id=pk, attribute=made["colour"], value_option=options[number % COLOURS])
        )
        rows.append(value_model(product_id=pk, attribute=made["power"], value_integer=number % 500))
        rows.append(value_model(product_id=pk, attribute=made["dimmable"], value_boolean=number % 3 == 0))
    value_model.objects.bulk_create(rows, batch_size=BATCH)


def _vary_prices(data: dataset.Dataset) -> None:
    """Prices from 50.00 to 150.00 instead of one for all."""
    table = ordering.PriceRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET unit_price = unit_price - 50 + product_id % 1000 / 10.0")


def _buyer(data: dataset.Dataset) -> dict[str, Any]:
    """A session and a token of the buyer, and full carts."""
    user = get_user_model().objects.get(pk=data.user_id)
    partners.Address.objects.create(
        company_id=data.company_id, recipient="Receiving", street="1 Harbour Road", phone="1", is_default=True
    )
    viewer = core.viewer_for(user)
    _record, token = create_token(viewer=viewer, name="benchmark")
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    cart_ids = {}
    for lines in (200, 2000):
        if lines > len(data.product_ids):
            continue
        cart = carts.start_cart(viewer=viewer, name=f"{lines} lines")
        wanted = [LineInput(pk, "24") for pk in data.product_ids[:lines]]
        carts.add_lines(viewer=viewer, lines=wanted)
        cart_ids[lines] = cart.pk
    empty = carts.start_cart(viewer=viewer, name="empty")
    return {
        "empty": empty.pk,
        "token": token,
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session.value}",
        "carts": cart_ids,
        "database": os.environ["DATABASE_URL"],
        "sku": f"P-{len(data.product_ids) // 2:05d}",
    }


if __name__ == "__main__":
    main(sys.argv[1:])
