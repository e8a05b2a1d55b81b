"""Assortments in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core.backoffice import CreateView, DeleteView, EditView
from qudao_partner_portal.backoffice import AudienceColumn
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from . import services
from .forms import AssortmentForm
from .models import Assortment


class AssortmentDeleteView(DeleteView):
    def delete_action(self) -> None:
        services.delete_assortment(actor=self.request.user, assortment=self.object)


class AssortmentIndexView(generic.IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("audiences")


class AssortmentViewSet(ModelViewSet):
    model = Assortment
    icon = "view"
    menu_label = _("Assortments")
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = AssortmentDeleteView
    index_view_class = AssortmentIndexView
    list_display = [
        "__str__",
        Column("code", label=_("Code"), sort_key="code"),
        Column("get_effect_display", label=_("Effect"), sort_key="effect"),
        AudienceColumn(
            "audience",
            label=_("For whom"),
            keys=lambda row: [each.audience_key for each in row.audiences.all()],
        ),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
        DateColumn("valid_from", label=_("Valid from"), sort_key="valid_from"),
        DateColumn("valid_until", label=_("Valid until"), sort_key="valid_until"),
    ]
    list_filter = ["effect", "is_active", "all_products"]
    search_fields = ["name", "name_zh", "code", "reason", "audiences__audience_key"]
    ordering = ["code"]

    def get_form_class(self, for_update: bool = False) -> Any:
        return AssortmentForm
