"""Reads of order flows: which one an order walks, what a draft says, what an order of a given amount would walk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_partner_portal import api as portal

from . import rules
from .models import Flow, FlowStep, FlowVersion

VIEW, CHANGE = "qudao_b2b_ordering.view_flow", "qudao_b2b_ordering.change_flow"


@dataclass(frozen=True, slots=True)
class PublishedFlow:
    """A published version of a flow, what an order keeps, and its definition as a value."""

    version: FlowVersion
    flow: rules.Flow


def flows(viewer: core.Viewer) -> QuerySet[Flow]:
    """The flows the viewer may see: of the company it acts for, if that sells and it works there; staff: all."""
    if viewer.may(VIEW) or viewer.may(CHANGE):
        return Flow.objects.select_related("seller").order_by("seller_id", "code")
    if viewer.is_seller and viewer.has_role("sales", "finance", "warehouse"):
        return Flow.objects.filter(seller_id=viewer.company_id).select_related("seller").order_by("code")
    return Flow.objects.none()


def may_edit(viewer: core.Viewer, flow: Flow) -> bool:
    """Whether the viewer may change this flow: an administrator of the seller, or the back office."""
    own = viewer.is_seller and viewer.company_id == flow.seller_id and "admin" in viewer.roles
    return own or viewer.may(CHANGE)


def get_flow(viewer: core.Viewer, code: str) -> Flow:
    """:raises NotFound: there is no such flow for the viewer."""
    found = flows(viewer).filter(code=code).first()
    if found is None:
        raise core.NotFound("flow_not_found", _("There is no such order flow."), field="code")
    return found


def flow_for(*, seller_id: int, audience: Collection[str]) -> PublishedFlow | None:
    """The version a new order walks: of the narrowest audience, then the highest priority. One statement."""
    newer = FlowVersion.objects.filter(flow=OuterRef("flow"), number__gt=OuterRef("number"))
    rows = (
        FlowVersion.objects.filter(
            ~Exists(newer),
            flow__seller_id=seller_id,
            flow__is_active=True,
            flow__audience_key__in=sorted(audience),
        )
        .select_related("flow")
        .order_by("flow_id")
    )
    found = sorted(rows, key=lambda row: (portal.audience_rank(row.flow.audience_key), -row.flow.priority))
    return _published(found[0]) if found else None


def expected_steps(
    *, seller_id: int, audience: Collection[str], amount: Decimal, lines: Iterable[str]
) -> list[rules.Step]:
    """The steps an order would walk that a buyer places now, as far as they are known before (credit is not asked).

    Empty: the seller takes no orders from this audience. A seller who never published a flow is given the standard one
    by its first order. Reads only.
    """
    published = flow_for(seller_id=seller_id, audience=audience)
    if published is None and has_flow(seller_id=seller_id):
        return []
    return preview(published.flow if published else rules.DEFAULT, amount=amount, lines=lines)


def has_flow(*, seller_id: int) -> bool:
    """Whether the seller ever published a flow."""
    return FlowVersion.objects.filter(flow__seller_id=seller_id).exists()


def flows_of(version_ids: Iterable[int | None]) -> dict[int, rules.Flow]:
    """Version id → flow, in one statement (none when there are no ids)."""
    wanted = {pk for pk in version_ids if pk is not None}
    if not wanted:
        return {}
    rows = FlowVersion.objects.filter(pk__in=wanted).values_list("pk", "definition")
    return {pk: rules.from_data(definition) for pk, definition in rows}


def latest_flows(seller_ids: Iterable[int]) -> list[rules.Flow]:
    """The published flows of sellers as they stand now, oldest first; for the columns of a board."""
    newer = FlowVersion.objects.filter(flow=OuterRef("flow"), number__gt=OuterRef("number"))
    rows = FlowVersion.objects.filter(
        ~Exists(newer), flow__seller_id__in=list(seller_ids), flow__is_active=True
    )
    definitions = rows.order_by("flow_id").values_list("definition", flat=True)[:50]
    return [rules.from_data(definition) for definition in definitions]


def versions(flow: Flow) -> QuerySet[FlowVersion]:
    """Published versions, newest first."""
    return flow.versions.order_by("-number")


def latest_version(flow: Flow) -> FlowVersion | None:
    return versions(flow).first()


@dataclass(frozen=True, slots=True)
class LatestVersion:
    """The newest version of a flow: what new orders take."""

    number: int
    published_at: datetime
    flow: rules.Flow


def latest_versions(flow_ids: Iterable[int]) -> dict[int, LatestVersion]:
    """Flow id → its newest version, in one statement."""
    newer = FlowVersion.objects.filter(flow=OuterRef("flow"), number__gt=OuterRef("number"))
    rows = FlowVersion.objects.filter(~Exists(newer), flow_id__in=list(flow_ids)).order_by()
    columns = rows.values_list("flow_id", "number", "published_at", "definition")
    return {
        flow_id: LatestVersion(number, at, rules.from_data(definition))
        for flow_id, number, at, definition in columns
    }


def draft(flow: Flow) -> rules.Flow:
    """The flow as it stands in the tables: two statements, or none for unsaved steps of a form."""
    steps = list(flow.steps.all())
    return rules.Flow(
        tuple(_step(step) for step in steps),
        flow.allocate_on,
        flow.buyer_may_cancel_until,
        flow.auto_receive_days,
    )


def preview(
    flow: rules.Flow, *, amount: Decimal, over_credit: bool = False, lines: Iterable[str] = ()
) -> list[rules.Step]:
    """The steps an order of this gross amount would walk."""
    return list(rules.path(flow, rules.Facts(amount, over_credit, frozenset(lines))))


def _published(row: FlowVersion) -> PublishedFlow:
    return PublishedFlow(row, row.as_flow)


def _step(step: FlowStep) -> rules.Step:
    condition = rules.Condition(
        step.min_amount, step.only_over_credit, frozenset(line.code for line in step.lines.all())
    )
    return rules.Step(
        code=step.code,
        name=step.name,
        name_zh=step.name_zh,
        kind=step.kind,
        side=step.side,
        role=step.role,
        enabled=step.is_enabled,
        condition=condition,
        service_hours=step.service_hours,
    )
