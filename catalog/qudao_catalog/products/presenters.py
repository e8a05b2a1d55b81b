"""Products and quantities as templates show them: in the reader's language, with states of the theme and URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from qudao_core import api as core

from .. import hooks, product_facts
from ..measures import UnitFacts, unit_form
from ..pictures import rules as pictures
from ..pictures.queries import picture_prefix
from ..product_facts import ACTIVE, ANNOUNCED, DISCONTINUED, ProductFacts
from .rules import QuantityIssue, lowest_quantity, plain_number


def number_text(quantity: Decimal) -> str:
    """``36.000`` → ``36``, ``1200.5`` → ``1,200.5``: as the filters of the pages write it, in every language."""
    return f"{plain_number(quantity):,f}"


def quantity_text(quantity: Decimal, unit: str) -> str:
    """``1 piece``, ``10 pieces``, ``10 个``."""
    return f"{number_text(quantity)} {unit_form(unit, quantity)}".rstrip()


MESSAGES: dict[str, Promise | str] = {
    "quantity_not_positive": gettext_lazy("Enter a quantity above zero."),
    "quantity_fractional": gettext_lazy("This product is counted in whole {unit}."),
    "quantity_decimals": gettext_lazy("At most {decimals} decimal places."),
    "below_minimum": gettext_lazy("The minimum is {minimum} {unit}."),
    "off_pack": gettext_lazy("Sold in packs of {pack} {unit}; the next is {nearest}."),
    "above_maximum": gettext_lazy("At most {maximum} {unit} per line."),
    "quantity_unreadable": gettext_lazy(
        "“{text}” is not a quantity. Enter a number, or a number of packs such as “3 ctn”."
    ),
    "quantity_missing": gettext_lazy("Enter a quantity."),
    "quantity_ambiguous": gettext_lazy("“{text}” could mean {one} or {other}. Enter the one you mean."),
    "quantity_unit_unknown": gettext_lazy("“{word}” is not a unit of this product. It is sold in {unit}."),
    "quantity_too_large": gettext_lazy("“{text}” is too large."),
}


def quantity_problem(
    facts: ProductFacts, issue: QuantityIssue, *, field: str | None = "quantity", line: int | None = None
) -> core.Problem:
    """``issue`` in the reader's words, with the figures for machines in ``params``."""
    code = issue.code
    template = MESSAGES[_key(issue, facts)]
    words: dict[str, Any] = {key: _shown(value) for key, value in issue.params.items()}
    words["unit"] = unit_form(facts.unit_name(get_language() or "en"), _counted(issue))
    return core.Problem(code, format_lazy(template, **words), field=field, line=line, params=issue.params)


def _key(issue: QuantityIssue, facts: ProductFacts) -> str:
    """Which message says it: an empty field is asked for, not quoted."""
    if issue.code == "quantity_unreadable" and not issue.params.get("text"):
        return "quantity_missing"
    return "quantity_decimals" if issue.code == "quantity_fractional" and facts.unit_decimals else issue.code


def fraction_problem(
    code: str, unit: UnitFacts, *, field: str | None = "quantity", line: int | None = None
) -> core.Problem:
    """Why a number is no :class:`Quantity` of ``unit``: said in the same words wherever it is tried."""
    key = "quantity_decimals" if code == "quantity_fractional" and unit.decimals else code
    words = {"unit": unit_form(unit.label(get_language() or "en"), None), "decimals": unit.decimals}
    message = gettext_lazy("The quantity is too large.") if code == "quantity_too_large" else MESSAGES[key]
    if code == "quantity_unreadable":
        message = gettext_lazy("This is not a quantity.")
    return core.Problem(
        code,
        format_lazy(message, **words),
        field=field,
        line=line,
        remedy=gettext_lazy("Round the quantity up or down."),
        params={"decimals": unit.decimals},
    )


def _counted(issue: QuantityIssue) -> Decimal | None:
    """The number in front of the unit."""
    found = (issue.params.get(name) for name in ("minimum", "pack", "maximum"))
    return next((number for number in found if isinstance(number, Decimal)), None)


def status_problem(facts: ProductFacts) -> core.Problem | None:
    """Why the product's state keeps it from being ordered at all; ``None`` when it does not.

    A discontinued product is sold while stock lasts, so it is no problem here.
    """
    if facts.status == product_facts.ANNOUNCED:
        return core.Problem(
            "not_yet_available", gettext_lazy("Announced: it cannot be ordered yet."), field="sku"
        )
    return None


