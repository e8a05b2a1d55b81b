"""Exams in plain Python: which questions a paper gets, when an answer counts, what an attempt is worth.

Times are aware datetimes, shares and points :class:`~decimal.Decimal`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: An answer that was given before the deadline and could not be sent is taken for so long after it. It is counted from
#: the deadline by the server's clock: nothing that a browser says makes it longer.
GRACE = timedelta(seconds=90)
MOST_ITEMS = 200
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Slots:
    """A row of a blueprint: so many questions of a topic (and what lies below it) and a difficulty, or one fixed one.

    Empty ``topic`` and ``difficulty``: any.
    """

    count: int
    topic: str = ""
    difficulty: str = ""
    question_id: int | None = None

    def takes(self, candidate: Candidate) -> bool:
        """Whether the question may stand here."""
        if self.question_id is not None:
            return candidate.question_id == self.question_id
        is_below = candidate.topic == self.topic or candidate.topic.startswith(f"{self.topic}/")
        return (not self.topic or is_below) and self.difficulty in ("", candidate.difficulty)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn, with the version that would be asked."""

    question_id: int
    version_id: int
    topic: str
    difficulty: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A row of a blueprint (from 0) that lacks so many questions, when the rows share what the bank has."""

    row: int
    missing: int


def draw(
    rows: Sequence[Slots],
    pool: Collection[Candidate],
    *,
    seen: Mapping[int, int] | None = None,
    seed: int = 0,
) -> tuple[list[tuple[int, Candidate]], list[Shortfall]]:
    """Questions for the rows of a blueprint, none twice: (row, candidate) in the order of the rows, and what lacks.

    ``seen`` says how often the learner had a question: unseen ones come first, then those seen least; ``seed`` decides
    among equals. Where two rows want the same question, rows give way as far as the bank allows: a paper can be
    filled if there is any way to fill it (Kuhn's algorithm for bipartite matching).
    """
    seen = seen or {}
    chance = random.Random(seed)
    mixed = sorted(pool, key=lambda each: each.question_id)
    chance.shuffle(mixed)
    mixed.sort(key=lambda each: seen.get(each.question_id, 0))
    options = [[each for each in mixed if row.takes(each)] for row in rows]
    holder: dict[int, tuple[int, Candidate]] = {}
    missing: Counter[int] = Counter()
    for number in sorted(range(len(rows)), key=lambda at: (len(options[at]), at)):
        for taken in range(rows[number].count):
            if not _seat(number, options, holder, set()):
                missing[number] = rows[number].count - taken
                break
    drawn = sorted(holder.values(), key=lambda each: each[0])
    order = {candidate.question_id: at for at, candidate in enumerate(mixed)}
    drawn.sort(key=lambda each: (each[0], order[each[1].question_id]))
    return drawn, [Shortfall(row, count) for row, count in sorted(missing.items())]


def _seat(
    row: int,
    options: Sequence[Sequence[Candidate]],
    holder: dict[int, tuple[int, Candidate]],
    tried: set[int],
) -> bool:
    """Find a question for one more place of ``row``; other rows move to another question if they have to."""
    stack: list[tuple[int, int]] = [(row, 0)]
    moves: list[Candidate] = []
    while stack:
        current, at = stack.pop()
        if at >= len(options[current]):
            if moves:
                moves.pop()
            continue
        stack.append((current, at + 1))
        candidate = options[current][at]
        if candidate.question_id in tried:
            continue
        tried.add(candidate.question_id)
        held = holder.get(candidate.question_id)
        if held is None:
            for (mover, _at), each in zip(stack, [*moves, candidate], strict=True):
                holder[each.question_id] = (mover, each)
            return True
        if held[0] == current:
            continue
        moves.append(candidate)
        stack.append((held[0], 0))
    return False


# --- Time ---


def deadline(
    started: datetime, *, minutes: int | None, extra_minutes: int = 0, closes_at: datetime | None = None
) -> datetime | None:
    """When an attempt ends: after its time, and no later than the window closes; ``None``: never by itself."""
    ends = [started + timedelta(minutes=minutes + extra_minutes)] if minutes else []
    if closes_at:
        ends.append(closes_at + timedelta(minutes=extra_minutes))
    return min(ends, default=None)


def is_in_time(now: datetime, ends: datetime | None, *, waited_ms: int = 0) -> bool:
    """Whether an answer that arrives ``now`` counts; it waited ``waited_ms`` in the browser's queue.

    Before the deadline always; after it only when it was given before it and within :data:`GRACE`.
    """
    if ends is None or now <= ends:
        return True
    given = now - timedelta(milliseconds=max(waited_ms, 0))
    return now <= ends + GRACE and given <= ends


def next_start(*, ended: datetime | None, wait_hours: int, opens_at: datetime | None) -> datetime | None:
    """The earliest start of a next attempt; ``None``: at once."""
    times = [opens_at] if opens_at else []
    if ended and wait_hours:
        times.append(ended + timedelta(hours=wait_hours))
    return max(times, default=None)


# --- Answers ---

SAVED, SAME, OUTDATED = "saved", "same", "outdated"


def compare_answer(stored: Any, stored_sequence: int, given: Any, sequence: int) -> str:
    """What becomes of an answer with a sequence number: numbers grow with each change the learner makes.

    ``saved``: it is newer; ``same``: it was sent twice; ``outdated``: a newer one, of another tab or device, stands.
    """
    if sequence > stored_sequence:
        return SAVED
    return SAME if sequence == stored_sequence and given == stored else OUTDATED


# --- Result ---


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt is worth. ``percent`` has two places, half up; ``passed`` is ``None`` while a grade is open."""

    earned: Decimal
    possible: Decimal
    percent: Decimal
    passed: bool | None


def result_of(items: Sequence[tuple[Decimal, Decimal | None]], pass_percent: Decimal) -> Result:
    """The result of (possible points, earned points or ``None`` while ungraded) of each question.

    The sum is never below zero. What no open grade can change is decided at once.

    >>> result_of([(Decimal(2), Decimal(2)), (Decimal(1), None)], Decimal(60)).passed
    True
    >>> result_of([(Decimal(2), Decimal(2)), (Decimal(2), None)], Decimal(60)).passed is None
    True
    """
    possible = sum((most for most, _earned in items), Decimal(0))
    earned = max(sum((each for _most, each in items if each is not None), Decimal(0)), Decimal(0))
    waiting = sum((most for most, each in items if each is None), Decimal(0))
    percent = _percent(earned, possible)
    if percent >= pass_percent:
        passed: bool | None = True
    else:
        passed = None if waiting and _percent(earned + waiting, possible) >= pass_percent else False
    return Result(earned, possible, percent, passed)


def _percent(earned: Decimal, possible: Decimal) -> Decimal:
    return (earned * 100 / possible).quantize(CENT, ROUND_HALF_UP) if possible else Decimal("0.00")


# --- The order in which a learner sees it ---


def shuffled(keys: Sequence[str], seed: int, salt: int) -> list[str]:
    """``keys`` in an order that the attempt's seed decides: the same on every reload and device."""
    order = list(keys)
    random.Random(f"{seed}:{salt}").shuffle(order)
    return order


def in_order(asked: Mapping[str, Any], seed: int, salt: int, *, shuffle: bool) -> dict[str, Any]:
    """What is asked (:func:`..bank.rules.answers.learner_view`) with its choices in this attempt's order.

    Items to put in order and the right sides of pairs are always mixed; ``shuffle`` is for choices.
    """
    mixed = dict(asked)
    for name, always in (("choices", False), ("items", True), ("right", True)):
        if name in mixed and (always or shuffle):
            by_key = {each["key"]: each for each in mixed[name]}
            mixed[name] = [by_key[key] for key in shuffled(sorted(by_key), seed, salt)]
    if "parts" in mixed:
        mixed["parts"] = [
            {**part, "content": in_order(part["content"], seed, salt * 100 + at, shuffle=shuffle)}
            for at, part in enumerate(mixed["parts"], start=1)
        ]
    return mixed
