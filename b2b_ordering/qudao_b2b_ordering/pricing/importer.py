"""Price rows from files, into one price list or into the lists that the rows name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.api import cells

from .models import ALWAYS, PriceList
from .services import PriceInput, set_prices
from .undoing import PriceUndo

#: Up to so many rows the preview says of each what would become of it; telling takes time for a hundred thousand.
SHOWN_ONE_BY_ONE = 5_000
WORDS = {
    "created": cells.Outcome.CREATED,
    "changed": cells.Outcome.UPDATED,
    "unchanged": cells.Outcome.UNCHANGED,
}


def _lists(viewer: core.Viewer) -> list[tuple[str, str]]:
    rows = PriceList.objects.filter(kind=PriceList.Kind.ROWS).only("code", "name", "name_zh", "currency")
    return [(row.code, f"{row} ({row.currency})") for row in rows]


class PriceImporter(core.Importer):
    kind = "prices"
    label = _("Prices")
    help = _(
        "One row per price, identified by list, product, starting quantity and start date. Net, in the list's currency."
    )
    permission = "qudao_b2b_ordering.change_pricerow"
    batch_size = 100_000
    unique = ("price_list", "product", "min_quantity", "valid_from")
    spread_field = "unit_price"
    spread_sets = ("min_quantity", "price_list")
    suffixed_field = "product"
    filled_fields = ("price_list",)
    independent = True
    undo = PriceUndo
    columns = (
        core.Column(
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
        ),
        core.Column(
            "unit_price",
            "Unit price",
            "单价",
            cells.decimal(places=4, minimum=Decimal(0)),
            ("Price", "未税单价", "价格"),
            required=True,
            example="18.50",
            hints="vk|vk netto|vk-preis|verkaufspreis|销售价|"
            "wholesale price|net price|dealer price|批发价|出厂价|不含税单价|不含税价|einzelpreis|цена|стоимость|"
            "fiyat|harga|preço|가격|단가|"
            "price|preis|prix|precio|prezzo|单价|价格|报价|售价|价|rate|mrp|list",
        ),
        core.Column(
            "min_quantity",
            "From quantity",
            "起始数量",
            cells.decimal(places=3, above=Decimal(0)),
            (
                "Minimum quantity",
                "数量",
                "Quantity",
                "起订量",
                "起订数量",
                "最小数量",
                "Min. quantity",
                "MOQ",
                "Min",
            ),
            default=Decimal(1),
            example="1",
            hints="moq|minimum|min qty|起订|起始|起批|数量|qty|mindest|ab menge|from",
        ),
        core.Column(
            "valid_from",
            "Valid from",
            "生效日期",
            cells.day,
            ("Start", "开始日期"),
            default=ALWAYS,
            example="2026-01-01",
            help=_("Empty: always."),
            hints="valid from|gültig ab|生效|开始",
        ),
        core.Column(
            "valid_until",
            "Valid until",
            "截止日期",
            cells.day,
            ("End", "结束日期", "失效日期"),
            example="2026-12-31",
            help=_("The last valid day. Empty: no end."),
            hints="valid until|gültig bis|截止|失效",
        ),
        core.Column(
            "price_list",
            "Price list",
            "价目表",
            cells.identifier(60),
            ("List", "价格表"),
            help=_("Code of the list; only when the file holds several lists."),
        ),
        core.Column(
            "currency",
            "Currency",
            "币种",
            cells.text(3, upper=True),
            example="CNY",
            help=_("Checked against the price list's currency."),
            hints="currency|währung|币种|货币",
        ),
    )
    options = (core.Option("price_list", _("Price list"), choices=_lists),)

    def start(self) -> None:
        self.lists = {row.code: row for row in PriceList.objects.filter(kind=PriceList.Kind.ROWS)}

    def write(self, rows: Sequence[core.Row]) -> core.UpsertResult:
        """One call per list; rows without a known list are refused here."""
        parts: dict[str, list[int]] = {}
        problems: list[core.Problem] = []
        for position, row in enumerate(rows, start=1):
            code = row["price_list"] or self.given["price_list"]
            found = self.lists.get(code)
            if found and row["currency"] not in (None, found.currency):
                problems.append(self._other_currency(position, row["currency"], found))
            elif found:
                parts.setdefault(code, []).append(position)
            elif not code:
                problems.append(self._no_list(position))
            else:
                problems.append(self.unknown(position, "price_list", code, _("price list")))
        results = [self._part(self.lists[code], places, rows, problems) for code, places in parts.items()]
        outcomes = {
            places[line - 1]: WORDS[outcome]
            for result, places in zip(results, parts.values(), strict=True)
            for line, outcome in result.outcomes.items()
        }
        return core.UpsertResult(
            sum(result.created for result in results),
            sum(result.changed for result in results),
            sum(result.unchanged for result in results),
            tuple(problems),
            outcomes,
        )

    def existing(self, name: str) -> str | None:
        if name == "currency":
            return self._currency()
        return catalog.example_sku() if name == "product" else None

    def _currency(self) -> str:
        """The one currency of all lists; with several, the row had better not name one."""
        found = set(PriceList.objects.order_by().values_list("currency", flat=True))
        return found.pop() if len(found) == 1 else ""

    def known(self, name: str, values: Collection[str]) -> Collection[str] | None:
        return catalog.known_skus(values) if name == "product" else super().known(name, values)

    def _other_currency(self, position: int, currency: str, price_list: PriceList) -> core.Problem:
        return self.problem(
            position,
            "currency",
            "other_currency",
            _("The price is in %(currency)s; the price list “%(list)s” is in %(own)s.")
            % {"currency": currency, "list": price_list, "own": price_list.currency},
            _("Choose a price list in this currency, or convert the prices."),
        )

    def _no_list(self, position: int) -> core.Problem:
        return core.Problem(
            "required",
            _("Neither the file nor the upload says which price list this is for."),
            field=self.header_of("price_list"),
            line=position,
            remedy=_("Upload the file again and choose the price list, or add its code as a column."),
        )

    def _part(
        self,
        price_list: PriceList,
        positions: list[int],
        rows: Sequence[core.Row],
        problems: list[core.Problem],
    ) -> Any:
        inputs = [_input(rows[position - 1].values) for position in positions]
        result = set_prices(
            actor=self.viewer,
            price_list=price_list,
            rows=inputs,
            partial=True,
            outcomes=len(rows) <= SHOWN_ONE_BY_ONE,
            reference="import",
        )
        problems += [
            replace(problem, line=positions[problem.line - 1], field=self.header_of(problem.field or ""))
            for problem in result.problems
            if problem.line
        ]
        return result


def _input(values: dict[str, Any]) -> PriceInput:
    start: date = values["valid_from"]
    return PriceInput(
        values["product"], values["min_quantity"], values["unit_price"], start, values["valid_until"]
    )
