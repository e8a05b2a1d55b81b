"""Addresses of the portal. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from .headless.urls import urlpatterns as headless_urlpatterns
from .imports.urls import api_urlpatterns as imports_api_urlpatterns

app_name = "portal"

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = [*headless_urlpatterns, *imports_api_urlpatterns]

urlpatterns = web_urlpatterns
