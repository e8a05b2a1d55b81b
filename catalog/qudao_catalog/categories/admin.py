"""The category tree in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.backoffice import CreateView, EditView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.images.widgets import AdminImageChooser

from ..backoffice import RefusableDeleteView
from ..languages import languages
from ..pictures.services import library_picture
from . import services
from .services import Category

#: What a column of ids holds.
LARGEST = 2**31 - 1


def local_name(row: Any) -> str:
    """A category's name in the reader's language."""
    words = {each.language: each.name for each in row.translations.all()}
    chinese = words.get("zh-hans", "") if (get_language() or "").startswith("zh") else ""
    return chinese or str(row.name)


def indented(row: Any) -> str:
    """The same, as deep as it stands in the tree."""
    return f"{'– ' * (row.depth - 1)}{local_name(row)}"


class CategoryForm(forms.ModelForm):
    """Names by language, the place in the tree, the picture, and whether it is shown."""

    parent = forms.ModelChoiceField(
        label=_("Below"), queryset=Category.objects.none(), required=False, empty_label=_("At the top")
    )
    place = forms.IntegerField(
        label=pgettext_lazy("category", "Place"),
        required=False,
        min_value=1,
        help_text=_("1 is the first of its level. Empty: the last."),
    )
    is_public = forms.BooleanField(
        label=_("Shown"), required=False, initial=True, help_text=_("Off: hidden with everything below it.")
    )
    in_menu = forms.BooleanField(label=_("In the menu"), required=False, initial=True)
    image_id = forms.IntegerField(
        label=_("Picture"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        widget=AdminImageChooser(),
        help_text=_("Empty: the picture it has stays."),
    )

    class Meta:
        model = Category
        fields = ["name", "slug", "description"]
        labels = {"name": _("Name"), "slug": _("Web address"), "description": _("Description")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("The last part of its address. Empty: made of the name.")
        self.fields["description"].widget = forms.Textarea(attrs={"rows": 3})
        for suffix, code, name in languages():
            chinese, with_name = code == "zh-hans", {"language": name}
            self.fields[f"name_{suffix}"] = forms.CharField(
                label=_("Chinese name") if chinese else _("Name (%(language)s)") % with_name,
                max_length=255,
                required=False,
            )
            self.fields[f"description_{suffix}"] = forms.CharField(
                label=_("Chinese description") if chinese else _("Description (%(language)s)") % with_name,
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
            )
        rows = Category.objects.order_by("path").prefetch_related("translations")
        if self.instance.pk:
            rows = rows.exclude(path__startswith=self.instance.path)
            self._show(self.instance)
        self.fields["parent"].queryset = rows.prefetch_related("translations")  # type: ignore[attr-defined]
        self.fields["parent"].label_from_instance = indented  # type: ignore[attr-defined]

    def _show(self, row: Any) -> None:
        above = row.get_parent()
        places = list(services.siblings(above).values_list("pk", flat=True))
        self.initial |= {
            "parent": above.pk if above else None,
            "place": places.index(row.pk) + 1,
            "is_public": row.is_public,
            "in_menu": not row.exclude_from_menu,
        }
        suffixes = {code: suffix for suffix, code, _name in languages()}
        for each in row.translations.all():
            if each.language in suffixes:
                self.initial[f"name_{suffixes[each.language]}"] = each.name
                self.initial[f"description_{suffixes[each.language]}"] = each.description

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for suffix, _code, _name in languages():
            if data.get(f"description_{suffix}") and not data.get(f"name_{suffix}"):
                self.add_error(f"name_{suffix}", self.fields[f"name_{suffix}"].error_messages["required"])
        return data

    def save_by(self, viewer: core.Viewer) -> Any:
        """Save through the service.

        :raises core.Refusal: a rule says no.
        """
        data = self.cleaned_data
        values = {name: data[name] for name in ("name", "slug", "description", "is_public")}
        values["exclude_from_menu"] = not data["in_menu"]
        words = {
            code: (data[f"name_{suffix}"], data[f"description_{suffix}"])
            for suffix, code, _name in languages()
        }
        return services.save_category(
            actor=viewer,
            values=values,
            category=Category.objects.get(pk=self.instance.pk) if self.instance.pk else None,
            parent=data["parent"],
            place=data["place"],
            words=words,
            picture=library_picture(data["image_id"], "image_id") if data["image_id"] else None,
        )


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
