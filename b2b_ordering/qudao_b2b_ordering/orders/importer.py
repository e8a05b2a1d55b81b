"""Past orders from a customer's old system, one row per order line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.api import cells

from ..pricing.rules import line_net
from .rules import CANCELLED, COMPLETE, PastLine, PastOrder
from .services import import_orders
from .undoing import PastOrderUndo

STATUSES = {
    COMPLETE: ("Complete", "已完成", "完成"),
    CANCELLED: ("Cancelled", "已取消", "取消"),
}
#: What must be the same in every row of an order: column of the file.
HEAD = ("company", "ordered_at", "currency", "po_number", "status")


def _sellers(viewer: core.Viewer) -> list[tuple[str, str]]:
    model = apps.get_model("qudao_partner_portal", "Company")
    return [(company.code, str(company)) for company in model.objects.filter(is_seller=True)]


class PastOrderImporter(core.Importer):
    kind = "orders"
    label = _("Past orders")
    help = _(
        "One row per order line; rows with the same order number form one order. Past orders do not affect stock; "
        "they are used for “last price paid” and reordering. Orders already imported are left unchanged."
    )
    permission = "qudao_b2b_ordering.add_order"
    undo = PastOrderUndo
    independent = True
    group = "number"
    filled_fields = ("company", "ordered_at")
    batch_size = 20_000
    columns = (
        core.Column(
            "number",
            "Order number",
            "订单号",
            cells.identifier(80),
            ("Number", "单号", "Invoice", "InvoiceNo"),
            required=True,
            example="SO-2025-01877",
            hints="invoice|order|单号|beleg|auftrag|bestell",
        ),
        core.Column(
            "company",
            "Company",
            "公司编码",
            cells.identifier(90),
            ("客户编码", "Customer", "CustomerID"),
            required=True,
            example="D-0042",
            help=_("Code, or ext: and the external key."),
            hints="customer|client|kunde|客户|buyer",
        ),
        core.Column(
            "ordered_at",
            "Ordered",
            "下单时间",
            cells.as_datetime,
            ("Date", "日期", "下单日期", "InvoiceDate"),
            required=True,
            example="2025-11-03 09:20",
            hints="date|日期|时间|datum",
        ),
        core.Column(
            "sku",
            "SKU",
            "货号",
            cells.identifier(64),
            ("商品编号", "商品编码", "StockCode"),
            required=True,
            example="LH-D07-W",
            help=_("A product that no longer exists keeps its name from the file."),
            hints="артикул|sku|货号|编号|编码|料号|型号|item|article|artikel|artnr|part|mpn|product code|"
            "reference|référence|código|codice|code|model|stock",
        ),
        core.Column(
            "name",
            "Name",
            "商品名称",
            cells.text(255),
            ("Description", "名称"),
            default="",
            example="Downlight 7 W",
            hints="name|title|bezeichnung|designation|品名|名称|description|denominazione|"
            "descripción|désignation|规格|article|product|item",
        ),
        core.Column(
            "quantity",
            "Quantity",
            "数量",
            cells.decimal(places=3, above=Decimal(0)),
            required=True,
            example="24",
            hints="qty|menge|pcs|数量",
        ),
        core.Column(
            "unit_price",
            "Unit price",
            "单价",
            cells.decimal(places=4, minimum=Decimal(0)),
            ("UnitPrice", "未税单价"),
            required=True,
            example="18.50",
            help=_("Net."),
            hints="price|preis|prix|precio|prezzo|单价|价格|报价|售价|价|rate|mrp|list",
        ),
        core.Column(
            "net",
            "Line amount",
            "金额",
            cells.decimal(places=2, minimum=Decimal(0)),
            ("Amount", "未税金额"),
            help=_("Net; only where the old system rounded differently."),
            hints="amount|total|betrag|金额|summe",
        ),
        core.Column(
            "tax_rate",
            "Tax rate",
            "税率",
            cells.percentage,
            ("VAT",),
            example="13%",
            hints="tax|vat|mwst|税",
        ),
        core.Column("currency", "Currency", "币种", cells.text(3, upper=True), default="", example="CNY"),
        core.Column(
            "po_number",
            "Customer's order number",
            "采购单号",
            cells.identifier(60),
            ("PO", "客户订单号"),
            default="",
        ),
        core.Column(
            "status", "Status", "状态", cells.choice(STATUSES), default=COMPLETE, help=", ".join(STATUSES)
        ),
    )
    options = (
        core.Option("seller", _("Seller"), required=True, choices=_sellers),
        core.Option("currency", _("Currency if the file does not specify one")),
    )

    def existing(self, name: str) -> str | None:
        if name == "company":
            model = apps.get_model("qudao_partner_portal", "Company")
            dealers = model.objects.filter(is_seller=False).order_by("pk").values_list("code", flat=True)
            return dealers.first() or model.objects.values_list("code", flat=True).first() or ""
        return catalog.example_sku() if name == "sku" else None

    def known(self, name: str, values: Collection[str]) -> Collection[str] | None:
        return catalog.known_skus(values) if name == "sku" else super().known(name, values)

    def start(self) -> None:
        model = apps.get_model("qudao_partner_portal", "Company")
        self.seller = model.objects.get(code=self.given["seller"])
        self.orders = 0
        self.known = 0
        self.without_product = 0
        self.net = Decimal(0)

    def write(self, rows: Sequence[core.Row]) -> core.UpsertResult:
        groups = list(_orders(rows))
        problems = [problem for positions in groups for problem in self._uneven(rows, positions)]
        uneven = {problem.line for problem in problems}
        sound = [positions for positions in groups if uneven.isdisjoint(positions)]
        result = import_orders(
            actor=self.viewer,
            seller=self.seller,
            rows=[self._order([rows[place - 1] for place in positions]) for positions in sound],
        )
        for problem in result.problems:
            problems += self._of_order(problem, sound[(problem.line or 1) - 1])
        return self._result(rows, sound, result, tuple(problems))

    def _result(
        self,
        rows: Sequence[core.Row],
        sound: list[list[int]],
        result: Any,
        problems: tuple[core.Problem, ...],
    ) -> core.UpsertResult:
        refused = {problem.line for problem in problems}
        written = len(list(_unrefused(sound, refused)))
        self.orders += result.created
        self.known += result.known
        self.without_product += result.lines_without_product
        self.net += sum((_net(rows[place - 1]) for place in _unrefused(sound, refused)), Decimal(0))
        return core.UpsertResult(result.lines, 0, written - result.lines, problems)

    def totals(self) -> list[tuple[str, str]]:
        return [
            (gettext("New orders"), str(self.orders)),
            (gettext("Imported before"), str(self.known)),
            (gettext("Lines without a product"), str(self.without_product)),
            (gettext("Net amount"), f"{self.net:,.2f}"),
        ]

    def _uneven(self, rows: Sequence[core.Row], positions: list[int]) -> list[core.Problem]:
        """Rows of one order that disagree about who ordered, when, in which currency."""
        first = rows[positions[0] - 1]
        for place in positions[1:]:
            for name in HEAD:
                if rows[place - 1][name] != first[name]:
                    message = gettext(
                        "Order %(number)s has “%(one)s” in line %(line)d but “%(two)s” here."
                    ) % {
                        "number": first["number"],
                        "one": first[name],
                        "line": first.line,
                        "two": rows[place - 1][name],
                    }
                    remedy = gettext("All rows of an order must agree.")
                    return [self.problem(each, name, "order_uneven", message, remedy) for each in positions]
        return []

    def _of_order(self, problem: core.Problem, positions: list[int]) -> list[core.Problem]:
        """A problem of the whole order, on each of its rows."""
        column = "company" if problem.code == "unknown_company" else "number"
        return [self.problem(place, column, problem.code, str(problem.message)) for place in positions]

    def _order(self, rows: list[core.Row]) -> PastOrder:
        head = rows[0]
        moment = head["ordered_at"]
        return PastOrder(
            external_key=head["number"],
            company=head["company"],
            ordered_at=moment if moment.tzinfo else timezone.make_aware(moment),
            lines=tuple(
                PastLine(
                    row["sku"], row["quantity"], row["unit_price"], row["name"], row["net"], row["tax_rate"]
                )
                for row in rows
            ),
            currency=head["currency"] or self.given["currency"],
            po_number=head["po_number"],
            status=head["status"],
        )


def _net(row: core.Row) -> Decimal:
    return row["net"] if row["net"] is not None else line_net(row["unit_price"], row["quantity"])


def _unrefused(sound: list[list[int]], refused: Collection[int | None]) -> Iterator[int]:
    return (
        place for positions in sound if not any(each in refused for each in positions) for place in positions
    )


def _orders(rows: Sequence[core.Row]) -> Iterator[list[int]]:
    """Positions (from 1) of the rows of each order; the framework hands the rows of an order over side by
    side.
    """
    for _number, members in groupby(range(1, len(rows) + 1), key=lambda place: rows[place - 1]["number"]):
        yield list(members)
