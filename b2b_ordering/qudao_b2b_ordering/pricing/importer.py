"""Prices from files, and taking such an import back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.api import cells

from ..product_codes import product_ids
from .models import ALWAYS, PriceList, PriceRow
from .services import PriceInput, remove_prices, set_prices

CHUNK = 10_000


class PriceUndo(core.Undo):
    fields = (
        ("price_list", _("Price list")),
        ("product", ""),
        ("min_quantity", _("From quantity")),
        ("valid_from", _("Valid from")),
        ("unit_price", _("Unit price")),
        ("valid_until", _("Valid until")),
    )
    numbers = frozenset({"min_quantity", "unit_price"})

    def lock(self, rows: Sequence[core.Row]) -> None:
        _lock({self._list(row) for row in rows})

    def touched(self, rows: Sequence[core.Row]) -> core.Images:
        codes: dict[str, set[Any]] = {}
        for row in rows:
            codes.setdefault(self._list(row), set()).add(row["product"])
        ids = self._products({code for named in codes.values() for code in named})
        lists = dict(PriceList.objects.filter(code__in=codes).values_list("code", "pk"))
        found: core.Images = {}
        for code, pk in lists.items():
            wanted = sorted({ids[name] for name in codes[code] if name in ids})
            for chunk in _chunks(wanted):
                found |= _images(price_list_id=pk, product_id__in=chunk)
        return found

    def _products(self, codes: set[Any]) -> dict[Any, int]:
        """Asked for before and after each batch; products do not change meanwhile."""
        kept = getattr(self, "_kept", None)
        if kept is None or kept[0] != codes:
            kept = self._kept = (codes, product_ids(codes))
        return kept[1]

    def now(self, ids: Iterable[str]) -> core.Images:
        found: core.Images = {}
        for chunk in _chunks([int(each) for each in ids]):
            found |= _images(pk__in=chunk)
        return found

    def names(self, changes: Sequence[core.Change]) -> Mapping[str, str]:
        model = PriceRow._meta.get_field("product").related_model
        products = {each.id: self._of(each, "product") for each in changes}
        skus = dict(
            model._default_manager.filter(pk__in=set(products.values())).values_list("pk", "profile__sku")
        )
        return {pk: skus.get(product) or str(product) for pk, product in products.items()}

    def shown(self, name: str, value: Any) -> Any:
        """A price that has always been valid names no first day."""
        return None if name == "valid_from" and value == ALWAYS.isoformat() else super().shown(name, value)

    def obstacles(self, changes: Sequence[core.Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        """Prices that an order used since, also through a list that is derived from theirs."""
        line = apps.get_model("qudao_b2b_ordering", "OrderLine")
        lines = line.objects.filter(order__submitted_at__gte=since, product__isnull=False).exclude(
            order__source="import"
        )
        derived = _derived()
        used: dict[tuple[str, int, Decimal], str] = {}
        facts = lines.order_by().values_list("product_id", "price_source", "order__number")
        for product, source, number in facts.iterator(chunk_size=CHUNK):
            if source.get("list") and source.get("from_quantity"):
                for code in (source["list"], *derived.get(source["list"], ())):
                    used.setdefault((code, product, Decimal(source["from_quantity"])), number)
        if not used:
            return {}
        found = {}
        for each in changes:
            code, product, minimum, *_rest = each.after or each.before or []
            number = used.get((code, product, Decimal(minimum)))
            if number:
                message = gettext("Order %(number)s has used this price since.") % {"number": number}
                found[each.id] = ("used_by_order", message)
        return found

    def hold(self, batches: Iterable[Sequence[core.Change]]) -> None:
        _lock({self._of(each, "price_list") for changes in batches for each in changes})

    def take_back(self, changes: Sequence[core.Change]) -> None:
        lists = {row.code: row for row in PriceList.objects.filter(kind=PriceList.Kind.ROWS)}
        ordered = sorted(changes, key=lambda each: self._of(each, "price_list"))
        for code, members in groupby(ordered, key=lambda each: self._of(each, "price_list")):
            own, actor = list(members), self.importer.viewer
            fresh = [int(each.id) for each in own if each.before is None]
            for chunk in _chunks(fresh):
                remove_prices(actor=actor, price_list=lists[code], row_ids=chunk)
            rows = [_input_of_image(each.before) for each in own if each.before is not None]
            if rows:
                set_prices(actor=actor, price_list=lists[code], rows=rows, reference="undo")

    def _list(self, row: core.Row) -> str:
        return str(row["price_list"] or self.importer.given["price_list"])

    def _of(self, change: core.Change, name: str) -> Any:
        return self.value(change.after or change.before, name)


def _lock(codes: set[str]) -> None:
    """Whoever writes rows of a list holds the list."""
    held = PriceList.objects.select_for_update().filter(code__in=codes)
    list(held.order_by("pk").values_list("pk"))


def _images(**where: Any) -> core.Images:
    rows = PriceRow.objects.filter(**where).order_by("pk")
    facts = rows.values_list(
        "pk", "price_list__code", "product_id", "min_quantity", "valid_from", "unit_price", "valid_until"
    )
    return {
        str(pk): [
            code,
            product,
            str(minimum),
            start.isoformat(),
            str(price),
            end.isoformat() if end else None,
        ]
        for pk, code, product, minimum, start, price, end in facts
    }


def _derived() -> dict[str, tuple[str, ...]]:
    """Code of a derived list → the lists it derives from, the nearest first."""
    lists = {pk: (code, base) for pk, code, base in PriceList.objects.values_list("pk", "code", "base_id")}
    found = {}
    for code, base in lists.values():
        above: list[str] = []
        while base and lists[base][0] not in above:
            above.append(lists[base][0])
            base = lists[base][1]
        found[code] = tuple(above)
    return found


def _input_of_image(image: core.Image) -> PriceInput:
    _code, product, minimum, start, price, end = image
    return PriceInput(
        product,
        Decimal(minimum),
        Decimal(price),
        date.fromisoformat(start),
        date.fromisoformat(end) if end else None,
    )


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


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
