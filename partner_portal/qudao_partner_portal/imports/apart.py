"""Try something on a copy of an SQLite database, so that nobody who sells waits for its write lock."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections


@contextlib.contextmanager
def apart(wanted: bool) -> Iterator[None]:
    """Within it, this thread's default database is a copy that is thrown away; elsewhere than on SQLite, in a
    transaction, or when it is not ``wanted``, nothing changes.
    """
    real = connections[DEFAULT_DB_ALIAS]
    if not wanted or real.vendor != "sqlite" or real.in_atomic_block:
        yield
        return
    handle, path = tempfile.mkstemp(suffix=".sqlite3", prefix="qudao-preview-")
    os.close(handle)
    copy = real.copy(DEFAULT_DB_ALIAS)
    copy.settings_dict["NAME"] = path
    try:
        _copy(real, path)
        connections[DEFAULT_DB_ALIAS] = copy
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = real
        copy.close()
        for left in (path, path + "-wal", path + "-shm", path + "-journal"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(left)


def _copy(real: object, path: str) -> None:
    """Readers do not keep writers waiting, and one step copies everything of one moment."""
    real.ensure_connection()  # type: ignore[attr-defined]
    target = sqlite3.connect(path)
    try:
        real.connection.backup(target)  # type: ignore[attr-defined]
    finally:
        target.close()
