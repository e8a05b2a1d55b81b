"""What changed about a product, in the reader's words: the history keeps fields, codes and ids."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from ..categories.queries import category_tree
from ..languages import languages, without_language
from .models import AttributeProfile, ProductProfile

ProductAttribute = get_model("catalogue", "ProductAttribute")
LABELS = {
    "title": _("Name"),
    "title_zh-hans": _("Chinese name"),
    "description": _("Description"),
    "description_zh-hans": _("Chinese description"),
    "is_public": _("Shown"),
    "product_type": _("Product type"),
    "categories": _("Categories"),
    "parent": _("Variant of"),
}
FLAGS = {"True": _("Yes"), "False": _("No")}


def history_words(name: str, before: str, after: str) -> tuple[str, list[str]]:
    """A changed field of a product: what it is called, and both values."""
    if name == "replacement":  # kept as the id of the former one and the SKU of the new one
        return _label(name), [_sku(before), after]
    return _label(name), [value_words(name, before), value_words(name, after)]


def field_label(name: str) -> Any:
    """What people call a field of a product, in their language; the name itself where there is no other."""
    if name in LABELS:
        return LABELS[name]
    try:
        return capfirst(ProductProfile._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except (FieldDoesNotExist, AttributeError):
        return name


def _label(name: str) -> str:
    label = field_label(name)
    return _attribute_label(name) if label == name else str(label)


def _attribute_label(code: str) -> str:
    attribute = ProductAttribute.objects.filter(code=code).order_by("pk").first()
    if attribute is None:
        base, language = without_language(code)
        name = next((name for _suffix, each, name in languages() if each == language), "")
        label = _("%(name)s (%(language)s)") % {"name": _attribute_label(base), "language": name}
        return str(label) if language else code
    look = AttributeProfile.objects.filter(attribute=attribute).first()
    chinese = look.name_zh if look and _is_chinese() else ""
    return chinese or str(attribute.name)


def value_words(name: str, text: str) -> str:
    """A value of a field as people read it; categories by their ids."""
    if name == "categories":
        return ", ".join(_category(each.strip()) for each in text.split(",")) if text else ""
    if name == "status":
        return str(dict(ProductProfile.Status.choices).get(text, text))
    return str(FLAGS.get(text, text))


def _sku(pk: str) -> str:
    found = ProductProfile.objects.filter(pk=int(pk)).first() if pk.isdecimal() else None
    return found.sku if found else pk


def _category(pk: str) -> str:
    node: Any = category_tree().get(int(pk)) if pk.isdigit() else None
    return str(node.label(get_language() or "en")) if node else pk


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
