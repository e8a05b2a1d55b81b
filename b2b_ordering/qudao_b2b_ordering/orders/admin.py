"""Orders in Wagtail's admin: found by number, company, state and date, read with their whole story. Not edited here."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from ..backoffice import SellerFilterSet
from ..flow import queries as flows
from . import queries
from .models import Order
from .queries.access import flow_of


class ReadOnly(ModelPermissionPolicy):
    """Orders are moved by their flow, on the board and on their page; here they are looked up."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and (
            super().user_has_permission(user, "view") or super().user_has_permission(user, "change")
        )

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(Order, ReadOnly(Order), exact_class=True)


def _steps() -> list[tuple[str, str]]:
    """The steps at which orders stand, by the names of their flows."""
    standing = Order.objects.filter(status=Order.Status.OPEN, flow__isnull=False).exclude(step="")
    names: dict[str, str] = {}
    places = sorted(set(standing.order_by().values_list("flow_id", "step").distinct()))
    known = flows.flows_of({flow for flow, _step in places})
    for flow_id, code in places:
        step = known[flow_id].find(code) if flow_id in known else None
        names[code] = step.label(get_language() or "en") if step else code
    return sorted(names.items(), key=lambda each: each[1])


class OrderFilterSet(SellerFilterSet):
    submitted_at = django_filters.DateFromToRangeFilter(label=_("Ordered"), widget=DateRangePickerWidget)
    step = django_filters.ChoiceFilter(label=_("Step"), choices=_steps)
    late = django_filters.BooleanFilter(label=_("Late"), method="filter_late")

    class Meta:
        model = Order
        fields = ["status", "seller", "payment", "source"]

    def filter_late(self, rows: QuerySet[Order], name: str, value: bool) -> QuerySet[Order]:
        late = {"status": Order.Status.OPEN, "step_due__lt": timezone.now()}
        return rows.filter(**late) if value else rows.exclude(**late)


class OrderIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Order]:
        return Order.objects.select_related("company", "seller", "flow")


class OrderHistoryView(history.HistoryView):
    any_permission_required = ["view"]


class OrderInspectView(generic.InspectView):
    template_name = "qudao_b2b_ordering/admin/order.html"
    page_title = _("Order")

    @cached_property
    def detail(self) -> queries.OrderDetail:
        viewer = core.viewer_for(self.request.user, language=get_language())
        return queries.order_detail(viewer, self.object.number)

    @cached_property
    def header_buttons(self) -> list[Any]:
        try:
            page = reverse("ordering:order", args=[self.object.number])
        except NoReverseMatch:
            return []
        return [HeaderButton(_("Open the order's page"), url=page, icon_name="link-external")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "order": self.detail.order,
            "detail": self.detail,
            "entries": core.history(self.object),
        }


def _step_name(order: Order) -> str:
    """What the step is called in the flow version the order keeps."""
    step = flow_of(order).find(order.step) if order.step else None
    return step.label(get_language() or "en") if step else ""


class OrderViewSet(ModelViewSet):
    model = Order
    name = "qudao_orders"
    url_prefix = "orders"
    icon = "doc-full"
    menu_label = _("Orders")
    menu_order = 205
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = OrderIndexView
    inspect_view_class = OrderInspectView
    history_view_class = OrderHistoryView
    filterset_class = OrderFilterSet
    form_fields = ["external_key"]
    list_display = [
        TitleColumn("number", label=_("Number"), sort_key="number", url_name="qudao_orders:inspect"),
        Column("company", label=_("Company"), sort_key="company__name"),
        Column("seller", label=_("Seller"), sort_key="seller__name"),
        StatusTagColumn(
            "get_status_display",
            label=_("Status"),
            sort_key="status",
            primary=lambda row: row.status == "open",
        ),
        Column("step", label=_("Step"), accessor=_step_name, sort_key="step"),
        NumberColumn("gross", label=_("Total"), sort_key="gross"),
        Column("currency", label=_("Currency")),
        DateColumn("submitted_at", label=_("Ordered"), sort_key="submitted_at"),
    ]
    list_export = [
        "number",
        "external_key",
        "company",
        "seller",
        "status",
        "step",
        "po_number",
        "net",
        "tax",
        "gross",
        "currency",
        "line_count",
        "submitted_at",
        "closed_at",
    ]
    export_headings = {
        "company": _("Company"),
        "seller": _("Seller"),
        "step": _("Step"),
        "line_count": pgettext_lazy("count", "Lines"),
    }
    export_filename = "orders"
    search_fields = ["number", "external_key", "po_number", "company__name", "company__code"]
    search_backend_name = None
    ordering = ["-submitted_at", "-pk"]
    list_per_page = 50
