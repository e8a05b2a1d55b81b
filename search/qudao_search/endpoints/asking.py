"""Ask the search for a viewer; what it cannot answer becomes a refusal like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qudao_core.errors import Refusal

from .. import api as search
from .rules import FACET


@contextmanager
def refusing() -> Iterator[None]:
    """:raises Refusal: with the code of the search's problem."""
    try:
        yield
    except search.SearchProblem as problem:
        field = f"{FACET}{problem.field}" if problem.code == "unknown_facet" else problem.field
        raise Refusal(problem.code, problem.message, field=field, params=dict(problem.params)) from problem
