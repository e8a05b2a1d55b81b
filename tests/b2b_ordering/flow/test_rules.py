from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_b2b_ordering.flow import rules
from qudao_b2b_ordering.flow.rules import (
    APPROVAL,
    BUYER,
    DEFAULT,
    RECEIPT,
    RELEASE,
    SELLER,
    SHIPMENT,
    Condition,
    Facts,
    Flow,
    Step,
)

SMALL = Facts(Decimal("100.00"))

conditions = st.builds(
    Condition,
    min_amount=st.none() | st.decimals(0, 10_000, places=2),
    only_over_credit=st.booleans(),
    lines=st.frozensets(st.sampled_from(["lighting", "switches", "cable"])),
)
facts = st.builds(
    Facts,
    amount=st.decimals(0, 20_000, places=2),
    over_credit=st.booleans(),
    lines=st.frozensets(st.sampled_from(["lighting", "switches", "cable"])),
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Sound flows: kinds in order, codes unique, any step off or conditional."""
    kinds = [APPROVAL] * draw(st.integers(0, 4)) + draw(
        st.sampled_from(
            [
                [],
                [RELEASE],
                [SHIPMENT],
                [RELEASE, SHIPMENT],
                [SHIPMENT, RECEIPT],
                [RELEASE, SHIPMENT, RECEIPT],
            ]
        )
    )
    steps = []
    for index, kind in enumerate(kinds):
        side = rules.SIDE_OF_KIND.get(kind) or draw(st.sampled_from([SELLER, BUYER]))
        steps.append(
            Step(
                f"s{index}",
                f"Step {index}",
                kind,
                side,
                draw(st.sampled_from(rules.ROLES[side])),
                enabled=draw(st.booleans()),
                condition=draw(conditions),
                service_hours=draw(st.none() | st.integers(1, 200)),
            )
        )
    return Flow(
        tuple(steps),
        draw(st.sampled_from([rules.ON_SUBMISSION, rules.ON_APPROVAL])),
        draw(st.sampled_from([APPROVAL, RELEASE, SHIPMENT])),
        draw(st.none() | st.integers(1, 60)),
    )


def walk(flow: Flow, given_facts: Facts) -> list[str]:
    codes, step = [], rules.first_step(flow, given_facts)
    while step is not None:
        codes.append(step.code)
        assert len(codes) <= len(flow.steps), "the walk does not end"
        step = rules.next_step(flow, given_facts, step.code)
    return codes


@given(flows(), facts)
def test_every_walk_ends_and_visits_exactly_the_steps_that_apply(flow: Flow, given_facts: Facts) -> None:
    walked = walk(flow, given_facts)
    assert walked == [step.code for step in rules.path(flow, given_facts)]
    assert walked == [step.code for step in flow.steps if step.applies(given_facts)]


@given(flows(), facts)
def test_an_enabled_step_without_condition_is_never_skipped(flow: Flow, given_facts: Facts) -> None:
    walked = walk(flow, given_facts)
    must = [step.code for step in flow.steps if step.enabled and step.condition.is_always]
    assert [code for code in walked if code in must] == must


@given(flows(), facts)
def test_what_remains_shrinks_by_one_with_every_step(flow: Flow, given_facts: Facts) -> None:
    walked = walk(flow, given_facts)
    for position, code in enumerate(walked):
        assert [step.code for step in rules.remaining(flow, given_facts, code)] == walked[position:]


@given(flows())
def test_a_flow_survives_being_kept_and_read_again(flow: Flow) -> None:
    assert rules.from_data(rules.as_data(flow)) == flow
    assert rules.check(flow) == ()


@given(flows(), facts)
def test_the_seller_may_cancel_until_something_was_shipped_and_nobody_afterwards(
    flow: Flow, given_facts: Facts
) -> None:
    for step in rules.path(flow, given_facts):
        assert rules.may_cancel(flow, given_facts, step.code, side=SELLER, shipped=False)
        assert not rules.may_cancel(flow, given_facts, step.code, side=SELLER, shipped=True)
        assert not rules.may_cancel(flow, given_facts, step.code, side=BUYER, shipped=True)


@given(flows(), facts)
def test_the_buyers_right_to_cancel_ends_once_and_does_not_come_back(flow: Flow, given_facts: Facts) -> None:
    rights = [
        rules.may_cancel(flow, given_facts, step.code, side=BUYER, shipped=False)
        for step in rules.path(flow, given_facts)
    ]
    assert rights == sorted(rights, reverse=True)


@given(flows(), facts)
def test_stock_is_promised_before_anything_leaves_the_house(flow: Flow, given_facts: Facts) -> None:
    """Whichever way, it was promised when the order reaches its first step that is no approval."""
    promised = rules.allocates_at_submission(flow, given_facts)
    for step in rules.path(flow, given_facts):
        promised = promised or rules.allocates_before(flow, given_facts, step)
        assert promised or step.kind == APPROVAL
    assert promised or rules.allocates_before(flow, given_facts, None)


@given(flows(), facts)
def test_goods_always_leave_by_a_shipment(flow: Flow, given_facts: Facts) -> None:
    """Either a step of the flow ships, or reaching the receipt or the end counts as shipping; never both."""
    has_step = any(step.kind == SHIPMENT for step in rules.path(flow, given_facts))
    assert rules.ships_itself(flow, given_facts, None) is not has_step


def test_the_default_flow_walks_the_five_steps_of_a_channel_in_order() -> None:
    assert walk(DEFAULT, SMALL) == ["sales-approval", "finance-approval", "release", "shipment", "receipt"]
    assert [step.label("zh-hans") for step in rules.path(DEFAULT, SMALL)] == [
        "供货方审批",
        "财务审批",
        "出库",
        "发货",
        "收货",
    ]
    assert rules.check(DEFAULT) == ()


@pytest.mark.parametrize(
    ("condition", "given_facts", "holds"),
    [
        (Condition(), SMALL, True),
        (Condition(min_amount=Decimal("100")), SMALL, True),
        (Condition(min_amount=Decimal("100.01")), SMALL, False),
        (Condition(only_over_credit=True), SMALL, False),
        (Condition(only_over_credit=True), Facts(Decimal(1), over_credit=True), True),
        (Condition(lines=frozenset({"cable"})), SMALL, False),
        (Condition(lines=frozenset({"cable"})), Facts(Decimal(1), lines=frozenset({"cable", "lamps"})), True),
        (
            Condition(min_amount=Decimal(50), lines=frozenset({"cable"})),
            Facts(Decimal(1), lines=frozenset({"cable"})),
            False,
        ),
    ],
)
def test_a_step_applies_when_everything_it_names_holds(
    condition: Condition, given_facts: Facts, holds: bool
) -> None:
    assert condition.holds(given_facts) is holds


def test_steps_that_are_off_or_do_not_apply_are_skipped() -> None:
    steps = (
        replace(DEFAULT.steps[0], enabled=False),
        replace(DEFAULT.steps[1], condition=Condition(min_amount=Decimal(5000))),
        *DEFAULT.steps[2:],
    )
    flow = replace(DEFAULT, steps=steps)
    assert walk(flow, SMALL) == ["release", "shipment", "receipt"]
    assert walk(flow, Facts(Decimal(5000))) == ["finance-approval", "release", "shipment", "receipt"]


def test_next_of_an_unknown_step_is_an_error_not_the_end() -> None:
    with pytest.raises(ValueError, match="no step 'nowhere'"):
        rules.next_step(DEFAULT, SMALL, "nowhere")


def test_a_step_is_done_by_its_role_on_its_side_or_by_that_sides_administrator() -> None:
    finance = DEFAULT.steps[1]
    assert rules.may_act(finance, sides={SELLER}, roles={"finance"})
    assert rules.may_act(finance, sides={SELLER}, roles={"admin"})
    assert not rules.may_act(finance, sides={SELLER}, roles={"sales", "warehouse"})
    assert not rules.may_act(finance, sides={BUYER}, roles={"finance", "admin"})
    assert not rules.may_act(finance, sides=(), roles={"finance"})


def test_due_counts_service_hours_from_the_moment_the_order_arrived() -> None:
    since = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert rules.due_at(DEFAULT.steps[0], since) == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert rules.due_at(replace(DEFAULT.steps[0], service_hours=None), since) is None


@pytest.mark.parametrize(
    ("until", "allowed"),
    [
        ("approval", ["sales-approval"]),
        ("release", ["sales-approval", "finance-approval", "release"]),
        ("shipment", ["sales-approval", "finance-approval", "release", "shipment"]),
    ],
)
def test_the_buyer_may_cancel_until_the_point_the_flow_names(until: str, allowed: list[str]) -> None:
    flow = replace(DEFAULT, buyer_may_cancel_until=until)
    may = [
        step.code
        for step in rules.path(flow, SMALL)
        if rules.may_cancel(flow, SMALL, step.code, side=BUYER, shipped=False)
    ]
    assert may == allowed


def test_without_any_approval_the_buyer_may_cancel_until_release() -> None:
    flow = replace(DEFAULT, steps=DEFAULT.steps[2:], buyer_may_cancel_until="approval")
    assert rules.may_cancel(flow, SMALL, "release", side=BUYER, shipped=False)
    assert not rules.may_cancel(flow, SMALL, "shipment", side=BUYER, shipped=False)


def test_stock_is_promised_on_submission_or_when_the_last_approval_is_given() -> None:
    assert rules.allocates_at_submission(DEFAULT, SMALL)
    late = replace(DEFAULT, allocate_on=rules.ON_APPROVAL)
    assert not rules.allocates_at_submission(late, SMALL)
    assert not rules.allocates_before(late, SMALL, late.steps[1])
    assert rules.allocates_before(late, SMALL, late.steps[2])
    no_approvals = replace(late, steps=late.steps[2:])
    assert rules.allocates_at_submission(no_approvals, SMALL)


def step(kind: str, /, **changes: object) -> Step:
    side = rules.SIDE_OF_KIND.get(kind, SELLER)
    values = {"code": kind, "name": kind, "kind": kind, "side": side, "role": rules.ROLES[side][0]} | changes
    return Step(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step(RECEIPT), step(SHIPMENT)], [("wrong_order", 1, "kind")]),
        ([step(SHIPMENT), step(APPROVAL)], [("wrong_order", 1, "kind")]),
        ([step(SHIPMENT), step(SHIPMENT, code="b")], [("kind_twice", 1, "kind")]),
        ([step(SHIPMENT), step(SHIPMENT, code="b", enabled=False)], []),
        ([step(APPROVAL), step(APPROVAL)], [("code_twice", 1, "code")]),
        ([step(APPROVAL, role="warehouse", side=BUYER)], [("wrong_role", 0, "role")]),
        ([step(APPROVAL, role="king")], [("wrong_role", 0, "role")]),
        ([step(RECEIPT, side=SELLER, role="sales")], [("wrong_side", 0, "side")]),
        ([step(APPROVAL, kind="dance")], [("unknown_kind", 0, "kind")]),
        ([step(APPROVAL, side="moon")], [("unknown_side", 0, "side")]),
        ([step(APPROVAL, code="", name="")], [("code_missing", 0, "code"), ("name_missing", 0, "name")]),
        ([step(APPROVAL, service_hours=0)], [("no_time", 0, "service_hours")]),
        ([step(APPROVAL, condition=Condition(Decimal(-1)))], [("negative_amount", 0, "min_amount")]),
        ([step(APPROVAL, code=f"s{n}") for n in range(31)], [("too_many_steps", None, "")]),
    ],
)
def test_what_cannot_be_walked_is_named_with_its_step_and_field(
    steps: list[Step], expected: list[tuple[str, int | None, str]]
) -> None:
    found = rules.check(Flow(tuple(steps)))
    assert [(issue.code, issue.step, issue.field) for issue in found] == expected


def test_unknown_settings_of_the_flow_itself_are_named() -> None:
    found = rules.check(Flow((), allocate_on="full moon", buyer_may_cancel_until="ever"))
    assert [(issue.code, issue.field) for issue in found] == [
        ("unknown_cancel_point", "buyer_may_cancel_until"),
        ("unknown_allocation", "allocate_on"),
    ]
