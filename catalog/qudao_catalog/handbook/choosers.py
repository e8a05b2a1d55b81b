"""Choose a product by name or SKU, in blocks and inline panels of pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.blocks import ChooserBlock

from ..products.models import ProductProfile
from ..products.names import title_lookups, title_matches, title_of


class ProductFilter(BaseFilterForm):  # type: ignore[misc]
    q = forms.CharField(
        label=_("Name, SKU or barcode"),
        widget=forms.TextInput(attrs={"placeholder": _("Name, SKU or barcode")}),
        required=False,
    )

    def filter(self, objects: QuerySet[ProductProfile]) -> QuerySet[ProductProfile]:
        text = " ".join((self.cleaned_data.get("q") or "").split())
        self.is_searching, self.search_query = bool(text), text
        return objects.filter(title_matches(text) | Q(barcode=text)) if text else objects


class _Choosing:
    """Products with their names, 20 on a page. Families of variants are left out: nobody orders them."""

    filter_form_class = ProductFilter

    def get_object_list(self) -> QuerySet[ProductProfile]:
        rows = ProductProfile.objects.exclude(product__structure="parent")
        return (
            rows.select_related("product__parent", "line").prefetch_related(*title_lookups()).order_by("sku")
        )

    @property
    def columns(self) -> list[Any]:
        sku = super().columns[0]  # type: ignore[misc]
        sku.label = _("SKU")
        name = Column("name", label=_("Name"), accessor=lambda row: title_of(row.product))
        return [sku, name, Column("line", label=_("Product line"))]

    @property
    def title_column(self) -> TitleColumn:
        column = super().title_column  # type: ignore[misc]
        column.accessor = str
        return column


class ChooseView(_Choosing, chooser.ChooseView):  # type: ignore[misc]
    """The dialog."""


class ChooseResultsView(_Choosing, chooser.ChooseResultsView):  # type: ignore[misc]
    """The list inside the dialog."""


class ProductChooserViewSet(ChooserViewSet):  # type: ignore[misc]
    model = ProductProfile
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    per_page = 20
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    #: Other forms keep the fields they have; ours name the widget.
    register_widget = False


product_choosers = ProductChooserViewSet("qudao_product_chooser", url_prefix="product-chooser")
ProductWidget = product_choosers.widget_class


class ProductChooserBlock(ChooserBlock):  # type: ignore[misc]
    """One product; a product that has been deleted is ``None``."""

    target_model = ProductProfile
    widget = ProductWidget()

    class Meta:
        icon = "tag"
