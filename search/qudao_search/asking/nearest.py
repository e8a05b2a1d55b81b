"""Did you mean: the words of titles, kept in the process, and the nearest of them to what was typed."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection

from ..index.models import Word
from ..text.folding import fold
from .spelling import Vocabulary, corrections, slip

#: A process keeps so many words; an index with more corrects by the first of them.
MOST_WORDS = 200_000
#: Rows written at the same time may appear in another order than they are numbered; so many are looked at again.
LOOK_BACK = 500

_lock = threading.Lock()
_vocabulary = Vocabulary()
_reached = 0


def candidates(text: str, limit: int = 3) -> list[str]:
    """Questions near ``text``, nearest first. One statement, which reads only words that are new to the process.

    They come from titles of everything there is: show only what the reader finds something by.
    """
    with _lock:
        _learn()
        return corrections(text, _vocabulary, limit)


def mended(text: str, words: Collection[str]) -> str:
    """``text`` (folded) with those of its ``words`` that are one slip away from a word of a title spelt like it.

    Empty when there is none. At most one statement.
    """
    folded = fold(text)
    with _lock:
        _learn()
        slips = {word: near for word in words if (near := slip(word, _vocabulary))}
    spelt = folded
    for word, near in slips.items():
        spelt = re.sub(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", near, spelt)
    return spelt if spelt != folded else ""


def forget() -> None:
    """Read the words anew next time: after a rebuild dropped some, and between tests."""
    global _vocabulary, _reached
    with _lock:
        _vocabulary, _reached = Vocabulary(), 0


def _learn() -> None:
    global _reached
    left = MOST_WORDS - len(_vocabulary.known) + LOOK_BACK
    if left <= 0:
        return
    rows = list(
        Word.objects.filter(pk__gt=_reached - LOOK_BACK).order_by("pk").values_list("pk", "text")[:left]
    )
    _vocabulary.add(text for _pk, text in rows)
    _reached = max(_reached, rows[-1][0]) if rows else _reached
