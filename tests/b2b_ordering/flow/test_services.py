from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.flow import queries, rules, services
from qudao_b2b_ordering.flow.models import Flow, FlowVersion
from qudao_catalog import testing as catalog
from qudao_core import api as core
from qudao_partner_portal import testing as people

from ..channel import Channel

STEPS = rules.DEFAULT.steps


def wanted(*steps: rules.Step, **fields: Any) -> services.FlowInput:
    return services.FlowInput(**({"name": "House flow", "steps": steps or STEPS, "code": "house"} | fields))


def save(channel: Channel, name: str = "ada", code: str = "", **fields: Any) -> Flow:
    return services.save_flow(viewer=channel.viewer(name), wanted=wanted(**fields), code=code)


def test_a_seller_without_a_flow_gets_the_standard_one_once(channel: Channel) -> None:
    first = services.ensure_default_flow(seller_id=channel.maker.pk)
    again = services.ensure_default_flow(seller_id=channel.maker.pk)
    assert first and again
    assert first.version == again.version
    assert first.flow == rules.DEFAULT
    assert (Flow.objects.count(), FlowVersion.objects.count()) == (1, 1)
    steps = first.version.flow.steps.order_by("sort_order")
    assert [step.name_zh for step in steps] == ["供货方审批", "财务审批", "出库", "发货", "收货"]


def test_only_a_change_that_orders_would_notice_makes_a_version(channel: Channel) -> None:
    flow = save(channel)
    renamed = wanted(priority=5, is_active=False)
    services.save_flow(viewer=channel.viewer("ada"), wanted=renamed, code="house")
    assert queries.versions(flow).count() == 1
    told = core.history(flow)[0]
    assert (told.action, told.data["changes"]) == (
        "qudao.flow.changed",
        {"priority": ["0", "5"], "is_active": ["True", "False"]},
    )
    finance = replace(STEPS[1], condition=rules.Condition(min_amount=Decimal("5000.00")))
    services.save_flow(
        viewer=channel.viewer("ada"), wanted=wanted(STEPS[0], finance, *STEPS[2:]), code="house"
    )
    newest = queries.latest_version(flow)
    assert newest and newest.number == 2
    assert rules.from_data(newest.definition).steps[1].condition.min_amount == 5000
    told = core.history(flow)
    assert [entry.action for entry in told][::2] == ["qudao.flow.published", "qudao.flow.changed"]
    assert told[0].data["changes"]["finance-approval"] == [
        "on · seller/finance · 24 h",
        "on · seller/finance · ≥ 5,000.00 · 24 h",
    ]
    assert told[0].actor_name == "Ada Admin"


def test_steps_keep_their_row_and_their_product_lines(channel: Channel) -> None:
    catalog.make_line("cable")
    only_cable = replace(STEPS[0], condition=rules.Condition(lines=frozenset({"cable"})))
    flow = services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(only_cable, *STEPS[2:]))
    before = dict(flow.steps.values_list("code", "pk"))
    flow = services.save_flow(
        viewer=channel.viewer("ada"), wanted=wanted(*STEPS[2:], code="house"), code="house"
    )
    assert dict(flow.steps.values_list("code", "pk")) == {
        code: pk for code, pk in before.items() if code != "sales-approval"
    }
    services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(only_cable, *STEPS[2:]), code="house")
    assert queries.draft(Flow.objects.get()).steps[0].condition.lines == {"cable"}


def test_a_flow_that_cannot_be_walked_is_refused_whole(channel: Channel) -> None:
    with pytest.raises(core.Refusal) as caught:
        services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(STEPS[4], STEPS[3]))
    problem = caught.value.problems[0]
    assert (caught.value.code, problem.code, problem.field, problem.line) == (
        "flow_invalid",
        "wrong_order",
        "steps.1.kind",
        2,
    )
    assert str(problem.message) == "This step comes too late: it must come before “Receipt”."
    assert not Flow.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"audience_key": "tier:none"}, "unknown_audience"),
        (
            {"steps": (replace(STEPS[0], condition=rules.Condition(lines=frozenset({"nope"}))),)},
            "unknown_product_line",
        ),
    ],
)
def test_what_does_not_exist_is_named(channel: Channel, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(core.Refusal) as caught:
        save(channel, **fields)
    assert caught.value.code == code
    assert caught.value.problem.params
    assert not Flow.objects.exists()


def test_of_several_unknown_product_lines_all_are_told_and_the_first_is_named(channel: Channel) -> None:
    first, second = (
        replace(STEPS[0], code=f"step-{name}", condition=rules.Condition(lines=frozenset({name})))
        for name in ("lamps", "cables")
    )
    with pytest.raises(core.Refusal) as caught:
        save(channel, steps=(first, second))
    assert caught.value.message == "There is no product line cables."
    assert caught.value.problem.params == {"codes": ["cables", "lamps"]}


def test_a_code_is_used_once(channel: Channel) -> None:
    save(channel)
    with pytest.raises(core.Refusal) as caught:
        save(channel)
    assert (caught.value.code, caught.value.problem.field) == ("code_taken", "code")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sam", "not_your_flow"),
        ("fia", "not_your_flow"),
        ("bai", "flow_not_found"),
        ("pat", "flow_not_found"),
    ],
)
def test_only_the_sellers_administrator_edits(channel: Channel, name: str, code: str) -> None:
    flow = save(channel)
    with pytest.raises(core.Refusal) as caught:
        services.save_flow(viewer=channel.viewer(name), wanted=wanted(STEPS[0]), code="house")
    assert caught.value.code == code
    assert queries.versions(flow).count() == 1


