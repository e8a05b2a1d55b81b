"""Addresses of the platform. A host mounts ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from .events import rest as events
from .headless import web as headless
from .imports.urls import api_urlpatterns as imports

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("", headless.reference, name="reference"),
    path("schema/", headless.schema, name="schema"),
    path("events/", events.Events.as_view(), name="events"),
    path("deliveries/", events.Deliveries.as_view(), name="deliveries"),
    path("deliveries/<int:pk>/replay/", events.DeliveryReplay.as_view(), name="delivery-replay"),
    *imports,
]
