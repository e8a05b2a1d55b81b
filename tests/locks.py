"""Which rows a piece of work locks, and in what order: the model of every ``SELECT … FOR UPDATE`` that is run.

SQLite runs these statements without locking anything, so that a dropped lock shows on it too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models.sql.compiler import SQLCompiler


@contextmanager
def locked() -> Iterator[list[str]]:
    """The names of the models whose rows were locked, one for each statement."""
    found: list[str] = []
    run = SQLCompiler.execute_sql

    def noted(self: SQLCompiler, *args: Any, **named: Any) -> Any:
        if self.query.select_for_update:
            found.append(self.query.model.__name__)
        return run(self, *args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "execute_sql", noted)
        yield found
