"""The address of a page: Wagtail asks here before it serves one. And addresses that exist in another language only."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import NotFound
from qudao_core.pages import refusal_page
from qudao_core.requests import get_viewer
from qudao_core.viewer import Viewer
from wagtail.models import Locale, Page
from wagtail.views import serve

from ..access.queries import AccessCheck
from ..previewing.labels import not_admitted, not_visible
from .audience import audience_along_tree, page_access_tokens


def guard(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """Nothing, and Wagtail goes on (it looks after its own restrictions); or the answer instead.

    Guests are asked to sign in; for everybody else a page that is not theirs does not exist. Pages in whose line
    nobody has an audience are Wagtail's business alone.
    """
    viewer = get_viewer(request)
    keys = audience_along_tree([page.pk]).get(page.pk)
    if viewer.is_preview:
        return _guard_preview(page, request, viewer, keys)
    if keys is None:
        return None
    if AccessCheck(viewer).is_open(keys) or (viewer.is_staff and _edits(page, request)):
        return None
    if viewer.is_guest:
        return redirect_to_login(request.get_full_path())
    return refusal_page(request, NotFound("page_not_found", _("There is no such page.")))


def _guard_preview(
    page: Page, request: HttpRequest, viewer: Viewer, keys: frozenset[str] | None
) -> HttpResponse | None:
    """The same in a preview, where neither rights to edit nor groups of whoever looks count, and with the reason."""
    reading = AccessCheck(viewer)
    if keys is not None and not reading.is_open(keys):
        return refusal_page(request, not_visible(viewer, keys, code="page_not_found"))
    tokens = page_access_tokens([page.pk]).get(page.pk)
    if tokens is not None and not reading.is_open(tokens):
        return refusal_page(request, not_admitted(viewer, code="page_not_found"))
    return None


def _edits(page: Page, request: HttpRequest) -> bool:
    """Whoever may change a page in the admin may look at it."""
    return bool(page.permissions_for_user(request.user).can_edit())


def in_another_language(request: HttpRequest) -> HttpResponse | None:
    """The page at an address that leads nowhere in the reader's language, in the first language where it does.

    Wagtail's routing stays inside one language's tree: without this a page that is not translated could not be read.
    """
    match = request.resolver_match
    if match is None or match.url_name != "wagtail_serve" or _route(request) is not None:
        return None
    path = match.kwargs.get("path") or (match.args[0] if match.args else "")
    for locale in Locale.objects.exclude(language_code=get_language()).order_by("pk"):
        request.__dict__.pop("_wagtail_route_for_request", None)
        with override(locale.language_code):
            found = Page.route_for_request(request, path)
        if found is not None:
            return _served(request, path)
    return None


def _route(request: HttpRequest) -> Any:
    """Where Wagtail's routing led; a page that was found and says 404 itself means it."""
    return getattr(request, "_wagtail_route_for_request", None)


def _served(request: HttpRequest, path: str) -> HttpResponse | None:
    try:
        return serve(request, path)  # type: ignore[no-any-return]
    except Http404:
        return None
