"""Products as templates show them: words in the reader's language, states of the theme, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .. import hooks
from ..measures import unit_form
from ..pictures import rules as pictures
from ..pictures.queries import picture_prefix
from ..product_facts import ANNOUNCED, DISCONTINUED, ProductFacts
from .quantity_text import figure
from .rules import lowest_quantity, plain_number

#: Offer problems that other columns say already; any other locks the row.
SAID_ELSEWHERE = frozenset({"on_request", "below_first_break", "out_of_stock", "not_yet_available"})
BANDS = {"in": "ok", "plenty": "ok", "unlimited": "ok", "low": "low", "out": "out"}


def product_url(sku: str) -> str:
    return reverse("catalog:product", args=(sku,))


def cart_url() -> str:
    """Where a quantity is posted to, or ``""`` on a site that does not sell."""
    try:
        return reverse("ordering:cart-lines")
    except NoReverseMatch:
        return ""


def product_rows(
    facts: list[ProductFacts], offers: Mapping[int, hooks.Offer], language: str, width: int = pictures.CARD
) -> list[dict[str, Any]]:
    """One mapping per product with everything a row or a card shows."""
    prefix = picture_prefix()
    return [_row(each, offers.get(each.id), language, prefix, width) for each in facts]


def _row(
    facts: ProductFacts, offer: hooks.Offer | None, language: str, prefix: str, width: int
) -> dict[str, Any]:
    return {
        "id": facts.id,
        "sku": facts.sku,
        "url": product_url(facts.sku),
        "name": facts.name(language),
        "image_url": pictures.address(prefix, facts.picture, width),
        "pack_text": pack_text(facts, language),
        "unit": facts.unit_name(language),
        "badge": status_badge(facts),
        **quantity_field(facts, language),
        **_offered(facts, offer),
    }


def _offered(facts: ProductFacts, offer: hooks.Offer | None) -> dict[str, Any]:
    if offer is None:
        return {"orderable": False, "sells": hooks.sells()}
    blocking = [problem for problem in offer.problems if problem.code not in SAID_ELSEWHERE]
    starts_later = offer.unit_price is not None and offer.from_quantity > lowest_quantity(facts)
    return {
        "sells": True,
        "price": offer.unit_price,
        "currency": offer.currency,
        "price_from": plain_number(offer.from_quantity) if starts_later else None,
        "next_break": _next_break(offer),
        "price_note": price_note(offer),
        "last_price": offer.last_price if offer.last_price != offer.unit_price else None,
        "stock": shown_stock(offer.stock),
        "in_cart": plain_number(offer.in_cart) if offer.in_cart else None,
        "orderable": offer.orderable,
        "locked": str(blocking[0].message) if blocking and not offer.orderable else "",
    }


def _next_break(offer: hooks.Offer) -> hooks.Break | None:
    """From where it costs less than the price shown."""
    if offer.unit_price is None:
        return None
    cheaper = (
        each
        for each in offer.breaks
        if each.min_quantity > offer.from_quantity and each.unit_price < offer.unit_price
    )
    return next(cheaper, None)


def quantity_field(facts: ProductFacts, language: str) -> dict[str, Any]:
    """The parameters of the theme's quantity field."""
    return {
        "field_id": f"quantity-{facts.id}",
        "pack": plain_number(facts.step if facts.sold_in_packs else max(facts.step, _one(facts))),
        "min": lowest_quantity(facts),
        "max": plain_number(facts.max_quantity) if facts.max_quantity is not None else None,
        "pack_unit": facts.pack_name(language) if facts.sold_in_packs else "",
        "units": _units(facts, language),
    }


def _one(facts: ProductFacts) -> Any:
    return type(facts.pack_size)(1) if not facts.unit_decimals else facts.step


def _units(facts: ProductFacts, language: str) -> str:
    """Packing words that mean several units although loose pieces are sold as well: ``{"carton": 12}``."""
    if facts.sold_in_packs or not facts.pack_unit or facts.pack_size <= 1:
        return ""
    own = facts.pack_name(language)
    names = dict.fromkeys((own, unit_form(own, None), facts.pack_unit, facts.pack_unit_code))
    pairs = (f'"{name}":{plain_number(facts.pack_size)}' for name in names if name and '"' not in name)
    return "{" + ",".join(pairs) + "}"


def pack_text(facts: ProductFacts, language: str) -> str:
    """``carton of 12``, ``minimum 100``; what a buyer must know before typing a number."""
    parts = []
    if facts.pack_unit and facts.pack_size > 1:
        size = figure(facts.pack_size)
        parts.append(_("%(pack)s of %(size)s") % {"pack": facts.pack_name(language), "size": size})
    lowest = lowest_quantity(facts)
    if lowest > facts.step:
        parts.append(_("minimum %(quantity)s") % {"quantity": figure(lowest)})
    return " · ".join(parts)


def status_badge(facts: ProductFacts) -> dict[str, Any] | None:
    if facts.status == ANNOUNCED:
        return {"state": "info", "label": _("Announced")}
    if facts.status == DISCONTINUED:
        return {"state": "neutral", "label": _("Discontinued")}
    return None


def price_note(offer: hooks.Offer) -> str:
    if offer.price_note == "below_first_break":
        quantity = figure(offer.from_quantity)
        return _("priced from %(quantity)s") % {"quantity": quantity}
    return ""


def shown_stock(stock: hooks.StockView | None) -> dict[str, Any] | None:
    """The parameters of the theme's stock component."""
    if stock is None:
        return None
    if stock.mode == "hidden" or stock.band is None:
        return {"state": "hidden"}
    shown: dict[str, Any] = {"state": BANDS.get(stock.band, "neutral")}
    if stock.mode == "exact" and stock.quantity is not None and stock.band not in ("out", "unlimited"):
        shown["quantity"] = plain_number(stock.quantity)
    if stock.band == "plenty" and "quantity" not in shown:
        shown["label"] = pgettext("plenty", "In stock")
    elif stock.band == "unlimited":
        shown["label"] = _("Made to order")
    elif stock.band == "out" and stock.backorder:
        shown["label"] = _("On backorder")
    if stock.arrivals:
        shown["arrival_date"], quantity = stock.arrivals[0]
        shown["arrival_quantity"] = plain_number(quantity) if quantity is not None else None
    return shown
