"""What describes products, in Wagtail's admin: lines, units, tax classes, attributes, and words in other languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_partner_portal import api as portal
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ...backoffice import GuardedDeleteView
from ..models import AttributeProfile, CategoryTranslation, OptionTranslation, ProductLine, TaxClass, Unit


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
    form_fields = ["name", "name_plural", "name_zh", "code", "decimals"]
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
        self.fields["option"].label_from_instance = lambda option: portal.labelled(
            option.group, option.option
        )


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
