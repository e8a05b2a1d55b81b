"""Handbooks as PDF, made in the background with their progress: a topic with one table takes a server half a minute."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.exports.rules import file_name
from qudao_core.exports.web import ExportFile as FilePage
from qudao_core.exports.web import ExportProgress, ExportUrls, file_response
from qudao_core.pages import Page

from ..queries import url_of
from ..rules import Seen
from . import queries, rules, services
from .models import HandbookExport

SHOWN = 10


class PdfOf(Page):
    """``/handbook-pdf/<page>/<scope>/``: a page that has the PDF made; for a topic that was made today, the PDF."""

    def get(self, request: HttpRequest, page_id: int, scope: str) -> HttpResponseBase:
        seen = queries.part(self.viewer, page_id, scope)
        ready = queries.made_today(self.viewer, seen, scope) if scope == rules.TOPIC else None
        if ready is not None:
            return file_response(ready, name=file_name(ready.title), as_attachment=False)
        context = {
            "seen": seen,
            "scope": scope,
            "count": len(seen.topics),
            "back": url_of(seen),
            "exports": list(queries.exports(self.viewer)[:SHOWN]),
        }
        return render(request, "qudao_catalog/handbook/pdf/ask.html", context)

    def post(self, request: HttpRequest, page_id: int, scope: str) -> HttpResponse:
        export = services.request_export(viewer=self.viewer, page_id=page_id, scope=scope)
        return redirect("catalog:handbook-export", export.pk)


class ExportPage(ExportProgress):
    """How far the PDF of a handbook is."""

    def export(self, pk: int) -> HandbookExport:
        return queries.get_export(self.viewer, pk)

    def places(self, export: Any) -> ExportUrls:
        seen = self._part(export)
        return ExportUrls(
            status=reverse("catalog:handbook-export", args=(export.pk,)),
            file=reverse("catalog:handbook-export-file", args=(export.pk,)),
            again=reverse("catalog:handbook-pdf", args=(export.page_id, export.scope)),
            back=url_of(seen) if seen else "",
            back_label=_("Back to reading"),
            writing=_("Writing the topics"),
            note=_("This takes about a second for each topic. You may go on working and come back."),
        )

    def _part(self, export: HandbookExport) -> Seen | None:
        try:
            return queries.part(self.viewer, export.page_id, export.scope)
        except core.NotFound:
            return None


class ExportFile(FilePage):
    """The finished file."""

    status_url = "catalog:handbook-export"

    def export(self, pk: int) -> HandbookExport:
        return queries.get_file(self.viewer, pk)
