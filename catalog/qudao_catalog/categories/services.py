"""Write the category tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core

from ..assortments.models import AssortmentItem
from ..products.models import CategoryTranslation

Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")
PLAIN = ("name", "slug", "description", "is_public", "exclude_from_menu")


@transaction.atomic
def save_category(
    *,
    actor: Any,
    values: Mapping[str, Any],
    category: Any = None,
    parent: Any = None,
    place: int | None = None,
    words: Mapping[str, tuple[str, str]] | None = None,
    picture: Any = None,
) -> Any:
    """Create or change a category and its place in the tree.

    ``values``: fields of :data:`PLAIN`; without a slug a new one is made of the name. ``place`` counts from 1 among
    the categories below ``parent``; ``None`` leaves it where it is, or puts it last. ``words``: language → name and
    description. ``picture``: a file. Side effect: an audit entry.

    :raises core.Refusal: ``slug_taken``, ``own_descendant``.
    """
    row = category or Category()
    is_new = row.pk is None
    changes = {} if is_new else _changes(row, values)
    for name in PLAIN:
        if name in values:
            setattr(row, name, values[name])
    row.slug = row.slug or slugify(row.name, allow_unicode=True) or "category"
    _check(row, parent)
    if picture is not None:
        row.image = picture
        changes["picture"] = ["", picture.name]
    row = _placed(row, parent, place, changes) if is_new else _moved(row, parent, place, changes)
    _save_words(row, words or {}, changes)
    if is_new or changes:
        action = "qudao.category.created" if is_new else "qudao.category.changed"
        core.record(actor=actor, instance=row, action=action, data={} if is_new else {"changes": changes})
    return row


@transaction.atomic
def delete_category(*, actor: Any, category: Any) -> None:
    """Delete a category without products and subcategories. Side effect: an audit entry.

    :raises core.Conflict: ``category_in_use``.
    """
    uses = {
        str(_("subcategories")): category.get_children().count(),
        str(_("products")): ProductCategory.objects.filter(category=category).count(),
        str(_("assortments")): AssortmentItem.objects.filter(category=category).count(),
    }
    found = [f"{name} ({count})" for name, count in uses.items() if count]
    if found:
        raise core.Conflict(
            "category_in_use",
            _("“%(name)s” cannot be deleted; it has: %(uses)s.")
            % {"name": category.name, "uses": core.join_list(found)},
            remedy=_("Move them elsewhere first, or hide the category."),
        )
    core.record(actor=actor, instance=category, action="qudao.category.deleted", data={"note": category.name})
    category.delete()


def siblings(parent: Any) -> Any:
    """The categories below ``parent``, or those at the top, in their order."""
    return parent.get_children() if parent is not None else Category.get_root_nodes()


def _check(row: Any, parent: Any) -> None:
    if row.pk and parent is not None and (parent.pk == row.pk or parent.path.startswith(row.path)):
        raise core.Refusal("own_descendant", _("A category cannot be moved below itself."), field="parent")
    if siblings(parent).filter(slug=row.slug).exclude(pk=row.pk).exists():
        raise core.Conflict(
            "slug_taken",
            _("Another category here has the address “%(slug)s”.") % {"slug": row.slug},
            field="slug",
        )


def _placed(row: Any, parent: Any, place: int | None, changes: dict[str, list[str]]) -> Any:
    fresh = Category.objects.get(pk=parent.pk) if parent is not None else None
    made = fresh.add_child(instance=row) if fresh is not None else Category.add_root(instance=row)
    return _moved(Category.objects.get(pk=made.pk), parent, place, {})


def _moved(row: Any, parent: Any, place: int | None, changes: dict[str, list[str]]) -> Any:
    """Save the row, then bring it to its place below ``parent``."""
    row.save()
    above = row.get_parent(update=True)
    others = list(siblings(parent).exclude(pk=row.pk))
    now = list(siblings(above).values_list("pk", flat=True)).index(row.pk) + 1
    same_parent = (above.pk if above else None) == (parent.pk if parent is not None else None)
    if same_parent and (place is None or place == now):
        return row
    changes["place"] = [f"{above or ''} {now}".strip(), f"{parent or ''} {place or ''}".strip()]
    at = min(max((place or len(others) + 1) - 1, 0), len(others))
    if at < len(others):
        row.move(others[at], "left")
    elif others:
        row.move(others[-1], "right")
    elif parent is not None:
        row.move(Category.objects.get(pk=parent.pk), "first-child")
    fresh = Category.objects.get(pk=row.pk)
    fresh.set_ancestors_are_public()
    return fresh


def _changes(row: Any, values: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        name: [str(getattr(row, name))[:200], str(values[name])[:200]]
        for name in PLAIN
        if name in values and getattr(row, name) != values[name]
    }


def _save_words(row: Any, words: Mapping[str, tuple[str, str]], changes: dict[str, list[str]]) -> None:
    for language, (name, description) in words.items():
        now = CategoryTranslation.objects.filter(category=row, language=language).first()
        before = (now.name, now.description) if now else ("", "")
        if before == (name, description):
            continue
        changes[f"name ({language})"] = [before[0], name]
        if not name and now:
            now.delete()
        elif name:
            texts = {"name": name, "description": description}
            CategoryTranslation.objects.update_or_create(category=row, language=language, defaults=texts)
