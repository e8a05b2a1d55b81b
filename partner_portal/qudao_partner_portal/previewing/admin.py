"""Choosing whom to look as, in Wagtail's admin: by name, with the keyboard or a thumb, without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from qudao_core.errors import Refusal
from qudao_core.pages import refusal_page, show_refusal
from qudao_core.requests import get_viewer
from qudao_core.viewer import Viewer
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from ..audience.queries import audience_labels
from ..companies.models import Company
from ..people.models import Role
from ..viewers import company_viewer
from . import rules
from .labels import choose_company_url
from .queries import companies_to_preview, may_preview
from .requests import store_choice
from .services import start_preview

SHOWN = 20


@method_decorator(require_admin_access, name="dispatch")
class ChooseView(View):
    """GET finds companies by name or code (``q``); POST begins and goes to ``next``, or to the home page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            return render(request, self._template(), self._context())
        except Refusal as refusal:
            return refusal_page(request, refusal)

    def post(self, request: HttpRequest) -> HttpResponse:
        given = request.POST
        try:
            choice = start_preview(
                viewer=get_viewer(request),
                company_id=_number(given.get("company", "")),
                role=given.get("role", rules.USUAL_ROLE),
            )
        except Refusal as refusal:
            show_refusal(request, refusal)
            return redirect(choose_company_url(self._back()))
        response = redirect(self._back() or reverse("portal:home"))
        store_choice(request, response, choice)
        return response

    def _context(self) -> dict[str, Any]:
        query = self.request.GET
        found = companies_to_preview(get_viewer(self.request), query.get("q", "").strip()[:80])
        if query.get("company") and not query.get("q"):
            found = found.filter(pk=_number(query["company"]))
        rows = list(found.select_related("tier")[: SHOWN + 1])
        return {
            "page_title": _("Preview as a company"),
            "header_title": _("Preview as a company"),
            "header_icon": "view",
            "breadcrumbs_items": [],
            "companies": rows[:SHOWN],
            "has_more": len(rows) > SHOWN,
            "roles": Role.choices,
            "usual_role": rules.USUAL_ROLE,
            "next": self._back(),
            "q": query.get("q", ""),
            "framed": self._is_framed(),
        }

    def _back(self) -> str:
        back = self.request.POST.get("next", "") or self.request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            back, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return back if safe else ""

    def _is_framed(self) -> bool:
        return "in_preview_panel" in self._back()

    def _template(self) -> str:
        name = "choose_in_panel" if self._is_framed() else "choose"
        return f"qudao_partner_portal/previewing/{name}.html"


def _number(text: str) -> int:
    """The id of a company; 0, which none has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


class PreviewMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return may_preview(get_viewer(request))


def menu_item() -> MenuItem:
    return PreviewMenuItem(
        _("Preview as a company"),
        reverse("qudao_preview"),
        icon_name="view",
        name="preview-as-company",
        order=220,
    )


def permissions() -> QuerySet[Permission]:
    """The right, for the screen where groups get theirs."""
    app_label, _dot, codename = rules.RIGHT.partition(".")
    return Permission.objects.filter(content_type__app_label=app_label, codename=codename)


def company_details(viewer: Viewer, company: Company) -> dict[str, Any]:
    """For the screen of a company: the audience keys that it answers to."""
    language = get_language() or "en"
    audience = company_viewer(company, language=language).audience
    return {"keys": sorted(audience_labels(audience, language).items())}


def company_buttons(viewer: Viewer, company: Company) -> list[Button]:
    """For the screen of a company: look at pages as it."""
    if not may_preview(viewer):
        return []
    url = choose_company_url(company_id=company.pk)
    return [Button(_("Preview pages as this company"), url=url, icon_name="view", priority=900)]


def page_button(page: Any, user: Any, next_url: str | None = None, **kwargs: Any) -> Any:
    """In the menu of a published page: look at it as a company."""
    if page.live and page.url and user.is_active and user.has_perm(rules.RIGHT):
        yield Button(_("Preview as a company"), choose_company_url(page.url), icon_name="view", priority=35)
