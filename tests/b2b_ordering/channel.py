"""A small channel with named people, for the tests of carts, orders and flows."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.orders import services as order_services
from qudao_b2b_ordering.orders.rules import SubmitRequest
from qudao_catalog import testing as catalog
from qudao_core import api as core
from qudao_partner_portal import testing as people


@dataclass
class Channel:
    """Maker (sells) → distributor (does not sell) → dealer; a stranger beside them. Everybody has a first name."""

    maker: Any
    distributor: Any
    dealer: Any
    stranger: Any
    users: dict[str, Any] = field(default_factory=dict)
    warehouse: Any = None
    price_list: Any = None

    def viewer(self, name: str, language: str = "en") -> core.Viewer:
        return people.viewer_of(self.users[name], language=language)

    def calls(self, name: str, language: str = "en") -> Caller:
        """The API as a person uses it."""
        return Caller(self.users[name], language)

    def product(self, sku: str, price: Any = "10.00", stock: Any = 1000, **fields: Any) -> Any:
        """A product with a price for everyone and stock in the maker's warehouse (``None``: without)."""
        made = catalog.make_product(sku, **fields)
        if price is not None:
            ordering.price(self.price_list, made, price)
        if stock is not None:
            ordering.stock(made, stock, self.warehouse)
        return made

    def products(self, count: int, **fields: Any) -> list[Any]:
        return [self.product(f"N-{number:03d}", **fields) for number in range(1, count + 1)]

    def fill(self, *lines: tuple[str, Any], name: str = "bai") -> Any:
        """Put lines into a person's current cart."""
        return cart_services.add_lines(
            viewer=self.viewer(name), lines=[LineInput(sku, quantity) for sku, quantity in lines]
        )

    def order(self, *lines: tuple[str, Any], name: str = "bai", **request: Any) -> Any:
        """A submitted order of a person."""
        cart_id = self.fill(*lines, name=name).cart_id
        return order_services.submit(
            viewer=self.viewer(name), cart_id=cart_id, request=self.request(**request)
        )

    def request(self, **changes: Any) -> SubmitRequest:
        return SubmitRequest(**({"address_id": self.address_id} | changes))

    @property
    def address_id(self) -> int:
        found = self.dealer.addresses.first() or people.make_address(self.dealer, is_default=True)
        return int(found.pk)


def make_channel() -> Channel:
    maker = people.make_company("Huaguang 华光", code="HG")
    distributor = people.make_company("West China Electric", parent=maker, kind="distributor", code="WCE")
    dealer = people.make_company("Chengdu Lamps", parent=distributor, code="D-1", payment_terms="Net 30")
    stranger = people.make_company("Kunming Lights", parent=maker, code="D-2")
    channel = Channel(maker, distributor, dealer, stranger)
    staff = {
        "bai": (dealer, ["buyer"], "Bai Buyer"),
        "ann": (dealer, ["approver"], "Ann Approver"),
        "cao": (dealer, ["learner"], "Cao Colleague"),
        "bo": (dealer, ["buyer"], "Bo Buyer"),
        "pat": (distributor, ["admin"], "Pat Parent"),
        "stu": (stranger, ["buyer"], "Stu Stranger"),
        "sam": (maker, ["sales"], "Sam Sales"),
        "fia": (maker, ["finance"], "Fia Finance"),
        "wan": (maker, ["warehouse"], "Wan Warehouse"),
        "ada": (maker, ["admin"], "Ada Admin"),
    }
    channel.users = {
        key: people.make_person(company, roles=roles, name=name)
        for key, (company, roles, name) in staff.items()
    }
    channel.warehouse = ordering.make_warehouse("chengdu", seller=maker)
    channel.price_list = ordering.make_price_list("everyone", seller=maker, audience="everyone")
    ordering.stock_policy(maker)
    catalog.grant("members")
    return channel


class Caller:
    """Calls the API as one person, by the session; every write with a key of its own."""

    def __init__(self, user: Any, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": language})
        self.client.force_login(user)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"idempotency-key": str(uuid.uuid4())} | names
        data = b"" if body is None else json.dumps(body, default=str)
        return self.client.generic(
            method.upper(), f"/api/v1/{path}", data, content_type="application/json", headers=sent
        )

    def ok(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = self(method, path, body, **headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        answer = self(method, path, body, **headers)
        assert answer["Content-Type"] == "application/problem+json", answer.content.decode()
        return answer.status_code, answer.json()
