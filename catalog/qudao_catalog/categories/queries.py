"""The category tree, kept until a category or its translation changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core

from ..products.models import CategoryTranslation
from .rules import CategoryNode, CategoryTree

#: Raised by every change of a category or of its words.
FACT = "categories"
CHINESE = "zh-hans"
_kept: core.VersionedCache[CategoryTree] = core.VersionedCache(size=2)


def category_tree(versions: core.Versions | None = None) -> CategoryTree:
    """All public categories; two statements when something changed, none otherwise."""
    versions = versions if versions is not None else core.Versions.read()
    return _kept.get("tree", versions.of(FACT), _read)


def get_category(slug: str, versions: core.Versions | None = None) -> CategoryNode:
    """The public category at ``slug`` (``lamps/panels``).

    :raises core.NotFound: there is none.
    """
    found = category_tree(versions).by_slug(slug.strip("/"))
    if found is None:
        raise core.NotFound(
            "category_not_found",
            _("There is no category “%(slug)s”.") % {"slug": slug[:80]},
            field="category",
            params={"slug": slug[:80]},
        )
    return found


def _read() -> CategoryTree:
    words = {
        pk: (name, description)
        for pk, name, description in CategoryTranslation.objects.filter(language=CHINESE).values_list(
            "category_id", "name", "description"
        )
    }
    rows = get_model("catalogue", "Category").objects.filter(is_public=True, ancestors_are_public=True)
    slugs: dict[str, str] = {}
    nodes = []
    for row in rows.order_by("path"):
        above = slugs.get(row.path[: -row.steplen], "")
        slugs[row.path] = f"{above}/{row.slug or row.pk}".strip("/")
        nodes.append(_node(row, slugs[row.path], words.get(row.pk, ("", ""))))
    return CategoryTree(nodes)


def _node(row: Any, slug: str, words: tuple[str, str]) -> CategoryNode:
    return CategoryNode(
        id=row.pk,
        path=row.path,
        depth=row.depth,
        name=row.name,
        slug=slug,
        name_zh=words[0],
        description=row.description,
        description_zh=words[1],
        image=row.image.name or "",
        code=row.code or "",
        in_menu=not row.exclude_from_menu,
    )
