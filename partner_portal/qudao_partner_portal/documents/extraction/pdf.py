"""PDF, by pypdf: page after page, as far as is kept."""

from __future__ import annotations

from typing import BinaryIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from .rules import CORRUPT, ENCRYPTED, Limits, Pieces, Unreadable

#: What pypdf raises on files that break the format's rules, besides its own errors.
_BROKEN = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OSError)


def read(file: BinaryIO, limits: Limits, pieces: Pieces) -> None:
    """Collect the text of the first pages.

    :raises Unreadable: it needs a password, or no page of it can be read.
    """
    reader, pieces.pages = _open(file)
    broken, wanted = 0, min(pieces.pages, limits.pages)
    for number in range(wanted):
        if number:
            pieces.page()
        try:
            text = reader.pages[number].extract_text()
        except (*_BROKEN, RecursionError, ArithmeticError):
            broken += 1
            continue
        pieces.add(text)
    if broken and broken == wanted:
        raise Unreadable(CORRUPT)


def _open(file: BinaryIO) -> tuple[PdfReader, int]:
    file.seek(0)
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Unreadable(ENCRYPTED)
        return reader, len(reader.pages)
    except DependencyError as error:
        raise Unreadable(ENCRYPTED) from error
    except (*_BROKEN, RecursionError) as error:
        raise Unreadable(CORRUPT) from error
