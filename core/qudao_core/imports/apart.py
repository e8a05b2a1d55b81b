"""Try something on a copy of an SQLite database, so that nobody who sells waits for its write lock."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

log = logging.getLogger(__name__)
PREFIX, SUFFIX = "qudao-preview-", ".sqlite3"
#: Seconds after which a copy that nobody has written to belongs to nobody.
LEFT_AFTER = 6 * 3600


@contextlib.contextmanager
def apart(wanted: bool) -> Iterator[None]:
    """Within it, this thread's default database is a copy that is thrown away; elsewhere than on SQLite, in a
    transaction, or when it is not ``wanted``, nothing changes.
    """
    real = connections[DEFAULT_DB_ALIAS]
    if not wanted or real.vendor != "sqlite" or real.in_atomic_block:
        yield
        return
    _forget_left()
    path = _copied(real)
    if not path:
        yield
        return
    copy = real.copy(DEFAULT_DB_ALIAS)
    copy.settings_dict["NAME"] = path
    try:
        connections[DEFAULT_DB_ALIAS] = copy
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = real
        copy.close()
        _remove(path)


def _copied(real: Any) -> str:
    """The path of a copy; empty where there is no room for one, which costs those who sell a wait and nobody an error.

    Readers do not keep writers waiting, and one step copies everything of one moment.
    """
    real.ensure_connection()
    path = ""
    try:
        handle, path = tempfile.mkstemp(suffix=SUFFIX, prefix=PREFIX)
        os.close(handle)
        with contextlib.closing(sqlite3.connect(path)) as target:
            real.connection.backup(target)
    except (sqlite3.OperationalError, OSError) as error:
        log.warning("no room for a copy of the database, checking the file without one: %s", error)
        if path:
            _remove(path)
        return ""
    return path


def _remove(path: str) -> None:
    for left in (path, path + "-wal", path + "-shm", path + "-journal"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(left)


def _forget_left() -> None:
    """Remove the copies of processes that were killed: each is as large as the database, and holds everything in it."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            about = path.lstat()
            if about.st_uid == os.getuid() and about.st_mtime < time.time() - LEFT_AFTER:
                _remove(str(path))
