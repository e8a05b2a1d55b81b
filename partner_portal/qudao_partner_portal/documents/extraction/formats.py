"""What a file is, by its bytes; its name is not asked."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from qudao_core import archives

from .rules import CORRUPT, ENCRYPTED, UNSUPPORTED, ZIP_BOMB, Limits, Unreadable

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
#: The stream that holds a workbook, text or presentation under a password.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_TEXT_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKUP = (b"{\\rtf", b"<!doctype", b"<html", b"<?xml", b"<svg", b"%!ps")
_SMALL = 20 << 20


def recognise(file: BinaryIO, limits: Limits) -> str:
    """``pdf``, ``docx``, ``xlsx``, ``pptx``, ``txt``; empty for a file of no bytes.

    :raises Unreadable: a kind without text for us, locked, damaged, or an archive that unpacks to too much.
    """
    file.seek(0)
    head = file.read(4096)
    if not head:
        return ""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_ZIP):
        return _office(file, limits)
    if head.startswith(_OLE):
        raise Unreadable(ENCRYPTED if _holds(file, _LOCKED) else UNSUPPORTED)
    if _is_text(head):
        return "txt"
    raise Unreadable(UNSUPPORTED)


def _office(file: BinaryIO, limits: Limits) -> str:
    try:
        entries = archives.entries(file)
        names = {entry.filename for entry in entries}
        found = next((kind for name, kind in _OFFICE.items() if name in names), "")
        if not found:
            raise Unreadable(UNSUPPORTED)
        _look_over(file, entries, limits)
    except archives.DamagedArchive as error:
        raise Unreadable(CORRUPT) from error
    return found


def _look_over(file: BinaryIO, entries: list[archives.zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack everything once, keeping nothing: what comes out is counted, whatever the directory claims."""
    if len(entries) > limits.entries:
        raise Unreadable(ZIP_BOMB)
    packed = max(file.seek(0, 2), 1)
    most = min(limits.unpacked, max(_SMALL, packed * limits.ratio))
    unpacked = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable(ENCRYPTED)
        for chunk in archives.unpack(file, entry):
            unpacked += len(chunk)
            if unpacked > most:
                raise Unreadable(ZIP_BOMB)


def _holds(file: BinaryIO, mark: bytes) -> bool:
    file.seek(0)
    rest = b""
    while chunk := file.read(1 << 20):
        if mark in rest + chunk:
            return True
        rest = chunk[-len(mark) :]
    return False


def _is_text(head: bytes) -> bool:
    """Whether this may be plain text: no markup, and no byte that text does not have."""
    if head.startswith(_TEXT_MARKS):
        return True
    return not head.lstrip().lower().startswith(_MARKUP) and not any(byte < 9 for byte in head)
