"""Addresses of the catalogue. A host mounts both lists; see ``catalog/README.md``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

web_urlpatterns: list[URLPattern | URLResolver] = []
api_urlpatterns: list[URLPattern | URLResolver] = []
