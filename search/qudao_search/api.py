"""The public API of the search: what plugins and hosts may call.

>>> from qudao_search import api as search
"""

from __future__ import annotations

from .index.services import rebuild, remove, synchronise, together, update
from .index.status import Drift, KindState, State, health, status
from .limits import count_query
from .query_log.services import forget_searches, recent_searches, record_click
from .query_log.services import prune as prune_log
from .querying.queries import everything_of, matching, search, suggest
from .synonyms.services import save_synonyms
from .values import (
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

__all__ = [
    "DEEPEST",
    "LONGEST_QUESTION",
    "SORTS",
    "Drift",
    "FacetResult",
    "FacetValue",
    "Hit",
    "KindState",
    "Matching",
    "Piece",
    "SearchRequest",
    "SearchResult",
    "State",
    "Suggestion",
    "count_query",
    "everything_of",
    "forget_searches",
    "health",
    "matching",
    "prune_log",
    "rebuild",
    "recent_searches",
    "record_click",
    "remove",
    "save_synonyms",
    "search",
    "status",
    "suggest",
    "synchronise",
    "together",
    "update",
]
