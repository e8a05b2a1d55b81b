"""What describes products, in Wagtail's admin: lines, units, tax classes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core.backoffice import ModelEditView
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from ...backoffice import GuardedDeleteView
from ..models import ProductLine, TaxClass, Unit


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
