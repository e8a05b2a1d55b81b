"""Products in the API: lists, one product, filters, bulk writing for an ERP."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from qudao_core.headless import Reference, versioned
from rest_framework.request import Request
from rest_framework.response import Response

from .. import hooks
from ..views import CatalogueView
from . import serializers
from .detail import get_product
from .serializers import ProductDetailOutput


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
        document = serializers.detail_document(detail, offers, self.viewer.language, self.base, site)
        return self.document(document)
