"""Take imported prices back: what they were, and which orders have used them since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .codes import product_ids
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
            rows = [_input(each.before) for each in own if each.before is not None]
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


def _input(image: core.Image) -> PriceInput:
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
