"""Look over a ZIP archive (XLSX, DOCX, PPTX) before a library opens it. Believes nothing its directory says.

Plain Python: also used by the process that reads documents, which loads no Django.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

_CHUNK = 1 << 20


class DamagedArchive(Exception):
    """Not a ZIP archive, or one that does not hold together."""


def entries(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """What the directory lists.

    :raises Damaged: there is no directory to read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error) as error:
        raise DamagedArchive from error


def unpack(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What really comes out of one entry, in pieces of at most a megabyte.

    :raises Damaged: the entry is not there, or packed in a way office files are not.
    """
    if entry.header_offset < 0:
        raise DamagedArchive
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise DamagedArchive
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from _stored(file, entry.compress_size)
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise DamagedArchive
    try:
        yield from _inflated(file, entry.compress_size)
    except zlib.error as error:
        raise DamagedArchive from error


def _stored(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := file.read(min(size, _CHUNK))):
        size -= len(chunk)
        yield chunk


def _inflated(file: BinaryIO, size: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-15)
    for packed in _stored(file, size):
        yield inflate.decompress(packed, _CHUNK)
        while inflate.unconsumed_tail:
            yield inflate.decompress(inflate.unconsumed_tail, _CHUNK)
    yield inflate.flush()
