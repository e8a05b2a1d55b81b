"""What lies in the warehouses and what is on its way, from files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.api import cells

from .models import Warehouse
from .services import ArrivalInput, SetResult, StockInput, set_arrivals, set_stock
from .undoing import ArrivalUndo, StockUndo

SKU = core.Column(
    "product",
    "SKU",
    "货号",
    cells.identifier(90),
    ("商品编号", "商品编码", "Product", "Item no."),
    required=True,
    example="LH-D07-W",
    help=_("SKU, or ext: and the external key."),
    hints="артикул|sku|货号|编号|编码|料号|型号|item|article|artikel|artnr|part|mpn|product code|"
    "reference|référence|código|codice|code|model",
)
WAREHOUSE = core.Column(
    "warehouse",
    "Warehouse",
    "仓库",
    cells.identifier(40),
    ("仓库编码", "Warehouse code"),
    example="chengdu",
    hints="warehouse|location|仓|lagerort|depot|branch",
)


def _warehouses(viewer: core.Viewer) -> list[tuple[str, str]]:
    return [(place.code, f"{place} ({place.seller})") for place in Warehouse.objects.select_related("seller")]


class _InWarehouses(core.Importer):
    """Rows name a warehouse, or the option names one for the whole file; every row belongs to its seller."""

    independent = True
    filled_fields = ("warehouse",)
    options = (
        core.Option("warehouse", _("Warehouse if the file does not specify one"), choices=_warehouses),
    )

    def known(self, name: str, values: Collection[str]) -> Collection[str] | None:
        return catalog.known_skus(values) if name == "product" else super().known(name, values)

    def existing(self, name: str) -> str | None:
        if name == "warehouse":
            return Warehouse.objects.order_by("priority", "code").values_list("code", flat=True).first() or ""
        return catalog.example_sku() if name == "product" else None

    def start(self) -> None:
        self.sellers = dict(Warehouse.objects.values_list("code", "seller_id"))

    def place(self, row: core.Row) -> str:
        return str(row["warehouse"] or self.given["warehouse"] or "")

    def write(self, rows: Sequence[core.Row]) -> core.UpsertResult:
        """One call per seller; rows without a known warehouse are refused here."""
        parts: dict[int, list[int]] = {}
        problems: list[core.Problem] = []
        for position, row in enumerate(rows, start=1):
            seller = self.sellers.get(self.place(row))
            if seller is None:
                problems.append(self.unknown(position, "warehouse", self.place(row), _("warehouse")))
            else:
                parts.setdefault(seller, []).append(position)
        results = [self._part(seller, positions, rows, problems) for seller, positions in parts.items()]
        return core.UpsertResult(
            sum(result.created for result in results),
            sum(result.changed for result in results),
            sum(result.unchanged for result in results),
            tuple(problems),
        )

    def _part(
        self, seller: int, positions: list[int], rows: Sequence[core.Row], problems: list[core.Problem]
    ) -> SetResult:
        result = self.set(seller, [rows[position - 1] for position in positions])
        problems += [
            replace(problem, line=positions[problem.line - 1], field=self.header_of(problem.field or ""))
            for problem in result.problems
            if problem.line
        ]
        return result

    def set(self, seller: int, rows: Sequence[core.Row]) -> SetResult:
        raise NotImplementedError


class StockImporter(_InWarehouses):
    kind = "stock"
    label = _("Stock on hand")
    help = _("The quantity counted. Allocations to orders do not change.")
    permission = "qudao_b2b_ordering.change_stocklevel"
    unique = ("product", "warehouse")
    undo = StockUndo
    spread_field = "on_hand"
    spread_sets = ("warehouse",)
    columns = (
        SKU,
        WAREHOUSE,
        core.Column(
            "on_hand",
            "On hand",
            "库存数量",
            cells.decimal(places=3, minimum=Decimal(0)),
            ("Quantity", "库存", "数量", "Stock"),
            required=True,
            example="240",
            hints="остаток|наличие|количество|재고|수량|stok|"
            "stock|on hand|inventory|bestand|库存|现存|数量|qty|quantity|menge|available|count",
        ),
    )

    def set(self, seller: int, rows: Sequence[core.Row]) -> SetResult:
        counted = [StockInput(row["product"], self.place(row), row["on_hand"]) for row in rows]
        return set_stock(actor=self.viewer, seller_id=seller, rows=counted, reference="import", partial=True)


class ArrivalImporter(_InWarehouses):
    kind = "arrivals"
    label = _("Expected arrivals")
    help = _(
        "Identified by external key: the same key again replaces the earlier entry; quantity 0 withdraws it."
    )
    permission = "qudao_b2b_ordering.change_arrival"
    columns = (
        SKU,
        WAREHOUSE,
        core.Column(
            "quantity",
            "Quantity",
            "数量",
            cells.decimal(places=3, minimum=Decimal(0)),
            required=True,
            example="480",
            hints="qty|menge|pcs|数量",
        ),
        core.Column(
            "expected_on",
            "Expected on",
            "预计到货",
            cells.day,
            ("Date", "到货日期"),
            required=True,
            example="2026-12-03",
            hints="eta|date|到货|交期|arrival",
        ),
        core.Column(
            "external_key",
            "External key",
            "外部编码",
            cells.identifier(80),
            ("单号",),
            required=True,
            example="PO-7781-3",
        ),
    )
    unique = ("external_key",)
    undo = ArrivalUndo

    def set(self, seller: int, rows: Sequence[core.Row]) -> SetResult:
        expected = [
            ArrivalInput(
                row["product"], self.place(row), row["quantity"], row["expected_on"], row["external_key"]
            )
            for row in rows
        ]
        return set_arrivals(actor=self.viewer, seller_id=seller, rows=expected, partial=True)
