"""Reads of carts: whose they are, what lies in them, what it costs today and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core

from ..flow import queries as flows
from ..flow import rules as flow_rules
from ..flow.rules import RETURNED
from ..hooks import purchase_rules
from ..pricing import queries as pricing
from ..pricing.rules import MAX_AMOUNT, Price, TaxableLine, Totals, line_net, totals
from ..stock import queries as stock
from ..stock.models import Allocation
from ..stock.rules import NO_TERMS, ZERO, Policy, StockView, Terms
from ..stock.rules import view as stock_view
from . import problems as cart_problems
from . import rules
from .models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class CartSummary:
    """One of a person's carts in a list."""

    id: int
    name: str
    is_current: bool
    line_count: int
    revises: str | None
    revision: int
    updated_at: Any


def may_order(viewer: core.Viewer) -> bool:
    """Whether the viewer buys for its company at all (whatever the company's state)."""
    return viewer.user_id is not None and viewer.is_member and viewer.has_role("buyer")


def open_carts(viewer: core.Viewer) -> QuerySet[Cart]:
    """The viewer's own carts for its company that are not yet ordered, the current one first."""
    if not may_order(viewer):
        return Cart.objects.none()
    return Cart.objects.filter(company_id=viewer.company_id, user_id=viewer.user_id, submitted_at=None)


def carts(viewer: core.Viewer) -> list[CartSummary]:
    """The viewer's open carts, at most 50, in one statement."""
    rows = open_carts(viewer).annotate(line_count=Count("lines")).select_related("revises")
    rows = rows.order_by("-is_current", "-updated_at", "-pk")
    return [
        CartSummary(
            row.pk,
            row.name,
            row.is_current,
            row.line_count,
            row.revises.number if row.revises else None,
            row.revision,
            row.updated_at,
        )
        for row in rows[: rules.MOST_CARTS]
    ]


def get_cart(viewer: core.Viewer, cart_id: int | None = None) -> Cart:
    """A cart of the viewer: the one asked for (also when it was ordered), else the current one.

    Where there is no current cart an unsaved empty one is returned; it is written with the first line.

    :raises NotFound: ``cart_not_found``: no such cart, or another person's or company's.
    """
    if cart_id is None:
        found = open_carts(viewer).filter(is_current=True).select_related("revises").first()
        return found or new_cart(viewer)
    mine = Cart.objects.filter(pk=cart_id, company_id=viewer.company_id, user_id=viewer.user_id)
    found = mine.select_related("revises").first() if may_order(viewer) else None
    if found is None:
        raise cart_not_found()
    return found


def new_cart(viewer: core.Viewer, name: str = "") -> Cart:
    """An unsaved cart of the viewer."""
    return Cart(
        company_id=viewer.company_id,
        user_id=viewer.user_id,
        seller_id=viewer.seller_id,
        currency=viewer.currency,
        name=name,
    )


def cart_not_found() -> core.NotFound:
    return core.NotFound("cart_not_found", _("There is no such cart."))


def in_cart(viewer: core.Viewer, product_ids: Sequence[int]) -> dict[int, Decimal]:
    """Product id → how much of it lies in the viewer's current cart; products that do not are left out."""
    if not product_ids or not may_order(viewer):
        return {}
    assert viewer.company_id is not None and viewer.user_id is not None  # may_order
    return dict(_statements.rows_of("in cart", product_ids, _in_cart, viewer.company_id, viewer.user_id))


def line_products(viewer: core.Viewer) -> frozenset[int]:
    """The products in the viewer's current cart."""
    rows = CartLine.objects.filter(cart__in=open_carts(viewer).filter(is_current=True).order_by())
    return frozenset(rows.order_by().values_list("product_id", flat=True))


def line_to_restore(viewer: core.Viewer, line_id: int) -> dict[str, Any] | None:
    """What brings a line of the current cart back once it is taken out; ``None`` when it is not there."""
    rows = CartLine.objects.filter(pk=line_id, cart__in=open_carts(viewer).filter(is_current=True).order_by())
    found = rows.values("product_id", "quantity", "note", "position").first()
    if found is None:
        return None
    facts = catalog.product_facts(viewer, [found["product_id"]]).get(found["product_id"])
    name = facts.name(viewer.language) if facts else ""
    quantity = catalog.plain_number(found["quantity"])
    amount = catalog.quantity_text(found["quantity"], facts.unit_name(viewer.language)) if facts else quantity
    return found | {"id": line_id, "name": name, "quantity": quantity, "amount": amount}


