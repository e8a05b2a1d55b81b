from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from qudao_b2b_ordering.flow import queries, rules, services
from qudao_b2b_ordering.flow.models import Flow
from qudao_catalog import testing as catalog
from qudao_core import api as core
from qudao_partner_portal import testing as people

from ..channel import Channel

ADMIN = "/admin/order-flows"
ALL = [f"qudao_b2b_ordering.{action}_flow" for action in ("view", "add", "change")]


def client_of(*permissions: str) -> Client:
    user = people.make_back_office("Mia Manager", permissions=["wagtailadmin.access_admin", *permissions])
    client = Client()
    client.force_login(user)
    return client


def form_of(flow: Flow | None = None, *steps: dict[str, Any], **head: Any) -> dict[str, Any]:
    """What the browser sends: the head, and the steps as the inline panel names them."""
    data: dict[str, Any] = {
        "name": "House flow",
        "code": "house",
        "audience_key": "everyone",
        "priority": "0",
        "allocate_on": "submission",
        "buyer_may_cancel_until": "release",
        "auto_receive_days": "30",
        "is_active": "on",
        "steps-TOTAL_FORMS": str(len(steps)),
        "steps-INITIAL_FORMS": str(sum("id" in step for step in steps)),
        "steps-MIN_NUM_FORMS": "0",
        "steps-MAX_NUM_FORMS": "1000",
    } | head
    for index, step in enumerate(steps):
        values = {
            "ORDER": index + 1,
            "service_hours": "",
            "min_amount": "",
            "name_zh": "",
            "is_enabled": "on",
        }
        for name, value in (values | step).items():
            if value is not None:
                data[f"steps-{index}-{name}"] = value
    return data


CHECK = {"code": "check", "name": "Check", "kind": "approval", "side": "seller", "role": "sales"}
SHIP = {"code": "ship", "name": "Ship", "kind": "shipment", "side": "seller", "role": "warehouse"}
RECEIVE = {"code": "receive", "name": "Receive", "kind": "receipt", "side": "buyer", "role": "buyer"}


def test_a_new_flow_starts_from_the_standard_steps(channel: Channel) -> None:
    text = client_of(*ALL).get(f"{ADMIN}/new/").content.decode()
    for name in ("Sales approval", "财务审批", "sales-approval"):
        assert name in text


def test_a_flow_is_made_and_published(channel: Channel) -> None:
    client = client_of(*ALL)
    answer = client.post(f"{ADMIN}/new/", form_of(None, CHECK, SHIP, RECEIVE, seller=channel.maker.pk))
    assert answer.status_code == 302, answer.context["form"].errors
    flow = Flow.objects.get()
    latest = queries.latest_version(flow)
    assert latest and latest.number == 1
    assert [step["code"] for step in latest.definition["steps"]] == ["check", "ship", "receive"]
    assert core.history(flow)[0].actor_name == "Mia Manager"


def test_saving_a_change_makes_a_version_and_saving_none_does_not(channel: Channel) -> None:
    published = services.ensure_default_flow(seller_id=channel.maker.pk)
    assert published
    flow, client = published.version.flow, client_of(*ALL)
    rows = [
        {
            "id": step.pk,
            "code": step.code,
            "name": step.name,
            "name_zh": step.name_zh,
            "kind": step.kind,
            "side": step.side,
            "role": step.role,
            "service_hours": step.service_hours,
        }
        for step in flow.steps.order_by("sort_order")
    ]
    head = {"name": flow.name, "seller": flow.seller_id, "code": flow.code}
    answer = client.post(f"{ADMIN}/edit/{flow.pk}/", form_of(flow, *rows, **head))
    assert answer.status_code == 302, (
        answer.context["form"].errors,
        answer.context["form"].formsets["steps"].errors,
    )
    assert queries.versions(flow).count() == 1
    rows[0], rows[1] = (
        rows[1] | {"ORDER": 1, "min_amount": "5000"},
        rows[0] | {"ORDER": 2, "is_enabled": None},
    )
    rows[1], rows[0] = rows[0] | {"ORDER": 1}, rows[1] | {"ORDER": 2}
    client.post(f"{ADMIN}/edit/{flow.pk}/", form_of(flow, *rows, **head))
    latest = queries.latest_version(flow)
    assert latest and latest.number == 2
    steps = rules.from_data(latest.definition).steps
    assert [(step.code, step.enabled) for step in steps][:2] == [
        ("finance-approval", True),
        ("sales-approval", False),
    ]
    assert str(steps[0].condition.min_amount) == "5000.00"


