"""The machine lacks something for a while: the database does not answer, or a disk is full or cannot be written.

No fault of the caller or of the code, and nothing that helps to do again at once. It is answered 503 with
``Retry-After``, never 500: by the middleware for pages, by the API's error handler for programs, and by the host's
``handler500`` for what a middleware met. The log says in one line what the machine lacked.
"""

from __future__ import annotations

import errno
import logging

from django.db import DatabaseError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import Refusal

log = logging.getLogger(__name__)

#: What a caller is asked to wait, in seconds.
RETRY_AFTER = 30
#: No room, more than one's share, a disk that is read-only, a folder that belongs to somebody else.
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})
# Connection exceptions, out of disk, memory or connections, input and output failed
_POSTGRESQL_CLASSES = ("08", "53", "58")
# Shut down by an administrator or after a crash, starting up, gone idle; only a standby, which takes no changes
_POSTGRESQL = frozenset({"57P01", "57P02", "57P03", "57P05", "25006"})
# SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN; the low byte of an extended code
_SQLITE = frozenset({8, 10, 13, 14})


def outage_of(error: BaseException | None) -> Refusal | None:
    """What somebody is told whose request met an outage; ``None`` when ``error`` is something else."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, DatabaseError) and _is_away(error):
            return _unavailable(
                "database_unavailable",
                _("The database cannot be used right now. Your request was not completed."),
            )
        if isinstance(error, OSError) and error.errno in _UNWRITABLE:
            return _unavailable(
                "storage_unavailable",
                _("The server cannot save files right now. Your request was not completed."),
            )
        error = error.__cause__
    return None


def note(error: BaseException, path: str) -> None:
    """For the operator: what the machine lacked."""
    log.error("outage while answering %s: %s: %s", path, type(error).__name__, str(error).strip())


def _is_away(error: DatabaseError) -> bool:
    """Whether the driver says that the database, not the statement, is the reason."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state in _POSTGRESQL or state.startswith(_POSTGRESQL_CLASSES)
    if hasattr(cause, "sqlstate"):  # no server has spoken: the connection was refused, or broke
        return isinstance(error, OperationalError)
    return (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in _SQLITE


def _unavailable(code: str, message: str | Promise) -> Refusal:
    return Refusal(
        code,
        message,
        remedy=_("Try again in a few minutes. If it does not help, tell whoever operates this site."),
        params={"retry_after": RETRY_AFTER},
        status=503,
    )
