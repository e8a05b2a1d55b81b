"""The endpoints of orders: parse, call a query or service, render."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from qudao_core import api as core
from qudao_core.headless import (
    HeadlessView,
    IdempotentParts,
    Reference,
    idempotent,
    idempotent_by_part,
    page_response,
    versioned,
)
from qudao_core.headless.rules import NOTHING, parse_reference
from qudao_partner_portal import api as portal
from rest_framework.request import Request
from rest_framework.response import Response

from ...cart.queries import get_cart, price_cart
from ...cart.rest import bulk_document, cart_document, line_input
from ...cart.schemas import BulkResultSchema, CartSchema
from ...cart.services import refuse_unless_buyer, require_buyer
from ...documents import revision_tag, seen_revision
from .. import queries, rules, services
from ..models import Order
from ..queries.lists import OrderFilter
from . import documents, schemas


class OrderView(HeadlessView):
    """What the order endpoints share. An order is named by its number, or ``ext:`` and the seller's key for it."""

    tags = ("orders",)

    def order(self, reference: Reference) -> Order:
        """:raises NotFound: ``order_not_found``. :raises Refusal: ``ambiguous_reference``."""
        return queries.get_order(self.viewer, reference)

    def number(self, reference: Reference) -> str:
        """The order's number, where the query or service that is asked next loads the order."""
        found = queries.numbers(self.viewer, [reference])[reference]
        if isinstance(found, core.Refusal):
            raise found
        return found

    def address_id(self, reference: Reference | None) -> int | None:
        """:raises NotFound: ``address_not_found``."""
        return portal.get_address(self.viewer, reference).pk if reference else None

    def filter(self) -> tuple[OrderFilter, datetime | None]:
        """The filter of the query string, and ``updated_since``.

        :raises NotFound: ``company_not_found`` for a company the caller does not know.
        """
        given = dict(self.read_query(schemas.OrderQuery))
        since = given.pop("updated_since", None)
        if "company" in given:
            given["company"] = portal.get_company(self.viewer, given["company"]).code
        return OrderFilter(**given), since

    def answer(self, number: Reference, status: int = 200) -> Response:
        """The order as it is now, with its ETag."""
        detail = queries.order_detail(self.viewer, number)
        state = revision_tag(detail.order)
        return self.document(documents.order_document(detail), state=state, status=status)


class OrderList(OrderView):
    ordering = ("-submitted_at", "-pk")

    @extend_schema(parameters=[schemas.OrderQuery], responses=schemas.OrderRowSchema(many=True))
    def get(self, request: Request) -> Response:
        """Orders the caller may see, newest first: placed by its company, and received by it if it sells."""
        wanted, since = self.filter()
        return self.page_of_changes(
            queries.orders(self.viewer, wanted),
            lambda rows: [documents.row_document(row) for row in queries.order_rows(self.viewer, rows)],
            since,
        )

    @extend_schema(request=schemas.OrderInput, responses={201: schemas.OrderSchema})
    @idempotent
    @versioned()
    def post(self, request: Request) -> Response:
        """Place an order from a cart, or from lines. A cart becomes one order however often it is submitted.

        To order exactly what was shown, send ``expected``, or ``If-Match`` with the ETag of the cart.
        """
        given = self.read(schemas.OrderInput)
        (refuse_unless_buyer if "lines" in given else require_buyer)(self.viewer)
        wanted = rules.SubmitRequest(
            address_id=self.address_id(given.get("address")),
            requested_on=given.get("requested_on"),
            po_number=given.get("po_number", ""),
            note=given.get("note", ""),
            payment=given["payment"],
            invoice_title_id=given.get("invoice_title"),
            accepted_prices={each["line"]: each["unit_price"] for each in given.get("accept_prices", ())},
            source=Order.Source.API,
            shown=_shown(given.get("expected")),
            cart_revision=None if "lines" in given else self._seen_cart(request, given.get("cart")),
        )
        if "lines" in given:
            lines = [services.DirectLine(line_input(each), each.get("unit_price")) for each in given["lines"]]
            order = services.place(viewer=self.viewer, lines=lines, request=wanted)
        else:
            order = services.submit(viewer=self.viewer, cart_id=given.get("cart"), request=wanted)
        response = self.answer(order.number, 201)
        response["Location"] = request.build_absolute_uri(f"{order.number}/")
        return response

    def _seen_cart(self, request: Request, cart_id: int | None) -> int | None:
        if "If-Match" not in request.headers:
            return None
        return seen_revision(request, get_cart(self.viewer, cart_id))


