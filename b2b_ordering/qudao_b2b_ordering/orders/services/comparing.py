"""What was shown is what is ordered: a cart that differs from what its buyer saw is not ordered without a word."""

from __future__ import annotations

from decimal import Decimal

from django.apps import apps
from django.utils.translation import gettext as _
from qudao_core import api as core

from ...cart.problems import figure, money, price_changed
from ...cart.queries import PricedCart, PricedLine
from ...cart.rules import PriceChange
from ..rules import Difference, Shown, ShownLine, differences


def shown_now(viewer: core.Viewer, priced: PricedCart) -> Shown:
    """What somebody who looks at the cart at this moment is shown."""
    return Shown(
        lines=tuple(ShownLine(line.product_id, line.quantity, line.unit_price) for line in priced.lines),
        total=priced.totals.gross,
        currency=priced.currency,
        seller_id=viewer.seller_id,
    )


def refuse_unless_shown(viewer: core.Viewer, priced: PricedCart, shown: Shown | None) -> None:
    """Stop an order that is not what its buyer saw, and say what has changed.

    :raises Conflict: ``changed_since_shown`` with a problem per difference, as listed in :class:`Difference`.
    """
    if shown is None:
        return
    skus = {line.product_id: line.sku for line in priced.lines}
    found = differences(shown, shown_now(viewer, priced), skus)
    if not found:
        return
    lines = {line.product_id: line for line in priced.lines}
    raise core.Conflict(
        "changed_since_shown",
        _("The cart has changed since you viewed it. Nothing was ordered."),
        remedy=_("Review the changes and confirm the order, or change the cart."),
        problems=[_problem(each, lines, priced) for each in found],
        params={"total": priced.totals.gross, "currency": priced.currency, "revision": priced.revision},
    )


def _problem(difference: Difference, lines: dict[int, PricedLine], priced: PricedCart) -> core.Problem:
    line = lines.get(difference.product) if isinstance(difference.product, int) else None
    if difference.code == "price_changed" and line is not None and line.unit_price is not None:
        old = difference.before if isinstance(difference.before, Decimal) else None
        change = PriceChange(line.line_id, line.sku, old, line.unit_price, priced.currency)
        return price_changed(change, line.number)
    return core.Problem(
        difference.code,
        _message(difference, line, priced),
        field="quantity" if line else None,
        line=line.number if line else None,
        params={"before": difference.before, "now": difference.now}
        | ({"product": difference.product} if difference.product is not None else {}),
    )


def _message(difference: Difference, line: PricedLine | None, priced: PricedCart) -> str:
    before, now = difference.before, difference.now
    if difference.code == "seller_changed":
        return _("Your seller is now %(name)s.") % {"name": _company(now)}
    if difference.code == "currency_changed":
        return _("The currency is now %(currency)s.") % {"currency": now}
    if isinstance(before, Decimal) and isinstance(now, Decimal) and difference.code == "total_changed":
        words = {"before": money(before, priced.currency), "now": money(now, priced.currency)}
        return _("Total: %(before)s before, now %(now)s.") % words
    words = {"sku": line.sku if line else _sku(difference.product)}
    words |= {"before": _figure(before), "now": _figure(now)}
    if difference.code == "line_added":
        return _("%(sku)s × %(now)s was added.") % words
    if difference.code == "line_removed":
        return _("%(sku)s × %(before)s was removed.") % words
    return _("%(sku)s: quantity %(before)s before, now %(now)s.") % words


def _figure(value: object) -> str:
    return figure(value) if isinstance(value, Decimal) else ""


def _company(pk: object) -> str:
    found = apps.get_model("qudao_partner_portal", "Company").objects.filter(pk=pk).first()
    return str(found or "")


def _sku(product: object) -> str:
    """The SKU of a product that is no longer in the cart."""
    if not isinstance(product, int):
        return str(product or "")
    found = apps.get_model("qudao_catalog", "ProductProfile").objects.filter(product_id=product).first()
    return str(found.sku) if found else ""
