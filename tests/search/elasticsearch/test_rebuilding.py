"""A rebuild beside the index that serves: no gap, nothing lost, nothing left behind."""

from __future__ import annotations

from typing import Any

import pytest
from qudao_search import api as search
from qudao_search.engines.elasticsearch import mapping, rebuild
from qudao_search.engines.elasticsearch.client import cluster
from qudao_search.engines.elasticsearch.rebuild import Difference, RebuildFailed, differences, rebuild_cluster
from qudao_search.engines.elasticsearch.state import look
from qudao_search.entries.models import ClusterIndex, Entry, Pending
from qudao_search.index.services import synchronise
from qudao_search.testing import InMemorySource, Person

from tests.search.cluster import settle

pytestmark = pytest.mark.elasticsearch


def found(text: str) -> set[str]:
    result = search.search(Person(), search.SearchRequest(text), log=False)
    assert not result.degraded
    return {hit.item for hit in result.hits}


def indices() -> set[str]:
    return set(cluster().indices.get_alias(index=mapping.all_indices()))


def test_everything_in_the_database_is_found_afterwards(site: InMemorySource) -> None:
    for number in range(30):
        site.put(str(number), f"Lamp {number}")
    Pending.objects.all().delete()  # a cluster that was never told
    told: list[tuple[int, int]] = []
    assert rebuild_cluster(lambda done, total: told.append((done, total))) == 30
    assert told[-1] == (30, 30)
    assert len(found("lamp")) == 20 and found("lamp 7") == {"7"}
    assert look().drift == 0 and look().building == ""


def test_the_index_before_is_replaced_and_removed(site: InMemorySource) -> None:
    site.put("1", "Lamp")
    (before,) = indices()
    rebuild_cluster()
    (after,) = indices()
    assert before != after
    live = ClusterIndex.objects.get()
    assert (live.name, live.state) == (after, ClusterIndex.State.LIVE)
    assert set(cluster().indices.get_alias(name=mapping.alias())) == {after}


def test_changes_during_a_rebuild_are_in_both_indices(
    site: InMemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        site.put(str(number), "Lamp")
    settle()
    seen: list[set[str]] = []

    def meanwhile(done: int, total: int) -> None:
        if not seen:
            site.take("1")
            site.change("2", titles={"en": "Torch"})
            site.put("new", "Torch")
            settle()
            seen.append(found("torch"))
            assert "1" not in found("lamp") and len(indices()) == 2

    rebuild_cluster(meanwhile)
    assert seen == [{"2", "new"}] == [found("torch")]
    assert list(differences(cluster(), mapping.alias())) == []


def test_changes_nobody_sends_during_a_rebuild_are_sent_afterwards(site: InMemorySource) -> None:
    for number in range(5):
        site.put(str(number), "Lamp")

    def meanwhile(done: int, total: int) -> None:
        if "1" in site.documents_by_item:
            site.take("1")
            site.change("2", titles={"en": "Torch"})

    rebuild_cluster(meanwhile)
    assert "1" not in found("lamp")
    settle()
    assert found("torch") == {"2"}
    assert list(differences(cluster(), mapping.alias())) == []


def test_what_killed_rebuilds_left_is_removed(site: InMemorySource) -> None:
    orphan = f"{mapping.alias()}-20200101000000-abcdef"
    noted = f"{mapping.alias()}-20200101000000-abcde0"
    stranger = f"{mapping.alias()}-of-somebody-else"
    for name in (orphan, noted, stranger):
        cluster().indices.create(index=name)
    ClusterIndex.objects.create(name=noted, fingerprint=mapping.fingerprint())
    rebuild_cluster()
    assert indices() == {ClusterIndex.objects.get().name, stranger}


def test_of_two_rebuilds_the_later_one_goes_on(site: InMemorySource, settings: Any) -> None:
    site.put("1", "Lamp")
    begun: list[int] = []

    def again(done: int, total: int) -> None:
        if not begun:
            begun.append(1)
            rebuild_cluster()
            rebuild._send_all(cluster(), superseded, [])

    superseded = ""
    with pytest.raises(RebuildFailed):
        rebuild_cluster(again)
    assert found("lamp") == {"1"}
    assert indices() == {ClusterIndex.objects.get().name}


def test_what_is_lost_on_the_way_is_sent_again(site: InMemorySource) -> None:
    site.put("changed", "Lamp")
    settle()
    site.put("lost", "Lamp")
    Pending.objects.all().delete()
    index = ClusterIndex.objects.get().name
    keys = dict(Entry.objects.values_list("item", "pk"))
    cluster().index(index=index, id="999999", document={"entry": 999_999}, version=3, version_type="external")
    Entry.objects.filter(item="changed").update(revision=9)
    cluster().indices.refresh(index=index)
    assert list(differences(cluster(), index)) == [
        Difference(keys["changed"], 9, 1),
        Difference(keys["lost"], 1, None),
        Difference(999_999, None, 3),
    ]
    rebuild._mend(cluster(), index)
    assert list(differences(cluster(), index)) == []


def test_what_the_cluster_refuses_does_not_stop_a_rebuild(site: InMemorySource) -> None:
    for item in ("bad", "worse", "good"):
        site.put(item, "Lamp")
    Entry.objects.filter(item="bad").update(boost=1e300)
    Entry.objects.filter(item="worse").update(codes=[7])
    Pending.objects.all().delete()
    rebuild_cluster()
    assert found("lamp") == {"good"}
    synchronise()
    assert {refusal.item for refusal in look().refused} == {"bad", "worse"}
