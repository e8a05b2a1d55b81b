"""Which engine answers: the one that is set, and the embedded one where that is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from .. import conf
from ..values import Clause, Matches, Query
from .contract import Engine, EngineUnavailable
from .embedded import EmbeddedEngine
from .postgresql import PostgreSQL
from .sqlite import SQLite

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: An engine that was away is left alone for so many seconds: not every request shall wait for it in vain.
PAUSE = 5.0
#: Where the engine of a cluster stands; a module with a function ``engine``, loaded only where it is set.
_CLUSTERS = {"elasticsearch": "qudao_search.engines.elasticsearch.engine"}
ENGINES = ("embedded", *_CLUSTERS)

_away_until = 0.0


def current() -> Engine:
    """The engine that ``QUDAO_SEARCH_ENGINE`` names."""
    module = _CLUSTERS.get(conf.engine())
    if module is None:
        return embedded()
    engine: Engine = import_module(module).engine()
    return engine


def is_away() -> bool:
    """Whether the engine that is set was away a moment ago."""
    return conf.engine() in _CLUSTERS and time.monotonic() < _away_until


def mark_unavailable(reason: object) -> None:
    """Leave the engine alone for a while."""
    global _away_until
    _away_until = time.monotonic() + PAUSE
    logger.warning("search engine away", extra={"engine": conf.engine(), "reason": str(reason)})


def mark_available() -> None:
    """Ask the engine again at once."""
    global _away_until
    _away_until = 0.0


class ActiveEngine:
    """Asks the engine that is set; from the first time it is away on, the embedded one. One for each request."""

    def __init__(self) -> None:
        self.degraded = is_away()
        self.engine: Engine = embedded() if self.degraded else current()

    @property
    def name(self) -> str:
        return self.engine.name

    def ask(self, query: Query, **options: Any) -> Matches:
        """As :meth:`Engine.ask`, never raising ``EngineUnavailable``."""
        return self._here(lambda engine: engine.ask(query, **options))

    def frequencies(self, clauses: Sequence[Clause], **options: Any) -> list[int]:
        """As :meth:`Engine.frequencies`, never raising ``EngineUnavailable``."""
        return self._here(lambda engine: engine.frequencies(clauses, **options))

    def _here(self, work: Callable[[Engine], T]) -> T:
        try:
            return work(self.engine)
        except EngineUnavailable as away:
            mark_unavailable(away)
            self.engine, self.degraded = embedded(), True
            return work(self.engine)


# --- the embedded engine ---
# The engine inside the site's own database.

_ENGINES: dict[str, EmbeddedEngine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def embedded() -> EmbeddedEngine:
    """The engine of the database in use."""
    engine = _ENGINES.get(connection.vendor)
    if engine is None:
        raise ImproperlyConfigured(f"The search runs on SQLite and PostgreSQL, not on {connection.vendor}.")
    return engine
