"""What the portal has to find: documents and pages; whose audience keys open what."""

from __future__ import annotations

from qudao_search import hooks as search

from .access.queries import open_to_audience
from .content.search_source import KIND as PAGE
from .content.search_source import PageSource
from .documents.access import AUDIENCE, RESTRICTED, open_restricted
from .documents.search_source import DocumentSource
from .documents.services import KIND as DOCUMENT

search.sources.register(DOCUMENT, DocumentSource(), order=30)
search.sources.register(PAGE, PageSource(), order=40)
search.policies.register(AUDIENCE, open_to_audience)
search.policies.register(RESTRICTED, open_restricted)
