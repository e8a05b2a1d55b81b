"""The catalogue's offer provider: prices, stock, cart and purchase rules of a page of products at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_catalog import hooks as catalog_hooks
from qudao_catalog.hooks import Break, Offer, Panel, StockView
from qudao_partner_portal import api as portal

from ..cart import problems as cart_problems
from ..cart.queries import in_cart, may_order, not_allowed
from ..pricing import queries as pricing
from ..pricing.rules import BELOW_FIRST_BREAK, ON_REQUEST, Price
from ..stock import queries as stock
from ..stock import rules as stock_rules
from ..stock.models import StockLevel, StockTerms

Q_ = TypeVar("Q_", bound="QuerySet[Any]")
#: A LIMIT that leaves nothing out. PostgreSQL does not take a statement apart at it: what is computed below is
#: computed once, and rows are estimated before conditions on it, of which the planner can know nothing.
EVERY_ROW = 2**62


class Offers:
    """Implements :class:`qudao_catalog.hooks.OfferProvider`."""

    def offers(
        self,
        viewer: portal.Viewer,
        product_ids: Sequence[int],
        *,
        facts: Mapping[int, catalog.ProductFacts],
        versions: portal.Versions | None = None,
    ) -> dict[int, Offer]:
        """One offer per product whose facts are given; five statements and those of the purchase rules."""
        ids = [product_id for product_id in product_ids if product_id in facts]
        if not ids:
            return {}
        versions = versions if versions is not None else portal.Versions.read()
        wanted = [(product_id, catalog.lowest_quantity(facts[product_id])) for product_id in ids]
        lines = {product_id: facts[product_id].line_id for product_id in ids}
        prices = pricing.prices(viewer, wanted, versions=versions, lines=lines)
        last = pricing.last_prices(viewer, ids)
        views = stock.stock_views(viewer, ids, versions=versions)
        in_carts = in_cart(viewer, ids)
        forbidden = not_allowed(viewer, ids)
        trades = viewer.may_trade and may_order(viewer)
        closed = _closed(viewer)
        found = {}
        for product_id in ids:
            price, view = prices[product_id], views[product_id]
            problems = closed or _problems(facts[product_id], price, view, forbidden.get(product_id))
            paid = last.get(product_id)
            found[product_id] = Offer(
                product_id,
                _shown_price(price),
                price.currency,
                price.from_quantity or price.quantity,
                tuple(Break(each.min_quantity, each.unit_price) for each in price.breaks),
                price.note,
                paid.unit_price if paid else None,
                StockView(view.mode, view.quantity, view.band, view.arrivals, view.backorder),
                in_carts.get(product_id, stock_rules.ZERO),
                trades and not problems,
                problems,
            )
        return found

    def order_by_price(self, viewer: portal.Viewer, queryset: Q_, descending: bool) -> Q_:
        """By own price of the smallest quantity, then by id; products without a price last."""
        price = F("own_price")
        order = price.desc(nulls_last=True) if descending else price.asc(nulls_last=True)
        return _priced(viewer, queryset).order_by(order, "pk")

    def filter_price(
        self, viewer: portal.Viewer, queryset: Q_, low: Decimal | None, high: Decimal | None
    ) -> Q_:
        """Only products whose own price lies between the bounds, both included."""
        rows = _priced(viewer, queryset)
        if low is not None:
            rows = rows.filter(own_price__gte=low)
        return rows.filter(own_price__lte=high) if high is not None else rows

    def filter_available(self, viewer: portal.Viewer, queryset: Q_) -> Q_:
        """Only products in stock or made to order; unchanged for who may not see any stock."""
        if stock.policy_for(viewer).mode == "hidden":
            return queryset
        return queryset.filter(_available(viewer))

    def count_available(self, viewer: portal.Viewer, queryset: QuerySet[Any], within: Q) -> int:
        """How many rows that meet ``within`` are in stock or made to order; all where stock is hidden."""
        rows = queryset.order_by()
        if stock.policy_for(viewer).mode != "hidden":
            rows = rows.annotate(
                is_available=ExpressionWrapper(_available(viewer), output_field=BooleanField())
            )
            within &= Q(is_available=True)
        count: int = rows[:EVERY_ROW].aggregate(count=Count("pk", filter=within))["count"]
        return count

    def price_span(
        self, viewer: portal.Viewer, queryset: QuerySet[Any], within: Q
    ) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest own price of rows that meet ``within``; ``None`` when none has one."""
        rows = queryset.order_by().annotate(own_price=pricing.own_price(viewer, queryset))
        found = rows[:EVERY_ROW].aggregate(
            low=Min("own_price", filter=within), high=Max("own_price", filter=within)
        )
        return None if found["low"] is None else (found["low"], found["high"])

    def panels(
        self, viewer: portal.Viewer, product: catalog.ProductFacts, offer: Offer | None
    ) -> Iterable[Panel]:
        """The price with its breaks, "why this price", stock with arrivals, and the quantity field."""
        if offer is None:
            return ()
        return [Panel("offer", "qudao_b2b_ordering/offers/panel.html", panel_context(viewer, product, offer))]


