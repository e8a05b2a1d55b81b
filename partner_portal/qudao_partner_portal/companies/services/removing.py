"""Remove companies and addresses that nobody has used: what an import made by mistake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core.audit.services import record_many
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Conflict, Problem
from qudao_core.events.services import Event, emit_many
from qudao_core.imports.undoing.referrers import find_referrers

from ..models import Address, Company
from .bulk import chunks

#: Rows that are part of a company and go with it.
OWN = ("Company_territories.company",)


def companies_in_use(ids: Collection[int], gone: Collection[int] = ()) -> dict[int, str]:
    """Company id → what refers to it, as people call it. ``gone``: companies that will be removed, too."""
    found = find_referrers(Company, ids, OWN)
    left = {*ids, *gone}
    for company in Company.objects.filter(pk__in=set(ids) - found.keys(), numchild__gt=0):
        if company.get_children().exclude(pk__in=left).exists():
            found[company.pk] = str(Company._meta.verbose_name_plural)
    return found


@transaction.atomic
def remove_companies(*, actor: Any, ids: Collection[int]) -> int:
    """Delete companies without people, addresses, orders, prices or companies below them.

    Records ``qudao.company.removed`` and emits ``company.removed`` for each.

    :raises Conflict: ``company_in_use``, naming the first of them and what refers to them.
    """
    if not ids:
        return 0
    bump("companies")  # taken first: whoever changes the tree waits for the other
    for chunk in chunks(sorted(ids)):  # nobody begins to refer to them from here on
        list(Company.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))
    used = companies_in_use(ids)
    if used:
        raise _in_use(used)
    rows = list(Company.objects.filter(pk__in=ids).order_by("-depth"))
    record_many(
        actor=actor,
        entries=[(row, "qudao.company.removed", {"note": f"{row.code} {row.name}"}) for row in rows],
    )
    emit_many(
        Event(
            "company.removed",
            f"company:{row.pk}",
            {"company_id": row.pk, "code": row.code, "external_key": row.external_key},
        )
        for row in rows
    )
    for chunk in chunks([row.pk for row in rows]):
        Company.objects.filter(pk__in=chunk).delete()
    return len(rows)


@transaction.atomic
def remove_addresses(*, actor: Any, ids: Collection[int]) -> int:
    """Delete addresses; orders that went there keep theirs. Records ``qudao.address.removed`` on the companies."""
    rows = []
    for chunk in chunks(sorted(ids)):
        rows += list(Address.objects.filter(pk__in=chunk).select_related("company"))
    record_many(
        actor=actor,
        entries=[(row.company, "qudao.address.removed", {"note": str(row)}) for row in rows],
    )
    for chunk in chunks([row.pk for row in rows]):
        Address.objects.filter(pk__in=chunk).delete()
    return len(rows)


def _in_use(used: Mapping[int, str]) -> Conflict:
    codes = dict(Company.objects.filter(pk__in=list(used)[:100]).values_list("pk", "code"))
    problems = [
        Problem(
            "company_in_use",
            _("%(code)s is in use: %(what)s.") % {"code": codes[pk], "what": what},
            field="code",
        )
        for pk, what in list(used.items())[:100]
    ]
    message = _("A company that is in use cannot be removed.")
    return Conflict("company_in_use", message, remedy=_("Close the company instead."), problems=problems)
