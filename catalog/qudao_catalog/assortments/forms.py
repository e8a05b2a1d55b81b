"""The form of an assortment in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_partner_portal.backoffice import AudienceKeysField
from wagtail.admin.widgets import AdminDateInput

from ..products.models import ProductLine, ProductProfile
from ..products.naming import capitals
from . import services
from .models import Assortment

MOST_SKUS = 20_000


class AssortmentForm(forms.ModelForm):
    """What it covers and for whom. Products are named by SKU, so that a column of a sheet can be pasted."""

    audience_keys = AudienceKeysField(
        label=_("For whom"),
    )
    lines = forms.ModelMultipleChoiceField(
        label=_("Product lines"),
        queryset=ProductLine.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("Categories, including subcategories"),
        queryset=get_model("catalogue", "Category").objects.none(),
        required=False,
    )
    skus = forms.CharField(
        label=_("Products"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("SKUs, one per line. A product with variants covers its variants."),
    )

    class Meta:
        model = Assortment
        fields = [
            "name",
            "name_zh",
            "code",
            "effect",
            "is_active",
            "valid_from",
            "valid_until",
            "reason",
            "audience_keys",
            "all_products",
            "lines",
            "categories",
            "skus",
        ]
        widgets = {"valid_from": AdminDateInput, "valid_until": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = get_model("catalogue", "Category").objects.order_by("path")
        self.fields["categories"].queryset = categories  # type: ignore[attr-defined]
        self.fields["categories"].label_from_instance = _indented  # type: ignore[attr-defined]
        if self.instance.pk:
            self._show(self.instance)

    def _show(self, row: Assortment) -> None:
        items = row.items.select_related("product__profile")
        self.initial["audience_keys"] = list(row.audiences.values_list("audience_key", flat=True))
        self.initial["lines"] = [each.line_id for each in items if each.line_id]
        self.initial["categories"] = [each.category_id for each in items if each.category_id]
        skus = sorted(each.product.profile.sku for each in items if each.product_id)
        self.initial["skus"] = "\n".join(skus)

    def clean_skus(self) -> list[int]:
        given = [line.strip() for line in self.cleaned_data["skus"].splitlines() if line.strip()]
        if len(given) > MOST_SKUS:
            raise forms.ValidationError(
                _("At most %(most)d products; use a product line or a category instead.")
                % {"most": MOST_SKUS}
            )
        wanted = {sku.upper(): sku for sku in given}
        rows = ProductProfile.objects.alias(key=Upper("sku")).filter(
            key__in=set().union(*map(capitals, given))
        )
        found = {sku.upper(): pk for sku, pk in rows.values_list("sku", "pk")}
        unknown = [sku for key, sku in wanted.items() if key not in found]
        if unknown:
            raise forms.ValidationError(
                _("There is no product %(skus)s.") % {"skus": core.join_list(unknown[:10])}
            )
        return list(found.values())

    def save_by(self, actor: Any) -> Assortment:
        """Save through the service.

        :raises core.Refusal: a rule says no.
        """
        data = dict(self.cleaned_data)
        lines, categories = data.pop("lines"), data.pop("categories")
        return services.save_assortment(
            actor=actor,
            assortment=Assortment.objects.get(pk=self.instance.pk) if self.instance.pk else None,
            product_ids=data.pop("skus"),
            line_ids=[each.pk for each in lines],
            category_ids=[each.pk for each in categories],
            **data,
        )


def _indented(category: Any) -> str:
    return f"{'  ' * (category.depth - 1)}{category.name}"
