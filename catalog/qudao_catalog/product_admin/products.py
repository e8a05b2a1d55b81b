"""The list of products in Wagtail's admin, and a product as a company sees it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.backoffice import AudienceKeyField
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .. import hooks
from ..assortments.explain import explain
from ..assortments.presenters import reason_rows
from ..categories.queries import category_tree
from ..pictures import queries as pictures
from ..pictures import rules as widths
from ..product_editing.importer import export
from ..product_editing.types import type_labels
from ..products.detail import get_product
from ..products.models import ProductDocument, ProductProfile
from ..products.presenters import product_url, quantity_text
from ..products.queries import SearchesProducts, title_lookups, title_of
from ..products.web import page_context
from . import editor
from .editor import NAMESPACE, links, without_profile

MOST_UNLISTED = 200


class UnlistedView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """Products that scripts or Oscar made and nobody in the channel can find, because they have no profile."""

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
                "add_url": f"{reverse(f'{NAMESPACE}:add')}?{urlencode({'sku': product.upc or ''})}",
            }
            for product in rows[:MOST_UNLISTED]
        ]
        return super().get_context_data(**kwargs) | {"products": products}


class LookView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """A page about one product, with a company to look as."""

    _show_breadcrumbs = True
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

    @cached_property
    def code(self) -> str:
        return self.request.GET.get("company", "").strip()

    @cached_property
    def company(self) -> Any:
        return company_of(self.request, self.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edit = HeaderButton(
            label=_("Edit"), url=reverse(f"{NAMESPACE}:edit", args=(self.profile.pk,)), icon_name="edit"
        )
        return super().get_context_data(**kwargs) | {
            "profile": self.profile,
            "company_code": self.code,
            "company": self.company,
            "company_unknown": bool(self.code) and self.company is None,
            "header_buttons": [edit],
        }


class WhoSeesView(LookView):
    """Every assortment that covers a product, and the answer for one company."""

    template_name = "qudao_catalog/admin/who_sees.html"
    page_title = _("Who sees this product")
    header_icon = "group"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = portal.company_viewer(self.company) if self.company else None
        shown = explain(self.profile.product, viewer=viewer, language=get_language() or "en")
        return super().get_context_data(**kwargs) | {
            "explanation": shown,
            "reasons": reason_rows(shown),
            "product_name": title_of(self.profile.product),
        }


def company_of(request: HttpRequest, code: str) -> Any:
    """The company with this code, if the person may see it."""
    if not code:
        return None
    try:
        return portal.get_company(core.viewer_for(request.user), code)
    except core.Refusal:
        return None


class PreviewForm(forms.Form):
    """As whom to look, and in which language."""

    audience = AudienceKeyField(
        label=_("Look as"),
        help_text=_("A company, or everybody of a tier, a territory or a kind of company."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class PreviewMixin(LookView):
    """What the preview and the page inside it share: who looks, and whether they see the product."""

    @cached_property
    def form(self) -> PreviewForm:
        data = self.request.GET.copy()
        data.setdefault("language", get_language() or "en")
        return PreviewForm(data) if data.get("audience") else PreviewForm(initial=data.dict())

    @cached_property
    def dealer(self) -> core.Viewer | None:
        """Who looks; ``None`` while nobody has been chosen, or nobody whom the person may look as."""
        if not self.form.is_bound or not self.form.is_valid():
            return None
        data = self.form.cleaned_data
        own = core.viewer_for(self.request.user)
        try:
            return _somebody_of(own, data["audience"], data["language"] or get_language() or "en")
        except core.Refusal as refusal:
            self.form.add_error("audience", str(refusal.message))
            return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking as a company is recorded in its history, as every preview is; an audience has none."""
        if self.dealer is not None and self.dealer.company_id:
            own = core.viewer_for(request.user)
            portal.note_preview(viewer=own, company_id=self.dealer.company_id)
        return self.show(request)

    def show(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.kwargs))

    @cached_property
    def detail(self) -> Any:
        """The product as they see it; ``None`` when they do not."""
        try:
            return get_product(self.dealer, self.profile.sku, core.Versions.read()) if self.dealer else None
        except core.Refusal:
            return None


class PreviewView(PreviewMixin):
    """The product's page as people of one company or audience see it, or why they do not."""

    template_name = "qudao_catalog/admin/preview.html"
    page_title = _("Preview as a dealer")
    header_icon = "view"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = reverse(f"{NAMESPACE}:preview_page", args=(self.profile.pk,))
        context = super().get_context_data(**kwargs) | {
            "form": self.form,
            "dealer": self.dealer,
            "page_url": f"{page}?{urlencode(self.form.data, doseq=True)}" if self.detail else "",
        }
        if portal.may_preview(core.viewer_for(self.request.user)):
            address = portal.preview_url(product_url(self.profile.sku))
            look = HeaderButton(label=_("Preview as a company"), url=address, icon_name="view")
            context["header_buttons"] = [*context["header_buttons"], look]
        if self.dealer and not self.detail:
            language = get_language() or "en"
            shown = explain(self.profile.product, viewer=self.dealer, language=language)
            context |= {"explanation": shown, "reasons": reason_rows(shown)}
            context["closed"] = self.dealer.is_member and self.dealer.company_status not in (
                "active",
                "suspended",
            )
        return context


class PreviewedPage(PreviewMixin):
    """The page itself, inside a frame of the preview: nothing on it works, it is only looked at."""

    def show(self, request: HttpRequest) -> HttpResponse:
        if self.detail is None or self.dealer is None:
            raise Http404
        with translation.override(self.dealer.language):
            provider = None if self.dealer.is_member else hooks.NoOffers()
            context = page_context(self.dealer, request, self.detail, core.Versions.read(), provider)
            return render(request, "qudao_catalog/admin/previewed_page.html", context)


def _somebody_of(own: core.Viewer, key: str, language: str) -> core.Viewer:
    """A viewer for an audience key: a buyer of a company, or a dealer of no company who is in the audience.

    :raises core.Refusal: the person may not look as a company, or it is closed.
    """
    kind, _colon, pk = key.partition(":")
    if kind == "company" and pk.isdigit():
        return portal.preview_viewer(own, company_id=int(pk), language=language)
    guest = portal.guest_viewer(language)
    return replace(guest, audience=guest.audience | {"everyone", "members", key})


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
        return pictures.picture_url(rows[0].original.name, widths.THUMBNAIL) if rows else ""


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
            path("who-sees/<int:pk>/", of(WhoSeesView), name="who_sees"),
            path("unlisted/", of(UnlistedView), name="unlisted"),
            path("attributes/", of(editor.AttributesView), name="attributes"),
            path("attributes/<int:pk>/", of(editor.AttributesView), name="attributes_of"),
            path("preview/<int:pk>/", of(PreviewView), name="preview"),
            path("preview/<int:pk>/page/", of(PreviewedPage), name="preview_page"),
        ]


def _packing(row: ProductProfile) -> str:
    if not row.pack_unit:
        return str(row.unit)
    size = quantity_text(row.pack_size, row.unit.facts.label(get_language() or "en"))
    return f"{row.pack_unit} = {size}"