def _shown(expected: dict[str, Any] | None) -> rules.Shown | None:
    """``expected`` as the service takes it."""
    if expected is None:
        return None
    lines = [
        rules.ShownLine(each.get("product", each.get("sku", "")), each["quantity"], each.get("unit_price"))
        for each in expected.get("lines", ())
    ]
    return rules.Shown(
        lines=tuple(lines) if "lines" in expected else None,
        total=expected.get("total"),
        currency=expected.get("currency"),
    )


class OrderItem(OrderView):
    @extend_schema(responses=schemas.OrderSchema)
    @versioned()
    def get(self, request: Request, number: Reference) -> Response:
        """One order with its lines, shipments, steps and what the caller may do now."""
        return self.answer(self.number(number))

    @extend_schema(request=schemas.OrderChange, responses=schemas.OrderSchema)
    @versioned()
    def patch(self, request: Request, number: Reference) -> Response:
        """Write the seller's own key on the order."""
        order = self.order(number)
        services.set_external_key(
            viewer=self.viewer,
            number=order.number,
            external_key=self.read(schemas.OrderChange)["external_key"],
            revision=seen_revision(request, order),
        )
        return self.answer(order.number)


class OrderActions(OrderView):
    @extend_schema(
        operation_id="act_on_order",
        parameters=[OpenApiParameter("action", str, OpenApiParameter.PATH, enum=services.ACTIONS)],
        request=schemas.ActionInput,
        responses=schemas.OrderSchema,
    )
    @idempotent
    @versioned()
    def post(self, request: Request, number: Reference, action: str) -> Response:
        """Decide, call off, take back or comment. Send If-Match or ``step`` to decide only about what you saw."""
        order, given = self.order(number), self.read(schemas.ActionInput)
        services.perform(
            viewer=self.viewer,
            number=order.number,
            action=action,
            note=given["note"],
            revision=seen_revision(request, order),
            step=given.get("step"),
        )
        return self.answer(order.number)


class OrderActionMany(OrderView):
    @extend_schema(
        operation_id="act_on_orders", request=schemas.BulkActionInput, responses=schemas.BulkActionSchema
    )
    @idempotent_by_part
    def post(self, request: Request, parts: IdempotentParts) -> Response:
        """Do the same to up to 200 orders; each succeeds or is refused for itself, in a transaction of its own.

        Repeated with the same key, what was done answers as done and nothing happens twice.
        """
        given = self.read(schemas.BulkActionInput)
        names = [parse_reference(each["number"]) or NOTHING for each in given["orders"]]
        known = queries.numbers(self.viewer, names)
        targets = [
            services.Target(**{**each, "number": known[name]})
            for each, name in zip(given["orders"], names, strict=True)
            if isinstance(known[name], str)
        ]
        done = iter(
            services.act_on_many(
                viewer=self.viewer,
                targets=targets,
                action=given["action"],
                note=given["note"],
                first_time=parts.first_time,
            )
            if targets
            else ()
        )
        outcomes = [
            services.Outcome(each["number"], problem=known[name].problem)
            if isinstance(known[name], core.Refusal)
            else next(done)
            for each, name in zip(given["orders"], names, strict=True)
        ]
        if any(outcome.is_busy for outcome in outcomes):
            parts.unfinished()
        return Response(
            {
                "done": sum(outcome.done for outcome in outcomes),
                "results": [documents.outcome_document(outcome) for outcome in outcomes],
            }
        )


