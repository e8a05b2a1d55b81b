"""Stock through the API: what a buyer may see, and what its keepers write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.headless import HeadlessView, idempotent
from qudao_core.headless.rules import Reference
from rest_framework.request import Request
from rest_framework.response import Response

from ..pricing.codes import product_ids
from ..pricing.describing import unknown_product
from ..pricing.rest import MayRead
from . import queries, services
from . import schemas as s
from .models import StockTerms


class StockView(HeadlessView):
    tags = ("stock",)


class StockQuery(StockView):
    permission_classes = (MayRead,)

    @extend_schema(request=s.StockQueryInput, responses=s.StockAnswers, operation_id="query_stock")
    def post(self, request: Request) -> Response:
        """The stock of up to 2,000 products as you may see it; each is answered in its place."""
        codes = self.read(s.StockQueryInput)["products"]
        versions = core.Versions.read()
        facts = catalog.facts_by_code(self.viewer, codes, versions)
        views = queries.stock_views(self.viewer, [each.id for each in facts.values()], versions=versions)
        results = [
            {
                "line": line,
                **(
                    s.describe_stock(views[facts[code].id], facts[code])
                    if code in facts
                    else unknown_product(code, facts)
                ),
            }
            for line, code in enumerate(codes, start=1)
        ]
        return Response({"results": results})


class Levels(StockView):
    ordering = ("product__profile__sku", "warehouse__priority", "pk")

    @extend_schema(parameters=[s.LevelFilters], responses=s.LevelOutput(many=True))
    def get(self, request: Request) -> Response:
        """What lies in the warehouses you keep, by SKU."""
        given = self.read_query(s.LevelFilters)
        wanted = queries.LevelFilter(
            given.get("search", ""),
            given.get("product", given.get("sku", "")),
            given.get("warehouse", ""),
            given.get("state", ""),
        )
        return self.page_of_changes(
            queries.levels(self.viewer, wanted),
            lambda rows: [s.describe_level(row) for row in rows],
            given.get("updated_since"),
        )

    @extend_schema(request=s.CountsInput, responses=s.SetOutput, operation_id="set_stock_levels")
    @idempotent
    def post(self, request: Request) -> Response:
        """Set what was counted, up to 20,000 rows. What is promised stays promised.

        One refused row stops all of them (422 `rows_invalid`), unless `partial`.
        """
        seller_id = queries.seller_of(self.viewer)
        given = self.read(s.CountsInput)
        rows = [
            services.StockInput(each["product"], each["warehouse"], each["on_hand"]) for each in given["rows"]
        ]
        done = services.set_stock(
            actor=self.viewer,
            seller_id=seller_id,
            rows=rows,
            reference=given["reference"],
            partial=given["partial"],
        )
        return Response(s.describe_set(done))


class Arrivals(StockView):
    ordering = ("expected_on", "pk")

    @extend_schema(parameters=[s.ArrivalFilters], responses=s.ArrivalOutput(many=True))
    def get(self, request: Request) -> Response:
        """Goods expected at the warehouses you keep, the next first."""
        given = self.read_query(s.ArrivalFilters)
        rows = queries.arrivals(self.viewer)
        if given.get("warehouse"):
            rows = rows.filter(warehouse__code=given["warehouse"])
        if given.get("received") is not None:
            rows = rows.filter(received_at__isnull=not given["received"])
        return self.page(rows, lambda found: [s.describe_arrival(row) for row in found])

    @extend_schema(request=s.ExpectedRowsInput, responses=s.SetOutput, operation_id="set_arrivals")
    @idempotent
    def post(self, request: Request) -> Response:
        """Announce goods, known by `external_key`: the same key replaces, quantity 0 withdraws."""
        seller_id = queries.seller_of(self.viewer)
        given = self.read(s.ExpectedRowsInput)
        rows = [
            services.ArrivalInput(
                each["product"],
                each["warehouse"],
                each["quantity"],
                each["expected_on"],
                each["external_key"],
            )
            for each in given["rows"]
        ]
        done = services.set_arrivals(
            actor=self.viewer, seller_id=seller_id, rows=rows, partial=given["partial"]
        )
        return Response(s.describe_set(done))


class ArrivalReceive(StockView):
    @extend_schema(request=s.ReceiveInput, responses=s.ArrivalOutput, operation_id="receive_arrival")
    @idempotent
    def post(self, request: Request, reference: Reference) -> Response:
        """The goods have come: they go into stock, and to orders that wait for them. Counted once."""
        found = queries.get_arrival(self.viewer, reference)
        given = self.read(s.ReceiveInput)
        services.receive_arrival(actor=self.viewer, arrival=found, quantity=given.get("quantity"))
        return Response(s.describe_arrival(queries.get_arrival(self.viewer, Reference("id", str(found.pk)))))


class Warehouses(StockView):
    ordering = ("code",)

    @extend_schema(responses=s.WarehouseOutput(many=True))
    def get(self, request: Request) -> Response:
        """The warehouses you keep."""
        rows = queries.warehouses(self.viewer)
        return self.page(rows, lambda found: [s.describe_warehouse(row) for row in found])


class WarehouseDetail(StockView):
    @extend_schema(responses=s.WarehouseOutput)
    def get(self, request: Request, code: str) -> Response:
        """One warehouse."""
        return Response(s.describe_warehouse(queries.get_warehouse(self.viewer, code)))

    @extend_schema(request=s.WarehouseInput, responses=s.WarehouseOutput)
    def put(self, request: Request, code: str) -> Response:
        """Create or change a warehouse of your company."""
        seller_id = queries.seller_of(self.viewer)
        given = self.read(s.WarehouseInput)
        changed = services.set_warehouse(actor=self.viewer, seller_id=seller_id, code=code, **given)
        return Response(s.describe_warehouse(changed))


class Policies(StockView):
    ordering = ("audience_key", "pk")

    @extend_schema(responses=s.PolicyOutput(many=True))
    def get(self, request: Request) -> Response:
        """Who sees how much of your company's stock."""
        rows = queries.policies(self.viewer)
        return self.page(rows, lambda found: [s.describe_policy(row) for row in found])


