"""The category tree in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_core.backoffice import CreateView, EditView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..backoffice import RefusableDeleteView
from ..languages import languages
from . import services
from .forms import CategoryForm, indented, local_name
from .services import Category


class CategoryIndexView(generic.IndexView):
    """The whole tree, indented."""

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = Category.objects.annotate(product_count=Count("product", distinct=True))
        return rows.prefetch_related("translations").order_by("path")

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "indented", label=_("Category"), accessor=indented, get_url=self.get_edit_url
        )
        return [title, *super().columns]


class CategoryCreateView(CreateView):
    template_name = "qudao_catalog/admin/editor/form.html"


class CategoryEditView(EditView):
    template_name = "qudao_catalog/admin/editor/form.html"

    def get_page_subtitle(self) -> str:
        return local_name(self.object)


class CategoryDeleteView(RefusableDeleteView):
    def delete_action(self) -> None:
        services.delete_category(actor=self.request.user, category=self.object)


class CategoryViewSet(ModelViewSet):
    model = Category
    name = "qudao_categories"
    url_prefix = "categories"
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    index_view_class = CategoryIndexView
    add_view_class = CategoryCreateView
    edit_view_class = CategoryEditView
    delete_view_class = CategoryDeleteView
    search_fields = ["name", "slug", "translations__name"]
    ordering = ["path"]
    list_per_page = 200
    list_display = [
        Column("slug", label=_("Web address"), sort_key="slug"),
        Column("product_count", label=_("Products"), sort_key="product_count"),
        BooleanColumn("is_public", label=_("Shown"), sort_key="is_public"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return CategoryForm

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_add_view_kwargs(**kwargs) | {"form_class": CategoryForm}

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(**kwargs) | {"form_class": CategoryForm}

    def get_edit_handler(self) -> Any:
        words = [
            FieldPanel(f"{text}_{suffix}")
            for suffix, _code, _name in languages()
            for text in ("name", "description")
        ]
        names = [FieldPanel("name"), FieldPanel("description"), *words]
        place = [FieldRowPanel([FieldPanel("parent"), FieldPanel("place")]), FieldPanel("slug")]
        look = [FieldPanel("is_public"), FieldPanel("in_menu"), FieldPanel("image_id")]
        groups = [
            MultiFieldPanel(names, heading=_("Name and description")),
            MultiFieldPanel(place, heading=_("Place in the tree")),
            MultiFieldPanel(look, heading=pgettext_lazy("category", "Appearance")),
        ]
        return ObjectList(groups).bind_to_model(Category)
