"""Whether a question can be answered."""

from __future__ import annotations

import pytest
from qudao_core.errors import Refusal
from qudao_search import api as search
from qudao_search.entries import group_cache
from qudao_search.testing import InMemorySource

from .contract import BUYER


def test_a_filter_that_another_process_has_just_brought_is_known(
    products: InMemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process's page offers it, and the link leads to another one."""
    products.put("1", "Lamp", facets={"line": ("red",)})
    group_cache.clear()
    group_cache.load_all()
    before = group_cache.current()
    products.put("2", "Lamp", facets={"voltage": ("12",)})
    monkeypatch.setattr(group_cache, "_cache", before)
    asked = search.SearchRequest("lamp", facets={"voltage": ("12",)})
    assert [hit.item for hit in search.search(BUYER, asked, log=False).hits] == ["2"]
    with pytest.raises(Refusal):
        search.search(BUYER, search.SearchRequest("lamp", facets={"nothing": ("12",)}), log=False)
