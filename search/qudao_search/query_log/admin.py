"""The report "Searches" in Wagtail's admin: what is asked, what finds nothing, what nobody opens. Without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import ButtonsColumnMixin, Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button, ButtonWithDropdown
from wagtail.permission_policies import ModelPermissionPolicy

from . import queries
from .models import QueryLog

REPORT, RESULTS = "qudao_search_report", "qudao_search_report_results"
ADD_SYNONYMS = "qudao_synonyms:add"
POLICY = ModelPermissionPolicy(QueryLog)

REPORTS = {
    "asked": (_("Most searched"), queries.most_searched),
    "nothing": (_("Without results"), queries.without_hits),
    "partly": (_("Some of the words, or a correction"), queries.partly),
    "unopened": (_("Results, but none opened"), queries.never_clicked),
    "abandoned": (_("Abandoned: nothing opened, then another search"), queries.abandoned),
}
PERIODS = {"1": _("1 day"), "7": _("7 days"), "30": _("30 days"), "90": _("90 days")}
USUAL_REPORT, USUAL_PERIOD = "asked", "30"


@dataclass(frozen=True, slots=True)
class Row:
    """A query as the report shows it.

    ``opened`` is the share of askings after which a hit was opened, ``abandoned`` of those after which the person
    opened nothing and soon searched for something else.
    """

    question: str
    asked: int
    hits: int
    matched: str
    opened: str
    abandoned: str
    position: str
    last_asked: datetime

    @classmethod
    def of(cls, row: dict[str, Any]) -> Row:
        position = row["position"]
        return cls(
            question=row["shown"],
            asked=row["asked"],
            hits=row["most_hits"],
            matched=_matched(row),
            opened=_share(row["clicked"], row["asked"]) if row["most_hits"] else "",
            abandoned=_share(row["abandoned"], row["asked"]) if row["abandoned"] else "",
            position=f"{position:.1f}" if position else "",
            last_asked=row["last_asked"],
        )


def _share(part: int, whole: int) -> str:
    return f"{100 * part // whole} %"


def _matched(row: dict[str, Any]) -> str:
    """What the readers were shown: hits with all words, something near, or nothing."""
    if row["most_hits"]:
        return str(QueryLog.Matched.ALL.label)
    if row["instead"]:
        return gettext("%(count)d for “%(text)s” instead") % {
            "count": row["near_hits"],
            "text": row["instead"],
        }
    if row["near_hits"]:
        return gettext("%(count)d with some of the words") % {"count": row["near_hits"]}
    return str(QueryLog.Matched.NOTHING.label)


class ReportFilters(WagtailFilterSet):
    """What is read and for when; the queries do the work, so the filters themselves leave the rows alone."""

    show = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[(key, label) for key, (label, _rows) in REPORTS.items() if key != USUAL_REPORT],
        method="keep",
        empty_label=REPORTS[USUAL_REPORT][0],
        widget=forms.RadioSelect,
    )
    days = django_filters.ChoiceFilter(
        label=_("Period"),
        choices=[(days, label) for days, label in PERIODS.items() if days != USUAL_PERIOD],
        method="keep",
        empty_label=PERIODS[USUAL_PERIOD],
        widget=forms.RadioSelect,
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, method="keep", empty_label=_("Every language")
    )

    class Meta:
        model = QueryLog
        fields: list[str] = []

    def keep(self, rows: Any, name: str, value: str) -> Any:
        return rows


class QuestionColumn(ButtonsColumnMixin, TitleColumn):
    """The query; editors who keep synonyms are offered to make one of it."""

    def get_buttons(self, instance: Row, parent_context: Any) -> list[Button]:
        if not parent_context["request"].user.has_perm("qudao_search.add_synonymset"):
            return []
        address = f"{reverse(ADD_SYNONYMS)}?{urlencode({'words': instance.question})}"
        offers = [Button(_("Add a synonym"), url=address, icon_name="plus", priority=10)]
        label = _("More options for “%(title)s”") % {"title": instance.question}
        return [ButtonWithDropdown(buttons=offers, icon_name="dots-horizontal", attrs={"aria-label": label})]


class SearchReportView(ReportView):
    page_title = _("Searches")
    header_icon = "search"
    model = QueryLog
    permission_policy = POLICY
    permission_required = "view"
    index_url_name = REPORT
    index_results_url_name = RESULTS
    filterset_class = ReportFilters
    export_filename = "searches"
    list_export = ["question", "asked", "hits", "matched", "opened", "abandoned", "position", "last_asked"]
    export_headings = {
        "question": _("Query"),
        "asked": pgettext_lazy("count", "Searches"),
        "hits": _("Results"),
        "matched": pgettext_lazy("results", "Shown"),
        "opened": _("Opened"),
        "abandoned": _("Abandoned"),
        "position": _("Average position"),
        "last_asked": _("Last searched"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        return [
            QuestionColumn("question", label=_("Query")),
            NumberColumn("asked", label=pgettext_lazy("count", "Searches")),
            NumberColumn("hits", label=_("Results")),
            Column("matched", label=pgettext_lazy("results", "Shown")),
            Column("opened", label=_("Opened")),
            Column("abandoned", label=_("Abandoned")),
            Column("position", label=_("Average position")),
            DateColumn("last_asked", label=_("Last searched")),
        ]

    def get_queryset(self) -> queries.Rows:
        """Only what the query of the chosen report gives, in its order; at most so many rows."""
        _label, rows = REPORTS[self._chosen("show", USUAL_REPORT)]
        days, language = int(self._chosen("days", USUAL_PERIOD)), self._chosen("language", "")
        return rows(days=days, language=language)[: queries.MOST_ROWS]

    def _chosen(self, name: str, usual: str) -> str:
        valid = self.filters.is_valid()
        return str(self.filters.form.cleaned_data.get(name) or usual) if valid else usual

    def filter_queryset(self, queryset: queries.Rows) -> queries.Rows:
        return queryset

    def get_table(self, object_list: Any) -> Any:
        return super().get_table(self.decorate_paginated_queryset(object_list))

    def decorate_paginated_queryset(self, object_list: Any) -> list[Row]:
        return [Row.of(row) for row in object_list]

    def to_row_dict(self, item: Row) -> dict[str, Any]:
        """A query is what anybody typed: a spreadsheet must not take it for a formula."""
        row = super().to_row_dict(item)
        if row["question"][:1] in "=+-@\t\r":
            row["question"] = f"'{row['question']}"
        return row


class SearchReportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(POLICY.user_has_permission(request.user, "view"))


def menu_item() -> SearchReportMenuItem:
    return SearchReportMenuItem(
        _("Searches"), reverse(REPORT), name="searches", icon_name="search", order=1200
    )


urlpatterns: list[URLPattern] = [
    path("reports/searches/", SearchReportView.as_view(), name=REPORT),
    path("reports/searches/results/", SearchReportView.as_view(results_only=True), name=RESULTS),
]
