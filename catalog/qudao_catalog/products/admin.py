"""Products and what describes them in Wagtail's admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from qudao_partner_portal import api as portal
from qudao_partner_portal.backoffice import CreateView, EditView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from ..assortments.explain import explain
from ..backoffice import GuardedDeleteView
from ..categories.queries import category_tree
from .forms import ProfileForm
from .models import (
    AttributeProfile,
    CategoryTranslation,
    OptionTranslation,
    ProductLine,
    ProductProfile,
    TaxClass,
    Unit,
)

NAMESPACE = "qudao_products"


def editor_url(product_id: int) -> str:
    """Oscar's editor of a product (pictures, attributes, categories, variants), or ``""`` without its dashboard."""
    try:
        return reverse("dashboard:catalogue-product", args=(product_id,))
    except NoReverseMatch:
        return ""


def _category_choices() -> list[tuple[int, str]]:
    language = get_language() or "en"
    return [(node.id, f"{'– ' * (node.depth - 1)}{node.label(language)}") for node in category_tree().nodes]


class ProfileFilterSet(WagtailFilterSet):
    category = django_filters.ChoiceFilter(
        label=_("Category"), choices=_category_choices, method="filter_category"
    )

    class Meta:
        model = ProductProfile
        fields = ["status", "line", "tax_class"]

    def filter_category(
        self, rows: QuerySet[ProductProfile], name: str, value: str
    ) -> QuerySet[ProductProfile]:
        tree = category_tree()
        node = tree.get(int(value)) if value.isdigit() else None
        ids = tree.within(node) if node else frozenset()
        own = rows.filter(product__categories__in=ids)
        return (own | rows.filter(product__parent__categories__in=ids)).distinct()


class ProfileIndexView(generic.IndexView):
    page_title = _("Products")
    add_item_label = _("Add product")

    def get_base_queryset(self) -> QuerySet[ProductProfile]:
        rows = ProductProfile.objects.select_related("product__parent", "line", "unit", "pack_unit")
        return rows.prefetch_related("product__translations")

    def get_list_more_buttons(self, instance: ProductProfile) -> list[Button]:
        buttons = list(super().get_list_more_buttons(instance))
        return [*buttons, *_links(instance.pk, Button)]


class ProfileEditView(EditView):
    @property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *_links(self.object.pk, Button)]


def _links(product_id: int, kind: type[Button]) -> list[Button]:
    found = [
        kind(
            label=_("Who sees this product"),
            url=reverse(f"{NAMESPACE}:who_sees", args=(product_id,)),
            icon_name="view",
            priority=70,
        )
    ]
    editor = editor_url(product_id)
    if editor:
        label = _("Pictures, attributes, categories, variants")
        found.append(kind(label=label, url=editor, icon_name="link-external", priority=80))
    return found


