"""Files made in the background, as the person who asked for them may fetch them."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import NotFound, Refusal
from ..viewer import Viewer
from .models import Export

E = TypeVar("E", bound=Export)
#: Files are kept so long; asking again makes them anew.
RETENTION = timedelta(days=7)


def exports(model: type[E], viewer: Viewer) -> QuerySet[E]:
    """The person's own exports for the company acted for, newest first."""
    since = timezone.now() - RETENTION
    return model._default_manager.filter(
        user_id=viewer.user_id, company_id=viewer.company_id, created_at__gte=since
    )


def get_export(model: type[E], viewer: Viewer, export_id: int) -> E:
    """One of the person's own exports.

    :raises NotFound: ``export_not_found``: unknown, somebody else's, or too old.
    """
    found = exports(model, viewer).filter(pk=export_id).first()
    if found is None:
        raise NotFound("export_not_found", _("There is no such PDF, or it has expired."))
    return found


def get_ready(model: type[E], viewer: Viewer, export_id: int) -> E:
    """A finished export. Whether what stands in it may still be read is for the caller to ask.

    :raises NotFound: as :func:`get_export`; ``export_not_ready``.
    """
    found = get_export(model, viewer, export_id)
    if not found.has_file:
        raise NotFound("export_not_ready", _("This PDF is not ready yet."))
    return found


def find_finished_export(model: type[E], viewer: Viewer, fingerprint: str) -> E | None:
    """The finished export with this fingerprint, if the person has it already. One statement."""
    found = exports(model, viewer).filter(fingerprint=fingerprint).first()
    return found if found is not None and found.has_file else None


def outdated_export(message: object | None = None) -> Refusal:
    """The refusal of a file that no longer says what its reader may read."""
    return Refusal(
        "export_outdated",
        message or _("What you can read has changed since this PDF was created."),  # type: ignore[arg-type]
        remedy=_("Create it again: it will contain what you can read now."),
        status=410,
    )