def line_at(viewer: core.Viewer, position: int) -> int:
    """The first line of the current cart that stands at a position or behind it; 0 when there is none."""
    rows = CartLine.objects.filter(cart__in=open_carts(viewer).filter(is_current=True).order_by())
    found = (
        rows.filter(position__gte=position).order_by("position", "pk").values_list("pk", flat=True).first()
    )
    return found or 0


_statements = catalog.CompiledQueries(size=400)


def _in_cart(ids: Sequence[int], company: int, user: int) -> QuerySet[CartLine, tuple[Any, ...]]:
    rows = CartLine.objects.filter(
        cart__company_id=company,
        cart__user_id=user,
        cart__is_current=True,
        cart__submitted_at=None,
        product_id__among=ids,
    )
    return rows.order_by().values_list("product_id", "quantity")


@dataclass(frozen=True, slots=True)
class CartCount:
    """What the cart's button shows; cheap enough for every page. ``revises`` is the number of the returned order that
    the cart changes; ``revisable``: that order still waits for the change.
    """

    id: int | None
    name: str
    lines: int
    revises: str | None = None
    revisable: bool = False


def cart_count(viewer: core.Viewer) -> CartCount:
    """The current cart's name and number of lines, in one statement."""
    if not may_order(viewer):
        return CartCount(None, "", 0)
    row = (
        open_carts(viewer)
        .filter(is_current=True)
        .order_by()
        .values_list("pk", "name", Count("lines"), "revises__number", "revises__status")
        .first()
    )
    if row is None:
        return CartCount(None, "", 0)
    *plain, status = row
    return CartCount(*plain, revisable=status == RETURNED)


# --- What a cart costs today -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A cart's line as of now. ``facts`` is ``None`` when the product is no longer in the viewer's catalogue.

    ``net`` is the rounded net amount, ``None`` without a price. ``problems`` keep the cart from being ordered;
    ``notices`` only tell (a part follows later, a price has changed since it was seen).
    """

    line_id: int
    number: int
    product_id: int
    sku: str
    quantity: Decimal
    note: str
    facts: catalog.ProductFacts | None
    price: Price | None
    seen_price: Decimal | None
    last_paid: pricing.LastPaid | None
    stock: StockView | None
    supply: rules.Supply | None
    net: Decimal | None
    problems: tuple[core.Problem, ...] = ()
    notices: tuple[core.Problem, ...] = ()
    price_change: rules.PriceChange | None = None

    @property
    def tax_rate(self) -> Decimal:
        return self.facts.tax_rate if self.facts else ZERO

    @property
    def unit_price(self) -> Decimal | None:
        return self.price.unit_price if self.price else None

    @property
    def packs(self) -> Decimal | None:
        """Whole packs of this quantity, where it is packed."""
        return catalog.pack_count(self.facts, self.quantity) if self.facts else None


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart with everything a page or a client needs. Totals count the lines that have a price.

    ``problems`` are about the cart as a whole. ``revises`` is the number of the returned order that it changes.
    """

    id: int | None
    name: str
    revision: int
    currency: str
    is_current: bool
    revises: str | None
    lines: tuple[PricedLine, ...]
    totals: Totals
    problems: tuple[core.Problem, ...] = ()

    @property
    def price_changes(self) -> tuple[rules.PriceChange, ...]:
        return tuple(line.price_change for line in self.lines if line.price_change)

    @property
    def problem_lines(self) -> tuple[PricedLine, ...]:
        return tuple(line for line in self.lines if line.problems)

    @property
    def can_submit(self) -> bool:
        """Nothing stands in the way but, at most, prices to be accepted."""
        return bool(self.lines) and not self.problems and not self.problem_lines

    @property
    def is_empty(self) -> bool:
        return not self.lines


def not_allowed(viewer: core.Viewer, product_ids: Sequence[int]) -> dict[int, core.Problem]:
    """Product id → why the viewer may not order it: the first problem any registered purchase rule has."""
    found: dict[int, core.Problem] = {}
    for rule in purchase_rules if product_ids else ():
        for product_id, problem in rule(viewer, product_ids).items():
            found.setdefault(product_id, problem)
    return found


