from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.flow import services as flows
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.orders.models import Allocation, Order, OrderLine
from qudao_b2b_ordering.orders.rules import SubmitRequest
from qudao_b2b_ordering.pricing.models import LastPrice, PriceRow
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_core import api as core
from qudao_core.models import OutboxEvent
from qudao_partner_portal import testing as people
from qudao_partner_portal.models import Company

from ..channel import Channel


def submit(channel: Channel, name: str = "bai", cart_id: int | None = None, **request: Any) -> Order:
    return services.submit(viewer=channel.viewer(name), cart_id=cart_id, request=channel.request(**request))


def refused(channel: Channel, **request: Any) -> core.Refusal:
    with pytest.raises(core.Refusal) as caught:
        submit(channel, **request)
    assert not Order.objects.exists()
    return caught.value


def test_an_order_copies_what_was_agreed(channel: Channel) -> None:
    channel.product("LAMP", "12.3456", title="Desk lamp", title_zh="台灯", pack=12, line="lighting")
    channel.product("BULB", "0.125")
    title = people.make_invoice_title(channel.dealer)
    channel.fill(("LAMP", "24"), ("BULB", "10"))
    order = submit(
        channel,
        po_number=" PO-7 ",
        note="Ring twice",
        payment="transfer",
        requested_on=timezone.localdate() + timedelta(days=3),
        invoice_title_id=title.pk,
    )
    assert order.number == f"SO-{timezone.localdate():%Y%m}-00001"
    assert (order.net, order.tax, order.gross) == (Decimal("297.54"), Decimal("38.68"), Decimal("336.22"))
    assert order.tax_by_rate == [{"rate": "0.13", "net": "297.54", "tax": "38.68"}]
    assert (order.po_number, order.note, order.payment, order.terms) == (
        "PO-7",
        "Ring twice",
        "transfer",
        "Net 30",
    )
    assert order.address["street"] == "1 Tianfu Avenue"
    assert order.invoice_title["title"] == "Chengdu Lamps"
    assert order.facts == {"amount": "336.22", "over_credit": False, "lines": ["lighting"]}
    lamp, bulb = order.lines.all()
    assert (lamp.sku, lamp.name, lamp.name_zh, lamp.line_code, lamp.unit) == (
        "LAMP",
        "Desk lamp",
        "台灯",
        "lighting",
        "pcs",
    )
    assert (lamp.quantity, lamp.unit_price, lamp.net) == (24, Decimal("12.3456"), Decimal("296.29"))
    assert lamp.price_source["list"] == "everyone"
    assert (bulb.net, bulb.tax_rate) == (Decimal("1.25"), Decimal("0.13"))


def test_what_changes_later_does_not_change_the_order(channel: Channel) -> None:
    lamp = channel.product("LAMP", "10.00", title="Desk lamp")
    order = channel.order(("LAMP", "2"))
    PriceRow.objects.update(unit_price=Decimal(99))
    channel.dealer.addresses.update(street="Elsewhere")
    lamp.title = "Floor lamp"
    lamp.save()
    order.refresh_from_db()
    assert (order.gross, order.address["street"], order.lines.get().name) == (
        Decimal("22.60"),
        "1 Tianfu Avenue",
        "Desk lamp",
    )


def test_submitting_starts_the_flow_promises_stock_and_tells_who_must_know(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=50)
    order = channel.order(("LAMP", "20"))
    assert (order.status, order.step) == ("open", "sales-approval")
    assert order.step_due == order.step_since + timedelta(hours=24)
    assert StockLevel.objects.get(product=lamp).allocated == 20
    assert Allocation.objects.get().line.order_id == order.pk
    assert order.lines.get().allocated == 20
    transition = order.transitions.get()
    assert (transition.action, transition.actor_name, transition.actor_company, transition.to_step) == (
        "submit",
        "Bai Buyer",
        "Chengdu Lamps",
        "sales-approval",
    )
    event = OutboxEvent.objects.get(topic="order.submitted")
    assert (event.aggregate, event.payload["number"]) == (f"order:{order.pk}", order.number)
    assert [entry.action for entry in core.history(order)] == ["qudao.order.submitted"]
    assert mail.outbox == []


