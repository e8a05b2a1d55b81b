"""What our screens in Wagtail's admin share beside what the portal offers them."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.backoffice import DeleteView
from qudao_core.pages import show_refusal
from wagtail.admin import messages


class GuardedDeleteView(DeleteView):
    """Deletes what nothing needs any more; otherwise says who needs it."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except ProtectedError as error:
            users = sorted(str(each) for each in error.protected_objects)
            more = ", …" if len(users) > 5 else ""
            text = _("“%(name)s” is in use and cannot be deleted: %(users)s.")
            messages.error(
                self.request, text % {"name": self.object, "users": core.join_list(users[:5]) + more}
            )
            return redirect(self.get_success_url())


class RefusableDeleteView(DeleteView):
    """Deletes in ``delete_action`` through a service, which may say no."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except core.Refusal as refusal:
            show_refusal(self.request, refusal)
            return redirect(self.get_success_url())