@pytest.mark.parametrize(
    ("steps", "field", "message"),
    [
        ((RECEIVE, SHIP), "kind", "This step comes too late: it must come before “Receipt”."),
        ((CHECK | {"role": "buyer"},), "role", "This side cannot do that. Choose one of: sales"),
        ((CHECK, CHECK | {"name": "Again"}), "__all__", "Please correct the duplicate values below."),
        ((RECEIVE | {"side": "seller", "role": "sales"},), "side", "This kind of step is done by the Buyer."),
    ],
)
def test_what_cannot_be_walked_is_said_beside_the_step(
    channel: Channel, steps: tuple[dict[str, Any], ...], field: str, message: str
) -> None:
    answer = client_of(*ALL).post(f"{ADMIN}/new/", form_of(None, *steps, seller=channel.maker.pk))
    assert answer.status_code == 200
    errors = answer.context["form"].formsets["steps"].errors[-1]
    assert errors.get(field, [""])[0].startswith(message), errors
    assert not Flow.objects.exists()


def test_an_unknown_audience_is_refused(channel: Channel) -> None:
    data = form_of(None, CHECK, seller=channel.maker.pk, audience_key="tier:none")
    answer = client_of(*ALL).post(f"{ADMIN}/new/", data)
    assert answer.context["form"].errors["audience_key"] == ["There is no audience tier:none."]


def test_the_preview_says_what_an_order_would_walk(channel: Channel) -> None:
    published = services.ensure_default_flow(seller_id=channel.maker.pk)
    assert published
    client = client_of(*ALL)
    address = f"{ADMIN}/inspect/{published.version.flow_id}/"
    text = client.get(address).content.decode()
    assert "would go through" not in text
    assert "v1" in text
    text = " ".join(client.get(address, {"amount": "100"}).content.decode().split())
    assert (
        "An order of 100 would go through: <strong>Sales approval</strong> (Sales) → <strong>Finance" in text
    )
    assert client.get(address, {"amount": "a lot"}).status_code == 200


def test_product_lines_of_the_preview_are_chosen_by_name(channel: Channel) -> None:
    line = catalog.make_line("cable", name="Cables and wires", name_zh="电线电缆")
    make_line = {"code": "cable-check", "name": "Cable check", "lines": [line.pk]}
    form = form_of(None, CHECK | make_line, SHIP, RECEIVE, seller=channel.maker.pk)
    client = client_of(*ALL)
    assert client.post(f"{ADMIN}/new/", form).status_code == 302
    address = f"{ADMIN}/inspect/{Flow.objects.get(code='house').pk}/"
    text = " ".join(client.get(address, {"amount": "100", "lines": "cable"}).content.decode().split())
    assert "would go through: <strong>Cable check</strong>" in text
    assert text.count("Cables and wires") == 2, "among the choices and as the condition of the step"
    other = client.get(address, {"amount": "100", "lines": "cabel"}).content.decode()
    assert "would go through" not in other and "cabel is not one of the available choices" in other


def test_the_list_shows_versions_and_is_searched(channel: Channel) -> None:
    services.ensure_default_flow(seller_id=channel.maker.pk)
    client = client_of(*ALL)
    assert "Standard order flow" in client.get(f"{ADMIN}/").content.decode()
    assert "Standard order flow" not in client.get(f"{ADMIN}/", {"q": "nothing like it"}).content.decode()


@pytest.mark.parametrize("screen", ["order-flows", "orders", "price-lists", "warehouse", "stockpolicy"])
def test_only_companies_that_sell_are_offered_as_sellers(channel: Channel, screen: str) -> None:
    people.make_company("Sells nothing", parent=channel.maker)
    names = ("flow", "order", "pricelist", "warehouse", "stockpolicy")
    client = client_of(
        *(f"qudao_b2b_ordering.{action}_{name}" for name in names for action in ("view", "change"))
    )
    answer = client.get(f"/admin/{screen}/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert str(channel.maker) in text and "Sells nothing" not in text


def test_who_has_no_right_gets_nowhere(channel: Channel) -> None:
    published = services.ensure_default_flow(seller_id=channel.maker.pk)
    assert published
    pk = published.version.flow_id
    for client in (client_of(), client_of("qudao_b2b_ordering.view_flow")):
        assert client.get(f"{ADMIN}/edit/{pk}/").status_code == 302
        assert client.post(f"{ADMIN}/new/", form_of(None, CHECK, seller=channel.maker.pk)).status_code == 302
    administrator = Client()
    administrator.force_login(people.make_back_office("Root", is_superuser=True))
    assert administrator.post(f"{ADMIN}/delete/{pk}/").status_code == 302
    assert Flow.objects.count() == 1


def test_the_history_names_a_sellers_own_steps_as_they_were_called(channel: Channel) -> None:
    own = rules.Step(
        "own-check", "Company approval", rules.APPROVAL, rules.BUYER, "approver", name_zh="公司审批"
    )
    services.save_flow(
        viewer=channel.viewer("ada"), wanted=services.FlowInput(name="Own", steps=[own, *rules.DEFAULT.steps])
    )
    said = {}
    for language in ("en", "zh-hans"):
        with override(language):
            said[language] = core.history(Flow.objects.get())[0].details
    assert "– → Company approval," in said["en"] and "own-check" not in said["en"]
    assert "– → 公司审批" in said["zh-hans"] and "own-check" not in said["zh-hans"]
