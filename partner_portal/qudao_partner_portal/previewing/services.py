"""Begin to look as a company."""

from __future__ import annotations

from django.db import transaction

from ..audit.services import record
from ..viewer import Viewer
from . import rules
from .queries import get_company_to_preview, preview_viewer


@transaction.atomic
def start_preview(*, viewer: Viewer, company_id: int, role: str = rules.USUAL_ROLE) -> rules.Choice:
    """What the browser keeps while ``viewer`` looks as somebody of the company.

    Records ``qudao.company.previewed`` in the company's history. Nothing else is written, now or during the preview.

    :raises Forbidden: ``permission_required``. :raises NotFound: the company is unknown or closed.
    :raises Refusal: ``unknown_role``.
    """
    preview_viewer(viewer, company_id=company_id, role=role)
    company = get_company_to_preview(viewer, company_id)
    data = {"changes": {"roles": ["", role]}}
    record(actor=viewer, instance=company, action="qudao.company.previewed", data=data)
    return rules.Choice(int(viewer.user_id or 0), company.pk, role)
