"""The own price as an SQL expression, for sorting and filtering whole catalogues without reading them.

It says the same as :func:`.prices.prices` for the smallest quantity that may be ordered (or the first break
above it); a property test holds both together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Ceil, Coalesce, Round
from django.db.models.lookups import Exact
from django.utils import timezone
from qudao_partner_portal import api as portal

from .. import rules
from ..models import PriceRow
from .books import Asked, asked_lists, book_of

_PRICE: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=4)
_NUMBER: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=3)


def own_price(
    viewer: portal.Viewer,
    queryset: QuerySet[Any],
    *,
    on: date | None = None,
    versions: portal.Versions | None = None,
) -> Any:
    """An expression for ``queryset.annotate``: the viewer's unit price of each row's product, NULL without
    one.

    ``queryset`` is over products or over their profiles; its ``pk`` is the product's id. The viewer's lists
    are asked in order, each through the unique index of price rows.
    """
    on = on or timezone.localdate()
    asked = asked_lists(viewer, book_of(viewer.seller_id, versions), on)
    prefix = "" if queryset.model._meta.label == "qudao_catalog.ProductProfile" else "profile__"
    found = [part for each in asked for part in _list_price(each, prefix, on)]
    nothing = Value(None, output_field=_PRICE)
    return Coalesce(*found, nothing, output_field=_PRICE) if found else nothing


def _list_price(asked: Asked, prefix: str, on: date) -> tuple[Subquery, Subquery]:
    """What one list says: its row with the largest minimum up to the quantity, else its first."""
    rows = PriceRow.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        price_list_id=asked.root_id,
        product_id=OuterRef("pk"),
        valid_from__lte=on,
    )
    price = _derived(asked.chain, prefix)
    upto = rows.filter(min_quantity__lte=_quantity(prefix)).order_by("-min_quantity", "-valid_from")
    first = rows.order_by("min_quantity", "-valid_from")
    return _one(upto.values_list(price)), _one(first.values_list(price))


def _one(rows: QuerySet[Any, Any]) -> Subquery:
    return Subquery(rows[:1], output_field=_PRICE)


def _quantity(prefix: str) -> Case:
    """The smallest quantity that may be ordered: the minimum, rounded up to whole packs where they are
    required.
    """
    minimum, pack = OuterRef(f"{prefix}min_quantity"), OuterRef(f"{prefix}pack_size")
    ratio = ExpressionWrapper(minimum * Value(1.0) / pack, output_field=_NUMBER)
    packs = ExpressionWrapper(Ceil(Round(ratio, precision=6)) * pack, output_field=_NUMBER)
    in_packs = ExpressionWrapper(OuterRef(f"{prefix}sold_in_packs"), output_field=BooleanField())
    return Case(When(in_packs, then=packs), default=minimum, output_field=_NUMBER)


def _derived(chain: Sequence[rules.ListHead], prefix: str) -> Any:
    """A row's price seen through the lists above it, as :func:`.rules.derived_price`."""
    price: Any = F("unit_price")
    line = OuterRef(f"{prefix}line_id")
    for head in reversed(chain[:-1]):
        by_line = [When(Exact(line, Value(pk)), then=Value(own)) for pk, own in head.line_percents.items()]
        percent = Case(*by_line, default=Value(head.percent), output_field=_PRICE)
        price = Derive(price, percent, Value(head.rounding_step), rounding=head.rounding)
    return ExpressionWrapper(price, output_field=_PRICE)


class Derive(Func):
    """:func:`.rules.derive` in SQL: exact decimals on PostgreSQL, the Python function itself on SQLite."""

    output_field = _PRICE
    arity = 3
    _POSTGRESQL = {"half_up": "ROUND", "up": "CEIL", "down": "FLOOR"}

    def __init__(self, *expressions: Any, rounding: str, **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.rounding = rounding

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **context: Any) -> Any:
        price, percent, step = (compiler.compile(each) for each in self.source_expressions)
        turn = self._POSTGRESQL[self.rounding]
        template = f"({turn}({price[0]} * (100 + {percent[0]}) / (100 * {step[0]})) * {step[0]})"
        return template, (*price[1], *percent[1], *step[1], *step[1])

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, function=f"QUDAO_DERIVE_{self.rounding.upper()}", **context
        )


def teach_sqlite(sender: object, connection: Any, **kwargs: object) -> None:
    """SQLite counts in binary fractions, so every connection learns our function (signal
    ``connection_created``).
    """
    if connection.vendor == "sqlite":
        for rounding in rules.ROUNDING:
            name = f"QUDAO_DERIVE_{rounding.upper()}"
            connection.connection.create_function(name, 3, _deriving(rounding), deterministic=True)


def _deriving(rounding: str) -> Any:
    def derive(price: Any, percent: Any, step: Any) -> float | None:
        if price is None:
            return None
        exact = Decimal(str(price)).quantize(rules.UNIT_PRICE_STEP)
        return float(rules.derive(exact, Decimal(str(percent)), rounding, Decimal(str(step))))

    return derive
