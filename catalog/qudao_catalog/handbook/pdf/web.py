"""Handbooks as PDF, made in the background with their progress: a topic with one table takes a server half a minute."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal
from qudao_partner_portal.pages import Page

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
            return file_response(ready, as_attachment=False)
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


class ExportPage(Page):
    """How far a PDF is; asked again every second while it is made."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        export = queries.get_export(self.viewer, pk)
        live = request.headers.get("HX-Request") == "true"
        template = "_progress" if live else "export"
        return render(request, f"qudao_catalog/handbook/pdf/{template}.html", self.context(export))

    def context(self, export: HandbookExport) -> dict[str, Any]:
        seen = self._part(export)
        return {
            "export": export,
            "is_setting": export.state == export.State.RUNNING and export.done >= export.total,
            "back": url_of(seen) if seen else "",
            "again": (export.page_id, export.scope),
        }

    def _part(self, export: HandbookExport) -> Seen | None:
        try:
            return queries.part(self.viewer, export.page_id, export.scope)
        except portal.NotFound:
            return None


class ExportFile(Page):
    """The finished file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        try:
            export = queries.get_file(self.viewer, pk)
        except portal.NotFound as refusal:
            if refusal.code != "export_not_ready":
                raise
            messages.info(request, _("This PDF is not ready yet."))
            return redirect("catalog:handbook-export", pk)
        return file_response(export)


def file_response(export: HandbookExport, *, as_attachment: bool = True) -> FileResponse:
    """The file of a finished export, as a download or to be read in the browser."""
    response = FileResponse(
        export.file.open("rb"),
        as_attachment=as_attachment,
        filename=rules.file_name(export.title),
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-cache"
    return response
