"""Why a request cannot be answered. The plugin that shows it makes its own kind of refusal of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Refusal

from ..entries import group_cache
from ..entries.rules import clean
from ..hooks import PricedSource, Reader, sources
from ..query_log import queries as log_queries
from ..query_log.services import record_query
from ..synonyms.queries import synonyms
from ..text.highlight import mark as marked
from ..text.highlight import needles
from ..text.rules import fold
from ..values import (
    DEEPEST,
    FACET,
    LONGEST_QUESTION,
    SORTS,
    WINDOW,
    Clause,
    Field,
    Hit,
    Match,
    Matches,
    Matching,
    Phrase,
    Piece,
    Query,
    SearchRequest,
    SearchResult,
    Suggestion,
)
from . import facets, ranking, results
from .executor import Answer, QueryExecutor, Window
from .parse import read
from .results import Row

MESSAGES = {
    "too_long": _("A search can have at most %(most)s characters."),
    "unknown_kind": _("There is no result type “%(name)s”."),
    "unknown_facet": _("There is no filter called “%(name)s”."),
    "unknown_sort": _("Results cannot be sorted by “%(name)s” here."),
    "too_deep": _("Only the first %(most)s results can be shown. Narrow your search."),
    "invalid_page": _("Pages are counted from 1 and have between 1 and %(most)s results."),
}


def refusal(code: str, *, field: str, **params: Any) -> Refusal:
    """Why a request cannot be answered: ``field`` names the input, ``params`` are the figures of the message."""
    return Refusal(code, MESSAGES[code] % params, field=field, params=params)


# --- search ---
# Ask the search: a page of results, and lines while somebody types.

#: Things looked at for lines while typing; the best of them are shown.
SUGGESTED_FROM = 40
MOST_POPULAR = 3
#: So many of the best of what has some of the words are read.
READ = 80
#: So many of one's own recent searches are looked through for those that begin like what is typed.
MOST_RECENT = 60


def search(
    reader: Reader,
    request: SearchRequest,
    *,
    http_request: Any = None,
    log: bool = True,
    of_chosen: bool = False,
) -> SearchResult:
    """What ``reader`` finds: hits they may open, counted and filtered as asked. Empty words: everything, newest first.

    A constant number of statements. The first page is written down in the log of queries unless ``log`` is off.
    ``of_chosen``: nothing but the chosen kinds and filters is shown, so what is found elsewhere is no answer.

    :raises Refusal: the request cannot be answered (too long, unknown kind, filter or sort, too deep a page).
    """
    started = time.perf_counter()
    request = checked(request)
    executor = QueryExecutor(reader, request, of_chosen=of_chosen)
    answer, page = _answered(executor)
    scores = {match.entry_id: match.score for match in answer.matches.matches} if page.ordered else {}
    result = _result(executor, answer, page.rows, scores, http_request)
    if log and request.page == 1 and request.text.strip():
        seconds = time.perf_counter() - started
        logged = _record(reader, request, answer, total=result.total, engine=result.engine, seconds=seconds)
        result = replace(result, query_id=logged)
    return result


def _record(reader: Reader, request: SearchRequest, answer: Answer, **outcome: Any) -> int | None:
    """The number of the query in the log; nothing when it could not be written."""
    return record_query(reader, request.text, corrected=answer.corrected, partial=answer.partial, **outcome)


def _window(request: SearchRequest) -> Window:
    """What the engine is asked for: the best of all, to be ordered anew; or, further down and by date, the page."""
    offset = (request.page - 1) * request.page_size
    if request.sort.endswith("price"):
        return Window("newest", 0, DEEPEST)
    if request.sort == "newest" or not request.text.strip():
        return Window("newest", offset, request.page_size)
    if offset < WINDOW:
        return Window("relevance", 0, max(WINDOW, offset + request.page_size))
    return Window("relevance", offset, request.page_size)


@dataclass(frozen=True, slots=True)
class _Page:
    """The entries of a page in order. ``ordered``: by relevance; ``named``: the best are called what was asked for."""

    rows: list[Row]
    ordered: bool = False
    named: bool = True


def _answered(executor: QueryExecutor) -> tuple[Answer, _Page]:
    """The answer and its page. Where all words stand in texts only, what some of them name may be meant."""
    window = _window(executor.request)
    answer = executor.answer(window)
    page = _page(executor, answer)
    if not page.named and (loose := executor.answer_partially(answer, window)):
        return loose, _page(executor, loose)
    return answer, page


def _page(executor: QueryExecutor, answer: Answer) -> _Page:
    request, matches = executor.request, answer.matches.matches
    start, size = (request.page - 1) * request.page_size, request.page_size
    if request.sort.endswith("price"):
        return _Page(results.read_rows(_by_price(executor, matches)[start : start + size]))
    ids = [match.entry_id for match in matches]
    if request.sort == "newest" or answer.query.is_empty:
        return _Page(results.read_rows(ids))
    if start >= WINDOW:
        return _Page(results.read_rows(ids), ordered=True)
    window = read_window(answer)
    ranked = best_first(answer, window, executor.reader.language)
    shown = {row.entry_id: row for row in window}
    rest = [pk for pk in ids[len(window) :] if pk not in shown]
    chosen = [*(each.entry_id for each in ranked), *rest][start : start + size]
    further = {row.entry_id: row for row in results.read_rows([pk for pk in chosen if pk not in shown])}
    known = shown | further
    return _Page([known[pk] for pk in chosen if pk in known], ordered=True, named=is_named(ranked, matches))


def read_window(answer: Answer) -> list[Row]:
    """The best of what matched, as far as their order needs them."""
    ids = [match.entry_id for match in answer.matches.matches[:WINDOW]]
    return results.read_rows(ids)


def is_named(ranked: Sequence[ranking.Ranked], matches: Sequence[Match]) -> bool:
    """Whether the best is called what was asked for; of what so many things have the engine's order says enough."""
    return not ranked or ranked[0].tier > ranking.Tier.KEYWORDS or len(matches) >= WINDOW


