"""Whom somebody of the back office may look as, and the viewer that shows it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import NotFound, Refusal
from qudao_core.viewer import Viewer
from qudao_core.viewers import require_permission

from ..companies.models import Company
from ..companies.queries import search_companies
from ..people.models import Role
from ..viewers import member_viewer
from . import rules


def may_preview(viewer: Viewer) -> bool:
    """Whether somebody of the back office holds the right to look at pages as a company."""
    return viewer.is_staff and viewer.may(rules.RIGHT)


def companies_to_preview(viewer: Viewer, search: str = "") -> QuerySet[Company]:
    """The companies that anybody can act for, in the order of the tree.

    :raises Forbidden: ``permission_required``.
    """
    require_permission(viewer, rules.RIGHT)
    return search_companies(_companies(), search).order_by("path")


def get_company_to_preview(viewer: Viewer, company_id: int) -> Company:
    """:raises Forbidden: ``permission_required``. :raises NotFound: unknown, or closed."""
    require_permission(viewer, rules.RIGHT)
    company = _companies().select_related("tier").filter(pk=company_id).first()
    if company is None:
        raise NotFound("company_not_found", _("There is no such company, or it is closed."), field="company")
    return company


def preview_viewer(
    viewer: Viewer, *, company_id: int, role: str = rules.USUAL_ROLE, language: str | None = None
) -> Viewer:
    """What ``viewer`` of the back office passes to queries to see what a member of the company sees.

    It is built as that of a member, holds none of the rights of whoever looks, and says ``is_preview``: pages show it
    in a band and take no changes. Figures that the back office guards (prices, orders) ask ``Viewer.shows``.

    :raises Forbidden: ``permission_required``. :raises NotFound: the company is unknown or closed.
    :raises Refusal: ``unknown_role``.
    """
    company = get_company_to_preview(viewer, company_id)
    if role not in Role.values:
        raise Refusal("unknown_role", _("There is no such role."), field="role", params={"role": role})
    return member_viewer(
        company, roles=[role], rights=viewer.permissions, language=language or viewer.language
    )


def _companies() -> QuerySet[Company]:
    return Company.objects.exclude(status=Company.Status.CLOSED)
