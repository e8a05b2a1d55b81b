"""Delete a product that nothing needs; say who needs it otherwise."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_partner_portal import api as portal

from .. import signals
from .models import ProductProfile
from .reindexing import reindex

Product = get_model("catalogue", "Product")
#: Rows that are parts of the product and go with it, as model and field. Every other row that points to it keeps it.
PARTS = frozenset(
    {
        "qudao_catalog.productprofile.product",
        "qudao_catalog.producttranslation.product",
        "qudao_catalog.productdocument.product",
        "catalogue.productimage.product",
        "catalogue.productattributevalue.product",
        "catalogue.productcategory.product",
        "catalogue.product_product_options.product",
        "catalogue.productrecommendation.primary",
        "catalogue.productcategoryhierarchy.product",
        "analytics.productrecord.product",
        "analytics.userproductview.product",
    }
)
MOST_NAMED = 5


def uses_of(product: Any) -> list[tuple[str, int]]:
    """What refers to a product: the kind of row in the reader's language, and how many rows."""
    counts: dict[str, int] = {}
    for target in (Product, ProductProfile):
        for relation in target._meta.get_fields(include_hidden=True):
            if not (relation.one_to_many or relation.one_to_one) or relation.concrete:
                continue
            model, name = relation.related_model, relation.field.name
            if f"{model._meta.label_lower}.{name}" in PARTS:
                continue
            count = model._base_manager.filter(**{name: product.pk}).count()
            if count:
                words = str(model._meta.verbose_name_plural)
                counts[words] = counts.get(words, 0) + count
    return list(counts.items())


@transaction.atomic
def delete_product(*, actor: Any, sku: str) -> None:
    """Delete a product with its words, pictures and attributes. Side effects: audit entry, signal ``products_changed``.

    :raises portal.NotFound: no product has this SKU.
    :raises portal.Conflict: ``product_in_use``: orders, prices, stock, variants … refer to it.
    """
    profile = ProductProfile.objects.select_related("product").filter(sku__iexact=sku.strip()).first()
    if profile is None:
        raise portal.NotFound("product_not_found", _("There is no product with this SKU."), field="sku")
    product = Product.objects.select_for_update().get(pk=profile.pk)
    uses = uses_of(product)
    if uses:
        names = portal.listed(f"{name} ({count})" for name, count in uses[:MOST_NAMED])
        raise portal.Conflict(
            "product_in_use",
            _("“%(sku)s” is in use and cannot be deleted: %(uses)s.") % {"sku": profile.sku, "uses": names},
            remedy=_("Discontinue it instead, and name its replacement."),
            params={"uses": dict(uses)},
        )
    portal.record(actor=actor, instance=profile, action="qudao.product.deleted", data={"note": profile.sku})
    ids = (product.pk,)
    product.delete()
    reindex(ids)
    transaction.on_commit(lambda: signals.products_changed.send(sender=ProductProfile, product_ids=ids))