class OrderShipments(OrderView):
    @extend_schema(responses=schemas.ShipmentSchema(many=True))
    def get(self, request: Request, number: Reference) -> Response:
        """The order's shipments with their lines, oldest first."""
        detail = queries.order_detail(self.viewer, self.number(number))
        return page_response([documents.shipment_document(each) for each in detail.shipments], None, None)

    @extend_schema(
        operation_id="ship_order", request=schemas.ShipmentInputSchema, responses={201: schemas.OrderSchema}
    )
    @idempotent
    @versioned()
    def post(self, request: Request, number: Reference) -> Response:
        """Ship the order or a part of it."""
        order, given = self.order(number), self.read(schemas.ShipmentInputSchema)
        lines = tuple(rules.ShipLine(**each) for each in given.pop("lines", ()))
        services.ship(
            viewer=self.viewer,
            number=order.number,
            shipment=services.ShipmentInput(lines=lines, **given),
            revision=seen_revision(request, order),
        )
        return self.answer(order.number, 201)


class OrderReceipts(OrderView):
    @extend_schema(
        operation_id="confirm_receipt", request=schemas.ReceiptInput, responses=schemas.OrderSchema
    )
    @idempotent
    @versioned()
    def post(self, request: Request, number: Reference) -> Response:
        """Confirm what arrived; name only lines that are short or damaged."""
        order, given = self.order(number), self.read(schemas.ReceiptInput)
        services.confirm_receipt(
            viewer=self.viewer,
            number=order.number,
            shipment=self.shipment(order, given["shipment"]),
            lines=[rules.ReceiptLine(**each) for each in given.get("lines", ())],
            note=given["note"],
            revision=seen_revision(request, order),
        )
        return self.answer(order.number)

    def shipment(self, order: Order, name: str) -> str:
        return queries.get_shipment(order, parse_reference(name) or NOTHING).number if name else ""


class OrderTransitions(OrderView):
    @extend_schema(responses=schemas.TransitionSchema(many=True))
    def get(self, request: Request, number: Reference) -> Response:
        """Who did what, when and with which words; oldest first."""
        detail = queries.order_detail(self.viewer, self.number(number))
        return page_response([documents.event_document(event) for event in detail.timeline], None, None)


class OrderReorder(OrderView):
    @extend_schema(operation_id="reorder", request=None, responses=BulkResultSchema)
    @idempotent
    def post(self, request: Request, number: Reference) -> Response:
        """Put the order's lines into the current cart at today's prices."""
        return Response(bulk_document(services.reorder(viewer=self.viewer, number=self.number(number))))


class OrderRevision(OrderView):
    @extend_schema(operation_id="revise_order", request=None, responses=CartSchema)
    @idempotent
    @versioned(match=False)
    def post(self, request: Request, number: Reference) -> Response:
        """A cart with the lines of an order that was returned for change; ordering it changes that order."""
        cart = services.revise(viewer=self.viewer, number=self.number(number))
        document = cart_document(self.viewer, price_cart(self.viewer, cart))
        return self.document(document, state=revision_tag(cart))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: Reference) -> Response:
        """Stop revising: the cart from before is current again. The order stays as it is, and so does what you changed
        so far."""
        services.stop_revising(viewer=self.viewer, number=self.order(number).number)
        return Response(status=204)


class OrderBoard(OrderView):
    @extend_schema(parameters=[schemas.OrderQuery], responses=schemas.BoardSchema)
    def get(self, request: Request) -> Response:
        """The seller's orders under way, by step."""
        wanted, _since = self.filter()
        return Response(documents.board_document(queries.board(self.viewer, wanted)))


class OrderWaiting(OrderView):
    @extend_schema(operation_id="get_waiting_orders", responses=schemas.WaitingSchema)
    def get(self, request: Request) -> Response:
        """How much waits for the caller, by step."""
        return Response(documents.waiting_document(queries.waiting(self.viewer)))
