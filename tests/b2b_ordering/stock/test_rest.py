"""The API of stock: what a buyer may see, what the keeper writes, what others are refused."""

import json
import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.stock.models import StockLevel, StockMovement
from qudao_b2b_ordering.stock.services import StockInput, set_stock
from qudao_b2b_ordering.testing import make_arrival, make_warehouse, stock, stock_policy
from qudao_catalog.testing import grant, make_product
from qudao_partner_portal.testing import make_back_office, make_company, make_person

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def channel() -> SimpleNamespace:
    maker = make_company("Maker", code="MAKER")
    dealer = make_company("Dealer", parent=maker, tier="gold", code="DEALER")
    other = make_company("Other maker", code="OTHER")
    grant("everyone")
    lamp, cable = make_product("LAMP"), make_product("CABLE", external_key="ERP-7")
    east = make_warehouse("east", seller=maker)
    stock(lamp, 7, east)
    stock_policy(maker, "everyone", "banded", low_threshold=10)
    return SimpleNamespace(
        maker=maker,
        dealer=dealer,
        lamp=lamp,
        cable=cable,
        east=east,
        buyer=make_person(dealer, roles=["buyer"]),
        keeper=make_person(maker, roles=["warehouse"]),
        sales=make_person(maker, roles=["sales"]),
        stranger=make_person(other, roles=["warehouse"]),
    )


