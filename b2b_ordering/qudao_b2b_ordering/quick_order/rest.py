"""Quick order in the API: many lines in one call, and the company's own item numbers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.headless import HeadlessView, idempotent
from qudao_core.numbers import rules as numbers
from rest_framework.request import Request
from rest_framework.response import Response

from ..cart import services as carts
from ..documents import problem_documents
from . import problems, queries, rules, schemas, services


class QuickOrder(HeadlessView):
    """Up to 5,000 lines by any code into the current cart."""

    tags = ("quick-order",)

    @extend_schema(
        operation_id="quick_order", request=schemas.QuickOrderInput, responses=schemas.QuickOrderSchema
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Put every line that can be ordered into the current cart, and say of each line what became of it."""
        given = self.read(schemas.QuickOrderInput)
        carts.refuse_unless_buyer(self.viewer)
        lines = self._lines(given)
        marks = None if given.get("text") else numbers.PROGRAM
        if not given["add_to_cart"]:
            sheet = queries.sheet(self.viewer, lines, core.Versions.read(), marks)
            return Response(document(self.viewer, services.QuickResult(sheet.lines)))
        result = services.order_lines(
            viewer=self.viewer, lines=lines, keep_rest=given["keep_rest"], marks=marks
        )
        return Response(document(self.viewer, result))

    def _lines(self, given: dict[str, Any]) -> list[rules.Wanted]:
        if given.get("text") and given.get("lines"):
            raise problems.either()
        if given.get("text"):
            return queries.recognise(self.viewer, given["text"], core.Versions.read())
        if not given.get("lines"):
            raise problems.no_lines()
        return [
            rules.Wanted(number, f"{line['code']} {line['quantity']}", line["code"], line["quantity"])
            for number, line in enumerate(given["lines"], start=1)
        ]


class OwnNumbers(HeadlessView):
    """What the caller's company calls products."""

    tags = ("quick-order",)
    ordering = ("number", "pk")

    @extend_schema(operation_id="list_own_numbers", responses=schemas.OwnNumberSchema(many=True))
    def get(self, request: Request) -> Response:
        """The company's own item numbers, by number, of products its people may see."""
        rows = queries.own_numbers(self.viewer).order_by("pk")
        return self.page(rows, self._documents)

    def _documents(self, rows: list[Any]) -> list[dict[str, Any]]:
        return [
            {"number": row.number, "product": row.product_id, "sku": facts.sku}
            for row, facts in queries.number_rows(self.viewer, rows)
        ]

    @extend_schema(
        operation_id="set_own_numbers", request=schemas.OwnNumbersInput, responses=schemas.OwnNumbersResult
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Set or remove up to 5,000 own item numbers; refused rows are named, all others are written."""
        given = self.read(schemas.OwnNumbersInput)["numbers"]
        rows = [services.OwnNumberInput(row["product"], row["number"]) for row in given]
        result = services.set_own_numbers(viewer=self.viewer, rows=rows)
        return Response(
            {
                "created": result.created,
                "updated": result.updated,
                "unchanged": result.unchanged,
                "problems": problem_documents(result.problems),
            }
        )


def document(viewer: core.Viewer, result: services.QuickResult) -> dict[str, Any]:
    return {
        "cart": result.cart_id,
        "added": len(result.added),
        "lines": [_line(viewer, line, result) for line in result.lines],
    }


def _line(viewer: core.Viewer, line: queries.SheetLine, result: services.QuickResult) -> dict[str, Any]:
    number = line.wanted.number
    return {
        "number": number,
        "text": line.wanted.text,
        "code": line.wanted.code,
        "status": line.status,
        "in_cart": number in result.added,
        "kept": number in result.kept,
        "product": _product(viewer, line.facts),
        "own_number": line.own_number,
        "asked": numbers.quantity(line.asked),
        "quantity": numbers.quantity(line.quantity),
        "unit_price": numbers.unit_price(line.unit_price),
        "currency": line.currency,
        "into": line.into,
        "candidates": [_product(viewer, each) for each in line.candidates],
        "replacement": _product(viewer, line.replacement),
        "problems": problem_documents(line.problems),
    }


def _product(viewer: core.Viewer, facts: catalog.ProductFacts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {"id": facts.id, "sku": facts.sku, "name": facts.name(viewer.language)}
