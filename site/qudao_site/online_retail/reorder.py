"""Order real carts again through the API, each as its customer."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.test import Client
from qudao_core import api as core
from qudao_partner_portal import api as portal

Cart = dict[str, int]


@dataclass(frozen=True, slots=True)
class Reordered:
    """What ordering again came to; ``wrong`` names orders whose total is not list price × quantity."""

    orders: int
    lines: int
    net: Decimal
    seconds: float
    wrong: tuple[str, ...]


def carts_of(seller: Any, count: int) -> list[tuple[str, str, Cart]]:
    """(invoice, company code, product → quantity) of the first ``count`` imported orders with a real customer."""
    order = apps.get_model("qudao_b2b_ordering", "Order")
    line = apps.get_model("qudao_b2b_ordering", "OrderLine")
    chosen = list(
        order.objects.filter(seller=seller, source="import")
        .exclude(company__code="COUNTER")
        .order_by("submitted_at", "external_key")
        .values_list("pk", "external_key", "company__code")[:count]
    )
    carts: dict[int, Cart] = defaultdict(lambda: defaultdict(int))
    rows = line.objects.filter(order_id__in=[pk for pk, _key, _code in chosen]).values_list(
        "order_id", "sku", "quantity"
    )
    for pk, sku, quantity in rows:
        carts[pk][sku] += int(quantity)
    return [(key, code, dict(carts[pk])) for pk, key, code in chosen]


def reorder(system: core.Viewer, seller: Any, count: int) -> Reordered:
    """Put every cart together with one call and order it with a second one; check each total.

    Side effects: a person with the role Buyer for each customer; orders, like from any program.
    """
    carts = carts_of(seller, count)
    people = _people(system, sorted({code for _invoice, code, _cart in carts}))
    prices = _prices()
    started = time.perf_counter()
    net, wrong = Decimal(0), []
    for invoice, code, cart in carts:
        document = _order(people[code], invoice, cart)
        expected = sum((prices[sku] * quantity for sku, quantity in cart.items()), Decimal(0))
        net += expected
        if Decimal(document["totals"]["net"]) != expected:
            wrong.append(document["number"])
    lines = sum(len(cart) for _invoice, _code, cart in carts)
    return Reordered(len(carts), lines, net, time.perf_counter() - started, tuple(wrong))


def _order(user: Any, invoice: str, cart: Cart) -> dict[str, Any]:
    client = Client(headers={"Accept-Language": "en", "Host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user)
    lines = [{"sku": sku, "quantity": str(quantity)} for sku, quantity in sorted(cart.items())]
    _post(client, "/api/v1/carts/current/lines/", {"mode": "set", "lines": lines}, f"lines-{invoice}")
    return _post(client, "/api/v1/orders/", {"po_number": f"again {invoice}"}, f"order-{invoice}")


def _post(client: Client, address: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    answer = client.post(address, body, content_type="application/json", headers={"Idempotency-Key": key})
    if answer.status_code not in (200, 201):
        raise RuntimeError(f"{address} answered {answer.status_code}: {answer.content.decode()[:500]}")
    return dict(answer.json())


def _people(system: core.Viewer, codes: list[str]) -> dict[str, Any]:
    """A buyer for each company; made once."""
    company = apps.get_model("qudao_partner_portal", "Company")
    model = get_user_model()
    password = make_password(None)
    people = {}
    for each in company.objects.filter(code__in=codes):
        user, created = model.objects.get_or_create(
            email=f"buyer-{each.code.lower()}@example.com",
            defaults={"password": password, "first_name": "Buyer"},
        )
        if created:
            portal.add_member(viewer=system, company_id=each.pk, user_id=user.pk, roles=["buyer"])
        people[each.code] = user
    return people


def _prices() -> dict[str, Decimal]:
    row = apps.get_model("qudao_b2b_ordering", "PriceRow")
    rows = row.objects.filter(price_list__code="uci-list").values_list("product__profile__sku", "unit_price")
    return dict(rows)
