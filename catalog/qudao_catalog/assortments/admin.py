"""Assortments in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.backoffice import CreateView, DeleteView, EditView
from qudao_partner_portal.backoffice import AudienceColumn, AudienceKeysField
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from ..product_references import case_variants
from . import services
from .models import Assortment, AssortmentItem

#: The product lines, as the rows of an assortment refer to them.
Line = AssortmentItem._meta.get_field("line").related_model
Product = get_model("catalogue", "Product")
MOST_SKUS = 20_000


class AssortmentForm(forms.ModelForm):
    """What it covers and for whom. Products are named by SKU, so that a column of a sheet can be pasted."""

    audience_keys = AudienceKeysField(
        label=_("For whom"),
    )
    lines = forms.ModelMultipleChoiceField(
        label=_("Product lines"),
        queryset=Line._default_manager.all(),
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
        rows = Product.objects.alias(key=Upper("profile__sku"))
        rows = rows.filter(key__in=set().union(*map(case_variants, given)))
        found = {sku.upper(): pk for sku, pk in rows.values_list("profile__sku", "pk")}
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


class AssortmentDeleteView(DeleteView):
    def delete_action(self) -> None:
        services.delete_assortment(actor=self.request.user, assortment=self.object)


class AssortmentIndexView(generic.IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("audiences")


class AssortmentViewSet(ModelViewSet):
    model = Assortment
    icon = "view"
    menu_label = _("Assortments")
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = AssortmentDeleteView
    index_view_class = AssortmentIndexView
    list_display = [
        "__str__",
        Column("code", label=_("Code"), sort_key="code"),
        Column("get_effect_display", label=_("Effect"), sort_key="effect"),
        AudienceColumn(
            "audience",
            label=_("For whom"),
            keys=lambda row: [each.audience_key for each in row.audiences.all()],
        ),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
        DateColumn("valid_from", label=_("Valid from"), sort_key="valid_from"),
        DateColumn("valid_until", label=_("Valid until"), sort_key="valid_until"),
    ]
    list_filter = ["effect", "is_active", "all_products"]
    search_fields = ["name", "name_zh", "code", "reason", "audiences__audience_key"]
    ordering = ["code"]

    def get_form_class(self, for_update: bool = False) -> Any:
        return AssortmentForm
