"""What every request of the site gets: an id in the answer, a policy for browsers, the person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

#: Longest path with its query. Everything our own pages link to is shorter; servers in front let more through.
LONGEST_ADDRESS = 8_000
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Puts the id that is on every log line of the request on ``request.id`` and on the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = structlog.contextvars.get_contextvars().get("request_id", "")  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class AddressLengthMiddleware:
    """Answers an address that is too long ourselves, as a page or a problem document; servers say it in bare words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            len(request.META.get("PATH_INFO", "")) + len(request.META.get("QUERY_STRING", ""))
            <= LONGEST_ADDRESS
        ):
            return self.get_response(request)
        from qudao_site.views import address_too_long  # noqa: PLC0415 - the views need settings and this module

        return address_too_long(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """One policy for our pages, a wider one for the back office, whose inline scripts are not ours.

    What the API answers is not a page: it may load nothing at all. A preview of a page keeps the policy of that
    page, and the editor may show it in a frame: Wagtail renders it through all middleware under the page's own
    address, and what is set here is what the browser gets.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if response.get("Content-Type", "").endswith("json"):
            response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
            return response
        replaced: dict[str, Any] = {}
        if getattr(request, "is_dummy", False):
            replaced = settings.QUDAO_PREVIEW_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
        elif request.path.startswith(settings.QUDAO_BACK_OFFICE_PATHS):
            replaced = settings.QUDAO_BACK_OFFICE_POLICY
            response["X-Frame-Options"] = "SAMEORIGIN"
        if replaced:
            response._csp_replace = replaced | getattr(response, "_csp_replace", {})
        return super().process_response(request, response)


class PersonalLanguageMiddleware:
    """A browser without a language cookie takes the language of the person signed in, and keeps it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = self._unknown_language(request)
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen  # type: ignore[attr-defined]
        response = self.get_response(request)
        if chosen and settings.LANGUAGE_COOKIE_NAME not in response.cookies:
            keep_language(response, chosen)
        return response

    def _unknown_language(self, request: HttpRequest) -> str:
        """The person's language, if this browser has said nothing and has a session."""
        known = {settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_NAME} & request.COOKIES.keys()
        if known != {settings.SESSION_COOKIE_NAME}:
            return ""
        language = getattr(request.user, "language", "")
        return language if language in dict(settings.LANGUAGES) else ""


def keep_language(response: HttpResponse, language: str) -> None:
    """Let the browser remember `language`."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
