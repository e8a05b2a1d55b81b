"""What the home page says about the viewer's company."""

from __future__ import annotations

from qudao_core.viewer import Viewer

from ..companies.models import Company


def company_state(viewer: Viewer) -> dict[str, str] | None:
    """``status`` and ``reason`` of a company that may not trade now; ``None`` for active ones and for none."""
    if not viewer.is_member or viewer.may_trade:
        return None
    if not viewer.shows("qudao_partner_portal.view_company"):
        return {"status": viewer.company_status, "reason": ""}
    rows = Company.objects.filter(pk=viewer.company_id).values("status", "status_reason")
    return {"status": row["status"], "reason": row["status_reason"]} if (row := rows.first()) else None
