"""Addresses of the search. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from .endpoints import rest, web

app_name = "site-search"

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", web.SearchPage.as_view(), name="search"),
    path("search/suggestions/", web.SuggestionsPage.as_view(), name="search-suggestions"),
    path("search/recent/forget/", web.ForgetPage.as_view(), name="search-forget"),
    path("search/clicks/", web.ClicksPage.as_view(), name="search-clicks"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", rest.Search.as_view(), name="search"),
    path("search/suggestions/", rest.Suggestions.as_view(), name="search-suggestions"),
    path("search/recent/", rest.RecentSearches.as_view(), name="search-recent"),
    path("search/clicks/", rest.Clicks.as_view(), name="search-clicks"),
]

urlpatterns = web_urlpatterns