def _shown(value: object) -> object:
    return format(value, "f") if hasattr(value, "normalize") else value


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
    packing = _packing(facts, language)
    return {
        "id": facts.id,
        "sku": facts.sku,
        "url": product_url(facts.sku),
        "name": facts.name(language),
        "image_url": pictures.rendition_url(prefix, facts.picture, width),
        "pack_text": _pack_text(packing),
        "unit": facts.unit_name(language),
        "badge": status_badge(facts) if facts.status != ACTIVE else None,
        **_quantity_field(facts, packing),
        **_offered(offer, packing.lowest),
    }


def _offered(offer: hooks.Offer | None, lowest: Decimal) -> dict[str, Any]:
    if offer is None:
        return {"orderable": False, "sells": hooks.sells()}
    starts_later = offer.unit_price is not None and offer.from_quantity > lowest
    return {
        "sells": True,
        "price": offer.unit_price,
        "currency": offer.currency,
        "price_from": plain_number(offer.from_quantity) if starts_later else None,
        "next_break": _next_break(offer),
        "price_note": price_note(offer) if offer.price_note else "",
        "last_price": offer.last_price if offer.last_price != offer.unit_price else None,
        "stock": stock_display(offer.stock),
        "in_cart": plain_number(offer.in_cart) if offer.in_cart else None,
        "orderable": offer.orderable,
        "locked": _lock(offer) if offer.problems and not offer.orderable else "",
    }


def _lock(offer: hooks.Offer) -> str:
    """The first problem that no other column says already."""
    said = [problem for problem in offer.problems if problem.code not in SAID_ELSEWHERE]
    return str(said[0].message) if said else ""


def _next_break(offer: hooks.Offer) -> hooks.Break | None:
    """From where it costs less than the price shown."""
    if offer.unit_price is None:
        return None
    for each in offer.breaks:
        if each.min_quantity > offer.from_quantity and each.unit_price < offer.unit_price:
            return each
    return None


def quantity_field(facts: ProductFacts, language: str) -> dict[str, Any]:
    """The parameters of the theme's quantity field."""
    return _quantity_field(facts, _packing(facts, language))


@dataclass(frozen=True, slots=True)
class _Packing:
    """How a product is packed, worked out once for a row. ``name``: of the pack, ``""`` where there is none."""

    name: str
    size: Decimal
    step: Decimal
    lowest: Decimal


def _packing(facts: ProductFacts, language: str) -> _Packing:
    size = plain_number(facts.pack_size)
    name = facts.pack_name(language) if size > 1 else ""
    return _Packing(name, size, size if facts.sold_in_packs else facts.step, lowest_quantity(facts))


def _quantity_field(facts: ProductFacts, packing: _Packing) -> dict[str, Any]:
    loose = not facts.sold_in_packs
    words = (packing.name, getattr(packing.name, "plural", ""), facts.pack_unit, facts.pack_unit_code)
    return {
        "field_id": f"quantity-{facts.id}",
        "pack": packing.step,
        "min": packing.lowest,
        "max": plain_number(facts.max_quantity) if facts.max_quantity is not None else None,
        "pack_unit": "" if loose else packing.name,
        "units": _units(words, str(packing.size)) if loose and packing.name else "",
    }


@lru_cache(maxsize=1024)
def _units(words: tuple[str, ...], size: str) -> str:
    """Packing words that mean several units although loose pieces are sold as well: ``{"carton": 12}``."""
    names = dict.fromkeys(words)
    return "{" + ",".join([f'"{name}":{size}' for name in names if name and '"' not in name]) + "}"


def pack_text(facts: ProductFacts, language: str) -> str:
    """``carton of 12``, ``minimum 100``; what a buyer must know before typing a number."""
    return _pack_text(_packing(facts, language))


def _pack_text(packing: _Packing) -> str:
    parts = []
    if packing.name:
        parts.append(_("%(pack)s of %(size)s") % {"pack": packing.name, "size": f"{packing.size:,f}"})
    if packing.lowest > packing.step:
        parts.append(_("minimum %(quantity)s") % {"quantity": number_text(packing.lowest)})
    return " · ".join(parts)


def status_badge(facts: ProductFacts) -> dict[str, Any] | None:
    if facts.status == ANNOUNCED:
        return {"state": "info", "label": _("Announced")}
    if facts.status == DISCONTINUED:
        return {"state": "neutral", "label": _("Discontinued")}
    return None


def price_note(offer: hooks.Offer) -> str:
    if offer.price_note == "below_first_break":
        quantity = number_text(offer.from_quantity)
        return _("priced from %(quantity)s") % {"quantity": quantity}
    return ""


def stock_display(stock: hooks.StockView | None) -> dict[str, Any] | None:
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
