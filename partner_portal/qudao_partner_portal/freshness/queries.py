"""Read the versions of facts, and keep what was derived from them while they stand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import Generic, TypeVar

from django.db import connection

from .models import DataChange, FactVersion

T = TypeVar("T")
_DATA = (
    f'SELECT "name", SUM("number") FROM "{DataChange._meta.db_table}" '
    'WHERE "name" IN ({places}) GROUP BY "name"'
)
_READ = f'SELECT "name", "number" FROM "{FactVersion._meta.db_table}"'


class Versions(dict[str, int]):
    """All fact versions, read in one statement, once per request or job."""

    @classmethod
    def read(cls) -> Versions:
        with (
            connection.cursor() as cursor
        ):  # every request reads them: composing the query would cost more than it
            cursor.execute(_READ)
            return cls(cursor.fetchall())

    def of(self, *names: str) -> tuple[int, ...]:
        return tuple(self.get(name, 1) for name in names)


def data_versions(names: Collection[str]) -> Versions:
    """The versions of watched data (:func:`.triggers.watch`), in one statement. Read them before the data itself.

    A name that was never changed is left out; :meth:`Versions.of` tells it as 1.
    """
    wanted = sorted(set(names))
    if not wanted:
        return Versions()
    places = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_DATA.format(places=places), wanted)
        return Versions((name, int(number)) for name, number in cursor.fetchall())


class Kept(Generic[T]):
    """A bounded, process-wide store of derived facts; an entry counts only for the versions it was made under.

    >>> kept = Kept[int](size=2)
    >>> kept.get("a", (1,), lambda: 7), kept.get("a", (1,), lambda: 8), kept.get("a", (2,), lambda: 9)
    (7, 7, 9)
    """

    def __init__(self, size: int = 2000) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, tuple[tuple[int, ...], T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, version: tuple[int, ...], make: Callable[[], T]) -> T:
        """What is kept under ``key`` for ``version``, made anew by ``make`` when the version moved on."""
        with self._lock:
            found = self._entries.get(key)
            if found and found[0] == version:
                self._entries.move_to_end(key)
                return found[1]
        value = make()
        with self._lock:
            self._entries[key] = (version, value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
        return value

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
