"""What an ERP sees with ``updated_since``, errors of rows, and tags: through the API, as the ERP calls it."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal as D
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.utils import timezone
from qudao_b2b_ordering.models import Order, PriceList, PriceRow, StockLevel
from qudao_b2b_ordering.pricing import services as pricing
from qudao_b2b_ordering.stock import services as stock
from qudao_catalog import api as catalog
from qudao_catalog.models import ProductProfile
from qudao_core.events.dispatch import dispatch
from qudao_core.headless.changes import CLOCKS_APART, horizon

from tests.b2b_ordering.channel import Channel, make_channel

LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.fixture
def channel(db: None) -> Channel:
    made = make_channel()
    made.product("A", "10.00", stock=100)
    made.product("B", "20.00", stock=5)
    return made


def aged(*models: Any) -> datetime:
    """Everything was last changed long ago; the time to ask from."""
    for model in models:
        model.objects.update(updated_at=LONG_AGO)
    return LONG_AGO + timedelta(days=1)


def changed(channel: Channel, who: str, path: str, since: datetime, key: str) -> list[Any]:
    joint = "&" if "?" in path else "?"
    address = f"{path}{joint}updated_since={quote(since.isoformat())}"
    return [row[key] for row in channel.calls(who).ok("get", address)["results"]]


def test_an_order_changes_with_its_shipment_receipt_key_and_stock(channel: Channel) -> None:
    order = channel.order(("A", "10"))
    late = channel.order(("A", "1"))
    since = aged(Order)
    assert changed(channel, "sam", "orders/", since, "number") == []
    sam, wan = channel.calls("sam"), channel.calls("wan")
    steps = [
        lambda: sam.ok("patch", f"orders/{order.number}/", {"external_key": "ERP-1"}),
        lambda: sam.ok("post", f"orders/{order.number}/actions/note/", {"note": "Hello"}),
    ]
    for step in steps:
        aged(Order)
        step()
        assert changed(channel, "sam", "orders/", since, "number") == [order.number]
    Order.objects.filter(pk=late.pk).update(updated_at=LONG_AGO)
    assert wan.ok("get", f"orders/{order.number}/")["updated_at"] is not None


def test_goods_that_come_in_change_the_orders_that_wait(channel: Channel) -> None:
    product = catalog.facts_for_staff(ProductProfile.objects.filter(sku="B").values_list("pk", flat=True))
    (product_id,) = product
    stock.set_terms(actor=None, product_id=product_id, backorder=True)
    order = channel.order(("B", "20"))
    since = aged(Order, StockLevel)
    rows = [stock.StockInput("B", "chengdu", D(200))]
    stock.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    dispatch()
    assert changed(channel, "sam", "orders/", since, "number") == [order.number]
    assert changed(channel, "wan", "stock/levels/", since, "sku") == ["B"]


def test_what_is_promised_changes_the_level(channel: Channel) -> None:
    since = aged(StockLevel)
    channel.order(("A", "10"))
    assert changed(channel, "wan", "stock/levels/", since, "sku") == ["A"]


def test_prices_and_their_removal_change_the_list(channel: Channel) -> None:
    since = aged(PriceList, PriceRow)
    listed = PriceList.objects.get(code="everyone")
    assert changed(channel, "ada", "price-lists/", since, "code") == []
    pricing.set_prices(actor=None, price_list=listed, rows=[pricing.PriceInput("A", D(1), D(11))])
    assert changed(channel, "ada", "price-lists/", since, "code") == ["everyone"]
    assert changed(channel, "ada", "price-lists/everyone/prices/", since, "sku") == ["A"]
    assert channel.calls("ada").ok("get", "price-lists/everyone/")["rows_removed_at"] is None
    row = PriceRow.objects.get(product__profile__sku="B")
    pricing.remove_prices(actor=None, price_list=listed, row_ids=[row.pk])
    assert channel.calls("ada").ok("get", "price-lists/everyone/")["rows_removed_at"] is not None
    aged(PriceList)
    pricing.set_assignments(actor=None, price_list=listed, assignments=[("members", 0)])
    assert changed(channel, "ada", "price-lists/", since, "code") == ["everyone"]


def test_a_products_words_and_relations_change_it(channel: Channel) -> None:
    first, second = (profile.product for profile in ProductProfile.objects.order_by("sku"))
    since = aged(ProductProfile)
    assert changed(channel, "bai", "products/", since, "sku") == []
    catalog.set_translation(actor=None, product=first, language="zh-hans", title="灯")
    assert changed(channel, "bai", "products/", since, "sku") == ["A"]
    aged(ProductProfile)
    catalog.relate_products(actor=None, product=second, related=[first])
    assert changed(channel, "bai", "products/", since, "sku") == ["B"]
    catalog.update_product(actor=None, sku="A", title="Lamp")
    assert changed(channel, "bai", "products/?limit=1", since, "sku") == ["B"]


def test_changes_are_walked_in_their_order(channel: Channel) -> None:
    for number in range(5):
        channel.product(f"C-{number}")
    same = timezone.now() - timedelta(hours=1)
    ProductProfile.objects.update(updated_at=same)
    since, seen = quote((same - timedelta(seconds=1)).isoformat()), []
    following: str | None = f"products/?limit=2&updated_since={since}"
    while following:
        page = channel.calls("bai").ok("get", following.rpartition("/api/v1/")[2] or following)
        seen += [row["id"] for row in page["results"]]
        following = page["next"]
    assert seen == sorted(ProductProfile.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("path", ["products/", "orders/", "stock/levels/", "price-lists/", "companies/"])
def test_a_time_that_cannot_be_read_is_refused(channel: Channel, path: str) -> None:
    for time in ("yesterday", "2026-11-30T09:00:00", "2026-11-30", "2026-11-30T09:00:00 08:00"):
        status, problem = channel.calls("ada").refused("get", f"{path}?updated_since={quote(time)}")
        assert (status, problem["code"], problem["errors"][0]["field"]) == (400, "invalid", "updated_since")
    assert channel.calls("ada").ok("get", f"{path}?updated_since=2026-11-30T09:00:00Z")


@pytest.mark.django_db(transaction=True)
def test_nothing_younger_than_a_write_in_progress_is_listed() -> None:
    if connection.vendor != "postgresql":
        assert horizon(Order) is None
        return
    made = make_channel()
    begun, done = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                PriceList.objects.filter(pk=made.price_list.pk).update(updated_at=timezone.now())
                begun.set()
                done.wait(60)
        finally:
            connection.close()

    assert horizon(Order) is None
    thread = threading.Thread(target=write)
    started = timezone.now()
    thread.start()
    try:
        assert begun.wait(60)
        limit = horizon(Order)
        assert limit is not None
        assert limit < timezone.now() - CLOCKS_APART
        assert limit > started - CLOCKS_APART - timedelta(seconds=60)
        made.product("LATE")
        assert changed(made, "bai", "products/", LONG_AGO, "sku") == []
    finally:
        done.set()
        thread.join()
    assert changed(made, "bai", "products/", LONG_AGO, "sku") == ["LATE"]


# --- Errors of rows ------------------------------------------------------------------------------------------------


def test_rules_name_the_place_in_the_body(channel: Channel) -> None:
    lines = [
        {"product": "A", "quantity": "1"},
        {"sku": "NONE", "quantity": "1"},
        {"product": "ext:x", "quantity": "1"},
    ]
    status, problem = channel.calls("bai").refused("post", "orders/", {"lines": lines})
    assert (status, problem["code"]) == (422, "lines_refused")
    assert [(each["field"], each["line"]) for each in problem["errors"]] == [
        ("lines.1.sku", 2),
        ("lines.2.product", 3),
    ]


def test_a_line_of_an_order_is_found_by_its_number(channel: Channel) -> None:
    order = channel.order(("A", "10"), ("B", "2"))
    lines = [{"number": 2, "quantity": "1"}, {"number": 1, "quantity": "99"}]
    status, problem = channel.calls("wan").refused(
        "post", f"orders/{order.number}/shipments/", {"lines": lines}
    )
    assert status in (409, 422)
    for each in problem.get("errors", ()):
        if each.get("line") == 1:
            assert each["field"].startswith("lines.1.")


def test_rows_of_the_wrong_shape_do_not_hide_what_rules_say(channel: Channel) -> None:
    rows = [
        {"product": "A", "warehouse": "chengdu", "on_hand": "many"},
        {"product": "NONE", "warehouse": "chengdu", "on_hand": "1"},
        {"product": "A", "warehouse": "chengdu", "on_hand": "1"},
        {"sku": "A", "warehouse": "nowhere", "on_hand": "1"},
    ]
    status, problem = channel.calls("wan").refused("post", "stock/levels/", {"rows": rows})
    assert (status, problem["code"]) == (400, "invalid")
    assert [(each["line"], each["field"]) for each in problem["errors"]] == [
        (1, "rows.0.on_hand"),
        (2, "rows.1.product"),
        (4, "rows.3.warehouse"),
    ]
    assert StockLevel.objects.get(product__profile__sku="A").on_hand == 100


def test_price_rows_of_the_wrong_shape_neither(channel: Channel) -> None:
    rows = [{"product": "A", "unit_price": "x"}, {"product": "NONE", "unit_price": "1"}]
    status, problem = channel.calls("ada").refused("post", "price-lists/everyone/prices/", {"rows": rows})
    assert (status, problem["code"]) == (400, "invalid")
    assert [(each["line"], each["field"]) for each in problem["errors"]] == [
        (1, "rows.0.unit_price"),
        (2, "rows.1.product"),
    ]


# --- Tags ----------------------------------------------------------------------------------------------------------


def test_a_cart_is_read_again_only_when_it_looks_different(channel: Channel) -> None:
    channel.fill(("A", "1"))
    bai = channel.calls("bai")
    etag = bai("get", "carts/current/")["ETag"]
    assert bai("get", "carts/current/", if_none_match=etag).status_code == 304
    pricing.set_prices(actor=None, price_list=channel.price_list, rows=[pricing.PriceInput("A", D(1), D(12))])
    shown = bai("get", "carts/current/", if_none_match=etag)
    assert shown.status_code == 200
    assert shown["ETag"] != etag
    body = {"lines": [{"product": "A", "quantity": "1"}]}
    bai.ok("post", "carts/current/lines/", body, if_match=etag)
    status, problem = bai.refused("post", "carts/current/lines/", body, if_match=etag)
    assert (status, problem["code"]) == (412, "changed_meanwhile")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("patch", "", {"name": "New"}),
        ("put", "assignments/", {"assignments": []}),
        ("delete", "", None),
    ],
)
def test_a_price_list_is_written_only_as_it_was_seen(
    channel: Channel, method: str, rest: str, body: Any
) -> None:
    ada = channel.calls("ada")
    etag = ada("get", "price-lists/everyone/")["ETag"]
    assert ada("get", "price-lists/everyone/", if_none_match=etag).status_code == 304
    ada.ok("patch", "price-lists/everyone/", {"name": "Other"}, if_match=etag)
    status, problem = ada.refused(method, f"price-lists/everyone/{rest}", body, if_match=etag)
    assert (status, problem["code"]) == (412, "changed_meanwhile")
    assert PriceList.objects.get(code="everyone").name == "Other"


def test_an_order_in_another_language_is_another_document(channel: Channel) -> None:
    order = channel.order(("A", "1"))
    etag = channel.calls("bai")("get", f"orders/{order.number}/")["ETag"]
    chinese = channel.calls("bai", "zh-hans")("get", f"orders/{order.number}/", if_none_match=etag)
    assert chinese.status_code == 200
    status = channel.calls("bai", "zh-hans")(
        "post", f"orders/{order.number}/actions/cancel/", {"note": "x"}, if_match=etag
    )
    assert status.status_code == 200
