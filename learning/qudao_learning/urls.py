"""Addresses of learning. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "learning"

api_urlpatterns: list[URLPattern | URLResolver] = []
web_urlpatterns: list[URLPattern | URLResolver] = []
urlpatterns = web_urlpatterns
