"""Save a product as the editor's form holds it: its own fields, pictures, documents and parts of other plugins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from wagtail.documents import get_document_model

from .. import hooks
from ..languages import languages
from ..pictures.services import library_picture
from ..products.models import ProductDocument, ProductProfile, ProductTranslation
from ..reindexing import reindexing_at_end
from . import services
from .attributes import PREFIX, attribute_values, attributes_of_type
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
class AttachedDocument:
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
    *, actor: Any, product: Any, documents: Sequence[AttachedDocument], removed: Collection[int] = ()
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


#: Fields that are copied as they are, and those whose value is the code of a row.
SIMPLE = (
    "external_key",
    "barcode",
    "status",
    "pack_size",
    "sold_in_packs",
    "min_quantity",
    "max_quantity",
    "weight_kg",
    "origin",
)
CODED = ("line", "unit", "pack_unit", "tax_class")
PICTURES, DOCUMENTS = "pictures", "documents"
#: Between the key of another plugin's part and the name of its field.
PART_MARK = "--"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an editor entered. ``values`` are fields of :data:`inputs.FIELDS`, ``parts`` those of other plugins by key.

    ``None`` for pictures or documents: they stay as they are.
    """

    values: Mapping[str, Any]
    pictures: Sequence[Picture] | None = None
    removed_pictures: Collection[int] = ()
    documents: Sequence[AttachedDocument] | None = None
    removed_documents: Collection[int] = ()
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def state_of(product: Any) -> dict[str, Any]:
    """Everything the editor shows of a product's own, by field."""
    profile = product.profile
    words = {row.language: row for row in ProductTranslation.objects.filter(product=product)}
    found: dict[str, Any] = {name: getattr(profile, name) for name in SIMPLE}
    found |= {name: getattr(getattr(profile, name), "code", "") for name in CODED}
    replaced_by = ProductProfile.objects.filter(pk=profile.replacement_id).first()
    type_of = product.parent.product_class if product.parent_id else product.product_class
    found |= {
        "title": product.title,
        "description": product.description,
        "is_public": product.is_public,
        "replacement": replaced_by.sku if replaced_by else "",
        "product_type": type_of.name if type_of else "",
        "categories": sorted(f"id:{pk}" for pk in product.categories.values_list("pk", flat=True)),
    }
    for suffix, code, _name in languages():
        found[f"title_{suffix}"] = words[code].title if code in words else ""
        found[f"description_{suffix}"] = words[code].description if code in words else ""
    attributes = attributes_of_type(type_of.pk if type_of else None)
    found |= {f"{PREFIX}{row.code}": "" for row in attributes} | attribute_values(product.pk, attributes)
    return found


def pictures_of(product: Any) -> list[tuple[int, str]]:
    rows = ProductImage.objects.filter(product=product).order_by("display_order", "pk")
    return list(rows.values_list("pk", "caption"))


def originals_of(product: Any) -> dict[str, str]:
    """Id → file of the product's pictures."""
    rows = ProductImage.objects.filter(product=product).order_by()
    return {str(pk): name for pk, name in rows.values_list("pk", "original")}


def documents_of(product: Any) -> list[tuple[int, str, str]]:
    rows = ProductDocument.objects.filter(product=product)
    return list(rows.values_list("document_id", "kind", "language"))


def part_fields(viewer: core.Viewer, product: Any) -> dict[str, Any]:
    """The fields that other plugins add, by the names they have in the form; a family is not sold, so it has none."""
    if product is not None and product.is_parent:
        return {}
    return {
        f"{key}{PART_MARK}{name}": each
        for key, part in hooks.editor_parts.items()
        for name, each in part.fields(viewer, product.pk if product is not None else None).items()
    }


@transaction.atomic
def enter_product(*, actor: core.Viewer, sku: str, entry: Entry) -> Any:
    """Create a product with everything about it. Side effects: those of the services it calls.

    :raises core.Refusal: as :func:`services.create_product`, and as the parts of other plugins.
    """
    with reindexing_at_end():
        product = services.create_product(actor=actor, sku=sku, **entry.values)
        _save_around(actor, product, entry)
    return product


@transaction.atomic
def save_product(*, actor: core.Viewer, sku: str, entry: Entry) -> Any:
    """Save what was changed about a product. Side effects: those of the services it calls.

    :raises core.Refusal: as :func:`services.update_product`, and as the parts of other plugins.
    """
    profile = lock_product(sku=sku, entry=entry)
    with reindexing_at_end():
        product = profile.product
        if entry.values:
            product = services.update_product(actor=actor, sku=sku, **entry.values)
        _save_around(actor, product, entry)
    return product


def lock_product(*, sku: str, entry: Entry) -> ProductProfile:
    """Lock the product and what is to be changed around it.

    :raises core.NotFound: ``product_not_found``.
    """
    profile = ProductProfile.objects.select_for_update(of=("self",)).filter(sku__iexact=sku.strip()).first()
    if profile is None:
        raise core.NotFound("product_not_found", _("There is no product with this SKU."), field="sku")
    for key, part in hooks.editor_parts.items():
        if entry.parts.get(key):
            part.hold(profile.pk, entry.parts[key].keys())
    return profile


def _save_around(actor: core.Viewer, product: Any, entry: Entry) -> None:
    if entry.pictures is not None:
        removed = entry.removed_pictures
        arrange_pictures(actor=actor, product=product, pictures=entry.pictures, removed=removed)
    if entry.documents is not None:
        removed = entry.removed_documents
        arrange_documents(actor=actor, product=product, documents=entry.documents, removed=removed)
    for key, part in hooks.editor_parts.items():
        values = entry.parts.get(key)
        if values:
            _save_part(actor, product.pk, key, part, values)


def _save_part(
    actor: core.Viewer, product_id: int, key: str, part: hooks.EditorPart, values: Mapping[str, Any]
) -> None:
    try:
        part.save(actor, product_id, values)
    except core.Refusal as refusal:
        problems = [
            replace(each, field=f"{key}{PART_MARK}{each.field}", line=None)
            for each in refusal.problems or (refusal.problem,)
        ]
        raise core.Refusal(
            refusal.code, refusal.message, problems=problems, status=refusal.status
        ) from refusal
