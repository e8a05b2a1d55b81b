"""What our screens in Wagtail's admin share: they save through services, so a refusal stands beside its field."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal
from wagtail.admin import messages
from wagtail.admin.views import generic


class SavedByService:
    """For Wagtail's create and edit views: the form's ``save_by`` calls the service, which also writes the log."""

    form: Any
    request: Any
    #: Wagtail's views read these when a form is not valid.
    produced_error_code: str | None = None
    produced_error_message: str | None = None

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except portal.Refusal as refusal:
            names = getattr(form, "problem_fields", {})
            for problem in refusal.problems or (refusal.problem,):
                field = names.get(problem.field, problem.field)
                form.add_error(field if field in form.fields else None, str(problem.message))
            self.produced_error_message = str(refusal.message)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]

    def save_instance(self) -> Any:
        return self.form.save_by(self.request.user)


class ServiceCreateView(SavedByService, generic.CreateView):
    """Create through a service."""


class ServiceEditView(SavedByService, generic.EditView):
    """Edit through a service."""


class GuardedDeleteView(generic.DeleteView):
    """Deletes what nothing needs any more; otherwise says who needs it."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except ProtectedError as error:
            users = sorted(str(each) for each in error.protected_objects)
            more = ", …" if len(users) > 5 else ""
            text = _("“%(name)s” is in use and stays: %(users)s.")
            messages.error(self.request, text % {"name": self.object, "users": ", ".join(users[:5]) + more})
            return redirect(self.get_success_url())
