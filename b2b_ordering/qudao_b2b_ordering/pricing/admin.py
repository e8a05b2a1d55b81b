"""Price lists in the back office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.backoffice import DeleteView, conflict_message, lock_record, rebind_on_conflict, with_snapshot
from qudao_partner_portal import api as portal
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from ..backoffice import (
    OfficePage,
    SellerFilterSet,
    ServiceCreateView,
    ServiceEditView,
    show_refusal,
    show_refusal_message,
)
from . import queries, services
from .forms import AssignmentForm, CopyForm, ExplainForm, NewRowForm, PercentsForm, PriceListForm, RowForm
from .importer import PriceImporter
from .labels import explanation_rows
from .models import ALWAYS, PriceList, PriceListAssignment, PriceRow

#: Columns of the import. It reads their headers in every language, so they are written in the reader's.
COLUMNS = ("product", "min_quantity", "unit_price", "valid_from", "valid_until")
CHUNK = 5000


def export(
    price_list: PriceList, wanted: queries.RowFilter, kind: str
) -> HttpResponse | StreamingHttpResponse:
    """``kind``: ``csv`` (streamed, UTF-8 with a mark that Excel reads) or ``xlsx``."""
    rows = chain([_titles()], _rows(price_list, wanted))
    if kind == "xlsx":
        content = core.spreadsheets.workbook(rows, title="Prices")
        response = HttpResponse(content, content_type=core.spreadsheets.XLSX)
    else:
        lines = core.spreadsheets.csv_lines(rows)
        response = StreamingHttpResponse(lines, content_type=core.spreadsheets.CSV)
    response["Content-Disposition"] = f'attachment; filename="{price_list.code}.{kind}"'
    return response


def _titles() -> tuple[str, ...]:
    titles = {column.name: column.title(get_language() or "en") for column in PriceImporter.columns}
    return tuple(titles[name] for name in COLUMNS)


def _rows(price_list: PriceList, wanted: queries.RowFilter) -> Iterator[tuple[Any, ...]]:
    columns = ("product__profile__sku", "min_quantity", "unit_price", "valid_from", "valid_until")
    found = (
        queries.price_rows(price_list, wanted)
        .select_related(None)
        .prefetch_related(None)
        .values_list(*columns)
    )
    for sku, minimum, price, start, end in found.iterator(chunk_size=CHUNK):
        yield sku, catalog.plain_number(minimum), price, None if start == ALWAYS else start, end


NAMESPACE = "qudao_price_lists"
PAGE_SIZE = 50


#: Notices shown on a page; the API tells more.
SHOWN_WARNINGS = 10


def url(name: str, *arguments: Any) -> str:
    return reverse(f"{NAMESPACE}:{name}", args=arguments)


def links(row: PriceList) -> list[tuple[Any, str, str]]:
    """A list's screens: label, address, icon."""
    rows = row.kind == PriceList.Kind.ROWS
    first = (_("Prices"), "rows", "list-ul") if rows else (_("Percentages"), "percents", "decimal")
    others = (
        (_("For whom"), "assignments", "group"),
        (_("Settings"), "edit", "edit"),
        (_("Copy"), "copy_list", "copy"),
    )
    return [(label, url(name, row.pk), icon) for label, name, icon in (first, *others)]


