"""A draft as a member of a company would see it, in the preview of Wagtail's editor."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Forbidden
from qudao_core.pages import refusal_page
from qudao_core.requests import get_viewer, set_viewer

from ..access.queries import AccessCheck
from ..previewing.labels import choose_company_url, not_visible
from ..previewing.queries import may_preview
from ..previewing.requests import preview_of

#: The mode in Wagtail's list of previews.
AS_COMPANY = "as-company"


def enter_draft(page: Any, request: HttpRequest, keys: frozenset[str]) -> HttpResponse | None:
    """Nothing, and the draft may be rendered for the company that was chosen; or what the frame shows instead.

    That is where a company is chosen, or why the draft would not be visible to it.
    """
    if not may_preview(get_viewer(request)):
        message = _("You do not have permission to preview pages as a company.")
        return refusal_page(
            request, Forbidden("permission_required", message, remedy=_("Ask a channel manager."))
        )
    viewer = preview_of(request)
    if viewer is None:
        return redirect(choose_company_url(editor_url(page)))
    set_viewer(request, viewer)
    request.preview_back = editor_url(page)  # type: ignore[attr-defined]
    if not AccessCheck(viewer).is_open(keys):
        response = refusal_page(request, not_visible(viewer, keys, code="page_not_found"))
        response.status_code = HTTPStatus.OK  # the draft was found: this is what its preview shows
        return response
    return None


def editor_url(page: Any) -> str:
    """Where the editor's frame shows this draft as a company sees it."""
    if page.pk:
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    else:
        model = page._meta
        kind = (model.app_label, model.model_name, page.get_parent().pk)
        address = reverse("wagtailadmin_pages:preview_on_add", args=kind)
    return f"{address}?mode={AS_COMPANY}&in_preview_panel=true"
