"""The search in the site's own database, beside the barest full-text statement with the same words.

Each question is asked of both in turn, several times, and the median of each counts: what else the machine does falls
on both. The questions are those of a dealer from whom two of eight product lines are hidden; every second one comes
with a category and a filter. "Without cards" is what the search itself does: permission, counts by kind, facets,
order, correction, highlighting; "with cards" adds own prices and stock of twenty hits.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from qudao_catalog import api as catalog
from qudao_catalog.listing.definitions import facet_definitions
from qudao_core import api as core
from qudao_search import api as search
from qudao_search import hooks
from qudao_search.engines.choosing import embedded
from qudao_search.querying.parse import read
from qudao_search.values import Query

from tests.benchmarks.measure import Figure, statements, stopwatch
from tests.benchmarks.search_shop import Shop
from tests.benchmarks.search_words import Goods, p95, questions

KIND = "product"
QUESTIONS, TIMES = 200, 5
INDEXED_AT_ONCE = 1000
JUDGED_FROM = 50_000
FACET = "ip"


@dataclass(frozen=True)
class Times:
    """Milliseconds for each question: the search's and the floor's."""

    ours: tuple[float, ...]
    floor: tuple[float, ...]

    @property
    def note(self) -> str:
        halves = [f"{statistics.median(each):.2f} (p95 {p95(each):.2f})" for each in (self.ours, self.floor)]
        return " / ".join(halves) + " ms"


def figures(shop: Shop) -> Iterator[Figure]:
    took = index(shop)
    note = f"{len(shop.product_ids):,} products in {took:.1f} s"
    yield Figure("index through the source", len(shop.product_ids) / took, "/s", note=note)
    viewer = core.viewer_for(get_user_model().objects.get(pk=shop.user_id), language="zh-hans")
    requests = list(asked(shop, len(shop.product_ids)))
    # With few products there is hardly anything to match, and what is left is the constant cost of both.
    limit = 4 if connection.vendor == "sqlite" and len(shop.product_ids) >= JUDGED_FROM else None
    with without_cards():
        times = beside(requests, lambda request: search.search(viewer, request, log=False), bare)
    yield Figure(
        "search: p95 ÷ bare full-text statement",
        p95(times.ours) / p95(times.floor),
        "×",
        limit,
        note=times.note,
    )
    times = beside(requests, lambda request: search.search(viewer, request), bare)
    note = f"{times.note}; {statements_each(viewer, requests)} statements at most"
    yield Figure(
        "search with cards, prices and log ÷ the same", p95(times.ours) / p95(times.floor), "×", note=note
    )
    typing = [search.SearchRequest(request.text[:3]) for request in requests]
    times = beside(typing, lambda request: search.suggest(viewer, request.text), lambda _request: None)
    yield Figure(
        "suggestions while typing: p95",
        p95(times.ours),
        "ms",
        note=f"median {statistics.median(times.ours):.2f}",
    )
    yield changed_title(viewer, shop)
    yield Figure(
        "most memory of the process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB"
    )


def index(shop: Shop) -> float:
    """All products into the index, through their source, as an import does it; the seconds it took."""
    items = [str(pk) for pk in shop.product_ids]
    with stopwatch() as took:
        for start in range(0, len(items), INDEXED_AT_ONCE):
            with transaction.atomic():
                search.update(kind=KIND, items=items[start : start + INDEXED_AT_ONCE])
    return took[0]


def asked(shop: Shop, goods: int) -> Iterator[search.SearchRequest]:
    """Two hundred mixed questions about so many goods; every second one within a category and a filter."""
    filter_ = next(each for each in facet_definitions(core.Versions.read()) if each.code == FACET)
    values = tuple(option.value for option in filter_.options[:2])
    for number, text in enumerate(questions(QUESTIONS, goods)):
        category = str(shop.category_ids[number % 5])
        facets = {"category": (category,), filter_.key: values} if number % 2 else {}
        yield search.SearchRequest(text, facets=facets)


# --- The floor ---

_BARE = {
    "sqlite": "SELECT rowid FROM qudao_search_fts WHERE qudao_search_fts MATCH %s ORDER BY rank LIMIT 20",
    "postgresql": (
        "SELECT entry_id FROM qudao_search_tokens, (SELECT %s::tsquery AS query) AS wanted "
        "WHERE tokens @@ wanted.query ORDER BY ts_rank(tokens, wanted.query) DESC LIMIT 20"
    ),
}


def bare(request: search.SearchRequest) -> list[Any]:
    """One statement: what matches the words of the question, the best twenty by the database's own rank."""
    with connection.cursor() as cursor:
        cursor.execute(_BARE[connection.vendor], [_expression(read(request.text))])
        return list(cursor.fetchall())


def _expression(question: Query) -> str:
    return embedded().expression(question)


# --- Measuring ---


def beside(
    requests: Sequence[search.SearchRequest],
    ours: Callable[[search.SearchRequest], Any],
    floor: Callable[[search.SearchRequest], Any],
    times: int = TIMES,
) -> Times:
    """Each question of both in turn, ``times`` times after one that does not count; the medians in milliseconds."""
    taken: tuple[list[float], list[float]] = ([], [])
    for request in requests:
        runs = [(_milliseconds(floor, request), _milliseconds(ours, request)) for _run in range(times + 1)][
            1:
        ]
        taken[0].append(statistics.median(mine for _floor, mine in runs))
        taken[1].append(statistics.median(bare for bare, _ours in runs))
    return Times(tuple(taken[0]), tuple(taken[1]))


def _milliseconds(work: Callable[[Any], Any], request: Any) -> float:
    start = time.perf_counter()
    work(request)
    return (time.perf_counter() - start) * 1000


def statements_each(viewer: Any, requests: Sequence[search.SearchRequest]) -> int:
    """The most SQL statements one of the first forty questions takes."""
    return max(statements(partial(search.search, viewer, each)) for each in requests[:40])


class _Bare:
    """A source whose cards cost nothing, and which has one for everything."""

    def __init__(self, source: hooks.Source) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> dict[str, hooks.Card]:
        return {item: hooks.Card(title="", url=f"/{item}/") for item in items}


@contextmanager
def without_cards() -> Iterator[None]:
    """While it lasts, hits are shown without reading prices, stock and pictures."""
    source = hooks.sources.get(KIND)
    assert source is not None
    hooks.sources.unregister(KIND)
    hooks.sources.register(KIND, _Bare(source), order=10)
    try:
        yield
    finally:
        hooks.sources.unregister(KIND)
        hooks.sources.register(KIND, source, order=10)


def changed_title(viewer: Any, shop: Shop) -> Figure:
    """How many requests it takes until a changed title is found; the first is asked at once."""
    item = next(each for each in map(Goods, range(len(shop.product_ids))) if each.category == 0)
    with stopwatch() as took:
        result = catalog.upsert_products(
            actor=core.system_viewer("en"), rows=[{"sku": item.sku, "title_zh-hans": "全新量子照明"}]
        )
    if result.problems:
        raise RuntimeError(f"the title was refused: {result.problems}")
    tries = next(
        number for number in range(1, 10_000) if search.search(viewer, search.SearchRequest("量子照明")).total
    )
    return Figure(
        "a changed title is found: requests until then",
        tries,
        "",
        1,
        note=f"the change took {took[0] * 1000:.0f} ms",
    )
