"""Middleware of the portal; a host lists it after Django's ``AuthenticationMiddleware``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .people.requests import get_viewer


class ViewerMiddleware:
    """Puts ``request.viewer`` on every request; nothing is read until somebody looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: get_viewer(request))  # type: ignore[attr-defined]
        return self.get_response(request)
