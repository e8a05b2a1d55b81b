"""Who sees which product. Plain Python.

``queries`` says the same in SQL and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GRANT, DENY = "grant", "deny"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What assortments of one effect cover together.

    ``product_sets`` are ids of assortments that name single products (those may be thousands, so they
    stay in the database); ``lines`` and ``categories`` are ids, the latter with everything below them.
    """

    everything: bool = False
    product_sets: frozenset[int] = frozenset()
    lines: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.everything or self.product_sets or self.lines or self.categories)


@dataclass(frozen=True, slots=True)
class VisibilityRule:
    """Everything assortments say about one audience: what is granted and what is denied."""

    granted: Coverage = Coverage()
    denied: Coverage = Coverage()

    @property
    def nothing(self) -> bool:
        return not self.granted or self.denied.everything


@dataclass(frozen=True, slots=True)
class Item:
    """One row of an assortment; exactly one of the four is set."""

    assortment_id: int
    effect: str
    everything: bool = False
    names_products: bool = False
    line_id: int | None = None
    category_ids: frozenset[int] = frozenset()


def visibility_rule(items: Iterable[Item]) -> VisibilityRule:
    """What the assortments with these items open and close."""
    found = list(items)
    return VisibilityRule(_coverage(found, GRANT), _coverage(found, DENY))


def covers(
    reach: Coverage, *, product_sets: Iterable[int], line_id: int | None, category_ids: Iterable[int]
) -> bool:
    """Whether ``reach`` covers a product: ``product_sets`` are the assortments that name it or its parent."""
    return (
        reach.everything
        or not reach.product_sets.isdisjoint(product_sets)
        or line_id in reach.lines
        or not reach.categories.isdisjoint(category_ids)
    )


def _coverage(items: list[Item], effect: str) -> Coverage:
    mine = [item for item in items if item.effect == effect]
    return Coverage(
        everything=any(item.everything for item in mine),
        product_sets=frozenset(item.assortment_id for item in mine if item.names_products),
        lines=frozenset(item.line_id for item in mine if item.line_id is not None),
        categories=frozenset(pk for item in mine for pk in item.category_ids),
    )
