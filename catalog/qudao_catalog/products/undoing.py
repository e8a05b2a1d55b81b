"""Take imported products back: what they were before, field by field, and what refers to new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core

from .attributes import COLUMNS
from .filing import category_codes
from .models import AttributeText, ProductProfile, ProductTranslation
from .naming import capitals
from .removing import referring_products, remove_products, restore_families
from .services import upsert_products
from .sets import hold_products, parts

Product = get_model("catalogue", "Product")
Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: Image → column of the product, as seen from it.
PLAIN = {
    "sku": "profile__sku",
    "title": "title",
    "description": "description",
    "is_public": "is_public",
    "external_key": "profile__external_key",
    "barcode": "profile__barcode",
    "status": "profile__status",
    "line": "profile__line__code",
    "unit": "profile__unit__code",
    "pack_unit": "profile__pack_unit__code",
    "pack_size": "profile__pack_size",
    "sold_in_packs": "profile__sold_in_packs",
    "min_quantity": "profile__min_quantity",
    "max_quantity": "profile__max_quantity",
    "tax_class": "profile__tax_class__code",
    "weight_kg": "profile__weight_kg",
    "origin": "profile__origin",
    "replacement": "profile__replacement__profile__sku",
    "product_type": "product_class__name",
    "parent": "parent_id",
    "structure": "structure",
}
NUMBERS = frozenset({"pack_size", "min_quantity", "max_quantity", "weight_kg"})
#: What :func:`removing.restore_families` restores instead of the upsert.
FAMILY = frozenset({"parent", "structure", "product_type"})
CATEGORY = "category:"


class ProductUndo(core.Undo):
    """Categories that the import made are things of their own, with ``category:`` before the id."""

    fields = (
        ("sku", ""),
        ("title", _("Name")),
        ("description", _("Description")),
        ("is_public", _("public")),
        ("external_key", _("External key")),
        ("barcode", _("Barcode")),
        ("status", _("Status")),
        ("line", _("Product line")),
        ("unit", _("Unit")),
        ("pack_unit", _("Packing unit")),
        ("pack_size", _("Units per pack")),
        ("sold_in_packs", _("Whole packs only")),
        ("min_quantity", _("Minimum quantity")),
        ("max_quantity", _("Maximum quantity")),
        ("tax_class", _("Tax class")),
        ("weight_kg", _("Weight in kg")),
        ("origin", _("Country of origin")),
        ("replacement", _("Replaced by")),
        ("product_type", _("Product type")),
        ("parent", ""),
        ("structure", ""),
        ("titles", _("Name in other languages")),
        ("descriptions", ""),
        ("categories", ""),
        ("attributes", ""),
    )
    numbers = frozenset({"pack_size", "min_quantity", "max_quantity", "weight_kg"})

    def lock(self, rows: Sequence[core.Row]) -> None:
        for part in parts(sorted(_keys(rows))):
            hold_products(Q(key__in=part))

    def touched(self, rows: Sequence[core.Row]) -> core.Images:
        keys = _keys(rows)
        ids: set[int] = set()
        for part in parts(sorted(keys)):
            named = Product.objects.alias(key=Upper("profile__sku"), bare=Upper("upc"))
            found = named.filter(Q(key__in=part) | Q(bare__in=part)).order_by()
            for pk, parent in found.values_list("pk", "parent_id"):
                ids |= {pk, parent} - {None}
        made = self.importer.given["new_categories"] == "create"
        return _images(ids) | (_categories() if made else {})

    def now(self, ids: Iterable[str]) -> core.Images:
        products = {int(each) for each in ids if not each.startswith(CATEGORY)}
        some = any(each.startswith(CATEGORY) for each in ids)
        return _images(products) | (_categories() if some else {})

    def names(self, changes: Sequence[core.Change]) -> Mapping[str, str]:
        return {
            each.id: str((each.after or each.before or [])[1 if each.id.startswith(CATEGORY) else 0])
            for each in changes
        }

    def obstacles(self, changes: Sequence[core.Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        fresh = {int(each.id) for each in changes if each.before is None and each.id.isdigit()}
        gone = {int(each) for each in self.gone if each.isdigit()}
        found = {
            str(pk): ("in_use", gettext("It is in use by now: %(what)s.") % {"what": what})
            for pk, what in referring_products(fresh, gone).items()
        }
        for each in changes:
            if each.before is not None and each.before[0] is None and each.id.isdigit():
                found[each.id] = ("existed_before", gettext("It existed in the shop before the import."))
        message = gettext("A product it referred to before no longer exists.")
        return found | dict.fromkeys(self._lost(changes), ("former_gone", message))

    def _lost(self, changes: Sequence[core.Change]) -> list[str]:
        """Those that would refer again to a product that is gone."""
        left = [each for each in changes if each.before is not None and self.leaves(each)]
        wanted = {
            each.id: (
                self.value(each.before, "parent"),
                str(self.value(each.before, "replacement") or ""),
            )
            for each in left
        }
        there: set[Any] = {None, ""}
        for part in parts(sorted({parent for parent, _sku in wanted.values() if parent})):
            there |= set(Product.objects.filter(pk__in=part).values_list("pk", flat=True))
        for part in parts(sorted({sku for _parent, sku in wanted.values()} - {""})):
            keys = set().union(*map(capitals, part))
            named = ProductProfile.objects.alias(key=Upper("sku")).filter(key__in=keys)
            there |= {sku.upper() for sku in named.values_list("sku", flat=True)}
        return [pk for pk, (parent, sku) in wanted.items() if not there >= {parent, sku.upper()}]

    def leaves(self, change: core.Change) -> bool:
        links = ("parent", "replacement")
        if change.after is None or not change.id.isdigit():
            return False
        return any(self.value(change.before, name) != self.value(change.after, name) for name in links)

    def hold(self, batches: Iterable[Sequence[core.Change]]) -> None:
        """Whoever edits a product holds its profile."""
        ids = sorted(int(each.id) for changes in batches for each in changes if each.id.isdigit())
        for part in parts(ids):
            hold_products(Q(pk__in=part))

    def take_back(self, changes: Sequence[core.Change]) -> None:
        """What existed before lets go of what the import made, which is removed then."""
        actor = self.importer.viewer
        products = [each for each in changes if each.id.isdigit()]
        changed = [each for each in products if each.before is not None and each.after is not None]
        codes = {pk: code for code, pk in reversed(category_codes().items())}
        rows = [row for row in (self._row(each, codes) for each in changed) if len(row) > 1]
        if rows:
            upsert_products(actor=actor, rows=rows)
        restore_families({int(each.id): self._family(each.before or []) for each in changed})
        remove_products(actor=actor, product_ids=[int(each.id) for each in products if each.before is None])
        _remove_empty([int(each.id.removeprefix(CATEGORY)) for each in changes if not each.id.isdigit()])

    def _row(self, change: core.Change, codes: Mapping[int, str]) -> dict[str, Any]:
        """The fields the import changed, as they were, for the upsert."""
        assert change.before is not None and change.after is not None
        row: dict[str, Any] = {"sku": change.after[0]}
        for (name, _label), then, now in zip(self.fields, change.before, change.after, strict=True):
            if then == now or name in FAMILY or name == "sku" or (name == "title" and not then):
                continue
            if name in ("titles", "descriptions"):
                row[name] = {language: then.get(language, "") for language in {**now, **then}}
            elif name == "categories":
                row[name] = [codes[pk] for pk in then if pk in codes]
            elif name == "attributes":
                row[name] = {code: _value(then.get(code)) for code in {**now, **then}}
            elif name in NUMBERS:
                row[name] = Decimal(then) if then is not None else None
            else:
                row[name] = "" if then is None else then
        return row

    def _family(self, image: core.Image) -> dict[str, Any]:
        names = ("title", "parent", "structure", "product_type")
        return {name: self.value(image, name) for name in names}


def _images(ids: set[int]) -> core.Images:
    found: core.Images = {}
    for part in parts(sorted(ids)):
        titles, descriptions = _translations(part)
        categories, attributes = _filed(part), _attributes(part)
        rows = Product.objects.filter(pk__in=part).order_by("pk").values_list("pk", *PLAIN.values())
        for pk, *values in rows:
            found[str(pk)] = [
                *map(_plain, values),
                titles.get(pk, {}),
                descriptions.get(pk, {}),
                categories.get(pk, []),
                attributes.get(pk, {}),
            ]
    return found


def _keys(rows: Sequence[core.Row]) -> set[str]:
    names = {str(row[name]) for row in rows for name in ("sku", "parent") if row.values.get(name)}
    return set().union(*map(capitals, names))


def _plain(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _translations(ids: Sequence[int]) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, str]]]:
    titles: dict[int, dict[str, str]] = {}
    descriptions: dict[int, dict[str, str]] = {}
    rows = ProductTranslation.objects.filter(product_id__in=ids).order_by("product_id", "language")
    for pk, language, title, description in rows.values_list(
        "product_id", "language", "title", "description"
    ):
        titles.setdefault(pk, {})[language] = title
        descriptions.setdefault(pk, {})[language] = description
    return titles, descriptions


def _filed(ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = ProductCategory.objects.filter(product_id__in=ids).order_by("product_id", "category_id")
    for pk, category in rows.values_list("product_id", "category_id"):
        found.setdefault(pk, []).append(category)
    return found


def _attributes(ids: Sequence[int]) -> dict[int, dict[str, list[Any]]]:
    """Code → type and value, as text; options by their names."""
    found: dict[int, dict[str, list[Any]]] = {}
    rows = AttributeValue.objects.filter(product_id__in=ids).select_related("attribute", "value_option")
    for row in rows.prefetch_related("value_multi_option").order_by("product_id", "attribute_id"):
        kind = row.attribute.type
        if kind == "multi_option":
            value: Any = sorted(option.option for option in row.value_multi_option.all())
        elif kind == "option":
            value = row.value_option.option if row.value_option else None
        elif kind in COLUMNS:
            raw = getattr(row, COLUMNS[kind])
            value = None if raw is None else raw.isoformat() if hasattr(raw, "isoformat") else str(raw)
        else:
            continue
        found.setdefault(row.product_id, {})[row.attribute.code] = [kind, value]
    words = AttributeText.objects.filter(product_id__in=ids).order_by(
        "product_id", "attribute_id", "language"
    )
    for pk, code, language, text in words.values_list("product_id", "attribute__code", "language", "text"):
        found.setdefault(pk, {})[f"{code}_{language}"] = ["text", text]
    return found


def _value(kept: Sequence[Any] | None) -> Any:
    if kept is None:
        return None
    kind, value = kept
    return Decimal(value) if kind in ("integer", "float") and value is not None else value


def _categories() -> core.Images:
    return {f"{CATEGORY}{pk}": ["", name] for pk, name in Category.objects.values_list("pk", "name")}


def _remove_empty(ids: Sequence[int]) -> None:
    """Categories the import made, where nothing has been filed in them since; the deepest first."""
    for category in Category.objects.filter(pk__in=ids).order_by("-depth"):
        own = ("CategoryTranslation.category",)
        fresh = Category.objects.get(pk=category.pk)
        if not fresh.numchild and not core.find_referrers(Category, [category.pk], own):
            fresh.delete()
