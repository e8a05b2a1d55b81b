"""From the neutral query to the cluster's query.

Weights are those of the embedded engines, as near as the cluster's way of scoring allows; what comes out on top is
ordered anew by :mod:`qudao_search.querying.ranking` anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from elasticsearch.dsl.function import FieldValueFactor
from elasticsearch.dsl.query import (
    Bool,
    ConstantScore,
    DisMax,
    FunctionScore,
    Match,
    MatchAll,
    MatchNone,
    MatchPhrase,
    MatchPhrasePrefix,
    MultiMatch,
    Prefix,
    Term,
)
from elasticsearch.dsl.query import (
    Query as DslQuery,
)

from ... import conf
from ...text.rules import cluster_text, is_han
from ...values import Clause, Phrase, Query
from .mapping import further_fields

_TITLES, _WORDS, _CODES, _FRAGMENTS, _SOUNDS = 6.0, 1.0, 10.0, 3.0, 3.0
_LONGEST_TOKEN = 200
#: Halves of surrogate pairs, which cannot be sent.
_NO_TEXT = re.compile("[\ud800-\udfff]")
#: What a further analyzer adds to an entry that is found anyway.
_FURTHER = 0.5


def dsl_query(query: Query, *, scored: bool = True) -> DslQuery:
    """Everything for an empty query; else what answers it, with the entries' boost in the score."""
    if query.is_empty:
        return ConstantScore(filter=MatchAll(), boost=0.0)
    if scored and query.any_clause:
        return _weighed(query)
    found = matching(query)
    if not scored:
        return Bool(filter=[found])
    further = list(_further(query))
    if further:
        found = Bool(must=[found], should=further)
    boost = FieldValueFactor(field="boost", missing=1.0)
    return FunctionScore(query=found, functions=[boost], boost_mode="multiply")


def _weighed(query: Query) -> DslQuery:
    """What has any of the clauses scores the sum of the weights of those it has, on every engine alike."""
    clauses = [(_clause(clause), clause.score) for clause in query.clauses]
    clauses += [(each, query.weight) for each in _phrases(query.whole)]
    weighed = [ConstantScore(filter=each, boost=weight) for each, weight in clauses]
    return Bool(filter=[matching(query)], should=weighed)


def matching(query: Query) -> DslQuery:
    """What answers the query, as the contract says: every clause (or any), or one of the whole phrases."""
    clauses = [_clause(clause) for clause in (query.finding if query.any_clause else query.clauses)]
    joined = _any(clauses) if query.any_clause else _all(clauses)
    whole = _phrases(query.whole)
    return _any([joined, *whole]) if whole else joined


def _all(queries: list[DslQuery]) -> DslQuery:
    return Bool(must=queries) if queries else MatchNone()


def _any(queries: list[DslQuery]) -> DslQuery:
    return Bool(should=queries, minimum_should_match=1) if queries else MatchNone()


def _clause(clause: Clause) -> DslQuery:
    """The best of the alternatives counts: having two synonyms is not twice as good."""
    phrases = _phrases(clause.phrases)
    return DisMax(queries=phrases) if phrases else MatchNone()


def _phrases(phrases: Iterable[Phrase]) -> list[DslQuery]:
    return [_phrase(phrase) for phrase in phrases if phrase.tokens and all(map(_may_stand, phrase.tokens))]


def _may_stand(token: str) -> bool:
    """Whether any text can have this token: not one that is longer than all, or that is no text at all."""
    return len(token) <= _LONGEST_TOKEN and _NO_TEXT.search(token) is None


def _phrase(phrase: Phrase) -> DslQuery:
    if phrase.field == "words":
        return _in_words(phrase)
    if phrase.field == "titles":
        return _in_field("titles", cluster_text(phrase.tokens), _TITLES, _goes_on(phrase))
    if phrase.field == "codes":
        return _in_field("codes", " ".join(phrase.tokens), _CODES, phrase.prefix)
    boost = _FRAGMENTS if phrase.field == "fragments" else _SOUNDS
    return _whole_tokens(phrase, boost)


def _in_words(phrase: Phrase) -> DslQuery:
    return MultiMatch(
        query=cluster_text(phrase.tokens),
        fields=[f"titles^{_TITLES}", f"words^{_WORDS}"],
        type="phrase_prefix" if _goes_on(phrase) else "phrase",
        tie_breaker=1.0,
    )


def _in_field(field: str, text: str, boost: float, goes_on: bool) -> DslQuery:
    kind = MatchPhrasePrefix if goes_on else MatchPhrase
    return kind(**{field: {"query": text, "boost": boost}})


def _whole_tokens(phrase: Phrase, boost: float) -> DslQuery:
    """Fragments and sounds are keywords: one token each, which a prefix finds."""
    *first, last = phrase.tokens
    kind = Prefix if phrase.prefix else Term
    found: list[DslQuery] = [Term(**{phrase.field: {"value": token}}) for token in first]
    found.append(kind(**{phrase.field: {"value": last, "boost": boost}}))
    return found[0] if len(found) == 1 else Bool(must=found)


def _goes_on(phrase: Phrase) -> bool:
    """Whether the last word may be longer. Han characters stand one by one: they are found anyway."""
    return phrase.prefix and not is_han(phrase.tokens[-1])


def _further(query: Query) -> Iterable[DslQuery]:
    """What the cluster's own analyzers say about the words as they were typed, as a part of the score only."""
    first = [clause.phrases[0] for clause in query.clauses if clause.phrases]
    text = " ".join(cluster_text(phrase.tokens) for phrase in first if phrase.field in ("words", "titles"))
    for name in sorted(conf.analyzers()) if text else ():
        for field in further_fields(name):
            yield Match(**{field: {"query": text, "boost": _FURTHER}})