@dataclass(frozen=True, slots=True)
class Offerings:
    """Everything that decides about lines of some products for one viewer, read at once."""

    facts: Mapping[int, catalog.ProductFacts]
    prices: Mapping[int, Price]
    last: Mapping[int, pricing.LastPaid]
    stock: stock.Stock
    policy: Policy
    not_allowed: Mapping[int, core.Problem]
    reserved: Mapping[int, Decimal]

    def supply(self, product_id: int, quantity: Decimal, view: StockView) -> rules.Supply:
        free = self.stock.saleable.get(product_id, ZERO) + self.reserved.get(product_id, ZERO)
        terms: Terms = self.stock.terms.get(product_id, NO_TERMS)
        return rules.supply(quantity, free, terms, view.arrivals)

    def view(self, product_id: int) -> StockView:
        return stock_view(
            self.stock.saleable.get(product_id, ZERO),
            self.policy,
            self.stock.terms.get(product_id, NO_TERMS),
            self.stock.arrivals.get(product_id, ()),
        )


def offerings(
    viewer: core.Viewer,
    wanted: Sequence[tuple[int, Decimal]],
    *,
    facts: Mapping[int, catalog.ProductFacts] | None = None,
    versions: core.Versions | None = None,
    revises_id: int | None = None,
) -> Offerings:
    """Facts, prices, last prices, stock and rules for (product id, quantity) pairs, in a constant number of statements.

    ``revises_id``: an order whose stock the lines may use again.
    """
    versions = versions if versions is not None else core.Versions.read()
    ids = [product_id for product_id, _quantity in wanted]
    if facts is None:
        facts = catalog.product_facts(viewer, ids, versions)
    seen = [pair for pair in wanted if pair[0] in facts]
    return Offerings(
        facts=facts,
        prices=pricing.prices(
            viewer, seen, versions=versions, lines={pk: each.line_id for pk, each in facts.items()}
        ),
        last=pricing.last_prices(viewer, ids),
        stock=stock.stock_of(viewer.seller_id, ids),
        policy=stock.policy_for(viewer, versions=versions),
        not_allowed=not_allowed(viewer, [product_id for product_id, _quantity in seen]),
        reserved=_reserved(revises_id) if revises_id else {},
    )


def price_cart(
    viewer: core.Viewer,
    cart: Cart,
    *,
    accepted: Mapping[int, Decimal] | None = None,
    versions: core.Versions | None = None,
) -> PricedCart:
    """The cart at today's prices with every problem of every line, in the same number of statements for any size.

    ``accepted``: line id → a unit price that its owner has agreed to although it is not the one last seen.
    """
    rows = _rows(cart)
    found = offerings(
        viewer,
        [(row["product_id"], row["quantity"]) for row in rows],
        versions=versions,
        revises_id=cart.revises_id,
    )
    accepted = accepted or {}
    lines = tuple(
        _priced(viewer, row, number, found, accepted.get(row["pk"]))
        for number, row in enumerate(rows, start=1)
    )
    summed = totals([TaxableLine(line.net, line.tax_rate) for line in lines if line.net is not None])
    return PricedCart(
        id=cart.pk,
        name=cart.name,
        revision=cart.revision,
        currency=viewer.currency,
        is_current=cart.is_current,
        revises=cart.revises.number if cart.revises_id and cart.revises else None,
        lines=lines,
        totals=summed,
        problems=tuple(_cart_problems(viewer, rows, summed)),
    )


def expected_steps(viewer: core.Viewer, priced: PricedCart) -> list[flow_rules.Step]:
    """The steps the cart's order would walk; empty: the seller takes no orders from this company."""
    if viewer.seller_id is None:
        return []
    codes = [line.facts.line_code for line in priced.lines if line.facts and line.facts.line_code]
    return flows.expected_steps(
        seller_id=viewer.seller_id, audience=viewer.audience, amount=priced.totals.gross, lines=codes
    )


def _rows(cart: Cart) -> list[dict[str, Any]]:
    if cart.pk is None:
        return []
    rows = CartLine.objects.filter(cart=cart).order_by("position", "pk")
    columns = ("pk", "product_id", "quantity", "note", "seen_price", "product__profile__sku")
    return [dict(row) for row in rows.values(*columns)]


