"""Companies by the thousand, as an ERP or a file brings them. Safe to repeat; a result for every row.

Statements are counted per 500 rows and per level of the tree, never per row; only a company that changes its place in
the tree costs statements of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Length, Substr
from django.utils import timezone
from qudao_core.audit.rules import differences
from qudao_core.audit.services import record_many
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Problem
from qudao_core.events.services import Event, emit_many
from qudao_core.imports.rules import Outcome, UpsertResult

from ..territories.models import Territory
from ..territories.rules import step
from .models import Company, Tier
from .rules import CompanyInput
from .validation import clean_company, problem

BATCH = 500

FIELDS = (
    "code",
    "external_key",
    "name",
    "short_name",
    "kind",
    "status",
    "is_seller",
    "tier",
    "currency",
    "language",
    "tax_number",
    "phone",
    "email",
    "payment_terms",
)


@dataclass(slots=True)
class Row:
    """One row on its way: what it says, what is stored, what is wrong with it.

    ``parent``, ``tier`` and ``territories`` are codes as in the input; ``None`` leaves what is stored.
    """

    line: int
    values: dict[str, Any]
    problems: list[Problem]
    parent: str | None = None
    tier: str | None = None
    territories: tuple[str, ...] | None = None
    company: Company | None = None
    outcome: Outcome = Outcome.UNCHANGED
    changes: dict[str, list[str]] = field(default_factory=dict)

    def names(self) -> set[str]:
        """How the row itself names its company: ``code:…`` and ``ext:…``."""
        given = (("code", self.values.get("code")), ("ext", self.values.get("external_key")))
        return {f"{kind}:{value}" for kind, value in given if value}

    def fail(self, code: str, name: str, **params: Any) -> None:
        self.problems.append(problem(code, name, line=self.line, **params))


class Known(dict[str, Company]):
    """Stored companies by ``code:…`` and ``ext:…``."""

    def add(self, company: Company) -> None:
        self[f"code:{company.code}"] = company
        if company.external_key:
            self[f"ext:{company.external_key}"] = company

    def named(self, name: str | None) -> Company | None:
        """As rows name the company above them: ``ext:`` or ``code:`` and the name, or the name alone."""
        found = self.all_named(name)
        return found[0] if found else None

    def all_named(self, name: str | None) -> list[Company]:
        """A name alone may be the external key of one company and the code of another."""
        if not name:
            return []
        keys = [name] if name.startswith(("ext:", "code:")) else [f"ext:{name}", f"code:{name}"]
        return list({company.pk: company for key in keys if (company := self.get(key))}.values())


@transaction.atomic
def upsert_companies(*, actor: Any, rows: Sequence[CompanyInput]) -> UpsertResult:
    """Create or change companies so that they are as ``rows`` say. A row in error is left out and reported.

    ``actor`` is a user, a viewer or ``None``; callers have checked the permission. Fields that are ``None``
    keep what is stored. Records ``qudao.company.imported`` on every company written, emits ``company.admitted``
    and ``company.changed``, and raises the version of ``companies`` once.
    """
    bump("companies")  # taken first: whoever changes the tree waits for the other
    work = [_read(line, row) for line, row in enumerate(rows, start=1)]
    known = _find_known(work)
    _match(work, known)
    _find_tiers(work)
    places = _find_places(work)
    _check_parents(work, known)
    for row in _good(work):
        _compare(row)
    _write_changed([row for row in _good(work) if row.changes])
    _write_new([row for row in _good(work) if row.company is None], known)
    _move(_good(work), known)
    _write_territories([row for row in _good(work) if row.territories is not None], places)
    _touch([row for row in _good(work) if row.outcome == Outcome.UPDATED])
    _tell(actor, [row for row in _good(work) if row.outcome != Outcome.UNCHANGED])
    return result_of(work)


def _good(work: Iterable[Row]) -> list[Row]:
    return [row for row in work if not row.problems]


def _read(line: int, row: CompanyInput) -> Row:
    values = {name: value for name, value in asdict(row).items() if value is not None}
    parent, tier, territories = (values.pop(name, None) for name in ("parent", "tier", "territories"))
    clean, problems = clean_company(values, line=line)
    read = Row(line, clean, problems, parent=parent, tier=tier, territories=territories)
    if not read.names() and not problems:
        read.fail("required", "code")
    return read


def _find_known(work: Iterable[Row]) -> Known:
    names = {name.partition(":")[2] for row in work for name in row.names()}
    names |= {bare_name(row.parent) for row in work if row.parent}
    known = Known()
    for chunk in chunks(sorted(names)):
        for where in ({"code__in": chunk}, {"external_key__in": chunk}):
            for company in Company.objects.select_related("tier").filter(**where):
                known.add(known.get(f"code:{company.code}", company))
    return known


def _match(work: Iterable[Row], known: Known) -> None:
    """Find the stored company of each row; two rows for one company, or two companies for one row, are errors."""
    seen: set[str] = set()
    for row in work:
        code, key = row.values.get("code"), row.values.get("external_key")
        by_key, by_code = known.get(f"ext:{key}"), known.get(f"code:{code}")
        if by_key and by_code and by_key.pk != by_code.pk:
            row.fail("key_conflict", "code")
        elif by_code and not by_key and key and by_code.external_key:
            row.fail("code_taken", "code", value=code)
        else:
            row.company = by_key or by_code
        names = row.names() | ({f"id:{row.company.pk}"} if row.company else set())
        if names & seen:
            row.fail("twice", "external_key" if key else "code")
        seen |= names
        if row.company is None and not row.problems:
            row.values.setdefault("code", (key or "")[:40])
            if not row.values.get("name"):
                row.fail("required", "name")


def _find_tiers(work: Iterable[Row]) -> None:
    tiers = {tier.code: tier for tier in Tier.objects.all()}
    for row in work:
        if row.tier is not None:
            row.values["tier"] = tiers.get(row.tier)
            if row.tier and row.tier not in tiers:
                row.fail("unknown_tier", "tier", value=row.tier)


def _find_places(work: Iterable[Row]) -> dict[str, int]:
    wanted = {code for row in work for code in row.territories or ()}
    found = dict(Territory.objects.filter(code__in=wanted).values_list("code", "pk")) if wanted else {}
    for row in work:
        for code in row.territories or ():
            if code not in found:
                row.fail("unknown_territory", "territories", value=code)
    return found


def _check_parents(work: Sequence[Row], known: Known) -> None:
    """Complain where the company above is missing, in error, or below the company itself."""
    by_name = {key: row for row in reversed(work) for name in row.names() for key in (name, bare_name(name))}
    for row in work:
        if row.parent and row.parent not in by_name and known.named(row.parent) is None:
            row.fail("unknown_parent", "parent", value=row.parent)
        elif len(candidates := known.all_named(row.parent)) > 1:
            row.fail("ambiguous_reference", "parent", value=row.parent, candidates=public_names(candidates))
        elif row.parent and _turns_back(row, by_name, known):
            row.fail("below_itself", "parent")
    new_in_error = {id(row) for row in work if row.problems and row.company is None}
    for row in _by_depth(work, by_name):
        above = by_name.get(row.parent or "")
        if above is not None and id(above) in new_in_error and not row.problems:
            row.fail("parent_in_error", "parent", value=row.parent)
            if row.company is None:
                new_in_error.add(id(row))


def bare_name(name: str) -> str:
    """The name without what kind of name it is."""
    return name.removeprefix("ext:").removeprefix("code:")


def public_names(companies: Iterable[Company]) -> list[str]:
    return sorted(f"code:{company.code}" for company in companies)


def _turns_back(row: Row, by_name: dict[str, Row], known: Known) -> bool:
    """Whether the way up through the rows of the batch, and then through what is stored, meets the row again."""
    at, seen = row, {id(row)}
    while at.parent and at.parent in by_name:
        at = by_name[at.parent]
        if id(at) in seen:
            return True
        seen.add(id(at))
    stored = known.named(at.parent) if at.parent else (at.company if at.parent is None else None)
    return bool(row.company and stored and stored.path.startswith(row.company.path))


def _by_depth(work: Sequence[Row], by_name: dict[str, Row]) -> list[Row]:
    """Rows ordered so that a row comes after the row above it; circles were refused before."""

    def depth(row: Row, limit: int = 100) -> int:
        above = by_name.get(row.parent or "")
        return 0 if above is None or not limit or above is row else 1 + depth(above, limit - 1)

    return sorted(work, key=depth)


def _compare(row: Row) -> None:
    if row.company is None:
        return
    before = {name: getattr(row.company, name) for name in row.values}
    row.changes = differences(before, row.values)
    for name, value in row.values.items():
        setattr(row.company, name, value)
    if row.changes:
        row.outcome = Outcome.UPDATED


def _write_changed(rows: Sequence[Row]) -> None:
    """One INSERT … ON CONFLICT per 500 companies: the same set-based statement on both databases."""
    companies = [row.company for row in rows if row.company is not None]
    companies.sort(key=lambda company: company.pk)
    for company in companies:
        company.updated_at = timezone.now()
    Company.objects.bulk_create(
        companies,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*FIELDS, "updated_at"],
    )


def _write_new(rows: Sequence[Row], known: Known) -> None:
    """Insert level by level: the company above is stored before the company itself."""
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if not row.parent or known.named(row.parent)]
        _insert(ready, known)
        done = {id(row) for row in ready}
        waiting = [row for row in waiting if id(row) not in done]


def _insert(rows: Sequence[Row], known: Known) -> None:
    by_path: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        above = known.named(row.parent)
        by_path[above.path if above else ""].append(row)
    last = _last_steps(by_path)
    for path, children in by_path.items():
        for number, row in enumerate(children, start=last.get(path, 0) + 1):
            place = path + step(number)
            row.company = Company(**row.values, path=place, depth=len(place) // Company.steplen)
            row.outcome = Outcome.CREATED
    Company.objects.bulk_create([row.company for row in rows if row.company], batch_size=BATCH)
    for row in rows:
        if row.company:
            known.add(row.company)
    _count_children({path: len(children) for path, children in by_path.items() if path})


def _last_steps(paths: Iterable[str]) -> dict[str, int]:
    """The number of the last child's step below each path (``""``: the roots); one statement per 500 paths."""
    last: dict[str, int] = {}
    above = Substr("path", 1, Length("path") - Company.steplen)
    for chunk in chunks(sorted(path for path in paths if path)):
        children = (
            Company.objects.order_by().filter(depth__gt=1).annotate(above=above).filter(above__in=chunk)
        )
        for path, found in children.values("above").annotate(last=Max("path")).values_list("above", "last"):
            last[path] = int(found[-Company.steplen :], 36)
    root = Company.objects.filter(depth=1).aggregate(last=Max("path"))["last"]
    return last | {"": int(root, 36) if root else 0}


