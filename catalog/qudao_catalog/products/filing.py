"""Which categories products are filed in, for many products at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from oscar.core.loading import get_model

from ..bulk_rows import BATCH, parts

if TYPE_CHECKING:
    from .bulk import Work

Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")
Product = get_model("catalogue", "Product")


def category_key(name: str) -> str:
    """``Lighting>LED lamps``, ``lighting / led lamps`` and ``Lighting > LED lamps`` are the same."""
    return "/".join(part.strip() for part in name.replace(">", "/").split("/")).casefold()


def category_codes() -> dict[str, int]:
    """What a category may be called: code, id with a mark, slug path, name path; all in one table."""
    found: dict[str, int] = {}
    slugs: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in Category.objects.order_by("path"):
        above = row.path[: -row.steplen]
        slugs[row.path] = f"{slugs.get(above, '')}/{row.slug}".strip("/")
        names[row.path] = f"{names.get(above, '')} > {row.name}".removeprefix(" > ")
        for name in (f"id:{row.pk}", slugs[row.path], names[row.path], row.code or ""):
            if name:
                found.setdefault(category_key(name), row.pk)
    return found


def example_category() -> str:
    """The path of names of some category, as deep as they go; empty when there is none."""
    found = Category.objects.order_by("-depth", "path").first()
    if found is None:
        return ""
    return " > ".join([*(each.name for each in found.get_ancestors()), found.name])


def save_categories(works: list[Work], codes: dict[str, int]) -> None:
    """File products as their rows say; one read, one delete and one insert for all of them."""
    wanted = {
        work.product.pk: {codes[category_key(code)] for code in work.values["categories"]}
        for work in works
        if "categories" in work.values and work.product.structure != Product.CHILD
    }
    by_product = {work.product.pk: work for work in works}
    now: dict[int, set[int]] = {pk: set() for pk in wanted}
    for part in parts(sorted(wanted)):
        rows = ProductCategory.objects.filter(product_id__in=part).values_list("product_id", "category_id")
        for product_id, category_id in rows:
            now[product_id].add(category_id)
    for pk, categories in wanted.items():
        if categories != now[pk]:
            by_product[pk].change("categories", sorted(now[pk]), sorted(categories))
    gone = Q()
    for pk, categories in wanted.items():
        if now[pk] - categories:
            gone |= Q(product_id=pk, category_id__in=now[pk] - categories)
    if gone:
        ProductCategory.objects.filter(gone).delete()
    added = [
        ProductCategory(product_id=pk, category_id=category)
        for pk, categories in wanted.items()
        for category in sorted(categories - now[pk])
    ]
    ProductCategory.objects.bulk_create(added, batch_size=BATCH)
