"""Stock in the back office."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.backoffice import DeleteView, GuardedDeleteView
from qudao_partner_portal.backoffice import AudienceTitleColumn
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from ..backoffice import (
    OfficePage,
    SellerFilterSet,
    ServiceCreateView,
    ServiceEditView,
    show_refusal,
    show_refusal_message,
)
from . import services
from .forms import AdjustForm, ArrivalForm, LevelForm, PolicyForm, ReceiveForm, TermsForm, WarehouseForm
from .models import Arrival, StockLevel, StockMovement, StockPolicy, StockTerms, Warehouse
from .queries import STATES

LEVELS = "qudao_stock_levels"
SHOWN_MOVEMENTS = 50

ARRIVALS = "qudao_arrivals"


class RestrictedPermissions(ModelPermissionPolicy):
    """Django's permissions, except that nobody, administrators included, has some of them."""

    def __init__(self, model: Any, *actions: str) -> None:
        super().__init__(model)
        self.withheld = frozenset(actions)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.withheld and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return super().user_has_any_permission(user, [each for each in actions if each not in self.withheld])


#: Levels are never deleted by hand: their journal would go with them.
register_permission_policy(StockLevel, RestrictedPermissions(StockLevel, "delete"))
register_permission_policy(StockMovement, RestrictedPermissions(StockMovement, "add", "change", "delete"))


class OwnViewSet(ModelViewSet):
    """What our stock screens share."""

    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    list_per_page = 50
    add_view_class = ServiceCreateView
    edit_view_class = ServiceEditView
    delete_view_class = GuardedDeleteView
    own_form_class: Any = None
    own_filterset_class: Any = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.own_form_class

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        own = super().get_index_view_kwargs(**kwargs)
        return own | ({"filterset_class": self.own_filterset_class} if self.own_filterset_class else {})


def _sku(row: Any) -> str:
    return str(row.product.profile.sku)


#: The product of a row by its name, in the reader's language.
TITLE = Column(
    "title", label=pgettext_lazy("product", "Title"), accessor=lambda row: catalog.title_of(row.product)
)


def _plain(name: str) -> Any:
    def shown(row: Any) -> Any:
        value = getattr(row, name)
        return "" if value is None else catalog.plain_number(value)

    return shown


class TitledIndexView(generic.IndexView):
    """A list whose first column is computed and leads to the row's form, with the buttons of the row."""

    title_label: Any = _("SKU")
    title_sort_key: str = "product__profile__sku"

    def title_of(self, row: Any) -> str:
        return _sku(row)

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "named",
            label=self.title_label,
            accessor=self.title_of,
            sort_key=self.title_sort_key,
            get_url=self.get_edit_url,
        )
        return [title, *super().columns]


class WarehouseFilterSet(SellerFilterSet):
    class Meta:
        model = Warehouse
        fields = ["seller", "is_active"]


class WarehouseIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Warehouse]:
        return Warehouse.objects.select_related("seller", "territory")


