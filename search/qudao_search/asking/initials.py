"""Whether letters are the initials of what a title calls the thing: ``td`` of 嵌入式筒灯. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ..text.folding import fold
from ..text.rules import is_han, runs, syllables
from ..text.segmenting import segmented

#: Letters that are the initials of a name: of two characters to six.
LENGTHS = range(2, 7)


def are_of_the_name(letters: str, title: str) -> bool:
    """Whether a Han run of the title ends with whole words that have these initials."""
    return letters in _names(title)


@lru_cache(maxsize=4_096)
def _names(title: str) -> frozenset[str]:
    return frozenset(name for run, han in runs(fold(title)) if han and is_han(run) for name in _of_run(run))


def _of_run(run: str) -> Iterator[str]:
    """The initials of the last word, of the last two, and so on."""
    length = 0
    for word in reversed(segmented(run)):
        length += len(word)
        if length in LENGTHS:
            spoken = syllables(run[-length:])
            if len(spoken) == length:
                yield "".join(syllable[0] for syllable in spoken)
