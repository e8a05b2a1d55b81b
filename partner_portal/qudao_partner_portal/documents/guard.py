"""The address of a document: Wagtail's view asks here before it hands out the file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from ..content.reading import sees_all_content
from ..errors import NotFound
from ..headless.authentication import BearerAuthentication
from ..pages import refused
from ..people.requests import get_viewer
from ..viewer import Viewer
from .doors import open_by, said_doors


def guard(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Nothing, and Wagtail goes on (its own hook has the restrictions of the collection); or the answer instead.

    Guests are asked to sign in; for everybody else a document that is not theirs does not exist. A program may show
    its token, as it does to the API. Documents nobody has aimed are Wagtail's business alone.
    """
    said = said_doors([document.pk])
    if document.pk not in said:
        return None
    try:
        viewer = _viewer(request)
    except AuthenticationFailed as error:
        return HttpResponse(str(error.detail), status=401, content_type="text/plain; charset=utf-8")
    if open_by(viewer, said) or sees_all_content(viewer) or _edits(document, request):
        return None
    if viewer.is_guest:
        return redirect_to_login(request.get_full_path())
    return refused(request, NotFound("document_not_found", _("There is no such document.")))


def _viewer(request: HttpRequest) -> Viewer:
    """Whoever shows a token, else whoever is signed in."""
    if not request.headers.get("Authorization", "").lower().startswith("bearer "):
        return get_viewer(request)
    return get_viewer(Request(request, authenticators=[BearerAuthentication()]))


def _edits(document: Any, request: HttpRequest) -> bool:
    """Whoever may change a document in the admin may look at it."""
    return bool(request.user.is_staff and document.is_editable_by_user(request.user))
