"""Products in the API: lists, one product, filters, bulk writing for an ERP."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from drf_spectacular.utils import extend_schema
from qudao_core import api as core
from qudao_core.headless import (
    HeadlessView,
    Reference,
    versioned,
)
from rest_framework.request import Request
from rest_framework.response import Response

from .. import hooks
from ..views import CatalogueView
from . import documents, services
from .detail import get_product
from .inputs import as_sent
from .schemas import BulkInput, BulkOutput, ProductDetailOutput


class ProductItem(CatalogueView):
    """One product or family: by id, SKU, ``sku:…``, ``ext:…`` or ``barcode:…``."""

    @extend_schema(responses=ProductDetailOutput)
    @versioned()
    def get(self, request: Request, reference: Reference) -> Response:
        """One product or family: by id, SKU, ``sku:…``, ``ext:…`` or ``barcode:…``."""
        detail = get_product(self.viewer, reference, self.versions)
        facts = {each.id: each for each in detail.shown_facts}
        offers = hooks.offer_provider().offers(self.viewer, list(facts), facts=facts, versions=self.versions)
        site = request.build_absolute_uri("/").rstrip("/")
        document = documents.detail_document(detail, offers, self.viewer.language, self.base, site)
        return self.document(document)


class ProductBulk(HeadlessView):
    """Create or change products by SKU.

    Repeating it changes nothing more, so no idempotency key is needed.
    """

    tags = ("products",)

    @extend_schema(operation_id="upsert_products", request=BulkInput, responses=BulkOutput)
    def put(self, request: Request) -> Response:
        """Create or change products by SKU.

        Repeating it changes nothing more, so no idempotency key is needed.
        """
        services.require_editor(self.viewer)
        given = self.read(BulkInput)
        result = services.upsert_products(
            actor=self.viewer,
            rows=map(as_sent, given["products"]),
            partial=given["partial"],
            rehearse=given["rehearse"],
        )
        if result.problems and not given["partial"] and not given["rehearse"]:
            raise core.Refusal(
                "rows_invalid",
                ngettext(
                    "Nothing was saved: %(count)d row has errors.",
                    "Nothing was saved: %(count)d rows have errors.",
                    result.count("refused"),
                )
                % {"count": result.count("refused")},
                remedy=_("Correct them, or send partial=true to save the others."),
                problems=result.problems,
                params={"refused": result.count("refused")},
            )
        return Response(_bulk_document(result))


def _bulk_document(result: services.UpsertResult) -> dict[str, Any]:
    counts = {name: result.count(name) for name in ("created", "changed", "unchanged", "refused")}
    rows = [
        {
            "line": row.line,
            "sku": row.sku,
            "outcome": row.outcome,
            "id": row.product_id,
            "problems": [
                {"code": each.code, "message": str(each.message), "field": each.field}
                for each in row.problems
            ],
        }
        for row in result.rows
    ]
    return {"saved": result.saved, "counts": counts, "new_options": list(result.new_options), "rows": rows}
