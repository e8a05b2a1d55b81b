"""What our screens in Wagtail's admin share: they save through services, so a refusal stands beside its field."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from qudao_partner_portal import api as portal
from wagtail.admin.views import generic


class SavedByService:
    """For Wagtail's create and edit views: the form's ``save_by`` calls the service, which also writes the log."""

    form: Any
    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except portal.Refusal as refusal:
            for problem in refusal.problems or (refusal.problem,):
                field = problem.field if problem.field in form.fields else None
                form.add_error(field, str(problem.message))
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]

    def save_instance(self) -> Any:
        return self.form.save_by(self.request.user)


class ServiceCreateView(SavedByService, generic.CreateView):
    """Create through a service."""


class ServiceEditView(SavedByService, generic.EditView):
    """Edit through a service."""
