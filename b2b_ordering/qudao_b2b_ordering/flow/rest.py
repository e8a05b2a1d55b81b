"""Order flows in the API: the seller's staff reads them, its administrator edits them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView, idempotent
from rest_framework.request import Request
from rest_framework.response import Response

from . import queries, rules, schemas, services
from .models import Flow


class FlowView(HeadlessView):
    tags = ("flows",)


class FlowList(FlowView):
    ordering = ("seller_id", "code", "pk")

    @extend_schema(responses=schemas.FlowSchema(many=True))
    def get(self, request: Request) -> Response:
        """The flows of the caller's company, or all for the back office."""
        rows = queries.flows(self.viewer)

        def render(found: Any) -> list[dict[str, Any]]:
            known = queries.latest_versions([flow.pk for flow in found])
            return [flow_document(flow, known.get(flow.pk)) for flow in found]

        return self.page(rows, render)

    @extend_schema(request=schemas.NewFlowInput, responses={201: schemas.FlowSchema})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a flow and publish it."""
        given = self.read(schemas.NewFlowInput)
        flow = services.save_flow(viewer=self.viewer, wanted=flow_input(given))
        return Response(_document(flow), status=201)


class FlowItem(FlowView):
    @extend_schema(responses=schemas.FlowSchema)
    def get(self, request: Request, code: str) -> Response:
        """One order flow with its steps."""
        return Response(_document(queries.get_flow(self.viewer, code)))

    @extend_schema(request=schemas.FlowInputSchema, responses=schemas.FlowSchema)
    def put(self, request: Request, code: str) -> Response:
        """Replace the flow; a change that orders would notice becomes a new version for new orders."""
        given = self.read(schemas.FlowInputSchema)
        flow = services.save_flow(viewer=self.viewer, wanted=flow_input(given), code=code)
        return Response(_document(flow))


class FlowPreview(FlowView):
    @extend_schema(parameters=[schemas.PreviewQuery], responses=schemas.PreviewSchema)
    def get(self, request: Request, code: str) -> Response:
        """Which steps an order of an amount would walk."""
        given = self.read_query(schemas.PreviewQuery)
        flow = queries.draft(queries.get_flow(self.viewer, code))
        lines = [line.strip() for line in given["lines"].split(",") if line.strip()]
        steps = queries.preview(flow, amount=given["amount"], over_credit=given["over_credit"], lines=lines)
        return Response({"amount": given["amount"], "steps": [step_document(step) for step in steps]})


def flow_input(given: dict[str, Any]) -> services.FlowInput:
    """A validated body as the service takes it."""
    steps = [_step(each) for each in given["steps"]]
    values = {name: value for name, value in given.items() if name not in ("steps", "seller")}
    return services.FlowInput(steps=steps, seller_id=given.get("seller"), **values)


def _step(given: dict[str, Any]) -> rules.Step:
    condition = rules.Condition(given["min_amount"], given["only_over_credit"], frozenset(given["lines"]))
    names = ("code", "name", "name_zh", "kind", "side", "role", "enabled", "service_hours")
    return rules.Step(condition=condition, **{name: given[name] for name in names})


def _document(flow: Flow) -> dict[str, Any]:
    return flow_document(flow, queries.latest_versions([flow.pk]).get(flow.pk))


def flow_document(flow: Flow, latest: queries.Latest | None) -> dict[str, Any]:
    return {
        "code": flow.code,
        "name": flow.name,
        "seller": flow.seller.code,
        "audience_key": flow.audience_key,
        "priority": flow.priority,
        "allocate_on": flow.allocate_on,
        "buyer_may_cancel_until": flow.buyer_may_cancel_until,
        "auto_receive_days": flow.auto_receive_days,
        "is_active": flow.is_active,
        "version": latest.number if latest else None,
        "published_at": latest.published_at if latest else None,
        "steps": [step_document(step) for step in (latest.flow if latest else queries.draft(flow)).steps],
    }


def step_document(step: rules.Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "name": step.name,
        "name_zh": step.name_zh,
        "kind": step.kind,
        "side": step.side,
        "role": step.role,
        "enabled": step.enabled,
        "min_amount": step.condition.min_amount,
        "only_over_credit": step.condition.only_over_credit,
        "lines": sorted(step.condition.lines),
        "service_hours": step.service_hours,
    }
