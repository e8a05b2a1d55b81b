"""Statements that are compiled once and run many times.

Building a queryset and compiling it to SQL costs more than running it on a page of products. A list that is asked
for thousands of times keeps its compiled form here, under the versions of the facts that shaped it. Whatever differs
from call to call is a *slot*: a stand-in value that is exchanged for the real one when the statement runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from qudao_partner_portal import api as portal

#: Ids of a page at most; statements are kept for so many numbers of ids.
PAGE = 200
#: Stand-in for a text that differs from call to call.
TEXT_SLOT = "\u241aslot\u241a"


def number_slots(count: int) -> list[int]:
    """Stand-ins for ``count`` ids. No row has such an id."""
    return [-(10**15) - position for position in range(count)]


@dataclass(frozen=True, slots=True)
class Statement:
    """Compiled SQL with what turns the database's values into Python's."""

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Any, Any], ...]

    def rows(
        self, slots: Mapping[Any, Any] | None = None, using: str = DEFAULT_DB_ALIAS
    ) -> list[tuple[Any, ...]]:
        """Run it, with every slot exchanged for its value."""
        connection = connections[using]
        params = self.params
        if slots:
            params = tuple(slots.get(each, each) if isinstance(each, str | int) else each for each in params)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        if not self.converters:
            return found
        return [_converted(row, self.converters, connection) for row in found]


def _converted(row: tuple[Any, ...], converters: Any, connection: Any) -> tuple[Any, ...]:
    values = list(row)
    for position, convert, expression in converters:
        value = values[position]
        for each in convert:
            value = each(value, expression, connection)
        values[position] = value
    return tuple(values)


def compile_rows(rows: QuerySet[Any, tuple[Any, ...]], using: str = DEFAULT_DB_ALIAS) -> Statement:
    """The statement of a ``values_list`` queryset.

    :raises django.core.exceptions.EmptyResultSet: the conditions can never be met.
    """
    compiler = rows.query.get_compiler(using)
    sql, params = compiler.as_sql()
    columns = [column[0] for column in compiler.select]
    found = compiler.get_converters(columns)
    converters = tuple((position, tuple(convert), each) for position, (convert, each) in found.items())
    return Statement(sql, tuple(params), converters)


class Prepared:
    """A bounded store of statements; each counts only for the versions of the facts it was made under."""

    def __init__(self, size: int = 500) -> None:
        self._kept: portal.Kept[Statement] = portal.Kept(size=size)

    def get(
        self, key: Hashable, version: tuple[int, ...], make: Callable[[], QuerySet[Any, tuple[Any, ...]]]
    ) -> Statement:
        """The statement kept under ``key``, compiled from ``make()`` when the facts moved on."""
        return self._kept.get(key, version, lambda: compile_rows(make()))

    def rows_of(
        self,
        key: Hashable,
        ids: Collection[int],
        make: Callable[..., QuerySet[Any, tuple[Any, ...]]],
        *values: int,
    ) -> list[tuple[Any, ...]]:
        """The rows of ``make(ids, *values)`` for a page of ids, from the statement kept for as many of them.

        ``key`` names everything else that shapes the statement. More ids than a page has are asked for directly.
        """
        if not ids:
            return []
        wanted = list(dict.fromkeys(ids))
        if len(wanted) > PAGE:
            return list(make(wanted, *values))
        slots = number_slots(len(wanted) + len(values))
        listed, single = slots[: len(wanted)], slots[len(wanted) :]
        statement = self.get((key, len(wanted)), (), lambda: make(listed, *single))
        return statement.rows(dict(zip(slots, [*wanted, *values], strict=True)))
