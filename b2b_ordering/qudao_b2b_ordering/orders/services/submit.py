"""Turn a cart into an order: everything is checked again, copied, numbered and written down, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core import bulk_sql
from qudao_core.numbers import rules as numbers
from qudao_partner_portal import api as portal

from ...cart import queries as carts
from ...cart import services as cart_services
from ...cart.models import Cart
from ...cart.problems import figure, money, price_changed
from ...cart.queries import PricedCart, PricedLine
from ...cart.rules import OK, LineInput, PriceChange
from ...cart.services import BulkResult, require_buyer
from ...flow import queries as flows
from ...flow import rules as flow_rules
from ...flow import services as flow_services
from ...flow.models import FlowVersion
from ...hooks import credit_providers
from ...stock import services as stock
from ..models import Order, OrderLine
from ..queries import access
from ..rules import (
    ACCOUNT,
    MOST_NOTE,
    RETURNED,
    TRANSFER,
    Difference,
    Shown,
    ShownLine,
    SubmitRequest,
    differences,
)
from . import allocation
from .carts import leave_revision, refuse_other_seller
from .transitions import Transition, apply_transition, going_to, unnumbered


@transaction.atomic
def submit(*, viewer: core.Viewer, cart_id: int | None, request: SubmitRequest) -> Order:
    """Order a cart (``None``: the current one). A cart becomes one order: submitting it again returns that order.

    Prices, terms, names and addresses are copied; stock is allocated if the flow says so; the price paid is
    remembered; a transition, an audit entry and the event ``order.submitted`` are written. A cart that revises a
    returned order becomes that order's new content under the same number. A constant number of statements.

    :raises Forbidden: ``role_required``. :raises NotFound: ``cart_not_found``, ``address_not_found``,
        ``invoice_title_not_found``.
    :raises Conflict: ``order_not_returned``: the order this cart revises has moved on; ``other_seller``: it was placed
        with another seller or in another currency than the company's today; ``changed_since_shown`` with what differs
        from ``request.shown``.
    :raises Refusal: ``cart_not_orderable`` with a problem per line; ``price_changed`` with old and new price per line
        unless the new ones are accepted; ``not_enough_stock``; ``date_past``; ``unknown_payment``;
        ``address_required``; ``no_order_flow``; ``company_not_active``.
    """
    cart = _locked_cart(viewer, cart_id)
    if cart.submitted_at is not None:
        return order_of(cart)
    _check_request(viewer, request)
    _refuse_other_revision(cart, request)
    versions = core.Versions.read()
    priced = carts.price_cart(viewer, cart, accepted=request.accepted_prices, versions=versions)
    _refuse_problems(priced)
    refuse_unless_shown(viewer, priced, request.shown)
    _refuse_changed_prices(priced, request)
    now = timezone.now()
    order = _revised(viewer, cart) if cart.revises_id else _new(viewer, cart, now)
    _fill(order, viewer, priced, request)
    if order.flow is None:
        order.flow = _take_flow(viewer, order)
    _hold_or_not(order, priced)
    _close_cart(viewer, cart, now)
    if cart.revises_id:
        _replace(order, viewer, priced, request)
    else:
        _place(order, viewer, priced, request)
    return order


def order_of(cart: Cart) -> Order:
    """The order a submitted cart became, with its flow."""
    found = Order.objects.select_related("flow", "company", "seller").filter(cart=cart).first()
    if found is None and cart.revises_id:
        found = Order.objects.select_related("flow", "company", "seller").filter(pk=cart.revises_id).first()
    if found is None:
        raise carts.cart_not_found()
    return found


# --- What is asked for -----------------------------------------------------------------------------------------


def _locked_cart(viewer: core.Viewer, cart_id: int | None) -> Cart:
    """The viewer's cart, ordered or not, locked so that of two submits one waits and finds it ordered.

    The viewer's other open carts are locked with it, in primary-key order: one of them becomes the current one.
    """
    require_buyer(viewer)
    mine = Cart.objects.select_for_update(of=("self",)).filter(
        company_id=viewer.company_id, user_id=viewer.user_id
    )
    rows = mine.filter(Q(submitted_at=None) | Q(pk=cart_id)).select_related("revises").order_by("pk")
    found = (row for row in rows if (row.is_current if cart_id is None else row.pk == cart_id))
    cart = next(found, None)
    if cart is None:
        raise carts.cart_not_found()
    return cart


def _check_request(viewer: core.Viewer, request: SubmitRequest) -> None:
    if request.payment not in (ACCOUNT, TRANSFER):
        raise core.Refusal("unknown_payment", _("Pay on account or by bank transfer."), field="payment")
    if request.requested_on is not None and request.requested_on < timezone.localdate():
        raise core.Refusal(
            "date_past",
            _("The requested date is in the past."),
            field="requested_on",
            remedy=_("Choose today or a later day."),
        )
    if len(request.note) > MOST_NOTE:
        raise core.Refusal("note_too_long", _("A note can have at most 2,000 characters."), field="note")
    if len(request.po_number) > 60:
        raise core.Refusal(
            "po_number_too_long", _("Your order number has at most 60 characters."), field="po_number"
        )


def _refuse_other_revision(cart: Cart, request: SubmitRequest) -> None:
    if request.cart_revision not in (None, cart.revision):
        raise core.Outdated(
            "changed_meanwhile",
            _("The cart has changed in the meantime."),
            remedy=_("Review it again before you order."),
            params={"revision": cart.revision},
        )


def _refuse_problems(priced: PricedCart) -> None:
    """Say everything that stands in the way at once."""
    if priced.problems:
        first = priced.problems[0]
        raise core.Refusal(first.code, first.message, remedy=first.remedy, params=first.params)
    problems = [problem for line in priced.lines for problem in line.problems]
    if problems:
        only = {problem.code for problem in problems}
        raise core.Refusal(
            only.pop() if len(only) == 1 else "cart_not_orderable",
            ngettext_lazy(
                "%(count)d line in the cart cannot be ordered as entered.",
                "%(count)d lines in the cart cannot be ordered as entered.",
                "count",
            )
            % {"count": len(priced.problem_lines)},
            remedy=_("See the marked lines."),
            problems=problems,
        )


def _refuse_changed_prices(priced: PricedCart, request: SubmitRequest) -> None:
    """Prices are agreed to by accepting them, or by having been shown as they are."""
    lines = request.shown.lines if request.shown else None
    if lines is not None and all(line.unit_price is not None for line in lines):
        return
    changed = [price_changed(line.price_change, line.number) for line in priced.lines if line.price_change]
    if changed:
        raise core.Refusal(
            "price_changed",
            ngettext_lazy(
                "%(count)d price has changed since you saw it.",
                "%(count)d prices have changed since you saw them.",
                "count",
            )
            % {"count": len(changed)},
            remedy=_("Accept the new prices, or change the cart."),
            problems=changed,
            status=409,
        )


# --- The order -------------------------------------------------------------------------------------------------


def _new(viewer: core.Viewer, cart: Cart, now: datetime) -> Order:
    return Order(
        cart=cart,
        seller_id=viewer.seller_id,
        company_id=viewer.company_id,
        placed_by_id=viewer.user_id,
        currency=viewer.currency,
        submitted_at=now,
        language=viewer.language,
    )


def _revised(viewer: core.Viewer, cart: Cart) -> Order:
    """The returned order that this cart changes, locked."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("flow", "company", "seller")
    order = rows.get(pk=cart.revises_id)
    if order.status != RETURNED:
        raise core.Conflict(
            "order_not_returned",
            _("Order %(number)s is no longer waiting for your changes.") % {"number": order.number},
            params={"number": order.number},
        )
    refuse_other_seller(viewer, order)
    return order


