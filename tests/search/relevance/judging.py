"""The judged questions, how well an engine answers them, and the report about it. Knows no engine.

A judgement says what a dealer who types this wants to find first, whatever any engine returns: ``right`` is what
answers the question, ``useful`` what is near enough to be looked at. Both name things by patterns: a part number
(of a product or of the family it belongs to), ``topic:…``, ``document:…``, ``page:…``; ``|`` separates alternatives.
"""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

FOLDER = Path(__file__).parent
#: Where a right answer counts: a page is looked over, not read.
DEPTH = 10
WORTH = {"right": 3, "useful": 1}


@dataclass(frozen=True)
class Judgement:
    """One question of ``who``, with what should come of it; ``right`` and ``useful`` hold names of things."""

    who: str
    query: str
    language: str
    category: str
    right: frozenset[str]
    useful: frozenset[str]
    why: str
    expected: str


@dataclass(frozen=True)
class Answer:
    """What an engine gave: names of the first hits, best first."""

    judgement: Judgement
    got: tuple[str, ...]

    @property
    def rank(self) -> int:
        """Where the first right answer stands, from 1; 0 when not among the first ten."""
        places = [place for place, name in enumerate(self.got[:DEPTH], 1) if name in self.judgement.right]
        return places[0] if places else 0

    @property
    def reciprocal_rank(self) -> float:
        return 1 / self.rank if self.rank else 0.0

    @property
    def gain(self) -> float:
        """nDCG@10: how near the whole first page comes to the best possible one."""
        right, useful = self.judgement.right, self.judgement.useful
        grades = [
            WORTH["right"] if name in right else WORTH["useful"] if name in useful else 0 for name in self.got
        ]
        best = [WORTH["right"]] * len(right) + [WORTH["useful"]] * len(useful - right)
        return _discounted(grades[:DEPTH]) / _discounted(best[:DEPTH])


def _discounted(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def load(name: str) -> list[dict[str, str]]:
    """The rows of one file of judgements, as they are written."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judgements(rows: Sequence[Mapping[str, str]], known: Mapping[str, str]) -> Iterator[Judgement]:
    """The rows with their patterns filled in; ``known``: every thing that can be found → the family it belongs to.

    Raises ValueError for a pattern that names nothing: the demo has changed and the judgement has not.
    """
    for row in rows:
        yield Judgement(
            who=row["who"],
            query=row["query"],
            language=row["language"],
            category=row["category"],
            right=_named(row["query"], row["right"], known),
            useful=_named(row["query"], row["useful"], known),
            why=row["why"],
            expected=row["right"],
        )


def _named(query: str, patterns: str, known: Mapping[str, str]) -> frozenset[str]:
    found: set[str] = set()
    for pattern in filter(None, patterns.split("|")):
        named = {
            name
            for name, family in known.items()
            if fnmatchcase(name, pattern) or fnmatchcase(family, pattern)
        }
        if not named:
            raise ValueError(f"the judgement of {query!r} names {pattern!r}, which is not there")
        found |= named
    return frozenset(found)


# --- Figures and words ---


def mean_reciprocal_rank(answers: Collection[Answer]) -> float:
    """MRR@10."""
    return statistics.fmean(answer.reciprocal_rank for answer in answers)


def by_category(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.judgement.category, []).append(answer)
    return found


def report(title: str, answers: Sequence[Answer]) -> str:
    """Figures by category, then every question whose first hit is not a right one."""
    lines = [title, "", _figures("all", answers)]
    lines += [_figures(name, found) for name, found in by_category(answers).items()]
    misses = sorted(
        (answer for answer in answers if answer.rank != 1), key=lambda answer: answer.reciprocal_rank
    )
    lines += ["", f"Not right at the first place: {len(misses)} of {len(answers)}", ""]
    return "\n".join([*lines, *map(miss, misses), ""])


def _figures(name: str, answers: Sequence[Answer]) -> str:
    rank = mean_reciprocal_rank(answers)
    gain = statistics.fmean(answer.gain for answer in answers)
    first = sum(answer.rank == 1 for answer in answers)
    return (
        f"{name:<16} {len(answers):>4} asked  MRR@10 {rank:.3f}  nDCG@10 {gain:.3f}  right at once {first:>4}"
    )


def miss(answer: Answer) -> str:
    """A question that was not answered well: what was wanted and why, what came instead."""
    judgement = answer.judgement
    place = f"place {answer.rank}" if answer.rank else "not among the first ten"
    got = ", ".join(answer.got[:3]) or "nothing"
    return (
        f"{judgement.query}  [{judgement.category}, {judgement.language}]  {place}\n"
        f"    wanted {judgement.expected}\n"
        f"    got    {got}\n"
        f"    why    {judgement.why}"
    )
