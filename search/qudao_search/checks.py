"""System checks: an engine that does not exist, a database that cannot search, a cluster without its client."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from . import conf
from .engines.choosing import ENGINES


@register("qudao_search")
def check_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The engine that is set exists, and what it needs is installed."""
    engine = conf.engine()
    if engine not in ENGINES:
        hint = f"Set QUDAO_SEARCH_ENGINE to one of: {', '.join(ENGINES)}."
        return [Error(f"There is no search engine {engine!r}.", hint=hint, id="qudao_search.E001")]
    if engine == "elasticsearch" and find_spec("elasticsearch") is None:
        hint = "Install qudao[elasticsearch], or set QUDAO_SEARCH_ENGINE to embedded."
        return [Error("Elasticsearch is set but its client is missing.", hint=hint, id="qudao_search.E002")]
    return []


@register("qudao_search")
def check_cluster(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The client can be made from what is set, and further analyzers have names a field can have. Nothing is asked."""
    if conf.engine() != "elasticsearch" or find_spec("elasticsearch") is None:
        return []
    from .engines.elasticsearch import client, mapping  # noqa: PLC0415 - the client is an optional part

    found: list[CheckMessage] = []
    try:
        client.cluster()
    except (TypeError, ValueError, OSError) as error:
        hint = "See QUDAO_SEARCH_ELASTICSEARCH in docs/reference/settings.md."
        problem = f"No client of the cluster can be made: {type(error).__name__}: {error}"
        found.append(Error(problem, hint=hint, id="qudao_search.E005"))
    strange = sorted(set(conf.analyzers()) - set(mapping.FURTHER))
    if strange:
        hint = f"QUDAO_SEARCH_ANALYZERS takes: {', '.join(mapping.FURTHER)}."
        found.append(Error(f"Analyzers for {strange[0]!r} are not known.", hint=hint, id="qudao_search.E006"))
    return found


@register("qudao_search", Tags.database)
def check_database(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The database is one the embedded engine knows; its SQLite was built with FTS5. Asked where databases are."""
    if not databases:
        return []
    if connection.vendor not in ("sqlite", "postgresql"):
        hint = "Use SQLite or PostgreSQL."
        return [Error(f"The search cannot run on {connection.vendor}.", hint=hint, id="qudao_search.E003")]
    if connection.vendor == "sqlite" and not has_fts5():
        hint = "Use a Python whose SQLite has FTS5, or PostgreSQL."
        return [Error("SQLite was built without FTS5.", hint=hint, id="qudao_search.E004")]
    return []


def has_fts5() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
        return bool(cursor.fetchone()[0])
