"""The engine inside the site's own database."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from .contract import EmbeddedEngine
from .postgresql import PostgreSQL
from .sqlite import SQLite

_ENGINES: dict[str, EmbeddedEngine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def embedded() -> EmbeddedEngine:
    """The engine of the database in use."""
    engine = _ENGINES.get(connection.vendor)
    if engine is None:
        raise ImproperlyConfigured(f"The search runs on SQLite and PostgreSQL, not on {connection.vendor}.")
    return engine
