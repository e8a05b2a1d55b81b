"""Why something is found or not, step by step: for ``search_explain``, never for the person who searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..entries import access
from ..entries.models import Entry
from ..entries.rules import AccessRuleFacts
from ..hooks import Reader, sources
from ..text.rules import query_tokens
from ..values import WINDOW, Clause, Phrase, Query, SearchRequest
from .executor import Answer, QueryExecutor, Window
from .queries import best_first, checked, read_window
from .results import cards

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing: shown or not, its place, and the reasons, most decisive first."""

    kind: str
    item: str
    shown: bool
    position: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A query taken apart, and what became of the best of what matched and of the thing asked about."""

    tokens: tuple[str, ...]
    clauses: tuple[str, ...]
    whole: tuple[str, ...]
    steps: tuple[str, ...]
    engine: str
    total: int
    verdicts: tuple[Verdict, ...]


def explain(
    reader: Reader, request: SearchRequest, *, kind: str = "", item: str = "", shown: int = SHOWN
) -> Explanation:
    """How ``request`` is answered for ``reader``: the best hits, and the thing ``kind``, ``item`` in any case."""
    request = checked(request)
    executor = QueryExecutor(reader, request)
    answer = executor.answer(Window("relevance", 0, WINDOW))
    judge = _Judge(executor, answer)
    verdicts = [judge.of(row.kind, row.item) for row in judge.window[:shown]]
    if item and (kind, item) not in {(each.kind, each.item) for each in verdicts}:
        verdicts.append(judge.of(kind, item))
    return Explanation(
        tokens=tuple(query_tokens(request.text)),
        clauses=tuple(map(_clause, answer.query.clauses)),
        whole=tuple(map(_phrase, answer.query.whole)),
        steps=tuple(_steps(answer)),
        engine=executor.active.name,
        total=sum(number for _group, number in executor.open_counts(answer.matches)),
        verdicts=tuple(verdicts),
    )


def _steps(answer: Answer) -> Iterator[str]:
    if answer.corrected:
        yield f"nothing has every piece; searched for {answer.corrected!r} instead"
    if answer.partial:
        way = "any of" if answer.query.any_clause else "those that occur of"
        yield f"nothing has every piece; searched for {way} the pieces"


def _clause(clause: Clause) -> str:
    return " or ".join(map(_phrase, clause.phrases))


def _phrase(phrase: Phrase) -> str:
    return f"{phrase.field}:{' '.join(phrase.tokens)}{'*' if phrase.prefix else ''}"


class _Judge:
    """Holds what all verdicts of one query need."""

    def __init__(self, executor: QueryExecutor, answer: Answer) -> None:
        self.executor, self.answer = executor, answer
        self.reader, self.query = executor.reader, answer.query
        rows = read_window(answer)
        ranked = best_first(answer, rows, self.reader.language)
        self.ranked = {each.entry_id: each for each in ranked}
        places = {pk: place for place, pk in enumerate(self.ranked)}
        self.window = sorted(rows, key=lambda row: places[row.entry_id])
        self.places = {(row.kind, row.item): place for place, row in enumerate(self.window, start=1)}
        ids = [row.entry_id for row in self.window[:SHOWN]]
        self.scores = {} if self.query.is_empty else executor.active.engine.scores(self.query, ids)
        self.cards = cards(self.reader, self.window[:SHOWN])

    def of(self, kind: str, item: str) -> Verdict:
        entry = Entry.objects.filter(kind=kind, item=item).select_related("group").first()
        if entry is None:
            return Verdict(kind, item, False, None, (self._not_indexed(kind, item),))
        against = [
            *self._closed(entry),
            *self._unmatched(entry),
            *self._not_chosen(entry),
            *self._no_card(entry),
        ]
        position = self.places.get((kind, item))
        return Verdict(kind, item, not against, position, (*against, *self._scored(entry)))

    def _not_indexed(self, kind: str, item: str) -> str:
        source = sources.get(kind)
        if source is None:
            return f"there is no source for {kind!r}"
        given = any(True for _document in source.documents([item]))
        return (
            "in its source but not in the index: search_rebuild" if given else "its source does not give it"
        )

    def _closed(self, entry: Entry) -> Iterator[str]:
        """Access rules and language."""
        languages = entry.group.languages
        if languages and self.reader.language not in languages:
            yield f"meant for readers of {', '.join(languages)}, not of {self.reader.language}"
        access_rules = [
            self.executor.accessible.cache.access_rules[rule] for rule in entry.group.access_rules
        ]
        if not access_rules:
            yield "it has no access rule"
        elif not any(access.is_open(self.reader, rule) for rule in access_rules):
            yield from (f"closed by {_rule_text(rule)}" for rule in access_rules)

    def _unmatched(self, entry: Entry) -> Iterator[str]:
        if self.query.is_empty or self._matches(self.query, entry):
            return
        for clause in self.query.clauses:
            if not self._matches(Query(clauses=(clause,)), entry):
                yield f"does not match {_clause(clause)}"

    def _matches(self, query: Query, entry: Entry) -> bool:
        return entry.pk in self.executor.active.engine.scores(query, [entry.pk])

    def _not_chosen(self, entry: Entry) -> Iterator[str]:
        """The choices of kind and facets."""
        request = self.executor.request
        if request.kinds and entry.kind not in request.kinds:
            yield f"not of the kinds chosen ({', '.join(request.kinds)})"
        for key, values in request.facets.items():
            own = entry.group.facets.get(key, [])
            if values and set(values).isdisjoint(own):
                yield f"{key} is {', '.join(own) or 'nothing'}, not {' or '.join(values)}"

    def _no_card(self, entry: Entry) -> Iterator[str]:
        known = (entry.kind, entry.item) in self.cards
        source = sources.get(entry.kind)
        if not known and source and entry.item not in source.cards(self.reader, [entry.item], None):
            yield "its source does not show it to this reader"

    def _scored(self, entry: Entry) -> Iterator[str]:
        score = self.scores.get(entry.pk) or self._score(entry)
        if score:
            yield score
        ranked = self.ranked.get(entry.pk)
        if ranked and not self.query.is_empty:
            yield f"tier {ranked.tier.name}, quality {ranked.quality}"

    def _score(self, entry: Entry) -> str:
        if self.query.is_empty:
            return ""
        return self.executor.active.engine.scores(self.query, [entry.pk]).get(entry.pk, "")


def _rule_text(rule: AccessRuleFacts) -> str:
    return f"policy {rule.policy}: {', '.join(sorted(rule.tokens)) or 'no tokens'}"
