"""What the search adds to Wagtail's admin: synonyms to keep, and a report of what people search for."""

from __future__ import annotations

from django.urls import URLPattern
from wagtail import hooks

from .query_log import admin as log
from .synonyms.admin import SynonymViewSet


@hooks.register("register_admin_viewset")
def register_synonyms() -> SynonymViewSet:
    return SynonymViewSet()


@hooks.register("register_admin_urls")
def register_search_report() -> list[URLPattern]:
    return log.urlpatterns


@hooks.register("register_reports_menu_item")
def register_search_report_menu_item() -> log.SearchReportMenuItem:
    return log.menu_item()
