"""The plain rule by which a question finds a document, without an engine: what engines are held against."""

from collections.abc import Mapping, Sequence

from qudao_search.querying.parse import read
from qudao_search.synonyms.rules import NO_SYNONYMS, Synonyms
from qudao_search.text.rules import Analysed, analyse
from qudao_search.values import Clause, Phrase, Query


def document(
    title: str = "", *, codes: Sequence[str] = (), text: str = "", titles: Mapping[str, str] | None = None
) -> Analysed:
    return analyse(
        titles=titles or {"en": title}, codes=codes, texts={"en": text}, keywords=(), longest=10_000
    )


def finds(
    asked: str, found: Analysed, *, synonyms: Synonyms = NO_SYNONYMS, as_you_type: bool = False
) -> bool:
    question = read(asked, synonyms=synonyms, as_you_type=as_you_type)
    return not question.is_empty and answers(question, found)


def answers(question: Query, found: Analysed) -> bool:
    judge = any if question.any_clause else all
    by_clauses = bool(question.clauses) and judge(_clause(clause, found) for clause in question.clauses)
    return by_clauses or any(_phrase(phrase, found) for phrase in question.whole)


def _clause(clause: Clause, found: Analysed) -> bool:
    return any(_phrase(phrase, found) for phrase in clause.phrases)


def _phrase(phrase: Phrase, found: Analysed) -> bool:
    if phrase.field == "words":
        return _stands_in(phrase, found.titles) or _stands_in(phrase, found.words)
    return _stands_in(phrase, getattr(found, phrase.field))


def _stands_in(phrase: Phrase, tokens: Sequence[str]) -> bool:
    size = len(phrase.tokens)
    return any(_equal(phrase, tokens[at : at + size]) for at in range(len(tokens) - size + 1))


def _equal(phrase: Phrase, tokens: Sequence[str]) -> bool:
    *before, last = phrase.tokens
    ends = tokens[-1].startswith(last) if phrase.prefix else tokens[-1] == last
    return ends and list(tokens[:-1]) == before
