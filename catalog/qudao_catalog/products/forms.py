"""The form of a product in Wagtail's admin: everything about it that somebody enters."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.backoffice import displayed_values, submitted_snapshot, was_edited
from qudao_core.numbers.forms import LocalizedNumbersMixin

from .. import conf
from ..categories.queries import category_tree
from . import editing
from .attribute_fields import PREFIX, attribute_fields, attributes_of_type
from .editing import CODED, DOCUMENTS, PICTURES, SIMPLE
from .formsets import entered_documents, entered_pictures, formsets_of
from .languages import languages
from .models import ProductProfile
from .names import sku_of
from .types import type_labels

Category = get_model("catalogue", "Category")
ProductClass = get_model("catalogue", "ProductClass")
TEXTS = ("title", "description")


class ProductForm(LocalizedNumbersMixin, forms.ModelForm):
    """A product with its pictures, attributes, documents, and what other plugins add (prices and stock).

    ``viewer``: who edits. ``copied``: the product a new one starts from.
    """

    title = forms.CharField(label=_("Name"), max_length=255)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    is_public = forms.BooleanField(
        label=_("Shown"), required=False, initial=True, help_text=_("Off: nobody in the channel can see it.")
    )
    replacement = forms.CharField(
        label=_("Replaced by"), max_length=64, required=False, help_text=_("SKU of the successor.")
    )
    product_type = forms.ChoiceField(
        label=_("Product type"), required=False, help_text=_("Decides which attributes the product has.")
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    parent = forms.CharField(
        label=_("Variant of"),
        max_length=64,
        required=False,
        help_text=_(
            "SKU of the family. Only for a variant, such as one colour of several; otherwise leave it empty."
        ),
    )
    changed_rows = {
        PICTURES: _("The pictures have been changed meanwhile."),
        DOCUMENTS: _("The documents have been changed meanwhile."),
    }
    #: A refusal about names in other languages stands beside their field.
    shown_at = {"title_zh-hans": "title_zh", "description_zh-hans": "description_zh"}

    class Meta:
        model = ProductProfile
        fields = ["sku", *SIMPLE, *CODED]

    def __init__(self, *args: Any, viewer: Any = None, copied: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.copied = viewer, copied
        self.product = self.instance.product if self.instance.pk else None
        self._add_words()
        self._name_choices()
        self._explain()
        source = self.product or (copied.product if copied is not None else None)
        if source is not None:
            self._show(source)
        self.initial |= {name: value for name, value in (kwargs.get("initial") or {}).items()}
        self._add_attributes(source)
        self.part_fields = editing.part_fields(viewer, self.product)
        self.fields |= self.part_fields
        self.formsets = formsets_of(source, self.data if self.is_bound else None)
        if copied is not None and not self.is_bound:
            self.formsets[PICTURES] = formsets_of(None, None)[PICTURES]

    # --- building ---

    def _add_words(self) -> None:
        for suffix, code, name in languages():
            with_name = {"language": name}
            self.fields[f"title_{suffix}"] = forms.CharField(
                label=_("Chinese name") if code == "zh-hans" else _("Name (%(language)s)") % with_name,
                max_length=255,
                required=False,
            )
            self.fields[f"description_{suffix}"] = forms.CharField(
                label=_("Chinese description")
                if code == "zh-hans"
                else _("Description (%(language)s)") % with_name,
                widget=forms.Textarea(attrs={"rows": 4}),
                required=False,
            )

    def _name_choices(self) -> None:
        shown = category_choices()
        kept = {code for code, _name in shown}
        hidden = self.product.categories.all() if self.product else ()
        shown += [(f"id:{row.pk}", row.full_name) for row in hidden if f"id:{row.pk}" not in kept]
        self.fields["categories"].choices = shown  # type: ignore[attr-defined]
        names = type_labels(get_language() or "en")
        default = conf.default_product_type()
        names.setdefault(default, default)
        self.fields["product_type"].choices = list(names.items())  # type: ignore[attr-defined]
        self.fields["product_type"].initial = default

    def _explain(self) -> None:
        for name, text in HELP.items():
            self.fields[name].help_text = text
        if self.product is None:
            return
        del self.fields["parent"]
        self.fields["sku"].disabled = True
        self.fields["sku"].help_text = _(
            "Identifies the product in orders and other systems; it cannot be changed."
        )
        self.fields["title"].required = not self.product.is_child
        if self.product.is_child:
            self.fields["title"].help_text = _("Empty: the name of the family.")
            self.fields["product_type"].disabled = True
            self.fields["product_type"].help_text = _("The family decides it.")
            del self.fields["categories"]

    def _show(self, product: Any) -> None:
        state = editing.state_of(product)
        profile = product.profile
        for name in self.fields:
            if name in CODED or name in SIMPLE:
                value = getattr(profile, name)
                self.initial[name] = value.pk if name in CODED and value else value
            elif name in state:
                self.initial[name] = state[name]
        if self.product is None:
            self.initial |= {"external_key": "", "barcode": "", "replacement": ""}
            if product.is_child:
                self.initial["parent"] = sku_of(product.parent)

    def _add_attributes(self, source: Any) -> None:
        """Fields of the chosen type; what was typed for another one waits in hidden fields."""
        attributes = attributes_of_type(self._type_id(source))
        fields = attribute_fields(attributes)
        self.attribute_names = list(fields)
        self.fields |= fields
        if source is not None:
            self.initial |= {
                name: value
                for name, value in editing.attribute_values(source.pk, attributes).items()
                if name not in self.initial
            }
        sent = self.data if self.is_bound else {}
        self.waiting = [
            (name, value)
            for name in sent
            if str(name).startswith(PREFIX) and name not in fields
            for value in self.data.getlist(name)
        ]

    def _type_id(self, source: Any) -> int | None:
        name = self.data.get("product_type") if self.is_bound else self.initial.get("product_type")
        parent_sku = self.data.get("parent") if self.is_bound else self.initial.get("parent")
        if self.product is not None and self.product.is_child:
            return int(self.product.parent.product_class_id or 0)
        if parent_sku and self.product is None:
            parent = (
                ProductProfile.objects.filter(sku__iexact=parent_sku.strip())
                .select_related("product")
                .first()
            )
            return parent.product.product_class_id if parent else None
        name = name or (source.product_class.name if source and source.product_class else "")
        found = ProductClass.objects.filter(name=name or conf.default_product_type()).first()
        return found.pk if found else None

    @property
    def media(self) -> Any:
        """With what the widgets of a row load that is added later."""
        return sum((each.empty_form.media for each in self.formsets.values()), super().media)

    # --- saving ---

    def is_valid(self) -> bool:
        own = super().is_valid()
        return all(each.is_valid() for each in self.formsets.values() if each.is_bound) and own

    def save_by(self, viewer: core.Viewer) -> ProductProfile:
        """Save through the services.

        :raises core.Refusal: a rule says no.
        """
        if self.product is None:
            product = editing.enter_product(actor=viewer, sku=self.cleaned_data["sku"], entry=self.entry())
        else:
            product = editing.save_product(actor=viewer, sku=self.instance.sku, entry=self.entry())
        return ProductProfile.objects.get(pk=product.pk)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The fields whose value is not the one that was shown, or of a new product those that say something."""
        before = (submitted_snapshot(self) or displayed_values(self)) if self.product else {}
        return frozenset(name for name in self._given() if was_edited(self, name, before))

    def _given(self) -> dict[str, Any]:
        """Every field's value, as the services read it."""
        data = self.cleaned_data
        names = [*SIMPLE, *TEXTS, "is_public", "replacement", "categories", "product_type", "parent"]
        names += [f"{text}_{suffix}" for suffix, _code, _name in languages() for text in TEXTS]
        given = {name: data[name] for name in names if name in data}
        given |= {name: data[name].code if data[name] else "" for name in CODED if name in data}
        given |= {name: data[name] for name in [*self.attribute_names, *self.part_fields] if name in data}
        if not given.get("product_type") or (self.product and self.product.is_child) or given.get("parent"):
            given.pop("product_type", None)
        if not given.get("parent"):
            given.pop("parent", None)
        return given

    def entry(self) -> editing.Entry:
        given, names = self._given(), set(self.changed)
        if "product_type" in names:
            names |= set(self.attribute_names)
        if self.product is None:
            names = {name for name in given if name in names or given[name] not in ("", None, [])}
        parts: dict[str, dict[str, Any]] = {}
        for name in sorted(names & set(self.part_fields)):
            key, _mark, rest = name.partition(editing.PART_MARK)
            parts.setdefault(key, {})[rest] = given[name]
        values = {name: given[name] for name in names - set(self.part_fields)}
        for name in self.attribute_names:
            if name in values and values[name] in (None, []):
                values[name] = ""
        pictures, documents = self.formsets[PICTURES], self.formsets[DOCUMENTS]
        shown, gone = entered_pictures(pictures) if pictures.is_bound else (None, [])
        attached, detached = entered_documents(documents) if documents.is_bound else (None, [])
        return editing.Entry(values, shown, gone, attached, detached, parts)


def category_choices() -> list[tuple[str, str]]:
    """The category tree as choices, by the name that the services know a category by."""
    language = get_language() or "en"
    nodes = category_tree().nodes
    return [(f"id:{node.id}", f"{'– ' * (node.depth - 1)}{node.label(language)}") for node in nodes]


HELP = {
    "sku": _("The product's number in orders, files and other systems. It cannot be changed later."),
    "external_key": _("The product's key in your ERP."),
    "barcode": _("EAN or GTIN as printed on the packing."),
    "status": _("Announced: shown, not yet orderable. Discontinued: sold while stock lasts."),
    "line": _("Assortments, prices and certificates refer to product lines."),
    "unit": _("What one piece of the quantity is: piece, metre, kilogram."),
    "pack_unit": _("What the product is packed in. Empty: not packed."),
    "pack_size": _("How many units one pack holds."),
    "min_quantity": _("The smallest quantity of an order line, in units."),
    "max_quantity": _("The largest quantity of an order line, in units. Empty: no limit."),
    "tax_class": _("Decides the VAT rate."),
    "origin": _("Two letters: CN, DE, …"),
}
