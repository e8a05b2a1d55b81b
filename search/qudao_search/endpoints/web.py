"""The search page, suggestions while typing, recent searches, and the note that a hit was opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from qudao_core import conf as core_conf
from qudao_core.errors import Refusal
from qudao_core.pages import Page

from .. import api as search
from .. import conf as search_conf
from ..api import SearchRequest
from ..limits import count_query
from . import presenters, rules

SUGGESTIONS = 8
RECENT = 8


class ClickForm(forms.Form):
    """A hit that was opened: which, of which query, and where it stood."""

    query_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = forms.SlugField(max_length=20)
    item = forms.CharField(max_length=64)
    position = forms.IntegerField(min_value=1, max_value=10_000)


class ForgetForm(forms.Form):
    """A recent search to forget; without a text, all of them. ``next`` is where the page goes on."""

    text = forms.CharField(max_length=200, required=False)


class OpenCataloguePage(Page):
    """Guests only where the host opened its catalogue; else they are asked to sign in."""

    @property
    def guests(self) -> bool:  # type: ignore[override]
        return core_conf.open_catalogue()


class SearchPage(OpenCataloguePage):
    """One query over everything. The address holds the whole state. What a preview asks is not noted."""

    in_previews = True

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = rules.read_request(dict(request.GET.lists()), page_size=search_conf.page_size())
        context, status = self.answer(asked)
        live = request.headers.get("HX-Target") == "finding"
        template = "_results.html" if live else "search.html"
        response = render(request, f"qudao_search/{template}", context, status=status)
        if live:
            response["HX-Push-Url"] = request.path + without_empty_fields(request.GET)
        response["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
        response["Cache-Control"] = "private, no-store"
        return response

    def answer(self, asked: SearchRequest) -> tuple[dict[str, Any], int]:
        """The page's context and its status: a query that cannot be answered is told beside the field."""
        context: dict[str, Any] = {
            "asked": asked,
            "search_query": asked.text,
            "here": self.request.get_full_path(),
            "recent": presenters.repeat_links(search.recent_searches(self.viewer, limit=RECENT)),
        }
        if not (asked.text or asked.kinds or asked.facets):
            return context, 200
        count_query(self.request)
        try:
            result = search.search(
                self.viewer, asked, http_request=self.request, log=not self.viewer.is_preview
            )
        except Refusal as refusal:
            return context | {
                "problem": refusal.problem,
                "again_href": rules.query_url(asked, facets={}),
            }, 400
        return context | presenters.result_context(result), 200


class SuggestionsPage(OpenCataloguePage):
    """What stands under the field while somebody types; without a text, their recent searches."""

    in_previews = True

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:200]
        count_query(request)
        found = search.suggest(self.viewer, text, limit=SUGGESTIONS) if text else []
        context = {
            "suggestions": presenters.suggestion_rows(found, reverse("site-search:search")),
            "recent": presenters.repeat_links(
                [] if text else search.recent_searches(self.viewer, limit=RECENT)
            ),
        }
        response = render(request, "qudao_search/_suggestions.html", context)
        response["Cache-Control"] = "private, no-store"
        return response


class ForgetPage(OpenCataloguePage):
    """Take one query, or all of them, out of one's recent searches."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ForgetForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        search.forget_searches(self.viewer, text=form.cleaned_data["text"] or None)
        if request.headers.get("X-Requested-With") == "fetch":
            return HttpResponse(status=204)
        return redirect("site-search:search")


class ClicksPage(OpenCataloguePage):
    """A hit was opened. Sent by the browser beside the way there; nobody waits for the answer."""

    def post(self, request: HttpRequest) -> HttpResponse:
        count_query(request)
        form = ClickForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        search.record_click(self.viewer, **form.cleaned_data)
        return HttpResponse(status=204)


def without_empty_fields(query: QueryDict) -> str:
    """The query without empty fields: what the address bar shows after a live change."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        filled = [value for value in values if value]
        if filled and (name, filled) != ("sort", ["relevance"]):
            kept.setlist(name, filled)
    return f"?{kept.urlencode()}" if kept else ""