def test_a_buyer_cannot_make_a_flow_for_anybody(channel: Channel) -> None:
    for name in ("bai", "pat", "sam"):
        with pytest.raises(core.Forbidden) as caught:
            save(channel, name, seller_id=channel.maker.pk)
        assert caught.value.code == "not_your_flow"
    assert not Flow.objects.exists()


def test_the_back_office_edits_every_sellers_flow(channel: Channel) -> None:
    office = people.viewer_of(
        people.make_back_office(
            permissions=["qudao_b2b_ordering.change_flow", "qudao_b2b_ordering.view_flow"]
        )
    )
    flow = services.save_flow(viewer=office, wanted=wanted(seller_id=channel.maker.pk))
    assert flow.seller == channel.maker
    assert [each.code for each in queries.flows(office)] == ["house"]


def test_the_narrowest_audience_decides_then_priority(channel: Channel) -> None:
    people.make_tier("gold")
    save(channel)
    services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(code="gold", audience_key="tier:gold"))
    services.save_flow(
        viewer=channel.viewer("ada"),
        wanted=wanted(code="dealer", audience_key=f"company:{channel.dealer.pk}", priority=-5),
    )
    services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(code="urgent", priority=9))

    def chosen(*audience: str) -> str:
        found = queries.flow_for(seller_id=channel.maker.pk, audience=audience)
        return found.version.flow.code if found else ""

    assert chosen("everyone") == "urgent"
    assert chosen("everyone", "tier:gold") == "gold"
    assert chosen("everyone", "tier:gold", f"company:{channel.dealer.pk}") == "dealer"
    assert chosen("tier:silver") == ""
    assert queries.flow_for(seller_id=channel.stranger.pk, audience=["everyone"]) is None


def test_choosing_a_flow_is_one_statement(channel: Channel) -> None:
    for code in ("one", "two", "three"):
        services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(code=code))
    with CaptureQueriesContext(connection) as run:
        queries.flow_for(seller_id=channel.maker.pk, audience=["everyone"])
    assert len(run) == 1


# --- API -------------------------------------------------------------------------------------------------------


def body(**changes: Any) -> dict[str, Any]:
    steps = [
        {"code": "check", "name": "Check", "kind": "approval", "side": "seller", "role": "sales"},
        {
            "code": "money",
            "name": "Money",
            "kind": "approval",
            "side": "seller",
            "role": "finance",
            "min_amount": "5000.00",
        },
        {"code": "ship", "name": "Ship", "kind": "shipment", "side": "seller", "role": "warehouse"},
    ]
    return {"code": "api", "name": "By API", "steps": steps} | changes


def test_a_flow_is_created_previewed_and_replaced_through_the_api(channel: Channel) -> None:
    ada = channel.calls("ada")
    made = ada.ok("post", "flows/", body(), status=201)
    assert (made["version"], [step["code"] for step in made["steps"]]) == (1, ["check", "money", "ship"])
    small = ada.ok("get", "flows/api/preview/?amount=100")
    large = ada.ok("get", "flows/api/preview/?amount=5000")
    assert [step["code"] for step in small["steps"]] == ["check", "ship"]
    assert [step["code"] for step in large["steps"]] == ["check", "money", "ship"]
    steps = [step | {"enabled": step["code"] != "check"} for step in body()["steps"]]
    assert ada.ok("put", "flows/api/", body(steps=steps))["version"] == 2
    assert [row["code"] for row in channel.calls("sam").ok("get", "flows/")["results"]] == ["api"]


def test_the_api_says_which_step_is_wrong(channel: Channel) -> None:
    steps = [step | {"role": "buyer"} for step in body()["steps"]]
    status, problem = channel.calls("ada").refused("post", "flows/", body(steps=steps))
    assert (status, problem["code"]) == (422, "flow_invalid")
    assert [error["field"] for error in problem["errors"]] == ["steps.0.role", "steps.1.role", "steps.2.role"]
    assert problem["errors"][0]["message"].startswith("This side cannot do that. Choose one of: sales")
    status, problem = channel.calls("ada").refused("post", "flows/", body(steps=[{"code": "x"}]))
    assert (status, problem["code"]) == (400, "invalid")
    assert not Flow.objects.exists()


def test_who_does_not_sell_sees_no_flows(channel: Channel) -> None:
    channel.calls("ada").ok("post", "flows/", body(), status=201)
    for name in ("bai", "pat", "stu", "cao"):
        caller = channel.calls(name)
        assert caller.ok("get", "flows/")["results"] == []
        for method, path, sent in [
            ("get", "flows/api/", None),
            ("put", "flows/api/", body()),
            ("get", "flows/api/preview/?amount=1", None),
        ]:
            status, problem = caller.refused(method, path, sent)
            assert (status, problem["code"]) == (404, "flow_not_found")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_flows_costs_the_same_with_one_and_three(channel: Channel, count: int) -> None:
    for number in range(count):
        services.save_flow(viewer=channel.viewer("ada"), wanted=wanted(code=f"f-{number}"))
    ada = channel.calls("ada")
    ada.ok("get", "flows/")
    with CaptureQueriesContext(connection) as run:
        ada.ok("get", "flows/")
    assert len(run) == 5, [query["sql"][:90] for query in run]


@pytest.mark.parametrize("whose", ["nobody", "a company that does not sell"])
def test_the_back_office_names_a_company_that_sells(channel: Channel, whose: str) -> None:
    admin = people.viewer_of(people.make_back_office(permissions=["qudao_b2b_ordering.change_flow"]))
    seller_id = 2**40 if whose == "nobody" else channel.dealer.pk
    with pytest.raises(core.Refusal) as refused:
        services.save_flow(viewer=admin, wanted=wanted(seller_id=seller_id))
    assert (refused.value.code, refused.value.problem.field) == ("unknown_seller", "seller")
