"""Companies and their delivery addresses from files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Problem
from qudao_core.imports import rules
from qudao_core.imports.importer import Column, Importer, Option, Row
from qudao_core.imports.rules import UpsertResult
from qudao_core.viewer import Viewer

from .models import Company, Tier
from .rules import AddressInput, CompanyInput
from .services import upsert_addresses, upsert_companies
from .undoing import AddressUndo, CompanyUndo

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
