"""Pictures and documents of a product, in their order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from wagtail.documents import get_document_model

from ..pictures.services import library_picture
from .models import ProductDocument
from .services import record_change

ProductImage = get_model("catalogue", "ProductImage")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product: one it has (``id``), one of the picture library (``image_id``), or the first replaced
    by the second.
    """

    id: int | None = None
    caption: str = ""
    image_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A document of a product and what it is."""

    document_id: int
    kind: str = ProductDocument.Kind.DATASHEET
    language: str = ""


@transaction.atomic
def arrange_pictures(
    *, actor: Any, product: Any, pictures: Sequence[Picture], removed: Collection[int] = ()
) -> None:
    """Give a product these pictures in this order; the first is the one that lists show.

    Pictures that are neither named nor ``removed`` stay behind the others. A picture of the library is copied: the
    product keeps it whatever happens to the library. Side effect: an audit entry, when anything changed.

    :raises core.Refusal: ``unknown_picture``.
    """
    now = {
        row.pk: row for row in ProductImage.objects.filter(product=product).order_by("display_order", "pk")
    }
    gone = [now.pop(pk) for pk in list(now) if pk in removed]
    ProductImage.objects.filter(pk__in=[row.pk for row in gone]).delete()
    notes = [f"− {_file_name(row)}" for row in gone]
    placed = [_placed(product, each, now.get(each.id or 0), notes) for each in pictures]
    named = {row.pk for row in placed if row is not None}
    rows = [row for row in placed if row is not None]
    rows += [row for pk, row in now.items() if pk not in named]
    moved = False
    for position, row in enumerate(rows):
        if row.pk is None:
            row.display_order = position
            row.save()
        elif row.display_order != position:
            row.display_order, moved = position, True
            row.save(update_fields=["display_order"])
    if moved:
        notes.append(", ".join(_file_name(row) for row in rows))
    if notes:
        record_change(actor, product, {"note": "; ".join(notes)})


def _placed(product: Any, wanted: Picture, row: Any, notes: list[str]) -> Any:
    """The row of one picture, changed as wanted; ``None`` for a picture that somebody has removed meanwhile."""
    if row is None and wanted.image_id is None:
        return None
    if row is None:
        row = ProductImage(product=product)
    if wanted.image_id is not None:
        row.original = library_picture(wanted.image_id, "pictures")
        notes.append(f"+ {PurePath(row.original.name).name}")
    if row.caption != wanted.caption[:200]:
        notes.append(f"{PurePath(row.original.name).name}: {row.caption} → {wanted.caption}"[:200])
        row.caption = wanted.caption[:200]
    if row.pk is not None:
        row.save()
    return row


def _file_name(row: Any) -> str:
    return PurePath(row.original.name).name


@transaction.atomic
def arrange_documents(
    *, actor: Any, product: Any, documents: Sequence[Attached], removed: Collection[int] = ()
) -> None:
    """Attach these documents in this order. Those neither named nor ``removed`` stay behind the others; of one that is
    named twice the last counts.

    ``removed`` are ids of documents; the files stay in the document library. Side effect: an audit entry, when
    anything changed.

    :raises core.Refusal: ``unknown_document``.
    """
    now = {row.document_id: row for row in ProductDocument.objects.filter(product=product)}
    titles = _titles({each.document_id for each in documents} | set(now))
    notes = []
    for document_id in removed:
        if document_id in now:
            now.pop(document_id).delete()
            notes.append(f"− {titles.get(document_id, document_id)}")
    for position, each in enumerate(documents):
        if each.document_id not in titles:
            raise core.Refusal("unknown_document", _("There is no such document."), field="documents")
        row = now.get(each.document_id)
        if row is None:
            row = now[each.document_id] = ProductDocument(product=product, document_id=each.document_id)
            notes.append(f"+ {titles[each.document_id]}")
        wanted = (each.kind, each.language, position)
        if row.pk is None or (row.kind, row.language, row.position) != wanted:
            row.kind, row.language, row.position = wanted
            row.save()
            notes.append(f"{titles[each.document_id]}: {row.get_kind_display()} {row.language}".strip())
    if notes:
        record_change(actor, product, {"note": "; ".join(dict.fromkeys(notes))})


def _titles(document_ids: Collection[int]) -> dict[int, str]:
    return dict(get_document_model().objects.filter(pk__in=document_ids).values_list("pk", "title"))
