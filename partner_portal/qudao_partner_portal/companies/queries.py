"""Companies, addresses and invoice titles as a viewer may see them. What is not returned here does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import NotFound, Problem
from qudao_core.headless.references import ReferenceKinds, resolve
from qudao_core.headless.rules import NOTHING, Reference, parse_reference
from qudao_core.viewer import Viewer

from ..territories.models import Territory
from .models import Address, Company, InvoiceTitle
from .problems import problem

VIEW_COMPANIES = "qudao_partner_portal.view_company"


def visible_companies(viewer: Viewer) -> QuerySet[Company]:
    """The viewer's company and everyone below it; all companies for back-office people who may view them."""
    if viewer.may(VIEW_COMPANIES):
        return Company.objects.all()
    if not viewer.company_path:
        return Company.objects.none()
    return Company.objects.within(viewer.company_path)


def company_not_found() -> NotFound:
    """What is raised for an unknown company and for one the viewer may not see: they look the same."""
    return NotFound("company_not_found", _("There is no such company."))


def address_not_found() -> NotFound:
    return NotFound("address_not_found", _("There is no such address."), field="address")


#: How a company and an address are named wherever one is asked for.
COMPANY_REFERENCES = ReferenceKinds(
    company_not_found,
    {"ext": "external_key", "code": "code"},
    ("id", "code"),
    public=lambda row: f"id:{row.pk}",
)
ADDRESS_REFERENCES = ReferenceKinds(address_not_found)


def get_company(viewer: Viewer, reference: int | str | Reference) -> Company:
    """The company with this id (int), code (str) or reference.

    :raises NotFound: there is none, or it is outside what the viewer sees.
    :raises Refusal: ``ambiguous_reference``.
    """
    if isinstance(reference, str):
        reference = Reference("code", reference)
    elif isinstance(reference, int):
        reference = parse_reference(reference) or NOTHING
    return resolve(reference, visible_companies(viewer).select_related("tier"), COMPANY_REFERENCES)


def addresses(viewer: Viewer, company_id: int | None = None) -> QuerySet[Address]:
    """Addresses in use of the viewer's company; of ``company_id`` for back-office people who may view companies."""
    rows = Address.objects.filter(is_active=True).select_related("territory")
    return rows.filter(company_id=_whose(viewer, company_id))


def get_address(viewer: Viewer, reference: int | Reference, company_id: int | None = None) -> Address:
    """The address of the company with this id or reference.

    :raises NotFound: no such address of the company.
    """
    if isinstance(reference, int):
        reference = parse_reference(reference) or NOTHING
    return resolve(reference, addresses(viewer, company_id), ADDRESS_REFERENCES)


def missing_for_delivery(address: Address) -> list[Problem]:
    """What the address does not have and a delivery needs. Imports and earlier versions left such addresses."""
    problems = [] if address.has_place else [problem("place_needed", "territory")]
    return problems if address.phone else [*problems, problem("phone_needed", "phone")]


def invoice_titles(viewer: Viewer, company_id: int | None = None) -> QuerySet[InvoiceTitle]:
    """Invoice titles in use of the viewer's company (of ``company_id`` as for :func:`addresses`)."""
    return InvoiceTitle.objects.filter(is_active=True, company_id=_whose(viewer, company_id))


def get_invoice_title(viewer: Viewer, pk: int, company_id: int | None = None) -> InvoiceTitle:
    """:raises NotFound: no such invoice title of the company."""
    found = invoice_titles(viewer, company_id).filter(pk=pk).first()
    if found is None:
        raise NotFound(
            "invoice_title_not_found", _("There are no such billing details."), field="invoice_title"
        )
    return found


def companies_below(viewer: Viewer, *, search: str = "") -> QuerySet[Company]:
    """Everyone below the viewer's company in the order of the tree, by code or name."""
    rows = Company.objects.within(viewer.company_path).exclude(pk=viewer.company_id).select_related("tier")
    if not viewer.company_path:
        return Company.objects.none()
    return rows.filter(_named(search)) if search else rows


def search_companies(rows: QuerySet[Company], search: str) -> QuerySet[Company]:
    """Those of ``rows`` whose code, external key, names or tax number contain ``search``."""
    return rows.filter(_named(search)) if search else rows


def filter_companies(rows: QuerySet[Company], wanted: Mapping[str, Any]) -> QuerySet[Company]:
    """Narrow ``rows`` by what the API's list takes: equal values, ``search``, ``territory``, ``below``, …"""
    for name in ("code", "external_key", "kind", "status"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("tier"):
        rows = rows.filter(tier__code=wanted["tier"])
    if wanted.get("territory"):
        place = Territory.objects.filter(code=wanted["territory"]).first()
        inside = Territory.objects.filter(path__startswith=place.path) if place else Territory.objects.none()
        through = Company.territories.through.objects.filter(company_id=OuterRef("pk"), territory__in=inside)
        rows = rows.filter(Exists(through))
    if wanted.get("below"):
        above = Company.objects.filter(pk=wanted["below"]).only("path").first()
        rows = rows.filter(path__startswith=above.path).exclude(pk=above.pk) if above else rows.none()
    return search_companies(rows, wanted.get("search", ""))


def setup_gaps(viewer: Viewer) -> list[str]:
    """What a company still lacks to order smoothly: ``address``, ``invoice_title``, ``colleague``. One statement."""
    if viewer.company_id is None:
        return []
    memberships = apps.get_model("qudao_partner_portal.Membership")._default_manager
    has = {
        "address": Exists(Address.objects.filter(company=OuterRef("pk"), is_active=True)),
        "invoice_title": Exists(InvoiceTitle.objects.filter(company=OuterRef("pk"), is_active=True)),
        "colleague": Exists(
            memberships.filter(company=OuterRef("pk"), is_active=True).exclude(user_id=viewer.user_id)
        ),
    }
    row = Company.objects.filter(pk=viewer.company_id).annotate(**has).values(*has).first()
    return [name for name, found in (row or {}).items() if not found]


def _named(search: str) -> Q:
    fields = ("code", "external_key", "name", "short_name", "tax_number")
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__icontains": search})
    return wanted


def _whose(viewer: Viewer, company_id: int | None) -> int | None:
    """The company whose particulars are asked for: always the own one, except for the back office."""
    if company_id is not None and viewer.may(VIEW_COMPANIES):
        return company_id
    return viewer.company_id if company_id in (None, viewer.company_id) else None


def seller_of(viewer: Viewer) -> Company | None:
    """The company the viewer's company orders from; every order, document and price list names the same one."""
    return Company.objects.filter(pk=viewer.seller_id).first() if viewer.seller_id else None
