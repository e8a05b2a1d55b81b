"""Reads of the headless subject."""

from __future__ import annotations

from django.db.models import QuerySet

from ..viewer import Viewer
from .models import ApiToken


def tokens_of(viewer: Viewer) -> QuerySet[ApiToken]:
    """The viewer's own tokens for the company it acts for, newest first, revoked ones included."""
    if viewer.user_id is None:
        return ApiToken.objects.none()
    own = ApiToken.objects.filter(user_id=viewer.user_id)
    if viewer.company_id is None:
        return own.filter(company_id=None)
    return own.filter(company_id=viewer.company_id)