class WhoSeesView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Every assortment that covers a product, and the answer for one company."""

    template_name = "qudao_catalog/admin/who_sees.html"
    _show_breadcrumbs = True
    page_title = _("Who sees this product")
    header_icon = "view"
    permission_policy: Any = None
    any_permission_required = ["add", "change", "view"]

    @cached_property
    def profile(self) -> ProductProfile:
        rows = ProductProfile.objects.select_related("product__parent", "product__profile")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.profile.sku

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(f"{NAMESPACE}:index"), "label": _("Products")},
            {"url": reverse(f"{NAMESPACE}:edit", args=(self.profile.pk,)), "label": self.profile.sku},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        code = self.request.GET.get("company", "").strip()
        company = _company(self.request, code) if code else None
        viewer = portal.company_viewer(company) if company else None
        return context | {
            "profile": self.profile,
            "company_code": code,
            "company": company,
            "company_unknown": bool(code) and company is None,
            "explanation": explain(self.profile.product, viewer=viewer, language=get_language() or "en"),
            "header_buttons": [
                HeaderButton(
                    label=_("Edit"),
                    url=reverse(f"{NAMESPACE}:edit", args=(self.profile.pk,)),
                    icon_name="edit",
                )
            ],
        }


def _company(request: Any, code: str) -> Any:
    try:
        return portal.get_company(portal.viewer_for(request.user), code)
    except portal.Refusal:
        return None


class ProductViewSet(ModelViewSet):
    model = ProductProfile
    name = NAMESPACE
    url_prefix = "products"
    icon = "list-ul"
    menu_label = _("Products")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ProfileIndexView
    add_view_class = CreateView
    edit_view_class = ProfileEditView
    delete_view_class = GuardedDeleteView
    who_sees_view_class = WhoSeesView
    filterset_class = ProfileFilterSet
    search_backend_name = None
    search_fields = ["sku", "barcode", "external_key", "product__title", "product__translations__title"]
    ordering = ["sku"]
    list_per_page = 50
    list_display = [
        "sku",
        Column("title", label=_("Name"), accessor=lambda row: _title(row)),
        Column("line", label=_("Product line"), sort_key="line__code"),
        Column("get_status_display", label=_("Status"), sort_key="status"),
        Column("packing", label=_("Packing"), accessor=lambda row: _packing(row)),
        DateColumn("updated_at", label=_("Changed"), sort_key="updated_at", width="12%"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return ProfileForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**kwargs) | {"filterset_class": self.filterset_class}

    @property
    def who_sees_view(self) -> Any:
        return self.construct_view(self.who_sees_view_class, permission_policy=self.permission_policy)

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("who-sees/<int:pk>/", self.who_sees_view, name="who_sees")]


def _title(row: ProductProfile) -> str:
    product = row.product
    chinese = (get_language() or "").startswith("zh")
    words = next((each.title for each in product.translations.all() if each.language == "zh-hans"), "")
    own = (words if chinese else "") or product.title
    return own or (product.parent.title if product.parent else "")


def _packing(row: ProductProfile) -> str:
    if not row.pack_unit:
        return str(row.unit)
    return f"{row.pack_unit} = {row.pack_size.normalize():f} {row.unit}"


class LineViewSet(ModelViewSet):
    delete_view_class = GuardedDeleteView
    model = ProductLine
    icon = "tag"
    menu_label = _("Product lines")
    form_fields = ["name", "name_zh", "code"]
    list_display = ["name", Column("name_zh", label=_("Chinese name")), Column("code", label=_("Code"))]
    search_fields = ["name", "name_zh", "code"]
    copy_view_enabled = False
    add_to_reference_index = False


class UnitViewSet(ModelViewSet):
    delete_view_class = GuardedDeleteView
    model = Unit
    icon = "decimal"
    menu_label = _("Units")
    form_fields = ["name", "name_zh", "code", "decimals"]
    list_display = [
        "name",
        Column("name_zh", label=_("Chinese name")),
        Column("code", label=_("Code")),
        Column("decimals", label=_("Decimals")),
    ]
    copy_view_enabled = False
    add_to_reference_index = False


class TaxClassViewSet(ModelViewSet):
    delete_view_class = GuardedDeleteView
    model = TaxClass
    icon = "doc-full"
    menu_label = _("Tax classes")
    form_fields = ["name", "name_zh", "code", "rate"]
    list_display = [
        "name",
        Column("name_zh", label=_("Chinese name")),
        Column("code", label=_("Code")),
        Column("rate", label=_("Rate")),
    ]
    copy_view_enabled = False
    add_to_reference_index = False


class AttributeIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[AttributeProfile]:
        return AttributeProfile.objects.select_related("attribute__product_class")


class AttributeViewSet(ModelViewSet):
    """How attributes are shown and filtered. The attributes themselves are made in Oscar's editor."""

    model = AttributeProfile
    icon = "sliders"
    menu_label = _("Attributes")
    index_view_class = AttributeIndexView
    form_fields = ["attribute", "name_zh", "unit", "is_facet", "position"]
    list_display = [
        Column("attribute", label=_("Attribute"), accessor="attribute.name"),
        Column("type", label=_("Product type"), accessor="attribute.product_class"),
        Column("name_zh", label=_("Chinese name")),
        Column("unit", label=_("Unit")),
        Column("is_facet", label=_("Filter in lists"), sort_key="is_facet"),
        Column("position", label=_("Position"), sort_key="position"),
    ]
    list_filter = ["is_facet"]
    search_fields = ["attribute__name", "attribute__code", "name_zh"]
    ordering = ["position", "pk"]
    copy_view_enabled = False
    add_to_reference_index = False


def _language_field() -> forms.ChoiceField:
    source = settings.LANGUAGE_CODE
    choices = [(code, name) for code, name in settings.LANGUAGES if code != source]
    return forms.ChoiceField(label=_("Language"), choices=choices)


class CategoryWordsForm(forms.ModelForm):
    class Meta:
        model = CategoryTranslation
        fields = ["category", "language", "name", "description"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = _language_field()


class OptionWordsForm(forms.ModelForm):
    class Meta:
        model = OptionTranslation
        fields = ["option", "language", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = _language_field()
        options = OptionTranslation._meta.get_field("option").remote_field.model.objects
        self.fields["option"].queryset = options.select_related("group").order_by("group__name", "option")
        self.fields["option"].label_from_instance = lambda option: f"{option.group}: {option.option}"


class CategoryWordsViewSet(ModelViewSet):
    """Category names in other languages. The tree itself is edited in Oscar's dashboard."""

    model = CategoryTranslation
    icon = "folder-open-inverse"
    menu_label = _("Category names")
    list_display = [
        Column("category", label=_("Category"), accessor="category.name"),
        "name",
        Column("language", label=_("Language"), sort_key="language"),
    ]
    list_filter = ["language"]
    search_fields = ["name", "category__name"]
    ordering = ["category__path", "language"]
    copy_view_enabled = False
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> Any:
        return CategoryWordsForm


class OptionWordsViewSet(ModelViewSet):
    """Attribute values in other languages (white → 白色)."""

    model = OptionTranslation
    icon = "list-ul"
    menu_label = _("Attribute values")
    list_display = [
        Column("option", label=_("Value"), accessor="option.option"),
        Column("group", label=_("Group"), accessor="option.group.name"),
        "name",
        Column("language", label=_("Language"), sort_key="language"),
    ]
    list_filter = ["language", "option__group"]
    search_fields = ["name", "option__option"]
    ordering = ["option__group__name", "option__option", "language"]
    copy_view_enabled = False
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> Any:
        return OptionWordsForm
