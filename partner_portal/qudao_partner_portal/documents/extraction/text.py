"""Plain text and CSV: a mark decides the encoding, then UTF-8, then GB18030 (which includes GBK)."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from .rules import UNSUPPORTED, Enough, Limits, Pieces, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(file: BinaryIO, limits: Limits, pieces: Pieces) -> None:
    """Collect the text; there are no pages.

    :raises Unreadable: none of the encodings fits. :raises Enough: the file goes on.
    """
    most = limits.characters * 4
    file.seek(0)
    start = file.read(most)
    is_whole = not file.read(1)
    pieces.add(_decode(start, is_whole))
    if not is_whole:
        raise Enough


def _decode(data: bytes, is_whole: bool) -> str:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return codecs.getincrementaldecoder(encoding)().decode(data, final=is_whole)
        except UnicodeDecodeError:
            continue
    raise Unreadable(UNSUPPORTED)
