"""Changes reach the cluster, whatever comes in between; what hides something hides it at once."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from qudao_search import api as search
from qudao_search.engines.elasticsearch import documents, mapping
from qudao_search.engines.elasticsearch.client import cluster, send
from qudao_search.engines.elasticsearch.rebuild import differences
from qudao_search.engines.elasticsearch.state import look
from qudao_search.entries.models import ClusterIndex, Entry, Pending
from qudao_search.testing import InMemorySource, Person

from tests.search.cluster import settle
from tests.services import until

pytestmark = pytest.mark.elasticsearch

DEALER = Person()
GOLD = Person(keys=frozenset({"everyone", "tier:gold"}))


def ask(person: Person, text: str) -> search.SearchResult:
    return search.search(person, search.SearchRequest(text), log=False)


def found(person: Person, text: str) -> set[str]:
    result = ask(person, text)
    assert (result.engine, result.degraded) == ("elasticsearch", False)
    assert result.total == len(result.hits)
    return {hit.item for hit in result.hits}


def agrees() -> bool:
    return not list(differences(cluster(), mapping.alias()))


def test_a_changed_title_is_found_without_anybody_refreshing(site: InMemorySource) -> None:
    site.put("1", "Lamp")
    assert search.synchronise() == 1
    until(lambda: found(DEALER, "lamp") == {"1"})
    site.change("1", titles={"en": "Torch"})
    assert search.synchronise() == 1
    until(lambda: found(DEALER, "torch") == {"1"})
    assert found(DEALER, "lamp") == set()


def test_an_embedded_site_pays_nothing(
    products: InMemorySource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    products.put("1", "Lamp")
    with django_assert_num_queries(0):
        assert search.synchronise() == 0
    assert not Pending.objects.exists()


def test_what_is_hidden_is_hidden_before_the_cluster_hears_of_it(site: InMemorySource) -> None:
    site.put("1", "Lamp", facets={"line": ("red",)})
    site.put("2", "Lamp", facets={"line": ("red",)})
    settle()
    assert found(DEALER, "lamp") == {"1", "2"}
    site.change("1", access=site.lay("1", "Lamp", access=["tier:gold"]).access)
    assert found(DEALER, "lamp") == {"2"}
    assert [value.count for facet in ask(DEALER, "lamp").facets for value in facet.values] == [1]
    site.take("2")
    assert found(DEALER, "lamp") == found(GOLD, "lamp") == set()
    # No refresh of the test's: what hid something is confirmed only when searches see it.
    assert search.synchronise() == 2
    assert found(DEALER, "lamp") == set()
    assert found(GOLD, "lamp") == {"1"}


def test_more_hidden_things_than_a_query_can_name_are_hidden_by_the_embedded_index(
    site: InMemorySource, settings: Any
) -> None:
    settings.QUDAO_SEARCH_MOST_HIDDEN = 1
    for item in "123":
        site.put(item, "Lamp")
    settle()
    site.take("1")
    assert not ask(DEALER, "lamp").degraded
    site.take("2")
    result = ask(DEALER, "lamp")
    assert (result.degraded, {hit.item for hit in result.hits}) == (True, {"3"})


def test_a_late_older_write_loses(site: InMemorySource) -> None:
    site.put("1", "Lamp")
    late = list(documents.writes(documents.rows_of([Entry.objects.get().pk])))
    site.change("1", titles={"en": "Torch"})
    settle()
    index = ClusterIndex.objects.get().name
    assert send(cluster(), index, late).arrived == {Entry.objects.get().pk}
    settle()
    assert (found(DEALER, "lamp"), found(DEALER, "torch")) == (set(), {"1"})
    site.take("1")
    settle()
    send(cluster(), index, late)
    settle()
    assert found(DEALER, "lamp") == set() and agrees()


def test_whoever_dies_before_striking_off_leaves_work_that_is_harmless(site: InMemorySource) -> None:
    site.put("1", "Lamp")
    site.put("2", "Lamp")
    with transaction.atomic():
        assert search.synchronise() == 2
        transaction.set_rollback(True)
    assert Pending.objects.count() == 2
    site.take("2")
    assert search.synchronise() == 2
    assert not Pending.objects.exists() and agrees()


def test_a_change_meanwhile_stays_in_the_dirty_set(site: InMemorySource) -> None:
    site.put("1", "Lamp")
    stale = Pending.objects.get()
    site.change("1", titles={"en": "Torch"})
    from qudao_search.entries.pending import mark_sent  # noqa: PLC0415 - inside, not the API

    mark_sent([(stale.entry_id, stale.revision, False, False, 0)])
    assert Pending.objects.get().revision == stale.revision + 1


def test_what_the_cluster_refuses_is_kept_with_its_reason_and_holds_up_nothing(site: InMemorySource) -> None:
    site.put("bad", "Lamp")
    site.put("good", "Lamp")
    Entry.objects.filter(item="bad").update(boost=1e300)
    assert search.synchronise() == 1
    settle()
    assert found(DEALER, "lamp") == {"good"}
    (refusal,) = look().refused
    assert refusal.item == "bad" and "finite" in refusal.reason
    assert search.synchronise() == 0
    site.change("bad", titles={"en": "Mended lamp"})
    settle()
    assert found(DEALER, "lamp") == {"bad", "good"}
    assert look().refused == () and look().drift == 0


def test_what_cannot_even_be_read_holds_up_nothing(site: InMemorySource) -> None:
    site.put("bad", "Lamp")
    site.put("good", "Lamp")
    Entry.objects.filter(item="bad").update(codes=[7])
    assert search.synchronise() == 1
    assert Pending.objects.get().error


@pytest.mark.django_db(transaction=True)
def test_many_may_send_at_a_time(site: InMemorySource) -> None:
    for number in range(120):
        site.put(str(number), f"Lamp {number}")

    def work() -> None:
        try:
            while search.synchronise(limit=20):
                pass
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for number in range(0, 120, 2):
        site.change(str(number), titles={"en": f"Torch {number}"})
    for worker in workers:
        worker.join()
    settle()
    assert agrees() and not Pending.objects.exists()
    assert ask(DEALER, "torch").total == 60


def test_an_index_of_another_shape_only_learns_what_to_forget(site: InMemorySource, settings: Any) -> None:
    site.put("1", "Lamp")
    site.put("2", "Lamp")
    settle()
    old = mapping.alias()
    settings.QUDAO_SEARCH_ANALYZERS = {"zh": "simple"}
    assert ask(DEALER, "lamp").degraded and mapping.alias() != old
    site.take("1")
    site.change("2", titles={"en": "Torch"})
    settle()
    assert cluster().count(index=old)["count"] == 1
    assert not Pending.objects.exists()


def test_analyzers_of_the_cluster_only_add_to_the_score(site: InMemorySource, settings: Any) -> None:
    from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster  # noqa: PLC0415 - as above

    settings.QUDAO_SEARCH_ANALYZERS = {"zh": "simple", "pinyin": "whitespace"}
    rebuild_cluster()
    site.put("1", {"zh-hans": "工业交换机"})
    site.put("2", {"zh-hans": "交流 换代 机"})
    settle()
    assert found(DEALER, "交换机") == {"1"}
    fields = cluster().indices.get_mapping(index=mapping.alias()).body.popitem()[1]["mappings"]["properties"]
    assert fields["titles"]["fields"]["pinyin"]["analyzer"] == "whitespace"
    assert fields["words"]["fields"]["zh"]["analyzer"] == "simple"
