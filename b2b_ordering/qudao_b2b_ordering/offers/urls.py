from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from .web import WhyPricePage

web_urlpatterns: list[URLPattern | URLResolver] = [
    path("prices/", WhyPricePage.as_view(), name="why-price"),
]
api_urlpatterns: list[URLPattern | URLResolver] = []
