"""Take imported companies and addresses back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Refusal
from qudao_core.imports.importer import Row, Undo
from qudao_core.imports.rules import UpsertResult
from qudao_core.imports.undoing.rules import Change, Images

from .models import Address, Company
from .rules import AddressInput, CompanyInput
from .services import (
    companies_in_use,
    remove_addresses,
    remove_companies,
    upsert_addresses,
    upsert_companies,
)
from .services.bulk import FIELDS, bare_name, chunks

#: What is copied as it is: all that an import writes but the code, which names the company, and the tier, a reference.
PLAIN = tuple(name for name in FIELDS if name not in {"code", "tier"})


class CompanyUndo(Undo):
    fields = (
        ("code", _("Code")),
        ("external_key", _("External key")),
        ("name", _("Name")),
        ("short_name", _("Short name")),
        ("kind", _("Kind")),
        ("status", _("Status")),
        ("is_seller", _("Sells on Qudao")),
        ("currency", _("Currency")),
        ("language", _("Language")),
        ("tax_number", _("Tax number")),
        ("phone", _("Phone")),
        ("email", _("E-mail")),
        ("payment_terms", _("Payment terms")),
        ("tier", _("Tier")),
        ("territories", _("Territories")),
        ("parent", ""),
    )

    def lock(self, rows: Sequence[Row]) -> None:
        bump("companies")

    def touched(self, rows: Sequence[Row]) -> Images:
        codes = {row["code"] or row["external_key"] for row in rows} - {None}
        keys = {row["external_key"] for row in rows} - {None}
        found: Images = {}
        for chunk in chunks(sorted(codes)):
            found |= _companies(Q(code__in=chunk))
        for chunk in chunks(sorted(keys)):
            found |= _companies(Q(external_key__in=chunk))
        return found

    def now(self, ids: Iterable[str]) -> Images:
        found: Images = {}
        for chunk in chunks([int(each) for each in ids]):
            found |= _companies(Q(pk__in=chunk))
        return found

    def names(self, changes: Sequence[Change]) -> Mapping[str, str]:
        return {each.id: str(self.value(each.after or each.before, "code")) for each in changes}

    def obstacles(self, changes: Sequence[Change], since: datetime) -> Mapping[str, tuple[str, str]]:
        fresh = {int(each.id) for each in changes if each.before is None}
        gone = {int(each) for each in self.gone}
        found = {
            str(pk): ("in_use", gettext("It is in use by now: %(what)s.") % {"what": what})
            for pk, what in companies_in_use(fresh, gone).items()
        }
        above = {each.id: self.value(each.before, "parent") for each in changes if self.leaves(each)}
        there: set[int] = set()
        for chunk in chunks(sorted({pk for pk in above.values() if pk})):
            there |= set(Company.objects.filter(pk__in=chunk).values_list("pk", flat=True))
        message = gettext("The company it belonged to before no longer exists.")
        return found | {
            each: ("former_gone", message) for each, pk in above.items() if pk and pk not in there
        }

    def leaves(self, change: Change) -> bool:
        moved = self.value(change.before, "parent") != self.value(change.after, "parent")
        return bool(change.after) and moved

    def hold(self, batches: Iterable[Sequence[Change]]) -> None:
        """Whoever changes companies takes their version first."""
        bump("companies")

    def take_back(self, changes: Sequence[Change]) -> None:
        """First the particulars, then the places in the tree, and then what the import made is removed."""
        actor = self.importer.viewer
        changed = [each for each in changes if each.before is not None and each.after is not None]
        _whole(upsert_companies(actor=actor, rows=[self._particulars(each) for each in changed]))
        moved = [each for each in changed if each.before[-1] != each.after[-1]]  # type: ignore[index]
        codes = dict(Company.objects.values_list("pk", "code")) if moved else {}
        rows = []
        for each in moved:
            above = self.value(each.before, "parent")
            parent = f"code:{codes[above]}" if above else ""
            rows.append(CompanyInput(code=self.value(each.before, "code"), parent=parent))
        _whole(upsert_companies(actor=actor, rows=rows))
        remove_companies(actor=actor, ids=[int(each.id) for each in changes if each.before is None])

    def _particulars(self, change: Change) -> CompanyInput:
        """What differs, with the code the company had; its key where that names it now."""
        given: dict[str, Any] = {"code": self.value(change.before, "code")}
        before, after = change.before or [], change.after or []
        for (name, _label), then, now in zip(self.fields, before, after, strict=True):
            if then != now and name not in ("code", "parent"):
                given[name] = tuple(then) if name == "territories" else then
        if given["code"] != self.value(change.after, "code"):
            given["external_key"] = self.value(change.after, "external_key")
        return CompanyInput(**given)


class AddressUndo(Undo):
    fields = (
        ("company", ""),
        ("external_key", _("External key")),
        ("label", _("Label")),
        ("recipient", _("Recipient")),
        ("phone", _("Phone")),
        ("territory", _("Province or city")),
        ("region", _("Region")),
        ("street", _("Street address")),
        ("postcode", _("Postcode")),
        ("country", _("Country")),
        ("is_default", _("Default")),
        ("is_active", ""),
    )

    def lock(self, rows: Sequence[Row]) -> None:
        for chunk in chunks(sorted({bare_name(row["company"]) for row in rows})):
            named = Q(code__in=chunk) | Q(external_key__in=chunk)
            list(Company.objects.select_for_update().filter(named).order_by("pk").values_list("pk"))

    def touched(self, rows: Sequence[Row]) -> Images:
        """All addresses of the companies: a new default takes it from another."""
        found: Images = {}
        for chunk in chunks(sorted({bare_name(row["company"]) for row in rows})):
            found |= _addresses(Q(company__code__in=chunk) | Q(company__external_key__in=chunk))
        return found

    def now(self, ids: Iterable[str]) -> Images:
        found: Images = {}
        for chunk in chunks([int(each) for each in ids]):
            found |= _addresses(Q(pk__in=chunk))
        return found

    def names(self, changes: Sequence[Change]) -> Mapping[str, str]:
        images = {each.id: each.after or each.before or [] for each in changes}
        codes = dict(
            Company.objects.filter(pk__in={image[0] for image in images.values()}).values_list("pk", "code")
        )
        return {pk: f"{codes.get(image[0], '')}: {image[3]}, {image[7]}" for pk, image in images.items()}

    def hold(self, batches: Iterable[Sequence[Change]]) -> None:
        """Whoever edits an address holds its company."""
        ids = {self.value(each.after or each.before, "company") for changes in batches for each in changes}
        for chunk in chunks(sorted(ids)):
            list(Company.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))

    def take_back(self, changes: Sequence[Change]) -> None:
        actor = self.importer.viewer
        remove_addresses(actor=actor, ids=[int(each.id) for each in changes if each.before is None])
        changed = [each for each in changes if each.before is not None]
        codes = dict(Company.objects.values_list("pk", "code"))
        rows = [self._row(each, codes) for each in changed]
        _whole(upsert_addresses(actor=actor, rows=[row for row in rows if row is not None]))

    def _row(self, change: Change, codes: Mapping[int, str]) -> AddressInput | None:
        before, after = change.before or [], change.after or []
        values = dict(zip((name for name, _label in self.fields), before, strict=True))
        now = dict(zip((name for name, _label in self.fields), after, strict=True))
        kept = {name: value for name, value in values.items() if value != now[name]}
        kept |= {"external_key": values["external_key"]} if values["external_key"] else {}
        named = {name: values[name] for name in ("recipient", "street")}
        kept.pop("is_active", None)
        kept.pop("company", None)
        return AddressInput(**{**named, **kept}, company=f"code:{codes[values['company']]}")


def _companies(where: Q) -> Images:
    rows = list(
        Company.objects.filter(where).values_list("pk", "code", *PLAIN, "tier__code", "path").order_by("pk")
    )
    step = Company.steplen
    above = {path[:-step] for *_rest, path in rows if len(path) > step}
    parents: dict[str, int] = {}
    for chunk in chunks(sorted(above)):
        parents |= dict(Company.objects.filter(path__in=chunk).values_list("path", "pk"))
    places: dict[int, list[str]] = {}
    through = Company.territories.through
    for chunk in chunks([row[0] for row in rows]):
        found = through.objects.filter(company_id__in=chunk).order_by("territory__code")
        for pk, code in found.values_list("company_id", "territory__code"):
            places.setdefault(pk, []).append(code)
    return {
        str(pk): [*values, tier or "", places.get(pk, []), parents.get(path[:-step])]
        for pk, *values, tier, path in rows
    }


def _addresses(where: Q) -> Images:
    rows = (
        Address.objects.filter(where)
        .order_by("pk")
        .values_list(
            "pk",
            "company_id",
            "external_key",
            "label",
            "recipient",
            "phone",
            "territory__code",
            "region",
            "street",
            "postcode",
            "country",
            "is_default",
            "is_active",
        )
    )
    return {str(pk): ["" if value is None else value for value in values] for pk, *values in rows}


def _whole(result: UpsertResult) -> None:
    """:raises Refusal: ``former_values_invalid``: what was stored before would not be taken today."""
    if result.problems:
        raise Refusal(
            "former_values_invalid",
            gettext("Some former values are no longer valid, so nothing was undone."),
            remedy=gettext("Correct the records by hand."),
            problems=result.problems,
        )
