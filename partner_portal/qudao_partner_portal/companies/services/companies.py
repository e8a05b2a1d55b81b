"""A company's life in the channel: admitted, changed, moved, suspended, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import viewers as core_viewers
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record
from qudao_core.cache_versions.services import bump
from qudao_core.errors import NotFound, Problem, Refusal, refusal_of
from qudao_core.events.services import emit
from qudao_core.viewer import Viewer
from qudao_core.wording import join_list

from ...signals import company_changed
from ...territories.models import Territory
from .. import rights
from ..cleaning import clean_company
from ..models import Company, Tier
from ..problems import problem

#: What a company's own administrators keep up to date themselves.
OWN_FIELDS = frozenset({"phone", "email", "language"})
FIELDS = OWN_FIELDS | {
    "code",
    "external_key",
    "name",
    "short_name",
    "kind",
    "is_seller",
    "tier",
    "territories",
    "currency",
    "tax_number",
    "payment_terms",
}
_WORDS = {"active": "activated", "suspended": "suspended", "closed": "closed", "pending": "changed"}


@transaction.atomic
def admit_company(
    *, viewer: Viewer, name: str, parent_id: int | None, status: str = "active", **fields: Any
) -> Company:
    """Put a new company below ``parent_id`` (``None``: a root of the channel).

    ``fields`` are those of :data:`FIELDS`: ``tier`` and ``territories`` are codes; without a ``code`` one is given.
    Needs the permission to add companies. Records ``qudao.company.admitted`` and emits ``company.admitted``.

    :raises Refusal: ``values_invalid`` with a problem per field. :raises Forbidden: no permission.
    """
    core_viewers.require_permission(viewer, rights.ADD_COMPANY)
    bump("companies")  # taken first: whoever changes the tree waits for the other
    values = {**fields, "name": name, "code": fields.get("code") or next_code()}
    clean = _cleaned(values, company=None)
    _check_status(status)
    places = clean.pop("territories", None)
    parent = _lock(parent_id) if parent_id is not None else None
    company = Company(**clean, status=status)
    company = parent.add_child(instance=company) if parent else Company.add_root(instance=company)
    if places is not None:
        company.territories.set(places)
    data = {"parent": str(parent) if parent else "", "note": ""}
    _tell(viewer, company, "admitted", data)
    return company


@transaction.atomic
def change_company(*, viewer: Viewer, company_id: int, changes: Mapping[str, Any]) -> Company:
    """Change particulars. The company's administrators may change :data:`OWN_FIELDS`; the rest needs permission.

    Records ``qudao.company.changed`` with what was before and after, and emits ``company.changed``; a change of
    nothing does neither.

    :raises Refusal: ``values_invalid`` with a problem per field.
    :raises NotFound: not visible.
    :raises Forbidden: not yours.
    """
    own_only = frozenset(changes) <= OWN_FIELDS
    if own_only:
        rights.require(viewer, company_id, "admin")
    elif viewer.company_id == company_id and not viewer.may(rights.CHANGE_COMPANY):
        core_viewers.require_permission(viewer, rights.CHANGE_COMPANY)
    else:
        rights.require(viewer, company_id, permission=rights.CHANGE_COMPANY)
    bump("companies")
    company = _lock(company_id)
    before = facts(company)
    clean = _cleaned(changes, company=company)
    places = clean.pop("territories", None)
    for name, value in clean.items():
        setattr(company, name, value)
    if places is not None:
        company.territories.set(places)
    changed = differences(before, facts(company))
    if changed:
        company.save()
        _tell(viewer, company, "changed", {"changes": changed})
    return company


@transaction.atomic
def move_company(*, viewer: Viewer, company_id: int, parent_id: int | None) -> Company:
    """Let a company, with everyone below it, buy from another company (``None``: stand alone at the root).

    Records ``qudao.company.moved`` and emits ``company.moved``. Moving to where it stands changes nothing.

    :raises Refusal: ``below_itself``. :raises Forbidden: no permission. :raises NotFound: no such company.
    """
    core_viewers.require_permission(viewer, rights.CHANGE_COMPANY)
    bump("companies")
    company = _lock(company_id)
    parent = _lock(parent_id) if parent_id is not None else None
    old = company.get_parent()
    if (old.pk if old else None) == (parent.pk if parent else None):
        return company
    if parent is not None and parent.path.startswith(company.path):
        raise refusal_of([problem("below_itself", "parent")])
    if parent is None:
        company.move(Company.get_last_root_node(), "last-sibling")
    else:
        company.move(parent, "last-child")
    touch(company_id)
    company = Company.objects.get(pk=company_id)
    changes = {"parent": [str(old or ""), str(parent or "")]}
    _tell(viewer, company, "moved", {"changes": changes})
    return company


@transaction.atomic
def set_company_status(*, viewer: Viewer, company_id: int, status: str, reason: str = "") -> Company:
    """Activate, suspend or close a company. Its people are told the ``reason`` wherever they may not act.

    A suspended company's people keep every audience key, so they read all that is theirs (catalogue, prices,
    handbook, documents, orders), but neither order nor approve orders. A closed company's people cannot act for it.

    Records ``qudao.company.suspended`` (``activated``, ``closed``) and emits ``company.suspended`` …

    :raises Refusal: ``reason_required`` to suspend or close; ``has_companies_below`` to close a company that has
        companies below it that are not closed. :raises Forbidden: no permission.
    """
    core_viewers.require_permission(viewer, rights.CHANGE_COMPANY)
    _check_status(status)
    bump("companies")
    company = _lock(company_id)
    if status in ("suspended", "closed") and not reason.strip():
        raise Refusal(
            "reason_required", _("Enter a reason; the company's people can read it."), field="reason"
        )
    if status == "closed" and company.get_descendants().exclude(status=Company.Status.CLOSED).exists():
        raise Refusal(
            "has_companies_below",
            _("Companies below it are still open."),
            field="status",
            remedy=_("Move them to another company, or close them first."),
        )
    if company.status != status:
        before = company.status
        # The form sends the reason of the suspension along when a company is activated: it is not one for that.
        said = "" if status == "active" and reason.strip() == company.status_reason else reason.strip()
        company.status, company.status_reason = status, said[:200] if status != "active" else ""
        company.save(update_fields=["status", "status_reason", "updated_at"])
        changes = {"status": [before, status]}
        _tell(viewer, company, _WORDS[status], {"changes": changes, "note": said})
    return company


def touch(company_id: int) -> None:
    """Note a change that the company's own row does not show."""
    Company.objects.filter(pk=company_id).update(updated_at=timezone.now())


