"""Where a company receives goods, kept by its administrators and buyers or by the back office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record
from qudao_core.errors import Problem, refusal_of
from qudao_core.viewer import Viewer

from ...territories.models import Territory
from .. import rights
from ..cleaning import clean_address
from ..models import Address, Company
from ..problems import problem
from ..queries import get_address, missing_for_delivery

ROLES = ("admin", "buyer")
PERMISSION = "qudao_partner_portal.change_address"
FIELDS = (
    "external_key",
    "label",
    "recipient",
    "phone",
    "region",
    "street",
    "postcode",
    "country",
    "territory",
)


@transaction.atomic
def save_address(
    *,
    viewer: Viewer,
    company_id: int,
    values: Mapping[str, Any],
    address_id: int | None = None,
    is_default: bool | None = None,
) -> Address:
    """Add an address (or change ``address_id``). The first one of a company becomes its default.

    ``values`` are those of :data:`FIELDS`; ``territory`` is a code. An address that is saved, or becomes the default,
    has to be complete: see :func:`~qudao_partner_portal.companies.queries.missing_for_delivery`.
    Records ``qudao.address.added`` or ``changed`` on the company.

    :raises Refusal: a problem per field. :raises NotFound: company or address is not visible.
    :raises Forbidden: ``role_required``.
    """
    rights.require(viewer, company_id, *ROLES, permission=PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    address = get_address(viewer, address_id, company_id) if address_id else Address(company=company)
    before = facts(address)
    _apply(address, values, new=address_id is None)
    first = not Address.objects.filter(company=company, is_active=True, is_default=True).exists()
    if is_default or first:
        _make_default(address)
    address.save()
    changed = differences(before, facts(address))
    if address_id is None:
        record(actor=viewer, instance=company, action="qudao.address.added", data={"note": str(address)})
    elif changed:
        data = {"note": str(address), "changes": changed}
        record(actor=viewer, instance=company, action="qudao.address.changed", data=data)
    return address


@transaction.atomic
def remove_address(*, viewer: Viewer, company_id: int, address_id: int) -> None:
    """Take an address out of use; orders that went there keep it. Another one, if possible a complete one,
    becomes the default.

    Records ``qudao.address.removed`` on the company.

    :raises NotFound: no such address. :raises Forbidden: ``role_required``.
    """
    rights.require(viewer, company_id, *ROLES, permission=PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    address = get_address(viewer, address_id, company_id)
    was_default = address.is_default
    address.is_active = address.is_default = False
    address.external_key = ""
    address.save(update_fields=["is_active", "is_default", "external_key"])
    if was_default and (heir := _heir(company)):
        Address.objects.filter(pk=heir.pk).update(is_default=True)
    record(actor=viewer, instance=company, action="qudao.address.removed", data={"note": str(address)})


def facts(address: Address) -> dict[str, Any]:
    own = {name: getattr(address, name) for name in FIELDS if name != "territory"}
    return own | {
        "territory": address.territory.code if address.territory else "",
        "default": address.is_default,
    }


def _apply(address: Address, values: Mapping[str, Any], *, new: bool) -> None:
    values = {**dict.fromkeys(("recipient", "street"), ""), **values} if new else dict(values)
    clean, problems = clean_address({name: values[name] for name in FIELDS if name in values})
    code = clean.pop("territory", None)
    if code is not None:
        address.territory = Territory.objects.filter(code=code).first() if code else None
        if code and address.territory is None:
            problems.append(problem("unknown_territory", "territory", value=code))
    for name, value in clean.items():
        setattr(address, name, value)
    found = {each.field for each in problems}
    problems += [each for each in missing_for_delivery(address) if each.field not in found] + _key_taken(
        address
    )
    if problems:
        raise refusal_of(problems)


def _key_taken(address: Address) -> list[Problem]:
    key = address.external_key
    others = Address.objects.filter(company_id=address.company_id, external_key=key).exclude(pk=address.pk)
    return [problem("external_key_taken", "external_key", value=key)] if key and others.exists() else []


def _heir(company: Company) -> Address | None:
    rows = Address.objects.filter(company=company, is_active=True)
    return min(rows, key=lambda row: len(missing_for_delivery(row)), default=None)


def _make_default(address: Address) -> None:
    Address.objects.filter(company_id=address.company_id, is_default=True).exclude(pk=address.pk).update(
        is_default=False
    )
    address.is_default = True
