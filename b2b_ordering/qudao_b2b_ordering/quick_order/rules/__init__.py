"""What pasted text orders: lines with a code and a quantity, in plain Python.

Two passes, because only the catalogue knows which of several texts is the code: :func:`read_lines` gives every line
with the texts that could be its code; the caller looks all of them up at once; :func:`recognise` then decides.
A quantity that could be read in two ways is never chosen: the line gets a mark and a person is asked.
"""

from __future__ import annotations

from .reading import codes_of as codes_of
from .reading import loose_key as loose_key
from .reading import read_lines as read_lines
from .recognition import recognise as recognise
from .values import *  # noqa: F403
