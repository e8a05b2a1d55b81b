"""Middleware of the portal; a host lists it after Django's ``AuthenticationMiddleware``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .content.guard import in_another_language
from .people.requests import get_viewer
from .people.signing_in import ask_to_sign_in


class ViewerMiddleware:
    """Puts ``request.viewer`` on every request; nothing is read until somebody looks at it.

    Who is signed out is asked to sign in as :mod:`.people.signing_in` says, whichever view found out. What a person
    sees after signing in is kept by no cache: going back shows what is true, and nothing to whoever comes next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: get_viewer(request))  # type: ignore[attr-defined]
        response = ask_to_sign_in(request, self.get_response(request))
        if _is_uncached_page(response) and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that is not there in the reader's language is read in another."""
        return in_another_language(request) if isinstance(exception, Http404) else None


def _is_uncached_page(response: HttpResponse) -> bool:
    is_page = response.status_code < 400 and response.get("Content-Type", "").startswith("text/html")
    return is_page and not response.has_header("Cache-Control")