def facts(company: Company) -> dict[str, Any]:
    """The particulars that the history compares, by name."""
    plain = {name: getattr(company, name) for name in FIELDS if name not in ("tier", "territories")}
    codes = sorted(company.territories.values_list("code", flat=True))
    return plain | {"tier": company.tier.code if company.tier else "", "territories": codes}


def next_code() -> str:
    """The next free code ``C-00001`` …; only unique while the version of ``companies`` is held."""
    last = (
        Company.objects.filter(code__regex=r"^C-[0-9]{5}$").order_by("-code").values_list("code", flat=True)
    )
    found = last.first()
    return f"C-{int(found[2:]) + 1 if found else 1:05d}"


def _check_status(status: str) -> None:
    if status not in Company.Status.values:
        choices = join_list(Company.Status.values)
        raise refusal_of([problem("not_a_choice", "status", value=status, choices=choices)])


def _lock(company_id: int) -> Company:
    company = Company.objects.select_for_update().filter(pk=company_id).first()
    if company is None:
        raise NotFound("company_not_found", _("There is no such company."))
    return company


def _cleaned(values: Mapping[str, Any], *, company: Company | None) -> dict[str, Any]:
    """Readable values with ``tier`` and ``territories`` as records, or one refusal with all complaints."""
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise ValueError(f"not fields of a company: {unknown}")
    clean, problems = clean_company(values)
    _find_tier(clean, problems)
    _find_territories(clean, problems)
    problems += _taken(clean, company)
    if problems:
        raise refusal_of(problems)
    return clean


def _find_tier(clean: dict[str, Any], problems: list[Problem]) -> None:
    if "tier" in clean:
        code = clean["tier"]
        clean["tier"] = Tier.objects.filter(code=code).first() if code else None
        if code and clean["tier"] is None:
            problems.append(problem("unknown_tier", "tier", value=code))


def _find_territories(clean: dict[str, Any], problems: list[Problem]) -> None:
    if "territories" not in clean:
        return
    codes: Iterable[str] = clean["territories"]
    found = {row.code: row for row in Territory.objects.filter(code__in=list(codes))}
    problems += [problem("unknown_territory", "territories", value=c) for c in codes if c not in found]
    clean["territories"] = list(found.values())


def _taken(clean: Mapping[str, Any], company: Company | None) -> list[Problem]:
    others = Company.objects.exclude(pk=company.pk) if company else Company.objects.all()
    return [
        problem(f"{name}_taken", name, value=clean[name])
        for name in ("code", "external_key")
        if clean.get(name) and others.filter(**{name: clean[name]}).exists()
    ]


def _tell(viewer: Viewer, company: Company, action: str, data: dict[str, Any]) -> None:
    """History, event and signal of one change."""
    record(actor=viewer, instance=company, action=f"qudao.company.{action}", data=data)
    payload = {"company_id": company.pk, "code": company.code, "external_key": company.external_key}
    emit(f"company.{action}", aggregate=f"company:{company.pk}", payload=payload | {"status": company.status})
    transaction.on_commit(
        partial(company_changed.send_robust, Company, company_id=company.pk, action=action), robust=True
    )
