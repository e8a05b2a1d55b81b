"""Past orders as an old system exports them: one row per line."""

from datetime import date
from decimal import Decimal

import pytest
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.pricing.models import LastPrice
from qudao_b2b_ordering.stock.models import StockMovement
from qudao_catalog.testing import make_product
from qudao_partner_portal.testing import make_company

from tests.imports import counts, csv, load, problems

pytestmark = pytest.mark.django_db

HEADER = (
    "InvoiceNo",
    "CustomerID",
    "InvoiceDate",
    "StockCode",
    "Description",
    "Quantity",
    "UnitPrice",
    "税率",
)


@pytest.fixture(autouse=True)
def _channel():
    maker = make_company("Maker", code="LH")
    make_company("Dealer", parent=maker, code="D-1")
    make_company("Other", parent=maker, code="D-2", external_key="17850")
    make_product("LH-1", title="Lamp")


def line(
    number="A1", company="D-1", at="2025-11-03 09:20", sku="LH-1", quantity="2", price="2.55", name="LAMP"
):
    return (number, company, at, sku, name, quantity, price, "13%")


def take(*lines, **options):
    return load("orders", csv(HEADER, *lines), seller="LH", **options)


def test_rows_of_an_order_may_stand_anywhere():
    job = take(line(), line("A2", "ext:17850"), line(sku="GONE", name="OLD LAMP", quantity="3", price="1.1"))
    assert (job.state, counts(job)) == ("done", (3, 0, 0, 0))
    assert job.preview["totals"] == [
        ["New orders", "2"],
        ["Imported before", "0"],
        ["Lines without a product", "1"],
        ["Net amount", "13.50"],
    ]
    order = Order.objects.get(external_key="A1")
    assert (order.status, order.source, order.company.code) == ("complete", "import", "D-1")
    assert (order.net, order.tax, order.gross) == (Decimal("8.40"), Decimal("1.09"), Decimal("9.49"))
    assert [(each.sku, each.name, each.net) for each in order.lines.all()] == [
        ("LH-1", "LAMP", Decimal("5.10")),
        ("GONE", "OLD LAMP", Decimal("3.30")),
    ]
    assert Order.objects.get(external_key="A2").company.code == "D-2"
    assert LastPrice.objects.get(company=order.company).ordered_on == date(2025, 11, 3)
    assert not StockMovement.objects.exists()


def test_importing_again_changes_nothing():
    take(line(), line("A2"))
    job = take(line(), line("A2"), line("A3"))
    assert counts(job) == (1, 0, 2, 0)
    assert (Order.objects.count(), OrderLine.objects.count()) == (3, 3)


def test_one_bad_row_keeps_its_whole_order_out():
    job = take(line(), line(quantity="-2"), line("A2"), line("A3", company="NOBODY"), skip_rejected=True)
    assert counts(job) == (1, 0, 0, 3)
    assert sorted(problems(job)) == [
        (2, "Order number", "other_line_in_error"),
        (3, "Quantity", "not_above"),
        (5, "Company", "unknown_company"),
    ]
    assert list(Order.objects.values_list("external_key", flat=True)) == ["A2"]


def test_rows_that_disagree_about_their_order_are_refused():
    job = take(line(), line(company="D-2"), line("A2"), skip_rejected=True)
    assert counts(job) == (1, 0, 0, 2)
    assert problems(job) == [(2, "Company", "order_uneven"), (3, "Company", "order_uneven")]


def test_the_line_amount_of_the_old_system_stands():
    header = (*HEADER, "Amount")
    load("orders", csv(header, (*line(quantity="3", price="0.3333"), "1.01")), seller="LH")
    assert OrderLine.objects.get().net == Decimal("1.01")


def test_the_seller_is_chosen_and_must_sell():
    with pytest.raises(Exception, match="invalid_option"):
        load("orders", csv(HEADER, line()), seller="D-1")
    with pytest.raises(Exception, match="invalid_option"):
        load("orders", csv(HEADER, line()))
