"""PDFs of handbooks as the person who asked for them may see them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_partner_portal import api as portal

from ..queries import get_page, handbooks
from ..rules import Seen
from . import rules
from .models import HandbookExport

#: Files are kept so long; asking again makes them anew.
KEPT = timedelta(days=7)


def part(viewer: portal.Viewer, page_id: int, scope: str, versions: portal.Versions | None = None) -> Seen:
    """The topic, chapter or handbook a PDF is asked of.

    :raises portal.NotFound: unknown scope; or unknown page, not of this kind, or not for this viewer.
    """
    if scope not in rules.SCOPES:
        raise portal.NotFound("topic_not_found", _("There is no such page in your handbook."))
    return get_page(viewer, page_id, versions, types=(scope,))


def exports(viewer: portal.Viewer) -> QuerySet[HandbookExport]:
    """The person's own PDFs for the company acted for, newest first."""
    since = timezone.now() - KEPT
    return HandbookExport.objects.filter(
        user_id=viewer.user_id, company_id=viewer.company_id, created_at__gte=since
    )


def mark_of(viewer: portal.Viewer, seen: Seen, scope: str) -> str:
    """What tells this PDF, as the viewer would get it today, from every other one."""
    return rules.fingerprint(
        seen,
        scope=scope,
        language=viewer.language,
        company_id=viewer.company_id,
        on=timezone.localdate(),
    )


def made_today(viewer: portal.Viewer, seen: Seen, scope: str) -> HandbookExport | None:
    """The PDF that would come out now, if the person has it already. One statement."""
    found = exports(viewer).filter(fingerprint=mark_of(viewer, seen, scope), state=HandbookExport.State.DONE)
    export = found.first()
    name = export.file.name if export else ""
    return export if export and name and export.file.storage.exists(name) else None


def get_export(viewer: portal.Viewer, export_id: int) -> HandbookExport:
    """One of the person's own PDFs.

    :raises portal.NotFound: unknown, somebody else's, or too old.
    """
    found = exports(viewer).filter(pk=export_id).first()
    if found is None:
        raise portal.NotFound("export_not_found", _("There is no such PDF, or it has expired."))
    return found


def get_file(viewer: portal.Viewer, export_id: int) -> HandbookExport:
    """A finished PDF, if everything in it may still be read.

    :raises portal.NotFound: as :func:`get_export`, or it is not ready.
    :raises portal.Refusal: ``export_outdated``: what the person may read has changed since.
    """
    found = get_export(viewer, export_id)
    if found.state != HandbookExport.State.DONE or not found.file:
        raise portal.NotFound("export_not_ready", _("This PDF is not ready yet."))
    visible = {each.source_id for tree in handbooks(viewer) for each in tree.topics}
    if not rules.is_readable(visible, found.topics):
        raise portal.Refusal(
            "export_outdated",
            _("What you can read has changed since this PDF was created."),
            remedy=_("Create it again: it will contain what you can read now."),
            status=410,
        )
    return found
