"""The form of a product's channel side in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_partner_portal.numerals.forms import ReadsNumbers
from wagtail.documents.widgets import AdminDocumentChooser

from . import services
from .models import ProductDocument, ProductProfile

SIMPLE = (
    "external_key",
    "barcode",
    "status",
    "pack_size",
    "sold_in_packs",
    "min_quantity",
    "max_quantity",
    "weight_kg",
    "origin",
)
CODED = ("line", "unit", "pack_unit", "tax_class")


class ProfileForm(ReadsNumbers, forms.ModelForm):
    """Names, codes, quantities and documents. Pictures, attributes and categories are in Oscar's editor."""

    title = forms.CharField(label=_("Name"), max_length=255)
    title_zh = forms.CharField(label=_("Chinese name"), max_length=255, required=False)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    description_zh = forms.CharField(
        label=_("Chinese description"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    is_public = forms.BooleanField(
        label=_("Shown"), required=False, initial=True, help_text=_("Off: nobody in the channel can see it.")
    )
    replacement = forms.CharField(
        label=_("Replaced by"), max_length=64, required=False, help_text=_("SKU of the successor.")
    )
    new_document = forms.IntegerField(
        label=_("Add a document"), required=False, widget=AdminDocumentChooser()
    )
    document_kind = forms.ChoiceField(
        label=_("Kind of the document"), choices=ProductDocument.Kind.choices, required=False
    )
    document_language = forms.ChoiceField(
        label=_("Language of the document"),
        choices=[("", _("Any")), ("en", "English"), ("zh-hans", "简体中文")],
        required=False,
    )
    removed_documents = forms.ModelMultipleChoiceField(
        label=_("Remove documents"),
        queryset=ProductDocument.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = [
        "sku",
        "title",
        "title_zh",
        "description",
        "description_zh",
        "is_public",
        "status",
        "replacement",
        "line",
        "unit",
        "pack_unit",
        "pack_size",
        "sold_in_packs",
        "min_quantity",
        "max_quantity",
        "tax_class",
        "external_key",
        "barcode",
        "weight_kg",
        "origin",
        "new_document",
        "document_kind",
        "document_language",
        "removed_documents",
    ]

    class Meta:
        model = ProductProfile
        fields = [
            "sku",
            "status",
            "line",
            "unit",
            "pack_unit",
            "pack_size",
            "sold_in_packs",
            "min_quantity",
            "max_quantity",
            "tax_class",
            "external_key",
            "barcode",
            "weight_kg",
            "origin",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["sku"].disabled = True
            self.fields["sku"].help_text = str(
                _("Identifies the product in orders and other systems; it cannot be changed.")
            )
            self._show(self.instance)
        else:
            del self.fields["removed_documents"]

    def _show(self, profile: ProductProfile) -> None:
        product = profile.product
        words = product.translations.filter(language="zh-hans").first()
        self.initial |= {
            "title": product.title,
            "description": product.description,
            "is_public": product.is_public,
            "title_zh": words.title if words else "",
            "description_zh": words.description if words else "",
            "replacement": profile.replacement.profile.sku if profile.replacement else "",
        }
        self.fields["title"].required = not product.is_child
        documents = ProductDocument.objects.filter(product=product).select_related("document")
        self.fields["removed_documents"].queryset = documents  # type: ignore[attr-defined]

    def save_by(self, actor: Any) -> ProductProfile:
        """Save through the services.

        :raises portal.Refusal: a rule says no.
        """
        data = self.cleaned_data
        values: dict[str, Any] = {name: data[name] for name in SIMPLE}
        values |= {name: data[name].code if data[name] else "" for name in CODED}
        values |= {name: data[name] for name in ("description", "is_public")}
        if data["title"]:
            values["title"] = data["title"]
        values |= {"title_zh": data["title_zh"], "description_zh": data["description_zh"]}
        values["replacement"] = data["replacement"]
        with transaction.atomic():
            write = services.update_product if self.instance.pk else services.create_product
            product = write(actor=actor, sku=data["sku"], **values)
            self._save_documents(actor, product)
        return ProductProfile.objects.get(pk=product.pk)

    def _save_documents(self, actor: Any, product: Any) -> None:
        data = self.cleaned_data
        if data.get("new_document"):
            services.attach_document(
                actor=actor,
                product=product,
                document_id=data["new_document"],
                kind=data["document_kind"] or ProductDocument.Kind.DATASHEET,
                language=data["document_language"],
            )
        for row in data.get("removed_documents") or ():
            services.detach_document(actor=actor, product=product, document_id=row.document_id)
