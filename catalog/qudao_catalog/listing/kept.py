"""The lists everybody asks for, run from statements that were compiled before.

A paginator sorts, cuts at a cursor and slices; :class:`KeptList` takes the same three calls as a queryset does, and
answers with facts. The place of a cursor is a slot, so one statement serves every page of a list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.utils import timezone
from qudao_partner_portal import api as portal

from ..assortments.queries import FACT, visible_sight
from ..categories.queries import FACT as CATEGORIES
from ..prepared import TEXT_SLOT, Prepared, number_slots
from ..products.models import ProductProfile
from ..products.queries import COLUMNS, TERMS, fact_annotations, facts_of_rows
from ..products.rules import ProductFacts
from .queries import products
from .rules import Listing

_statements = Prepared(size=500)
_ID_SLOT = number_slots(1)[0]


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list of products before it is read. ``listing.is_repeated`` must hold."""

    viewer: portal.Viewer
    listing: Listing
    versions: portal.Versions
    ordering: tuple[str, ...] = ("sku",)
    beyond: Q | None = None
    place: dict[Any, Any] = field(default_factory=dict)

    def order_by(self, *names: str) -> KeptList:
        return replace(self, ordering=names)

    def filter(self, beyond: Q) -> KeptList:
        """Cut at a cursor: every value in ``beyond`` is the place it stands at.

        :raises ValueError: an id that is no number.
        """
        place: dict[Any, Any] = {}
        return replace(self, beyond=_with_slots(beyond, place), place=place)

    def __getitem__(self, part: slice) -> list[ProductFacts]:
        sight = visible_sight(self.viewer, self.versions)
        if sight.nothing:
            return []
        start, stop = part.start or 0, part.stop
        key = (sight, self.listing.shape, self.ordering, str(self.beyond), start, stop, timezone.localdate())
        version = self.versions.of(FACT, CATEGORIES, TERMS)
        try:
            statement = _statements.get(key, version, lambda: self._rows()[start:stop])
        except EmptyResultSet:
            return []
        return facts_of_rows(statement.rows(self.place), self.versions)

    def _rows(self) -> QuerySet[ProductProfile, tuple[Any, ...]]:
        rows = products(self.viewer, self.listing, self.versions)
        if self.beyond is not None:
            rows = rows.filter(self.beyond)
        return rows.annotate(**fact_annotations()).order_by(*self.ordering).values_list(*COLUMNS)


def _with_slots(condition: Q, place: dict[Any, Any]) -> Q:
    """The condition with stand-ins for its values; ``place`` learns what they stand for."""
    children = [_slotted(child, place) for child in condition.children]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _slotted(child: Any, place: dict[Any, Any]) -> Any:
    if isinstance(child, Q):
        return _with_slots(child, place)
    name, value = child
    if name.startswith("pk"):
        place[_ID_SLOT] = int(value)
        return name, _ID_SLOT
    place[TEXT_SLOT] = value
    return name, TEXT_SLOT
