"""Forms of the order pages. They read input; what is allowed is decided by the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.numbers import rules as numbers
from qudao_partner_portal import api as portal

from .models import Order
from .rules import Shown, SubmitRequest


class CheckoutForm(forms.Form):
    """Where to, when, how to pay, and the buyer's own references."""

    address = forms.ModelChoiceField(label=_("Delivery address"), queryset=None, empty_label=None)
    requested_on = forms.DateField(
        label=_("Requested delivery date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    payment = forms.ChoiceField(
        label=_("Payment"), choices=Order.Payment.choices, initial=Order.Payment.ACCOUNT
    )
    invoice_title = forms.ModelChoiceField(
        label=_("Billing details"), queryset=None, required=False, empty_label=_("No billing details")
    )
    po_number = forms.CharField(label=_("Your order number"), max_length=60, required=False)
    note = forms.CharField(
        label=_("Note to the seller"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, viewer: core.Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        addresses, titles = portal.addresses(viewer), portal.invoice_titles(viewer)
        self._offer("address", addresses)
        self._offer("invoice_title", titles)
        self.fields["requested_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def _offer(self, name: str, rows: Any) -> None:
        """The company's rows to choose from, its default chosen."""
        field = self.fields[name]
        field.queryset = rows  # type: ignore[attr-defined]
        default = next((row.pk for row in rows if row.is_default), None)
        if default is not None and name not in self.initial:
            self.initial[name] = default

    def request(self, accepted: dict[int, Decimal], shown: Shown | None = None) -> SubmitRequest:
        """What the buyer asks for, as the service takes it. ``accepted``: cart line id → price agreed to; ``shown``:
        what the page said that the form stood on.
        """
        data = self.cleaned_data
        title = data["invoice_title"]
        return SubmitRequest(
            address_id=data["address"].pk,
            requested_on=data["requested_on"],
            po_number=data["po_number"],
            note=data["note"],
            payment=data["payment"],
            invoice_title_id=title.pk if title else None,
            accepted_prices=accepted,
            source=Order.Source.WEB,
            shown=shown,
        )


class ShipmentForm(forms.Form):
    """How a shipment goes; its lines stand in the table beside it. A seller with one warehouse is not asked for it."""

    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"), queryset=None, required=False, empty_label=_("As allocated")
    )
    carrier = forms.CharField(label=_("Carrier"), max_length=80, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, warehouses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].queryset = warehouses  # type: ignore[attr-defined]
        if len(warehouses) < 2:
            del self.fields["warehouse"]


class OrderFilterForm(forms.Form):
    """Filters of the order list; every one lives in the address bar."""

    q = forms.CharField(
        label=_("Order no., PO no., SKU or product"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Order no., PO no. or SKU")}),
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("All statuses")), *Order.Status.choices], required=False
    )
    since = forms.DateField(
        label=_("Ordered from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Ordered to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def read_quantity(text: str) -> Decimal:
    """A quantity as typed into a line of a shipment or receipt; empty is zero.

    :raises numbers.NumberError: it cannot be read, or in two ways.
    """
    if not text.strip():
        return Decimal(0)
    return numbers.read_number(text, numbers.number_format_of(get_language() or "en"))