def _count_children(added: dict[str, int]) -> None:
    by_count: dict[int, list[str]] = defaultdict(list)
    for path, count in added.items():
        by_count[count].append(path)
    for count, paths in by_count.items():
        for chunk in chunks(paths):
            Company.objects.filter(path__in=chunk).update(numchild=F("numchild") + count)


def _move(rows: Sequence[Row], known: Known) -> None:
    """Put companies that were stored elsewhere below the company their row names; later moves see earlier ones."""
    for row in rows:
        above = known.named(row.parent)
        if row.company is None or row.outcome == Outcome.CREATED or row.parent is None:
            continue
        if row.company.path[: -Company.steplen] != (above.path if above else ""):
            _move_one(row, above)
            _refresh(known)


def _refresh(known: Known) -> None:
    """A move writes paths behind our back: read them again."""
    companies = {found.pk: found for found in known.values()}
    for chunk in chunks(sorted(companies)):
        for pk, path, depth in Company.objects.filter(pk__in=chunk).values_list("pk", "path", "depth"):
            companies[pk].path, companies[pk].depth = path, depth


def _move_one(row: Row, above: Company | None) -> None:
    assert row.company is not None
    company = Company.objects.get(pk=row.company.pk)
    before = company.get_parent()
    if above:
        company.move(Company.objects.get(pk=above.pk), "last-child")
    else:
        company.move(Company.get_last_root_node(), "last-sibling")
    row.changes["parent"] = [str(before or ""), str(above or "")]
    row.outcome = Outcome.UPDATED


