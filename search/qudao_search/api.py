"""The public API of the search: what plugins and hosts may call.

>>> from qudao_search import api as search
"""

from __future__ import annotations

from .asking.doors import clicked, forget, recent
from .asking.problems import SearchProblem
from .asking.queries import everything_of, matching, search, suggest
from .asking.rules import (
    DEEPEST,
    LONGEST_QUESTION,
    SORTS,
    FacetResult,
    FacetValue,
    Hit,
    Matching,
    Piece,
    SearchRequest,
    SearchResult,
    Suggestion,
)
from .index.services import rebuild, remove, update
from .index.state import Drift, KindState, State, health, status
from .index.synchronising import synchronise
from .limits import count_question
from .log.services import prune as prune_log
from .words.services import save_synonyms

__all__ = [
    "DEEPEST",
    "LONGEST_QUESTION",
    "SORTS",
    "FacetResult",
    "FacetValue",
    "Drift",
    "Hit",
    "KindState",
    "Matching",
    "Piece",
    "SearchProblem",
    "SearchRequest",
    "SearchResult",
    "State",
    "Suggestion",
    "clicked",
    "count_question",
    "everything_of",
    "forget",
    "health",
    "matching",
    "prune_log",
    "rebuild",
    "recent",
    "remove",
    "save_synonyms",
    "search",
    "status",
    "suggest",
    "synchronise",
    "update",
]
