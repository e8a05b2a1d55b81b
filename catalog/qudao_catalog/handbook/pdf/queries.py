"""PDFs of handbooks as the person who asked for them may see them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.exports import queries as kept

from ..queries import get_page, handbooks
from ..rules import Seen
from . import rules
from .models import HandbookExport


def part(viewer: core.Viewer, page_id: int, scope: str, versions: core.Versions | None = None) -> Seen:
    """The topic, chapter or handbook a PDF is asked of.

    :raises core.NotFound: unknown scope; or unknown page, not of this kind, or not for this viewer.
    """
    if scope not in rules.SCOPES:
        raise core.NotFound("topic_not_found", _("There is no such page in your handbook."))
    return get_page(viewer, page_id, versions, types=(scope,))


def exports(viewer: core.Viewer) -> QuerySet[HandbookExport]:
    """The person's own PDFs for the company acted for, newest first."""
    return kept.exports(HandbookExport, viewer)


def mark_of(viewer: core.Viewer, seen: Seen, scope: str) -> str:
    """What tells this PDF, as the viewer would get it today, from every other one."""
    return rules.fingerprint(
        seen,
        scope=scope,
        language=viewer.language,
        company_id=viewer.company_id,
        on=timezone.localdate(),
    )


def made_today(viewer: core.Viewer, seen: Seen, scope: str) -> HandbookExport | None:
    """The PDF that would come out now, if the person has it already. One statement."""
    return kept.find_finished_export(HandbookExport, viewer, mark_of(viewer, seen, scope))


def get_export(viewer: core.Viewer, export_id: int) -> HandbookExport:
    """One of the person's own PDFs.

    :raises core.NotFound: unknown, somebody else's, or too old.
    """
    return kept.get_export(HandbookExport, viewer, export_id)


def get_file(viewer: core.Viewer, export_id: int) -> HandbookExport:
    """A finished PDF, if everything in it may still be read.

    :raises core.NotFound: as :func:`get_export`, or it is not ready.
    :raises core.Refusal: ``export_outdated``: what the person may read has changed since.
    """
    found = kept.get_ready(HandbookExport, viewer, export_id)
    visible = {each.source_id for tree in handbooks(viewer) for each in tree.topics}
    if not rules.is_readable(visible, found.topics):
        raise kept.outdated_export()
    return found