class PolicyDetail(StockView):
    @extend_schema(request=s.PolicyInput, responses=s.PolicyOutput)
    def put(self, request: Request, audience_key: str) -> Response:
        """Let an audience see your stock in this way."""
        seller_id = queries.seller_of(self.viewer)
        given = self.read(s.PolicyInput)
        row = services.set_policy(actor=self.viewer, seller_id=seller_id, audience_key=audience_key, **given)
        return Response(s.describe_policy(row))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, audience_key: str) -> Response:
        """Take an audience's own rule away; wider audiences' rules then count for it."""
        seller_id = queries.seller_of(self.viewer)
        services.remove_policy(actor=self.viewer, seller_id=seller_id, audience_key=audience_key)
        return Response(status=204)


class TermsDetail(StockView):
    @extend_schema(responses=s.TermsOutput, operation_id="get_stock_terms")
    def get(self, request: Request, product: str) -> Response:
        """Whether a product may be ordered beyond its stock."""
        product_id, sku = self._product(product)
        row = StockTerms.objects.filter(pk=product_id).first() or StockTerms(pk=product_id)
        return Response(s.describe_terms(row, sku))

    @extend_schema(request=s.TermsInput, responses=s.TermsOutput, operation_id="set_stock_terms")
    def put(self, request: Request, product: str) -> Response:
        """Set whether a product may be ordered beyond its stock, and how far."""
        product_id, sku = self._product(product)
        row = services.set_terms(actor=self.viewer, product_id=product_id, **self.read(s.TermsInput))
        return Response(s.describe_terms(row, sku))

    def _product(self, code: str) -> tuple[int, str]:
        if not queries.keeps_terms(self.viewer):
            raise core.Forbidden("forbidden", _("You do not have permission to manage stock terms."))
        found = product_ids([code]).get(code)
        if found is None:
            raise core.NotFound("product_not_found", _("There is no such product."))
        return found, catalog.facts_for_staff([found])[found].sku if ":" in code else code