def test_the_price_paid_is_remembered_and_shown_beside_todays(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    order = channel.order(("LAMP", "2"))
    assert not LastPrice.objects.exists()
    for name in ("sam", "fia"):
        services.act(viewer=channel.viewer(name), number=order.number, action="approve")
    paid = LastPrice.objects.get()
    assert (paid.unit_price, paid.order_number, paid.company) == (
        Decimal("10.0000"),
        order.number,
        channel.dealer,
    )
    channel.fill(("LAMP", "1"))
    viewer = channel.viewer("bai")
    line = carts.price_cart(viewer, carts.get_cart(viewer)).lines[0]
    assert line.last_paid is not None
    assert line.last_paid.unit_price == 10


def test_a_cart_is_ordered_once_however_often_it_is_submitted(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=50)
    cart_id = channel.fill(("LAMP", "20")).cart_id
    first = submit(channel, cart_id=cart_id)
    again = submit(channel, cart_id=cart_id, note="another note")
    assert again.pk == first.pk
    assert Order.objects.count() == 1
    assert StockLevel.objects.get(product=lamp).allocated == 20
    with pytest.raises(core.NotFound):
        submit(channel, "bo", cart_id=cart_id)


def test_after_ordering_the_next_product_goes_into_a_new_cart(channel: Channel) -> None:
    channel.product("LAMP")
    cart_id = channel.fill(("LAMP", "20")).cart_id
    submit(channel)
    assert channel.fill(("LAMP", "1")).cart_id != cart_id
    with pytest.raises(core.Conflict) as caught:
        cart_services.clear(viewer=channel.viewer("bai"), cart_id=cart_id)
    assert caught.value.code == "cart_ordered"
    assert OrderLine.objects.count() == 1


# --- Bad input -------------------------------------------------------------------------------------------------


def test_a_price_that_changed_since_it_was_seen_must_be_accepted(channel: Channel) -> None:
    lamp = channel.product("LAMP", "10.00")
    line_id = channel.fill(("LAMP", "2")).lines[0].line_id
    assert line_id
    PriceRow.objects.filter(product=lamp).update(unit_price=Decimal("12.00"))
    refusal = refused(channel)
    assert refusal.code == "price_changed"
    problem = refusal.problems[0]
    assert (problem.line, problem.params["old"], problem.params["new"]) == (
        1,
        Decimal("10.0000"),
        Decimal("12.0000"),
    )
    assert str(problem.message) == "The price has changed from 10.00 CNY to 12.00 CNY."
    PriceRow.objects.filter(product=lamp).update(unit_price=Decimal("13.00"))
    assert refused(channel, accepted_prices={line_id: Decimal("12.00")}).code == "price_changed"
    order = submit(channel, accepted_prices={line_id: Decimal("13.00")})
    assert order.lines.get().unit_price == 13


def test_accepting_prices_on_the_cart_lets_it_be_ordered(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    line_id = channel.fill(("LAMP", "2")).lines[0].line_id
    PriceRow.objects.update(unit_price=Decimal("8.00"))
    assert refused(channel).code == "price_changed"
    cart_services.accept_prices(viewer=channel.viewer("bai"), seen={line_id or 0: Decimal("8.00")})
    assert submit(channel).net == Decimal("16.00")


def test_a_price_that_expired_since_is_no_price(channel: Channel) -> None:
    lamp = channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "2"))
    PriceRow.objects.filter(product=lamp).update(valid_until=timezone.localdate() - timedelta(days=1))
    refusal = refused(channel)
    assert refusal.code == "price_on_request"
    assert (refusal.problems[0].line, str(refusal.problems[0].remedy)) == (
        1,
        "Ask your sales contact for a price, or remove the line.",
    )


def test_every_bad_line_is_named_at_once(channel: Channel) -> None:
    lamp, bulb, gone = channel.product("LAMP", stock=5), channel.product("BULB"), channel.product("GONE")
    channel.fill(("LAMP", "5"), ("BULB", "1"), ("GONE", "1"))
    ordering.stock(lamp, 3, channel.warehouse)
    type(bulb.profile).objects.filter(pk=bulb.pk).update(min_quantity=10)
    gone.is_public = False
    gone.save()
    refusal = refused(channel)
    assert refusal.code == "cart_not_orderable"
    assert [(problem.line, problem.code) for problem in refusal.problems] == [
        (1, "not_enough_stock"),
        (2, "below_minimum"),
        (3, "not_available"),
    ]
    assert all(problem.message for problem in refusal.problems)


