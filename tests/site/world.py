"""A channel with an order, a cart and an invitation in it, and everybody who may or may not see them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.models import CartLine, OrderExport
from qudao_catalog import api as catalog
from qudao_catalog.models import HandbookExport
from qudao_core.headless.services import create_token
from qudao_learning import api as learning
from qudao_learning.testing import every_kind, make_bank, make_exam
from qudao_partner_portal import testing as portal
from qudao_partner_portal.models import Membership
from qudao_partner_portal.people.invitations import invite

from tests.b2b_ordering.channel import Channel, make_channel

#: The columns: name → who that is.
PEOPLE = {
    "guest": "has not signed in",
    "nina": "signed in, works for no company",
    "cao": "dealer's learner",
    "bai": "dealer's buyer: cart, order and token are hers",
    "bo": "dealer's other buyer",
    "ann": "dealer's approver",
    "dora": "dealer's administrator",
    "pat": "administrator of the distributor above the dealer",
    "stu": "buyer of another dealer",
    "zoe": "administrator of a suspended dealer",
    "sam": "maker's sales",
    "fia": "maker's finance",
    "wan": "maker's warehouse",
    "ada": "maker's administrator",
    "olga": "back office without permissions",
    "root": "superuser",
}


@dataclass
class World:
    """What the addresses of the calls point to."""

    channel: Channel
    names: dict[str, Any]
    values: dict[str, Any]
    clients: dict[str, Client]


def make_world() -> World:
    channel = make_channel()
    people = channel.users
    suspended = portal.make_company("Suspended", parent=channel.maker, code="D-9", status="suspended")
    people["dora"] = portal.make_person(channel.dealer, roles=["admin"], name="Dora Dealer")
    people["zoe"] = portal.make_person(suspended, roles=["admin"], name="Zoe Zhou")
    people["nina"] = portal.make_user("Nina Newcomer")
    people["olga"] = portal.make_back_office("Olga Office")
    people["root"] = portal.make_back_office("Rosa Root", is_superuser=True)
    clients = {name: Client(raise_request_exception=False) for name in PEOPLE}
    for name, user in people.items():
        if name in clients:
            clients[name].force_login(user)
    return World(channel, *_things(channel), clients)


def _things(channel: Channel) -> tuple[dict[str, Any], dict[str, Any]]:
    """Path parameters by the part of the address before them, and values for the fields of bodies."""
    product = channel.product("SKU-1")
    order = channel.order(("SKU-1", 5))
    cart = channel.fill(("SKU-1", 3)).cart_id
    admin = channel.viewer("dora")
    invitation = invite(viewer=admin, company_id=channel.dealer.pk, email="i@example.com", roles=["buyer"])
    token, _secret = create_token(viewer=channel.viewer("bai"), name="ERP")
    book, topic, export = _handbook(channel)
    names = {
        "handbooks": book.pk,
        "handbook-pdf": topic.pk,
        "handbook-topics": topic.pk,
        "handbook-exports": export.pk,
        "order-exports": _order_export(channel, order).pk,
        "addresses": channel.address_id,
        "arrivals": ordering.make_arrival(product, 5, date(2030, 1, 1), channel.warehouse).pk,
        "carts": cart,
        "lines": CartLine.objects.get(cart_id=cart).pk,
        "companies": channel.dealer.pk,
        "invitations": invitation.pk,
        "invoice-titles": portal.make_invoice_title(channel.dealer).pk,
        "people": Membership.objects.get(user=channel.users["bai"]).pk,
        "tokens": token.pk,
        "orders": order.number,
        "actions": "approve",
        "price-lists": "everyone",
        "warehouses": "chengdu",
        "products": "sku:SKU-1",
        "terms": "SKU-1",
        "policies": "everyone",
        "kinds": "products",
        "flows": flow_of(channel)["code"],
        **_exams(channel),
    }
    flow = flow_of(channel)
    values = {
        "handbook": book.pk,
        "flow": flow,
        "new_flow": {name: value for name, value in flow.items() if name not in ("version", "published_at")}
        | {"code": "other", "name": "Other", "seller": channel.maker.pk},
        "line": CartLine.objects.get(cart_id=cart).pk,
        "sku": "SKU-1",
        "quantity": "12",
        "email": "new@example.com",
        "roles": ["buyer"],
        "warehouse": "chengdu",
        "address_id": channel.address_id,
        "address": channel.address_id,
        "cart": cart,
        "cart_id": cart,
        "company": "D-1",
        "parent": "HG",
        "seller": "HG",
        "audience_key": "everyone",
        "currency": "CNY",
        "language": "en",
        "code": "new-1",
        "name": "New",
        "unit_price": "9.5000",
        "min_quantity": "1",
        "status": "suspended",
        "number": order.number,
        "order": order.number,
    }
    return names, values


def _order_export(channel: Channel, order: Any) -> OrderExport:
    """A document of the buyer's order on its way into a PDF."""
    return OrderExport.objects.create(
        user=channel.users["bai"],
        company_id=channel.dealer.pk,
        order=order,
        document="awaiting",
        revision=order.revision,
        title=f"Order (awaiting approval) {order.number}",
        language="en",
        total=1,
    )


def _exams(channel: Channel) -> dict[str, Any]:
    """A question bank, an exam for the dealer's people, and an attempt of the buyer's that is running."""
    bank = make_bank(every_kind(), code="bank")
    exam = make_exam(bank, code="exam", audience_keys=[f"company:{channel.dealer.pk}"])
    attempt = learning.start_attempt(viewer=channel.viewer("bai"), exam=exam)
    question = bank.questions.earliest("pk")
    return {
        "question-banks": bank.code,
        "questions": question.pk,
        "exams": exam.code,
        "exam-definitions": exam.code,
        "attempts": attempt.key,
    }


def _handbook(channel: Channel) -> tuple[Any, Any, Any]:
    """A handbook for members, a topic in it for the dealer alone, and a PDF of it that is the buyer's."""
    book = catalog.save_handbook(slug="handbook", title="Handbook")
    chapter = catalog.save_chapter(parent=book, slug="chapter", title="Chapter")
    catalog.save_topic(parent=chapter, slug="open", title="For members", body=[("text", "<p>Open.</p>")])
    topic = catalog.save_topic(
        parent=chapter,
        slug="own",
        title="For one dealer",
        audience=[f"company:{channel.dealer.pk}"],
        body=[("text", "<p>Own.</p>")],
    )
    export = HandbookExport.objects.create(
        user=channel.users["bai"],
        company_id=channel.dealer.pk,
        page=book,
        scope="handbook",
        title="Handbook",
        language="en",
    )
    return book, topic, export


def flow_of(channel: Channel) -> dict[str, Any]:
    """The maker's order flow as the API shows it, which is how it may be written back."""
    answer = channel.calls("ada").ok("get", "flows/")
    return dict(answer["results"][0])
