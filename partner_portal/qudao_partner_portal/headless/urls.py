"""The schema and the reference, part of the portal's ``api_urlpatterns``."""

from __future__ import annotations

from django.urls import path

from . import web

urlpatterns = [
    path("", web.reference, name="reference"),
    path("schema/", web.schema, name="schema"),
]