def _reserved(order_id: int) -> dict[int, Decimal]:
    """What a returned order still holds: its own changed lines may use it."""
    held: dict[int, Decimal] = {}
    rows = Allocation.objects.filter(line__order_id=order_id).values_list("level__product_id", "quantity")
    for product_id, quantity in rows.order_by():
        held[product_id] = held.get(product_id, ZERO) + quantity
    return held


def _cart_problems(viewer: core.Viewer, rows: Sequence[Any], summed: Totals) -> list[core.Problem]:
    found = []
    if viewer.is_member and not viewer.may_trade:
        found.append(cart_problems.suspended(viewer.company_name))
    elif viewer.seller_id is None:
        found.append(cart_problems.no_seller())
    if not rows:
        found.append(cart_problems.empty())
    if summed.gross > MAX_AMOUNT:
        found.append(cart_problems.amount_too_large(None))
    return found


def _priced(
    viewer: core.Viewer, row: Mapping[str, Any], number: int, found: Offerings, accepted: Decimal | None
) -> PricedLine:
    product_id, quantity = row["product_id"], row["quantity"]
    facts = found.facts.get(product_id)
    price = found.prices.get(product_id) if facts else None
    view = found.view(product_id) if facts else None
    supply = found.supply(product_id, quantity, view) if view else None
    change = _change(row, price, accepted)
    sku = facts.sku if facts else row["product__profile__sku"] or ""
    problems: list[core.Problem] = []
    if viewer.may_trade:  # a suspended company is told one thing only, on the cart
        problems = line_problems(facts, sku, quantity, price, number)
        if rule := found.not_allowed.get(product_id):
            problems.append(_at(rule, number))
        if facts and supply and supply.missing > 0 and view and not problems:
            problems.append(cart_problems.not_enough(quantity, supply, view, facts, number))
    return PricedLine(
        line_id=row["pk"],
        number=number,
        product_id=product_id,
        sku=sku,
        quantity=quantity,
        note=row["note"],
        facts=facts,
        price=price,
        seen_price=row["seen_price"],
        last_paid=found.last.get(product_id),
        stock=view,
        supply=supply,
        net=line_net(price.unit_price, quantity) if price and price.unit_price is not None else None,
        problems=tuple(problems),
        notices=tuple(_notices(number, facts, quantity, view, supply, change)),
        price_change=change,
    )


def line_problems(
    facts: catalog.ProductFacts | None, sku: str, quantity: Decimal, price: Price | None, number: int | None
) -> list[core.Problem]:
    """What the product, the quantity and the price have against a line; stock and purchase rules not counted."""
    if facts is None:
        return [cart_problems.not_available(sku, number)]
    status = catalog.status_problem(facts)
    found = [_at(status, number)] if status else []
    issues = catalog.check_quantity(facts, quantity)
    found += [catalog.quantity_problem(facts, issue, line=number) for issue in issues]
    unit_price = price.unit_price if price else None
    if not found and unit_price is not None and line_net(unit_price, quantity) > MAX_AMOUNT:
        found.append(cart_problems.amount_too_large("quantity", number))
    missing = rules.price_issue(price)
    if missing and not found:
        found.append(cart_problems.no_price(missing, facts, number))
    return found


def _notices(
    number: int,
    facts: catalog.ProductFacts | None,
    quantity: Decimal,
    view: StockView | None,
    supply: rules.Supply | None,
    change: rules.PriceChange | None,
) -> list[core.Problem]:
    found = []
    if change:
        found.append(cart_problems.price_changed(change, number))
    if facts and view and supply and supply.later > 0:
        found.append(cart_problems.partly_later(quantity, supply, view, facts, number))
    return found


def _change(
    row: Mapping[str, Any], price: Price | None, accepted: Decimal | None
) -> rules.PriceChange | None:
    if price is None or price.unit_price is None or not rules.price_moved(price, row["seen_price"], accepted):
        return None
    sku = row["product__profile__sku"] or ""
    return rules.PriceChange(row["pk"], sku, row["seen_price"], price.unit_price, price.currency)


def _at(problem: core.Problem, number: int | None) -> core.Problem:
    """The same problem standing on line ``number``."""
    return replace(problem, line=number)
