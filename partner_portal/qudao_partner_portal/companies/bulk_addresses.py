"""Delivery addresses by the thousand. Safe to repeat; a result for every row; statements per 500 rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record_many
from qudao_core.errors import Problem
from qudao_core.imports.rules import Outcome, UpsertResult

from ..territories.models import Territory
from .bulk import BATCH, Known, bare_name, chunks, public_names, result_of
from .models import Address, Company
from .rules import AddressInput
from .validation import clean_address, problem

FIELDS = (
    "external_key",
    "label",
    "recipient",
    "phone",
    "territory",
    "region",
    "street",
    "postcode",
    "country",
    "is_default",
    "is_active",
)


@dataclass(slots=True)
class Row:
    """One row on its way; ``owner`` is its company, ``address`` the stored or new record."""

    line: int
    values: dict[str, Any]
    problems: list[Problem]
    owner: Company | None = None
    address: Address | None = None
    outcome: Outcome = Outcome.UNCHANGED
    changes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def company(self) -> Address | None:
        """The record whose id is reported."""
        return self.address

    def key(self) -> tuple[Any, ...]:
        owner = self.owner.pk if self.owner else None
        if self.values.get("external_key"):
            return (owner, self.values["external_key"])
        return (owner, self.values.get("recipient"), self.values.get("street"))

    def fail(self, code: str, name: str, **params: Any) -> None:
        self.problems.append(problem(code, name, line=self.line, **params))


@transaction.atomic
def upsert_addresses(*, actor: Any, rows: Sequence[AddressInput]) -> UpsertResult:
    """Create or change delivery addresses so that they are as ``rows`` say. A row in error is left out and reported.

    ``actor`` is a user, a viewer or ``None``; callers have checked the permission. A company's first address becomes
    its default. Records ``qudao.address.added`` or ``changed`` on the companies.
    """
    work = [_read(line, row) for line, row in enumerate(rows, start=1)]
    _find_owners(work, rows)
    _find_places(work)
    _match(work)
    for row in work:
        if not row.problems:
            _compare(row)
    good = [row for row in work if not row.problems]
    _settle_defaults(good)
    written = [row for row in good if row.outcome != Outcome.UNCHANGED]
    _write(written)
    _tell(actor, written)
    return result_of(work)


def _read(line: int, row: AddressInput) -> Row:
    values = {name: value for name, value in asdict(row).items() if value is not None and name != "company"}
    clean, problems = clean_address(values, line=line)
    return Row(line, clean, problems)


def _find_owners(work: Sequence[Row], rows: Sequence[AddressInput]) -> None:
    known = Known()
    for chunk in chunks(sorted({bare_name(row.company) for row in rows if row.company})):
        for where in ({"code__in": chunk}, {"external_key__in": chunk}):
            for company in Company.objects.filter(**where):
                known.add(company)
    for read, row in zip(work, rows, strict=True):
        candidates = known.all_named(row.company)
        read.owner = candidates[0] if len(candidates) == 1 else None
        if len(candidates) > 1:
            read.fail(
                "ambiguous_reference", "company", value=row.company, candidates=public_names(candidates)
            )
        elif read.owner is None:
            read.fail("unknown_company" if row.company else "required", "company", value=row.company)


def _find_places(work: Iterable[Row]) -> None:
    wanted = {row.values["territory"] for row in work if row.values.get("territory")}
    found = {row.code: row for row in Territory.objects.filter(code__in=wanted)} if wanted else {}
    for row in work:
        code = row.values.get("territory")
        if code is not None:
            row.values["territory"] = found.get(code)
            if code and code not in found:
                row.fail("unknown_territory", "territory", value=code)


def _match(work: Sequence[Row]) -> None:
    """Find the stored address of each row: by external key within the company, else by recipient and street."""
    stored = _stored(work)
    seen: set[tuple[Any, ...]] = set()
    for row in work:
        if row.problems:
            continue
        if row.key() in seen:
            row.fail("twice", "external_key" if row.values.get("external_key") else "street")
            continue
        seen.add(row.key())
        row.address = stored.get(row.key())
        if row.address is None:
            _check_new(row)


def _stored(work: Iterable[Row]) -> dict[tuple[Any, ...], Address]:
    owners = sorted({row.owner.pk for row in work if row.owner})
    stored: dict[tuple[Any, ...], Address] = {}
    for chunk in chunks(owners):
        for address in Address.objects.select_related("territory").filter(
            company_id__in=chunk, is_active=True
        ):
            stored.setdefault((address.company_id, address.recipient, address.street), address)
            if address.external_key:
                stored[(address.company_id, address.external_key)] = address
    return stored


def _check_new(row: Row) -> None:
    for name in ("recipient", "street"):
        if not row.values.get(name):
            row.fail("required", name)
    if not row.values.get("territory") and not row.values.get("region"):
        row.fail("place_needed", "territory")


def _compare(row: Row) -> None:
    if row.address is None:
        row.address, row.outcome = Address(company=row.owner, **row.values), Outcome.CREATED
        return
    before = {name: getattr(row.address, name) for name in row.values}
    row.changes = differences(before, row.values)
    for name, value in row.values.items():
        setattr(row.address, name, value)
    if row.changes.keys() & {"territory", "region"} and not row.address.has_place:
        row.fail("place_needed", "territory")
    if row.changes:
        row.outcome = Outcome.UPDATED


def _settle_defaults(rows: Sequence[Row]) -> None:
    """At most one default for each company: the last row that asks for it, else what is stored, else the first."""
    last = {row.owner.pk: row for row in rows if row.owner and row.values.get("is_default")}
    owners = sorted({row.owner.pk for row in rows if row.owner})
    standing: set[int] = set()
    for chunk in chunks(owners):
        defaults = Address.objects.filter(company_id__in=chunk, is_default=True)
        standing |= set(defaults.values_list("company_id", flat=True))
    for row in rows:
        owner = row.owner.pk if row.owner else 0
        if row.address and row.address.is_default and last.get(owner, row) is not row:
            row.address.is_default = False
        elif row.address and owner not in standing and owner not in last:
            row.address.is_default = True
            row.outcome = Outcome.UPDATED if row.outcome == Outcome.UNCHANGED else row.outcome
            last[owner] = row
    taking = [row for row in last.values() if row.address and row.outcome != Outcome.UNCHANGED]
    for chunk in chunks([row.owner.pk for row in taking if row.owner]):
        kept = [row.address.pk for row in taking if row.address and row.address.pk]
        Address.objects.filter(company_id__in=chunk, is_default=True).exclude(pk__in=kept).update(
            is_default=False
        )


def _write(rows: Sequence[Row]) -> None:
    new = [row.address for row in rows if row.address and row.outcome == Outcome.CREATED]
    changed = [row.address for row in rows if row.address and row.outcome == Outcome.UPDATED]
    changed.sort(key=lambda address: address.pk)
    Address.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(FIELDS)
    )
    Address.objects.bulk_create(new, batch_size=BATCH)


def _tell(actor: Any, rows: Sequence[Row]) -> None:
    words = {Outcome.CREATED: "qudao.address.added", Outcome.UPDATED: "qudao.address.changed"}
    record_many(
        actor=actor,
        entries=[
            (row.owner, words[row.outcome], {"note": str(row.address), "changes": row.changes})
            for row in rows
            if row.owner is not None
        ],
    )
