"""The list of products in Wagtail's admin, and the screens that belong to it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from ... import hooks
from ...categories.queries import category_tree
from ...pictures import queries as pictures
from ...pictures import rules as widths
from ..exporting import export
from ..models import ProductDocument, ProductProfile
from ..names import SearchesProducts, title_lookups, title_of
from ..quantity_text import quantity_text
from ..types import type_labels
from . import editor, looking
from .editor import NAMESPACE, links, without_profile

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductImage = get_model("catalogue", "ProductImage")

#: Who may edit products is said once, by the rights on Oscar's products: for screens, imports and the API.
for _model in (ProductProfile, ProductDocument):
    register_permission_policy(_model, ModelPermissionPolicy(_model, auth_model=Product), exact_class=True)


def _category_choices() -> list[tuple[int, str]]:
    language = get_language() or "en"
    return [(node.id, f"{'– ' * (node.depth - 1)}{node.label(language)}") for node in category_tree().nodes]


def _type_choices() -> list[tuple[str, str]]:
    labels = type_labels(get_language() or "en")
    return [
        (str(pk), labels.get(name, name))
        for pk, name in ProductClass.objects.order_by("name").values_list("pk", "name")
    ]


class ProductFilterSet(WagtailFilterSet):
    category = django_filters.ChoiceFilter(
        label=_("Category"), choices=_category_choices, method="filter_category"
    )
    product_type = django_filters.ChoiceFilter(
        label=_("Product type"), choices=_type_choices, method="filter_type"
    )
    shown = django_filters.ChoiceFilter(
        label=_("Shown"),
        choices=[("yes", _("Shown")), ("no", _("Not shown"))],
        method="filter_shown",
    )
    missing = django_filters.MultipleChoiceFilter(
        label=_("Missing"), choices=lambda: list(_missing_choices()), method="filter_missing"
    )

    class Meta:
        model = ProductProfile
        fields = ["status", "line", "tax_class"]

    def filter_category(
        self, rows: QuerySet[ProductProfile], name: str, value: str
    ) -> QuerySet[ProductProfile]:
        tree = category_tree()
        node = tree.get(int(value)) if value.isdigit() else None
        filed = get_model("catalogue", "ProductCategory").objects.filter(
            category_id__in=tree.within(node) if node else ()
        )
        ids = filed.values("product_id")
        return rows.filter(Q(product__in=ids) | Q(product__parent__in=ids))

    def filter_type(self, rows: QuerySet[ProductProfile], name: str, value: str) -> QuerySet[ProductProfile]:
        return rows.filter(Q(product__product_class=value) | Q(product__parent__product_class=value))

    def filter_shown(self, rows: QuerySet[ProductProfile], name: str, value: str) -> QuerySet[ProductProfile]:
        hidden = Q(product__is_public=False) | Q(product__parent__is_public=False)
        return rows.exclude(hidden) if value == "yes" else rows.filter(hidden)

    def filter_missing(
        self, rows: QuerySet[ProductProfile], name: str, value: list[str]
    ) -> QuerySet[ProductProfile]:
        for each in value:
            rows = MISSING[each](rows) if each in MISSING else hooks.editor_gaps.get(each).without(rows)  # type: ignore[union-attr]
        return rows


def _without_picture(rows: QuerySet[ProductProfile]) -> QuerySet[ProductProfile]:
    own = ProductImage.objects.filter(product=OuterRef("product"))
    family = ProductImage.objects.filter(product=OuterRef("product__parent"))
    return rows.filter(~Exists(own), ~Exists(family))


def _without_chinese_name(rows: QuerySet[ProductProfile]) -> QuerySet[ProductProfile]:
    words = ProductProfile.product.field.related_model.translations.rel.related_model.objects
    named = words.filter(language="zh-hans").exclude(title="")
    own, family = named.filter(product=OuterRef("product")), named.filter(product=OuterRef("product__parent"))
    return rows.filter(~Exists(own), ~Exists(family))


def _without_category(rows: QuerySet[ProductProfile]) -> QuerySet[ProductProfile]:
    return rows.filter(product__categories=None, product__parent__categories=None)


MISSING = {"picture": _without_picture, "chinese": _without_chinese_name, "category": _without_category}


def _missing_choices() -> list[tuple[str, Any]]:
    own = [("picture", _("Picture")), ("chinese", _("Chinese name")), ("category", _("Category"))]
    return [*own, *((key, gap.label) for key, gap in hooks.editor_gaps.items())]


class ProductIndexView(SearchesProducts, generic.IndexView):
    page_title = _("Products")
    add_item_label = _("Add product")
    template_name = "qudao_catalog/admin/products.html"
    list_export = ["sku"]

    def get_base_queryset(self) -> QuerySet[ProductProfile]:
        rows = ProductProfile.objects.select_related("product__parent", "line", "unit", "pack_unit")
        return rows.prefetch_related("product__images", "product__parent__images", *title_lookups())

    @cached_property
    def columns(self) -> list[Any]:
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="product"), *super().columns]

    def get_list_more_buttons(self, instance: ProductProfile) -> list[Button]:
        return [*super().get_list_more_buttons(instance), *links(instance.pk)]

    def as_spreadsheet(self, queryset: QuerySet[ProductProfile], spreadsheet_format: str) -> Any:
        return export(queryset, spreadsheet_format, get_language() or "en")

    @property
    def header_buttons(self) -> list[Any]:
        waiting = without_profile().count()
        if not waiting or not self.permission_policy.user_has_permission(self.request.user, "add"):
            return list(super().header_buttons)
        label = _("Not in the channel yet (%(count)d)") % {"count": waiting}
        url = reverse(f"{NAMESPACE}:unlisted")
        return [*super().header_buttons, HeaderButton(label=label, url=url, icon_name="warning")]


class PictureColumn(Column):
    cell_template_name = "qudao_catalog/admin/picture_cell.html"

    def get_value(self, instance: ProductProfile) -> str:
        family = instance.product.parent
        rows = [*instance.product.images.all(), *(family.images.all() if family else ())]
        return pictures.picture_address(rows[0].original.name, widths.THUMBNAIL) if rows else ""


class ProductViewSet(ModelViewSet):
    model = ProductProfile
    name = NAMESPACE
    url_prefix = "products"
    icon = "list-ul"
    menu_label = _("Products")
    add_to_reference_index = False
    index_view_class = ProductIndexView
    add_view_class = editor.ProductCreateView
    edit_view_class = editor.ProductEditView
    copy_view_class = editor.ProductCopyView
    delete_view_class = editor.ProductDeleteView
    filterset_class = ProductFilterSet
    search_backend_name = None
    search_fields = ["barcode", "external_key"]
    ordering = ["sku"]
    list_per_page = 50
    list_display = [
        "sku",
        PictureColumn("picture", label="", width="64px"),
        Column(
            "title", label=_("Name"), accessor=lambda row: title_of(row.product), sort_key="product__title"
        ),
        Column("line", label=_("Product line"), sort_key="line__code"),
        Column("get_status_display", label=_("Status"), sort_key="status"),
        Column("packing", label=_("Packing"), accessor=lambda row: _packing(row)),
        DateColumn("updated_at", label=_("Changed"), sort_key="updated_at", width="12%"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return editor.ProductForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**kwargs) | {"filterset_class": self.filterset_class}

    def get_urlpatterns(self) -> list[Any]:
        def of(view: Any) -> Any:
            return self.construct_view(view, permission_policy=self.permission_policy)

        return [
            *super().get_urlpatterns(),
            path("who-sees/<int:pk>/", of(looking.WhoSeesView), name="who_sees"),
            path("unlisted/", of(looking.UnlistedView), name="unlisted"),
            path("attributes/", of(editor.AttributesView), name="attributes"),
            path("attributes/<int:pk>/", of(editor.AttributesView), name="attributes_of"),
            path("preview/<int:pk>/", of(looking.PreviewView), name="preview"),
            path("preview/<int:pk>/page/", of(looking.PreviewedPage), name="preview_page"),
        ]


def _packing(row: ProductProfile) -> str:
    if not row.pack_unit:
        return str(row.unit)
    size = quantity_text(row.pack_size, row.unit.facts.label(get_language() or "en"))
    return f"{row.pack_unit} = {size}"
