"""Pages about the goods of an order: ship them in parts, confirm what arrived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import messages as number_messages
from qudao_core.numbers import rules as numbers
from qudao_core.pages import Page

from ...cart.rows import problem_entry
from ...stock.models import Warehouse
from .. import queries, rules, services
from ..forms import ShipmentForm, read_quantity
from ..queries.detail import LineView, ShipmentLineView, ShipmentView
from . import said
from .detail import _revision
from .shown import product_link


class ShipPage(Page):
    """Choose what leaves now; everything that lies ready is proposed."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        detail = self._detail(number)
        form = ShipmentForm(warehouses=_warehouses(detail.order.seller_id))
        typed = {
            line.number: str(catalog.plain_number(min(line.allocated, line.open))) for line in detail.lines
        }
        return self._show(request, detail, form, typed, [])

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        detail = self._detail(number)
        form = ShipmentForm(request.POST, warehouses=_warehouses(detail.order.seller_id))
        typed = {line.number: request.POST.get(f"quantity-{line.number}", "") for line in detail.lines}
        read = _Reader(self.viewer, detail)
        problems = list(read.unreadable(typed.items()))
        if form.is_valid() and not problems:
            try:
                made = services.ship(
                    viewer=self.viewer,
                    number=number,
                    shipment=_shipment(form.cleaned_data, typed, request.POST.get("request_key", ""), read),
                    revision=_revision(request),
                )
            except core.Refusal as refusal:
                problems = list(refusal.problems) or [refusal.problem]
            else:
                messages.success(request, said.shipped(made.number, detail.order))
                return redirect("ordering:order", number)
        return self._show(request, detail, form, typed, problems)

    def _detail(self, number: str) -> queries.OrderDetail:
        detail = queries.order_detail(self.viewer, number)
        if "ship" not in detail.actions:
            raise core.Conflict(
                "not_at_shipment",
                _("Order %(number)s is not waiting for you to ship it.") % {"number": number},
                remedy=_("View its status"),
                remedy_url=reverse("ordering:order", args=[number]),
            )
        return detail

    def _show(
        self,
        request: HttpRequest,
        detail: queries.OrderDetail,
        form: ShipmentForm,
        typed: dict[int, str],
        problems: Sequence[core.Problem],
    ) -> HttpResponse:
        errors, pictures = _errors(problems), _pictures(self.viewer, detail)
        lines = [line for line in detail.lines if line.open > 0 or line.number in errors]
        context = {
            "order": detail.order,
            "order_url": reverse("ordering:order", args=[detail.order.number]),
            "form": form,
            "lines": [_to_ship(line, typed, errors) | pictures[line.number] for line in lines],
            "summary": _summary(problems, detail.lines),
            "request_key": request.POST.get("request_key") or f"web-{get_random_string(20)}",
        }
        return render(
            request, "qudao_b2b_ordering/orders/ship.html", context, status=422 if problems else 200
        )


def _warehouses(seller_id: int) -> Any:
    return Warehouse.objects.filter(seller_id=seller_id, is_active=True)


def _errors(problems: Sequence[core.Problem]) -> dict[int | None, str]:
    """What is wrong with each line, by its number."""
    return {problem.line: str(problem.message) for problem in problems}


def _pictures(viewer: core.Viewer, detail: queries.OrderDetail) -> dict[int, dict[str, str]]:
    """Line number → picture and address of its product."""
    known = _facts(viewer, detail)
    return {line.number: product_link(known.get(line.number)) for line in detail.lines}


def _facts(viewer: core.Viewer, detail: queries.OrderDetail) -> dict[int, catalog.ProductFacts]:
    """Line number → its product, where the viewer's catalogue has it."""
    known = catalog.product_facts(viewer, [line.product_id for line in detail.lines if line.product_id])
    return {line.number: known[line.product_id] for line in detail.lines if line.product_id in known}


def _to_ship(line: LineView, typed: dict[int, str], errors: dict[int | None, str]) -> dict[str, Any]:
    return {
        "id": line.number,
        "name": line.name,
        "sku": line.sku,
        "unit": line.unit,
        "quantity": catalog.plain_number(line.quantity),
        "shipped": catalog.plain_number(line.shipped),
        "allocated": catalog.plain_number(line.allocated),
        "now": typed.get(line.number, ""),
        "error": errors.get(line.number, ""),
    }


def _shipment(data: dict[str, Any], typed: dict[int, str], key: str, read: _Reader) -> services.ShipmentInput:
    lines = [(number, read.quantity(number, text)) for number, text in typed.items()]
    warehouse = data.get("warehouse")
    return services.ShipmentInput(
        lines=[rules.ShipLine(number, quantity) for number, quantity in lines if quantity],
        carrier=data["carrier"],
        tracking_number=data["tracking_number"],
        warehouse=warehouse.code if warehouse else "",
        note=data["note"],
        external_key=key[:80],
    )