def panel_context(viewer: portal.Viewer, product: catalog.ProductFacts, offer: Offer) -> dict[str, Any]:
    """What the product page's panel shows."""
    lowest = catalog.lowest_quantity(product)
    reachable = _from_lowest(offer.breaks, lowest)
    first = reachable[0].unit_price if reachable else None
    breaks = [
        {
            "minimum": catalog.plain_number(max(each.min_quantity, lowest)),
            "unit_price": each.unit_price,
            "applies": each.min_quantity == offer.from_quantity and offer.unit_price is not None,
            "saving": (first - each.unit_price) / first if first and each.unit_price < first else None,
        }
        for each in reachable
    ]
    paid = pricing.last_prices(viewer, [product.id]).get(product.id)
    return {
        "offer": offer,
        "unit": product.unit_name(viewer.language),
        "breaks": breaks,
        "last_paid": paid,
        "arrivals": offer.stock.arrivals if offer.stock else (),
        "explain_url": why_url(product.sku) if viewer.is_member else "",
    }


def _from_lowest(breaks: Sequence[Break], lowest: Decimal) -> Sequence[Break]:
    """The price breaks without those that end below the smallest quantity that can be ordered."""
    below = [place for place, each in enumerate(breaks) if each.min_quantity <= lowest]
    return breaks[below[-1] :] if below else breaks


def _available(viewer: portal.Viewer) -> Q:
    levels = StockLevel.objects.filter(
        product_id=OuterRef("pk"),
        warehouse__seller_id=viewer.seller_id,
        warehouse__is_active=True,
        on_hand__gt=F("allocated"),
    )
    unlimited = StockTerms.objects.filter(pk=OuterRef("pk"), is_unlimited=True)
    return Q(Exists(levels.order_by())) | Q(Exists(unlimited.order_by()))


def why_url(sku: str) -> str:
    """The page that explains the viewer's price of a product."""
    return f"{reverse('ordering:why-price')}?{urlencode({'sku': sku})}"


def _priced(viewer: portal.Viewer, queryset: Q_) -> Q_:
    return queryset.alias(own_price=pricing.own_price(viewer, queryset))


def _shown_price(price: Price) -> Decimal | None:
    """Below the first break the price of that break is shown, with the quantity it begins at."""
    return price.breaks[0].unit_price if price.note == BELOW_FIRST_BREAK else price.unit_price


def _closed(viewer: portal.Viewer) -> tuple[portal.Problem, ...]:
    """What keeps the viewer's company from ordering anything at all; said instead of every other reason."""
    if not viewer.is_member or viewer.may_trade:
        return ()
    return (cart_problems.suspended(viewer.company_name),)


def _problems(
    facts: catalog.ProductFacts,
    price: Price,
    view: stock_rules.StockView,
    forbidden: portal.Problem | None,
) -> tuple[portal.Problem, ...]:
    """What keeps a product from being ordered now, the reason that takes longest to clear first."""
    found = [forbidden, catalog.status_problem(facts)]
    if price.note == ON_REQUEST:
        found.append(
            portal.Problem(
                ON_REQUEST, _("Price on request."), remedy=_("Ask your sales contact for a price.")
            )
        )
    if view.band == "out" and not view.backorder:
        remedy = _("More is expected.") if view.arrivals else _("Ask your sales contact when more arrives.")
        found.append(portal.Problem("out_of_stock", _("Out of stock."), remedy=remedy))
    return tuple(problem for problem in found if problem)


def register() -> None:
    catalog_hooks.offers.register("ordering", Offers())
