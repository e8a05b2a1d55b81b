"""URLs of order flows."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("flows/", rest.FlowList.as_view(), name="flows"),
    path("flows/<slug:code>/", rest.FlowItem.as_view(), name="flow"),
    path("flows/<slug:code>/preview/", rest.FlowPreview.as_view(), name="flow-preview"),
]
