"""Companies and addresses from files, and how an import of them is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qudao_core.cache_versions.services import bump
from qudao_core.errors import Problem, Refusal
from qudao_core.imports import rules
from qudao_core.imports.importer import Column, Importer, Option, Row, Undo
from qudao_core.imports.rules import UpsertResult
from qudao_core.imports.undoing.rules import Change, Images
from qudao_core.viewer import Viewer

from .bulk import FIELDS, bare_name, chunks, upsert_companies
from .bulk_addresses import upsert_addresses
from .models import Address, Company, Tier
from .rules import AddressInput, CompanyInput
from .services import companies_in_use, remove_addresses, remove_companies

KINDS = {
    "manufacturer": ("Manufacturer", "制造商", "厂家"),
    "distributor": ("Distributor", "分销商", "总代理", "总经销商"),
    "agent": ("Agent", "代理商", "代理"),
    "dealer": ("Dealer", "经销商", "门店", "零售商"),
}

STATUSES = {
    "active": ("Active", "正常", "启用"),
    "pending": ("Pending", "待审核"),
    "suspended": ("Suspended", "已暂停", "暂停"),
    "closed": ("Closed", "已关闭", "关闭"),
}


def _tiers(viewer: Viewer) -> list[tuple[str, str]]:
    return [(tier.code, str(tier)) for tier in Tier.objects.all()]


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


class CompanyImporter(Importer):
    kind = "companies"
    label = _("Companies")
    help = _(
        "Identified by external key, otherwise by code. An empty cell keeps the stored value. Rows can be in any order."
    )
    permission = "qudao_partner_portal.change_company"
    undo = CompanyUndo
    columns = (
        Column(
            "code",
            "Code",
            "公司编码",
            rules.identifier(40),
            ("客户编码", "客户编号"),
            example="D-0042",
            hints="code|number|编码|编号|kundennummer",
        ),
        Column(
            "external_key",
            "External key",
            "外部编码",
            rules.identifier(80),
            ("ERP code", "ERP编码"),
            example="C10042",
        ),
        Column(
            "name",
            "Name",
            "公司名称",
            rules.text(200),
            ("客户名称", "Company"),
            required=True,
            example="成都蓉光电器有限公司",
            hints="company|customer|name|firma|客户|公司|单位",
        ),
        Column("short_name", "Short name", "简称", rules.text(80), example="蓉光电器"),
        Column(
            "kind",
            "Kind",
            "类型",
            rules.choice(KINDS),
            ("客户类型",),
            example="dealer",
            help=", ".join(KINDS),
        ),
        Column(
            "status", "Status", "状态", rules.choice(STATUSES), example="active", help=", ".join(STATUSES)
        ),
        Column(
            "parent",
            "Parent company",
            "上级公司",
            rules.identifier(80),
            ("Parent", "Buys from", "上级编码"),
            example="A-0007",
            help=_("Code or external key of the parent company, which may be in the same file."),
        ),
        Column("is_seller", "Sells on Qudao", "是否销售方", rules.flag, example="no"),
        Column("tier", "Tier", "等级", rules.identifier(40), ("客户等级",), example="gold"),
        Column(
            "territories",
            "Territories",
            "区域",
            rules.listing,
            ("Territory", "销售区域"),
            example="CN-51; CN-50",
            help=_("Codes, separated by semicolons."),
        ),
        Column("currency", "Currency", "币种", rules.text(3, upper=True), example="CNY"),
        Column("language", "Language", "语言", rules.text(12), example="zh-hans"),
        Column(
            "tax_number",
            "Tax number",
            "税号",
            rules.identifier(40),
            ("统一社会信用代码",),
            example="91510100MA61UJX35K",
            hints="tax|vat|税号|ust",
        ),
        Column(
            "phone",
            "Phone",
            "电话",
            rules.identifier(40),
            ("联系电话",),
            example="028-8555 0101",
            hints="phone|tel|电话|手机",
        ),
        Column(
            "email",
            "E-mail",
            "邮箱",
            rules.text(254),
            ("Email",),
            example="office@example.com",
            hints="mail|邮箱",
        ),
        Column("payment_terms", "Payment terms", "付款条件", rules.text(120), example="月结 30 天"),
    )
    options = (
        Option("tier", _("Tier if the file does not specify one"), choices=_tiers),
        Option(
            "parent", _("Parent company if the file does not specify one"), help=_("Code or external key.")
        ),
    )

    def existing(self, name: str) -> str | None:
        if name == "parent":
            return Company.objects.order_by("path").values_list("code", flat=True).first() or ""
        if name == "tier":
            return Tier.objects.values_list("code", flat=True).first() or ""
        return None

    def write(self, rows: Sequence[Row]) -> UpsertResult:
        inputs = [CompanyInput(**row.values) for row in rows]
        parent, tier = self.given["parent"], self.given["tier"]
        if parent or tier:
            inputs = [
                replace(given, parent=given.parent or parent or None, tier=given.tier or tier or None)
                for given in inputs
            ]
        return _headed(self, upsert_companies(actor=self.viewer, rows=inputs))


class AddressImporter(Importer):
    kind = "addresses"
    label = _("Delivery addresses")
    help = _("Identified by external key within the company, otherwise by recipient and street.")
    permission = "qudao_partner_portal.change_address"
    undo = AddressUndo
    columns = (
        Column(
            "company",
            "Company",
            "公司编码",
            rules.identifier(80),
            ("客户编码", "Company code"),
            required=True,
            example="D-0042",
        ),
        Column("external_key", "External key", "外部编码", rules.identifier(80), example="C10042-1"),
        Column("label", "Label", "地址名称", rules.text(80), example="总仓"),
        Column(
            "recipient", "Recipient", "收货人", rules.text(120), ("联系人",), required=True, example="李蕾"
        ),
        Column("phone", "Phone", "电话", rules.identifier(40), ("联系电话", "手机"), example="138 0013 8000"),
        Column(
            "territory",
            "Province or city",
            "省市",
            rules.text(20),
            ("Territory", "区域"),
            example="CN-5101",
            help=_("Territory code; if none fits, enter the region instead."),
        ),
        Column("region", "Region", "地区", rules.text(200), ("District",), example="成都市武侯区"),
        Column(
            "street",
            "Street address",
            "详细地址",
            rules.text(300),
            ("Address", "地址"),
            required=True,
            example="天府大道中段 1 号",
        ),
        Column("postcode", "Postcode", "邮编", rules.identifier(20), ("Zip",), example="610041"),
        Column("country", "Country", "国家", rules.text(2, upper=True), example="CN"),
        Column("is_default", "Default", "默认地址", rules.flag, example="yes"),
    )

    def existing(self, name: str) -> str | None:
        if name != "company":
            return None
        return Company.objects.order_by("-depth", "path").values_list("code", flat=True).first() or ""

    def write(self, rows: Sequence[Row]) -> UpsertResult:
        return _headed(
            self, upsert_addresses(actor=self.viewer, rows=[AddressInput(**row.values) for row in rows])
        )


def _headed(importer: Importer, result: UpsertResult) -> UpsertResult:
    """Problems name the header instead of the field."""
    problems: list[Problem] = [
        replace(problem, field=importer.header_of(problem.field or "")) for problem in result.problems
    ]
    return replace(result, problems=tuple(problems))


#: What is copied as it is: all that an import writes but the code, which names the company, and the tier, a reference.
