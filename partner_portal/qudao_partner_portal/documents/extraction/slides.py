"""PPTX, by python-pptx: every paragraph of every slide (tables and groups included) and the speaker's notes."""

from __future__ import annotations

from typing import Any, BinaryIO

from pptx import Presentation
from pptx.oxml.ns import qn

from .rules import Limits, Pieces


def read(file: BinaryIO, limits: Limits, pieces: Pieces) -> None:
    """Collect the text of the first slides."""
    file.seek(0)
    slides = Presentation(file).slides
    pieces.pages = len(slides)
    for number, slide in enumerate(slides):
        if number >= limits.pages:
            break
        if number:
            pieces.page()
        _read_element(slide.element, pieces)
        if slide.has_notes_slide:
            _read_element(slide.notes_slide.element, pieces)


def _read_element(element: Any, pieces: Pieces) -> None:
    for paragraph in element.iter(qn("a:p")):
        pieces.add("".join(run.text or "" for run in paragraph.iter(qn("a:t"))))
