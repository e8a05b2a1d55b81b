"""Writes of order flows. Editing changes a draft; publishing freezes it as a version that new orders take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_partner_portal import api as portal

from . import queries, rules
from .models import Flow, FlowStep, FlowVersion
from .problems import flow_problem


@dataclass(frozen=True, slots=True)
class FlowInput:
    """A whole flow as its editor sends it. ``code`` names a new one; an existing flow keeps its own."""

    name: str
    steps: Sequence[rules.Step]
    code: str = ""
    audience_key: str = "everyone"
    priority: int = 0
    allocate_on: str = rules.ON_SUBMISSION
    buyer_may_cancel_until: str = rules.RELEASE
    auto_receive_days: int | None = None
    is_active: bool = True
    seller_id: int | None = field(default=None, kw_only=True)

    def as_rule(self) -> rules.Flow:
        return rules.Flow(
            tuple(self.steps), self.allocate_on, self.buyer_may_cancel_until, self.auto_receive_days
        )


@transaction.atomic
def publish(*, actor: Any, flow: Flow) -> FlowVersion:
    """Freeze the draft of ``flow`` as a new version, unless nothing an order would notice has changed.

    Orders in flight keep their version. Writes an audit entry on the flow.

    :raises Refusal: ``flow_invalid`` with a problem per step.
    """
    Flow.objects.select_for_update().get(pk=flow.pk)
    draft = queries.draft(flow)
    refuse_unless_sound(draft)
    latest, definition = queries.latest_version(flow), rules.as_data(draft)
    if latest is not None and latest.definition == definition:
        return latest
    number = latest.number + 1 if latest else 1
    version = FlowVersion.objects.create(flow=flow, number=number, definition=definition)
    changes = core.differences(_words(latest.definition) if latest else {}, _words(definition))
    names = {step.code: [step.name, step.name_zh] for step in draft.steps}
    core.record(
        actor=actor,
        instance=flow,
        action="qudao.flow.published",
        data={"note": f"v{number}", "changes": changes, "names": names},
    )
    return version


def refuse_unless_sound(flow: rules.Flow) -> None:
    """:raises Refusal: ``flow_invalid``: the flow could not be walked, or names product lines that do not exist."""
    problems = [flow_problem(issue) for issue in rules.check(flow)]
    if problems:
        raise core.Refusal(
            "flow_invalid", _("This order flow cannot be used yet. See the marked steps."), problems=problems
        )


@transaction.atomic
def save_flow(*, viewer: core.Viewer, wanted: FlowInput, code: str = "") -> Flow:
    """Create a flow (``code`` empty) or replace the draft of the flow ``code``, and publish it.

    :raises NotFound: no such flow for the viewer.
    :raises Forbidden: ``not_your_flow``.
    :raises Refusal: ``flow_invalid``, ``code_taken``, ``unknown_audience``, ``unknown_product_line``.
    """
    refuse_unless_sound(wanted.as_rule())
    if portal.unknown_keys([wanted.audience_key]):
        raise core.Refusal(
            "unknown_audience",
            _("There is no such audience."),
            field="audience_key",
            params={"key": wanted.audience_key},
        )
    lines = _lines(wanted.steps)
    flow = queries.get_flow(viewer, code) if code else _new_flow(viewer, wanted)
    if not queries.may_edit(viewer, flow):
        raise core.Forbidden(
            "not_your_flow", _("Only an administrator of the seller can change its order flows.")
        )
    _set_head(viewer, flow, wanted)
    _replace_steps(flow, wanted.steps, lines)
    flow = Flow.objects.select_related("seller").get(pk=flow.pk)
    publish(actor=viewer, flow=flow)
    return flow


_HEAD = (
    "name",
    "audience_key",
    "priority",
    "allocate_on",
    "buyer_may_cancel_until",
    "auto_receive_days",
    "is_active",
)


def _set_head(viewer: core.Viewer, flow: Flow, wanted: FlowInput) -> None:
    """Save what stands beside the steps; a change of an existing flow is noted in its history."""
    before = {name: getattr(flow, name) for name in _HEAD}
    known = flow.pk is not None
    for name in _HEAD:
        setattr(flow, name, getattr(wanted, name))
    flow.save()
    changes = core.differences(before, {name: getattr(flow, name) for name in _HEAD})
    if known and changes:
        core.record(actor=viewer, instance=flow, action="qudao.flow.changed", data={"changes": changes})


@transaction.atomic
def ensure_default_flow(*, seller_id: int) -> queries.Published | None:
    """Give a seller without any flow the standard one; return what everyone's orders walk then.

    Safe to call at any time and by many at once: a seller who has a flow keeps it. ``None``: the seller has flows, but
    none for everyone.
    """
    if not queries.has_flow(seller_id=seller_id):
        code = f"standard-{seller_id}"
        flow, created = Flow.objects.get_or_create(
            code=code,
            defaults={
                "seller_id": seller_id,
                "name": "Standard order flow 标准订单流程",
                "auto_receive_days": rules.DEFAULT.auto_receive_days,
                "buyer_may_cancel_until": rules.DEFAULT.buyer_may_cancel_until,
                "allocate_on": rules.DEFAULT.allocate_on,
            },
        )
        if created:
            _replace_steps(flow, rules.DEFAULT.steps, {})
            publish(actor=None, flow=Flow.objects.get(pk=flow.pk))
    return queries.flow_for(seller_id=seller_id, audience=["everyone"])


def standard_draft() -> Flow:
    """An unsaved flow with the standard steps, for an editor to start from."""
    flow = Flow(
        allocate_on=rules.DEFAULT.allocate_on,
        buyer_may_cancel_until=rules.DEFAULT.buyer_may_cancel_until,
        auto_receive_days=rules.DEFAULT.auto_receive_days,
    )
    for position, step in enumerate(rules.DEFAULT.steps):
        row = FlowStep(code=step.code)
        _fill(row, step, position)
        flow.steps.add(row)
    return flow


def _new_flow(viewer: core.Viewer, wanted: FlowInput) -> Flow:
    seller_id = wanted.seller_id if viewer.may(queries.CHANGE) and wanted.seller_id else viewer.company_id
    if seller_id is None:
        raise core.Refusal(
            "seller_required", _("Specify which seller this order flow belongs to."), field="seller"
        )
    sellers = apps.get_model("qudao_partner_portal", "Company").objects.filter(is_seller=True)
    if viewer.may(queries.CHANGE) and not sellers.filter(pk=seller_id).exists():
        raise core.Refusal("unknown_seller", _("There is no such company that sells."), field="seller")
    code = slugify(wanted.code or wanted.name) or f"flow-{seller_id}"
    if Flow.objects.filter(code=code).exists():
        raise core.Conflict(
            "code_taken", _("Another order flow has this code. Choose another code."), field="code"
        )
    return Flow(code=code, seller_id=seller_id)


def _lines(steps: Iterable[rules.Step]) -> dict[str, int]:
    """Code → id of every product line the steps name; one statement, none when they name none."""
    wanted = {code for step in steps for code in step.condition.lines}
    if not wanted:
        return {}
    model = apps.get_model("qudao_catalog", "ProductLine")
    found = dict(model.objects.filter(code__in=wanted).values_list("code", "pk"))
    if missing := sorted(wanted - set(found)):
        raise core.Refusal(
            "unknown_product_line",
            _("There is no product line %(code)s.") % {"code": missing[0]},
            field="steps",
            params={"codes": missing},
        )
    return found


def _replace_steps(flow: Flow, steps: Sequence[rules.Step], lines: dict[str, int]) -> None:
    """Steps keep their row where the code stays, so that their history does."""
    FlowStep.objects.filter(flow=flow).exclude(code__in=[step.code for step in steps]).delete()
    known = {step.code: step for step in FlowStep.objects.filter(flow=flow)}
    for position, step in enumerate(steps):
        row = known.get(step.code) or FlowStep(flow=flow, code=step.code)
        _fill(row, step, position)
        row.save()
        # A cluster writes its many-to-many rows only with its form; here the rows are written directly.
        row.lines.set([lines[code] for code in sorted(step.condition.lines)])
        row.save()


def _fill(row: FlowStep, step: rules.Step, position: int) -> None:
    row.sort_order = position
    row.name, row.name_zh = step.name, step.name_zh
    row.kind, row.side, row.role = step.kind, step.side, step.role
    row.is_enabled = step.enabled
    row.min_amount = step.condition.min_amount
    row.only_over_credit = step.condition.only_over_credit
    row.service_hours = step.service_hours


def _words(definition: dict[str, Any]) -> dict[str, str]:
    """A definition as short texts, so that the audit log says what changed and not two blobs of JSON."""
    if not definition:
        return {}
    flow = rules.from_data(definition)
    words = {
        "allocate_on": flow.allocate_on,
        "buyer_may_cancel_until": flow.buyer_may_cancel_until,
        "auto_receive_days": str(flow.auto_receive_days or ""),
        "steps": " → ".join(step.code for step in flow.steps if step.enabled),
    }
    return words | {step.code: _step_words(step) for step in flow.steps}


def _step_words(step: rules.Step) -> str:
    plain = replace(step, code="", name="", name_zh="")
    condition = plain.condition
    parts = [
        "on" if step.enabled else "off",
        f"{step.side}/{step.role}",
        f"≥ {condition.min_amount:,}" if condition.min_amount is not None else "",
        "over credit" if condition.only_over_credit else "",
        ", ".join(sorted(condition.lines)),
        f"{step.service_hours} h" if step.service_hours else "",
    ]
    return " · ".join(part for part in parts if part)
