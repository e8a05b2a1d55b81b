"""Attributes of products: reading and writing their values, and the fields of a form, typed as the attribute is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import F
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.numbers.forms import DecimalField
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from ..bulk_rows import chunks, upsert
from ..languages import languages, without_language
from ..products.models import AttributeProfile, AttributeText, OptionTranslation
from ..products.queries import TERMS
from .inputs import FALSE, TRUE, InputError, read_number

if TYPE_CHECKING:
    from .bulk import Work


ProductAttribute = get_model("catalogue", "ProductAttribute")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
AttributeOption = get_model("catalogue", "AttributeOption")
#: Columns that hold a value, by Oscar's type. ``file``, ``image`` and ``entity`` are not
#: entered: products have pictures and documents.
COLUMNS = {
    "text": "value_text",
    "integer": "value_integer",
    "boolean": "value_boolean",
    "float": "value_float",
    "richtext": "value_richtext",
    "date": "value_date",
    "datetime": "value_datetime",
    "option": "value_option_id",
}
#: Those that say something in several languages.
TEXTS = ("text", "richtext")
BATCH = 1000


class AttributeWriter:
    """Attributes of the rows of one call. Options that do not exist yet are made; ``note_zh-hans`` is what the text
    attribute ``note`` says in Chinese.

    :attr:`new_options` names them.
    """

    def __init__(self, works: Sequence[Work]) -> None:
        self.works = [work for work in works if work.values.get("attributes")]
        self.new_options: list[tuple[int, str]] = []
        self._wanted: list[tuple[Work, Any, Any]] = []
        self._words: list[tuple[Work, Any, str, str]] = []
        self._options: dict[tuple[int, str], int] = {}
        self._option_names: dict[int, str] = {}
        self._attributes: dict[tuple[int, str], Any] = {}
        if self.works:
            self._load()

    def _load(self) -> None:
        codes = {str(code) for work in self.works for code in work.values["attributes"]}
        codes |= {without_language(code)[0] for code in codes}
        for row in ProductAttribute.objects.filter(code__in=codes):
            self._attributes[(row.product_class_id, row.code)] = row
        groups = {row.option_group_id for row in self._attributes.values() if row.option_group_id}
        rows = AttributeOption.objects.filter(group_id__in=groups).values_list(
            "pk", "group_id", "option", "code"
        )
        for pk, group_id, option, code in rows:
            self._options[(group_id, option.casefold())] = pk
            self._option_names[pk] = option
            if code:
                self._options.setdefault((group_id, code.casefold()), pk)
        words = OptionTranslation.objects.filter(option__group_id__in=groups)
        for pk, group_id, name in words.values_list("option_id", "option__group_id", "name"):
            self._options.setdefault((group_id, name.casefold()), pk)

    def check(self, works: Sequence[Work]) -> None:
        """Read every value by its attribute's type; what cannot be read becomes an issue of the row."""
        for work in (each for each in works if each.values.get("attributes")):
            class_id = _class_id(work)
            for code, raw in work.values["attributes"].items():
                attribute, language = self._named(class_id, str(code))
                if attribute is None:
                    work.refuse("unknown_attribute", f"attribute:{code}", value=str(code))
                    continue
                try:
                    value = self._read(attribute, raw)
                    if language:
                        self._words.append((work, attribute, language, value or ""))
                    else:
                        self._wanted.append((work, attribute, value))
                except (ValueError, TypeError, OverflowError) as error:
                    _refuse(work, str(code), attribute.type, raw, error)

        self._check_words()

    def _named(self, class_id: int, code: str) -> tuple[Any, str]:
        """The attribute that a code names, and the language of which it names the text."""
        attribute = self._attributes.get((class_id, code))
        if attribute is not None:
            return attribute, ""
        base, language = without_language(code)
        attribute = self._attributes.get((class_id, base)) if language else None
        return (attribute, language) if attribute is not None and attribute.type in TEXTS else (None, "")

    def _check_words(self) -> None:
        """A text in another language stands beside one in the source language, never alone."""
        said = [(work, attribute) for work, attribute, _language, text in self._words if text]
        if not said:
            return
        now = self._current({work.product.pk for work, _attribute in said if work.product.pk})
        given = {(id(work), attribute.pk): value for work, attribute, value in self._wanted}
        for work, attribute in said:
            stored = now.get((work.product.pk, attribute.pk))
            before = getattr(stored, COLUMNS[attribute.type]) if stored is not None else None
            if not given.get((id(work), attribute.pk), before):
                work.refuse("required", f"attribute:{attribute.code}")

    def _read(self, attribute: Any, raw: Any) -> Any:
        if raw is None or raw == "":
            return None
        if attribute.type in ("option", "multi_option"):
            names = _names(raw) if attribute.type == "multi_option" else [raw]
            return [self._option(attribute.option_group_id, name) for name in names]
        if attribute.type == "boolean":
            return _flag(raw)
        if attribute.type == "integer":
            number = read_number(raw)
            if number != number.to_integral_value() or abs(number) > 2**31 - 1:
                raise ValueError(raw)
            return int(number)
        if attribute.type == "float":
            return _finite(raw)
        if attribute.type in ("date", "datetime"):
            return _moment(attribute.type, raw)
        if attribute.type in TEXTS and isinstance(raw, str | int | float | Decimal):
            return str(raw).replace("\x00", "")
        raise ValueError(attribute.type)

    def _option(self, group_id: int, raw: Any) -> tuple[int, str]:
        if not isinstance(raw, str | int | float | Decimal):
            raise TypeError(raw)
        name = str(raw).strip()
        if not name or len(name) > 255:
            raise ValueError(name)
        key = (group_id, name.casefold())
        new = {(group, each.casefold()) for group, each in self.new_options}
        if key not in self._options and key not in new:
            self.new_options.append((group_id, name))
        return key

    def save(self, good: Sequence[Work]) -> None:
        """Write what differs: one read, one upsert and one delete for all rows together."""
        self._drop_of_former_types(good)
        self._save_values(good)
        self._save_words(good)

    def _save_values(self, good: Sequence[Work]) -> None:
        kept = {id(work) for work in good}
        wanted = [entry for entry in self._wanted if id(entry[0]) in kept]
        if not wanted:
            return
        self._make_options()
        now = self._current({work.product.pk for work, _attribute, _value in wanted})
        rows, gone = [], []
        for work, attribute, value in wanted:
            row = now.get((work.product.pk, attribute.pk))
            if value is None:
                if row is not None:
                    gone.append(row.pk)
                    work.change(attribute.code, self._told(attribute, row), "")
                continue
            if attribute.type == "multi_option":
                continue
            self._settle(work, attribute, value, row, rows)
        AttributeValue.objects.filter(pk__in=gone).delete()
        AttributeValue.objects.bulk_create(
            sorted(rows, key=lambda row: (row.attribute_id, row.product_id)),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["attribute", "product"],
            update_fields=[name.removesuffix("_id") for name in COLUMNS.values()],
        )
        self._save_multi([entry for entry in wanted if entry[1].type == "multi_option" and entry[2]], now)

    def _drop_of_former_types(self, good: Sequence[Work]) -> None:
        """A product that became another type loses what only the former one had; its history keeps the values."""
        changed = {
            work.product.pk: work for work in good if "product_type" in work.changes and not work.is_new
        }
        if not changed:
            return
        rows = AttributeValue.objects.filter(product_id__in=list(changed)).select_related("attribute")
        rows = rows.exclude(attribute__product_class_id=F("product__product_class_id"))
        for row in rows.select_related("value_option"):
            changed[row.product_id].change(row.attribute.code, row.value_as_text, "")
        AttributeValue.objects.filter(pk__in=[row.pk for row in rows]).delete()
        words = AttributeText.objects.filter(product_id__in=list(changed))
        words.exclude(attribute__product_class_id=F("product__product_class_id")).delete()

    def _save_words(self, good: Sequence[Work]) -> None:
        """Texts in other languages; those of a value that is cleared go with it."""
        kept = {id(work) for work in good}
        words = [entry for entry in self._words if id(entry[0]) in kept]
        empty = [
            (work, attribute)
            for work, attribute, value in self._wanted
            if value is None and attribute.type in TEXTS and id(work) in kept
        ]
        if not words and not empty:
            return
        now = _words_of({entry[0].product.pk for entry in (*words, *empty)})
        told = {(work.product.pk, attribute.pk, language) for work, attribute, language, _text in words}
        for work, attribute in empty:
            lost = [key for key in now if key[:2] == (work.product.pk, attribute.pk) and key not in told]
            words += [(work, attribute, language, "") for _product, _attribute, language in lost]
        rows, gone = [], []
        for work, attribute, language, text in words:
            row = now.get((work.product.pk, attribute.pk, language))
            if (row.text if row else "") == text:
                continue
            work.change(f"{attribute.code}_{language}", row.text if row else "", text)
            if not text:
                gone.append(row.pk)  # type: ignore[union-attr]
                continue
            row = row or AttributeText(product=work.product, attribute=attribute, language=language)
            row.text = text
            rows.append(row)
        AttributeText.objects.filter(pk__in=gone).delete()
        upsert(AttributeText, rows, ["product", "attribute", "language"], ["text"], insert=True)

    def _settle(self, work: Work, attribute: Any, value: Any, row: Any, rows: list[Any]) -> None:
        column = COLUMNS[attribute.type]
        if attribute.type == "option":
            value = self._options[value[0]]
        if row is not None and getattr(row, column) == value:
            return
        fresh = AttributeValue(attribute=attribute, product_id=work.product.pk)
        setattr(fresh, column, value)
        work.change(attribute.code, self._told(attribute, row), self._told(attribute, fresh))
        rows.append(fresh)

    def _told(self, attribute: Any, row: Any) -> Any:
        """A stored value as the history keeps it: a choice by its name."""
        value = getattr(row, COLUMNS.get(attribute.type, ""), "") if row is not None else ""
        return self._option_names.get(value, value) if attribute.type == "option" else value

    def _save_multi(self, wanted: list[tuple[Any, Any, Any]], now: dict[tuple[int, int], Any]) -> None:
        if not wanted:
            return
        missing = [
            AttributeValue(attribute=attribute, product_id=work.product.pk)
            for work, attribute, _value in wanted
            if (work.product.pk, attribute.pk) not in now
        ]
        for row in AttributeValue.objects.bulk_create(missing, batch_size=BATCH):
            now[(row.product_id, row.attribute_id)] = row
        self._link_options(wanted, now)

    def _link_options(self, wanted: list[tuple[Any, Any, Any]], now: dict[tuple[int, int], Any]) -> None:
        through = AttributeValue.value_multi_option.through
        aims = {
            now[(work.product.pk, attribute.pk)].pk: {self._options[key] for key in keys}
            for work, attribute, keys in wanted
        }
        have: dict[int, dict[int, int]] = {pk: {} for pk in aims}
        rows = through.objects.filter(productattributevalue_id__in=list(aims))
        for pk, value_id, option_id in rows.values_list(
            "pk", "productattributevalue_id", "attributeoption_id"
        ):
            have[value_id][option_id] = pk
        for work, attribute, keys in wanted:
            value_id = now[(work.product.pk, attribute.pk)].pk
            if set(have[value_id]) != aims[value_id]:
                work.change(attribute.code, "", [name for _group, name in keys])
        gone = [have[pk][option] for pk, options in aims.items() for option in set(have[pk]) - options]
        through.objects.filter(pk__in=gone).delete()
        fresh = [
            through(productattributevalue_id=pk, attributeoption_id=option)
            for pk, options in aims.items()
            for option in sorted(options - set(have[pk]))
        ]
        through.objects.bulk_create(fresh, batch_size=BATCH)

    def _make_options(self) -> None:
        rows = [AttributeOption(group_id=group, option=name) for group, name in self.new_options]
        for row in AttributeOption.objects.bulk_create(rows, batch_size=BATCH):
            self._options[(row.group_id, row.option.casefold())] = row.pk
            self._option_names[row.pk] = row.option
        if rows:
            core.bump(TERMS)

    def _current(self, product_ids: set[int]) -> dict[tuple[int, int], Any]:
        ids = sorted(product_ids)
        found = {}
        for start in range(0, len(ids), 5000):
            rows = AttributeValue.objects.filter(product_id__in=ids[start : start + 5000])
            found |= {(row.product_id, row.attribute_id): row for row in rows.select_related("attribute")}
        return found


