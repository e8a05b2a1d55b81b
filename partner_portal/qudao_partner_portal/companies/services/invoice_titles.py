"""To whom a company's invoices are made out, kept by its administrators and finance people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record
from qudao_core.errors import refusal_of
from qudao_core.viewer import Viewer

from .. import rights
from ..cleaning import clean_invoice_title
from ..models import Company, InvoiceTitle
from ..queries import get_invoice_title

ROLES = ("admin", "finance")
PERMISSION = "qudao_partner_portal.change_invoicetitle"
FIELDS = ("title", "tax_number", "bank", "bank_account", "registered_address", "phone")


@transaction.atomic
def save_invoice_title(
    *,
    viewer: Viewer,
    company_id: int,
    values: Mapping[str, Any],
    invoice_title_id: int | None = None,
    is_default: bool | None = None,
) -> InvoiceTitle:
    """Add an invoice title (or change ``invoice_title_id``). The first one of a company becomes its default.

    Records ``qudao.invoice_title.added`` or ``changed`` on the company.

    :raises Refusal: a problem per field (``bad_tax_number`` when the check digit is wrong).
    :raises NotFound: company or title is not visible. :raises Forbidden: ``role_required``.
    """
    rights.require(viewer, company_id, *ROLES, permission=PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    if invoice_title_id:
        title = get_invoice_title(viewer, invoice_title_id, company_id)
    else:
        title = InvoiceTitle(company=company)
        values = {"title": "", "tax_number": "", **values}
    before = facts(title)
    clean, problems = clean_invoice_title({name: values[name] for name in FIELDS if name in values})
    if problems:
        raise refusal_of(problems)
    for name, value in clean.items():
        setattr(title, name, value)
    first = not InvoiceTitle.objects.filter(company=company, is_active=True, is_default=True).exists()
    if is_default or first:
        _make_default(title)
    title.save()
    changed = differences(before, facts(title))
    action = "changed" if invoice_title_id else "added"
    if changed:
        data: dict[str, Any] = {"note": str(title)} | ({"changes": changed} if invoice_title_id else {})
        record(actor=viewer, instance=company, action=f"qudao.invoice_title.{action}", data=data)
    return title


@transaction.atomic
def remove_invoice_title(*, viewer: Viewer, company_id: int, invoice_title_id: int) -> None:
    """Take a title out of use; invoices made out to it keep it. Another one becomes the default.

    Records ``qudao.invoice_title.removed`` on the company.

    :raises NotFound: no such title. :raises Forbidden: ``role_required``.
    """
    rights.require(viewer, company_id, *ROLES, permission=PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    title = get_invoice_title(viewer, invoice_title_id, company_id)
    was_default = title.is_default
    title.is_active = title.is_default = False
    title.save(update_fields=["is_active", "is_default"])
    heir = InvoiceTitle.objects.filter(company=company, is_active=True).first() if was_default else None
    if heir:
        InvoiceTitle.objects.filter(pk=heir.pk).update(is_default=True)
    record(actor=viewer, instance=company, action="qudao.invoice_title.removed", data={"note": str(title)})


def facts(title: InvoiceTitle) -> dict[str, Any]:
    return {name: getattr(title, name) for name in FIELDS} | {"default": title.is_default}


def _make_default(title: InvoiceTitle) -> None:
    InvoiceTitle.objects.filter(company_id=title.company_id, is_default=True).exclude(pk=title.pk).update(
        is_default=False
    )
    title.is_default = True
