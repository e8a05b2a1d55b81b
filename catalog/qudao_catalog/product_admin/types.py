"""Product types, option sets, lines, units and tax classes in Wagtail's admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_core import api as core
from qudao_core.backoffice import CreateView, EditView, GuardedDeleteView, ModelEditView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..backoffice import RefusableDeleteView
from ..languages import languages
from ..product_editing import types
from ..product_editing.attributes import NOT_ENTERED
from ..products.models import AttributeProfile, OptionTranslation, ProductLine, TaxClass, Unit
from .editor import RowsPanel
from .forms import LARGEST

ATTRIBUTES, OPTIONS = "attributes", "options"
KINDS = [
    ("text", _("Text")),
    ("float", pgettext_lazy("attribute", "Number")),
    ("integer", _("Whole number")),
    ("boolean", _("Yes or no")),
    ("option", _("One value of an option set")),
    ("multi_option", _("Several values of an option set")),
    ("date", _("Date")),
    ("datetime", _("Date and time")),
    ("richtext", _("Long text")),
]


class AttributeForm(forms.Form):
    """An attribute in the form of a type. ``sets``: the choices of option sets, read once for all rows."""

    instance: Any = None
    id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=128)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=128, required=False)
    code = forms.CharField(
        label=_("Code"), max_length=128, help_text=_("As import files and the API name it: power, colour.")
    )
    type = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    option_set = forms.ModelChoiceField(
        label=_("Option set"),
        queryset=types.AttributeOptionGroup.objects.order_by("name"),
        required=False,
        help_text=_("Only for values of an option set."),
    )
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False, help_text=_("W, mm, kg …"))
    is_facet = forms.BooleanField(label=_("Filter in lists"), required=False)

    def __init__(self, *args: Any, sets: Sequence[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["option_set"].choices = sets  # type: ignore[attr-defined]


class OptionForm(forms.Form):
    instance: Any = None
    id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Value"), max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= names_by_language(255)


def names_by_language(length: int) -> dict[str, forms.Field]:
    """A field for the name in each language beside the source's."""
    return {
        f"name_{suffix}": forms.CharField(
            label=_("Chinese name")
            if code == "zh-hans"
            else _("Name (%(language)s)") % {"language": language},
            max_length=length,
            required=False,
        )
        for suffix, code, language in languages()
    }


Attributes = forms.formset_factory(AttributeForm, extra=0, can_order=True, can_delete=True, max_num=300)
Options = forms.formset_factory(OptionForm, extra=0, can_delete=True, max_num=2000, absolute_max=3000)


