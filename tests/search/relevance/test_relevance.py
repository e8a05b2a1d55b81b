"""What dealers type is answered by what they want, on every engine and nearly in the same order."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.db import connection

from . import judging
from .conftest import Channel
from .judging import Answer, Judgement
from .querying import ask

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ROOT = Path(__file__).parents[3]
REPORTS = ROOT / ".qudao" / "test"
FILES = ("products", "handbook", "documents")
#: Reached with room to spare; the issue asks for 0.85.
LEAST = 0.85
#: Questions in customers' own words: those the rules were tuned by, those that were kept aside, and reported ones.
CUSTOMERS = {
    "customers_tuned": 0.85,
    "customers_held_out": 0.82,
    "customers_reported": 0.85,
    "people": 0.9,
    "people_held_out": 0.88,
    "trade": 0.88,
}
#: Of the first three hits of two engines so many are the same, over all questions.
ALIKE = 0.9


@pytest.fixture
def judged(channel: Channel) -> list[Judgement]:
    rows = [row for name in FILES for row in judging.load(name)]
    return list(judging.judgements(rows, channel.known))


def told(engine: str, answers: Sequence[Answer]) -> str:
    """Writes the report beside the other results of the run; returns it."""
    text = judging.report(f"Relevance on {engine}", answers)
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"relevance-{engine}.txt").write_text(text, encoding="utf-8")
    return text


def test_the_set_is_large_explained_and_asks_nothing_twice(judged: list[Judgement]) -> None:
    categories = Counter(each.category for each in judged)
    assert len(judged) >= 140
    assert min(categories.values()) >= 8, categories
    assert len({(each.query, each.language) for each in judged}) == len(judged)
    assert not [each.query for each in judged if not each.why or not each.right]


def test_dealers_find_what_they_look_for(channel: Channel, judged: list[Judgement]) -> None:
    answers = ask(channel, judged)
    text = told(connection.vendor, answers)
    _keep(connection.vendor, answers)
    assert judging.mean_reciprocal_rank(answers) >= LEAST, text


@pytest.mark.parametrize(("name", "least"), CUSTOMERS.items())
def test_customers_are_answered_in_their_own_words(channel: Channel, name: str, least: float) -> None:
    answers = ask(channel, list(judging.judgements(judging.load(name), channel.known)))
    text = told(f"{connection.vendor}-{name}", answers)
    assert judging.mean_reciprocal_rank(answers) >= least, text
    honest, unanswerable = judging.honest(answers)
    assert honest >= 0.9 * unanswerable, text


def test_sqlite_and_postgresql_give_nearly_the_same(channel: Channel, judged: list[Judgement]) -> None:
    """Compares with what the other database gave earlier in the same run of the test command."""
    other = _kept({"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor])
    if other is None:
        pytest.skip("the other database has not answered these questions with this code")
    _assert_alike({each.judgement.query: each.got for each in ask(channel, judged)}, other)


@pytest.mark.elasticsearch
def test_elasticsearch_answers_as_well_and_nearly_the_same(
    channel: Channel, judged: list[Judgement], on_elasticsearch: Callable[[], None]
) -> None:
    own = {each.judgement.query: each.got for each in ask(channel, judged)}
    on_elasticsearch()
    answers = ask(channel, judged)
    text = told("elasticsearch", answers)
    assert judging.mean_reciprocal_rank(answers) >= LEAST, text
    _assert_alike({each.judgement.query: each.got for each in answers}, own)
    for name in ("people", "people_held_out"):
        people = ask(channel, list(judging.judgements(judging.load(name), channel.known)))
        text = told(f"elasticsearch-{name}", people)
        assert judging.mean_reciprocal_rank(people) >= CUSTOMERS[name], text


# --- Two engines beside each other ---


def _assert_alike(one: dict[str, Sequence[str]], other: dict[str, Sequence[str]]) -> None:
    shares = {query: _share(got[:3], other[query][:3]) for query, got in one.items()}
    apart = [
        f"{query}: {', '.join(one[query][:3])} / {', '.join(other[query][:3])}"
        for query, share in shares.items()
        if share < 1
    ]
    assert sum(shares.values()) / len(shares) >= ALIKE, "\n".join(apart)


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    """How much of the longer of two lists is in both."""
    longest = max(len(one), len(other))
    return len(set(one) & set(other)) / longest if longest else 1.0


def _keep(engine: str, answers: Sequence[Answer]) -> None:
    kept = {"of": _fingerprint(), "got": {each.judgement.query: each.got for each in answers}}
    (REPORTS / f"relevance-{engine}.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def _kept(engine: str) -> dict[str, Sequence[str]] | None:
    """What ``engine`` gave, when code and questions have not changed since."""
    path = REPORTS / f"relevance-{engine}.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return kept["got"] if kept["of"] == _fingerprint() else None


def _fingerprint() -> str:
    digest = hashlib.sha256()
    folders = (ROOT / "search" / "qudao_search", ROOT / "catalog" / "qudao_catalog", Path(__file__).parent)
    for path in sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".csv", ".jsonl")
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()
