"""Writes of the subject: companies and their place in the channel, addresses, billing details."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import viewers as core_viewers
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record, record_many
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Conflict, NotFound, Problem, Refusal, refusal_of
from qudao_core.events.services import Event, emit, emit_many
from qudao_core.imports.undoing.queries import find_referrers
from qudao_core.viewer import Viewer
from qudao_core.wording import join_list

from ..signals import company_changed
from ..territories.models import Territory
from . import permissions
from .bulk import chunks
from .models import Address, Company, InvoiceTitle, Tier
from .queries import get_address, get_invoice_title, missing_for_delivery
from .validation import clean_address, clean_company, clean_invoice_title, problem

#: What a company's own administrators keep up to date themselves.
OWN_FIELDS = frozenset({"phone", "email", "language"})

COMPANY_FIELDS = OWN_FIELDS | {
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

    ``fields`` are those of :data:`COMPANY_FIELDS`: ``tier`` and ``territories`` are codes; without a ``code`` one is
    given. Needs the permission to add companies. Records ``qudao.company.admitted`` and emits ``company.admitted``.

    :raises Refusal: ``values_invalid`` with a problem per field. :raises Forbidden: no permission.
    """
    core_viewers.require_permission(viewer, permissions.ADD_COMPANY)
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
        permissions.require_role(viewer, company_id, "admin")
    elif viewer.company_id == company_id and not viewer.may(permissions.CHANGE_COMPANY):
        core_viewers.require_permission(viewer, permissions.CHANGE_COMPANY)
    else:
        permissions.require_role(viewer, company_id, permission=permissions.CHANGE_COMPANY)
    bump("companies")
    company = _lock(company_id)
    before = company_facts(company)
    clean = _cleaned(changes, company=company)
    places = clean.pop("territories", None)
    for name, value in clean.items():
        setattr(company, name, value)
    if places is not None:
        company.territories.set(places)
    changed = differences(before, company_facts(company))
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
    core_viewers.require_permission(viewer, permissions.CHANGE_COMPANY)
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
    core_viewers.require_permission(viewer, permissions.CHANGE_COMPANY)
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


def company_facts(company: Company) -> dict[str, Any]:
    """The particulars that the history compares, by name."""
    plain = {name: getattr(company, name) for name in COMPANY_FIELDS if name not in ("tier", "territories")}
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
    unknown = sorted(set(values) - COMPANY_FIELDS)
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


ADDRESS_ROLES = ("admin", "buyer")

ADDRESS_PERMISSION = "qudao_partner_portal.change_address"

ADDRESS_FIELDS = (
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

    ``values`` are those of :data:`ADDRESS_FIELDS`; ``territory`` is a code. An address that is saved, or becomes the
    default, has to be complete: see :func:`~qudao_partner_portal.companies.queries.missing_for_delivery`. Records
    ``qudao.address.added`` or ``changed`` on the company.

    :raises Refusal: a problem per field. :raises NotFound: company or address is not visible.
    :raises Forbidden: ``role_required``.
    """
    permissions.require_role(viewer, company_id, *ADDRESS_ROLES, permission=ADDRESS_PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    address = get_address(viewer, address_id, company_id) if address_id else Address(company=company)
    before = address_facts(address)
    _apply(address, values, new=address_id is None)
    first = not Address.objects.filter(company=company, is_active=True, is_default=True).exists()
    if is_default or first:
        _make_default_address(address)
    address.save()
    changed = differences(before, address_facts(address))
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
    permissions.require_role(viewer, company_id, *ADDRESS_ROLES, permission=ADDRESS_PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    address = get_address(viewer, address_id, company_id)
    was_default = address.is_default
    address.is_active = address.is_default = False
    address.external_key = ""
    address.save(update_fields=["is_active", "is_default", "external_key"])
    if was_default and (heir := _heir(company)):
        Address.objects.filter(pk=heir.pk).update(is_default=True)
    record(actor=viewer, instance=company, action="qudao.address.removed", data={"note": str(address)})


def address_facts(address: Address) -> dict[str, Any]:
    own = {name: getattr(address, name) for name in ADDRESS_FIELDS if name != "territory"}
    return own | {
        "territory": address.territory.code if address.territory else "",
        "default": address.is_default,
    }


def _apply(address: Address, values: Mapping[str, Any], *, new: bool) -> None:
    values = {**dict.fromkeys(("recipient", "street"), ""), **values} if new else dict(values)
    clean, problems = clean_address({name: values[name] for name in ADDRESS_FIELDS if name in values})
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


def _make_default_address(address: Address) -> None:
    Address.objects.filter(company_id=address.company_id, is_default=True).exclude(pk=address.pk).update(
        is_default=False
    )
    address.is_default = True


INVOICE_TITLE_ROLES = ("admin", "finance")

INVOICE_TITLE_PERMISSION = "qudao_partner_portal.change_invoicetitle"

INVOICE_TITLE_FIELDS = ("title", "tax_number", "bank", "bank_account", "registered_address", "phone")


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
    permissions.require_role(viewer, company_id, *INVOICE_TITLE_ROLES, permission=INVOICE_TITLE_PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    if invoice_title_id:
        title = get_invoice_title(viewer, invoice_title_id, company_id)
    else:
        title = InvoiceTitle(company=company)
        values = {"title": "", "tax_number": "", **values}
    before = invoice_title_facts(title)
    clean, problems = clean_invoice_title(
        {name: values[name] for name in INVOICE_TITLE_FIELDS if name in values}
    )
    if problems:
        raise refusal_of(problems)
    for name, value in clean.items():
        setattr(title, name, value)
    first = not InvoiceTitle.objects.filter(company=company, is_active=True, is_default=True).exists()
    if is_default or first:
        _make_default_title(title)
    title.save()
    changed = differences(before, invoice_title_facts(title))
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
    permissions.require_role(viewer, company_id, *INVOICE_TITLE_ROLES, permission=INVOICE_TITLE_PERMISSION)
    company = Company.objects.select_for_update().get(pk=company_id)
    title = get_invoice_title(viewer, invoice_title_id, company_id)
    was_default = title.is_default
    title.is_active = title.is_default = False
    title.save(update_fields=["is_active", "is_default"])
    heir = InvoiceTitle.objects.filter(company=company, is_active=True).first() if was_default else None
    if heir:
        InvoiceTitle.objects.filter(pk=heir.pk).update(is_default=True)
    record(actor=viewer, instance=company, action="qudao.invoice_title.removed", data={"note": str(title)})


def invoice_title_facts(title: InvoiceTitle) -> dict[str, Any]:
    return {name: getattr(title, name) for name in INVOICE_TITLE_FIELDS} | {"default": title.is_default}


def _make_default_title(title: InvoiceTitle) -> None:
    InvoiceTitle.objects.filter(company_id=title.company_id, is_default=True).exclude(pk=title.pk).update(
        is_default=False
    )
    title.is_default = True


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