class WithRows(forms.ModelForm):
    """A form with rows below it, which are saved together through one service."""

    rows_name = ""
    factory: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound and f"{self.rows_name}-TOTAL_FORMS" in self.data else None
        initial = self.stored() if self.instance.pk else []
        rows = self.factory(data, initial=initial, prefix=self.rows_name, form_kwargs=self.row_options())
        self.formsets = {self.rows_name: rows}

    @property
    def rows(self) -> Any:
        return self.formsets[self.rows_name]

    @property
    def media(self) -> Any:
        """With what the widgets of a row load that is added later."""
        return sum((each.empty_form.media for each in self.formsets.values()), super().media)

    def stored(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def row_options(self) -> dict[str, Any]:
        """What the form of each row is made with."""
        return {}

    def is_valid(self) -> bool:
        own = super().is_valid()
        return (not self.rows.is_bound or self.rows.is_valid()) and own

    def kept(self) -> list[Any]:
        """The forms of rows that stay, in their order."""
        forms_ = [
            form for form in self.rows.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        return sorted(forms_, key=lambda form: form.cleaned_data.get("ORDER") or 0)

    def removed(self) -> list[int]:
        rows = [form.cleaned_data for form in self.rows.forms if form.cleaned_data]
        return [row["id"] for row in rows if row.get("DELETE") and row.get("id")]

    def save_by(self, viewer: core.Viewer) -> Any:
        """Save through the service.

        :raises core.Refusal: a rule says no; what belongs to a row stands in the row already.
        """
        kept = self.kept() if self.rows.is_bound else []
        try:
            return self.write(viewer, kept)
        except core.Refusal as refusal:
            for problem in refusal.problems:
                if problem.line:
                    form = kept[problem.line - 1]
                    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            own = [each for each in refusal.problems if not each.line]
            raise core.Refusal(
                refusal.code,
                refusal.message,
                problems=own,
                field=refusal.problem.field,
                remedy=refusal.problem.remedy,
                status=refusal.status,
            ) from refusal

    def write(self, viewer: core.Viewer, kept: list[Any]) -> Any:
        raise NotImplementedError


class TypeForm(WithRows):
    rows_name = ATTRIBUTES
    changed_rows = {ATTRIBUTES: _("The attributes have been changed meanwhile.")}
    factory = Attributes

    class Meta:
        model = types.ProductClass
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= names_by_language(128)
        if self.instance.pk:
            words = {row.language: row.name for row in self.instance.translations.all()}
            self.initial |= {f"name_{suffix}": words.get(code, "") for suffix, code, _name in languages()}

    def stored(self) -> list[dict[str, Any]]:
        rows = self.instance.attributes.exclude(type__in=NOT_ENTERED).select_related(
            "profile", "option_group"
        )
        found = []
        for row in rows:
            look = getattr(row, "profile", None) or AttributeProfile(attribute=row)
            found.append(
                {"id": row.pk, "name": row.name, "code": row.code, "type": row.type}
                | {"option_set": row.option_group_id, "position": look.position}
                | {"name_zh": look.name_zh, "unit": look.unit, "is_facet": look.is_facet}
            )
        return sorted(found, key=lambda row: (row["position"], row["id"]))

    def row_options(self) -> dict[str, Any]:
        return {"sets": list(AttributeForm.base_fields["option_set"].choices)}  # type: ignore[attr-defined]

    def write(self, viewer: core.Viewer, kept: list[Any]) -> Any:
        names = ("id", "name", "code", "type", "name_zh", "unit", "is_facet", "option_set")
        rows = [types.Attribute(**{name: form.cleaned_data[name] for name in names}) for form in kept]
        return types.save_type(
            actor=viewer,
            name=self.cleaned_data["name"],
            attributes=rows,
            product_type=types.ProductClass.objects.get(pk=self.instance.pk) if self.instance.pk else None,
            removed=self.removed() if self.rows.is_bound else (),
            words={code: self.cleaned_data[f"name_{suffix}"] for suffix, code, _name in languages()},
        )


class OptionSetForm(WithRows):
    rows_name = OPTIONS
    changed_rows = {OPTIONS: _("The values have been changed meanwhile.")}
    factory = Options

    class Meta:
        model = types.AttributeOptionGroup
        fields = ["name"]

    def stored(self) -> list[dict[str, Any]]:
        suffixes = {code: suffix for suffix, code, _name in languages()}
        found = {row.pk: {"id": row.pk, "name": row.option} for row in self.instance.options.order_by("pk")}
        for row in OptionTranslation.objects.filter(option__in=list(found)):
            if row.language in suffixes:
                found[row.option_id][f"name_{suffixes[row.language]}"] = row.name
        return list(found.values())

    def write(self, viewer: core.Viewer, kept: list[Any]) -> Any:
        rows = []
        for form in kept:
            data = form.cleaned_data
            words = {code: data[f"name_{suffix}"] for suffix, code, _name in languages()}
            rows.append(types.Option(data["name"], data["id"], words))
        return types.save_option_set(
            actor=viewer,
            name=self.cleaned_data["name"],
            options=rows,
            option_set=types.AttributeOptionGroup.objects.get(pk=self.instance.pk)
            if self.instance.pk
            else None,
            removed=self.removed() if self.rows.is_bound else (),
        )


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


class LineViewSet(ModelViewSet):
    edit_view_class = ModelEditView
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
    edit_view_class = ModelEditView
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
    edit_view_class = ModelEditView
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
