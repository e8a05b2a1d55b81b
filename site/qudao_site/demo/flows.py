"""The order flows of the demo's two sellers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qudao_b2b_ordering import api as ordering
from qudao_core import api as core

from .content.channel import DISTRIBUTOR


def make_flows(system: core.Viewer, companies: Mapping[str, Any]) -> None:
    """The maker's standard flow, a fast lane for platinum, and the distributor's short one."""
    day, two_days, fortnight = 24, 48, 24 * 14
    sales = ordering.Step(
        "sales-approval", "Sales approval", "approval", "seller", "sales", "供货方审批", service_hours=day
    )
    finance = ordering.Step(
        "finance-approval", "Finance approval", "approval", "seller", "finance", "财务审批", service_hours=day
    )
    release = ordering.Step(
        "release", "Release to warehouse", "release", "seller", "warehouse", "出库", service_hours=day
    )
    ship = ordering.Step(
        "shipment", "Shipment", "shipment", "seller", "warehouse", "发货", service_hours=two_days
    )
    receipt = ordering.Step(
        "receipt", "Receipt", "receipt", "buyer", "buyer", "收货", service_hours=fortnight
    )
    for code, name, seller, audience, steps in (
        ("standard", "标准流程", "LH", "everyone", (_own(12_000), sales, finance, release, ship, receipt)),
        ("platinum", "白金快速流程", "LH", "tier:platinum", (sales, release, ship, receipt)),
        ("jinyu", "锦屿流程", DISTRIBUTOR, "everyone", (_own(3_000), sales, release, ship, receipt)),
    ):
        wanted = ordering.FlowInput(
            name=name, steps=steps, code=code, audience_key=audience, seller_id=companies[seller].pk
        )
        ordering.save_flow(viewer=system, wanted=wanted)


def _own(amount: int) -> ordering.Step:
    """The buying company's own approval of larger orders."""
    return ordering.Step(
        "company-approval",
        "Company approval",
        "approval",
        "buyer",
        "approver",
        "公司审批",
        condition=ordering.Condition(min_amount=Decimal(amount)),
        service_hours=48,
    )
