"""Nobody else's rows change: what stands in a plugin's tables, to be compared before and after a piece of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps

Rows = dict[tuple[str, Any], dict[str, Any]]


def rows_of(*plugins: str) -> Rows:
    """Every row of the plugins' tables, by the name of its model and its key."""
    return {
        (model.__name__, row["pk"]): row
        for plugin in plugins
        for model in apps.get_app_config(plugin).get_models()
        for row in model._base_manager.values("pk", *[field.attname for field in model._meta.concrete_fields])
    }


@contextmanager
def untouched(before: Rows, *plugins: str, but: frozenset[str] = frozenset()) -> Iterator[None]:
    """Work after which every row of ``before`` is there and says what it said, but for models in ``but``."""
    yield
    after = rows_of(*plugins)
    changed = {
        (name, key, column)
        for (name, key), row in before.items()
        if name not in but
        for column in row
        if after.get((name, key), {}).get(column, "gone") != row[column]
    }
    assert not changed, sorted(changed, key=str)
