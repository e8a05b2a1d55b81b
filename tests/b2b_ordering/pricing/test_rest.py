"""The API of prices: the buyer, the colleague without a role, the stranger, the seller's staff, the back office."""

import json
import uuid
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.pricing.models import LastPrice, PriceList
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.models import Assortment
from qudao_catalog.testing import grant, make_line, make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office, make_company, make_person

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def channel() -> SimpleNamespace:
    """A maker with sales staff, a gold dealer with a buyer, a stranger that sells itself, lamps and cables."""
    maker = make_company("Maker", code="MAKER")
    dealer = make_company("Dealer", parent=maker, tier="gold", code="DEALER")
    other = make_company("Other maker", code="OTHER")
    grant("everyone")
    lamp, cable = make_product("LAMP", line="lamps"), make_product("CABLE", external_key="ERP-7")
    base = make_price_list("base", seller=maker, audience="everyone", prices={lamp: {1: 10, 100: 8}})
    return SimpleNamespace(
        maker=maker,
        dealer=dealer,
        other=other,
        lamp=lamp,
        cable=cable,
        base=base,
        buyer=make_person(dealer, roles=["buyer"], name="Bai Buyer"),
        sales=make_person(maker, roles=["sales"], name="Sun Sales"),
        keeper=make_person(maker, roles=["warehouse"], name="Wei Warehouse"),
        stranger=make_person(other, roles=["sales"], name="Stu Stranger"),
    )


