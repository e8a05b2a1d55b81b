"""Through which doors a product is found, and which of them stand open to a viewer.

A door's tokens are facts of the product (``line:3``, ``category:8``, ``set:5``: the assortment 5 names it), never of
people: an assortment or an audience changes and the next search knows, without one product being indexed anew.
Whatever :mod:`..assortments.queries` says in SQL, this says about tokens; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from oscar.core.loading import get_model

from ..assortments import rules
from ..assortments.models import AssortmentItem
from ..assortments.queries import visible_sight
from ..bulk_rows import parts
from .models import ProductProfile

#: The name of the policy in the index.
POLICY = "assortment"


class Facts(NamedTuple):
    """What the tokens of a door say, as the rules of assortments read it."""

    line_id: int | None
    category_ids: frozenset[int]
    product_sets: frozenset[int]


def product_doors(product_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The tokens of each product: its line, the categories it or its family is filed in, assortments naming either.

    Three statements for every five thousand products; unknown products are left out.
    """
    found: dict[int, frozenset[str]] = {}
    for part in parts(sorted(set(product_ids))):
        rows = ProductProfile.objects.filter(pk__in=part).order_by()
        found |= doors_of(list(rows.values_list("pk", "product__parent_id", "line_id")))
    return found


def doors_of(products: Sequence[tuple[int, int | None, int | None]]) -> dict[int, frozenset[str]]:
    """The same for products given as (id, parent's id, line's id); two statements."""
    around = sorted({pk for row in products for pk in row[:2] if pk is not None})
    filed = _tokens("category", _filed(around))
    named = _tokens("set", _named(around))
    return {
        pk: frozenset(
            [
                *([f"line:{line_id}"] if line_id else []),
                *(token for each in (pk, parent_id) for of in (filed, named) for token in of.get(each, ())),
            ]
        )
        for pk, parent_id, line_id in products
    }


def open_doors(reader: Any, doors: Sequence[frozenset[str]]) -> list[bool]:
    """For each token set whether products behind it may be seen now; at most four statements, mostly one."""
    sight = visible_sight(reader)
    if sight.nothing:
        return [False] * len(doors)
    return [_sees(sight, _read(tokens)) for tokens in doors]


def _sees(sight: rules.Sight, facts: Facts) -> bool:
    about = facts._asdict()
    return rules.covers(sight.granted, **about) and not rules.covers(sight.denied, **about)


@lru_cache(maxsize=20_000)
def _read(tokens: frozenset[str]) -> Facts:
    of: dict[str, set[int]] = {"line": set(), "category": set(), "set": set()}
    for token in tokens:
        kind, _colon, pk = token.partition(":")
        of[kind].add(int(pk))
    return Facts(next(iter(of["line"]), None), frozenset(of["category"]), frozenset(of["set"]))


def _filed(ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    rows = get_model("catalogue", "ProductCategory").objects.filter(product_id__in=ids).order_by()
    return rows.values_list("product_id", "category_id")


def _named(ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    rows = AssortmentItem.objects.filter(product_id__in=ids).order_by()
    return rows.values_list("product_id", "assortment_id")


def _tokens(kind: str, rows: Iterable[tuple[int, int]]) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    for product_id, pk in rows:
        found.setdefault(product_id, []).append(f"{kind}:{pk}")
    return found
