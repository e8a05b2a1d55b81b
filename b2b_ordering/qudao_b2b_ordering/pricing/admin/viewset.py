"""The price list's place in the admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.backoffice import DeleteView
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from ...backoffice import SellerFilterSet, ServiceCreateView, ServiceEditView, tell
from .. import services
from ..models import ALWAYS, PriceList, PriceListAssignment, PriceRow
from . import views
from .forms import PriceListForm


class PriceListFilterSet(SellerFilterSet):
    on = django_filters.DateFilter(label=_("Valid on"), method="filter_on")

    class Meta:
        model = PriceList
        fields = ["seller", "currency", "kind", "is_active"]

    def filter_on(self, rows: QuerySet[PriceList], name: str, value: Any) -> QuerySet[PriceList]:
        return rows.filter(Q(valid_until=None) | Q(valid_until__gte=value), valid_from__lte=value)


class PriceListIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[PriceList]:
        rows = _counted(PriceRow, "price_list_id")
        assigned = _counted(PriceListAssignment, "price_list_id")
        return PriceList.objects.select_related("seller", "base").annotate(
            row_count=rows, assignment_count=assigned
        )

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            Button(_("Why this price?"), url=views.url("explain"), icon_name="help", priority=90),
        ]

    def get_list_more_buttons(self, instance: PriceList) -> list[Button]:
        return [*super().get_list_more_buttons(instance), *_links(instance)]


def _counted(model: Any, field: str) -> Any:
    rows = model.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(rows.values(count=Count("pk")), output_field=IntegerField()), 0)


def _links(row: PriceList) -> list[Button]:
    return [
        Button(label, url=link, icon_name=icon, priority=60 + place)
        for place, (label, link, icon) in enumerate(views.links(row))
        if icon != "edit"
    ]


class PriceListEditView(ServiceEditView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        return [
            HeaderButton(link.label, url=link.url, icon_name=link.icon_name)
            for link in _links(self.object)[:2]
        ]

    @property
    def header_more_buttons(self) -> list[Any]:
        return [*super().header_more_buttons, *_links(self.object)[2:]]


class PriceListDeleteView(DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except core.Refusal as refusal:
            tell(self.request, refusal)
            return redirect(views.url("edit", self.object.pk))

    def delete_action(self) -> None:
        services.delete_list(actor=self.request.user, price_list=self.object)


class PriceListViewSet(ModelViewSet):
    model = PriceList
    name = views.NAMESPACE
    url_prefix = "price-lists"
    icon = "tag"
    menu_label = _("Price lists")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = PriceListIndexView
    add_view_class = ServiceCreateView
    edit_view_class = PriceListEditView
    delete_view_class = PriceListDeleteView
    search_backend_name = None
    search_fields = ["code", "name", "name_zh"]
    ordering = ["code"]
    list_per_page = 50
    list_export = [
        "code",
        "name",
        "name_zh",
        "seller",
        "currency",
        "kind",
        "base",
        "percent",
        "valid_from",
        "valid_until",
    ]
    export_filename = "price-lists"
    list_display = [
        "__str__",
        Column("code", label=_("Code"), sort_key="code"),
        Column("seller", label=_("Seller"), sort_key="seller__name"),
        Column("currency", label=_("Currency"), sort_key="currency"),
        Column("kind", label=_("Prices"), accessor=lambda row: _prices(row)),
        Column("assignment_count", label=_("Audiences")),
        Column("valid_from", label=_("Valid from"), accessor=lambda row: _start(row), sort_key="valid_from"),
        Column(
            "valid_until",
            label=_("Valid until"),
            accessor=lambda row: row.valid_until or "",
            sort_key="valid_until",
        ),
        BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return PriceListForm

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**kwargs) | {"filterset_class": PriceListFilterSet}

    def get_urlpatterns(self) -> list[Any]:
        def of(view: Any) -> Any:
            return self.construct_view(view, permission_policy=self.permission_policy)

        return [
            *super().get_urlpatterns(),
            path("prices/<int:pk>/", of(views.RowsView), name="rows"),
            path("assignments/<int:pk>/", of(views.AssignmentsView), name="assignments"),
            path("percents/<int:pk>/", of(views.PercentsView), name="percents"),
            path("copy-list/<int:pk>/", of(views.CopyView), name="copy_list"),
            path("explain/", of(views.ExplainView), name="explain"),
        ]


def _prices(row: Any) -> str:
    if row.kind == PriceList.Kind.DERIVED:
        return f"{row.base.code} {row.percent.normalize():+f} %"
    return str(row.row_count)


def _start(row: PriceList) -> Any:
    return "" if row.valid_from == ALWAYS else row.valid_from
