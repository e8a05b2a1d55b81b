"""Mappings somebody has kept."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ...viewer import Viewer
from ..models import KeptMapping


def kept_mappings(viewer: Viewer, kind: str) -> QuerySet[KeptMapping]:
    """Those of the viewer's company (of the back office without one), and those that are shared."""
    own = Q(company_id=viewer.company_id) if viewer.company_id else Q(company=None)
    return KeptMapping.objects.filter(own | Q(is_shared=True), kind=kind)


def kept_for(viewer: Viewer, kind: str, shape: str) -> KeptMapping | None:
    """The mapping for files of this make: the own one before a shared one, the newer before the older."""
    found = list(kept_mappings(viewer, kind).filter(shape=shape))
    found.sort(key=lambda each: each.company_id != viewer.company_id)
    return found[0] if found else None
