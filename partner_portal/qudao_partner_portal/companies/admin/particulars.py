"""Addresses and invoice titles in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from qudao_core.backoffice import CreateView, EditView, allow_only, lock_record
from qudao_core.viewer import Viewer
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..forms import fix_default, territory_choices
from ..models import Address, Company, InvoiceTitle
from ..services import save_address, save_invoice_title
from ..services.addresses import FIELDS as ADDRESS_FIELDS
from ..services.invoice_titles import FIELDS as INVOICE_TITLE_FIELDS
from .choosing import SelectByName, company_chooser

allow_only(Address, "add", "change")
allow_only(InvoiceTitle, "add", "change")


class OfCompany(forms.ModelForm):  # type: ignore[type-arg]
    """Forms of what belongs to a company: chosen when it is made, fixed afterwards."""

    company = forms.ModelChoiceField(
        Company.objects.all(), label=_("Company"), widget=company_chooser.widget_class
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["company"])
        fix_default(self)
        if self.instance.pk:
            del self.fields["company"]

    def _post_clean(self) -> None:
        """The service judges and writes."""

    def company_id(self) -> int:
        pk: int = self.instance.company_id if self.instance.pk else self.cleaned_data["company"].pk
        return pk


class AddressAdminForm(OfCompany):
    place = forms.ChoiceField(label=_("Province or city"), required=False, widget=SelectByName)

    class Meta:
        model = Address
        fields = [
            "label",
            "recipient",
            "phone",
            "region",
            "street",
            "postcode",
            "country",
            "external_key",
            "is_default",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: forms.ChoiceField = self.fields["place"]  # type: ignore[assignment]
        place.choices = territory_choices()
        if self.instance.pk and self.instance.territory:
            place.initial = self.instance.territory.code

    def save_by(self, viewer: Viewer) -> Address:
        given = self.cleaned_data
        values = {name: given[name] for name in ADDRESS_FIELDS if name in given}
        return save_address(
            viewer=viewer,
            company_id=self.company_id(),
            values=values | {"territory": given["place"]},
            address_id=self.instance.pk,
            is_default=given["is_default"],
        )


class InvoiceTitleAdminForm(OfCompany):
    class Meta:
        model = InvoiceTitle
        fields = ["title", "tax_number", "bank", "bank_account", "registered_address", "phone", "is_default"]

    def save_by(self, viewer: Viewer) -> InvoiceTitle:
        given = self.cleaned_data
        return save_invoice_title(
            viewer=viewer,
            company_id=self.company_id(),
            values={name: given[name] for name in INVOICE_TITLE_FIELDS},
            invoice_title_id=self.instance.pk,
            is_default=given["is_default"],
        )


class OfCompanyCreateView(CreateView):
    """``?company=`` chooses the company beforehand."""

    def get_initial(self) -> dict[str, Any]:
        text = self.request.GET.get("company", "")
        return {"company": int(text)} if text.isascii() and text.isdigit() else {}


class OfCompanyEditView(EditView):
    """Its services lock the company first."""

    def hold(self, form: Any) -> None:
        lock_record(Company, self.object.company_id)
        super().hold(form)


class OfCompanyIndexView(generic.IndexView):  # type: ignore[misc]
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().filter(is_active=True).select_related("company")


class AddressViewSet(ModelViewSet):  # type: ignore[misc]
    model = Address
    name = "qudao_addresses"
    url_prefix = "channel/addresses"
    icon = "home"
    menu_label = _("Addresses")
    menu_order = 300
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = OfCompanyCreateView
    edit_view_class = OfCompanyEditView
    index_view_class = OfCompanyIndexView
    search_fields = ["recipient", "street", "label", "company__name", "company__code"]
    search_backend_name = None
    ordering = ["company__path", "pk"]
    list_filter = ["is_default", "country"]
    list_display = [
        "__str__",
        Column("company", label=_("Company"), sort_key="company__path"),
        Column("phone", label=_("Phone")),
        Column("postcode", label=_("Postcode")),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return AddressAdminForm


class InvoiceTitleViewSet(ModelViewSet):  # type: ignore[misc]
    model = InvoiceTitle
    name = "qudao_invoice_titles"
    url_prefix = "channel/invoice-titles"
    icon = "doc-full"
    menu_label = _("Billing details")
    menu_order = 310
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = OfCompanyCreateView
    edit_view_class = OfCompanyEditView
    index_view_class = OfCompanyIndexView
    search_fields = ["title", "tax_number", "company__name", "company__code"]
    search_backend_name = None
    ordering = ["company__path", "pk"]
    list_display = [
        "title",
        Column("company", label=_("Company"), sort_key="company__path"),
        Column("tax_number", label=_("Tax number")),
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return InvoiceTitleAdminForm
