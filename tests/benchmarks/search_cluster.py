"""The search in a cluster, beside the raw calls it makes: the same bodies by the bare client, and the bulk helper.

The entries are written into the site's table in bulk, a million of them, so that what is measured is what the site
does with a cluster and not how its products came to be. Each question is asked of both in turn.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from elastic_transport import Urllib3HttpNode
from elasticsearch.helpers import bulk
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_search import api as search
from qudao_search.engines.elasticsearch import documents, mapping
from qudao_search.engines.elasticsearch.client import CHUNK, cluster
from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster
from qudao_search.entries.models import Entry

from tests.benchmarks import search as embedded
from tests.benchmarks import search_shop
from tests.benchmarks.measure import Figure, stopwatch
from tests.benchmarks.search_shop import Shop
from tests.benchmarks.search_words import Goods, p95

#: Products that are really there: they give doors, groups, and one whose title changes.
REAL = 2_000
BATCH = 5_000
RAW = 50_000
TIMES = 3
COLUMNS = (
    "kind",
    "item",
    "group_id",
    "titles",
    "codes",
    "texts",
    "keywords",
    "boost",
    "dated_at",
    "digest",
    "revision",
)
Call = tuple[str, bytes, Any]


class Recorder(Urllib3HttpNode):
    """The client's usual node; notes the searches that go through it while it is told to."""

    calls: list[Call] | None = None

    def perform_request(
        self, method: str, target: str, body: bytes | None = None, headers: Any = None, **options: Any
    ) -> Any:
        if Recorder.calls is not None and body is not None:
            Recorder.calls.append((target, body, headers))
        return super().perform_request(method, target, body=body, headers=headers, **options)


def figures(count: int) -> Iterator[Figure]:
    from django.conf import settings  # noqa: PLC0415 - one use

    settings.QUDAO_SEARCH_ELASTICSEARCH["node_class"] = Recorder
    shop = search_shop.build(min(REAL, count))
    embedded.index(shop)
    _write_entries(shop, count - len(shop.product_ids))
    yield from _indexing()
    viewer = core.viewer_for(get_user_model().objects.get(pk=shop.user_id), language="zh-hans")
    with embedded.without_cards():
        yield _searching(viewer, list(embedded.asked(shop, count)))
    yield _changed_title(viewer, shop)
    yield _memory()


# --- Entries ---


def _write_entries(shop: Shop, count: int) -> None:
    """Further goods as entries of groups that are there already."""
    groups = _groups(shop)
    every = sorted(set(groups.values()))
    for start in range(0, count, BATCH):
        numbers = range(len(shop.product_ids) + start, len(shop.product_ids) + min(start + BATCH, count))
        _insert([_row(Goods(number), groups, every) for number in numbers])


def _key(goods: Goods) -> tuple[int, int, int, bool]:
    return goods.category, goods.finish, goods.degree, goods.discontinued


def _groups(shop: Shop) -> dict[tuple[int, int, int, bool], int]:
    group_of = dict(Entry.objects.values_list("item", "group_id"))
    return {_key(Goods(number)): group_of[str(pk)] for number, pk in enumerate(shop.product_ids)}


def _row(
    goods: Goods, groups: dict[tuple[int, int, int, bool], int], every: Sequence[int]
) -> tuple[Any, ...]:
    group = groups.get(_key(goods), every[goods.number % len(every)])
    titles, texts = ({"en": pair[0], "zh-hans": pair[1]} for pair in (goods.titles, goods.texts))
    codes = [goods.sku, f"ERP-{goods.sku}", f"69{goods.number:011d}"]
    keywords = [Goods.finishes[goods.finish][0], f"{goods.power}W"]
    json = [orjson.dumps(each).decode() for each in (titles, codes, texts, keywords)]
    return ("product", f"x{goods.number}", group, *json, 1.0, None, "", 1)


