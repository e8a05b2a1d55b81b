"""Which imports somebody may do and has done."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..errors import NotFound
from ..hooks import importers
from ..viewer import Viewer
from .importer import Importer
from .models import ImportJob


def kinds(viewer: Viewer) -> list[type[Importer]]:
    """The importers ``viewer`` may use, in their order."""
    return [importer for importer in importers if importer.permits(viewer)]


def jobs(viewer: Viewer) -> QuerySet[ImportJob]:
    """Imports of the kinds ``viewer`` may do: everybody's for the back office, else only the person's own."""
    allowed = ImportJob.objects.filter(kind__in=[importer.kind for importer in kinds(viewer)])
    if viewer.may("qudao_core.view_importjob"):
        return allowed.select_related("created_by")
    return allowed.filter(created_by_id=viewer.user_id).exclude(created_by=None).select_related("created_by")


def get_job(viewer: Viewer, pk: int) -> ImportJob:
    """:raises NotFound: there is no such import for this viewer."""
    found = jobs(viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", _("This import does not exist."))
    return found
