"""The territory tree in Wagtail's admin: look up codes, add finer places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from qudao_core.backoffice import CreateView, EditView, allow_only
from qudao_core.viewer import Viewer
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Territory
from .services import save_territory

allow_only(Territory, "add", "change")


class TerritoryForm(forms.ModelForm):  # type: ignore[type-arg]
    above = forms.CharField(
        label=_("Part of"),
        required=False,
        max_length=20,
        help_text=_("Code of the territory it belongs to, e.g. CN-5101."),
    )

    class Meta:
        model = Territory
        fields = ["code", "name", "name_zh"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["above"]
            self.fields["code"].disabled = True

    def save_by(self, viewer: Viewer) -> Territory:
        given = self.cleaned_data
        return save_territory(
            viewer=viewer,
            territory_id=self.instance.pk,
            code=given["code"],
            name=given["name"],
            name_zh=given["name_zh"],
            above=given.get("above", ""),
        )


class TerritoryViewSet(ModelViewSet):  # type: ignore[misc]
    model = Territory
    name = "qudao_territories"
    url_prefix = "channel/territories"
    icon = "site"
    menu_label = _("Territories")
    menu_order = 410
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CreateView
    edit_view_class = EditView
    search_fields = ["code", "name", "name_zh"]
    search_backend_name = None
    ordering = ["path"]
    list_per_page = 50
    list_filter = ["depth"]
    list_display = ["name", "name_zh", Column("code", label=_("Code"), sort_key="code")]

    def get_form_class(self, for_update: bool = False) -> Any:
        return TerritoryForm
