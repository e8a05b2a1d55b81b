"""Promises: never more than there is, all lines or none, in a constant number of statements."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.orders.services import allocation
from qudao_b2b_ordering.stock import queries, services
from qudao_b2b_ordering.stock.models import Allocation, StockLevel, StockMovement
from qudao_b2b_ordering.stock.rules import Wanted
from qudao_b2b_ordering.testing import make_warehouse, stock, stock_policy, stock_terms
from qudao_catalog.testing import make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_company, make_person, viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> SimpleNamespace:
    """A maker with two warehouses (east first), a dealer with a buyer, and 10 + 5 lamps."""
    maker = make_company("Maker")
    dealer = make_company("Dealer", parent=maker)
    lamp = make_product("LAMP")
    east = make_warehouse("east", seller=maker, priority=1)
    west = make_warehouse("west", seller=maker, priority=2)
    return SimpleNamespace(
        maker=maker,
        dealer=dealer,
        buyer=make_person(dealer, roles=["buyer"]),
        lamp=lamp,
        west_level=stock(lamp, 5, west),
        east_level=stock(lamp, 10, east),
        east=east,
        west=west,
    )


def order_lines(
    channel: SimpleNamespace, *wanted: tuple[object, object], submitted_at: object = None
) -> list[Wanted]:
    """An order of the dealer with these lines, as the allocation sees them."""
    number = f"O-{Order.objects.count() + 1}"
    order = Order.objects.create(
        number=number,
        seller=channel.maker,
        company=channel.dealer,
        currency="CNY",
        net=0,
        tax=0,
        gross=0,
        submitted_at=submitted_at or timezone.now(),
    )
    rows = [
        OrderLine.objects.create(
            order=order,
            position=position,
            product=product,
            sku=product.upc,
            name=product.title,
            quantity=quantity,
            unit_price=1,
            net=quantity,
        )
        for position, (product, quantity) in enumerate(wanted, start=1)
    ]
    return [Wanted(row.pk, row.product_id, Decimal(row.quantity)) for row in rows]


def allocated(level: StockLevel) -> Decimal:
    level.refresh_from_db()
    return level.allocated


def test_warehouses_are_drawn_from_by_priority(channel):
    wanted = order_lines(channel, (channel.lamp, 12))
    done = allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    assert done.of(wanted[0].line_id) == 12
    assert (allocated(channel.east_level), allocated(channel.west_level)) == (10, 2)
    assert queries.saleable(channel.maker.pk, [channel.lamp.pk]) == {channel.lamp.pk: Decimal(3)}
    line = OrderLine.objects.get(pk=wanted[0].line_id)
    assert (line.allocated, line.backordered) == (12, 0)


def test_all_lines_or_none(channel):
    scarce = make_product("SCARCE")
    stock(scarce, 1, channel.east)
    wanted = order_lines(channel, (channel.lamp, 2), (scarce, 2))
    with pytest.raises(core.Refusal) as refusal:
        allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    assert refusal.value.code == "not_enough_stock"
    assert [problem.line for problem in refusal.value.problems] == [2]
    assert allocated(channel.east_level) == 0
    assert not Allocation.objects.exists()


def test_two_lines_of_one_product_share_what_there_is(channel):
    wanted = order_lines(channel, (channel.lamp, 8), (channel.lamp, 8))
    with pytest.raises(core.Refusal) as refusal:
        allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    assert [problem.line for problem in refusal.value.problems] == [2]


def test_only_who_sees_exact_stock_is_told_the_figure(channel):
    stock_policy(channel.maker, "everyone", "banded")
    wanted = order_lines(channel, (channel.lamp, 20))
    with pytest.raises(core.Refusal) as refusal:
        allocation.allocate(seller_id=channel.maker.pk, wanted=wanted, viewer=viewer_of(channel.buyer))
    assert "available" not in refusal.value.problems[0].params
    stock_policy(channel.maker, f"company:{channel.dealer.pk}", "exact")
    with pytest.raises(core.Refusal) as refusal:
        allocation.allocate(seller_id=channel.maker.pk, wanted=wanted, viewer=viewer_of(channel.buyer))
    assert refusal.value.problems[0].params == {"available": "15"}


def test_release_gives_everything_back_and_may_be_repeated(channel):
    wanted = order_lines(channel, (channel.lamp, 12))
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    allocation.release(line_ids=[wanted[0].line_id])
    allocation.release(line_ids=[wanted[0].line_id])
    assert (allocated(channel.east_level), allocated(channel.west_level)) == (0, 0)
    assert OrderLine.objects.get().allocated == 0
    assert not Allocation.objects.exists()


def test_backorder_within_the_limit_of_all_orders_together(channel):
    stock_terms(channel.lamp, backorder=True, backorder_limit=10)
    first = order_lines(channel, (channel.lamp, 22))
    done = allocation.allocate(seller_id=channel.maker.pk, wanted=first)
    assert done.backordered == {first[0].line_id: Decimal(7)}
    second = order_lines(channel, (channel.lamp, 4))
    with pytest.raises(core.Refusal):
        allocation.allocate(seller_id=channel.maker.pk, wanted=second)
    third = order_lines(channel, (channel.lamp, 3))
    assert allocation.allocate(seller_id=channel.maker.pk, wanted=third).backordered[third[0].line_id] == 3


def test_goods_that_arrive_go_to_the_oldest_waiting_line(channel):
    stock_terms(channel.lamp, backorder=True)
    old = order_lines(channel, (channel.lamp, 20))
    new = order_lines(channel, (channel.lamp, 20))
    for wanted in (old, new):
        allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    rows = [services.StockInput("LAMP", "west", Decimal(15))]
    services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    lines = {line.pk: line for line in OrderLine.objects.all()}
    assert (lines[old[0].line_id].allocated, lines[old[0].line_id].backordered) == (20, 0)
    assert (lines[new[0].line_id].allocated, lines[new[0].line_id].backordered) == (5, 15)
    assert queries.saleable(channel.maker.pk, [channel.lamp.pk])[channel.lamp.pk] == 0


def test_goods_whose_stock_is_not_kept_are_always_had(channel):
    service = make_product("SERVICE")
    stock_terms(service, is_unlimited=True)
    wanted = order_lines(channel, (service, 1000))
    done = allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    assert (done.portions, done.backordered) == ((), {})
    issued = [allocation.Issued(wanted[0].line_id, Decimal(1000))]
    assert allocation.issue(actor=None, issued=issued) == ()


def test_another_sellers_stock_is_not_promised(channel):
    other = make_company("Other maker")
    stock(channel.lamp, 100, make_warehouse("theirs", seller=other))
    with pytest.raises(core.Refusal):
        allocation.allocate(seller_id=channel.maker.pk, wanted=order_lines(channel, (channel.lamp, 16)))


def test_a_closed_warehouse_promises_nothing(channel):
    channel.west.is_active = False
    channel.west.save()
    assert queries.saleable(channel.maker.pk, [channel.lamp.pk]) == {channel.lamp.pk: Decimal(10)}


def test_nothing_is_promised_from_a_closed_warehouse(channel):
    channel.west.is_active = False
    channel.west.save()
    with pytest.raises(core.Refusal):
        allocation.allocate(seller_id=channel.maker.pk, wanted=order_lines(channel, (channel.lamp, 12)))
    wanted = order_lines(channel, (channel.lamp, 10))
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    assert (allocated(channel.east_level), allocated(channel.west_level)) == (10, 0)


def closed_and_waiting(channel, status, quantity):
    """An order that is closed although a line of it still waits for goods."""
    wanted = order_lines(channel, (channel.lamp, quantity))
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    Order.objects.filter(lines=wanted[0].line_id).update(status=status)
    return OrderLine.objects.get(pk=wanted[0].line_id)


@pytest.mark.parametrize("status", ["cancelled", "rejected", "complete"])
def test_what_closed_orders_waited_for_leaves_the_limit_to_others(channel, status):
    stock_terms(channel.lamp, backorder=True, backorder_limit=10)
    assert closed_and_waiting(channel, status, 25).backordered == 10
    wanted = order_lines(channel, (channel.lamp, 10))
    done = allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    assert done.backordered == {wanted[0].line_id: Decimal(10)}


@pytest.mark.parametrize("status", ["cancelled", "rejected", "complete"])
def test_closed_orders_get_no_goods_that_arrive(channel, status):
    stock_terms(channel.lamp, backorder=True)
    closed = closed_and_waiting(channel, status, 20)
    rows = [services.StockInput("LAMP", "west", Decimal(50))]
    services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    closed.refresh_from_db()
    assert (closed.allocated, closed.backordered) == (15, 5)
    assert queries.saleable(channel.maker.pk, [channel.lamp.pk])[channel.lamp.pk] == 45


def test_lines_are_issued_without_comparing_each_with_every_other(channel):
    """Comparing every line with every other one took seconds inside the stock locks."""
    compared = 0

    class Counting(allocation.Issued):
        def __eq__(self, other):
            nonlocal compared
            compared += 1
            return super().__eq__(other)

        __hash__ = None

    stock(channel.lamp, 2000, channel.east)
    wanted = order_lines(channel, *[(channel.lamp, 1)] * 300)
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    issued = [Counting(each.line_id, each.quantity) for each in wanted]
    assert len(allocation.issue(actor=None, issued=issued)) == 300
    assert compared == 0


def test_issue_takes_goods_and_promise_and_writes_the_journal(channel):
    wanted = order_lines(channel, (channel.lamp, 12))
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    allocation.issue(
        actor=channel.buyer, issued=[allocation.Issued(wanted[0].line_id, Decimal(11))], reference="S-1"
    )
    channel.east_level.refresh_from_db()
    channel.west_level.refresh_from_db()
    assert (channel.east_level.on_hand, channel.east_level.allocated) == (0, 0)
    assert (channel.west_level.on_hand, channel.west_level.allocated) == (4, 1)
    assert OrderLine.objects.get().allocated == 1
    journal = StockMovement.objects.order_by("pk").values_list("kind", "quantity", "reference", "by_id")
    assert list(journal) == [
        ("issue", Decimal(-10), "S-1", channel.buyer.pk),
        ("issue", Decimal(-1), "S-1", channel.buyer.pk),
    ]


def test_nothing_ships_that_was_not_promised(channel):
    wanted = order_lines(channel, (channel.lamp, 2))
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    with pytest.raises(core.Refusal) as refusal:
        allocation.issue(actor=None, issued=[allocation.Issued(wanted[0].line_id, Decimal(3))])
    assert refusal.value.code == "not_allocated"
    with pytest.raises(core.Refusal):
        allocation.issue(
            actor=None,
            issued=[allocation.Issued(wanted[0].line_id, Decimal(1))],
            warehouse_id=channel.west.pk,
        )
    assert not StockMovement.objects.exists()


def test_a_count_below_what_is_promised_is_kept_and_sells_nothing(channel):
    wanted = order_lines(channel, (channel.lamp, 9))
    allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    rows = [services.StockInput("LAMP", "east", Decimal(4))]
    services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    channel.east_level.refresh_from_db()
    assert (channel.east_level.on_hand, channel.east_level.allocated) == (4, 9)
    assert queries.saleable(channel.maker.pk, [channel.lamp.pk]) == {channel.lamp.pk: Decimal(5)}
    allocation.issue(actor=None, issued=[allocation.Issued(wanted[0].line_id, Decimal(9))])
    channel.east_level.refresh_from_db()
    assert (channel.east_level.on_hand, channel.east_level.allocated) == (0, 0)
    assert StockMovement.objects.latest("pk").quantity == -4


@pytest.mark.parametrize("count", [1, 3, 200])
def test_statements_do_not_depend_on_the_number_of_lines(channel, count):
    products = [make_product() for _number in range(min(count, 3))]
    for product in products:
        stock(product, 1000, channel.east)
    wanted = order_lines(channel, *[(products[number % len(products)], 1) for number in range(count)])
    with CaptureQueriesContext(connection) as seen:
        allocation.allocate(seller_id=channel.maker.pk, wanted=wanted)
    statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 5
    issued = [allocation.Issued(each.line_id, each.quantity) for each in wanted]
    with CaptureQueriesContext(connection) as seen:
        allocation.issue(actor=None, issued=issued)
    statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 9
    with CaptureQueriesContext(connection) as seen:
        allocation.release(line_ids=[each.line_id for each in wanted])
    statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 4


def test_what_is_left_of_an_allocation_stays_with_its_line(channel):
    """Whatever the numbers of the rows are."""
    StockLevel.objects.all().delete()
    level = StockLevel.objects.create(pk=90_000, warehouse=channel.east, product=channel.lamp, on_hand=10)
    (line,) = order_lines(channel, (channel.lamp, 8))
    allocation.allocate(seller_id=channel.maker.pk, wanted=[line])
    allocation.issue(actor=None, issued=[allocation.Issued(line.line_id, Decimal(5))], reference="S-1")
    assert Allocation.objects.get(level=level).quantity == 3
