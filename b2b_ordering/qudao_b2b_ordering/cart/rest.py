"""Carts in the API."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from drf_spectacular.utils import extend_schema
from qudao_core import api as core
from qudao_core.headless import HeadlessView, Reference, idempotent, page_response, versioned
from qudao_core.numbers import rules as numbers
from qudao_partner_portal import api as portal
from rest_framework.request import Request
from rest_framework.response import Response

from ..documents import problem_documents, revision_tag, seen_revision, totals_document
from ..flow import rules as flow_rules
from ..orders.models import Order
from . import queries, schemas, services
from .models import Cart
from .queries import CartSummary, PricedCart, PricedLine
from .rules import LineInput
from .services import BulkResult, LineResult

CURRENT = Reference("", "current")


class CartView(HeadlessView):
    """What the cart endpoints share. A cart is named by its id or ``current``."""

    tags = ("carts",)

    def cart(self, reference: Reference) -> Cart:
        """:raises NotFound: ``cart_not_found``."""
        services.refuse_unless_buyer(self.viewer)
        if reference == CURRENT:
            return queries.get_cart(self.viewer)
        if reference.kind not in ("", "id") or reference.id is None:
            raise queries.cart_not_found()
        return queries.get_cart(self.viewer, reference.id)

    def answer(self, cart: Cart, status: int = 200) -> Response:
        """The cart as it is now, with its ETag."""
        document = cart_document(self.viewer, queries.price_cart(self.viewer, cart))
        if cart.submitted_at is not None:
            document["order"] = Order.objects.filter(cart=cart).values_list("number", flat=True).first()
        return self.document(document, state=revision_tag(cart), status=status)


class CartList(CartView):
    """The caller's open carts for the company, the current one first."""

    @extend_schema(responses=schemas.CartSummarySchema(many=True))
    def get(self, request: Request) -> Response:
        """The caller's open carts for the company, the current one first."""
        services.refuse_unless_buyer(self.viewer)
        return page_response([summary_document(each) for each in queries.carts(self.viewer)], None, None)

    @extend_schema(request=schemas.CartInput, responses={201: schemas.CartSchema})
    @idempotent
    @versioned(match=False)
    def post(self, request: Request) -> Response:
        """Start a named cart; it becomes the current one."""
        cart = services.start_cart(viewer=self.viewer, name=self.read(schemas.CartInput)["name"])
        return self.answer(cart, 201)


