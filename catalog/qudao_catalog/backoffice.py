"""What our screens in Wagtail's admin share beside what the portal offers them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from qudao_core import api as core
from qudao_core.backoffice import DeleteView
from qudao_core.pages import show_refusal


class RefusableDeleteView(DeleteView):
    """Deletes in ``delete_action`` through a service, which may say no."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except core.Refusal as refusal:
            show_refusal(self.request, refusal)
            return redirect(self.get_success_url())
