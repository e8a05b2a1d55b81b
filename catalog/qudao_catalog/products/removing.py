"""Remove products that nothing refers to, and give families back the shape they had."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core

from .. import signals
from .models import ProductProfile
from .reindexing import reindex
from .services import EVENT_SIZE, touch
from .sets import hold_products, parts

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
#: Rows that are part of a product and go with it.
OWN = (
    "ProductProfile.product",
    "ProductTranslation.product",
    "ProductCategory.product",
    "ProductAttributeValue.product",
    "AttributeText.product",
    "ProductRecord.product",
    "UserProductView.product",
)
#: What somebody has added to a product since it was made: it goes with a product that is deleted on purpose.
ADDED = ("ProductImage.product", "ProductDocument.product", "ProductRecommendation.primary")


def referring_products(
    product_ids: Collection[int], gone: Collection[int] = (), parts_of: Collection[str] = OWN
) -> dict[int, str]:
    """Product id → what refers to it, as people call it. ``gone``: products that will be removed, too.

    ``parts_of``: relations whose rows are part of a product and go with it.
    """
    found = core.find_referrers(
        Product, product_ids, parts_of, ("Product.parent", "ProductProfile.replacement")
    )
    found |= core.find_referrers(ProductProfile, set(product_ids) - found.keys())
    left = {*product_ids, *gone}
    for part in parts(sorted(set(product_ids) - found.keys())):
        variants = Product.objects.filter(parent_id__in=part).exclude(pk__in=left)
        found |= dict.fromkeys(variants.values_list("parent_id", flat=True), str(_("variants")))
        replacing = ProductProfile.objects.filter(replacement_id__in=part).exclude(pk__in=left)
        found |= dict.fromkeys(replacing.values_list("replacement_id", flat=True), str(_("products")))
    return found


@transaction.atomic
def remove_products(*, actor: Any, product_ids: Collection[int], with_files: bool = False) -> int:
    """Delete products nobody has used: no price, stock, order, cart, page or picture refers to them.

    ``with_files``: pictures, documents and related products that were added to them go, too, and keep none of them.

    Side effects: the search forgets them; an audit entry each, event ``catalogue.products_changed``, signal
    ``products_changed`` on commit.

    :raises core.Conflict: ``product_in_use``, naming the first products and what refers to them.
    """
    ids = sorted(product_ids)
    for part in parts(ids):
        hold_products(Q(pk__in=part))
    for part in parts(ids):  # nobody begins to refer to them from here on
        list(Product.objects.select_for_update().filter(pk__in=part).order_by("pk").values_list("pk"))
    used = referring_products(ids, parts_of=(*OWN, *ADDED) if with_files else OWN)
    if used:
        raise _in_use(used)
    for part in parts(ids, 500):
        profiles = list(ProductProfile.objects.filter(pk__in=part))
        core.record_many(
            actor=actor, entries=[(row, "qudao.product.removed", {"note": row.sku}) for row in profiles]
        )
        Product.objects.filter(pk__in=part).delete()
    core.emit_many(
        core.Event("catalogue.products_changed", "catalogue", {"product_ids": list(part)})
        for part in parts(ids, EVENT_SIZE)
    )
    if ids:
        gone = tuple(ids)
        transaction.on_commit(lambda: signals.products_changed.send(sender=ProductProfile, product_ids=gone))
    return len(ids)


@transaction.atomic
def restore_families(former: Mapping[int, Mapping[str, Any]]) -> None:
    """Give products back the parent, structure and type they had, where an import has changed them."""
    types = dict(ProductClass.objects.values_list("name", "pk"))
    changed = []
    for part in parts(sorted(former)):
        for product in Product.objects.filter(pk__in=part):
            then = former[product.pk]
            kind = types.get(then["product_type"]) if then["product_type"] else None
            title = product.title if then["title"] else ""
            wanted = (then["parent"], then["structure"], kind, title)
            if wanted != (product.parent_id, product.structure, product.product_class_id, product.title):
                product.parent_id, product.structure, product.product_class_id, product.title = wanted
                changed.append(product)
    Product.objects.bulk_update(changed, ["parent", "structure", "product_class", "title"], batch_size=500)
    touch(each.pk for each in changed)
    reindex(each.pk for each in changed)


def _in_use(used: Mapping[int, str]) -> core.Conflict:
    skus = dict(ProductProfile.objects.filter(pk__in=list(used)[:100]).values_list("pk", "sku"))
    message = _("A product that is in use cannot be removed.")
    problems = [
        core.Problem(
            "product_in_use",
            _("%(sku)s is in use: %(what)s.") % {"sku": skus.get(pk, pk), "what": what},
            field="sku",
        )
        for pk, what in list(used.items())[:100]
    ]
    return core.Conflict(
        "product_in_use", message, remedy=_("Discontinue the product instead."), problems=problems
    )