def _insert(rows: list[tuple[Any, ...]]) -> None:
    table, columns = Entry._meta.db_table, ", ".join(COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


# --- Indexing ---


def _indexing() -> Iterator[Figure]:
    """Our rebuild between two halves of the raw helper's work, so that a slow minute falls on both."""
    rows = list(documents.rows_after(-1, RAW))
    halves = [list(documents.writes(half)) for half in (rows[::2], rows[1::2])]
    before = _raw(halves[0])
    with stopwatch() as took:
        sent = rebuild_cluster()
    raw = (before + _raw(halves[1])) / 2
    ours = sent / took[0]
    note = f"{ours:,.0f}/s, {sent:,} in {took[0]:.0f} s; raw {raw:,.0f}/s of documents that are ready"
    yield Figure("cluster: rebuild ÷ raw bulk helper", ours / raw, "×", 0.6, True, note)


def _raw(actions: Sequence[dict[str, Any]]) -> float:
    """Documents a second that the bulk helper sends to an equal index."""
    client, index = cluster(), f"{mapping.alias()}-raw"
    client.indices.create(
        index=index, mappings=mapping.mapping(), settings=mapping.SETTINGS | {"refresh_interval": "-1"}
    )
    with stopwatch() as took:
        bulk(client, ({**action, "_index": index} for action in actions), chunk_size=CHUNK)
        client.indices.refresh(index=index)
    client.indices.delete(index=index)
    return len(actions) / took[0]


# --- Searching ---


def _searching(viewer: Any, requests: Sequence[search.SearchRequest]) -> Figure:
    taken: tuple[list[float], list[float]] = ([], [])
    engines = set()
    for request in requests:
        calls, engine = _recorded(viewer, request)
        engines.add(engine)
        runs = [(_timed(viewer, request), _replayed(calls)) for _run in range(TIMES)]
        taken[0].append(statistics.median(ours for ours, _raw in runs))
        taken[1].append(statistics.median(raw for _ours, raw in runs))
    if engines != {"elasticsearch"}:
        raise RuntimeError(f"answered by {engines}")
    times = embedded.Times(*map(tuple, taken))
    return Figure(
        "cluster: p95 of the search ÷ the raw calls it makes",
        p95(times.ours) / p95(times.floor),
        "×",
        2,
        note=times.note,
    )


def _recorded(viewer: Any, request: search.SearchRequest) -> tuple[list[Call], str]:
    """The calls a search makes, and which engine answered it."""
    Recorder.calls = calls = []
    try:
        return calls, search.search(viewer, request, log=False).engine
    finally:
        Recorder.calls = None


def _timed(viewer: Any, request: search.SearchRequest) -> float:
    start = time.perf_counter()
    search.search(viewer, request, log=False)
    return (time.perf_counter() - start) * 1000


def _replayed(calls: Iterable[Call]) -> float:
    """The same calls by the bare client, its answers read."""
    client = cluster()
    ready = [(target, _body(body, headers), headers) for target, body, headers in calls]
    start = time.perf_counter()
    for target, body, headers in ready:
        client.perform_request("POST", target, headers=headers, body=body)
    return (time.perf_counter() - start) * 1000


def _body(body: bytes, headers: Any) -> Any:
    """As the client takes it: several searches are lines of JSON."""
    if "ndjson" in headers["content-type"]:
        return [orjson.loads(line) for line in body.splitlines()]
    return orjson.loads(body)


def _changed_title(viewer: Any, shop: Shop) -> Figure:
    """From the change of a title until a search finds it, the dirty set being sent as the dispatcher does it."""
    item = next(each for each in map(Goods, range(len(shop.product_ids))) if each.category == 0)
    result = catalog.upsert_products(
        actor=core.system_viewer("en"), rows=[{"sku": item.sku, "title_zh-hans": "全新量子照明"}]
    )
    if result.problems:
        raise RuntimeError(f"the title was refused: {result.problems}")
    with stopwatch() as took:
        while not search.search(viewer, search.SearchRequest("量子照明"), log=False).total:
            search.synchronise()
            time.sleep(0.02)
    return Figure("cluster: a changed title is found after", took[0], "s", 2)


def _memory() -> Figure:
    client = cluster()
    node = next(iter(client.nodes.stats(metric="jvm")["nodes"].values()))
    heap = node["jvm"]["mem"]["heap_used_in_bytes"] / 2**20
    size = client.indices.stats(index=mapping.alias())["_all"]["total"]["store"]["size_in_bytes"] / 2**20
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figure(
        "cluster: heap used", heap, "MiB", note=f"index {size:,.0f} MiB; most of our process {own:,.0f} MiB"
    )
