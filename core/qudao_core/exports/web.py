"""Pages of files made in the background: how far one is, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..errors import NotFound
from ..pages import Page
from . import rules
from .models import Export


@dataclass(frozen=True, slots=True)
class ExportUrls:
    """Where the page of an export leads, and its words: ``again`` has it made once more, ``back`` leads to what it is
    of (empty where that is gone)."""

    status: str
    file: str
    again: str
    back: str
    back_label: str
    writing: str = ""
    note: str = ""


class ExportProgress(Page):
    """How far a PDF is; asked again every second while it is made, every three seconds without JavaScript."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        export = self.export(pk)
        live = request.headers.get("HX-Request") == "true"
        template = "_progress" if live else "export"
        context = {"export": export, "places": self.places(export)}
        response = render(request, f"qudao_core/exports/{template}.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def export(self, pk: int) -> Export:
        raise NotImplementedError

    def places(self, export: Export) -> ExportUrls:
        raise NotImplementedError


class ExportFile(Page):
    """The finished file; before it is ready, back to the progress."""

    status_url = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        try:
            export = self.export(pk)
        except NotFound as refusal:
            if refusal.code != "export_not_ready":
                raise
            messages.info(request, _("This PDF is not ready yet."))
            return redirect(self.status_url, pk)
        return file_response(export, name=self.name(export))

    def export(self, pk: int) -> Export:
        raise NotImplementedError

    def name(self, export: Any) -> str:
        return rules.file_name(export.title)


def file_response(export: Export, *, name: str, as_attachment: bool = True) -> FileResponse:
    """The file of a finished export, as a download or to be read in the browser."""
    response = FileResponse(
        export.file.open("rb"), as_attachment=as_attachment, filename=name, content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-cache"
    return response
