"""Middleware of the portal; a host lists it after the platform's ``ViewerMiddleware``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from .content.guard import in_another_language
from .previewing.requests import enter_preview


class PreviewMiddleware:
    """In a preview, pages as the company sees them; where a page has no translation, the one in another language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """In a preview the page is shown as the company sees it, and takes no changes."""
        return enter_preview(request, view)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that is not there in the reader's language is read in another."""
        return in_another_language(request) if isinstance(exception, Http404) else None
