"""The judged questions, how well an engine answers them, and the report about it. Knows no engine.

A judgement says what a dealer who types this wants to find first, whatever any engine returns: ``right`` is what
answers the question, ``useful`` what is near enough to be looked at. Both name things by patterns: a part number
(of a product or of the family it belongs to), ``topic:…``, ``document:…``, ``page:…``; ``|`` separates alternatives.

A ``.jsonl`` file has one object a line: ``text``, ``language`` (``zh``, ``en``), ``kind`` (``answer``, ``product``,
``none``), ``wants`` (what the person is after) and ``relevant``: part number or slug of a topic → grade. What has a
grade of 1 or more is right. Of kind ``none`` nothing is: the answer is good when it is empty or says that it is
partial.
"""

from __future__ import annotations

import csv
import json
import math
import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

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
    partial: bool = False
    corrected: str = ""

    @property
    def is_honest(self) -> bool:
        """Where nothing is right: nothing was found, or the page says that it is something else."""
        return not self.got or self.partial or bool(self.corrected)

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
        return _discounted(grades[:DEPTH]) / (_discounted(best[:DEPTH]) or 1.0)


def _discounted(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def load(name: str) -> list[dict[str, str]]:
    """The rows of one file of judgements in this folder."""
    return read(next(path for end in ("csv", "jsonl") if (path := FOLDER / f"{name}.{end}").exists()))


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file of judgements, as they are written."""
    with path.open(encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            return list(csv.DictReader(file))
        return [_row(json.loads(line)) for line in file if line.strip()]


def _row(written: Mapping[str, Any]) -> dict[str, str]:
    chinese = written["language"].startswith("zh")
    return {
        "who": written.get("who", "dealer"),
        "query": written["text"],
        "language": "zh-hans" if chinese else "en",
        "category": f"{written['kind']}: {'Chinese' if chinese else 'English'}",
        "right": "|".join(name for name, grade in written["relevant"].items() if grade >= 1),
        "useful": "",
        "why": written["wants"],
    }


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
        topic = f"topic:{pattern}"
        named = {
            name
            for name, family in known.items()
            if fnmatchcase(name, pattern) or fnmatchcase(family, pattern) or name == topic
        }
        if not named:
            raise ValueError(f"the judgement of {query!r} names {pattern!r}, which is not there")
        found |= named
    return frozenset(found)


# --- Figures and words ---


def mean_reciprocal_rank(answers: Collection[Answer]) -> float:
    """MRR@10 of those that something answers."""
    return statistics.fmean(answer.reciprocal_rank for answer in answers if answer.judgement.right)


def honest(answers: Collection[Answer]) -> tuple[int, int]:
    """Of the questions that nothing answers: how many were answered so, and how many there are."""
    unanswerable = [answer for answer in answers if not answer.judgement.right]
    return sum(answer.is_honest for answer in unanswerable), len(unanswerable)


def by_category(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.judgement.category, []).append(answer)
    return found


def report(title: str, answers: Sequence[Answer]) -> str:
    """Figures by category, then every question whose first hit is not a right one."""
    answerable = [answer for answer in answers if answer.judgement.right]
    lines = [title, "", _figures("all", answerable)]
    lines += [_figures(name, found) for name, found in by_category(answerable).items()]
    right, unanswerable = honest(answers)
    if unanswerable:
        lines.append(f"nothing is right: {unanswerable} asked, {right} times nothing or marked as partial")
    misses = sorted(
        (answer for answer in answerable if answer.rank != 1), key=lambda answer: answer.reciprocal_rank
    )
    lines += ["", f"Not right at the first place: {len(misses)} of {len(answerable)}", ""]
    dishonest = [answer for answer in answers if not answer.judgement.right and not answer.is_honest]
    return "\n".join([*lines, *map(miss, (*misses, *dishonest)), ""])


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