def best_first(answer: Answer, window: Sequence[Row], language: str) -> list[ranking.Ranked]:
    """``window``, which stands in the engine's order, in the order it is shown.

    Where any of the words will do, the best are read: one statement more.
    """
    candidates = candidates_of(answer, window)
    ranked = ranking.order(answer.query, answer.asked, candidates, language=language)
    if not answer.query.any_clause:
        return ranked
    words = results.read_texts([each.entry_id for each in ranked[:READ]])
    candidates = [
        replace(each, texts=tuple(words[each.entry_id].texts.values())) if each.entry_id in words else each
        for each in candidates
    ]
    return ranking.order(answer.query, answer.asked, candidates, language=language)


def candidates_of(answer: Answer, window: Sequence[Row]) -> list[ranking.Candidate]:
    """Rows in the engine's order, as they are compared."""
    answering = {kind for kind, source in sources.items() if getattr(source, "answers", False)}
    scores = {match.entry_id: match.score for match in answer.matches.matches}
    return [
        ranking.Candidate(
            row.entry_id,
            place,
            row.titles,
            row.codes,
            row.boost,
            keywords=row.keywords,
            score=scores.get(row.entry_id, 0.0),
            answers=row.kind in answering,
        )
        for place, row in enumerate(window)
    ]


def _by_price(executor: QueryExecutor, matches: Sequence[Match]) -> list[int]:
    """All that matched, in the order of the reader's own price."""
    source = cast(PricedSource, sources.get(executor.request.kinds[0]))
    by_item = results.read_items([match.entry_id for match in matches])
    descending = executor.request.sort.startswith("-")
    ordered = source.by_price(executor.reader, list(by_item), descending=descending)
    return [by_item[item] for item in ordered if item in by_item]


