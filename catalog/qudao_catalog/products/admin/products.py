"""Products and what describes them in Wagtail's admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from oscar.core.loading import get_model
from qudao_partner_portal import api as portal
from qudao_partner_portal.backoffice import CreateView, EditView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from ...assortments.explain import explain
from ...backoffice import GuardedDeleteView
from ...categories.queries import category_tree
from ..forms import ProfileForm
from ..models import ProductProfile
from ..names import SearchesProducts, title_lookups, title_of
from ..quantity_text import quantity_text

Product = get_model("catalogue", "Product")
NAMESPACE = "qudao_products"
MOST_UNLISTED = 200


def without_profile() -> QuerySet[Any]:
    """Oscar's products that are not part of the channel."""
    return Product.objects.filter(profile=None)


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


class ProfileIndexView(SearchesProducts, generic.IndexView):
    page_title = _("Products")
    add_item_label = _("Add product")

    def get_base_queryset(self) -> QuerySet[ProductProfile]:
        rows = ProductProfile.objects.select_related("product__parent", "line", "unit", "pack_unit")
        return rows.prefetch_related(*title_lookups())

    def get_list_more_buttons(self, instance: ProductProfile) -> list[Button]:
        buttons = list(super().get_list_more_buttons(instance))
        return [*buttons, *_links(instance.pk, Button)]

    @property
    def header_buttons(self) -> list[Any]:
        waiting = without_profile().count()
        if not waiting or not self.permission_policy.user_has_permission(self.request.user, "add"):
            return list(super().header_buttons)
        label = _("Not in the channel yet (%(count)d)") % {"count": waiting}
        url = reverse(f"{NAMESPACE}:unlisted")
        return [*super().header_buttons, HeaderButton(label=label, url=url, icon_name="warning")]


class ProfileCreateView(CreateView):
    """A new product, or the channel's side of one that Oscar's editor made (``?sku=``)."""

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        made = without_profile().filter(upc=self.request.GET.get("sku") or None).first()
        if made is not None:
            initial |= {"sku": made.upc, "title": made.title, "description": made.description}
        return initial


class UnlistedView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Products of Oscar's editor that nobody in the channel can find, because they have no profile."""

    template_name = "qudao_catalog/admin/unlisted.html"
    page_title = _("Not in the channel yet")
    header_icon = "warning"
    _show_breadcrumbs = True
    permission_policy: Any = None
    permission_required = "add"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(f"{NAMESPACE}:index"), "label": _("Products")}
        return [*super().get_breadcrumbs_items(), index, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            without_profile()
            .select_related("parent")
            .prefetch_related(*title_lookups(""))
            .order_by("-date_created", "-pk")
        )
        products = [
            {
                "title": title_of(product),
                "upc": product.upc,
                "editor_url": editor_url(product.pk),
                "add_url": f"{reverse(f'{NAMESPACE}:add')}?{urlencode({'sku': product.upc or ''})}",
            }
            for product in rows[:MOST_UNLISTED]
        ]
        return super().get_context_data(**kwargs) | {"products": products}


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
    add_view_class = ProfileCreateView
    edit_view_class = ProfileEditView
    delete_view_class = GuardedDeleteView
    who_sees_view_class = WhoSeesView
    unlisted_view_class = UnlistedView
    filterset_class = ProfileFilterSet
    search_backend_name = None
    search_fields = ["barcode", "external_key"]
    ordering = ["sku"]
    list_per_page = 50
    list_display = [
        "sku",
        Column("title", label=_("Name"), accessor=lambda row: title_of(row.product)),
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

    @property
    def unlisted_view(self) -> Any:
        return self.construct_view(self.unlisted_view_class, permission_policy=self.permission_policy)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("who-sees/<int:pk>/", self.who_sees_view, name="who_sees"),
            path("unlisted/", self.unlisted_view, name="unlisted"),
        ]


def _packing(row: ProductProfile) -> str:
    if not row.pack_unit:
        return str(row.unit)
    size = quantity_text(row.pack_size, row.unit.facts.label(get_language() or "en"))
    return f"{row.pack_unit} = {size}"
