"""What is done once a day, by the scheduler's task or by ``run_dispatcher``."""

from __future__ import annotations

import logging

from qudao_search import api as search

from .documents.services import catch_up
from .events.dispatch import prune
from .headless.services import forget_idempotency_records
from .hooks import daily

log = logging.getLogger(__name__)


def tidy() -> None:
    """Delete events, idempotency records and logged searches that have had their time; enqueue forgotten documents.

    Then what plugins have registered in ``hooks.daily``; one that fails keeps no other from its work.
    """
    prune()
    forget_idempotency_records()
    search.prune_log()
    catch_up()
    for name, work in daily.items():
        try:
            work()
        except Exception:
            log.exception("daily work %s", name)
