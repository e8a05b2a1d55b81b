"""The way out of a preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from .labels import choose_company_url
from .requests import clear_choice


class PreviewEndPage(View):
    """Look with one's own eyes again; leads to where a company is chosen."""

    def post(self, request: HttpRequest) -> HttpResponse:
        is_office = request.user.is_authenticated and getattr(request.user, "is_staff", False)
        response = redirect((choose_company_url() if is_office else "") or "portal:home")
        clear_choice(response)
        return response
