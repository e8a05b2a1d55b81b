"""URLs of quick order."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from . import rest

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("quick-order/", rest.QuickOrder.as_view(), name="quick-order"),
    path("own-numbers/", rest.OwnNumbers.as_view(), name="own-numbers"),
]