def call(person: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    client = Client()
    client.force_login(person)
    if method == "post":
        headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
    data = None if body is None else json.dumps(body)
    return client.generic(
        method.upper(), f"{API}{path}", data or "", content_type="application/json", headers=headers
    )


def test_the_buyer_asks_for_many_prices_and_each_entry_is_answered(channel):
    body = {
        "products": [
            {"sku": "LAMP", "quantity": "100"},
            {"sku": "lamp"},
            {"sku": "NOPE"},
            {"sku": "CABLE", "quantity": "3"},
        ]
    }
    answer = call(channel.buyer, "post", "/prices/", body).json()
    first, second, third, fourth = answer["results"]
    assert answer["currency"] == "CNY"
    assert (first["unit_price"], first["net"], first["from_quantity"]) == ("8.0000", "800.00", "100.000")
    assert first["price_list"] == {"code": "base", "name": "Base"}
    assert [each["min_quantity"] for each in first["breaks"]] == ["1.000", "100.000"]
    assert (second["unit_price"], second["quantity"]) == ("10.0000", "1.000")
    assert (third["line"], third["problem"]["code"]) == (3, "product_not_found")
    assert (fourth["unit_price"], fourth["note"]) == (None, "on_request")


def test_the_last_price_paid_stands_beside_it(channel):
    LastPrice.objects.create(
        company=channel.dealer,
        seller=channel.maker,
        product=channel.lamp,
        currency="CNY",
        unit_price="9.5",
        quantity=3,
        ordered_on="2026-05-01",
        order_number="SO-1",
    )
    (found,) = call(channel.buyer, "post", "/prices/", {"products": [{"sku": "LAMP"}]}).json()["results"]
    assert found["last_paid"]["unit_price"] == "9.5000"
    (found,) = call(channel.stranger, "post", "/prices/", {"products": [{"sku": "LAMP"}]}).json()["results"]
    assert found["last_paid"] is None


def test_another_sellers_prices_are_not_seen(channel):
    (found,) = call(channel.stranger, "post", "/prices/", {"products": [{"sku": "LAMP"}]}).json()["results"]
    assert (found["unit_price"], found["note"]) == (None, "on_request")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"products": []},
        {"products": [{"sku": "LAMP", "quantity": "-1"}]},
        {"products": [{"sku": "LAMP", "quantity": "many"}]},
        {"products": [{"sku": "LAMP"}] * 2001},
        {"products": [{"sku": "LAMP"}], "on": "tomorrow"},
        {"products": "LAMP"},
    ],
)
def test_nonsense_is_answered_with_the_field(channel, body):
    answer = call(channel.buyer, "post", "/prices/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(("products", "on"))


@pytest.mark.parametrize("count", [1, 3, 2000])
def test_statements_do_not_depend_on_the_number_of_products(channel, count):
    client = Client()
    client.force_login(channel.buyer)
    body = json.dumps({"products": [{"sku": "LAMP"}, *({"sku": f"NO-{n}"} for n in range(count - 1))]})
    client.post(f"{API}/prices/", body, content_type="application/json")
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(f"{API}/prices/", body, content_type="application/json")
    assert len(answer.json()["results"]) == count
    assert len(seen) == 7


def test_explain_tells_the_buyer_of_own_lists_only(channel):
    make_price_list("secret", seller=channel.maker, audience="tier:silver", prices={channel.lamp: 1})
    make_price_list("next", seller=channel.maker, audience="tier:gold", valid_from="2090-01-01")
    make_price_list("gold", seller=channel.maker, audience="tier:gold", base=channel.base, percent=-5)
    found = call(channel.buyer, "post", "/prices/explain/", {"sku": "LAMP", "quantity": "2"}).json()
    assert found["unit_price"] == "9.5000"
    said = [(each["price_list"]["code"], each["outcome"]) for each in found["considered"]]
    assert said == [("gold", "decides"), ("base", "later")]
    assert "-5" not in json.dumps(found)


def test_the_sellers_staff_explains_a_customers_price(channel):
    make_price_list("secret", seller=channel.maker, audience="tier:silver", prices={channel.lamp: 1})
    body = {"sku": "LAMP", "company": "DEALER"}
    found = call(channel.sales, "post", "/prices/explain/", body).json()
    said = [(each["price_list"]["code"], each["outcome"]) for each in found["considered"]]
    assert said == [("base", "decides"), ("secret", "not_assigned")]
    assert call(channel.buyer, "post", "/prices/explain/", body).json()["code"] == "forbidden"
    assert call(channel.keeper, "post", "/prices/explain/", body).json()["code"] == "forbidden"
    assert call(channel.stranger, "post", "/prices/explain/", body).status_code == 404


def test_a_product_nobody_granted_is_not_found_by_the_sellers_staff_either(channel):
    Assortment.objects.all().delete()
    body = {"sku": "LAMP", "company": "DEALER"}
    assert call(channel.sales, "post", "/prices/explain/", body).json()["code"] == "product_not_found"
    office = make_back_office(
        permissions=["qudao_b2b_ordering.view_pricelist", "qudao_partner_portal.view_company"]
    )
    assert call(office, "post", "/prices/explain/", body).json()["unit_price"] == "10.0000"


def test_who_sees_and_changes_price_lists(channel):
    assert [each["code"] for each in call(channel.sales, "get", "/price-lists/").json()["results"]] == [
        "base"
    ]
    assert call(channel.sales, "get", "/price-lists/base/").json()["assignments"] == [
        {"audience_key": "everyone", "priority": 0}
    ]
    for person in (channel.buyer, channel.keeper, channel.stranger):
        assert call(person, "get", "/price-lists/").json()["results"] == []
        assert call(person, "get", "/price-lists/base/").json()["code"] == "not_found"
        answer = call(person, "post", "/price-lists/base/prices/", {"rows": [], "replace": True})
        assert answer.json()["code"] == "not_found"
    assert channel.base.rows.count() == 2


def test_the_back_office_sees_with_one_permission_and_changes_with_another(channel):
    reader = make_back_office(permissions=["qudao_b2b_ordering.view_pricelist"])
    assert call(reader, "get", "/price-lists/base/").json()["code"] == "base"
    answer = call(reader, "patch", "/price-lists/base/", {"name": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    both = ["qudao_b2b_ordering.view_pricelist", "qudao_b2b_ordering.change_pricelist"]
    editor = make_back_office("Ed Editor", permissions=both)
    assert call(editor, "patch", "/price-lists/base/", {"name": "Ours"}).json()["name"] == "Ours"


def test_a_list_is_made_changed_assigned_copied_and_deleted(channel):
    body = {"code": "gold", "name": "Gold", "base": "base", "percent": "-5", "rounding_step": "0.01"}
    made = call(channel.sales, "post", "/price-lists/", body)
    assert (made.status_code, made["Location"]) == (201, f"{API}/price-lists/gold/")
    assert (made.json()["kind"], made.json()["seller"]) == ("derived", "MAKER")
    lines = {"lines": [{"line": "lamps", "percent": "-10"}], "percent": "-6"}
    assert call(channel.sales, "put", "/price-lists/gold/percents/", lines).json()["percent"] == "-6.0000"
    meant = {"assignments": [{"audience_key": "tier:gold", "priority": 3}]}
    assert call(channel.sales, "put", "/price-lists/gold/assignments/", meant).status_code == 200
    (found,) = call(channel.buyer, "post", "/prices/", {"products": [{"sku": "LAMP"}]}).json()["results"]
    assert (found["price_list"]["code"], found["unit_price"]) == ("gold", "9.0000")
    copied = call(channel.sales, "post", "/price-lists/gold/copy/", {"code": "gold-2", "name": "Gold 2"})
    assert (copied.json()["lines"], copied.json()["assignments"]) == (
        [{"line": "lamps", "percent": "-10.0000"}],
        [],
    )
    refused = call(channel.sales, "delete", "/price-lists/base/")
    assert (refused.status_code, refused.json()["code"]) == (409, "list_has_derived")
    assert call(channel.sales, "delete", "/price-lists/gold-2/").status_code == 204
    actions = [each.action for each in core.history(PriceList.objects.get(code="gold"))]
    assert actions == [
        "qudao.price_list.assigned",
        "qudao.price_list.percents",
        "qudao.price_list.changed",
        "qudao.price_list.created",
    ]


def test_two_people_do_not_overwrite_each_other(channel):
    etag = call(channel.sales, "get", "/price-lists/base/")["ETag"]
    assert call(channel.sales, "get", "/price-lists/base/", **{"If-None-Match": etag}).status_code == 304
    first = call(channel.sales, "patch", "/price-lists/base/", {"name": "One"}, **{"If-Match": etag})
    assert first.json()["name"] == "One"
    second = call(channel.sales, "patch", "/price-lists/base/", {"name": "Two"}, **{"If-Match": etag})
    assert (second.status_code, second.json()["code"]) == (412, "changed_meanwhile")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "base"}, "code_taken"),
        ({"base": "nope"}, "base_required"),
        ({"base": "theirs"}, "base_required"),
        ({"base": "base", "percent": "-101"}, "percent_invalid"),
        ({"base": "base", "currency": "USD"}, "base_other_currency"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "dates_invalid"),
        ({"seller": "OTHER"}, "company_not_found"),
        ({"seller": "DEALER"}, "forbidden"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_a_code(channel, change, code):
    make_price_list("theirs", seller=channel.other)
    answer = call(channel.sales, "post", "/price-lists/", {"code": "new", "name": "New"} | change)
    assert answer.json()["code"] == code
    assert not PriceList.objects.filter(code="new").exists()


def test_a_list_cannot_derive_from_itself(channel):
    gold = make_price_list("gold", seller=channel.maker, base=channel.base)
    make_price_list("platinum", seller=channel.maker, base=gold)
    answer = call(channel.sales, "patch", "/price-lists/gold/", {"base": "platinum"})
    assert answer.json()["code"] == "price_list_cycle"


def test_rows_are_set_with_an_answer_each_and_a_repeat_acts_once(channel):
    body = {
        "rows": [
            {"sku": "LAMP", "unit_price": "9.9"},
            {"sku": "LAMP", "min_quantity": 100, "unit_price": 8.0},
            {"external_key": "ERP-7", "unit_price": 1.25, "valid_from": "2026-01-01"},
            {"product_id": 10**9, "unit_price": "1"},
        ],
        "partial": True,
        "reference": "nightly",
    }
    key = {"Idempotency-Key": "night-1"}
    first = call(channel.sales, "post", "/price-lists/base/prices/", body, **key)
    assert first.json() == {
        "created": 1,
        "changed": 1,
        "unchanged": 1,
        "removed": 0,
        "refused": 1,
        "results": [
            {"line": 1, "outcome": "changed"},
            {"line": 2, "outcome": "unchanged"},
            {"line": 3, "outcome": "created"},
            {
                "line": 4,
                "outcome": "refused",
                "problem": {"code": "unknown_product", "message": "Unknown product “1000000000”."},
            },
        ],
    }
    again = call(channel.sales, "post", "/price-lists/base/prices/", body, **key)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    rows = call(channel.sales, "get", "/price-lists/base/prices/").json()["results"]
    assert [(row["sku"], row["min_quantity"], row["unit_price"]) for row in rows] == [
        ("CABLE", "1.000", "1.2500"),
        ("LAMP", "1.000", "9.9000"),
        ("LAMP", "100.000", "8.0000"),
    ]
    removed = call(channel.sales, "post", "/price-lists/base/prices/remove/", {"ids": [rows[0]["id"]]})
    assert removed.json() == {"removed": 1}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"unit_price": "1"}, "rows.1.product"),
        ({"sku": "LAMP"}, "rows.1.unit_price"),
        ({"sku": "LAMP", "unit_price": "free"}, "rows.1.unit_price"),
        ({"sku": "LAMP", "unit_price": True}, "rows.1.unit_price"),
        ({"sku": "LAMP", "unit_price": "9" * 500}, "rows.1.unit_price"),
        ({"sku": "LAMP", "unit_price": "1", "valid_from": "soon"}, "rows.1.valid_from"),
        ({"sku": "LAMP", "unit_price": "1", "price": "1"}, "rows.1.price"),
        ("LAMP", "rows.1"),
    ],
)
def test_a_row_of_the_wrong_shape_is_named(channel, row, field):
    body = {"rows": [{"sku": "LAMP", "unit_price": "1"}, row]}
    answer = call(channel.sales, "post", "/price-lists/base/prices/", body)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["field"], error["line"]) == (field, 2)
    assert channel.base.rows.filter(unit_price=1).count() == 0


def test_a_refused_row_stops_all_and_leaves_nothing(channel):
    body = {"rows": [{"sku": "LAMP", "unit_price": "1"}, {"sku": "NOPE", "unit_price": "1"}]}
    answer = call(channel.sales, "post", "/price-lists/base/prices/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "rows_invalid")
    assert answer.json()["errors"][0]["line"] == 2
    assert channel.base.rows.get(min_quantity=1).unit_price == Decimal(10)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_statements_for_one_row_and_three(channel, count):
    for number in range(count - 1):
        made = make_price_list(f"more-{number}", seller=channel.maker, audience="everyone", base=channel.base)
        made.line_percents.create(line=make_line(f"line-{number}"), percent=1)
    client = Client()
    client.force_login(channel.sales)
    client.get(f"{API}/price-lists/")
    with CaptureQueriesContext(connection) as seen:
        assert len(client.get(f"{API}/price-lists/").json()["results"]) == count
    lists = len(seen)
    with CaptureQueriesContext(connection) as seen:
        client.get(f"{API}/price-lists/base/prices/?limit={count}")
    assert (lists, len(seen)) == (6 if count == 1 else 7, 5)
