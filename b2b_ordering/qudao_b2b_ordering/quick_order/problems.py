"""What is wrong with lines of quick order, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from qudao_core import api as core

from ..cart import problems as cart_problems
from . import rules

if TYPE_CHECKING:
    from .queries import SheetLine


def too_large(error: rules.PasteTooLarge) -> core.Refusal:
    """More lines or characters than are read at once."""
    params: dict[str, object] = {"most": error.most, "given": error.given}
    if error.what == "lines":
        return too_many_lines(error.given)
    return core.Refusal(
        "text_too_long",
        _("The text is too long: at most 1,000,000 characters at once."),
        field="text",
        remedy=_("Paste it in parts."),
        params=params,
    )


def too_many_lines(given: int) -> core.Refusal:
    return core.Refusal(
        "too_many_lines",
        _("Quick order holds at most 5,000 lines."),
        field="lines",
        remedy=_("Put the lines that are ready into the cart, or delete some, then add the rest."),
        params={"most": rules.MOST_LINES, "given": given},
    )


def no_lines() -> core.Refusal:
    return core.Refusal(
        "no_lines",
        _("There is nothing to read."),
        field="text",
        remedy=_("Paste lines with a SKU and a quantity."),
    )


def unknown(wanted: rules.Wanted) -> core.Problem:
    """No product, or none the viewer may see: they look the same."""
    if rules.CODE_SCIENTIFIC in wanted.marks:
        return core.Problem(
            "code_rounded",
            _("%(code)s was shortened by the spreadsheet; its last digits are lost.") % {"code": wanted.code},
            field="sku",
            line=wanted.number,
            remedy=_("Format the column as text and copy it again."),
            params={"code": wanted.code},
        )
    return cart_problems.not_available(wanted.code, wanted.number)


def to_ask(wanted: rules.Wanted) -> core.Problem | None:
    """What the recognition could not decide about the quantity; ``None`` where it is sure."""
    if wanted.quantity and not {rules.QUANTITY_SEVERAL, rules.QUANTITY_UNCLEAR} & set(wanted.marks):
        return None
    if wanted.readings:
        return core.Problem(
            "quantity_unsure",
            _("Which quantity is meant: %(readings)s?") % {"readings": core.join_list(wanted.readings)},
            field="quantity",
            line=wanted.number,
            params={"readings": list(wanted.readings)},
        )
    return core.Problem("quantity_missing", _("Enter a quantity."), field="quantity", line=wanted.number)


def discontinued(line: SheetLine) -> core.Problem:
    message = _("Discontinued, and there is not enough left.")
    remedy = None
    if line.replacement is not None:
        remedy = _("Order %(sku)s instead.") % {"sku": line.replacement.sku}
    return core.Problem("discontinued", message, field="sku", line=line.wanted.number, remedy=remedy)


def merged(line: SheetLine, into: int) -> core.Problem:
    return core.Problem(
        "merged",
        _("The same product as in line %(number)d: counted there.") % {"number": into},
        line=line.wanted.number,
        params={"into": into},
    )


def kept_back(line: int) -> core.Problem:
    """The cart is full."""
    return core.Problem(
        "cart_full",
        _("A cart holds at most 2,000 lines."),
        line=line,
        remedy=_("Order this cart first, or start another one."),
    )


def either() -> core.Refusal:
    return core.Refusal("lines_or_text", _("Send either lines or a text."), field="text", status=400)