class OfListPage(OfficePage):
    """A screen of one price list. Writing takes the permission to change price lists."""

    header_icon = "tag"

    @cached_property
    def price_list(self) -> PriceList:
        return get_object_or_404(PriceList.objects.select_related("seller", "base"), pk=self.kwargs["pk"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_change:
            raise PermissionDenied
        return self.write(request)

    def write(self, request: HttpRequest) -> HttpResponseBase:
        raise NotImplementedError

    def get_page_title(self) -> str:
        return core.with_label(self.price_list, self.page_title)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(label, url=link, icon_name=icon, priority=place)  # else in the order of their labels
            for place, (label, link, icon) in enumerate(links(self.price_list))
        ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url("index"), "label": _("Price lists")},
            {"url": url("edit", self.price_list.pk), "label": str(self.price_list)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"price_list": self.price_list, "may_change": self.may_change}
        return super().get_context_data(**(own | kwargs))


class RowsView(OfListPage):
    """The prices of a list: search, change in the table, add, remove, export."""

    page_title = _("Prices")
    template_name = "qudao_b2b_ordering/admin/pricing/rows.html"

    @cached_property
    def wanted(self) -> queries.RowFilter:
        try:
            on = parse_date(self.request.GET.get("on", ""))
        except ValueError:
            on = None
        return queries.RowFilter(search=self.request.GET.get("q", "").strip()[:80], on=on)

    @cached_property
    def page(self) -> Page[PriceRow]:
        rows = queries.price_rows(self.price_list, self.wanted)
        return Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("p"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.price_list.kind != PriceList.Kind.ROWS:
            return redirect(url("percents", self.price_list.pk))
        if request.GET.get("export") in ("csv", "xlsx"):
            return export(self.price_list, self.wanted, request.GET["export"])
        return super().get(request, *args, **kwargs)

    def write(self, request: HttpRequest) -> HttpResponseBase:
        if "add" in request.POST:
            return self._add(request)
        forms = {pk: RowForm(request.POST, prefix=f"row-{pk}") for pk in self._posted(request)}
        if all([form.is_valid() for form in forms.values()]) and self._saved(request, forms):
            return redirect(request.get_full_path())
        return self.render_to_response(self.get_context_data(forms=forms))

    def _posted(self, request: HttpRequest) -> list[int]:
        ids = request.POST.getlist("row")[:PAGE_SIZE]
        return sorted({int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19})

    def _saved(self, request: HttpRequest, forms: dict[int, RowForm]) -> bool:
        """Whether it was saved; a refusal is said beside its rows, and what was typed stays."""
        rows = {row.pk: row for row in PriceRow.objects.filter(price_list=self.price_list, pk__in=forms)}
        edits = [form.edit_of(pk, rows.get(pk)) for pk, form in forms.items()]
        try:
            done = services.edit_prices(actor=request.user, price_list=self.price_list, edits=edits)
        except core.Refusal as refusal:
            show_refusal_message(request, refusal)
            _mark(list(forms.values()), refusal)
            return False
        count = done.changed + done.removed
        if count:
            said = ngettext("%(count)d price changed.", "%(count)d prices changed.", count)
            messages.success(request, said % {"count": count})
        else:
            messages.info(request, gettext("Nothing was changed."))
        _warn(request, done)
        return True

    def _add(self, request: HttpRequest) -> HttpResponse:
        form = NewRowForm(request.POST, prefix="new")
        if form.is_valid():
            given = form.cleaned_data
            row = services.PriceInput(
                given["sku"],
                given["min_quantity"],
                given["unit_price"],
                given["valid_from"] or ALWAYS,
                given["valid_until"],
            )
            try:
                done = services.set_prices(actor=request.user, price_list=self.price_list, rows=[row])
            except core.Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("Price of %(sku)s saved.") % {"sku": given["sku"]})
                _warn(request, done)
                return redirect(request.get_full_path())
        return self.render_to_response(self.get_context_data(new_form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        forms = kwargs.get("forms", {})
        lines = [
            {
                "row": row,
                "title": catalog.title_of(row.product),
                "form": forms.get(row.pk) or RowForm(prefix=f"row-{row.pk}", initial=_initial(row)),
            }
            for row in self.page
        ]
        query = self.request.GET.copy()
        query.pop("p", None)
        query.pop("export", None)
        own = {
            "lines": lines,
            "page_obj": self.page,
            "wanted": self.wanted,
            "always": ALWAYS,
            "new_form": NewRowForm(prefix="new"),
            "query": query.urlencode(),
            "import_url": _import_url(self.price_list),
        }
        return super().get_context_data(**(own | kwargs))


def _warn(request: HttpRequest, done: services.PricesSet) -> None:
    for warning in done.warnings[:SHOWN_WARNINGS]:
        messages.warning(request, core.join_sentences(warning.message, warning.remedy))


def _initial(row: PriceRow) -> dict[str, Any]:
    return {"unit_price": row.unit_price, "valid_until": row.valid_until}


def _mark(forms: Sequence[RowForm], refusal: core.Refusal) -> None:
    for problem in refusal.problems:
        if problem.line:
            field = "valid_until" if problem.field == "valid_until" else "unit_price"
            forms[problem.line - 1].add_error(field, str(problem.message))


def _import_url(price_list: PriceList) -> str:
    try:
        return f"{reverse('qudao_imports:upload', args=('prices',))}?price_list={price_list.code}"
    except NoReverseMatch:
        return ""


class AssignmentsView(OfListPage):
    """For whom a list is meant: add by name, change the priority, take away."""

    page_title = _("For whom")
    template_name = "qudao_b2b_ordering/admin/pricing/assignments.html"

    def write(self, request: HttpRequest) -> HttpResponseBase:
        form = AssignmentForm(request.POST)
        try:
            if "remove" in request.POST:
                services.unassign(
                    actor=request.user,
                    price_list=self.price_list,
                    audience_key=request.POST.get("audience_key", ""),
                )
            elif not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            else:
                services.assign(
                    actor=request.user,
                    price_list=self.price_list,
                    audience_key=form.cleaned_data["audience_key"],
                    priority=form.cleaned_data["priority"] or 0,
                )
        except core.Refusal as refusal:
            show_refusal_message(request, refusal)
        return redirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = get_language() or "en"
        rows = list(self.price_list.assignments.all())
        rows.sort(key=lambda row: (portal.audience_rank(row.audience_key), -row.priority, row.audience_key))
        labels = portal.audience_labels([row.audience_key for row in rows], language)
        own = {
            "assignments": [{"row": row, "label": labels[row.audience_key]} for row in rows],
            "form": AssignmentForm(),
        }
        return super().get_context_data(**(own | kwargs))


class PercentsView(OfListPage):
    """The percentages of a derived list, with an example of what they make of a price."""

    page_title = _("Percentages")
    template_name = "qudao_b2b_ordering/admin/pricing/percents.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.price_list.kind != PriceList.Kind.DERIVED:
            return redirect(url("rows", self.price_list.pk))
        return super().get(request, *args, **kwargs)

    def write(self, request: HttpRequest) -> HttpResponseBase:
        form = with_snapshot(PercentsForm(request.POST, price_list=self.price_list))
        if form.is_valid():
            try:
                again = self._save(form)
            except core.Refusal as refusal:
                show_refusal(form, refusal)
            else:
                if again is None:
                    messages.success(request, _("Percentages saved."))
                    return redirect(request.get_full_path())
                messages.error(request, conflict_message(self.price_list))
                form = again
        return self.render_to_response(self.get_context_data(form=form))

    @transaction.atomic
    def _save(self, form: Any) -> Any:
        """Save, or return the form to show again because somebody else has saved meanwhile."""
        lock_record(PriceList, self.price_list.pk)
        row = PriceList.objects.get(pk=self.price_list.pk)
        again = rebind_on_conflict(form, lambda data: PercentsForm(data, price_list=row))
        if again is None:
            form.save_by(self.request.user)
        return again

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"form": with_snapshot(PercentsForm(price_list=self.price_list))}
        return super().get_context_data(**(own | kwargs))


class CopyView(OfListPage):
    page_title = _("Copy")
    template_name = "qudao_b2b_ordering/admin/pricing/copy.html"

    def write(self, request: HttpRequest) -> HttpResponseBase:
        if not self.permission_policy.user_has_permission(request.user, "add"):
            raise PermissionDenied
        form = CopyForm(request.POST)
        if form.is_valid():
            try:
                copied = services.copy_list(
                    actor=request.user, price_list=self.price_list, **form.cleaned_data
                )
            except core.Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("Copied. It has no audience yet."))
                return redirect(url("edit", copied.pk))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initial = {
            "name": str(self.price_list),
            "valid_from": self.price_list.valid_from,
            "valid_until": self.price_list.valid_until,
        }
        return super().get_context_data(**({"form": CopyForm(initial=initial)} | kwargs))


class ExplainView(OfficePage):
    """What does a company pay for a product on a day, and why?"""

    page_title = _("Why this price?")
    header_icon = "help"
    template_name = "qudao_b2b_ordering/admin/pricing/explain.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": url("index"), "label": _("Price lists")},
            {"url": "", "label": self.page_title},
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Price lists"), url=url("index"), icon_name="list-ul")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ExplainForm(self.request.GET) if self.request.GET.get("sku") else ExplainForm()
        found = _explained(self.request, form) if form.is_bound and form.is_valid() else None
        own = {
            "form": form,
            "found": found,
            "rows": explanation_rows(found, get_language() or "en") if found else [],
        }
        return super().get_context_data(**(own | kwargs))


