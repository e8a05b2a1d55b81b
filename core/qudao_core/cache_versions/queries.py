"""Read the versions of facts, and keep what was derived from them while they stand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
    """All fact versions, read in one statement."""

    @classmethod
    def read(cls) -> Versions:
        """The versions now; within :func:`versions_scope` those of the first time, so that a page fits together."""
        once = _once.get()
        if once:
            return once[0]
        with (
            connection.cursor() as cursor
        ):  # every request reads them: composing the query costs more than it
            cursor.execute(_READ)
            versions = cls(cursor.fetchall())
        if once is not None:
            once.append(versions)
        return versions

    def of(self, *names: str) -> tuple[int, ...]:
        return tuple([self.get(name, 1) for name in names])


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


#: The versions of a request that only reads; empty until they are asked for, None elsewhere.
_once: ContextVar[list[Versions] | None] = ContextVar("qudao_versions", default=None)


@contextmanager
def versions_scope() -> Iterator[None]:
    """Let :meth:`Versions.read` ask the database once in here, for what only reads: a request, or an answer.

    What writes reads anew after it has its locks: facts may have changed while it waited.
    """
    token = _once.set(known if (known := _once.get()) is not None else [])
    try:
        yield
    finally:
        _once.reset(token)


def forget_versions() -> None:
    """Let the next :meth:`Versions.read` ask the database, because a version has just changed."""
    once = _once.get()
    if once:
        once.clear()


class VersionedCache(Generic[T]):
    """A bounded, process-wide store of derived facts; an entry counts only for the versions it was made under.

    >>> cache = VersionedCache[int](size=2)
    >>> cache.get("a", (1,), lambda: 7), cache.get("a", (1,), lambda: 8), cache.get("a", (2,), lambda: 9)
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