def test_more_than_there_is_is_not_sold(channel: Channel) -> None:
    channel.product("LAMP", stock=5)
    channel.fill(("LAMP", "6"))
    refusal = refused(channel)
    assert refusal.code == "not_enough_stock"
    assert str(refusal.problems[0].message) == "5 pieces in stock; you asked for 6."


def test_what_may_be_backordered_waits_for_its_goods(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=5)
    ordering.stock_terms(lamp, backorder=True)
    line = channel.order(("LAMP", "8")).lines.get()
    assert (line.allocated, line.backordered) == (5, 3)


def test_the_address_must_be_the_companys_own(channel: Channel) -> None:
    channel.product("LAMP")
    channel.fill(("LAMP", "1"))
    foreign = people.make_address(channel.stranger)
    assert refused(channel, address_id=foreign.pk).code == "address_not_found"
    title = people.make_invoice_title(channel.stranger)
    assert refused(channel, invoice_title_id=title.pk).code == "invoice_title_not_found"


def test_without_any_address_the_buyer_is_asked_for_one(channel: Channel) -> None:
    channel.product("LAMP")
    channel.fill(("LAMP", "1"))
    with pytest.raises(core.Refusal) as caught:
        services.submit(viewer=channel.viewer("bai"), cart_id=None, request=SubmitRequest())
    assert (caught.value.code, caught.value.problem.field) == ("address_required", "address")


@pytest.mark.parametrize(
    ("request_changes", "code", "field"),
    [
        ({"requested_on": timezone.localdate() - timedelta(days=1)}, "date_past", "requested_on"),
        ({"payment": "shells"}, "unknown_payment", "payment"),
        ({"note": "x" * 2001}, "note_too_long", "note"),
        ({"po_number": "x" * 61}, "po_number_too_long", "po_number"),
    ],
)
def test_what_is_asked_for_is_checked(
    channel: Channel, request_changes: dict[str, Any], code: str, field: str
) -> None:
    channel.product("LAMP")
    channel.fill(("LAMP", "1"))
    refusal = refused(channel, **request_changes)
    assert (refusal.code, refusal.problem.field) == (code, field)


def test_an_empty_cart_is_not_an_order(channel: Channel) -> None:
    channel.product("LAMP")
    line_id = channel.fill(("LAMP", "1")).lines[0].line_id
    cart_services.remove_line(viewer=channel.viewer("bai"), line_id=line_id or 0)
    assert refused(channel).code == "cart_empty"


def test_a_suspended_company_keeps_its_cart_and_orders_nothing(channel: Channel) -> None:
    channel.product("LAMP")
    channel.fill(("LAMP", "1"))
    address = channel.address_id
    company = Company.objects.get(pk=channel.dealer.pk)
    company.status = "suspended"
    company.save()
    refusal = refused(channel, address_id=address)
    assert refusal.code == "company_not_active"
    assert str(refusal.problem.remedy) == "Ask your sales contact. Your carts are kept."
    viewer = channel.viewer("bai")
    assert len(carts.price_cart(viewer, carts.get_cart(viewer)).lines) == 1


@pytest.mark.parametrize("name", ["ann", "cao", "pat", "stu"])
def test_nobody_else_can_order_a_buyers_cart(channel: Channel, name: str) -> None:
    channel.product("LAMP")
    cart_id = channel.fill(("LAMP", "1")).cart_id
    with pytest.raises(core.Refusal) as caught:
        submit(channel, name, cart_id=cart_id)
    assert caught.value.code in {"role_required", "cart_not_found"}
    assert not Order.objects.exists()


def test_a_seller_whose_flows_are_all_switched_off_takes_no_orders(channel: Channel) -> None:
    channel.product("LAMP")
    channel.fill(("LAMP", "1"))
    published = flows.ensure_default_flow(seller_id=channel.maker.pk)
    assert published
    published.version.flow.is_active = False
    published.version.flow.save()
    assert refused(channel).code == "no_order_flow"


# --- Cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 200])
def test_cart_and_order_cost_the_same_for_any_number_of_lines(channel: Channel, count: int) -> None:
    products = channel.products(count)
    channel.order((products[0].profile.sku, "1"))
    request, viewer = channel.request(), channel.viewer("bai")
    inputs = [LineInput(product.profile.sku, "2") for product in products]
    with CaptureQueriesContext(connection) as run:
        result = cart_services.add_lines(viewer=viewer, lines=inputs)
        services.submit(viewer=viewer, cart_id=result.cart_id, request=request)
    assert len(run) == 47, "\n".join(query["sql"][:100] for query in run)