def call(person: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    client = Client()
    client.force_login(person)
    if method == "post":
        headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
    data = "" if body is None else json.dumps(body)
    return client.generic(
        method.upper(), f"{API}{path}", data, content_type="application/json", headers=headers
    )


def test_the_buyer_sees_as_much_as_the_policy_says(channel):
    make_arrival(channel.lamp, 40, date(2030, 1, 5), channel.east)
    body = {"products": ["LAMP", "ERP-7", "NOPE"]}
    lamp, cable, unknown = call(channel.buyer, "post", "/stock/", body).json()["results"]
    assert (lamp["mode"], lamp["band"], lamp["quantity"]) == ("banded", "low", None)
    assert lamp["arrivals"] == [{"expected_on": "2030-01-05", "quantity": None}]
    assert cable["band"] == "out"
    assert unknown["problem"]["code"] == "product_not_found"
    stock_policy(channel.maker, "tier:gold", "exact")
    (lamp,) = call(channel.buyer, "post", "/stock/", {"products": ["LAMP"]}).json()["results"]
    assert (lamp["quantity"], lamp["arrivals"][0]["quantity"]) == ("7.000", "40.000")
    stock_policy(channel.maker, f"company:{channel.dealer.pk}", "hidden")
    (lamp,) = call(channel.buyer, "post", "/stock/", {"products": ["LAMP"]}).json()["results"]
    assert (lamp["mode"], lamp["quantity"], lamp["band"], lamp["arrivals"]) == ("hidden", None, None, [])


def test_only_the_keeper_sees_levels_and_never_a_negative_figure(channel):
    stock(channel.lamp, 4, channel.east, allocated=9)
    (row,) = call(channel.keeper, "get", "/stock/levels/?state=over").json()["results"]
    assert (row["on_hand"], row["allocated"], row["saleable"], row["over"]) == (
        "4.000",
        "9.000",
        "0.000",
        True,
    )
    for person in (channel.buyer, channel.sales, channel.stranger):
        assert call(person, "get", "/stock/levels/").json()["results"] == []
    reader = make_back_office(permissions=["qudao_b2b_ordering.view_stocklevel"])
    assert len(call(reader, "get", "/stock/levels/").json()["results"]) == 1


def test_counts_are_set_in_bulk_with_a_movement_each(channel):
    rows = [
        {"sku": "LAMP", "warehouse": "east", "on_hand": "12"},
        {"sku": "ext:ERP-7", "warehouse": "east", "on_hand": 5},
    ]
    done = call(channel.keeper, "post", "/stock/levels/", {"rows": rows, "reference": "count 7"}).json()
    assert (done["created"], done["changed"], done["unchanged"], done["refused"]) == (1, 1, 0, [])
    again = call(channel.keeper, "post", "/stock/levels/", {"rows": rows}).json()
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    journal = StockMovement.objects.order_by("level__product_id").values_list(
        "quantity", "reference", "by_id"
    )
    assert list(journal) == [
        (Decimal(5), "count 7", channel.keeper.pk),
        (Decimal(5), "count 7", channel.keeper.pk),
    ]


def test_a_bad_row_is_named_and_nothing_is_written(channel):
    rows = [
        {"sku": "LAMP", "warehouse": "east", "on_hand": "1"},
        {"sku": "NOPE", "warehouse": "east", "on_hand": "1"},
        {"sku": "LAMP", "warehouse": "moon", "on_hand": "1"},
    ]
    answer = call(channel.keeper, "post", "/stock/levels/", {"rows": rows})
    assert answer.json()["code"] == "rows_invalid"
    assert [(each["line"], each["code"]) for each in answer.json()["errors"]] == [
        (2, "unknown_product"),
        (3, "unknown_warehouse"),
    ]
    assert StockLevel.objects.get().on_hand == 7
    negative = [{"sku": "LAMP", "warehouse": "east", "on_hand": "-1"}]
    assert call(channel.keeper, "post", "/stock/levels/", {"rows": negative}).json()["code"] == "invalid"


@pytest.mark.parametrize("who", ["buyer", "sales"])
def test_others_write_no_stock(channel, who):
    rows = [{"sku": "LAMP", "warehouse": "east", "on_hand": "99"}]
    answer = call(getattr(channel, who), "post", "/stock/levels/", {"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert call(getattr(channel, who), "put", "/warehouses/east/", {"name": "Mine"}).status_code == 403
    assert call(getattr(channel, who), "put", "/stock/terms/LAMP/", {}).status_code == 403


def test_another_sellers_warehouse_does_not_exist(channel):
    rows = [{"sku": "LAMP", "warehouse": "east", "on_hand": "99"}]
    answer = call(channel.stranger, "post", "/stock/levels/", {"rows": rows})
    assert answer.json()["errors"][0]["code"] == "unknown_warehouse"
    assert call(channel.stranger, "get", "/warehouses/east/").json()["code"] == "not_found"
    taken = call(channel.stranger, "put", "/warehouses/east/", {"name": "Mine"})
    assert (taken.status_code, taken.json()["code"]) == (409, "code_taken")


def test_arrivals_are_announced_replaced_withdrawn_and_received_once(channel):
    row = {"sku": "LAMP", "warehouse": "east", "quantity": "40", "expected_on": "2030-01-05"}
    rows = [row | {"external_key": "PO-1"}, row | {"external_key": "PO-2", "sku": "CABLE"}]
    assert call(channel.keeper, "post", "/arrivals/", {"rows": rows}).json()["created"] == 2
    later = [
        row | {"external_key": "PO-1", "quantity": "30"},
        row | {"external_key": "PO-2", "quantity": "0"},
    ]
    assert call(channel.keeper, "post", "/arrivals/", {"rows": later}).json()["changed"] == 1
    (only,) = call(channel.keeper, "get", "/arrivals/").json()["results"]
    assert (only["external_key"], only["quantity"]) == ("PO-1", "30.000")
    for _time in range(2):
        received = call(channel.keeper, "post", "/arrivals/ext:PO-1/receive/", {})
        assert received.json()["received_at"]
    assert StockLevel.objects.get().on_hand == 37
    assert call(channel.stranger, "post", "/arrivals/ext:PO-1/receive/", {}).status_code == 404


def test_another_sellers_delivery_number_changes_nothing_of_it(channel):
    row = {"sku": "LAMP", "quantity": "40", "expected_on": "2030-01-05", "external_key": "PO-1"}
    call(channel.keeper, "post", "/arrivals/", {"rows": [row | {"warehouse": "east"}]})
    call(channel.stranger, "put", "/warehouses/moon/", {"name": "Moon"})
    theirs = [row | {"warehouse": "moon", "quantity": "1"}]
    answer = call(channel.stranger, "post", "/arrivals/", {"rows": theirs})
    assert [each["code"] for each in answer.json()["errors"]] == ["external_key_taken"]
    gone = call(
        channel.stranger, "post", "/arrivals/", {"rows": [row | {"warehouse": "moon", "quantity": "0"}]}
    )
    assert gone.json()["errors"][0]["code"] == "external_key_taken"
    (only,) = call(channel.keeper, "get", "/arrivals/").json()["results"]
    assert (only["warehouse"], only["quantity"]) == ("east", "40.000")


def test_visibility_is_set_and_taken_away(channel):
    put = call(channel.keeper, "put", "/stock/policies/tier:gold/", {"mode": "exact"})
    assert put.json()["audience_key"] == "tier:gold"
    (lamp,) = call(channel.buyer, "post", "/stock/", {"products": ["LAMP"]}).json()["results"]
    assert lamp["mode"] == "exact"
    assert call(channel.keeper, "delete", "/stock/policies/tier:gold/").status_code == 204
    (lamp,) = call(channel.buyer, "post", "/stock/", {"products": ["LAMP"]}).json()["results"]
    assert lamp["mode"] == "banded"
    unknown = call(channel.keeper, "put", "/stock/policies/tier:none/", {"mode": "exact"})
    assert unknown.json()["code"] == "unknown_audience"
    crossed = {"mode": "banded", "low_threshold": "10", "plenty_threshold": "5"}
    answer = call(channel.keeper, "put", "/stock/policies/members/", crossed)
    assert answer.json()["code"] == "bands_out_of_order"


def test_terms_say_what_may_wait(channel):
    put = call(channel.keeper, "put", "/stock/terms/LAMP/", {"backorder": True, "backorder_limit": "50"})
    assert put.json()["backorder_limit"] == "50.000"
    assert call(channel.keeper, "get", "/stock/terms/LAMP/").json()["backorder"] is True
    assert call(channel.keeper, "get", "/stock/terms/NOPE/").json()["code"] == "product_not_found"
    (lamp,) = call(channel.buyer, "post", "/stock/", {"products": ["LAMP"]}).json()["results"]
    assert lamp["backorder"] is True


@pytest.mark.parametrize("count", [1, 3])
def test_levels_cost_the_same_statements_for_one_row_and_three(channel, count):
    for _number in range(count - 1):
        stock(make_product(), 1, channel.east)
    client = Client()
    client.force_login(channel.keeper)
    client.get(f"{API}/stock/levels/")
    with CaptureQueriesContext(connection) as seen:
        assert len(client.get(f"{API}/stock/levels/").json()["results"]) == count
    assert len(seen) == 4


def test_a_count_may_be_nothing_and_as_large_as_the_column(channel):
    make_product("WIRE", unit="kg")
    for quantity in ("0", "99999999999.999"):
        rows = [StockInput("WIRE", "east", Decimal(quantity))]
        assert not set_stock(actor=None, seller_id=channel.maker.pk, rows=rows).problems
