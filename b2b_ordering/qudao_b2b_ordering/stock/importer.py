"""Stock counts and arrivals from files, and taking such an import back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.api import cells

from ..product_codes import product_ids
from .models import Arrival, StockLevel, StockMovement, Warehouse
from .services import ArrivalInput, SetResult, StockInput, lock_products, set_arrivals, set_stock

CHUNK = 5_000


class _WarehouseUndo(core.Undo):
    """Images name warehouse and product in their first two places."""

    def named(self, rows: Sequence[core.Row]) -> tuple[set[str], set[int]]:
        """The warehouses and products that rows name."""
        given = self.importer.given["warehouse"]
        places = {str(row["warehouse"] or given or "") for row in rows}
        codes = {row["product"] for row in rows}
        kept = getattr(self, "_kept", None)
        if kept is None or kept[0] != codes:
            kept = self._kept = (codes, product_ids(codes))
        return places, set(kept[1].values())

    def names(self, changes: Sequence[core.Change]) -> Mapping[str, str]:
        model = StockLevel._meta.get_field("product").related_model
        images = {each.id: each.after or each.before or [] for each in changes}
        wanted = {image[1] for image in images.values()}
        skus = dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "profile__sku"))
        return {pk: f"{skus.get(image[1]) or image[1]} ({image[0]})" for pk, image in images.items()}

    def by_seller(self, images: Sequence[core.Image]) -> Iterator[tuple[int, list[core.Image]]]:
        sellers = dict(Warehouse.objects.values_list("code", "seller_id"))
        parts: dict[int, list[core.Image]] = {}
        for image in images:
            parts.setdefault(sellers[image[0]], []).append(image)
        for seller, own in parts.items():
            for start in range(0, len(own), CHUNK):
                yield seller, own[start : start + CHUNK]


class StockUndo(_WarehouseUndo):
    fields = (("warehouse", ""), ("product", ""), ("on_hand", _("On hand")))
    numbers = frozenset({"on_hand"})

    def lock(self, rows: Sequence[core.Row]) -> None:
        _places, products = self.named(rows)
        lock_products(products)

    def touched(self, rows: Sequence[core.Row]) -> core.Images:
        places, products = self.named(rows)
        found: core.Images = {}
        for chunk in _chunks(sorted(products)):
            found |= _levels(warehouse__code__in=places, product_id__in=chunk)
        return found

    def now(self, ids: Iterable[str]) -> core.Images:
        found: core.Images = {}
        for chunk in _chunks([int(each) for each in ids]):
            found |= _levels(pk__in=chunk)
        return found

    def hold(self, batches: Iterable[Sequence[core.Change]]) -> None:
        """Every level of the products in primary-key order, as sales do (:func:`lock_products`, for any number)."""
        products = {(each.after or each.before or [])[1] for changes in batches for each in changes}
        levels: list[int] = []
        for chunk in _chunks(sorted(products)):
            levels += StockLevel.objects.filter(product_id__in=chunk).order_by().values_list("pk", flat=True)
        for chunk in _chunks(sorted(levels)):
            list(StockLevel.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))

    def obstacles(self, changes: Sequence[core.Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        """Levels that moved since, or whose former count would not cover what is allocated of them now."""
        found = {}
        before = {int(each.id): Decimal(self.value(each.before, "on_hand") or 0) for each in changes}
        after = {int(each.id): Decimal(self.value(each.after, "on_hand") or 0) for each in changes}
        for chunk in _chunks(list(before)):
            moved = StockMovement.objects.filter(level_id__in=chunk, at__gt=since).order_by()
            for pk in moved.values_list("level_id", flat=True).distinct():
                found[str(pk)] = ("stock_moved", gettext("The stock has moved since the import."))
            levels = StockLevel.objects.filter(pk__in=chunk, allocated__gt=0).values_list("pk", "allocated")
            for pk, allocated in levels:
                if before[pk] < allocated and before[pk] < after[pk] and str(pk) not in found:
                    message = gettext(
                        "%(allocated)s are allocated to orders; before the import there were %(before)s."
                    )
                    figures = {
                        "allocated": catalog.number_text(allocated),
                        "before": catalog.number_text(before[pk]),
                    }
                    found[str(pk)] = ("stock_allocated", message % figures)
        return found

    def take_back(self, changes: Sequence[core.Change]) -> None:
        """A level that the import created stays, with nothing on hand: its movements are a journal."""
        then = [each.before or [*(each.after or [])[:2], "0"] for each in changes]
        for seller, images in self.by_seller(then):
            rows = [StockInput(product, place, Decimal(on_hand)) for place, product, on_hand in images]
            set_stock(actor=self.importer.viewer, seller_id=seller, rows=rows, reference="undo")


class ArrivalUndo(_WarehouseUndo):
    fields = (
        ("warehouse", _("Warehouse")),
        ("product", ""),
        ("quantity", _("Quantity")),
        ("expected_on", _("Expected on")),
        ("external_key", _("External key")),
        ("received", ""),
    )
    numbers = frozenset({"quantity"})

    def lock(self, rows: Sequence[core.Row]) -> None:
        keys = sorted({row["external_key"] for row in rows})
        for start in range(0, len(keys), CHUNK):
            held = Arrival.objects.select_for_update().filter(external_key__in=keys[start : start + CHUNK])
            list(held.order_by("pk").values_list("pk"))

    def touched(self, rows: Sequence[core.Row]) -> core.Images:
        found: core.Images = {}
        keys = sorted({row["external_key"] for row in rows})
        for start in range(0, len(keys), CHUNK):
            found |= _arrivals(Q(external_key__in=keys[start : start + CHUNK]))
        return found

    def now(self, ids: Iterable[str]) -> core.Images:
        found: core.Images = {}
        for chunk in _chunks([int(each) for each in ids]):
            found |= _arrivals(Q(pk__in=chunk))
        return found

    def hold(self, batches: Iterable[Sequence[core.Change]]) -> None:
        """Goods that come meanwhile wait."""
        ids = sorted(int(each.id) for changes in batches for each in changes)
        for chunk in _chunks(ids):
            list(Arrival.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))

    def obstacles(self, changes: Sequence[core.Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        """Goods that have come, and withdrawn ones whose key somebody has announced again."""
        ids = {each.id for each in changes}
        again = {(each.before or [])[4]: each.id for each in changes if each.after is None}
        found = {
            again[image[4]]: ("external_key_taken", gettext("Its external key has been used again since."))
            for pk, image in (_arrivals(Q(external_key__in=again)) if again else {}).items()
            if pk not in ids
        }
        for pk, image in self.now(ids).items():
            if image[5]:
                found[pk] = ("received", gettext("The goods have been received since."))
        return found

    def take_back(self, changes: Sequence[core.Change]) -> None:
        then = [each.before or _withdrawn(each.after or []) for each in changes]
        for seller, images in self.by_seller(then):
            rows = [
                ArrivalInput(product, place, Decimal(quantity), date.fromisoformat(day), key)
                for place, product, quantity, day, key, _received in images
            ]
            set_arrivals(actor=self.importer.viewer, seller_id=seller, rows=rows)


def _withdrawn(image: core.Image) -> core.Image:
    return [*image[:2], "0", *image[3:]]


def _levels(**where: Any) -> core.Images:
    rows = StockLevel.objects.filter(**where).order_by("pk")
    facts = rows.values_list("pk", "warehouse__code", "product_id", "on_hand")
    return {str(pk): [place, product, str(on_hand)] for pk, place, product, on_hand in facts}


def _arrivals(where: Q) -> core.Images:
    rows = Arrival.objects.filter(where).order_by("pk")
    facts = rows.values_list(
        "pk", "warehouse__code", "product_id", "quantity", "expected_on", "external_key", "received_at"
    )
    return {
        str(pk): [place, product, str(quantity), day.isoformat(), key, received is not None]
        for pk, place, product, quantity, day, key, received in facts
    }


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


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
