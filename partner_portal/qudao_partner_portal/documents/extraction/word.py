"""DOCX, by python-docx: every paragraph of the body, tables and text boxes included, then headers and footers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from .rules import Limits, Pieces


def read(file: BinaryIO, limits: Limits, pieces: Pieces) -> None:
    """Collect the text; a DOCX does not know its pages."""
    file.seek(0)
    document = Document(file)
    for part in _parts(document):
        for paragraph in part.iter(qn("w:p")):
            pieces.add(Paragraph(paragraph, document).text)


def _parts(document: Any) -> Iterator[Any]:
    yield document.element.body
    for section in document.sections:
        for margin in (section.header, section.footer):
            if not margin.is_linked_to_previous:
                yield margin._element
