"""Somebody whose session has ended is asked to sign in, and then stands where they were.

A page is redirected to the sign-in. A request made by a script inside a page (htmx, fetch) must not get the sign-in
page as its content: it gets 401 and the address to go to, and the page goes there as a whole. Afterwards the person is
led to the page they were on, never to an address that only takes forms.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_script(request: HttpRequest) -> bool:
    """Whether a script inside a page asks, so that the answer is no page of its own."""
    headers = request.headers
    return headers.get("HX-Request") == "true" or headers.get("X-Requested-With") == "fetch"


def sign_in_address(request: HttpRequest, asked_for: str = "") -> str:
    """Where to sign in, with the page to go on with: the one the person was on, or the one asked for."""
    back = _page_of(request) if is_script(request) or request.method not in SAFE else ""
    back = back or (asked_for if request.method in SAFE else _own_page(request)) or "/"
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back}, safe='/')}"


def ask_to_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, unless it sends a script or a form of somebody signed out to the sign-in page."""
    if not _leads_to_sign_in(response) or request.user.is_authenticated:
        return response
    script = is_script(request)
    if not script and request.method in SAFE:
        return response
    asked_for = parse_qs(urlsplit(response["Location"]).query).get("next", [""])[0]
    if not asked_for:  # somebody wanted to go there
        return response
    address = sign_in_address(request, asked_for)
    if not script:
        response["Location"] = address
        return response
    return HttpResponse(status=401, headers={"HX-Redirect": address, "Cache-Control": "no-store"})


def _leads_to_sign_in(response: HttpResponse) -> bool:
    if response.status_code != 302:
        return False
    return urlsplit(response["Location"]).path == urlsplit(resolve_url(settings.LOGIN_URL)).path


def _own_page(request: HttpRequest) -> str:
    """The address itself, when what answers the form there is a page as well."""
    view = getattr(getattr(request.resolver_match, "func", None), "view_class", None)
    return request.path if view is not None and hasattr(view, "get") and not is_script(request) else ""


def _page_of(request: HttpRequest) -> str:
    """The page of ours that a form or script stands on, as path and query."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if url_has_allowed_host_and_scheme(path, None) else ""
