"""Product types with their attributes, and option sets, in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_core.backoffice import CreateView, EditView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ...backoffice import RefusableDeleteView
from ...languages import languages
from .. import types
from ..type_forms import ATTRIBUTES, OPTIONS, OptionSetForm, TypeForm
from .panels import RowsPanel


class _WithRows:
    template_name = "qudao_catalog/admin/editor/form.html"


class RowsCreateView(_WithRows, CreateView):
    """A form with rows below it."""


class RowsEditView(_WithRows, EditView):
    """A form with rows below it."""


class TypeDeleteView(RefusableDeleteView):
    def delete_action(self) -> None:
        types.delete_type(actor=self.request.user, product_type=self.object)


class OptionSetDeleteView(RefusableDeleteView):
    def delete_action(self) -> None:
        types.delete_option_set(actor=self.request.user, option_set=self.object)


class TypeIndexView(generic.IndexView):
    page_title = _("Product types")
    add_item_label = _("Add product type")

    def get_base_queryset(self) -> QuerySet[Any]:
        counts = {
            "attribute_count": Count("attributes", distinct=True),
            "product_count": Count("products", distinct=True),
        }
        return types.ProductClass.objects.annotate(**counts).prefetch_related("translations")


class OptionSetIndexView(generic.IndexView):
    page_title = _("Option sets")
    add_item_label = _("Add option set")

    def get_base_queryset(self) -> QuerySet[Any]:
        return types.AttributeOptionGroup.objects.annotate(option_count=Count("options"))


def _panel(model: Any, rows: RowsPanel, *words: FieldPanel) -> Any:
    return ObjectList([FieldPanel("name"), *words, rows]).bind_to_model(model)


def _words() -> list[FieldPanel]:
    return [FieldPanel(f"name_{suffix}") for suffix, _code, _name in languages()]


def _chinese_name(row: Any) -> str:
    return next((each.name for each in row.translations.all() if each.language == "zh-hans"), "")


class _Screens(ModelViewSet):
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    add_view_class = RowsCreateView
    edit_view_class = RowsEditView
    ordering = ["name"]
    list_per_page = 50
    own_form_class: Any = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.own_form_class

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_add_view_kwargs(**kwargs) | {"form_class": self.own_form_class}

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(**kwargs) | {"form_class": self.own_form_class}


class ProductTypeViewSet(_Screens):
    model = types.ProductClass
    name = "qudao_product_types"
    url_prefix = "product-types"
    icon = "sliders"
    menu_label = _("Product types")
    own_form_class = TypeForm
    index_view_class = TypeIndexView
    delete_view_class = TypeDeleteView
    search_fields = ["name", "translations__name", "attributes__name", "attributes__code"]
    list_display = [
        "name",
        Column("name_zh", label=_("Chinese name"), accessor=_chinese_name),
        Column("attribute_count", label=_("Attributes"), sort_key="attribute_count"),
        Column("product_count", label=_("Products"), sort_key="product_count"),
    ]

    def get_edit_handler(self) -> Any:
        rows = RowsPanel(
            ATTRIBUTES,
            panels=[
                FieldRowPanel([FieldPanel("name"), FieldPanel("name_zh")]),
                FieldRowPanel([FieldPanel("code"), FieldPanel("unit")]),
                FieldRowPanel([FieldPanel("type"), FieldPanel("option_set")]),
                FieldPanel("is_facet"),
            ],
            child_model=types.ProductAttribute,
            heading=_("Attributes"),
            label=_("attribute"),
        )
        return _panel(self.model, rows, *_words())


class OptionSetViewSet(_Screens):
    model = types.AttributeOptionGroup
    name = "qudao_option_sets"
    url_prefix = "option-sets"
    icon = "list-ul"
    menu_label = _("Option sets")
    own_form_class = OptionSetForm
    index_view_class = OptionSetIndexView
    delete_view_class = OptionSetDeleteView
    search_fields = ["name", "options__option"]
    list_display = ["name", Column("option_count", label=_("Values"), sort_key="option_count")]

    def get_edit_handler(self) -> Any:
        rows = RowsPanel(
            OPTIONS,
            panels=[FieldRowPanel([FieldPanel("name"), *_words()])],
            child_model=types.AttributeOption,
            heading=_("Values"),
            label=_("value"),
        )
        return _panel(self.model, rows)
