"""Asking the cluster: one request gives the counts by group and a stretch of what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from zlib import crc32

from elasticsearch.dsl import A, MultiSearch, Search
from elasticsearch.dsl.query import Bool, Ids, MatchNone, Terms

from ... import conf
from ...entries.models import Pending
from ...values import Clause, Match, Matches, Query
from ..contract import EngineUnavailable, Order
from . import mapping
from .client import query_client
from .query import dsl_query
from .state import trouble

#: What a cluster counts and compares at most (``search.max_buckets``, ``index.max_terms_count``).
MOST_GROUPS = 65_536
DEEPEST = 10_000
_SORTS: dict[Order, list[Any]] = {
    "relevance": [{"_score": "desc"}, {"entry": "asc"}],
    "newest": [{"dated_at": {"order": "desc", "missing": "_last"}}, {"entry": "desc"}],
}
_LONGEST_EXPLANATION = 1_000


class ElasticsearchEngine:
    name = "elasticsearch"

    def ask(
        self,
        query: Query,
        *,
        groups: Collection[int] | None,
        order: Order = "relevance",
        offset: int = 0,
        limit: int = 20,
        narrow_to: Sequence[int] | None = None,
    ) -> Matches:
        search = _within(_search(query, order), narrow_to)
        search.aggs.bucket("groups", A("terms", field="group", size=MOST_GROUPS))
        if groups is not None:
            search = search.post_filter(_one_of(groups))
        if groups is not None and not groups:
            limit = 0
        answer = _answer(search.sort(*_SORTS[order])[offset : offset + limit])
        return Matches(_counts(answer), tuple(_matches(answer)))

    def check(self) -> None:
        reason = trouble()
        if reason:
            raise EngineUnavailable(reason)

    def frequencies(self, clauses: Sequence[Clause], *, groups: Collection[int], most: int) -> list[int]:
        if not clauses or not groups:
            return [0] * len(clauses)
        searches: MultiSearch[Any] = MultiSearch(index=mapping.alias())
        among = Bool(filter=[_one_of(groups)], must_not=[Ids(values=waiting_to_be_hidden())])
        for clause in clauses:
            search: Search[Any] = (
                Search().query(dsl_query(Query(clauses=(clause,)), scored=False)).query(among)
            )
            searches = searches.add(search.source(False).extra(size=0, track_total_hits=most))
        with query_client() as client:
            answers = searches.using(client).execute()
        return [min(answer.hits.total.value, most) for answer in answers]

    def scores(self, query: Query, entry_ids: Sequence[int]) -> dict[int, str]:
        search = _within(_search(query, "relevance"), entry_ids).extra(explain=True)
        answer = _answer(search[: min(len(entry_ids), DEEPEST)])
        return {
            int(hit["_id"]): "\n".join(_lines(hit["_explanation"]))[:_LONGEST_EXPLANATION]
            for hit in answer["hits"]["hits"]
        }


def _search(query: Query, order: Order) -> Search[Any]:
    """The search for a query, without what the cluster does not know to be hidden yet.

    The same query goes to the same copy of the index, so that its pages fit together.
    """
    search: Search[Any] = Search(index=mapping.alias()).query(dsl_query(query, scored=order == "relevance"))
    hidden = waiting_to_be_hidden()
    if hidden:
        search = search.query(Bool(must_not=[Ids(values=hidden)]))
    same = f"question-{crc32(repr(query).encode())}"
    return search.source(False).extra(track_total_hits=False).params(preference=same)


def waiting_to_be_hidden() -> list[int]:
    """Entries of which the cluster may still show what it must not.

    :raises EngineUnavailable: there are more than can be told in a query.
    """
    rows = Pending.objects.filter(hides=True).order_by().values_list("entry_id", flat=True)
    hidden = list(rows[: conf.most_hidden() + 1])
    if len(hidden) > conf.most_hidden():
        raise EngineUnavailable("more hidden entries wait than can be told in a query")
    return hidden


def _within(search: Search[Any], narrow_to: Sequence[int] | None) -> Search[Any]:
    if narrow_to is None:
        return search
    if len(narrow_to) > MOST_GROUPS:
        raise EngineUnavailable("too many entries to stay within")
    return search.filter(Ids(values=list(narrow_to)))


def _one_of(groups: Collection[int]) -> Terms | MatchNone:
    if len(groups) > MOST_GROUPS:
        raise EngineUnavailable("too many groups to choose from")
    return Terms(group=list(groups)) if groups else MatchNone()


def _answer(search: Search[Any]) -> dict[str, Any]:
    """The cluster's answer, never a partial one."""
    with query_client() as client:
        response = search.using(client).params(allow_partial_search_results=False).execute()
    answer: dict[str, Any] = response.to_dict()
    if answer["timed_out"]:
        raise EngineUnavailable("the cluster did not finish in time")
    return answer


def _counts(answer: dict[str, Any]) -> dict[int, int]:
    groups = answer["aggregations"]["groups"]
    if groups["sum_other_doc_count"]:
        raise EngineUnavailable("more groups than the cluster counts")
    return {bucket["key"]: bucket["doc_count"] for bucket in groups["buckets"]}


def _matches(answer: dict[str, Any]) -> Iterator[Match]:
    for hit in answer["hits"]["hits"]:
        yield Match(int(hit["_id"]), hit["_score"] or 0.0)


def _lines(explanation: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """The part of Elasticsearch's explanation that says which field gave how much."""
    yield f"{'  ' * depth}{explanation['value']:.4f} {explanation['description']}"
    if not explanation["description"].startswith("weight("):
        for detail in explanation["details"]:
            yield from _lines(detail, depth + 1)


_engine = ElasticsearchEngine()


def engine() -> ElasticsearchEngine:
    """The engine, as :mod:`qudao_search.engines.choosing` asks for it."""
    return _engine
