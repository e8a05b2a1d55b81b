"""The door: what a reader finds."""

from __future__ import annotations

import pytest
from qudao_search import api as search
from qudao_search.api import SearchRequest
from qudao_search.testing import Person, Shelf


def found(person: Person, text: str, **more: object) -> list[str]:
    return [hit.item for hit in search.search(person, SearchRequest(text, **more)).hits]  # type: ignore[arg-type]


def test_smoke(products: Shelf) -> None:
    products.put(
        "1",
        {"zh-hans": "工业交换机", "en": "Industrial switch"},
        codes=("QX-2048-A",),
        facets={"line": ("red",)},
    )
    products.put("2", "Lamp", access=["gold"], facets={"line": ("blue",)})
    result = search.search(Person(language="zh-hans"), SearchRequest("交换机"))
    print(result)
    assert [hit.item for hit in result.hits] == ["1"]
    assert search.search(Person(), SearchRequest("lamp")).total == 0
    print(search.search(Person(), SearchRequest("")))
    print(search.suggest(Person(), "swi"))
