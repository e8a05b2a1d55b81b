"""Order in one step, without keeping a cart: for an ERP or a script that knows what it wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from ...cart import services as cart_services
from ...cart.problems import price_changed
from ...cart.rules import OK, LineInput, PriceChange
from ...cart.services import BulkResult
from ..models import Order
from ..rules import SubmitRequest
from .submitting import submit


@dataclass(frozen=True, slots=True)
class DirectLine:
    """A line to order exactly like this. ``unit_price`` is the net price the caller reckons with, if it says so."""

    line: LineInput
    unit_price: Decimal | None = None


@transaction.atomic
def place(*, viewer: core.Viewer, lines: Sequence[DirectLine], request: SubmitRequest) -> Order:
    """Order these lines, all of them exactly as they are, or nothing. The current cart stays as it is.

    :raises Refusal: ``lines_refused`` with a problem per line (nothing is rounded here); ``price_changed`` where the
        price is not the one a line names; and everything :func:`submit` raises.
    """
    current = cart_services.current_cart_id(viewer)
    cart = cart_services.start_cart(viewer=viewer)
    result = cart_services.add_lines(
        viewer=viewer,
        lines=[each.line for each in lines],
        mode="set",
        cart_id=cart.pk,
        marks=numbers.PROGRAM,
        exact=True,
    )
    _refuse_all_but_exact(result)
    _refuse_other_prices(lines, result)
    order = submit(viewer=viewer, cart_id=cart.pk, request=request)
    if current is not None:
        cart_services.switch_cart(viewer=viewer, cart_id=current)
    return order


def _refuse_all_but_exact(result: BulkResult) -> None:
    problems = [
        replace(line.problems[0], line=line.number)
        for line in result.lines
        if line.status != OK and line.problems
    ]
    if problems:
        raise core.Refusal(
            "lines_refused",
            ngettext(
                "%(count)d line cannot be ordered as entered.",
                "%(count)d lines cannot be ordered as entered.",
                len(problems),
            )
            % {"count": len(problems)},
            remedy=_("Correct the lines and send them again."),
            problems=problems,
        )


def _refuse_other_prices(lines: Sequence[DirectLine], result: BulkResult) -> None:
    problems = []
    for given, line in zip(lines, result.lines, strict=True):
        if (
            given.unit_price is not None
            and line.unit_price is not None
            and given.unit_price != line.unit_price
        ):
            change = PriceChange(
                line.line_id or 0, line.sku, given.unit_price, line.unit_price, line.currency
            )
            problems.append(price_changed(change, line.number))
    if problems:
        raise core.Refusal(
            "price_changed",
            ngettext(
                "%(count)d price differs from the one you sent.",
                "%(count)d prices differ from the ones you sent.",
                len(problems),
            )
            % {"count": len(problems)},
            remedy=_("Send the new prices if you agree, or leave them out."),
            problems=problems,
            status=409,
        )
