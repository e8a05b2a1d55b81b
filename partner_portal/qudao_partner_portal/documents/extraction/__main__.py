"""The child: bind itself to its limits, read the file on standard input, write what came of it as JSON.

``python -m qudao_partner_portal.documents.extraction '{"seconds": 20, …}' < file``
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict
from importlib import import_module
from typing import BinaryIO

from .formats import recognise
from .rules import (
    CORRUPT,
    EMPTY,
    OUT_OF_MEMORY,
    READY,
    SKIPPED,
    TIMED_OUT,
    TOO_LONG,
    TOO_MANY_PAGES,
    UNREADABLE,
    UNSUPPORTED,
    Enough,
    Extracted,
    Limits,
    Pieces,
    Unreadable,
)

_READERS = {"pdf": "pdf", "docx": "word", "xlsx": "sheets", "pptx": "slides", "txt": "text"}
_MOST_OUTPUT = 64 << 20
_XML_NO_MEMORY = 2
#: After this part of the time what has been read is enough; the rest is for a page that takes long.
_SHARE = 0.6


def main() -> None:
    """Read the limits from the command line and the file from standard input."""
    limits = Limits(**json.loads(sys.argv[1]))
    bind(limits)
    answer = json.dumps(asdict(outcome(sys.stdin.buffer, limits)))
    sys.stdout.write(answer)


def bind(limits: Limits) -> None:
    """From here on the kernel ends this process when it wants more than it may have."""
    seconds = int(limits.seconds) + 1
    for name, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, _MOST_OUTPUT, _MOST_OUTPUT),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(name, (soft, hard))
    os.nice(10)


def outcome(file: BinaryIO, limits: Limits) -> Extracted:
    """What came of the file. Never raises for what stands in it."""
    kind = ""
    try:
        kind = recognise(file, limits)
        return _read(file, kind, limits) if kind else Extracted(EMPTY)
    except Unreadable as error:
        state = SKIPPED if error.reason == UNSUPPORTED else UNREADABLE
        return Extracted(state, error.reason, kind)
    except Exception as error:  # a library met what it did not expect: the file breaks its format's rules
        return Extracted(UNREADABLE, OUT_OF_MEMORY if _lacks_memory(error) else CORRUPT, kind)


def _lacks_memory(error: Exception) -> bool:
    """Python says so by type, the XML library by its error number."""
    return isinstance(error, MemoryError) or getattr(error, "code", None) == _XML_NO_MEMORY


def _read(file: BinaryIO, kind: str, limits: Limits) -> Extracted:
    pieces, note = Pieces(limits.characters, time.monotonic() + limits.seconds * _SHARE), ""
    try:
        import_module(f"{__package__}.{_READERS[kind]}").read(file, limits, pieces)
    except Enough:
        note = TOO_LONG
    if pieces.pages > limits.pages and kind in ("pdf", "pptx"):
        note = TOO_MANY_PAGES
    text = pieces.text
    if pieces.is_late and not text:
        raise Unreadable(TIMED_OUT)
    return Extracted(READY if text else EMPTY, note, kind, pieces.pages, text)


if __name__ == "__main__":
    main()
