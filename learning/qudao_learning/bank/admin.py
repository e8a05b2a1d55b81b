"""Question banks in Wagtail's admin: banks and the questions in them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from qudao_core import api as core
from qudao_core.backoffice import CreateView, EditView, allow_only
from qudao_core.pages import show_refusal
from qudao_core.requests import get_viewer
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from ..backoffice import OfficePage
from . import queries, services
from .forms import PAGE_SIZE, BankForm, QuestionFilterForm
from .models import Bank, Question
from .rules.files import excerpt

NAMESPACE = "qudao_banks"
#: Ids longer than this are none of ours.
_LONGEST_ID = 18

allow_only(Bank, "add", "change")


def url(name: str, *arguments: Any) -> str:
    return reverse(f"{NAMESPACE}:{name}", args=arguments)


class OfBankPage(OfficePage):
    """A screen of one question bank."""

    header_icon = "help"
    view, change = queries.VIEW, queries.CHANGE

    @cached_property
    def bank(self) -> Bank:
        return queries.get_bank_by_id(self.viewer, self.kwargs["pk"])

    def get_trail(self) -> list[tuple[str, Any]]:
        return [(url("index"), _("Question banks")), (url("questions", self.bank.pk), self.bank)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(bank=self.bank, **kwargs)


class QuestionsView(OfBankPage):
    """The questions of a bank: narrowed down, retired and restored in bulk."""

    template_name = "qudao_learning/admin/bank/questions.html"

    def get_page_title(self) -> str:
        return str(self.bank)

    def get_trail(self) -> list[tuple[str, Any]]:
        return super().get_trail()[:1]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        found = []
        if self.viewer.may("qudao_learning.change_bank"):
            found.append(
                HeaderButton(_("Settings"), url=url("edit", self.bank.pk), icon_name="edit", priority=3)
            )
        return [
            *found,
            HeaderButton(_("History"), url=url("history", self.bank.pk), icon_name="history", priority=4),
        ]

    @cached_property
    def narrowing(self) -> QuestionFilterForm:
        return QuestionFilterForm(
            self.request.GET, topics=queries.topics(self.bank), languages=queries.languages(self.bank)
        )

    @cached_property
    def page(self) -> Page[Question]:
        rows = queries.questions(self.viewer, self.bank, self.narrowing.wanted)
        return Paginator(rows.order_by("topic", "pk"), PAGE_SIZE).get_page(self.request.GET.get("p"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        given = request.POST.getlist("question")[:PAGE_SIZE]
        ids = {int(pk) for pk in given if pk.isdecimal() and len(pk) <= _LONGEST_ID}
        retired = "restore" not in request.POST
        try:
            count = services.set_retired(actor=self.viewer, bank=self.bank, question_ids=ids, retired=retired)
        except core.Refusal as refusal:
            show_refusal(request, refusal)
        else:
            messages.success(request, _changed(count, retired=retired))
        return redirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("p", None)
        rows = [
            {"question": row, "label": row.said_name or excerpt(row.said_text) or str(row)}
            for row in self.page
        ]
        return super().get_context_data(
            narrowing=self.narrowing,
            is_narrowed=bool(query),
            rows=rows,
            page_obj=self.page,
            query=query.urlencode(),
            may_add=self.viewer.may("qudao_learning.add_question"),
            **kwargs,
        )


def _changed(count: int, *, retired: bool) -> str:
    if retired:
        return ngettext("%(count)d question retired.", "%(count)d questions retired.", count) % {
            "count": count
        }
    return ngettext("%(count)d question restored.", "%(count)d questions restored.", count) % {"count": count}


class BankIndexView(generic.IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> Any:
        return queries.banks(get_viewer(self.request))


class BankCreateView(CreateView):
    def get_success_url(self) -> str:
        return url("questions", self.object.pk)


class BankViewSet(ModelViewSet):  # type: ignore[misc]
    """Question banks; a bank's name leads to its questions."""

    model = Bank
    name = NAMESPACE
    url_prefix = "learning/banks"
    icon = "help"
    menu_label = _("Question banks")
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = BankIndexView
    add_view_class = BankCreateView
    edit_view_class = EditView
    search_backend_name = None
    search_fields = ["code", "name", "name_zh"]
    ordering = ["name"]
    list_per_page = 50
    list_display = [
        TitleColumn(
            "__str__", label=_("Name"), get_url=lambda row: url("questions", row.pk), sort_key="name"
        ),
        Column("code", label=_("Code"), sort_key="code"),
        NumberColumn("size", label=_("Questions in use"), sort_key="size"),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return BankForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("questions/<int:pk>/", self.construct_view(QuestionsView), name="questions"),
        ]
