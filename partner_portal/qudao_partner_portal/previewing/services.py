"""Begin to look as a company."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from qudao_core.audit.queries import was_recorded
from qudao_core.audit.services import record
from qudao_core.viewer import Viewer

from ..companies.models import Company
from . import rules
from .queries import get_company_to_preview, preview_viewer

PREVIEWED = "qudao.company.previewed"


@transaction.atomic
def start_preview(*, viewer: Viewer, company_id: int, role: str = rules.USUAL_ROLE) -> rules.PreviewChoice:
    """What the browser keeps while ``viewer`` looks as somebody of the company.

    Records ``qudao.company.previewed`` in the company's history. Nothing else is written, now or during the preview.

    :raises Forbidden: ``permission_required``. :raises NotFound: the company is unknown or closed.
    :raises Refusal: ``unknown_role``.
    """
    preview_viewer(viewer, company_id=company_id, role=role)
    company = get_company_to_preview(viewer, company_id)
    _record(viewer, company, role)
    return rules.PreviewChoice(int(viewer.user_id or 0), company.pk, role)


@transaction.atomic
def note_preview(*, viewer: Viewer, company_id: int, role: str = rules.USUAL_ROLE) -> None:
    """For a screen that shows one thing as the company sees it, without beginning a preview: records the same, but
    once for as long as a preview lasts, whatever is looked at meanwhile.

    :raises Forbidden: ``permission_required``. :raises NotFound: the company is unknown or closed.
    """
    company = get_company_to_preview(viewer, company_id)
    since = timezone.now() - rules.LIFETIME
    if not was_recorded(company, PREVIEWED, actor_id=viewer.user_id, since=since):
        _record(viewer, company, role)


def _record(viewer: Viewer, company: Company, role: str) -> None:
    data = {"changes": {"roles": ["", role]}}
    record(actor=viewer, instance=company, action=PREVIEWED, data=data)
