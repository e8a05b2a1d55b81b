"""Goods that have come are taken into stock."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core

from ...backoffice import OfficePage, show_refusal
from .. import services
from ..models import Arrival
from .forms import ReceiveForm

ARRIVALS = "qudao_arrivals"


class ReceiveView(OfficePage):
    """The goods have come: into stock, and to the orders that wait for them."""

    page_title = _("Receive")
    header_icon = "download"
    template_name = "qudao_b2b_ordering/admin/stock/receive.html"

    @cached_property
    def arrival(self) -> Arrival:
        rows = Arrival.objects.select_related("warehouse", "product__profile")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return f"{self.arrival.product.profile.sku} {catalog.title_of(self.arrival.product)}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        form = ReceiveForm(request.POST)
        if form.is_valid():
            try:
                services.receive_arrival(
                    actor=request.user, arrival=self.arrival, quantity=form.cleaned_data["quantity"]
                )
            except core.Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("The goods have been added to stock."))
                return redirect(reverse(f"{ARRIVALS}:index"))
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ReceiveForm(initial={"quantity": catalog.plain_number(self.arrival.quantity)})
        own = {"form": form, "arrival": self.arrival, "product": catalog.title_of(self.arrival.product)}
        return super().get_context_data(**(own | kwargs))