def _fill(order: Order, viewer: core.Viewer, priced: PricedCart, request: SubmitRequest) -> None:
    totals = priced.totals
    company = apps.get_model("qudao_partner_portal", "Company").objects.get(pk=viewer.company_id)
    order.net, order.tax, order.gross = totals.net, totals.tax, totals.gross
    order.tax_by_rate = [
        {"rate": str(each.rate.normalize()), "net": str(each.net), "tax": str(each.tax)}
        for each in totals.by_rate
    ]
    order.line_count = len(priced.lines)
    order.payment, order.po_number, order.note = (
        request.payment,
        request.po_number.strip(),
        request.note.strip(),
    )
    order.source, order.requested_on = request.source, request.requested_on
    order.terms = company.payment_terms
    order.address = copy_of_address(viewer, request.address_id)
    order.invoice_title = copy_of_invoice_title(viewer, request.invoice_title_id, company)


def _take_flow(viewer: core.Viewer, order: Order) -> FlowVersion:
    published = flows.flow_for(seller_id=order.seller_id, audience=viewer.audience)
    published = published or flow_services.ensure_default_flow(seller_id=order.seller_id)
    if published is None:
        raise core.Refusal(
            "no_order_flow",
            _("Your seller is not accepting orders from your company at the moment."),
            remedy=_("Ask your sales contact."),
        )
    return published.version


