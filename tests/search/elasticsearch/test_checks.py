"""What is set wrong for a cluster is said at the start, without asking the cluster."""

from __future__ import annotations

from typing import Any

import pytest
from qudao_search.checks import check_cluster


@pytest.fixture
def clustered(settings: Any) -> Any:
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    settings.QUDAO_SEARCH_ELASTICSEARCH = {"hosts": ["http://127.0.0.1:9200"]}
    return settings


def found() -> list[str]:
    return [message.id or "" for message in check_cluster(None)]


def test_a_cluster_that_is_described_well(clustered: Any) -> None:
    clustered.QUDAO_SEARCH_ANALYZERS = {"zh": "smartcn", "pinyin": "pinyin"}
    assert found() == []


@pytest.mark.parametrize(
    "arguments",
    [{}, {"hosts": []}, {"hosts": ["somewhere"]}, {"hosts": ["http://127.0.0.1:9200"], "nonsense": 1}],
)
def test_no_client_can_be_made(clustered: Any, arguments: dict[str, Any]) -> None:
    clustered.QUDAO_SEARCH_ELASTICSEARCH = arguments
    assert found() == ["qudao_search.E005"]


def test_an_analyzer_for_something_unknown(clustered: Any) -> None:
    clustered.QUDAO_SEARCH_ANALYZERS = {"klingon": "standard"}
    assert found() == ["qudao_search.E006"]


def test_an_embedded_search_needs_nothing(settings: Any) -> None:
    settings.QUDAO_SEARCH_ELASTICSEARCH = {}
    assert found() == []