class ReceiptPage(Page):
    """Confirm a shipment as it is, or say line by line what is short or damaged."""

    def get(self, request: HttpRequest, number: str, shipment: str) -> HttpResponse:
        detail, found = self._found(number, shipment)
        return self._show(request, detail, found, {}, [])

    def post(self, request: HttpRequest, number: str, shipment: str) -> HttpResponse:
        detail, found = self._found(number, shipment)
        typed = {line.number: _typed(request, line) for line in found.lines}
        read = _Reader(self.viewer, detail)
        problems = list(
            read.unreadable(
                (each, fields[name]) for each, fields in typed.items() for name in ("short", "damaged")
            )
        )
        if not problems:
            claims = [_receipt(each, fields, read) for each, fields in typed.items() if any(fields.values())]
            try:
                services.confirm_receipt(
                    viewer=self.viewer,
                    number=number,
                    shipment=shipment,
                    lines=claims,
                    revision=_revision(request),
                )
            except core.Refusal as refusal:
                problems = list(refusal.problems) or [refusal.problem]
            else:
                messages.success(request, said.received(found, claims, detail.order))
                return redirect("ordering:order", number)
        return self._show(request, detail, found, typed, problems)

    def _found(self, number: str, shipment: str) -> tuple[queries.OrderDetail, ShipmentView]:
        detail = queries.order_detail(self.viewer, number)
        found = next((each for each in detail.shipments if each.number == shipment), None)
        if found is None:
            raise queries.shipment_not_found()
        if "receive" not in detail.actions or found.received_at is not None:
            raise core.Conflict(
                "nothing_to_receive",
                _("This shipment does not need your confirmation."),
                remedy=_("View the order"),
                remedy_url=reverse("ordering:order", args=[number]),
            )
        return detail, found

    def _show(
        self,
        request: HttpRequest,
        detail: queries.OrderDetail,
        found: ShipmentView,
        typed: dict[int, dict[str, str]],
        problems: Sequence[core.Problem],
    ) -> HttpResponse:
        errors, pictures = _errors(problems), _pictures(self.viewer, detail)
        context = {
            "order": detail.order,
            "order_url": reverse("ordering:order", args=[detail.order.number]),
            "shipment": found,
            "lines": [
                _to_receive(line, typed.get(line.number, {}), errors) | pictures.get(line.number, {})
                for line in found.lines
            ],
            "summary": _summary(problems, found.lines),
        }
        return render(
            request, "qudao_b2b_ordering/orders/receipt.html", context, status=422 if problems else 200
        )


def _typed(request: HttpRequest, line: ShipmentLineView) -> dict[str, str]:
    return {
        name: request.POST.get(f"{name}-{line.number}", "").strip() for name in ("short", "damaged", "note")
    }


def _receipt(number: int, fields: dict[str, str], read: _Reader) -> rules.ReceiptLine:
    short, damaged = read.quantity(number, fields["short"]), read.quantity(number, fields["damaged"])
    return rules.ReceiptLine(number, short, damaged, fields["note"][:300])


def _to_receive(
    line: ShipmentLineView, typed: dict[str, str], errors: dict[int | None, str]
) -> dict[str, Any]:
    return {
        "id": line.number,
        "name": line.name,
        "sku": line.sku,
        "unit": line.unit,
        "quantity": catalog.plain_number(line.quantity),
        "short": typed.get("short", ""),
        "damaged": typed.get("damaged", ""),
        "note": typed.get("note", ""),
        "error": errors.get(line.number, ""),
    }


class _Reader:
    """Reads what was typed into a line: a number, or packs of its product ("3 ctn") as everywhere else."""

    def __init__(self, viewer: core.Viewer, detail: queries.OrderDetail) -> None:
        self._viewer, self._detail = viewer, detail

    @cached_property
    def _facts(self) -> dict[int, catalog.ProductFacts]:
        """Read when something else than a number was typed."""
        return _facts(self._viewer, self._detail)

    def quantity(self, number: int, text: str) -> Decimal:
        """Units; empty is zero.

        :raises numbers.NumberError: it is no quantity, or could be two.
        :raises catalog.UnreadableQuantity: it counts in a unit the product does not come in.
        """
        try:
            return read_quantity(text)
        except numbers.NumberError as error:
            facts = self._facts.get(number)
            if facts is None or error.code == numbers.AMBIGUOUS:
                raise
            try:
                return catalog.parse_quantity(text, facts, numbers.number_format_of(get_language() or "en"))
            except catalog.UnreadableQuantity as unreadable:
                if unreadable.issue.code == "quantity_unreadable":
                    raise error from unreadable
                raise

    def unreadable(self, typed: Iterable[tuple[int, str]]) -> Iterator[core.Problem]:
        """A problem for every text that is no quantity, or could be two."""
        for number, text in typed:
            try:
                self.quantity(number, text)
            except numbers.NumberError as error:
                ambiguous = error.code == numbers.AMBIGUOUS
                yield core.Problem(
                    "quantity_ambiguous" if ambiguous else "quantity_unreadable",
                    number_messages.error_message(error),
                    line=number,
                    remedy=_("Enter a number, for instance 12."),
                )
            except catalog.UnreadableQuantity as unreadable:
                yield catalog.quantity_problem(self._facts[number], unreadable.issue, line=number)


def _summary(
    problems: Sequence[core.Problem], lines: Sequence[LineView | ShipmentLineView]
) -> list[dict[str, Any]]:
    """What is wrong, each with its product, which the tables show, and not with a number, which they do not."""
    skus: dict[int | None, str] = {line.number: line.sku for line in lines}
    return [
        problem_entry(problem, f"#line-{problem.line}", skus[problem.line])
        if problem.line in skus
        else problem_entry(problem)
        for problem in problems
    ]
