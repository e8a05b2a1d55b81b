"""Middleware of the portal; a host lists it after Django's ``AuthenticationMiddleware``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .content.guard import in_another_language
from .people.requests import get_viewer


class ViewerMiddleware:
    """Puts ``request.viewer`` on every request; nothing is read until somebody looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: get_viewer(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that is not there in the reader's language is read in another."""
        return in_another_language(request) if isinstance(exception, Http404) else None
