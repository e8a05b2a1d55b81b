"""The document's form in Wagtail's admin: whom the document is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import View
from qudao_core.viewers import viewer_for
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.documents import get_document_model
from wagtail.documents.forms import BaseDocumentForm
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from ..audience.admin import PeopleKeysField
from .models import DocumentText
from .services import audience_of, read_again, set_audience


class DocumentForm(BaseDocumentForm):  # type: ignore[misc]
    """Named by ``WAGTAILDOCS_DOCUMENT_FORM_BASE``. Where a form does not show the audience it stays as it is."""

    audience_keys = PeopleKeysField(
        label=_("Audience"),
        required=False,
        help_text=_(
            "Empty: everyone who can see the products and pages it is attached to can open the "
            "document; attached to nothing, it does not appear in search, and anyone who has its URL can open it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if self.instance.pk and "audience_keys" in self.fields:
            self.initial["audience_keys"] = audience_of(self.instance)

    def save(self, commit: bool = True) -> Any:
        document = super().save(commit=commit)
        if commit and self.add_prefix("audience_keys") in self.data:
            keys = self.cleaned_data["audience_keys"]
            set_audience(viewer=viewer_for(self.user), document=document, keys=keys)
        return document


REPORT, RESULTS, AGAIN = (
    "qudao_document_report",
    "qudao_document_report_results",
    "qudao_document_read_again",
)

State = DocumentText.State


def editable(user: Any) -> QuerySet[Any]:
    """The documents that the user may change."""
    return _policy().instances_user_has_permission_for(user, "change")  # type: ignore[no-any-return]


def _policy() -> Any:
    return policy_registry.get_by_type(get_document_model())


class DocumentReportFilters(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("Status"), choices=State.choices)
    reason = django_filters.MultipleChoiceFilter(label=_("Reason"), choices=DocumentText.Reason.choices)
    collection = django_filters.ModelChoiceFilter(
        label=_("Collection"), field_name="document__collection", queryset=Collection.objects.all()
    )

    class Meta:
        model = DocumentText
        fields = ["state", "reason"]


class DocumentReportView(ReportView):  # type: ignore[misc]
    """Every document the person may change; what could not be read comes first."""

    page_title = _("Document text")
    header_icon = "doc-full-inverse"
    index_url_name = REPORT
    index_results_url_name = RESULTS
    results_template_name = "qudao_partner_portal/admin/documents/report_results.html"
    filterset_class = DocumentReportFilters
    model = DocumentText
    export_headings = {
        "document.title": _("Title"),
        "document.filename": _("File"),
        "get_state_display": _("Status"),
        "get_reason_display": _("Reason"),
        "read_at": _("Read at"),
    }
    list_export = list(export_headings)
    default_ordering = "state"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _require_editor(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_queryset(self) -> QuerySet[DocumentText]:
        rows = DocumentText.objects.filter(document__in=editable(self.request.user))
        return self.order_queryset(rows.select_related("document").defer("text"))  # type: ignore[no-any-return]

    def order_queryset(self, queryset: QuerySet[DocumentText]) -> QuerySet[DocumentText]:
        ordering = {"state": ["-state", "-read_at", "pk"], "-state": ["state", "-read_at", "pk"]}
        return queryset.order_by(*ordering.get(self.ordering, [self.ordering, "pk"]))

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "document", label=_("Title"), sort_key="document__title", get_url=lambda row: edit_url(row.pk)
            ),
            Column("filename", label=_("File"), accessor="document.filename"),
            Column("size", label=_("Size"), accessor=lambda row: filesizeformat(row.document.file_size or 0)),
            StatusTagColumn(
                "state",
                label=_("Status"),
                accessor="get_state_display",
                sort_key="state",
                primary=lambda row: row.state == State.READY,
            ),
            Column("reason", label=_("Reason"), accessor="get_reason_display", sort_key="reason"),
            DateColumn("read_at", label=_("Read at"), sort_key="read_at"),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        shown = [row.pk for row in context["object_list"] if row.state != State.WAITING]
        return context | {"again_url": reverse(AGAIN), "again": [] if self.is_export else shown}


class ReadAgainView(View):
    """POST ``document`` (any number): those of them that the person may change wait to be read again."""

    def post(self, request: HttpRequest) -> HttpResponse:
        _require_editor(request)
        wanted = [int(pk) for pk in request.POST.getlist("document") if pk.isdecimal() and len(pk) < 19]
        ids = editable(request.user).filter(pk__in=wanted[:500]).order_by("pk")
        count = read_again(document_ids=list(ids.values_list("pk", flat=True)))
        messages.success(
            request,
            ngettext(
                "%(count)d document will be read in a moment.",
                "%(count)d documents will be read in a moment.",
                count,
            )
            % {"count": count},
        )
        return redirect(edit_url(wanted[0]) if len(wanted) == 1 and count else reverse(REPORT))


def edit_url(document_id: int) -> str:
    return reverse("wagtaildocs:edit", args=[document_id])


def _require_editor(request: HttpRequest) -> None:
    if not _policy().user_has_permission(request.user, "change"):
        raise PermissionDenied


class DocumentReportItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(_policy().user_has_permission(request.user, "change"))


def report_item() -> MenuItem:
    """The entry in Wagtail's menu of reports."""
    return DocumentReportItem(
        _("Document text"),
        reverse(REPORT),
        name="qudao-document-texts",
        icon_name="doc-full-inverse",
        order=910,
    )


def admin_urls() -> Iterable[URLPattern]:
    return [
        path("reports/document-texts/", DocumentReportView.as_view(), name=REPORT),
        path("reports/document-texts/results/", DocumentReportView.as_view(results_only=True), name=RESULTS),
        path("reports/document-texts/again/", ReadAgainView.as_view(), name=AGAIN),
    ]