class CartItem(CartView):
    """One cart with today's prices and every problem of every line."""

    @extend_schema(responses=schemas.CartSchema)
    @versioned()
    def get(self, request: Request, cart: Reference) -> Response:
        """One cart with today's prices and every problem of every line."""
        return self.answer(self.cart(cart))

    @extend_schema(request=schemas.CartChange, responses=schemas.CartSchema)
    @versioned(match=False)
    def patch(self, request: Request, cart: Reference) -> Response:
        """Rename a cart, or make it the current one."""
        found, given = self.cart(cart), self.read(schemas.CartChange)
        if found.pk is None:
            raise queries.cart_not_found()
        if "name" in given:
            services.rename_cart(viewer=self.viewer, cart_id=found.pk, name=given["name"])
        if given.get("is_current"):
            services.switch_cart(viewer=self.viewer, cart_id=found.pk)
        return self.answer(queries.get_cart(self.viewer, found.pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, cart: Reference) -> Response:
        """Delete a cart with its lines."""
        found = self.cart(cart)
        if found.pk is not None:
            services.delete_cart(viewer=self.viewer, cart_id=found.pk)
        return Response(status=204)


class CartLines(CartView):
    """Lines in bulk: up to 2,000 at once, each with its own result."""

    @extend_schema(
        operation_id="add_cart_lines", request=schemas.LinesInput, responses=schemas.BulkResultSchema
    )
    @idempotent
    @versioned()
    def post(self, request: Request, cart: Reference) -> Response:
        """Add or set up to 2,000 lines at once, each with its own result."""
        found, given = self.cart(cart), self.read(schemas.LinesInput)
        result = services.add_lines(
            viewer=self.viewer,
            lines=[line_input(each) for each in given["lines"]],
            mode=given["mode"],
            cart_id=found.pk,
            revision=seen_revision(request, found),
            marks=numbers.PROGRAM,
        )
        return Response(bulk_document(result))

    @extend_schema(operation_id="clear_cart", responses={200: schemas.CartSchema})
    @versioned()
    def delete(self, request: Request, cart: Reference) -> Response:
        """Take every line out."""
        found = self.cart(cart)
        if found.pk is not None:
            found = services.clear(
                viewer=self.viewer, cart_id=found.pk, revision=seen_revision(request, found)
            )
        return self.answer(found)


class CartLineItem(CartView):
    """One line, by its id."""

    @extend_schema(request=schemas.LineChange, responses=schemas.LineResultSchema)
    @versioned()
    def patch(self, request: Request, cart: Reference, line: int) -> Response:
        """Change the quantity or the note of one line."""
        found, given = self.cart(cart), self.read(schemas.LineChange)
        result = services.set_line(
            viewer=self.viewer,
            line_id=line,
            quantity=given.get("quantity"),
            note=given.get("note"),
            cart_id=found.pk,
            revision=seen_revision(request, found),
            marks=numbers.PROGRAM,
        )
        return Response(result_document(result))

    @extend_schema(responses={200: schemas.CartSchema})
    @versioned()
    def delete(self, request: Request, cart: Reference, line: int) -> Response:
        """Take one line out of the cart."""
        found = self.cart(cart)
        if found.pk is not None:
            found = services.remove_line(
                viewer=self.viewer, line_id=line, cart_id=found.pk, revision=seen_revision(request, found)
            )
        return self.answer(found)


class CartPrices(CartView):
    """Agree to prices that have changed since they were first seen."""

    @extend_schema(
        operation_id="accept_cart_prices", request=schemas.AcceptInput, responses=schemas.CartSchema
    )
    @versioned()
    def put(self, request: Request, cart: Reference) -> Response:
        """Agree to prices that have changed since they were first seen."""
        found = self.cart(cart)
        seen = {each["line"]: each["unit_price"] for each in self.read(schemas.AcceptInput)["prices"]}
        changed = services.accept_prices(
            viewer=self.viewer, seen=seen, cart_id=found.pk, revision=seen_revision(request, found)
        )
        return self.answer(changed)


class CartCheckout(CartView):
    """What ordering this cart would mean: problems, totals, terms, and the way the order would go."""

    @extend_schema(responses=schemas.CheckoutSchema)
    def get(self, request: Request, cart: Reference) -> Response:
        """What ordering this cart would mean: problems, totals, terms, and the steps the order would go through."""
        priced = queries.price_cart(self.viewer, self.cart(cart))
        company = apps.get_model("qudao_partner_portal", "Company").objects.get(pk=self.viewer.company_id)
        address = portal.addresses(self.viewer).filter(is_default=True).first()
        title = portal.invoice_titles(self.viewer).filter(is_default=True).first()
        return Response(
            {
                "cart": cart_document(self.viewer, priced),
                "terms": company.payment_terms,
                "address": address.pk if address else None,
                "invoice_title": title.pk if title else None,
                "steps": [_step(self.viewer, step) for step in queries.expected_steps(self.viewer, priced)],
            }
        )


def _step(viewer: core.Viewer, step: flow_rules.Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "name": step.label(viewer.language),
        "kind": step.kind,
        "side": step.side,
        "role": step.role,
    }


# --- Documents -------------------------------------------------------------------------------------------------


def line_input(given: dict[str, Any]) -> LineInput:
    """A validated line as the service takes it."""
    return LineInput(given["product"], given["quantity"], given.get("note"))


def summary_document(cart: CartSummary) -> dict[str, Any]:
    return {
        "id": cart.id,
        "name": cart.name,
        "is_current": cart.is_current,
        "line_count": cart.line_count,
        "revises": cart.revises,
        "revision": cart.revision,
        "updated_at": cart.updated_at,
    }


def cart_document(viewer: core.Viewer, cart: PricedCart) -> dict[str, Any]:
    return {
        "id": cart.id,
        "name": cart.name,
        "revision": cart.revision,
        "currency": cart.currency,
        "is_current": cart.is_current,
        "revises": cart.revises,
        "order": None,
        "can_submit": cart.can_submit,
        "lines": [_line_document(viewer, line) for line in cart.lines],
        "totals": totals_document(cart.totals),
        "problems": problem_documents(cart.problems),
    }


def _line_document(viewer: core.Viewer, line: PricedLine) -> dict[str, Any]:
    facts = line.facts
    return {
        "id": line.line_id,
        "number": line.number,
        "product": line.product_id,
        "sku": line.sku,
        "name": facts.name(viewer.language) if facts else "",
        "unit": facts.unit_name(viewer.language) if facts else "",
        "quantity": numbers.quantity(line.quantity),
        "packs": numbers.quantity(line.packs),
        "note": line.note,
        "unit_price": numbers.unit_price(line.unit_price),
        "seen_price": numbers.unit_price(line.seen_price),
        "last_price": numbers.unit_price(line.last_paid.unit_price) if line.last_paid else None,
        "net": numbers.amount(line.net),
        "tax_rate": numbers.rate(line.tax_rate),
        "problems": problem_documents(line.problems),
        "notices": problem_documents(line.notices),
    }


def bulk_document(result: BulkResult) -> dict[str, Any]:
    return {
        "cart": result.cart_id,
        "revision": result.revision,
        "line_count": result.line_count,
        "kept": result.kept,
        "lines": [result_document(line) for line in result.lines],
    }


def result_document(line: LineResult) -> dict[str, Any]:
    return {
        "number": line.number,
        "code": line.code,
        "status": line.status,
        "kept": line.kept,
        "line": line.line_id,
        "sku": line.sku,
        "name": line.name,
        "quantity": numbers.quantity(line.quantity),
        "unit_price": numbers.unit_price(line.unit_price),
        "currency": line.currency,
        "problems": problem_documents(line.problems),
    }
