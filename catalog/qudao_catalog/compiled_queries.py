"""Statements that are compiled once and run many times.

Building a queryset and compiling it to SQL costs more than running it on a page of products. A list that is asked
for thousands of times keeps its compiled form here, under the versions of the facts that shaped it. Whatever differs
from call to call is a *slot*: a stand-in value that is exchanged for the real one when the statement runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, Field, ForeignObject, Lookup, QuerySet
from qudao_core import api as core

#: Stand-in for any number of ids, for ``…__among``.
IDS_SLOT = "\u241aids\u241a"
_FIRST_SLOT = -(10**15)


def number_slots(count: int) -> list[int]:
    """Stand-ins for ``count`` ids. No row has such an id."""
    return [_FIRST_SLOT - position for position in range(count)]


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):  # type: ignore[type-arg]
    """``product_id__among=ids``: as ``in``, with all ids in a single parameter: one statement serves any number.

    A parameter per id costs more to bind than the rows cost to read. PostgreSQL is not shown the ids when it plans: it
    then expects ten of them and goes through the index. Shown 200 ids and tables without statistics, it would rather
    read the whole catalogue.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} = ANY((SELECT %s::bigint[])::bigint[])", [
                *params,
                _as_parameter(self.rhs, connection.vendor),
            ]
        return f"{left} IN (SELECT value FROM json_each(%s))", [
            *params,
            _as_parameter(self.rhs, connection.vendor),
        ]


@CharField.register_lookup
class AmongTexts(Lookup):  # type: ignore[type-arg]
    """``sku__among_texts=texts``: as ``in``, with all texts in a single parameter, for any number of them."""

    lookup_name = "among_texts"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s::text[])", [*params, list(self.rhs)]
        return f"{left} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(list(self.rhs))]


def _as_parameter(ids: Any, vendor: str) -> str:
    if ids == IDS_SLOT:
        return IDS_SLOT
    numbers = list(map(int, ids))
    return f"{{{','.join(map(str, numbers))}}}" if vendor == "postgresql" else json.dumps(numbers)


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """Compiled SQL with what turns the database's values into Python's.

    ``places`` are the positions of the slots among the parameters.
    """

    sql: str
    params: tuple[Any, ...]
    places: tuple[int, ...]
    converters: tuple[tuple[int, Any, Any], ...]

    def rows(
        self, slots: Mapping[Any, Any] | None = None, using: str = DEFAULT_DB_ALIAS
    ) -> list[tuple[Any, ...]]:
        """Run it, with every slot exchanged for its value."""
        connection = connections[using]
        params = list(self.params)
        for place in self.places if slots else ():
            params[place] = slots[params[place]]  # type: ignore[index]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        return _converted(found, self.converters, connection) if self.converters and found else found


def _converted(rows: list[tuple[Any, ...]], converters: Any, connection: Any) -> list[tuple[Any, ...]]:
    """Column by column, and every distinct value of a column once: pages repeat prices, packs and quantities."""
    columns = list(zip(*rows, strict=True))
    for position, chain, expression in converters:
        known = dict.fromkeys(columns[position])
        for value in known:
            shown = value
            for convert in chain:
                shown = convert(shown, expression, connection)
            known[value] = shown
        columns[position] = tuple(map(known.__getitem__, columns[position]))
    return list(zip(*columns, strict=True))


def _is_slot(value: Any) -> bool:
    return value == IDS_SLOT if isinstance(value, str) else isinstance(value, int) and value <= _FIRST_SLOT


def compile_query(rows: QuerySet[Any, tuple[Any, ...]], using: str = DEFAULT_DB_ALIAS) -> CompiledQuery:
    """The statement of a ``values_list`` queryset.

    :raises django.core.exceptions.EmptyResultSet: the conditions can never be met.
    """
    compiler = rows.query.get_compiler(using)
    sql, params = compiler.as_sql()
    columns = [column[0] for column in compiler.select]
    found = compiler.get_converters(columns)
    converters = tuple((position, tuple(convert), each) for position, (convert, each) in found.items())
    places = tuple(place for place, value in enumerate(params) if _is_slot(value))
    return CompiledQuery(sql, tuple(params), places, converters)


class CompiledQueries:
    """A bounded store of statements; each counts only for the versions of the facts it was made under."""

    def __init__(self, size: int = 500) -> None:
        self._kept: core.VersionedCache[CompiledQuery] = core.VersionedCache(size=size)

    def get(
        self, key: Hashable, version: tuple[int, ...], make: Callable[[], QuerySet[Any, tuple[Any, ...]]]
    ) -> CompiledQuery:
        """The statement kept under ``key``, compiled from ``make()`` when the facts moved on."""
        return self._kept.get(key, version, lambda: compile_query(make()))

    def rows_of(
        self,
        key: Hashable,
        ids: Collection[int],
        make: Callable[..., QuerySet[Any, tuple[Any, ...]]],
        *values: int,
    ) -> list[tuple[Any, ...]]:
        """The rows of ``make(ids, *values)``, from one statement for any number of ids; it asks for ``…__among=ids``.

        ``key`` names everything else that shapes the statement.
        """
        if not ids:
            return []
        slots = number_slots(len(values))
        statement = self.get(key, (), lambda: make(IDS_SLOT, *slots))
        listed = _as_parameter(dict.fromkeys(ids), connections[DEFAULT_DB_ALIAS].vendor)
        return statement.rows({IDS_SLOT: listed, **dict(zip(slots, values, strict=True))})
