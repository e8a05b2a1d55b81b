"""What an order copies, so that it reads the same when products, addresses and companies have changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.numbers import rules as numbers
from qudao_partner_portal import api as portal

from ...cart.queries import PricedLine
from ..models import Order, OrderLine


def address(viewer: core.Viewer, address_id: int | None) -> dict[str, Any]:
    """The delivery address as it is now: the one asked for, or the company's default.

    :raises NotFound: ``address_not_found``: no such address of the company.
    :raises Refusal: ``address_required``: none asked for, and the company has no default.
    """
    default = portal.addresses(viewer).filter(is_default=True)
    found = default.first() if address_id is None else portal.get_address(viewer, address_id)
    if found is None:
        raise core.Refusal(
            "address_required",
            _("The order has no delivery address."),
            field="address",
            remedy=_("Choose one of your company's addresses, or add one."),
        )
    places = [] if found.territory is None else [*found.territory.get_ancestors(), found.territory]
    regions = [place for place in places if place.depth > 1]
    return {
        "id": found.pk,
        "label": found.label,
        "recipient": found.recipient,
        "phone": found.phone,
        "region": " ".join(place.name for place in regions) or found.region,
        "region_zh": "".join(place.name_zh or place.name for place in regions) or found.region,
        "street": found.street,
        "postcode": found.postcode,
        "country": found.country,
    }


def invoice_title(viewer: core.Viewer, title_id: int | None, company: Any) -> dict[str, Any]:
    """To whom the invoice is made out: the title asked for, the company's default, or just its name.

    :raises NotFound: ``invoice_title_not_found``: no such invoice title of the company.
    """
    default = portal.invoice_titles(viewer).filter(is_default=True)
    found = default.first() if title_id is None else portal.get_invoice_title(viewer, title_id)
    if found is None:
        return {"title": company.name, "tax_number": company.tax_number}
    return {
        "id": found.pk,
        "title": found.title,
        "tax_number": found.tax_number,
        "bank": found.bank,
        "bank_account": found.bank_account,
        "registered_address": found.registered_address,
        "phone": found.phone,
    }


def line(order: Order, each: PricedLine) -> OrderLine:
    """An order line with words and price as they are now; only lines that can be ordered come here."""
    facts, price, net = each.facts, each.price, each.net
    assert facts is not None and price is not None and price.unit_price is not None and net is not None
    return OrderLine(
        order=order,
        position=each.number,
        product_id=each.product_id,
        sku=facts.sku,
        name=facts.title,
        name_zh=facts.title_zh,
        line_code=facts.line_code,
        unit=facts.unit_code,
        note=each.note,
        quantity=each.quantity,
        unit_price=price.unit_price,
        net=net,
        tax_rate=facts.tax_rate,
        price_source={
            "list": price.list_code,
            "name": price.list_name,
            "from_quantity": None if price.from_quantity is None else str(price.from_quantity),
            "valid_until": price.valid_until.isoformat() if price.valid_until else None,
        },
    )


def former(lines: Iterable[OrderLine]) -> list[dict[str, Any]]:
    """Lines that are about to be replaced, for the history."""
    return [
        {
            "number": each.position,
            "sku": each.sku,
            "name": each.name,
            "quantity": numbers.format_number(each.quantity),
            "unit_price": str(each.unit_price),
            "net": str(each.net),
        }
        for each in lines
    ]
