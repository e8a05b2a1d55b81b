"""A seller's price lists without their rows: few, changed rarely, kept per process under the fact
``price_lists``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .. import rules
from ..models import PriceList, PriceListAssignment, PriceListLine

FACT = "price_lists"
#: Whoever previews pages as a company sees its prices with this right only.
SEE_PRICES = "qudao_b2b_ordering.view_pricelist"


@dataclass(frozen=True, slots=True)
class Book:
    """All price lists of one seller and whom they are assigned to."""

    heads: Mapping[int, rules.ListHead]
    assignments: Mapping[str, tuple[tuple[int, int], ...]]
    ranks: Mapping[str, int]

    def chain(self, list_id: int) -> tuple[rules.ListHead, ...]:
        return rules.chain(self.heads, list_id)


@dataclass(frozen=True, slots=True)
class Asked:
    """A candidate in force, with the lists it is computed from; the last one has the rows."""

    candidate: rules.Candidate
    chain: tuple[rules.ListHead, ...]

    @property
    def root_id(self) -> int:
        return self.chain[-1].id


_kept: core.VersionedCache[Book] = core.VersionedCache(size=500)


def book_of(seller_id: int | None, versions: core.Versions | None = None) -> Book:
    """The seller's price lists, named in the language of the moment.

    Nothing is read while they stand unchanged, except ``versions`` if not given.
    """
    versions = versions if versions is not None else core.Versions.read()
    return _kept.get((seller_id, get_language()), versions.of(FACT), lambda: read_book(seller_id))


def candidates_for(viewer: core.Viewer, book: Book) -> list[rules.Candidate]:
    """Every list assigned to the viewer, in the order in which they are asked; none in a preview that hides prices."""
    if not viewer.shows(SEE_PRICES):
        return []
    return rules.candidates(book.heads, book.assignments, viewer.audience, book.ranks)


def asked_lists(viewer: core.Viewer, book: Book, on: date) -> list[Asked]:
    """The candidates that may decide a price on a day: in force, in the viewer's currency, in order."""
    found = []
    for candidate in candidates_for(viewer, book):
        chain = book.chain(candidate.head.id)
        if candidate.head.currency == viewer.currency and rules.in_force(chain, on):
            found.append(Asked(candidate, chain))
    return found


def read_book(seller_id: int | None) -> Book:
    """The seller's lists as they stand in this transaction, past anything kept. Three statements."""
    percents: dict[int, dict[int, Decimal]] = defaultdict(dict)
    lines = PriceListLine.objects.filter(price_list__seller_id=seller_id).order_by()
    for list_id, line_id, percent in lines.values_list("price_list_id", "line_id", "percent"):
        percents[list_id][line_id] = percent
    lists = PriceList.objects.filter(seller_id=seller_id).order_by()
    heads = {row.pk: _head(row, percents.get(row.pk, {})) for row in lists}
    assignments: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = PriceListAssignment.objects.filter(price_list__seller_id=seller_id).order_by()
    for key, list_id, priority in rows.values_list("audience_key", "price_list_id", "priority"):
        assignments[key].append((list_id, priority))
    return Book(
        heads,
        {key: tuple(entries) for key, entries in assignments.items()},
        {key: portal.audience_rank(key) for key in assignments},
    )


def _head(row: PriceList, line_percents: Mapping[int, Decimal]) -> rules.ListHead:
    return rules.ListHead(
        id=row.pk,
        code=row.code,
        name=str(row),
        seller_id=row.seller_id,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_active=row.is_active,
        base_id=row.base_id,
        percent=row.percent,
        line_percents=line_percents,
        rounding=row.rounding,
        rounding_step=row.rounding_step,
    )
