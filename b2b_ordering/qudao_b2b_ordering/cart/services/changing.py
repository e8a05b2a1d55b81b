"""Change what lies in a cart: one line, all of them, the prices that were seen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from .. import rules
from ..models import Cart, CartLine
from ..rules import LineInput
from .adding import LineResult, add_lines
from .locking import lock_cart, touch


@transaction.atomic
def set_line(
    *,
    viewer: core.Viewer,
    line_id: int,
    quantity: Decimal | int | str | None = None,
    note: str | None = None,
    cart_id: int | None = None,
    revision: int | None = None,
    marks: numbers.NumberFormat | None = None,
) -> LineResult:
    """Change a line's quantity or note; the quantity is brought to minimum and pack, and the result says so.

    :raises NotFound: ``cart_not_found``, ``line_not_found``. :raises Conflict: ``changed_meanwhile``.
    :raises Refusal: the quantity cannot be read or ordered (the codes of :func:`catalog.check_quantity`), or the
        product cannot be ordered any more.
    """
    cart = lock_cart(viewer, cart_id, revision)
    line = _line_of(cart, line_id)
    if note is not None:
        CartLine.objects.filter(pk=line.pk).update(note=note.strip()[:200])
    if quantity is None:
        touch(viewer, cart)
        return LineResult(1, str(line.product_id), rules.OK, line.product_id, line.pk, quantity=line.quantity)
    result = add_lines(
        viewer=viewer, lines=[LineInput(line.product_id, quantity)], mode="set", cart_id=cart.pk, marks=marks
    ).lines[0]
    if not result.kept:
        raise _refused(result)
    return result


def _refused(result: LineResult) -> core.Refusal:
    first = result.problems[0]
    return core.Refusal(
        first.code, first.message, field=first.field or "quantity", remedy=first.remedy, params=first.params
    )


@transaction.atomic
def remove_line(
    *, viewer: core.Viewer, line_id: int, cart_id: int | None = None, revision: int | None = None
) -> Cart:
    """Take a line out; taking it out again changes nothing."""
    cart = lock_cart(viewer, cart_id, revision)
    if CartLine.objects.filter(cart=cart, pk=line_id).delete()[0]:
        touch(viewer, cart)
    return cart


@transaction.atomic
def restore_line(
    *, viewer: core.Viewer, product_id: int, quantity: Decimal | int | str, note: str, position: int
) -> LineResult:
    """Put a line that was taken out of the current cart back at its place; one added again meanwhile
    gets the quantity of then.

    :raises Refusal: the product cannot be ordered any more.
    """
    cart = lock_cart(viewer)
    line = LineInput(product_id, quantity, note)
    result = add_lines(viewer=viewer, lines=[line], mode="set", cart_id=cart.pk).lines[0]
    if not result.kept:
        raise _refused(result)
    CartLine.objects.filter(pk=result.line_id).update(position=position)
    return result


@transaction.atomic
def remove_product(*, viewer: core.Viewer, code: str) -> None:
    """Take the product with this code out of the current cart; nothing happens when it is not in it."""
    facts = catalog.facts_by_code(viewer, [code]).get(code)
    if facts is None:
        return
    cart = lock_cart(viewer)
    if CartLine.objects.filter(cart=cart, product_id=facts.id).delete()[0]:
        touch(viewer, cart)


@transaction.atomic
def clear(*, viewer: core.Viewer, cart_id: int | None = None, revision: int | None = None) -> Cart:
    """Take every line out; the cart stays."""
    cart = lock_cart(viewer, cart_id, revision)
    CartLine.objects.filter(cart=cart).delete()
    touch(viewer, cart)
    return cart


@transaction.atomic
def accept_prices(
    *,
    viewer: core.Viewer,
    seen: Mapping[int, Decimal],
    cart_id: int | None = None,
    revision: int | None = None,
) -> Cart:
    """Keep the prices (line id → unit price) that the owner was shown as seen, exactly these and no newer ones."""
    cart = lock_cart(viewer, cart_id, revision)
    lines = list(CartLine.objects.filter(cart=cart, pk__in=list(seen)))
    for line in lines:
        line.seen_price = seen[line.pk]
    CartLine.objects.bulk_update(lines, ["seen_price"])
    touch(viewer, cart)
    return cart


def _line_of(cart: Cart, line_id: int) -> CartLine:
    line = CartLine.objects.filter(cart=cart, pk=line_id).first()
    if line is None:
        raise core.NotFound("line_not_found", _("There is no such line in the cart."))
    return line
