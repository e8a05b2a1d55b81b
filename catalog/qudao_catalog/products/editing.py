"""Save everything an editor changed about a product at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core

from .. import hooks
from ..languages import languages
from ..reindexing import gathered
from . import services
from .attribute_fields import PREFIX, attribute_values, attributes_of_type
from .files import Attached, Picture, arrange_documents, arrange_pictures
from .models import ProductDocument, ProductProfile, ProductTranslation

ProductImage = get_model("catalogue", "ProductImage")
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
    documents: Sequence[Attached] | None = None
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
    with gathered():
        product = services.create_product(actor=actor, sku=sku, **entry.values)
        _save_around(actor, product, entry)
    return product


@transaction.atomic
def save_product(*, actor: core.Viewer, sku: str, entry: Entry) -> Any:
    """Save what was changed about a product. Side effects: those of the services it calls.

    :raises core.Refusal: as :func:`services.update_product`, and as the parts of other plugins.
    """
    profile = hold_product(sku=sku, entry=entry)
    with gathered():
        product = profile.product
        if entry.values:
            product = services.update_product(actor=actor, sku=sku, **entry.values)
        _save_around(actor, product, entry)
    return product


def hold_product(*, sku: str, entry: Entry) -> ProductProfile:
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
