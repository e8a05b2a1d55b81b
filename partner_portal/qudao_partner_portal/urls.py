"""Addresses of the portal. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from .headless.urls import urlpatterns as headless_urlpatterns

app_name = "portal"

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [*headless_urlpatterns]

urlpatterns = web_urlpatterns
