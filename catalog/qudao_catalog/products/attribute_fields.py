"""Form fields for the attributes of a product type: each is typed as its attribute is."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core.numbers.forms import DecimalField
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from ..languages import languages
from .attributes import TEXTS
from .models import AttributeProfile, AttributeText

ProductAttribute = get_model("catalogue", "ProductAttribute")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: How a field of an attribute begins; a refusal of the service names the field the same way.
PREFIX = "attribute:"
#: Oscar's kinds that hold files or rows of other tables; nobody enters them here.
NOT_ENTERED = ("file", "image", "entity")


def attributes_of_type(product_type_id: int | None) -> list[Any]:
    """The attributes of a product type in the order of its page, with all that their fields show; three statements."""
    rows = ProductAttribute.objects.filter(product_class_id=product_type_id).exclude(type__in=NOT_ENTERED)
    rows = rows.select_related("profile").prefetch_related("option_group__options__translations")
    return sorted(rows, key=lambda row: (_profile(row).position, row.pk)) if product_type_id else []


def attribute_fields(attributes: Iterable[Any]) -> dict[str, forms.Field]:
    """Name → field; an empty field says nothing about the attribute. A text has a field for each language."""
    found: dict[str, forms.Field] = {}
    for row in attributes:
        found[f"{PREFIX}{row.code}"] = own = _field(row)
        for _suffix, code, name in languages() if row.type in TEXTS else ():
            label = _("%(name)s (%(language)s)") % {"name": own.label, "language": name}
            found[f"{PREFIX}{row.code}_{code}"] = forms.CharField(
                label=label, required=False, widget=type(own.widget)(attrs=dict(own.widget.attrs))
            )
    return found


def attribute_values(product_id: int, attributes: Iterable[Any]) -> dict[str, Any]:
    """Name → what is stored, as the field's initial value. Three statements."""
    known = {row.pk: row for row in attributes}
    rows = AttributeValue.objects.filter(product_id=product_id, attribute__in=list(known))
    found: dict[str, Any] = {}
    for row in rows.select_related("value_option").prefetch_related("value_multi_option"):
        attribute = known[row.attribute_id]
        found[f"{PREFIX}{attribute.code}"] = _stored(attribute.type, row)
    for text in AttributeText.objects.filter(product_id=product_id, attribute__in=list(known)):
        found[f"{PREFIX}{known[text.attribute_id].code}_{text.language}"] = text.text
    return found


def _stored(kind: str, row: Any) -> Any:
    if kind == "option":
        return row.value_option.option if row.value_option else ""
    if kind == "multi_option":
        return sorted(each.option for each in row.value_multi_option.all())
    if kind == "boolean":
        return "" if row.value_boolean is None else "yes" if row.value_boolean else "no"
    value = getattr(row, f"value_{kind}")
    return Decimal(str(value)) if kind in ("integer", "float") and value is not None else value


def _field(attribute: Any) -> forms.Field:
    profile = _profile(attribute)
    label = profile.name_zh if profile.name_zh and _chinese() else attribute.name
    common: dict[str, Any] = {"label": label, "required": False}
    if profile.unit:
        common["help_text"] = _("In %(unit)s.") % {"unit": profile.unit}
    kind = attribute.type
    if kind == "option":
        return forms.ChoiceField(choices=[("", "–"), *_options(attribute)], **common)
    if kind == "multi_option":
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=_options(attribute), widget=boxes, **common)
    if kind == "boolean":
        return forms.ChoiceField(choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))], **common)
    if kind == "integer":
        return DecimalField(decimal_places=0, **common)
    if kind == "float":
        return DecimalField(**common)
    if kind == "date":
        return forms.DateField(widget=AdminDateInput(), **common)
    if kind == "datetime":
        return forms.DateTimeField(widget=AdminDateTimeInput(), **common)
    if kind == "richtext":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(**common)


def _options(attribute: Any) -> list[tuple[str, str]]:
    group = attribute.option_group
    rows = sorted(group.options.all(), key=lambda row: row.pk) if group else []
    return [(row.option, _option_label(row)) for row in rows]


def _option_label(option: Any) -> str:
    words = {row.language: row.name for row in option.translations.all()}
    return (words.get("zh-hans", "") if _chinese() else "") or str(option.option)


def _profile(attribute: Any) -> AttributeProfile:
    return getattr(attribute, "profile", None) or AttributeProfile(attribute=attribute)


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
