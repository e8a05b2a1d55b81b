"""Turn a cart into an order: everything is checked again, copied, numbered and told, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from qudao_core import api as core

from ... import bulk
from ...cart import queries as carts
from ...cart.models import Cart
from ...cart.problems import price_changed
from ...cart.queries import PricedCart
from ...cart.services import require_buyer
from ...flow import queries as flows
from ...flow import rules as flow_rules
from ...flow import services as flow_services
from ...flow.models import FlowVersion
from ...hooks import credit_providers
from ...stock import services as stock
from ..models import Order, OrderLine
from ..queries import access
from ..rules import ACCOUNT, MOST_NOTE, RETURNED, TRANSFER, SubmitRequest
from . import snapshots
from .comparing import refuse_unless_shown
from .moving import Move, go_to
from .numbers import unnumbered
from .revising import leave_revision, refuse_other_seller


@transaction.atomic
def submit(*, viewer: core.Viewer, cart_id: int | None, request: SubmitRequest) -> Order:
    """Order a cart (``None``: the current one). A cart becomes one order: submitting it again returns that order.

    Prices, terms, names and addresses are copied; stock is promised if the flow says so; the price paid is
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
    order.address = snapshots.address(viewer, request.address_id)
    order.invoice_title = snapshots.invoice_title(viewer, request.invoice_title_id, company)


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
    bulk.insert([snapshots.line(order, each) for each in priced.lines])
    _start(order, viewer, request, {})


def _replace(order: Order, viewer: core.Viewer, priced: PricedCart, request: SubmitRequest) -> None:
    """New lines for a returned order; the former ones stay readable in the transition.

    What the order held is free for its new lines first and for others' waiting lines only then.
    """
    former = list(OrderLine.objects.filter(order=order))
    former_products = {line.product_id for line in former if line.product_id is not None}
    stock.lock_products(former_products | {line.product_id for line in priced.lines})
    stock.release(line_ids=[line.pk for line in former])
    OrderLine.objects.filter(order=order).delete()
    order.save()
    bulk.insert([snapshots.line(order, each) for each in priced.lines])
    _start(order, viewer, request, {"resubmitted": True, "former_lines": snapshots.former(former)})
    stock.allocate_backorders(seller_id=order.seller_id, product_ids=former_products)


def _start(order: Order, viewer: core.Viewer, request: SubmitRequest, details: dict[str, Any]) -> None:
    """Let the order begin its flow (a returned one: begin it again)."""
    first = flow_rules.first_step(access.flow_of(order), access.facts_of(order))
    words = {"lines": order.line_count, "gross": str(order.gross)} | details
    go_to(Move(order, viewer, "submit", request.note.strip(), words), first, submitted=True)
