"""Who may change a company's particulars."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Forbidden, NotFound
from qudao_core.viewer import Viewer

CHANGE_COMPANY = "qudao_partner_portal.change_company"

ADD_COMPANY = "qudao_partner_portal.add_company"


def may_manage(viewer: Viewer, company_id: int, *roles: str, permission: str = CHANGE_COMPANY) -> bool:
    """Whether the viewer works for the company in one of ``roles``, or holds the back-office permission."""
    own = viewer.company_id == company_id and bool(viewer.roles) and viewer.has_role(*roles)
    return own or viewer.may(permission)


def require_role(
    viewer: Viewer, company_id: int | None, *roles: str, permission: str = CHANGE_COMPANY
) -> None:
    """Let the call go on only if :func:`may_manage`.

    :raises NotFound: the company is not the viewer's, so it is not there at all.
    :raises Forbidden: ``role_required``: it is the viewer's company, but the role is missing.
    """
    if company_id and may_manage(viewer, company_id, *roles, permission=permission):
        return
    if company_id and company_id == viewer.company_id:
        raise Forbidden(
            "role_required",
            _("Your role does not allow this."),
            remedy=_("Ask an administrator of your company."),
            params={"roles": list(roles)},
        )
    raise NotFound("company_not_found", _("There is no such company."))
