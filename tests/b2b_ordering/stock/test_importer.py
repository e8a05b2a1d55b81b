"""Stock counts and arrivals as a warehouse sends them."""

from datetime import date
from decimal import Decimal

import pytest
from qudao_b2b_ordering.stock.models import Arrival, StockLevel, StockMovement
from qudao_b2b_ordering.testing import make_warehouse
from qudao_catalog.testing import make_product
from qudao_partner_portal.testing import make_company

from tests.imports import counts, csv, load, problems

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _warehouses():
    maker = make_company("Maker")
    make_warehouse("chengdu", seller=maker)
    make_warehouse("wuhan", seller=make_company("Distributor", parent=maker, is_seller=True))
    make_product("LH-1")
    make_product("LH-2", external_key="E2")


def levels():
    return {
        (level.warehouse.code, level.product.profile.sku): level.on_hand for level in StockLevel.objects.all()
    }


def test_counts_of_several_sellers_in_one_file():
    text = csv(("货号", "仓库", "库存"), ("LH-1", "chengdu", "240"), ("ext:E2", "wuhan", "1,5"))
    asked = load("stock", text.replace("1,5", '"1,500"'))
    assert problems(asked) == [(3, "库存", "ambiguous_number")], "1500 or 1.5: nothing in the file says which"
    text = text.replace("1,5", '"1,500.0"')
    assert counts(load("stock", text)) == (2, 0, 0, 0)
    assert levels() == {("chengdu", "LH-1"): 240, ("wuhan", "LH-2"): 1500}
    assert counts(load("stock", text)) == (0, 0, 2, 0)
    assert StockMovement.objects.count() == 2


def test_the_option_names_the_warehouse():
    load("stock", csv(("SKU", "Quantity"), ("LH-1", "7")), warehouse="chengdu")
    assert levels() == {("chengdu", "LH-1"): 7}


def test_rows_in_error():
    text = csv(
        ("SKU", "Warehouse", "On hand"),
        ("LH-1", "chengdu", "-1"),
        ("LH-9", "chengdu", "1"),
        ("LH-1", "mars", "1"),
        ("LH-1", "", "1"),
        ("LH-2", "chengdu", "0.0001"),
        ("LH-2", "wuhan", "=1+1"),
        ("LH-1", "wuhan", "3"),
    )
    job = load("stock", text, skip_rejected=True)
    assert counts(job) == (1, 0, 0, 6)
    assert sorted(problems(job)) == [
        (2, "On hand", "too_small"),
        (3, "SKU", "unknown_product"),
        (4, "Warehouse", "unknown"),
        (5, "Warehouse", "unknown"),
        (6, "On hand", "too_many_decimals"),
        (7, "On hand", "not_a_number"),
    ]
    assert levels() == {("wuhan", "LH-1"): 3}


def test_arrivals_are_replaced_by_their_key_and_withdrawn_by_zero():
    header = ("SKU", "Warehouse", "数量", "到货日期", "单号")
    assert counts(load("arrivals", csv(header, ("LH-1", "chengdu", "480", "2026-12-03", "PO-1")))) == (
        1,
        0,
        0,
        0,
    )
    again = csv(header, ("LH-1", "chengdu", "480", "2026-12-10", "PO-1"))
    assert counts(load("arrivals", again)) == (0, 1, 0, 0)
    arrival = Arrival.objects.get()
    assert (arrival.quantity, arrival.expected_on) == (Decimal(480), date(2026, 12, 10))
    load("arrivals", csv(header, ("LH-1", "chengdu", "0", "2026-12-10", "PO-1")))
    assert not Arrival.objects.exists()
