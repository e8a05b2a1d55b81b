"""The page "undo this import" in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ...errors import Refusal
from ...wording import join_sentences
from ..models import ImportJob
from .queries import undo_plan
from .services import undo


class UndoView:
    """Mixed into a page that knows ``job`` and ``viewer``: what would be undone, what stands in the way, the button."""

    template_name = "qudao_core/admin/imports/undo.html"
    job: ImportJob
    viewer: Any
    request: HttpRequest

    def get_page_title(self) -> str:
        return _("Undo the import of %(file)s") % {"file": self.job.file_name}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state in (ImportJob.State.UNDOING, ImportJob.State.UNDONE):
            return self._job()
        try:
            plan = undo_plan(self.viewer, self.job)
        except Refusal as refusal:
            return self._refused(refusal)
        context = self.get_context_data(plan=plan, job=self.job)  # type: ignore[attr-defined]
        return self.render_to_response(context)  # type: ignore[attr-defined, no-any-return]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            undo(viewer=self.viewer, job=self.job)
        except Refusal as refusal:
            return self._refused(refusal)
        return self._job()

    def _refused(self, refusal: Refusal) -> HttpResponse:
        messages.error(self.request, join_sentences(refusal.message, refusal.problem.remedy))
        return self._job()

    def _job(self) -> HttpResponse:
        return redirect(reverse("qudao_imports:job", args=[self.job.pk]))
