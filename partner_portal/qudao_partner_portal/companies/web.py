"""Pages of a company's self-service: overview, addresses, invoice titles, companies below, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from qudao_core.audit.queries import history
from qudao_core.errors import NotFound, Refusal
from qudao_core.pages import Page, add_refusal_to_form, show_problems

from .. import conf
from ..hooks import Link, company_links
from .forms import AddressForm, ContactForm, InvoiceTitleForm
from .models import Company
from .queries import (
    addresses,
    companies_below,
    get_address,
    get_company,
    get_invoice_title,
    invoice_titles,
    missing_for_delivery,
    seller_of,
    setup_gaps,
)
from .rights import may_manage
from .services import (
    change_company,
    remove_address,
    remove_invoice_title,
    save_address,
    save_invoice_title,
)
from .services.addresses import FIELDS as ADDRESS_FIELDS
from .services.addresses import ROLES as ADDRESS_ROLES
from .services.invoice_titles import FIELDS as INVOICE_TITLE_FIELDS
from .services.invoice_titles import ROLES as INVOICE_TITLE_ROLES

ROOM = "qudao_partner_portal/company/"
PAGE = 50
#: Entries of the history that a page shows.
LAST = 100


class CompanyPage(Page):
    """A page about the company the viewer acts for."""

    tab = ""

    def require(self) -> None:
        super().require()
        if not self.viewer.is_member:
            raise NotFound(
                "no_company",
                _("You do not belong to a company yet."),
                remedy=_("Ask its administrator to invite you."),
            )

    @property
    def company_id(self) -> int:
        return self.viewer.company_id or 0

    def show(self, name: str, status: int = 200, **context: Any) -> HttpResponse:
        own = {
            "tabs": self.tabs(),
            "may_manage": may_manage(self.viewer, self.company_id, "admin"),
            "company": self.viewer,
        }
        return render(self.request, f"{ROOM}{name}.html", own | context, status=status)

    def tabs(self) -> list[dict[str, Any]]:
        return company_tabs(self.viewer, self.tab)


def company_tabs(viewer: Any, current: str) -> list[dict[str, Any]]:
    """The rooms of the self-service, and those that other plugins add through ``hooks.company_links``."""
    rooms = [
        ("company", _("Overview"), "building-2"),
        ("people", _("People"), "users"),
        ("addresses", _("Addresses"), "map-pin"),
        ("invoice-titles", _("Billing details"), "receipt-text"),
        ("tokens", _("API access"), "key-round"),
        ("branch", _("Companies below"), "network"),
        ("company-history", _("History"), "history"),
    ]
    return [
        {"label": label, "href": reverse(f"portal:{name}"), "icon": icon, "current": name == current}
        for name, label, icon in rooms
    ]


class OverviewPage(CompanyPage):
    tab = "company"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(ContactForm(instance=get_company(self.viewer, self.company_id)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ContactForm(request.POST, instance=get_company(self.viewer, self.company_id))
        if form.is_valid():
            try:
                change_company(viewer=self.viewer, company_id=self.company_id, changes=form.cleaned_data)
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("portal:company")
        return self.answer(form, status=422)

    def answer(self, form: ContactForm, status: int = 200) -> HttpResponse:
        company: Company = form.instance
        parent = company.get_parent()
        return self.show(
            "overview",
            status,
            form=form,
            record=company,
            parent=parent,
            seller=seller_of(self.viewer),
            territories=company.territories.order_by("path"),
            gaps=setup_gaps(self.viewer),
            links=_links(self.viewer, company.pk),
        )


class AddressesPage(CompanyPage):
    tab = "addresses"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(addresses(self.viewer), PAGE).get_page(request.GET.get("page"))
        may_edit = may_manage(self.viewer, self.company_id, *ADDRESS_ROLES)
        incomplete = [row.pk for row in page if missing_for_delivery(row)]
        return self.show(
            "addresses", page=page, incomplete=incomplete, may_edit=may_edit, home_country=conf.country()
        )


class AddressPage(CompanyPage):
    """Add an address, or change the one with ``pk``."""

    tab = "addresses"
    roles = ADDRESS_ROLES

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        address = self._address(pk)
        form = AddressForm(instance=address, initial={"is_default": True} if "default" in request.GET else {})
        if address and (missing := missing_for_delivery(address)):
            show_problems(form, missing)
        return self.show("address", form=form, pk=pk, next=next_url(request))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        form = AddressForm(request.POST, instance=self._address(pk))
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in ADDRESS_FIELDS if name in form.cleaned_data}
            try:
                address = save_address(
                    viewer=self.viewer,
                    company_id=self.company_id,
                    values=values,
                    address_id=pk,
                    is_default=form.cleaned_data["is_default"],
                )
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                messages.success(request, _("Saved: %(what)s") % {"what": address})
                return redirect(next_url(request) or "portal:addresses")
        return self.show("address", 422, form=form, pk=pk, next=next_url(request))

    def _address(self, pk: int | None) -> Any:
        return get_address(self.viewer, pk) if pk else None


class AddressRemovePage(CompanyPage):
    tab = "addresses"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        remove_address(viewer=self.viewer, company_id=self.company_id, address_id=pk)
        messages.success(request, _("The address was removed. Earlier orders keep it."))
        return redirect("portal:addresses")


class AddressDefaultPage(CompanyPage):
    """Make an address the default; one that lacks something opens in its form, where that is marked."""

    tab = "addresses"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if missing_for_delivery(get_address(self.viewer, pk)):
            return redirect(f"{reverse('portal:address', kwargs={'pk': pk})}?default=1")
        save_address(
            viewer=self.viewer, company_id=self.company_id, values={}, address_id=pk, is_default=True
        )
        return redirect("portal:addresses")


class InvoiceTitlesPage(CompanyPage):
    tab = "invoice-titles"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(invoice_titles(self.viewer)[:200])
        may_edit = may_manage(self.viewer, self.company_id, *INVOICE_TITLE_ROLES)
        return self.show("invoice_titles", rows=rows, may_edit=may_edit)


class InvoiceTitlePage(CompanyPage):
    """Add an invoice title, or change the one with ``pk``."""

    tab = "invoice-titles"
    roles = INVOICE_TITLE_ROLES

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return self.show("invoice_title", form=InvoiceTitleForm(instance=self._title(pk)), pk=pk)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        form = InvoiceTitleForm(request.POST, instance=self._title(pk))
        if form.is_valid():
            try:
                save_invoice_title(
                    viewer=self.viewer,
                    company_id=self.company_id,
                    values={name: form.cleaned_data[name] for name in INVOICE_TITLE_FIELDS},
                    invoice_title_id=pk,
                    is_default=form.cleaned_data["is_default"],
                )
            except Refusal as refusal:
                add_refusal_to_form(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("portal:invoice-titles")
        return self.show("invoice_title", 422, form=form, pk=pk)

    def _title(self, pk: int | None) -> Any:
        return get_invoice_title(self.viewer, pk) if pk else None


class InvoiceTitleRemovePage(CompanyPage):
    tab = "invoice-titles"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        remove_invoice_title(viewer=self.viewer, company_id=self.company_id, invoice_title_id=pk)
        messages.success(request, _("The billing details were removed."))
        return redirect("portal:invoice-titles")


class BranchPage(CompanyPage):
    """Everyone below the viewer's company, with search."""

    tab = "branch"

    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.GET.get("q", "").strip()[:80]
        found = companies_below(self.viewer, search=query)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        return self.show("branch", page=page, query=query)


class BranchCompanyPage(CompanyPage):
    """What the company above may see of one below: particulars, and what other plugins link."""

    tab = "branch"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        record = get_company(self.viewer, code)
        return self.show(
            "branch_company",
            record=record,
            territories=record.territories.order_by("path"),
            links=_links(self.viewer, record.pk),
        )


class HistoryPage(CompanyPage):
    tab = "company-history"

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = history(get_company(self.viewer, self.company_id), limit=LAST)
        events = [
            {"label": row.label, "who": row.actor_name, "when": row.at, "note": row.details}
            for row in entries
        ]
        return self.show("history", events=events, is_cut=len(events) == LAST)


def _links(viewer: Any, company_id: int) -> list[Link]:
    """Pages of other plugins about a company."""
    return [link for entry in company_links if (link := entry(viewer, company_id))]


def next_url(request: HttpRequest) -> str:
    """Where to go back to, if it is a page of ours (the checkout sends people here to add an address)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""
