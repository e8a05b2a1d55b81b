"""Companies and tiers in Wagtail's admin."""

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
from qudao_core.backoffice import CreateView, EditView, ModelEditView, RecordView, allow_only
from qudao_core.requests import get_viewer
from qudao_core.viewer import Viewer
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from ...hooks import company_buttons, company_details, company_links
from ..forms import territory_choices
from ..models import Company, Tier
from ..services import admit_company, change_company, move_company, set_company_status
from ..services.companies import FIELDS
from .choosing import SelectManyByName, company_chooser

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
        values = {name: given[name] for name in FIELDS if name in given}
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
    def header_buttons(self) -> list[HeaderButton]:
        pk = self.object.pk
        viewer = get_viewer(self.request)
        added = [button for buttons in company_buttons for button in buttons(viewer, self.object)]
        return added + [
            HeaderButton(
                label,
                url=f"{reverse(f'{name}:add')}?company={pk}",
                icon_name=icon,
                attrs={"aria-label": label},
            )
            for label, name, icon in (
                (_("Invite someone"), "qudao_invitations", "mail"),
                (_("Add an address"), "qudao_addresses", "home"),
                (_("Add billing details"), "qudao_invoice_titles", "doc-full"),
            )
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
    form_fields = ["code", "name", "name_zh", "rank"]
    list_display = ["name", "name_zh", "code", NumberColumn("rank", label=_("Rank"), sort_key="rank")]
    ordering = ["rank", "code"]


def _indented(company: Company) -> str:
    """Non-breaking blanks, so that the browser keeps them."""
    return "\u2003" * (company.depth - 1) + company.name
