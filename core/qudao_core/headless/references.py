"""How a thing is named: ``/orders/SO-1``, ``/companies/42``, ``/companies/ext:C-1``, ``{"parent": 42}``.

One resolver for every endpoint. Each kind of thing declares its names once (:class:`ReferenceKinds`), so that an ERP
never has to store our ids, and so that no endpoint guesses: a reference that names nothing the caller may see is
answered like one to a thing that does not exist, and one that names several is refused with the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..errors import NotFound, Refusal
from ..wording import join_list
from . import rules
from .rules import Reference

Row = TypeVar("Row", bound=Model)

#: So many candidates an ambiguous reference is answered with.
MOST_CANDIDATES = 10


@dataclass(frozen=True)
class ReferenceKinds:
    """What names a kind of thing has.

    ``kinds`` maps each kind of name to its lookup; ``id`` is there unless ``has_id`` is off. ``plain`` are the
    kinds that a text without a kind may be: all of them are asked, and must not name different things.
    ``public`` is the reference that a candidate of an ambiguous reference is told by.
    """

    missing: Callable[[], NotFound]
    kinds: Mapping[str, str] = field(default_factory=lambda: {"ext": "external_key"})
    plain: tuple[str, ...] = ("id",)
    has_id: bool = True
    public: Callable[[Any], str] = lambda row: f"id:{row.pk}"

    def conditions(self, reference: Reference) -> list[Q]:
        """One condition for each way to read the reference; none if it can name nothing."""
        kinds = (reference.kind,) if reference.kind else self.plain
        return [found for kind in kinds if (found := self._condition(kind, reference)) is not None]

    def _condition(self, kind: str, reference: Reference) -> Q | None:
        if not reference.value.strip():
            return None
        if kind == "id":
            return Q(pk=reference.id) if self.has_id and reference.id else None
        return Q(**{self.kinds[kind]: reference.value}) if kind in self.kinds else None

    def is_exact(self, row: Any, reference: Reference) -> bool:
        """Whether a row has the name letter by letter, where upper and lower case are not told apart."""
        lookups = [
            lookup for kind, lookup in self.kinds.items() if not reference.kind or kind == reference.kind
        ]
        return any(_attribute(row, lookup) == reference.value for lookup in lookups)


def resolve(reference: Reference, rows: QuerySet[Row], names: ReferenceKinds) -> Row:
    """The one thing among `rows` (what the caller may see) that the reference names, in one statement.

    :raises NotFound: `names.missing`; unknown, foreign and unreadable references look the same.
    :raises Refusal: 409 ``ambiguous_reference``, with the public references of the candidates.
    """
    conditions = names.conditions(reference)
    if not conditions:
        raise names.missing()
    matching = rows.filter(reduce(Q.__or__, conditions))[: MOST_CANDIDATES + 1]
    found = list({row.pk: row for row in matching}.values())
    if len(found) > 1:
        exact = [row for row in found if names.is_exact(row, reference)]
        found = exact if len(exact) == 1 and len(conditions) == 1 else found
    if not found:
        raise names.missing()
    if len(found) > 1:
        raise ambiguous(str(reference), [names.public(row) for row in found])
    return found[0]


def resolve_many(
    references: Iterable[Reference], rows: QuerySet[Row], names: ReferenceKinds
) -> dict[Reference, Row | Refusal]:
    """As :func:`resolve` for the rows of a bulk request: what each reference names, or why it names nothing."""
    found: dict[Reference, Row | Refusal] = {}
    for reference in dict.fromkeys(references):
        try:
            found[reference] = resolve(reference, rows, names)
        except Refusal as refusal:
            found[reference] = refusal
    return found


def ambiguous(reference: str, candidates: Iterable[str], *, field: str | None = None) -> Refusal:
    """The refusal of a reference that names several things."""
    public = sorted(candidates)[:MOST_CANDIDATES]
    return Refusal(
        "ambiguous_reference",
        _("“%(reference)s” matches more than one: %(candidates)s.")
        % {"reference": reference, "candidates": join_list(public)},
        field=field,
        remedy=_("Use one of these references."),
        params={"candidates": public},
        status=409,
    )


class ReferenceConverter:
    """``<ref:company>`` in a path. A text that cannot name anything is left to :func:`resolve` to answer."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> Reference:
        return rules.parse_reference(value) or rules.NOTHING

    def to_url(self, value: Reference | int | str) -> str:
        return str(value)


register_converter(ReferenceConverter, "ref")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 1, "maximum": rules.MAX_ID},
            {"type": "string", "minLength": 1, "maxLength": rules.MAX_REFERENCE},
        ]
    }
)
class ReferenceField(serializers.Field):  # type: ignore[type-arg]
    """A reference in a body (a number is an id) or a query string."""

    default_error_messages = {"invalid": _("Use an id, or a reference such as ext:KEY.")}

    def to_internal_value(self, data: Any) -> Reference:
        found = rules.parse_reference(data)
        if found is None:
            self.fail("invalid")
        return found

    def to_representation(self, value: Reference) -> str:
        return str(value)


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": rules.MAX_REFERENCE})
class TextReferenceField(ReferenceField):
    """A reference in a query string, where everything is text."""


def _attribute(row: Any, lookup: str) -> Any:
    for name in lookup.removesuffix("__iexact").split("__"):
        row = getattr(row, name)
    return row
