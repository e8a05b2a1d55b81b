"""What the catalogue has to find: products and handbook topics."""

from __future__ import annotations

from qudao_search import hooks as search

from .handbook.registration import KIND as TOPIC
from .handbook.search_source import TopicSource
from .listing.search_source import KIND, ProductSource
from .products.access import POLICY, visible_by_tokens

search.sources.register(KIND, ProductSource(), order=10)
search.policies.register(POLICY, visible_by_tokens)
search.sources.register(TOPIC, TopicSource(), order=20)
