"""The order flows of the demo's sellers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qudao_b2b_ordering import api as ordering
from qudao_core import api as core

from .channel import Flow, FlowStep, Trade


def make_flows(system: core.Viewer, companies: Mapping[str, Any], trade: Trade) -> None:
    for flow in trade.flows:
        wanted = ordering.FlowInput(
            name=flow.name,
            steps=_steps(flow, trade),
            code=flow.code,
            audience_key=flow.audience,
            seller_id=companies[flow.seller].pk,
        )
        ordering.save_flow(viewer=system, wanted=wanted)


def _steps(flow: Flow, trade: Trade) -> tuple[ordering.Step, ...]:
    return tuple(_step(each, trade) for each in flow.steps)


def _step(wanted: str | FlowStep, trade: Trade) -> ordering.Step:
    code, condition = (wanted, ordering.Condition()) if isinstance(wanted, str) else _from_amount(wanted)
    step = trade.steps[code]
    return ordering.Step(
        code,
        step.name,
        step.kind,
        step.side,
        step.role,
        step.name_zh,
        condition=condition,
        service_hours=step.hours,
    )


def _from_amount(wanted: FlowStep) -> tuple[str, ordering.Condition]:
    return wanted.step, ordering.Condition(min_amount=wanted.from_amount)
