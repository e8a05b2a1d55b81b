"""What happens when two writers are in each other's way in the database.

A deadlock, a serialization failure, a lock that was not given in time and SQLite's "database is locked" are no faults
of the caller or of the code: the unit of work was rolled back and may be done again. So may one that found a name free
which another writer took before it was written. :func:`repeat` does so a bounded number of times; a request is repeated
as a whole by the middleware or the API's views while nothing of it has been committed. What still does not get through
is answered 503 ``busy`` with ``Retry-After``, never 500.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from .errors import Refusal

Result = TypeVar("Result")

#: How often a unit of work is begun, and how long after the first beginning no further one is tried. SQLite waits
#: for its lock by itself, so what failed there has waited long enough.
ATTEMPTS = 5
PATIENCE = 8.0
#: What a caller is asked to wait, in seconds.
RETRY_AFTER = 2

# deadlock_detected, serialization_failure, lock_not_available
_POSTGRESQL = frozenset({"40P01", "40001", "55P03"})
# SQLITE_BUSY, SQLITE_LOCKED; the low byte of an extended code
_SQLITE = frozenset({5, 6})
# unique_violation; SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
_DUPLICATES = frozenset({"23505", 1555, 2067})
_READING = (
    "SELECT",
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
    "BEGIN",
    "SET",
    "PRAGMA",
    "EXPLAIN",
    "DECLARE",
    "FETCH",
)
_LONGEST = max(map(len, _READING))


def is_contention(error: BaseException | None) -> bool:
    """Whether ``error``, or what it was raised from, is one of the database's answers to two writers at once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if getattr(error, "sqlstate", None) in _POSTGRESQL:
            return True
        if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _SQLITE:
            return True
        error = error.__cause__ or (error.__context__ if isinstance(error, DatabaseError) else None)
    return False


def is_duplicate(error: BaseException | None) -> bool:
    """Whether ``error`` says that a row exists. Done again, the work sees it, and says what it has to say about it."""
    if not isinstance(error, IntegrityError):
        return False
    cause = error.__cause__
    return bool(_DUPLICATES & {getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorcode", None)})


def may_pass(error: BaseException | None) -> bool:
    """Whether the work may be done again. What stays a duplicate then is a fault of the code and no contention."""
    return is_contention(error) or is_duplicate(error)


def busy() -> Refusal:
    """What somebody is told whose work did not get through: nothing was changed."""
    return Refusal(
        "busy",
        _("Others are changing the same data right now. Your request was not carried out."),
        remedy=_("Try again in a few seconds."),
        params={"retry_after": RETRY_AFTER},
        status=503,
    )


def repeat(work: Callable[[], Result]) -> Result:
    """Do one unit of work, a transaction that may be begun again; several times if others are in its way.

    Inside a transaction it is done once: whoever began that one repeats it.

    :raises Refusal: ``busy`` when it did not get through.
    """
    if transaction.get_connection().in_atomic_block:
        return work()
    for pause in pauses():
        try:
            return work()
        except Exception as error:
            if not may_pass(error) or (pause is None and not is_contention(error)):
                raise
            if pause is None:
                raise busy() from error
            time.sleep(pause)
    raise AssertionError("the last pause is None")


def pauses() -> Iterator[float | None]:
    """What to wait after each failed attempt, longer each time and different for everybody; ``None``: give up."""
    begun = time.monotonic()
    for attempt in range(1, ATTEMPTS):
        if time.monotonic() - begun > PATIENCE:
            break
        yield random.uniform(0.01, 0.05) * 2**attempt
    yield None


class Watch:
    """Notices whether anything has been committed; if not, all may be done again."""

    def __init__(self) -> None:
        self.committed = False

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if self.committed or (
            isinstance(sql, str) and sql.lstrip(" (\n")[:_LONGEST].upper().startswith(_READING)
        ):
            return result
        written = context["connection"]
        if not written.in_atomic_block:
            self.committed = True
            return result
        # It counts once its transaction, and every savepoint around it, has held.
        savepoints = set(written.savepoint_ids)
        for entry in written.run_on_commit:
            if entry[1] == self._commit and entry[0] == savepoints:
                return result
        transaction.on_commit(self._commit, using=written.alias)
        return result

    def _commit(self) -> None:
        self.committed = True

    @property
    def may_repeat(self) -> bool:
        """Nothing was committed, and no transaction of somebody else is open."""
        return not self.committed and not connection.in_atomic_block


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch the statements of what runs inside."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch
