"""Documents of products: who may see one of the products may open them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.urls import NoReverseMatch, reverse
from oscar.core.loading import get_model
from qudao_partner_portal import api as portal
from qudao_partner_portal import hooks as portal_hooks

from .doors import POLICY, product_doors
from .models import ProductDocument, ProductProfile, ProductTranslation
from .queries import CHINESE
from .sets import parts

Product = get_model("catalogue", "Product")


def document_doors(document_ids: Sequence[int]) -> dict[int, list[portal_hooks.DocumentAccessRule]]:
    """The doors of the products each document is attached to; a family's stand open with any of its variants.

    What is attached to products that are not public only has no door. Six statements, only the first when nothing
    is attached.
    """
    rows = ProductDocument.objects.filter(document_id__in=document_ids).order_by(
        "document_id", "position", "pk"
    )
    attached = list(rows.values_list("document_id", "product_id"))
    if not attached:
        return {}
    members = _members({product_id for _document_id, product_id in attached})
    doors = product_doors(pk for each in members.values() for pk in each)
    about = _about(members)
    found: dict[int, list[portal_hooks.DocumentAccessRule]] = defaultdict(list)
    for document_id, product_id in attached:
        names, url = about.get(product_id, ({}, ""))
        tokens = dict.fromkeys(doors[pk] for pk in members.get(product_id, ()) if pk in doors)
        found[document_id] += [portal_hooks.DocumentAccessRule(POLICY, each, names, url) for each in tokens]
    return found


def follow(product_ids: Iterable[int]) -> None:
    """What opens these products has changed: so has what opens their documents, and those of their families."""
    for part in parts(sorted(set(product_ids))):
        children = Product.objects.filter(pk__in=part, parent_id__isnull=False).order_by()
        around = {*part, *children.values_list("parent_id", flat=True)}
        rows = ProductDocument.objects.filter(product_id__in=around).order_by()
        found = set(rows.values_list("document_id", flat=True))
        if found:
            portal.update_documents(document_ids=found)


def connect() -> None:
    """Attaching a document, and taking it away, changes who may open it."""
    portal_hooks.document_access.register("products", document_doors)
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=ProductDocument, dispatch_uid=f"product-documents-{id(signal)}")


def _changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        portal.update_documents(document_ids=[instance.document_id])


def _members(product_ids: Iterable[int]) -> dict[int, list[int]]:
    """Product → itself and its variants, as far as they are public."""
    ids = sorted(product_ids)
    found: dict[int, list[int]] = defaultdict(list)
    public = Product.objects.filter(is_public=True).exclude(parent__is_public=False).order_by("pk")
    for pk in public.filter(pk__in=ids).values_list("pk", flat=True):
        found[pk].append(pk)
    for family, pk in public.filter(parent_id__in=ids).values_list("parent_id", "pk"):
        found[family].append(pk)
    return found


def _about(product_ids: Iterable[int]) -> dict[int, tuple[Mapping[str, str], str]]:
    """Names and address of products; two statements."""
    ids = sorted(product_ids)
    rows = ProductProfile.objects.filter(pk__in=ids).order_by()
    english = {
        pk: (sku, title or parent or sku)
        for pk, sku, title, parent in rows.values_list(
            "pk", "sku", "product__title", "product__parent__title"
        )
    }
    words = ProductTranslation.objects.filter(product_id__in=ids, language=CHINESE).order_by()
    chinese = dict(words.values_list("product_id", "title"))
    return {
        pk: ({"en": name} | ({CHINESE: chinese[pk]} if chinese.get(pk) else {}), _address(sku))
        for pk, (sku, name) in english.items()
    }


def _address(sku: str) -> str:
    try:
        return reverse("catalog:product", args=[sku])
    except NoReverseMatch:
        return ""
