"""The door of the search: what plugins and hosts may call.

>>> from qudao_search import api as search
"""

from __future__ import annotations

from .asking.rules import (
    FacetResult,
    FacetValue,
    Hit,
    Piece,
    SearchRequest,
    SearchResult,
    Suggestion,
)

__all__ = [
    "FacetResult",
    "FacetValue",
    "Hit",
    "Piece",
    "SearchRequest",
    "SearchResult",
    "Suggestion",
]
