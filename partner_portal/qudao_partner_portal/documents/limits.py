"""How far the reading of one document may go, from the settings."""

from __future__ import annotations

from qudao_search import conf as search

from .. import conf
from .extraction.rules import Limits


def limits() -> Limits:
    """The settings of this moment; of a text as much is kept as the search takes."""
    return Limits(
        seconds=conf.document_seconds(),
        memory=conf.document_memory(),
        size=conf.document_max_bytes(),
        pages=conf.document_pages(),
        characters=search.longest_text(),
    )
