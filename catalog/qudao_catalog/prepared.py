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


_FIRST_SLOT = -(10**15)


def number_slots(count: int) -> list[int]:
    """Stand-ins for ``count`` ids. No row has such an id."""
    return [_FIRST_SLOT - position for position in range(count)]


@dataclass(frozen=True, slots=True)
class Statement:
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
    for position, convert, expression in converters:
        column = columns[position]
        known = {value: _through(value, convert, expression, connection) for value in set(column)}
        columns[position] = tuple(known[value] for value in column)
    return list(zip(*columns, strict=True))


def _through(value: Any, converters: Any, expression: Any, connection: Any) -> Any:
    for convert in converters:
        value = convert(value, expression, connection)
    return value


def _is_slot(value: Any) -> bool:
    return value == TEXT_SLOT if isinstance(value, str) else isinstance(value, int) and value <= _FIRST_SLOT


def compile_rows(rows: QuerySet[Any, tuple[Any, ...]], using: str = DEFAULT_DB_ALIAS) -> Statement:
    """The statement of a ``values_list`` queryset.

    :raises django.core.exceptions.EmptyResultSet: the conditions can never be met.
    """
    compiler = rows.query.get_compiler(using)
    sql, params = compiler.as_sql()
    columns = [column[0] for column in compiler.select]
    found = compiler.get_converters(columns)
    converters = tuple((position, tuple(convert), each) for position, (convert, each) in found.items())
    places = tuple(place for place, value in enumerate(params) if _is_slot(value))
    return Statement(sql, tuple(params), places, converters)


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
