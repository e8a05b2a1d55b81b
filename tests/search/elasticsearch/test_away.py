"""A cluster that is not there: the site answers from the embedded index, says so, and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from qudao_search import api as search
from qudao_search.engines import choosing
from qudao_search.engines.elasticsearch import rebuild
from qudao_search.engines.elasticsearch.mapping import fingerprint
from qudao_search.engines.elasticsearch.rebuild import RebuildFailed, rebuild_cluster
from qudao_search.engines.elasticsearch.state import look, trouble
from qudao_search.entries.models import ClusterIndex, Pending
from qudao_search.testing import InMemorySource, Person

from tests.services import LOOPBACK, free_port


@pytest.fixture
def nowhere(db: None, settings: Any) -> None:
    """The site is set to a cluster that does not answer any more; it had an index there."""
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    settings.QUDAO_SEARCH_ELASTICSEARCH = {"hosts": [f"http://{LOOPBACK}:{free_port()}"]}
    ClusterIndex.objects.create(name="served-once", fingerprint=fingerprint(), state=ClusterIndex.State.LIVE)


def ask(text: str) -> search.SearchResult:
    return search.search(Person(), search.SearchRequest(text), log=False)


def test_the_embedded_index_answers_and_says_so(products: InMemorySource, nowhere: None) -> None:
    products.put("1", "Lamp")
    result = ask("lamp")
    assert [hit.item for hit in result.hits] == ["1"]
    assert result.degraded and result.engine != "elasticsearch"
    assert choosing.is_away()
    assert [line.text[0].text for line in search.suggest(Person(), "lam")] == ["Lam"]


def test_health_says_degraded_and_still_ok(products: InMemorySource, nowhere: None) -> None:
    products.put("1", "Lamp")
    health = search.health()
    assert (health["ok"], health["degraded"], health["waiting"]) == (True, True, 1)
    state = look()
    assert state.trouble and state.documents is state.drift is None and state.waiting == 1
    assert "127.0.0.1" not in trouble()


def test_changes_wait_and_the_one_who_sends_does_not(products: InMemorySource, nowhere: None) -> None:
    products.put("1", "Lamp")
    products.take("1")
    assert search.synchronise() == 0
    assert search.synchronise() == 0  # left alone for a moment
    assert Pending.objects.get().deleted


def test_a_rebuild_gives_up_with_a_reason(
    products: InMemorySource, nowhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "PATIENCE", 0.0)
    with pytest.raises(RebuildFailed, match="ConnectionError"):
        rebuild_cluster()


@pytest.mark.elasticsearch
def test_a_cluster_without_our_index_is_away_until_it_is_built(
    products: InMemorySource, cluster_settings: Any
) -> None:
    products.put("1", "Lamp")
    assert ask("lamp").degraded
    assert "search_rebuild" in trouble()
    assert search.synchronise() == 1  # nothing to tell it: the rebuild will
    rebuild_cluster()
    choosing.mark_available()
    assert (ask("lamp").engine, trouble()) == ("elasticsearch", "")
