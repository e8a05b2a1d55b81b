"""Mappings somebody has kept."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ...errors import NotFound
from ...viewer import Viewer
from .. import queries
from ..models import ImportJob, SavedMapping


def saved_mappings(viewer: Viewer, kind: str) -> QuerySet[SavedMapping]:
    """Those of the viewer's company (of the back office without one), and those that are shared."""
    return SavedMapping.objects.filter(_own(viewer) | Q(is_shared=True), kind=kind)


def _own(viewer: Viewer) -> Q:
    return Q(company_id=viewer.company_id) if viewer.company_id else Q(company_id=None)


def every_saved_mapping(viewer: Viewer) -> QuerySet[SavedMapping]:
    """Those of every kind the viewer may import, with the number of files that were read by each (``files``)."""
    kinds = [importer.kind for importer in queries.kinds(viewer)]
    rows = SavedMapping.objects.filter(_own(viewer) | Q(is_shared=True), kind__in=kinds)
    used = Count("jobs", filter=Q(jobs__in=queries.jobs(viewer).order_by()))
    return rows.select_related("created_by").annotate(files=used).order_by("kind", "name", "pk")


def get_saved_mapping(viewer: Viewer, pk: int) -> SavedMapping:
    """:raises NotFound: there is no such mapping for this viewer."""
    found = every_saved_mapping(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", _("This saved column mapping does not exist."))
    return found


def is_own(viewer: Viewer, kept: SavedMapping) -> bool:
    """Whether it is the viewer's to change: the company's, or the back office's."""
    return kept.company_id == viewer.company_id


def files_read_by(viewer: Viewer, kept: SavedMapping) -> QuerySet[ImportJob]:
    """The imports the viewer sees whose file was read by it, newest first."""
    return queries.jobs(viewer).filter(saved_mapping=kept)


def saved_mapping_for(viewer: Viewer, kind: str, shape: str) -> SavedMapping | None:
    """The mapping for files of this make: the own one before a shared one, the newer before the older."""
    found = list(saved_mappings(viewer, kind).filter(shape=shape))
    found.sort(key=lambda each: each.company_id != viewer.company_id)
    return found[0] if found else None