def _explained(request: HttpRequest, form: ExplainForm) -> Any:
    given: dict[str, Any] = form.cleaned_data
    quantity: Decimal = given["quantity"]
    on: date = given["on"]
    try:
        return queries.explain_for(
            core.viewer_for(request.user), given["company"].strip(), given["sku"].strip(), quantity, on
        )
    except core.Refusal as refusal:
        field = "sku" if refusal.code == "product_not_found" else "company"
        form.add_error(field, str(refusal.message))
        return None


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
            Button(_("Why this price?"), url=url("explain"), icon_name="help", priority=90),
        ]

    def get_list_more_buttons(self, instance: PriceList) -> list[Button]:
        return [*super().get_list_more_buttons(instance), *_links(instance)]


def _counted(model: Any, field: str) -> Any:
    rows = model.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(rows.values(count=Count("pk")), output_field=IntegerField()), 0)


def _links(row: PriceList) -> list[Button]:
    return [
        Button(label, url=link, icon_name=icon, priority=60 + place)
        for place, (label, link, icon) in enumerate(links(row))
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
            show_refusal_message(self.request, refusal)
            return redirect(url("edit", self.object.pk))

    def delete_action(self) -> None:
        services.delete_list(actor=self.request.user, price_list=self.object)


class PriceListViewSet(ModelViewSet):
    model = PriceList
    name = NAMESPACE
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
            path("prices/<int:pk>/", of(RowsView), name="rows"),
            path("assignments/<int:pk>/", of(AssignmentsView), name="assignments"),
            path("percents/<int:pk>/", of(PercentsView), name="percents"),
            path("copy-list/<int:pk>/", of(CopyView), name="copy_list"),
            path("explain/", of(ExplainView), name="explain"),
        ]


def _prices(row: Any) -> str:
    if row.kind == PriceList.Kind.DERIVED:
        return f"{row.base} {row.percent.normalize():+f} %"
    return str(row.row_count)


def _start(row: PriceList) -> Any:
    return "" if row.valid_from == ALWAYS else row.valid_from
