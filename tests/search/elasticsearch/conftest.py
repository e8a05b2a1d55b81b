"""A site on a cluster: things on shelves, and the index built."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qudao_search.engines import choosing
from qudao_search.engines.elasticsearch import changes
from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster
from qudao_search.testing import InMemorySource


@pytest.fixture(autouse=True)
def _nobody_remembers_trouble(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test before found out about its cluster is no news of this one's."""
    choosing.mark_available()
    monkeypatch.setattr(changes, "_away_until", 0.0)
    yield
    choosing.mark_available()


@pytest.fixture
def site(products: InMemorySource, cluster_settings: Any) -> InMemorySource:
    """Products, on a site that searches in the cluster; the index is built and empty."""
    rebuild_cluster()
    return products