def _write_territories(rows: Sequence[Row], places: dict[str, int]) -> None:
    """Make the territories of each company what its row says: read all, add what is missing, delete the rest."""
    through = Company.territories.through
    wanted = {(row.company.pk, places[code]) for row in rows if row.company for code in row.territories or ()}
    by_company = {row.company.pk: row for row in rows if row.company}
    stored: dict[tuple[int, int], int] = {}
    for chunk in chunks(sorted(by_company)):
        found = through.objects.filter(company_id__in=chunk).values_list("company_id", "territory_id", "pk")
        stored |= {(company, place): pk for company, place, pk in found}
    gone = [pk for pair, pk in stored.items() if pair not in wanted]
    for chunk in chunks(gone):
        through.objects.filter(pk__in=chunk).delete()
    new = sorted(wanted - set(stored))
    through.objects.bulk_create([through(company_id=c, territory_id=t) for c, t in new], batch_size=BATCH)
    for company_id, _place in {*new, *(pair for pair in stored if pair not in wanted)}:
        row = by_company[company_id]
        if row.outcome == Outcome.UNCHANGED:
            row.outcome = Outcome.UPDATED
        row.changes.setdefault("territories", ["", ", ".join(row.territories or ())])


def _touch(rows: Sequence[Row]) -> None:
    """A move and other territories leave the company's own row as it was, but it has changed."""
    for chunk in chunks(
        [row.company.pk for row in rows if row.company and {"parent", "territories"} & set(row.changes)]
    ):
        Company.objects.filter(pk__in=chunk).update(updated_at=timezone.now())


def _tell(actor: Any, rows: Sequence[Row]) -> None:
    written = [(row, row.company) for row in rows if row.company is not None]
    record_many(
        actor=actor,
        entries=[(company, "qudao.company.imported", {"changes": row.changes}) for row, company in written],
    )
    emit_many(
        Event(
            "company.admitted" if row.outcome == Outcome.CREATED else "company.changed",
            f"company:{company.pk}",
            {"company_id": company.pk, "code": company.code, "external_key": company.external_key},
        )
        for row, company in written
    )


def result_of(work: Sequence[Any]) -> UpsertResult:
    """Counts and outcomes of rows that carry ``line``, ``outcome``, ``problems`` and ``id``."""
    outcomes = {row.line: Outcome.REJECTED if row.problems else row.outcome for row in work}
    counted = list(outcomes.values())
    ids = {row.line: row.company.pk for row in work if not row.problems and row.company}
    return UpsertResult(
        created=counted.count(Outcome.CREATED),
        updated=counted.count(Outcome.UPDATED),
        unchanged=counted.count(Outcome.UNCHANGED),
        problems=tuple(found for row in work for found in row.problems),
        outcomes=outcomes,
        ids=ids,
    )


def chunks(items: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), BATCH):
        yield list(items[start : start + BATCH])
