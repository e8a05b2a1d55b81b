"""What the portal has to find: documents and pages; whose audience keys open what."""

from __future__ import annotations

from typing import Any

from qudao_core.viewer import Viewer
from qudao_core.viewers import viewer_for
from qudao_search import hooks as search

from .content.found import KIND as PAGE
from .content.found import PageSource
from .content.reading import open_to_audience
from .documents.doors import AUDIENCE, RESTRICTED, open_restricted
from .documents.found import DocumentSource
from .documents.services import KIND as DOCUMENT


def reader_for(user: Any, language: str) -> Viewer:
    """Whoever the user would be in a request of their own."""
    return viewer_for(user, language=language)


search.sources.register(DOCUMENT, DocumentSource(), order=30)
search.sources.register(PAGE, PageSource(), order=40)
search.policies.register(AUDIENCE, open_to_audience)
search.policies.register(RESTRICTED, open_restricted)
search.readers.register("portal", reader_for)