def _result(
    executor: QueryExecutor,
    answer: Answer,
    page: Sequence[Row],
    scores: Mapping[int, float],
    http_request: Any,
) -> SearchResult:
    request, reader = executor.request, executor.reader
    shown = results.cards(reader, page, http_request)
    words = results.read_texts([row.entry_id for row in page])
    matches = _without(answer.matches, [words[row.entry_id].group_id for row in _hidden(page, shown, words)])
    counts = facets.count(executor.open_counts(matches), executor.wanted)
    first = (request.page - 1) * request.page_size + 1
    hits = results.hits(answer.query, answer.asked, reader, page, shown, words, first=first, scores=scores)
    return SearchResult(
        request=request,
        total=counts.total,
        hits=tuple(hits),
        kinds=facets.kinds(counts, request.kinds),
        facets=facets.facet_results(
            reader,
            counts,
            request.facets,
            there=facets.existing_values(executor.accessible.open_groups, request.facets),
        ),
        corrected=answer.corrected,
        did_you_mean=answer.did_you_mean,
        partial=answer.partial,
        engine=executor.active.name,
        degraded=executor.active.degraded,
        pages=-(-min(counts.total, DEEPEST) // request.page_size),
    )


def _hidden(page: Sequence[Row], shown: results.Cards, words: Mapping[int, results.EntryTexts]) -> list[Row]:
    """Entries that their source does not show to this reader, whatever the index says."""
    return [row for row in page if (row.kind, row.item) not in shown and row.entry_id in words]


def _without(matches: Matches, groups: Sequence[int]) -> Matches:
    """What is not shown is not counted either."""
    if not groups:
        return matches
    counts = dict(matches.counts)
    for group in groups:
        counts[group] = counts.get(group, 1) - 1
    return replace(matches, counts=counts)


def matching(reader: Reader, text: str, kind: str, *, log: bool = False) -> Matching:
    """What ``reader`` finds of one kind by a text, the best 10,000 of it, as the search page would order it.

    For lists with filters of their own, so that a text finds the same everywhere. A constant number of statements.
    ``log``: it is written down in the log of queries, as for :func:`search`.

    :raises Refusal: the text is too long, or there is no such kind.
    """
    started = time.perf_counter()
    request = checked(SearchRequest(text=text, kinds=(kind,)))
    executor = QueryExecutor(reader, request, of_chosen=True)
    window = Window("relevance", 0, DEEPEST)
    answer = executor.answer(window)
    ranked = best_first(answer, read_window(answer), reader.language)
    if not is_named(ranked, answer.matches.matches) and (loose := executor.answer_partially(answer, window)):
        answer = loose
        ranked = best_first(answer, read_window(answer), reader.language)
    ids = [match.entry_id for match in answer.matches.matches]
    ordered = [*(each.entry_id for each in ranked), *ids[WINDOW:]]
    by_entry = {pk: item for item, pk in results.read_items(ids).items()}
    items = tuple(by_entry[pk] for pk in ordered if pk in by_entry)
    seconds, engine = time.perf_counter() - started, executor.active.name
    return Matching(
        items=items,
        corrected=answer.corrected,
        did_you_mean=answer.did_you_mean,
        partial=answer.partial,
        query_id=_record(reader, request, answer, total=len(items), engine=engine, seconds=seconds)
        if log
        else None,
    )


def everything_of(kind: str, text: str) -> tuple[str, ...]:
    """The items of one kind that have every word of a text, best first, whoever may open them; at most 10,000.

    For the boxes of the back office, whose pages have rights of their own, never for the channel. Words are read as
    everywhere; nothing is corrected, for the page would not say so. A constant number of statements; nothing is logged.
    """
    executor = QueryExecutor(
        None, checked(SearchRequest(text=text[:LONGEST_QUESTION], kinds=(kind,))), of_chosen=True
    )
    query = read(executor.request.text, synonyms=synonyms())
    if query.is_empty:
        return ()
    matches = executor.ask(query, Window("relevance", 0, DEEPEST))
    ids = [match.entry_id for match in matches.matches]
    by_entry = {pk: item for item, pk in results.read_items(ids).items()}
    return tuple(by_entry[pk] for pk in ids if pk in by_entry)


# --- while somebody types ---


def suggest(reader: Reader, text: str, *, limit: int = 8) -> list[Suggestion]:
    """Lines for what is being typed: own recent searches, popular ones, then things by title and part number.

    Only what ``reader`` finds something by. Without text, recent searches. Nothing is logged.
    """
    text = text[:LONGEST_QUESTION]
    recents = log_queries.recents(user_id=reader.user_id, limit=MOST_RECENT)
    if not text.strip():
        return assemble("", recents=recents, popular=(), hits=(), limit=limit)
    executor = QueryExecutor(reader, checked(SearchRequest(text=text)))
    return assemble(
        text,
        recents=recents,
        popular=_popular(executor),
        hits=list(_things(executor, limit)),
        limit=limit,
    )


def _popular(executor: QueryExecutor) -> list[str]:
    begins = fold(executor.request.text).strip()
    found = log_queries.popular(begins=begins, language=executor.reader.language, limit=MOST_POPULAR)
    return [query for query in found if executor.finds(executor.ask(read(query), Window()))]


def _things(executor: QueryExecutor, limit: int) -> Any:
    """Hits by titles, part numbers and sounds; texts are not looked through while somebody types."""
    query = _named(read(executor.request.text, as_you_type=True))
    if query.is_empty:
        return []
    matches = executor.ask(query, Window(limit=SUGGESTED_FROM))
    window = results.read_rows([match.entry_id for match in matches.matches])
    answer = Answer(query, executor.request.text, matches)
    ranked = best_first(answer, window, executor.reader.language)
    places = {each.entry_id: place for place, each in enumerate(ranked)}
    best = sorted(window, key=lambda row: places[row.entry_id])[:limit]
    shown = results.cards(executor.reader, best)
    return results.hits(query, answer.asked, executor.reader, best, shown, {}, first=1, scores={})


def _named(query: Query) -> Query:
    """The query asked of names alone: words are looked for in titles."""
    clauses = tuple(Clause(tuple(map(_in_titles, clause.phrases))) for clause in query.clauses)
    return Query(clauses=clauses, whole=query.whole, any_clause=query.any_clause)


def _in_titles(phrase: Phrase) -> Phrase:
    where: Field = "titles" if phrase.field == "words" else phrase.field
    return Phrase(where, phrase.tokens, phrase.prefix)


# --- suggestions ---
# The lines under the search field while somebody types. Plain Python: what is shown was looked up before.

#: Of one's own recent searches and of what others ask often so many stand above the hits.
MOST_QUERIES = 3


def assemble(
    text: str, *, recents: Iterable[str], popular: Iterable[str], hits: Sequence[Hit], limit: int = 8
) -> list[Suggestion]:
    """Own recent searches that begin like ``text``, then popular ones, then things; nothing twice.

    ``popular`` are only queries for which the reader was seen to have hits. With an empty ``text`` all lines are
    recent searches.
    """
    asked = fold(text).strip()
    if not asked:
        return [_query(recent, text) for recent in _distinct(recents, ())][:limit]
    own = _distinct((recent for recent in recents if _continues(recent, asked)), (asked,))
    others = _distinct((query for query in popular if _continues(query, asked)), (asked, *map(fold, own)))
    queries = [*own, *others][: min(MOST_QUERIES, limit)]
    return [*(_query(query, text) for query in queries), *_titled(hits, queries)][:limit]


def _continues(query: str, asked: str) -> bool:
    """Whether ``asked`` is the beginning of the query or of a word of it."""
    folded = fold(query)
    return folded.startswith(asked) or f" {asked}" in folded


def _distinct(queries: Iterable[str], known: Iterable[str]) -> list[str]:
    seen = {fold(query).strip() for query in known}
    found: list[str] = []
    for query in queries:
        key = fold(query).strip()
        if key not in seen:
            seen.add(key)
            found.append(query)
    return found


def _query(query: str, text: str) -> Suggestion:
    return Suggestion(marked(query, needles(read(text, as_you_type=True))))


def _titled(hits: Iterable[Hit], queries: Iterable[str]) -> list[Suggestion]:
    """Hits by title; a title that stands there already is not repeated unless its part number tells it apart."""
    seen = {(fold(query), "") for query in queries}
    found: list[Suggestion] = []
    for hit in hits:
        key = (fold(plain(hit.title)), hit.code)
        if key not in seen:
            seen.add(key)
            found.append(Suggestion(hit.title, kind=hit.kind, url=hit.url, code=hit.code, icon=hit.icon))
    return found


def plain(pieces: Iterable[Piece]) -> str:
    """The text of pieces."""
    return "".join(piece.text for piece in pieces)


# --- validation ---
# Whether a request can be answered at all.

LARGEST_PAGE = 100


def checked(request: SearchRequest) -> SearchRequest:
    """The request with its words cleaned.

    :raises Refusal: it cannot be answered.
    """
    _check_text(request.text)
    _check_page(request)
    _check_kinds(request)
    _check_facets(request)
    _check_sort(request)
    return replace(request, text=clean(request.text))


def _check_text(text: str) -> None:
    if len(text.strip()) > LONGEST_QUESTION:
        raise refusal("too_long", field="q", most=LONGEST_QUESTION)


def _check_page(request: SearchRequest) -> None:
    if request.page < 1 or not 1 <= request.page_size <= LARGEST_PAGE:
        raise refusal("invalid_page", field="page", most=LARGEST_PAGE)
    if request.page * request.page_size > DEEPEST:
        raise refusal("too_deep", field="page", most=DEEPEST)


def _check_kinds(request: SearchRequest) -> None:
    for kind in request.kinds:
        if sources.get(kind) is None:
            raise refusal("unknown_kind", field="kind", name=kind[:40])


def _check_facets(request: SearchRequest) -> None:
    for key in request.facets:
        if not _is_facet(key):
            raise refusal("unknown_facet", field=f"{FACET}{key[:40]}", name=key[:40])


def _is_facet(key: str) -> bool:
    """Whether anything is filtered by this name. What this process does not know another may have brought."""
    return (
        _stands(key) or (group_cache.load_all() and _stands(key)) or (group_cache.load_new() and _stands(key))
    )


def _stands(key: str) -> bool:
    return any(key in group.facets for group in group_cache.current().groups.values())


def _check_sort(request: SearchRequest) -> None:
    if request.sort not in SORTS or (request.sort.endswith("price") and not _has_price(request)):
        raise refusal("unknown_sort", field="sort", name=request.sort[:40])


def _has_price(request: SearchRequest) -> bool:
    """Prices are compared within one kind, whose source knows them."""
    return len(request.kinds) == 1 and hasattr(sources.get(request.kinds[0]), "by_price")
