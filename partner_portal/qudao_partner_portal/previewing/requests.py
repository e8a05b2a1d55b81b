"""The preview that runs in a browser: a signed cookie for an hour, asked anew at every request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Forbidden, Refusal
from qudao_core.headless.problems import CONTENT_TYPE, describe_refusal
from qudao_core.pages import Page, not_in_preview, refusal_page
from qudao_core.requests import get_versions, set_viewer
from qudao_core.viewer import Viewer
from qudao_core.viewers import viewer_for
from rest_framework.views import APIView

from . import rules
from .queries import preview_viewer

COOKIE = "qudao_preview"
_SALT = "qudao.preview"
#: Pages that are one's own during a preview, too: the way out of it, and of the session; how programs read the API.
OUTSIDE = frozenset({"preview-end", "account_logout", "set_language", "schema"})
#: Views of Wagtail that show pages and documents; the guards of the portal decide about each.
GUARDED = frozenset({"wagtail_serve", "wagtaildocs_serve"})


def store_choice(request: HttpRequest, response: HttpResponse, choice: rules.PreviewChoice) -> None:
    """Let this browser look as ``choice`` says until it is over."""
    response.set_signed_cookie(
        COOKIE,
        rules.serialize(choice),
        salt=_SALT,
        max_age=int(rules.LIFETIME.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def clear_choice(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def preview_of(request: HttpRequest) -> Viewer | None:
    """The viewer of the preview that runs here.

    ``None`` when there is none: never begun, over, begun by somebody else, the right taken away, the company closed.
    """
    if COOKIE not in request.COOKIES:
        return None
    text = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=rules.LIFETIME)
    choice = rules.parse(text or "")
    if choice is None or not request.user.is_authenticated or request.user.pk != choice.user_id:
        return None
    own = viewer_for(request.user, versions=get_versions(request))
    try:
        return preview_viewer(own, company_id=choice.company_id, role=choice.role, language=get_language())
    except Refusal:
        return None


def enter_preview(request: HttpRequest, view: Any) -> HttpResponse | None:
    """Let a page be shown as the company sees it; or the answer instead, to whoever wants to change something, and for
    a page that does not say that it is shown in previews, whoever has written it.

    The back office, programs (with their token) and the way out are not part of the preview.
    """
    if COOKIE not in request.COOKIES or _is_outside(request, view):
        return None
    viewer = preview_of(request)
    if viewer is None:
        return None
    set_viewer(request, viewer)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return _answer(request, _read_only())
    return None if _is_shown(request, view) else _answer(request, not_in_preview())


def _read_only() -> Refusal:
    """What is said to whoever presses a button during a preview."""
    return Forbidden(
        "preview_is_read_only",
        _("Nothing can be ordered or changed in a preview."),
        remedy=_("End the preview to work under your own name."),
    )


def _is_shown(request: HttpRequest, view: Any) -> bool:
    """Whether a view knows previews: pages of the portal decide by themselves; others say so (``in_previews``)."""
    match = request.resolver_match
    shown_by = getattr(view, "view_class", view)
    is_page = isinstance(shown_by, type) and issubclass(shown_by, Page)
    says_so = is_page or getattr(shown_by, "in_previews", False) is True
    return says_so or bool(match and match.url_name in GUARDED)


def _answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if "HX-Request" in request.headers or "text/html" not in request.headers.get("Accept", "text/html"):
        problem = describe_refusal(refusal, request)
        return JsonResponse(problem, status=refusal.status, content_type=CONTENT_TYPE)
    return refusal_page(request, refusal)


def _is_outside(request: HttpRequest, view: Any) -> bool:
    match = request.resolver_match
    office = _address("wagtailadmin_home")
    return bool(
        (match and match.url_name in OUTSIDE)
        or (office and request.path.startswith(office))
        or request.headers.get("Authorization", "").lower().startswith("bearer ")
        or issubclass(getattr(view, "cls", object), APIView)
    )


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
