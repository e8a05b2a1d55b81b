"""What the catalogue has to find: products and handbook topics."""

from __future__ import annotations

from qudao_search import hooks as search

from .handbook.changes import KIND as TOPIC
from .handbook.found import TopicSource
from .listing.search_source import KIND, ProductSource
from .products.doors import POLICY, open_doors

search.sources.register(KIND, ProductSource(), order=10)
search.policies.register(POLICY, open_doors)
search.sources.register(TOPIC, TopicSource(), order=20)
