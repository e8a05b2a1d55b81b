"""Documents with text inside: a policy (PDF), a form (DOCX), a table (XLSX), slides (PPTX)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from docx import Document as new_docx
from openpyxl import Workbook
from openpyxl.styles import Font
from pptx import Presentation as new_pptx
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .content.families import Item, items
from .content.papers import (
    AUDIENCES,
    PAPERS,
    PRICE_POLICY,
    TRAINING_DECK,
    WARRANTY_FIELDS,
    WARRANTY_RULES,
    WARRANTY_SYMPTOMS,
)
from .content.products import FAMILIES
from .content.terms import TYPES
from .documents import text_paper


def make_papers(system: core.Viewer) -> dict[str, Any]:
    """The documents of :mod:`.content.papers`, aimed at whom they are for; name → document."""
    made = {name: keep(*PAPERS[name], write) for name, write in _WRITERS.items()}
    for name, keys in AUDIENCES.items():
        portal.set_document_audience(viewer=system, document=made[name], keys=keys)
    return made


def keep(title: str, file_name: str, write: Callable[[], bytes]) -> Any:
    """A document of this title: the one that is there, or a new one with the file that ``write`` makes."""
    model = apps.get_model("wagtaildocs", "Document")
    found = model.objects.filter(title=title).first()
    if found is not None:
        return found
    collection = apps.get_model("wagtailcore", "Collection").get_first_root_node()
    made = model(title=title, collection=collection)
    made.file.save(file_name, ContentFile(write()), save=False)
    made.file_size = made.file.size
    made.save()
    return made


# --- Writers ----------------------------------------------------------------------------------------------------------


def price_policy() -> bytes:
    return text_paper(title="Price policy 2026", title_zh="2026 年价格政策", sections=PRICE_POLICY)


def warranty_form() -> bytes:
    paper = new_docx()
    paper.add_heading("Warranty form 质保登记表", level=0)
    fields = paper.add_table(rows=0, cols=2, style="Table Grid")
    for english, chinese in WARRANTY_FIELDS:
        fields.add_row().cells[0].text = f"{english}\n{chinese}"
    paper.add_heading("What is wrong 故障现象", level=1)
    for english, chinese in WARRANTY_SYMPTOMS:
        paper.add_paragraph(f"☐ {english} {chinese}")
    paper.add_heading("Rules 说明", level=1)
    for english, chinese in WARRANTY_RULES:
        paper.add_paragraph(english)
        paper.add_paragraph(chinese)
    return _saved(paper)


def parameters() -> bytes:
    """One sheet per product type: all articles with their attributes in both languages."""
    book = Workbook()
    book.remove(book.worksheets[0])
    everything = [item for item in items(FAMILIES) if not item.is_parent]
    for name, attributes in TYPES.items():
        sheet = book.create_sheet(name)
        sheet.append(["SKU", "Name", "名称", *(each.name for each in attributes)])
        sheet.append(["货号", "", "", *(f"{each.name_zh} {each.unit}".strip() for each in attributes)])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "D3"
        for item in everything:
            if item.row["product_type"] == name:
                sheet.append(_row(item, [each.code for each in attributes]))
    return _saved(book)


def _row(item: Item, codes: Sequence[str]) -> list[Any]:
    values = item.row["attributes"]
    return [item.sku, item.row["title"], item.row["title_zh-hans"], *(values.get(code) for code in codes)]


def training_deck() -> bytes:
    deck = new_pptx()
    for title, points in TRAINING_DECK:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"{title[0]}\n{title[1]}"
        slide.placeholders[1].text = "\n".join(f"{english}  {chinese}" for english, chinese in points)
        slide.notes_slide.notes_text_frame.text = f"{title[1]}：先提问，再讲解。"
    return _saved(deck)


def _saved(file: Any) -> bytes:
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


_WRITERS: dict[str, Callable[[], bytes]] = {
    "price-policy": price_policy,
    "warranty-form": warranty_form,
    "parameters": parameters,
    "training-deck": training_deck,
}
