"""Handbooks as PDF: a topic at once; a chapter or a handbook in the background, with its progress."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal
from qudao_partner_portal.pages import Page

from ..queries import url_of
from ..rules import Seen
from . import book, queries, rules, services
from .models import HandbookExport

SHOWN = 10


class PdfOf(Page):
    """``/handbook-pdf/<page>/<scope>/``: the PDF of a topic; for longer parts a page that has it made."""

    def get(self, request: HttpRequest, page_id: int, scope: str) -> HttpResponse:
        seen = queries.part(self.viewer, page_id, scope)
        if scope == rules.AT_ONCE:
            return _answer(book.make(self.viewer, seen), seen.title)
        context = {
            "seen": seen,
            "scope": scope,
            "count": len(seen.topics),
            "back": url_of(seen),
            "exports": list(queries.exports(self.viewer)[:SHOWN]),
        }
        return render(request, "qudao_catalog/handbook/pdf/ask.html", context)

    def post(self, request: HttpRequest, page_id: int, scope: str) -> HttpResponse:
        if scope == rules.AT_ONCE:
            return redirect("catalog:handbook-pdf", page_id, scope)
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


def file_response(export: HandbookExport) -> FileResponse:
    """The file of a finished export, as a download."""
    return FileResponse(
        export.file.open("rb"),
        as_attachment=True,
        filename=rules.file_name(export.title),
        content_type="application/pdf",
    )


def _answer(content: bytes, title: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, rules.file_name(title)) or "inline"
    response["Cache-Control"] = "private, no-cache"
    return response
