"""The address of a document: Wagtail's view asks here before it hands out the file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from qudao_core.errors import NotFound
from qudao_core.headless.authentication import BearerAuthentication
from qudao_core.pages import refusal_page
from qudao_core.requests import get_viewer
from qudao_core.viewer import Viewer
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from ..access.queries import AccessCheck, sees_all_content
from ..previewing.labels import not_admitted, not_visible
from .access import AUDIENCE, collection_restrictions, declared_rules, open_by


def guard(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Nothing, and Wagtail goes on (its own hook has the restrictions of the collection); or the answer instead.

    Guests are asked to sign in; for everybody else a document that is not theirs does not exist. A program may show
    its token, as it does to the API. Documents nobody has aimed are Wagtail's business alone.
    """
    try:
        viewer = _viewer(request)
    except AuthenticationFailed as error:
        return HttpResponse(str(error.detail), status=401, content_type="text/plain; charset=utf-8")
    if viewer.is_preview:
        refusal = _hidden_in_preview(document, viewer)
        return refusal_page(request, refusal) if refusal else None
    said = declared_rules([document.pk])
    if document.pk not in said:
        return None
    if open_by(viewer, said) or sees_all_content(viewer) or _edits(document, request):
        return None
    if viewer.is_guest:
        return redirect_to_login(request.get_full_path())
    return refusal_page(request, NotFound("document_not_found", _("There is no such document.")))


def _hidden_in_preview(document: Any, viewer: Viewer) -> NotFound | None:
    """Why a member of the company that is looked as cannot open the document; rights of whoever looks do not count."""
    said = declared_rules([document.pk])
    own = [rule for rule in said.get(document.pk, ()) if rule.policy == AUDIENCE]
    if said and not open_by(viewer, said):
        if own:
            return not_visible(viewer, own[0].tokens, code="document_not_found")
        return NotFound(
            "document_not_found",
            _("Not visible to %(company)s: nothing this document is attached to is visible to it.")
            % {"company": viewer.company_name},
        )
    asked = collection_restrictions(document.pk)
    if asked and not AccessCheck(viewer).meets(asked):
        return not_admitted(viewer, code="document_not_found")
    return None


def _viewer(request: HttpRequest) -> Viewer:
    """Whoever shows a token, else whoever is signed in."""
    if not request.headers.get("Authorization", "").lower().startswith("bearer "):
        return get_viewer(request)
    return get_viewer(Request(request, authenticators=[BearerAuthentication()]))


def _edits(document: Any, request: HttpRequest) -> bool:
    """Whoever may change a document in the admin may look at it."""
    return bool(request.user.is_staff and document.is_editable_by_user(request.user))
