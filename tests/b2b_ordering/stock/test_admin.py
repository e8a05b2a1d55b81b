"""Stock in Wagtail's admin: adjusted with a reason, never silently; every screen opens, filters and refuses."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.stock.models import (
    Arrival,
    StockLevel,
    StockMovement,
    StockPolicy,
    StockTerms,
    Warehouse,
)
from qudao_b2b_ordering.testing import make_arrival, make_warehouse, stock, stock_policy, stock_terms
from qudao_catalog.testing import make_product
from qudao_partner_portal.testing import make_back_office, make_company

pytestmark = pytest.mark.django_db
MODELS = ("warehouse", "stocklevel", "stockmovement", "arrival", "stockpolicy", "stockterms")
ALL = [
    f"qudao_b2b_ordering.{action}_{model}"
    for model in MODELS
    for action in ("view", "add", "change", "delete")
]


@pytest.fixture
def office() -> SimpleNamespace:
    maker = make_company("Maker", code="MAKER")
    lamp = make_product("LAMP")
    east = make_warehouse("east", seller=maker)
    return SimpleNamespace(maker=maker, lamp=lamp, east=east, level=stock(lamp, 7, east))


def client_of(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", *permissions]))
    return client


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(f"/admin{path}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_screen_opens_with_the_permission_and_not_without(office):
    make_arrival(office.lamp, 5, date(2030, 1, 1), office.east, external_key="PO-1")
    stock_policy(office.maker, "everyone", "banded")
    stock_terms(office.lamp, backorder=True)
    may, may_not = client_of(*ALL), client_of()
    for path, word in (
        ("/stock-levels/", "LAMP"),
        ("/arrivals/", "LAMP"),
        ("/warehouse/", "East"),
        ("/stockpolicy/", "Everyone"),
        ("/stockterms/", "LAMP"),
        ("/stockmovement/", "movement"),
    ):
        assert word in page(may, path)
        assert may_not.get(f"/admin{path}").status_code == 302


def test_a_level_is_adjusted_with_a_reason(office):
    client = client_of(*ALL)
    address = f"/admin/stock-levels/edit/{office.level.pk}/"
    client.post(address, {"change": "-2", "kind": "count", "reference": "broken"})
    office.level.refresh_from_db()
    assert office.level.on_hand == 5
    movement = StockMovement.objects.get()
    assert (movement.quantity, movement.reference, movement.by is not None) == (-2, "broken", True)
    refused = client.post(address, {"change": "-6", "kind": "count"})
    assert "change" in refused.context["form"].errors
    assert client.post(address, {"change": "0", "kind": "count"}).context["form"].errors
    assert "broken" in page(client, f"/stock-levels/edit/{office.level.pk}/")
    assert StockMovement.objects.count() == 1


def test_the_history_of_a_level_is_its_journal(office):
    client = client_of(*ALL)
    address = f"/admin/stock-levels/edit/{office.level.pk}/"
    client.post(address, {"change": "-2", "kind": "count", "reference": "broken"})
    client.post(address, {"change": "5", "kind": "receipt", "reference": "found"})
    text = page(client, f"/stock-levels/history/{office.level.pk}/")
    assert text.index("found") < text.index("broken")
    assert "Stock count" in text and "Goods received" in text
    assert "broken" in page(client, f"/stock-levels/history-results/{office.level.pk}/")


def test_a_count_below_the_promises_is_shown_and_can_be_found(office):
    stock(office.lamp, 4, office.east, allocated=9)
    client = client_of(*ALL)
    assert "over-allocated by 5" in page(client, "/stock-levels/", state="over")
    assert "More is allocated than was counted" in page(client, f"/stock-levels/edit/{office.level.pk}/")
    assert "LAMP" not in page(client, "/stock-levels/", state="free")


def test_a_first_count_makes_the_level(office):
    make_product("CABLE")
    client = client_of(*ALL)
    data = {"warehouse": office.east.pk, "sku": "CABLE", "on_hand": "12"}
    client.post("/admin/stock-levels/new/", data)
    assert StockLevel.objects.get(product__profile__sku="CABLE").on_hand == 12
    refused = client.post("/admin/stock-levels/new/", data | {"sku": "NOPE"})
    assert "sku" in refused.context["form"].errors


def test_levels_are_not_deleted_and_movements_not_changed(office):
    client = client_of(*ALL)
    client.post(f"/admin/stock-levels/delete/{office.level.pk}/")
    assert StockLevel.objects.filter(pk=office.level.pk).exists()
    assert client.get("/admin/stockmovement/new/").status_code == 302


def test_goods_are_announced_and_received_once(office):
    client = client_of(*ALL)
    data = {
        "warehouse": office.east.pk,
        "sku": "LAMP",
        "quantity": "40",
        "expected_on": "2030-01-05",
        "external_key": "PO-1",
    }
    client.post("/admin/arrivals/new/", data)
    arrival = Arrival.objects.get()
    client.post(f"/admin/arrivals/edit/{arrival.pk}/", data | {"quantity": "30"})
    assert "LAMP" in page(client, f"/arrivals/receive/{arrival.pk}/")
    for _time in range(2):
        client.post(f"/admin/arrivals/receive/{arrival.pk}/", {"quantity": "28"})
    office.level.refresh_from_db()
    assert office.level.on_hand == 35


def test_warehouses_visibility_and_terms_are_set_by_the_services(office):
    client = client_of(*ALL)
    client.post(
        "/admin/warehouse/new/",
        {"name": "West", "code": "west", "seller": office.maker.pk, "priority": "5", "is_active": "on"},
    )
    assert Warehouse.objects.get(code="west").priority == 5
    policy = {"seller": office.maker.pk, "audience_key": "members", "mode": "exact", "low_threshold": "3"}
    client.post("/admin/stockpolicy/new/", policy | {"priority": "0"})
    made = StockPolicy.objects.get(audience_key="members")
    assert made.low_threshold == 3
    refused = client.post("/admin/stockpolicy/new/", policy | {"priority": "0", "audience_key": "tier:none"})
    assert "audience_key" in refused.context["form"].errors
    client.post(f"/admin/stockpolicy/delete/{made.pk}/")
    assert not StockPolicy.objects.exists()
    client.post("/admin/stockterms/new/", {"sku": "LAMP", "backorder": "on", "backorder_limit": "9"})
    assert StockTerms.objects.get().backorder_limit == Decimal(9)


@pytest.mark.parametrize("count", [1, 3])
def test_levels_cost_the_same_for_one_row_and_three(office, count):
    for _number in range(count - 1):
        stock(make_product(), 1, office.east)
    client = client_of(*ALL)
    page(client, "/stock-levels/")
    with CaptureQueriesContext(connection) as seen:
        page(client, "/stock-levels/")
    assert len(seen) == 12


def test_a_warehouse_that_held_something_is_not_deleted(office):
    client, empty = client_of(*ALL), make_warehouse("empty", seller=office.maker)
    answer = client.post(f"/admin/warehouse/delete/{office.east.pk}/", follow=True)
    assert "has stock, arrivals or shipments" in answer.content.decode()
    assert Warehouse.objects.filter(pk=office.east.pk).exists()
    client.post(f"/admin/warehouse/delete/{empty.pk}/")
    assert list(Warehouse.objects.values_list("code", flat=True)) == ["east"]


def test_titles_say_names_and_no_numbers_of_rows(office):
    arrival = make_arrival(office.lamp, 5, date(2030, 1, 1), office.east, external_key="PO-1")
    policy = stock_policy(office.maker, "everyone", "banded")
    terms = stock_terms(office.lamp, backorder=True)
    assert str(office.level) == "LAMP · East"
    assert str(arrival) == "LAMP · East · 2030-01-01"
    assert str(StockPolicy.objects.get(pk=policy.pk)) == "Everyone, including guests: In stock, low, out"
    assert str(terms) == "LAMP"