def _hold_or_not(order: Order, priced: PricedCart) -> None:
    """Keep what the flow's conditions are read from; asked of the credit providers once, here."""
    problem = _credit_problem(order) if order.payment == ACCOUNT else None
    lines = frozenset(line.facts.line_code for line in priced.lines if line.facts and line.facts.line_code)
    facts = flow_rules.Facts(order.gross, problem is not None, lines).as_data()
    if problem is not None:
        facts["credit"] = {"code": problem.code, "message": str(problem.message)}
    order.facts = facts


def _credit_problem(order: Order) -> core.Problem | None:
    for provider in credit_providers:
        problem = provider(
            company_id=order.company_id,
            seller_id=order.seller_id,
            amount=order.gross,
            currency=order.currency,
        )
        if problem is not None:
            return problem
    return None


def _close_cart(viewer: core.Viewer, cart: Cart, now: datetime) -> None:
    """The cart is done; its owner's next product goes into a new one, or after a revision into the one before it."""
    if cart.revises_id and cart.is_current:
        leave_revision(viewer, cart)
    Cart.objects.filter(pk=cart.pk).update(submitted_at=now, is_current=False)
    cart.submitted_at, cart.is_current = now, False


def _place(order: Order, viewer: core.Viewer, priced: PricedCart, request: SubmitRequest) -> None:
    """The order gets its number last: whoever holds the next number lets all other orders wait."""
    order.number = unnumbered()
    order.save(force_insert=True)
    bulk_sql.insert([copy_of_line(order, each) for each in priced.lines])
    _start(order, viewer, request, {})


def _replace(order: Order, viewer: core.Viewer, priced: PricedCart, request: SubmitRequest) -> None:
    """New lines for a returned order; the former ones stay readable in the transition.

    What the order held is free for its new lines first and for others' waiting lines only then.
    """
    former = list(OrderLine.objects.filter(order=order))
    former_products = {line.product_id for line in former if line.product_id is not None}
    stock.lock_products(former_products | {line.product_id for line in priced.lines})
    allocation.release(line_ids=[line.pk for line in former])
    OrderLine.objects.filter(order=order).delete()
    order.save()
    bulk_sql.insert([copy_of_line(order, each) for each in priced.lines])
    _start(order, viewer, request, {"resubmitted": True, "former_lines": former_lines(former)})
    allocation.allocate_backorders(seller_id=order.seller_id, product_ids=former_products)


def _start(order: Order, viewer: core.Viewer, request: SubmitRequest, details: dict[str, Any]) -> None:
    """Let the order begin its flow (a returned one: begin it again)."""
    first = flow_rules.first_step(access.flow_of(order), access.facts_of(order))
    words = {"lines": order.line_count, "gross": str(order.gross)} | details
    transition = Transition(order, viewer, "submit", request.note.strip(), words)
    apply_transition(transition, going_to(order, first, submitted=True))


# --- Without keeping a cart: for an ERP or a script that knows what it wants -----------------------------------------


@dataclass(frozen=True, slots=True)
class DirectLine:
    """A line to order exactly like this. ``unit_price`` is the net price the caller reckons with, if it says so."""

    line: LineInput
    unit_price: Decimal | None = None


@transaction.atomic
def place_order(*, viewer: core.Viewer, lines: Sequence[DirectLine], request: SubmitRequest) -> Order:
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


# --- What was shown is what is ordered -------------------------------------------------------------------------------


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
        gettext("The cart has changed since you viewed it. Nothing was ordered."),
        remedy=gettext("Review the changes and confirm the order, or change the cart."),
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
        return gettext("Your seller is now %(name)s.") % {"name": _company(now)}
    if difference.code == "currency_changed":
        return gettext("The currency is now %(currency)s.") % {"currency": now}
    if isinstance(before, Decimal) and isinstance(now, Decimal) and difference.code == "total_changed":
        words = {"before": money(before, priced.currency), "now": money(now, priced.currency)}
        return gettext("Total: %(before)s before, now %(now)s.") % words
    words = {"sku": line.sku if line else _sku(difference.product)}
    words |= {"before": _figure(before), "now": _figure(now)}
    if difference.code == "line_added":
        return gettext("%(sku)s × %(now)s was added.") % words
    if difference.code == "line_removed":
        return gettext("%(sku)s × %(before)s was removed.") % words
    return gettext("%(sku)s: quantity %(before)s before, now %(now)s.") % words


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


# --- What an order copies, so that it reads the same when products, addresses and companies have changed -------------


def copy_of_address(viewer: core.Viewer, address_id: int | None) -> dict[str, Any]:
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


def copy_of_invoice_title(viewer: core.Viewer, title_id: int | None, company: Any) -> dict[str, Any]:
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


def copy_of_line(order: Order, each: PricedLine) -> OrderLine:
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


def former_lines(lines: Iterable[OrderLine]) -> list[dict[str, Any]]:
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