def _refuse(work: Work, code: str, kind: str, raw: Any, error: Exception) -> None:
    if isinstance(error, InputError) and error.code == "ambiguous_number":
        work.refuse(error.code, f"attribute:{code}", **error.params)
    else:
        work.refuse("invalid_attribute", f"attribute:{code}", value=str(raw)[:40], type=kind)


def _words_of(product_ids: set[int]) -> dict[tuple[int, int, str], AttributeText]:
    found = {}
    for part in chunks(sorted(product_ids)):
        rows = AttributeText.objects.filter(product_id__in=part)
        found |= {(row.product_id, row.attribute_id, row.language): row for row in rows}
    return found


def _class_id(work: Work) -> int:
    """The product type decides which attributes there are; a variant has its parent's."""
    owner = work.parent if work.parent is not None else work.product
    return int(owner.product_class_id or 0)


def _names(raw: Any) -> list[Any]:
    """Several options: a list, or a text with bars between."""
    return raw.split("|") if isinstance(raw, str) else list(raw)


def _flag(raw: Any) -> bool:
    text = str(raw).strip().casefold()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise ValueError(raw)


def _finite(raw: Any) -> float:
    if isinstance(raw, bool):
        raise TypeError(raw)
    number = float(read_number(raw))
    if number != number or abs(number) == float("inf"):
        raise ValueError(raw)
    return number


def _moment(kind: str, raw: Any) -> Any:
    if isinstance(raw, datetime | date):
        return raw
    found = parse_date(str(raw)) if kind == "date" else parse_datetime(str(raw))
    if found is None:
        raise ValueError(raw)
    return found


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
