"""Keep what the search knows of products as fresh as the products, whoever changes them.

Services say what they changed (:func:`reindex`, or :func:`reindexing_at_end` around many writes). The back office's
screens of terms and one's own scripts save rows themselves; for them :func:`follow` listens to the rows.

What changes who may see a product needs none of this: access is judged at every query (:mod:`..products.access`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_search import api as search

from ..assortments.models import Assortment, AssortmentItem
from ..bulk_rows import chunks
from ..categories.models import CategoryTranslation
from ..products.models import (
    AttributeProfile,
    AttributeText,
    OptionTranslation,
    ProductLine,
    ProductProfile,
    ProductTranslation,
)
from ..reindexing import KIND, reindex

#: A new name of a line or a category is in all its products' entries; beyond so many the rest follows by events,
#: so that nobody waits for it and the database is not locked meanwhile.
AT_ONCE = 2000
TOPIC = "catalogue.products_to_index"
EVENT_SIZE = 500
Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
AttributeValue = get_model("catalogue", "ProductAttributeValue")


def reindex_all(product_ids: Iterable[int]) -> None:
    """As :func:`reindex` for products whose number nobody knows: the first at once, the rest by events."""
    ids = sorted(set(product_ids))
    reindex(ids[:AT_ONCE])
    core.emit_many(
        core.Event(TOPIC, "catalogue.search", {"product_ids": list(part)})
        for part in chunks(ids[AT_ONCE:], EVENT_SIZE)
    )


def handle_event(*, event_id: int, topic: str, aggregate: str, payload: dict[str, Any]) -> None:
    """Handler of :data:`TOPIC`."""
    with transaction.atomic():
        reindex(payload["product_ids"])


# --- Rows that others save ---


def connect() -> None:
    """Connect the rows that say something about products."""
    for row in (ProductTranslation, ProductCategory, AttributeValue, AttributeText, AssortmentItem):
        _connect(row, post_save, _row_saved)
        _connect(row, post_delete, _row_deleted)
    _connect(Product, post_save, _product_saved)
    _connect(Category, post_save, _category_saved)
    _connect(ProductProfile, post_save, _row_saved)
    _connect(ProductProfile, post_delete, _profile_deleted)
    _connect(ProductCategory, m2m_changed, _filed)
    _connect(AttributeValue.value_multi_option.through, m2m_changed, _chosen)
    for model in _CONCERNED:
        if model not in (Category, Assortment):  # what an assortment says of itself is asked live
            _connect(model, post_save, _word_saved)
        _connect(model, pre_delete, _word_going)
        _connect(model, post_delete, _word_gone)


def _connect(sender: type[Model], signal: Any, receiver: Callable[..., None]) -> None:
    signal.connect(receiver, sender=sender, dispatch_uid=f"search-{receiver.__name__}-{sender._meta.label}")


def _row_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if instance.product_id and not raw:
        reindex([instance.product_id])


def _row_deleted(sender: type[Model], instance: Any, origin: Any, **kwargs: Any) -> None:
    """Of what went with something larger, the larger thing takes care."""
    if instance.product_id and getattr(origin, "model", type(origin)) is sender:
        reindex([instance.product_id])


def _product_saved(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        reindex([instance.pk])


def _profile_deleted(instance: Any, **kwargs: Any) -> None:
    search.remove(kind=KIND, items=[str(instance.product_id)])


def _filed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
    """``product.categories.add(…)`` and the like, from either side."""
    if action == "pre_clear" and reverse:
        instance._search_stale = list(_in_category(instance))
    elif action.startswith("post_"):
        cleared = getattr(instance, "_search_stale", ())
        reindex((pk_set or cleared) if reverse else [instance.pk])


def _chosen(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        reindex([instance.product_id])


def _word_saved(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        reindex_all(_CONCERNED[sender](instance))


def _category_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        instance.set_ancestors_are_public()  # Oscar's own receiver comes after us, and entries name public ones only
        reindex_all(_in_category(instance))


def _word_going(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    instance._search_stale = list(_CONCERNED[sender](instance))


def _word_gone(instance: Any, **kwargs: Any) -> None:
    reindex_all(instance._search_stale)


# --- Whose words stand in which products' entries ---


def _ids(rows: QuerySet[Any], column: str = "product_id") -> QuerySet[Any]:
    return rows.order_by().values_list(column, flat=True)


def _in_category(category: Any) -> QuerySet[Any]:
    """In it or below it: entries know every category above them, by where it stands now."""
    return _ids(ProductCategory.objects.filter(category__path__startswith=category.path))


def _in_line(line: Any) -> QuerySet[Any]:
    return _ids(ProductProfile.objects.filter(line=line))


def _with_option(option_id: int) -> QuerySet[Any]:
    chosen = Q(value_option_id=option_id) | Q(value_multi_option=option_id)
    return _ids(AttributeValue.objects.filter(chosen))


def _with_attribute(attribute_id: int) -> QuerySet[Any]:
    return _ids(AttributeValue.objects.filter(attribute_id=attribute_id))


def _named_by(assortment: Any) -> QuerySet[Any]:
    return _ids(AssortmentItem.objects.filter(assortment=assortment, product__isnull=False))


_CONCERNED: dict[type[Model], Callable[[Any], QuerySet[Any]]] = {
    Category: _in_category,
    CategoryTranslation: lambda row: _in_category(row.category),
    ProductLine: _in_line,
    get_model("catalogue", "ProductAttribute"): lambda row: _with_attribute(row.pk),
    AttributeProfile: lambda row: _with_attribute(row.pk),
    get_model("catalogue", "AttributeOption"): lambda row: _with_option(row.pk),
    OptionTranslation: lambda row: _with_option(row.option_id),
    Assortment: _named_by,
}
