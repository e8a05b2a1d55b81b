"""The catalogue's offer provider: prices, stock, cart and purchase rules of a page of products at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_catalog import hooks as catalog_hooks
from qudao_catalog.api import Bitmap, OwnPrices, ProductIndex
from qudao_catalog.hooks import Break, Offer, Panel, StockView
from qudao_core import api as core

from ..cart import problems as cart_problems
from ..cart.queries import in_cart, may_order, not_allowed
from ..pricing import queries as pricing
from ..pricing.rules import BELOW_FIRST_BREAK, ON_REQUEST, Price
from ..stock import queries as stock
from ..stock import rules as stock_rules


class Offers:
    """Implements :class:`qudao_catalog.hooks.OfferProvider`."""

    def offers(
        self,
        viewer: core.Viewer,
        product_ids: Sequence[int],
        *,
        facts: Mapping[int, catalog.ProductFacts],
        versions: core.Versions | None = None,
    ) -> dict[int, Offer]:
        """One offer per product whose facts are given; five statements and those of the purchase rules."""
        ids = [product_id for product_id in product_ids if product_id in facts]
        if not ids:
            return {}
        versions = versions if versions is not None else core.Versions.read()
        wanted = [(product_id, catalog.lowest_quantity(facts[product_id])) for product_id in ids]
        lines = {product_id: facts[product_id].line_id for product_id in ids}
        prices = pricing.prices(viewer, wanted, versions=versions, lines=lines)
        last = pricing.last_prices(viewer, ids)
        views = stock.stock_views(viewer, ids, versions=versions)
        in_carts = in_cart(viewer, ids)
        forbidden = not_allowed(viewer, ids)
        trades = viewer.may_trade and may_order(viewer)
        closed = _closed(viewer) or _priceless(viewer)
        found = {}
        for product_id in ids:
            price, view = prices[product_id], views[product_id]
            problems = closed or _problems(facts[product_id], price, view, forbidden.get(product_id))
            paid = last.get(product_id)
            found[product_id] = Offer(
                product_id,
                _shown_price(price) if price.note else price.unit_price,
                price.currency,
                price.from_quantity or price.quantity,
                tuple([Break(each.min_quantity, each.unit_price) for each in price.breaks]),
                price.note,
                last_price=paid.unit_price if paid else None,
                last_ordered_on=paid.ordered_on if paid else None,
                last_order=paid.order_number if paid else "",
                stock=StockView(view.mode, view.quantity, view.band, view.arrivals, view.backorder),
                in_cart=in_carts.get(product_id, stock_rules.ZERO),
                orderable=trades and not problems,
                problems=problems,
            )
        return found

    def data_names(self, viewer: core.Viewer, versions: core.Versions) -> Collection[str]:
        """Price rows of the viewer's lists, and availability."""
        return [*pricing.data_names(viewer, versions), stock.AVAILABLE]

    def own_prices(
        self, viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
    ) -> OwnPrices:
        """The viewer's own price of the smallest quantity of every product."""
        return pricing.own_prices(viewer, index, versions, data)

    def available(
        self, viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
    ) -> Bitmap | None:
        """What is in stock or made to order; ``None`` for who may not see any stock."""
        return stock.available(viewer, index, versions, data)

    def panels(
        self, viewer: core.Viewer, product: catalog.ProductFacts, offer: Offer | None
    ) -> Iterable[Panel]:
        """The price with its breaks, "why this price", stock with arrivals, and the quantity field."""
        if offer is None:
            return ()
        return [Panel("offer", "qudao_b2b_ordering/offers/panel.html", panel_context(viewer, product, offer))]


def panel_context(viewer: core.Viewer, product: catalog.ProductFacts, offer: Offer) -> dict[str, Any]:
    """What the product page's panel shows: the price of what is in the cart, else of the smallest quantity."""
    lowest = catalog.lowest_quantity(product)
    priced_for = offer.in_cart if offer.in_cart > lowest else None
    if priced_for is not None:
        offer = _priced_for(viewer, product, offer, priced_for)
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
    return {
        "offer": offer,
        "is_hidden": not viewer.shows(pricing.SEE_PRICES),
        "unit": product.unit_name(viewer.language),
        "breaks": breaks,
        "priced_for": priced_for if offer.unit_price is not None else None,
        "arrivals": offer.stock.arrivals if offer.stock else (),
        "explain_url": why_url(product.sku, priced_for)
        if viewer.is_member and viewer.shows(pricing.SEE_PRICES)
        else "",
    }


def _from_lowest(breaks: Sequence[Break], lowest: Decimal) -> Sequence[Break]:
    """The price breaks without those that end below the smallest quantity that can be ordered."""
    below = [place for place, each in enumerate(breaks) if each.min_quantity <= lowest]
    return breaks[below[-1] :] if below else breaks


def _priced_for(viewer: core.Viewer, product: catalog.ProductFacts, offer: Offer, quantity: Decimal) -> Offer:
    """The offer with the price of this quantity, which another list may decide than that of the smallest."""
    lines = {product.id: product.line_id}
    price = pricing.prices(viewer, [(product.id, quantity)], lines=lines)[product.id]
    breaks = tuple(Break(each.min_quantity, each.unit_price) for each in price.breaks)
    return replace(
        offer,
        unit_price=_shown_price(price),
        from_quantity=price.from_quantity or quantity,
        breaks=breaks,
        price_note=price.note,
    )


def why_url(sku: str, quantity: Decimal | None = None) -> str:
    """The page that explains the viewer's price of a product, for a quantity other than the smallest."""
    asked = {"sku": sku} | ({} if quantity is None else {"quantity": str(catalog.plain_number(quantity))})
    return f"{reverse('ordering:why-price')}?{urlencode(asked)}"


def _shown_price(price: Price) -> Decimal | None:
    """Below the first break the price of that break is shown, with the quantity it begins at."""
    return price.breaks[0].unit_price if price.note == BELOW_FIRST_BREAK else price.unit_price


def _closed(viewer: core.Viewer) -> tuple[core.Problem, ...]:
    """What keeps the viewer's company from ordering anything at all; said instead of every other reason."""
    if not viewer.is_member or viewer.may_trade:
        return ()
    return (cart_problems.suspended(viewer.company_name),)


def _priceless(viewer: core.Viewer) -> tuple[core.Problem, ...]:
    """In a preview by somebody who may not see prices nothing is said about them but that."""
    if viewer.shows(pricing.SEE_PRICES):
        return ()
    remedy = _("You do not have permission to view price lists.")
    return (core.Problem("prices_hidden", _("Price hidden in this preview."), remedy=remedy),)


def _problems(
    facts: catalog.ProductFacts,
    price: Price,
    view: stock_rules.StockView,
    forbidden: core.Problem | None,
) -> tuple[core.Problem, ...]:
    """What keeps a product from being ordered now, the reason that takes longest to clear first."""
    found = [] if forbidden is None else [forbidden]
    if facts.status != catalog.ACTIVE and (unavailable := catalog.status_problem(facts)) is not None:
        found.append(unavailable)
    if price.note == ON_REQUEST:
        found.append(
            core.Problem(ON_REQUEST, _("Price on request."), remedy=_("Ask your sales contact for a price."))
        )
    if view.band == "out" and not view.backorder:
        remedy = _("More is expected.") if view.arrivals else _("Ask your sales contact when more arrives.")
        found.append(core.Problem("out_of_stock", _("Out of stock."), remedy=remedy))
    return tuple(found)


def register() -> None:
    catalog_hooks.offers.register("ordering", Offers())
