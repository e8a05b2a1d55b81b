"""Companies, tiers, addresses and invoice titles in Wagtail's admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Length, Substr
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from qudao_core.audit.queries import history
from qudao_core.backoffice import (
    CreateView,
    EditView,
    GuardedDeleteView,
    ModelEditView,
    RecordView,
    allow_only,
    lock_record,
)
from qudao_core.requests import get_viewer
from qudao_core.viewer import Viewer
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from ..hooks import company_buttons, company_details, company_links
from .forms import fix_default, territory_choices
from .models import Address, Company, InvoiceTitle, Tier
from .queries import search_companies
from .services import (
    ADDRESS_FIELDS,
    COMPANY_FIELDS,
    INVOICE_TITLE_FIELDS,
    admit_company,
    change_company,
    move_company,
    save_address,
    save_invoice_title,
    set_company_status,
)


class CompanySearchForm(BaseFilterForm):  # type: ignore[misc]
    q = forms.CharField(label=_("Search term"), required=False)

    def filter(self, objects: Any) -> Any:
        text = self.cleaned_data.get("q", "")
        self.is_searching, self.search_query = bool(text), text
        return search_companies(super().filter(objects), text)


class CompanyChooseView(chooser.ChooseView):  # type: ignore[misc]
    filter_form_class = CompanySearchForm


class CompanyChooseResultsView(chooser.ChooseResultsView):  # type: ignore[misc]
    filter_form_class = CompanySearchForm


class CompanyChooser(ChooserViewSet):  # type: ignore[misc]
    """Lets forms of every plugin pick a company by name or code."""

    model = Company
    icon = "group"
    choose_one_text = _("Choose a company")
    choose_another_text = _("Choose another company")
    choose_view_class = CompanyChooseView
    choose_results_view_class = CompanyChooseResultsView
    ordering = "path"


company_chooser = CompanyChooser("qudao_company_chooser")


class _ByName:
    """A list too long to look through: what is chosen by name, the rest found by name (``pickers.js``)."""

    template_name = "qudao_partner_portal/admin/choices.html"
    single = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)  # type: ignore[misc]
        return context | {"single": self.single}


class SelectByName(_ByName, forms.Select):
    """One of very many."""

    single = True


class SelectManyByName(_ByName, forms.SelectMultiple):
    """Some of very many."""


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


allow_only(Company, "add", "change")

STATUS = {"active": "primary", "pending": "secondary", "suspended": "critical", "closed": "critical"}


class CompanyAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    parent = forms.ModelChoiceField(
        Company.objects.all(),
        label=_("Parent company"),
        required=False,
        widget=company_chooser.widget_class,
        help_text=_("It orders from the nearest parent company that sells. Empty: the root of a channel."),
    )
    places = forms.MultipleChoiceField(
        label=_("Territories"),
        required=False,
        widget=SelectManyByName(attrs={"size": 10}),
        help_text=_("A province includes its cities."),
    )

    class Meta:
        model = Company
        fields = [
            "name",
            "short_name",
            "code",
            "external_key",
            "kind",
            "status",
            "status_reason",
            "is_seller",
            "tier",
            "currency",
            "language",
            "tax_number",
            "phone",
            "email",
            "payment_terms",
        ]

    field_order = ["name", "short_name", "code", "external_key", "parent", "kind", "status", "status_reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: forms.MultipleChoiceField = self.fields["places"]  # type: ignore[assignment]
        places.choices = territory_choices()[1:]
        self.fields["code"].required = bool(self.instance.pk)
        self.fields["code"].help_text = _("Empty: the next free one.")
        self.fields["status_reason"].help_text = _(
            "Required to suspend or close; visible to the company's people."
        )
        if self.instance.pk:
            self.fields["parent"].initial = self.instance.get_parent()
            places.initial = list(self.instance.territories.values_list("code", flat=True))

    def _post_clean(self) -> None:
        """The service judges and writes; the instance stays as it is stored."""

    def save_by(self, viewer: Viewer) -> Company:
        given = self.cleaned_data
        values = {name: given[name] for name in COMPANY_FIELDS if name in given}
        values |= {"tier": given["tier"].code if given["tier"] else "", "territories": given["places"]}
        parent_id = given["parent"].pk if given["parent"] else None
        if not self.instance.pk:
            return admit_company(viewer=viewer, parent_id=parent_id, status=given["status"], **values)
        pk = self.instance.pk
        change_company(viewer=viewer, company_id=pk, changes=values)
        move_company(viewer=viewer, company_id=pk, parent_id=parent_id)
        return set_company_status(
            viewer=viewer, company_id=pk, status=given["status"], reason=given["status_reason"]
        )


class CompanyFilterSet(WagtailFilterSet):  # type: ignore[misc]
    territories = django_filters.ChoiceFilter(
        label=_("Province"), choices=lambda: province_choices(), method="inside"
    )
    below = django_filters.ModelChoiceFilter(
        label=_("Parent company"), queryset=Company.objects.filter(is_seller=True), method="under"
    )

    class Meta:
        model = Company
        fields = ["status", "kind", "tier", "is_seller"]

    def inside(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(Q(territories__code=code) | Q(territories__code__startswith=f"{code}")).distinct()

    def under(self, rows: Any, name: str, company: Company) -> Any:
        return rows.filter(path__startswith=company.path).exclude(pk=company.pk)


def province_choices() -> list[tuple[str, str]]:
    return [group[1][0] for group in territory_choices()[1:]]


class CompanyIndexView(generic.IndexView):  # type: ignore[misc]
    """In the order of the tree, each company set in below its parent, with the seller its orders go to."""

    def get_base_queryset(self) -> Any:
        sellers = Company.objects.filter(is_seller=True, status=Company.Status.ACTIVE).order_by("-depth")
        above = sellers.filter(depth__lt=OuterRef("depth"), path=Substr(OuterRef("path"), 1, Length("path")))
        return (
            Company.objects.select_related("tier")
            .annotate(seller=Subquery(above.values("name")[:1]))
            .annotate(people=Count("memberships", filter=Q(memberships__is_active=True), distinct=True))
        )

    @cached_property
    def columns(self) -> list[Column]:
        """The name, set in, leads to the screen that shows everything; changing starts from there."""
        found = list(super().columns)
        found[0].accessor = _indented
        found[0]._get_url_func = self.get_inspect_url
        return found


class CompanyInspectView(RecordView):
    """Everything about one company on one screen: people, addresses, titles, audience keys, history, other plugins."""

    template_name = "qudao_partner_portal/admin/company.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        company: Company = self.object
        viewer = get_viewer(self.request)
        context = super().get_context_data(**kwargs) | {
            "company": company,
            "above": list(company.get_ancestors()),
            "below": company.get_children()[:50],
            "members": company.memberships.select_related("user").prefetch_related("roles")[:200],
            "addresses": company.addresses.filter(is_active=True).select_related("territory")[:200],
            "invoice_titles": company.invoice_titles.filter(is_active=True)[:100],
            "links": [link for entry in company_links if (link := entry(viewer, company.pk))],
            "entries": history(company, limit=20),
        }
        for details in company_details:
            context |= details(viewer, company)
        return context

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """In the menu: beside the name of the company they would leave it no room."""
        pk = self.object.pk
        viewer = get_viewer(self.request)
        added = [button for buttons in company_buttons for button in buttons(viewer, self.object)]
        own = (
            (_("Invite someone"), "qudao_invitations", "mail"),
            (_("Add an address"), "qudao_addresses", "home"),
            (_("Add billing details"), "qudao_invoice_titles", "doc-full"),
        )
        return [
            *super().header_more_buttons,
            *added,
            *(
                Button(
                    label, url=f"{reverse(f'{name}:add')}?company={pk}", icon_name=icon, priority=30 + place
                )
                for place, (label, name, icon) in enumerate(own)
            ),
        ]


class CompanyViewSet(ModelViewSet):  # type: ignore[misc]
    model = Company
    name = "qudao_companies"
    url_prefix = "channel/companies"
    icon = "group"
    menu_label = _("Companies")
    menu_order = 100
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = CompanyIndexView
    add_view_class = CreateView
    edit_view_class = EditView
    inspect_view_class = CompanyInspectView
    filterset_class = CompanyFilterSet
    search_fields = ["name", "short_name", "code", "external_key", "tax_number"]
    search_backend_name = None
    ordering = ["path"]
    list_per_page = 50
    list_display = [
        "name",
        Column("code", label=_("Code"), sort_key="code"),
        Column("seller", label=_("Seller")),
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("tier", label=_("Tier"), sort_key="tier__rank"),
        StatusTagColumn(
            "get_status_display",
            label=_("Status"),
            sort_key="status",
            primary=lambda row: STATUS[row.status] == "primary",
        ),
        NumberColumn("people", label=_("People")),
    ]
    list_export = [
        "code",
        "external_key",
        "name",
        "kind",
        "status",
        "tier",
        "currency",
        "tax_number",
        "phone",
    ]

    def get_form_class(self, for_update: bool = False) -> Any:
        return CompanyAdminForm


class TierViewSet(ModelViewSet):  # type: ignore[misc]
    model = Tier
    name = "qudao_tiers"
    url_prefix = "channel/tiers"
    icon = "order"
    menu_label = _("Tiers")
    menu_order = 400
    add_to_reference_index = False
    copy_view_enabled = False
    edit_view_class = ModelEditView
    delete_view_class = GuardedDeleteView
    form_fields = ["code", "name", "name_zh", "rank"]
    list_display = ["name", "name_zh", "code", NumberColumn("rank", label=_("Rank"), sort_key="rank")]
    ordering = ["rank", "code"]


def _indented(company: Company) -> str:
    """Non-breaking blanks, so that the browser keeps them."""
    return "\u2003" * (company.depth - 1) + company.name
