"""What people and programs do to carts, orders, stock and prices, each made ready to be done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import services as carts
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.flow import rules as flow_rules
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.pricing import services as pricing
from qudao_b2b_ordering.stock import services as stock
from qudao_b2b_ordering.stock.models import StockLevel

from .channel import Channel
from .orders.test_acting import act, publish, ship, to_shipment

Work = Callable[[], Any]


def approving(channel: Channel) -> Work:
    order = channel.order(("LAMP", "6"))
    return lambda: act(channel, "sam", order, "approve")


def cancelling(channel: Channel) -> Work:
    order = channel.order(("LAMP", "6"))
    return lambda: orders.cancel(viewer=channel.viewer("bai"), number=order.number, note="Wrong")


def shipping(channel: Channel) -> Work:
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    return lambda: ship(channel, order, (1, 2))


def shipping_by_itself(channel: Channel) -> Work:
    publish(channel, flow_rules.DEFAULT.steps[0], flow_rules.DEFAULT.steps[4])
    order = channel.order(("LAMP", "6"))
    return lambda: act(channel, "sam", order, "approve")


def closing_the_rest(channel: Channel) -> Work:
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    ship(channel, order, (1, 2))
    return lambda: orders.close_rest(viewer=channel.viewer("wan"), number=order.number, note="No more")


def receiving(channel: Channel) -> Work:
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    ship(channel, order)
    return lambda: orders.confirm_receipt(viewer=channel.viewer("bai"), number=order.number)


def submitting(channel: Channel) -> Work:
    cart_id = channel.fill(("LAMP", "6")).cart_id
    request = channel.request()
    return lambda: orders.submit(viewer=channel.viewer("bai"), cart_id=cart_id, request=request)


def returned(channel: Channel) -> Any:
    order = channel.order(("LAMP", "6"))
    act(channel, "sam", order, "return", "Change it")
    return order


def revising(channel: Channel) -> Work:
    order = returned(channel)
    return lambda: orders.revise(viewer=channel.viewer("bai"), number=order.number)


def stopping_to_revise(channel: Channel) -> Work:
    orders.revise(viewer=channel.viewer("bai"), number=returned(channel).number)
    return lambda: orders.stop_revising(viewer=channel.viewer("bai"))


def submitting_again(channel: Channel) -> Work:
    cart = orders.revise(viewer=channel.viewer("bai"), number=returned(channel).number)
    request = channel.request()
    return lambda: orders.submit(viewer=channel.viewer("bai"), cart_id=cart.pk, request=request)


def adding_to_a_cart(channel: Channel) -> Work:
    lines = [LineInput("LAMP", "1")]
    return lambda: carts.add_lines(viewer=channel.viewer("bai"), lines=lines)


def starting_a_cart(channel: Channel) -> Work:
    return lambda: carts.start_cart(viewer=channel.viewer("bai"))


def switching_carts(channel: Channel) -> Work:
    first = carts.start_cart(viewer=channel.viewer("bai"))
    carts.start_cart(viewer=channel.viewer("bai"))
    return lambda: carts.switch_cart(viewer=channel.viewer("bai"), cart_id=first.pk)


def keeper(channel: Channel) -> dict[str, Any]:
    return {"actor": channel.users["wan"], "seller_id": channel.maker.pk}


def counting(channel: Channel) -> Work:
    rows = [stock.StockInput("LAMP", channel.warehouse.code, Decimal(7))]
    return lambda: stock.set_stock(**keeper(channel), rows=rows)


def counting_what_orders_wait_for(channel: Channel) -> Work:
    ordering.stock_terms(channel.product("RARE", stock=1), backorder=True)
    channel.order(("RARE", "5"))
    rows = [stock.StockInput("RARE", channel.warehouse.code, Decimal(7))]
    return lambda: stock.set_stock(**keeper(channel), rows=rows)


def adjusting(channel: Channel) -> Work:
    level = StockLevel.objects.get(product__upc="LAMP")
    return lambda: stock.adjust(actor=None, level=level, change=Decimal(1))


def announcing(channel: Channel) -> Work:
    rows = [stock.ArrivalInput("LAMP", channel.warehouse.code, Decimal(7), date(2030, 1, 1), "PO-1")]
    return lambda: stock.set_arrivals(**keeper(channel), rows=rows)


def receiving_what_was_announced(channel: Channel) -> Work:
    arrival = ordering.make_arrival(
        StockLevel.objects.get(product__upc="LAMP").product, 5, date(2030, 1, 1), channel.warehouse
    )
    return lambda: stock.receive_arrival(actor=None, arrival=arrival)


def settings_of_a_warehouse(channel: Channel) -> Work:
    return lambda: stock.set_warehouse(**keeper(channel), code="new", name="New")


def settings_of_visibility(channel: Channel) -> Work:
    return lambda: stock.set_policy(**keeper(channel), audience_key="members", mode="exact")


def settings_of_terms(channel: Channel) -> Work:
    product = StockLevel.objects.get(product__upc="LAMP").product
    return lambda: stock.set_terms(actor=None, product_id=product.pk, backorder=True)


def pricing_work(verb: Callable[..., Any], **named: Any) -> Callable[[Channel], Work]:
    return lambda channel: lambda: verb(actor=None, price_list=channel.price_list, **named)


VERBS: dict[str, Callable[[Channel], Work]] = {
    "approve": approving,
    "cancel": cancelling,
    "ship": shipping,
    "ship by itself": shipping_by_itself,
    "close the rest": closing_the_rest,
    "receive": receiving,
    "submit": submitting,
    "revise": revising,
    "stop revising": stopping_to_revise,
    "submit again": submitting_again,
    "add to a cart": adding_to_a_cart,
    "start a cart": starting_a_cart,
    "switch carts": switching_carts,
    "count": counting,
    "count what orders wait for": counting_what_orders_wait_for,
    "adjust": adjusting,
    "announce": announcing,
    "receive what was announced": receiving_what_was_announced,
    "warehouse": settings_of_a_warehouse,
    "visibility": settings_of_visibility,
    "terms": settings_of_terms,
    "set prices": pricing_work(pricing.set_prices, rows=[pricing.PriceInput("LAMP", Decimal(1), Decimal(7))]),
    "edit prices": pricing_work(pricing.edit_prices, edits=[]),
    "remove prices": pricing_work(pricing.remove_prices, row_ids=[]),
    "close prices": pricing_work(pricing.close_prices, last_day=date(2030, 1, 1)),
    "change a list": pricing_work(pricing.change_list, name="New"),
}
