"""A suspended company reads everything that is its own and orders nothing: pages, API and search."""

from typing import Any

import pytest
from django.test import Client
from qudao_b2b_ordering.flow import rules as flow_rules
from qudao_b2b_ordering.flow import services as flows
from qudao_b2b_ordering.models import Order
from qudao_core import api as core
from qudao_partner_portal import api as portal

from tests.b2b_ordering.channel import Channel, make_channel
from tests.site.world import World, make_world

PAGES = (
    "/",
    "/catalogue/",
    "/products/SKU-1/",
    "/handbook/",
    "/search/?q=SKU-1",
    "/documents/",
    "/orders/",
    "/cart/",
)
CALLS = (
    "products/",
    "products/sku:SKU-1/",
    "handbooks/",
    "documents/",
    "search/?q=SKU-1",
    "search/?q=members",
    "orders/",
    "carts/current/",
    "addresses/",
)


def suspend(company: Any) -> None:
    portal.set_company_status(
        viewer=core.system_viewer(), company_id=company.pk, status="suspended", reason="Unpaid"
    )


def statuses(client: Client) -> dict[str, int]:
    addresses = [*PAGES, *(f"/api/v1/{call}" for call in CALLS)]
    return {address: client.get(address).status_code for address in addresses}


def hits(answer: Any) -> list[str]:
    return [hit["title"] for hit in answer["hits"]]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_nothing_that_was_read_before_is_closed(world: World) -> None:
    channel, client = world.channel, world.clients["bai"]
    topic = world.names["handbook-topics"]
    calls = channel.calls("bai")
    found = {
        "products": lambda: [row["id"] for row in calls.ok("get", "products/")["results"]],
        "topic": lambda: calls.ok("get", f"handbook-topics/{topic}/")["title"],
        "search": lambda: hits(calls.ok("get", "search/?q=dealer")),
        "price": lambda: calls.ok("get", "products/sku:SKU-1/")["offer"]["unit_price"],
    }
    before = {name: read() for name, read in found.items()}, statuses(client)
    assert before[0]["search"] == ["For one dealer"]
    suspend(channel.dealer)
    assert ({name: read() for name, read in found.items()}, statuses(client)) == before


def test_every_offer_says_that_the_company_orders_nothing(world: World) -> None:
    suspend(world.channel.dealer)
    calls = world.channel.calls("bai")
    for product in (calls.ok("get", "products/sku:SKU-1/"), *calls.ok("get", "products/")["results"]):
        assert product["offer"]["orderable"] is False
        assert [problem["code"] for problem in product["offer"]["problems"]] == ["company_not_active"]
    page = world.clients["bai"].get("/products/SKU-1/").content.decode()
    assert "Chengdu Lamps cannot order at the moment." in page


@pytest.mark.parametrize("way", ["cart", "lines"])
def test_no_way_to_submit_is_open(world: World, way: str) -> None:
    channel = world.channel
    suspend(channel.dealer)
    line = {"sku": "SKU-1", "quantity": "5"}
    body = {"address": channel.address_id} | (
        {"cart": world.values["cart"]} if way == "cart" else {"lines": [line]}
    )
    before = Order.objects.count()
    status, problem = channel.calls("bai").refused("post", "orders/", body)
    assert (status, problem["code"]) == (422, "company_not_active")
    assert Order.objects.count() == before


@pytest.fixture
def waiting(db: None) -> tuple[Channel, str]:
    """An order that waits for its buyer's own approver, and its number."""
    channel = make_channel()
    channel.product("SKU-1")
    own = flow_rules.Step("own", "Own approval", flow_rules.APPROVAL, flow_rules.BUYER, "approver")
    wanted = flows.FlowInput("House flow", (own, *flow_rules.DEFAULT.steps), code="house")
    flows.save_flow(viewer=channel.viewer("ada"), wanted=wanted)
    return channel, channel.order(("SKU-1", 5)).number


def test_an_approver_of_a_suspended_company_sends_no_order_on(waiting: tuple[Channel, str]) -> None:
    channel, number = waiting
    suspend(channel.dealer)
    calls = channel.calls("ann")
    offered = calls.ok("get", f"orders/{number}/")["actions"]
    assert "approve" not in offered and "reject" in offered
    status, problem = calls.refused("post", f"orders/{number}/actions/approve/", {})
    assert (status, problem["code"]) == (422, "company_not_active")
    calls.ok("post", f"orders/{number}/actions/reject/", {"note": "Not now"})


def test_a_pending_company_reads_only_what_is_aimed_at_it_alone(world: World) -> None:
    dealer = world.channel.dealer
    dealer.status = "pending"
    dealer.save()
    core.bump("companies")
    calls = world.channel.calls("bai")
    assert calls("get", "products/sku:SKU-1/").status_code == 404