class WarehouseDeleteView(DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except core.Refusal as refusal:
            show_refusal_message(self.request, refusal)
            return redirect(self.get_success_url())

    def delete_action(self) -> None:
        services.delete_warehouse(actor=self.request.user, warehouse=self.object)


class WarehouseViewSet(OwnViewSet):
    model = Warehouse
    icon = "home"
    menu_label = _("Warehouses")
    own_form_class = WarehouseForm
    delete_view_class = WarehouseDeleteView
    index_view_class = WarehouseIndexView
    search_fields = ["code", "name", "name_zh"]
    own_filterset_class = WarehouseFilterSet
    list_display = [
        "name",
        Column("code", label=_("Code"), sort_key="code"),
        Column("seller", label=_("Seller"), sort_key="seller__name"),
        Column("territory", label=_("Place")),
        NumberColumn("priority", label=_("Priority"), sort_key="priority"),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    ]
    ordering = ["priority", "code"]


class LevelFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[
            ("free", _("Saleable")),
            ("out", _("Nothing saleable")),
            ("over", _("Over-allocated")),
        ],
        method="filter_state",
    )

    class Meta:
        model = StockLevel
        fields = ["warehouse"]

    def filter_state(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        return rows.filter(STATES[value])


class LevelIndexView(catalog.SearchesProducts, TitledIndexView):
    def get_base_queryset(self) -> QuerySet[StockLevel]:
        rows = StockLevel.objects.select_related("warehouse", "product__profile", "product__parent")
        return rows.prefetch_related(*catalog.title_lookups())


class LevelEditView(ServiceEditView):
    """Adjust a level; below the form stands its journal."""

    template_name = "qudao_b2b_ordering/admin/stock/level.html"

    def get_page_subtitle(self) -> str:
        return f"{_sku(self.object)} {catalog.title_of(self.object.product)} · {self.object.warehouse}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.movements.select_related("by").order_by("-pk")[:SHOWN_MOVEMENTS]
        level = self.object
        facts = {
            "level": level,
            "saleable": max(level.on_hand - level.allocated, Decimal(0)),
            "over": level.on_hand < level.allocated,
            "movements": rows,
        }
        return super().get_context_data(**(facts | kwargs))


class LevelHistoryView(generic.HistoryView):
    """The journal of one level. Nothing else is recorded of it: every change of it is a movement."""

    filterset_class = None
    permission_policy: Any = None
    columns = [  # noqa: RUF012 - as Wagtail writes it
        DateColumn("at", label=_("When")),
        Column("get_kind_display", label=_("Reason")),
        Column("quantity", label=pgettext_lazy("quantity", "Change"), accessor=_plain("quantity")),
        Column("reference", label=_("Reference")),
        Column("by", label=_("By")),
    ]
    verbose_name_plural = StockMovement._meta.verbose_name_plural

    def get_base_queryset(self) -> QuerySet[StockMovement]:
        return self.object.movements.select_related("by").order_by("-pk")


class LevelViewSet(OwnViewSet):
    model = StockLevel
    name = LEVELS
    url_prefix = "stock-levels"
    icon = "table"
    menu_label = _("Stock")
    own_filterset_class = LevelFilterSet
    index_view_class = LevelIndexView
    edit_view_class = LevelEditView
    history_view_class = LevelHistoryView
    ordering = ["product__profile__sku", "warehouse__priority", "pk"]
    list_export = ["product.profile.sku", "warehouse.code", "on_hand", "allocated"]
    export_headings = {"product.profile.sku": _("SKU"), "warehouse.code": _("Warehouse")}
    export_filename = "stock"
    list_display = [
        TITLE,
        Column("warehouse", label=_("Warehouse"), sort_key="warehouse__code"),
        Column("on_hand", label=_("On hand"), accessor=_plain("on_hand"), sort_key="on_hand"),
        Column("allocated", label=_("Allocated"), accessor=_plain("allocated"), sort_key="allocated"),
        Column("saleable", label=_("Saleable"), accessor=lambda row: _saleable(row)),
        DateColumn("updated_at", label=_("Changed"), sort_key="updated_at"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return AdjustForm if for_update else LevelForm


def _saleable(row: StockLevel) -> str:
    free = row.on_hand - row.allocated
    if free < 0:
        return str(_("0 (over-allocated by %(count)s)") % {"count": catalog.plain_number(-free)})
    return str(catalog.plain_number(free))


class MovementIndexView(catalog.SearchesProducts, generic.IndexView):
    product_path = "level__product"

    def get_base_queryset(self) -> QuerySet[StockMovement]:
        rows = StockMovement.objects.select_related("level__warehouse", "level__product__profile", "by")
        return rows.select_related("level__product__parent").prefetch_related(
            *catalog.title_lookups("level__product")
        )


class MovementViewSet(OwnViewSet):
    """The journal: read only, whoever looks."""

    model = StockMovement
    icon = "history"
    menu_label = _("Movements")
    index_view_class = MovementIndexView
    own_form_class = LevelForm
    search_fields = ["reference"]
    list_filter = {"kind": ["exact"], "level__warehouse": ["exact"], "at": ["date__gte", "date__lte"]}
    ordering = ["-pk"]
    list_export = ["at", "level.product.profile.sku", "level.warehouse.code", "kind", "quantity", "reference"]
    export_headings = {
        "level.product.profile.sku": _("SKU"),
        "level.warehouse.code": _("Warehouse"),
        "quantity": pgettext_lazy("quantity", "Change"),
    }
    export_filename = "stock-movements"
    list_display = [
        Column("at", label=_("When"), sort_key="pk"),
        Column("sku", label=_("SKU"), accessor=lambda row: _sku(row.level)),
        Column("title", label=TITLE.label, accessor=lambda row: catalog.title_of(row.level.product)),
        Column("warehouse", label=_("Warehouse"), accessor="level.warehouse"),
        Column("get_kind_display", label=_("Reason")),
        Column("quantity", label=pgettext_lazy("quantity", "Change"), accessor=_plain("quantity")),
        Column("reference", label=_("Reference")),
        Column("by", label=_("By")),
    ]


class ArrivalFilterSet(WagtailFilterSet):
    received = django_filters.BooleanFilter(
        label=_("Received"), field_name="received_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Arrival
        fields = ["warehouse"]


class ArrivalIndexView(catalog.SearchesProducts, TitledIndexView):
    def get_base_queryset(self) -> QuerySet[Arrival]:
        rows = Arrival.objects.select_related("warehouse", "product__profile", "product__parent")
        return rows.prefetch_related(*catalog.title_lookups())

    def get_list_more_buttons(self, instance: Arrival) -> list[Button]:
        buttons = list(super().get_list_more_buttons(instance))
        if instance.received_at is None:
            link = reverse(f"{ARRIVALS}:receive", args=(instance.pk,))
            buttons.append(Button(_("Receive"), url=link, icon_name="download", priority=60))
        return buttons


class ArrivalViewSet(OwnViewSet):
    model = Arrival
    name = ARRIVALS
    url_prefix = "arrivals"
    icon = "calendar-alt"
    menu_label = _("Arrivals")
    own_form_class = ArrivalForm
    own_filterset_class = ArrivalFilterSet
    index_view_class = ArrivalIndexView
    search_fields = ["external_key"]
    ordering = ["expected_on", "pk"]
    list_export = [
        "external_key",
        "product.profile.sku",
        "warehouse.code",
        "quantity",
        "expected_on",
        "received_at",
    ]
    export_headings = {"product.profile.sku": _("SKU"), "warehouse.code": _("Warehouse")}
    export_filename = "arrivals"
    list_display = [
        TITLE,
        Column("warehouse", label=_("Warehouse"), sort_key="warehouse__code"),
        Column("quantity", label=_("Quantity"), accessor=_plain("quantity")),
        Column("expected_on", label=_("Expected on"), sort_key="expected_on"),
        Column("external_key", label=_("External key")),
        DateColumn("received_at", label=_("Received"), sort_key="received_at"),
    ]

    def get_urlpatterns(self) -> list[Any]:
        receive = self.construct_view(ReceiveView, permission_policy=self.permission_policy)
        return [*super().get_urlpatterns(), path("receive/<int:pk>/", receive, name="receive")]


class PolicyFilterSet(SellerFilterSet):
    class Meta:
        model = StockPolicy
        fields = ["seller", "mode"]


class PolicyDeleteView(DeleteView):
    def delete_action(self) -> None:
        services.remove_policy(
            actor=self.request.user,
            seller_id=self.object.seller_id,
            audience_key=self.object.audience_key,
        )


class PolicyIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[StockPolicy]:
        return StockPolicy.objects.select_related("seller")

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(AudienceTitleColumn)(
            "audience_key",
            label=_("Audience"),
            keys=lambda row: [row.audience_key],
            sort_key="audience_key",
            get_url=self.get_edit_url,
        )
        return [title, *super().columns]


class PolicyViewSet(OwnViewSet):
    model = StockPolicy
    icon = "view"
    menu_label = _("Stock visibility")
    own_form_class = PolicyForm
    index_view_class = PolicyIndexView
    delete_view_class = PolicyDeleteView
    search_fields = ["audience_key"]
    own_filterset_class = PolicyFilterSet
    list_display = [
        Column("seller", label=_("Seller"), sort_key="seller__name"),
        Column("get_mode_display", label=_("Shows"), sort_key="mode"),
        Column("low_threshold", label=_("Low from"), accessor=_plain("low_threshold")),
        Column("plenty_threshold", label=_("Plenty from"), accessor=_plain("plenty_threshold")),
        BooleanColumn("show_arrivals", label=_("Arrivals")),
        Column("priority", label=_("Priority"), sort_key="priority"),
    ]
    ordering = ["seller__name", "audience_key"]


class TermsIndexView(catalog.SearchesProducts, TitledIndexView):
    def get_base_queryset(self) -> QuerySet[StockTerms]:
        rows = StockTerms.objects.select_related("product__profile", "product__parent")
        return rows.prefetch_related(*catalog.title_lookups())


class TermsViewSet(OwnViewSet):
    model = StockTerms
    icon = "doc-full"
    menu_label = _("Backorder")
    own_form_class = TermsForm
    index_view_class = TermsIndexView
    list_filter = ["backorder", "is_unlimited"]
    list_display = [
        TITLE,
        BooleanColumn("backorder", label=_("Backorder allowed"), sort_key="backorder"),
        Column("backorder_limit", label=_("Limit"), accessor=_plain("backorder_limit")),
        BooleanColumn("is_unlimited", label=_("Stock not tracked"), sort_key="is_unlimited"),
    ]
    ordering = ["product__profile__sku"]


class ReceiveView(OfficePage):
    """The goods have come: into stock, and to the orders that wait for them."""

    page_title = _("Receive")
    header_icon = "download"
    template_name = "qudao_b2b_ordering/admin/stock/receive.html"

    @cached_property
    def arrival(self) -> Arrival:
        rows = Arrival.objects.select_related("warehouse", "product__profile")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return f"{self.arrival.product.profile.sku} {catalog.title_of(self.arrival.product)}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        form = ReceiveForm(request.POST)
        if form.is_valid():
            try:
                services.receive_arrival(
                    actor=request.user, arrival=self.arrival, quantity=form.cleaned_data["quantity"]
                )
            except core.Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("The goods have been added to stock."))
                return redirect(reverse(f"{ARRIVALS}:index"))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ReceiveForm(initial={"quantity": catalog.plain_number(self.arrival.quantity)})
        own = {"form": form, "arrival": self.arrival, "product": catalog.title_of(self.arrival.product)}
        return super().get_context_data(**(own | kwargs))
