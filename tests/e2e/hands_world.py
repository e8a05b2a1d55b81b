"""A channel for the tests that use every control: filled once for each number of rows, put back between controls."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from qudao_b2b_ordering.cart import services as carts
from qudao_b2b_ordering.flow import services as flows
from qudao_b2b_ordering.flow.rules import DEFAULT as DEFAULT_FLOW
from qudao_b2b_ordering.flow.rules import Step
from qudao_b2b_ordering.models import Flow, OrderExport, Shipment
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.rules import ShipLine
from qudao_b2b_ordering.orders.services.transitions import ShipmentInput
from qudao_b2b_ordering.quick_order import services as quick_order
from qudao_catalog import api as catalog
from qudao_catalog.models import HandbookExport
from qudao_catalog.testing import grant
from qudao_core.headless.services import create_token
from qudao_learning.testing import make_exam
from qudao_partner_portal import testing as portal
from qudao_partner_portal.models import Membership, Territory
from qudao_partner_portal.people.groups import CHANNEL_MANAGERS, CONTENT_EDITORS
from qudao_partner_portal.people.invitations import invite, token_of

from tests import databases
from tests.b2b_ordering.channel import Channel, make_channel
from tests.e2e.hands_controls import FAR_AHEAD

#: What is written by every request, or says nothing about what a control did.
PASSED_OVER = {
    "django_session",
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "sqlite_sequence",
    "qudao_core_factversion",
    "qudao_core_datachange",
    "qudao_core_idempotencyrecord",
}
#: Times, tokens and random names: different each time although the same was done.
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?[\d.:+Z-]*|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
    r"|[0-9a-f]{32,}|qd_[\w-]+…|web-[\w-]{12,}"
)
VOLATILE_COLUMNS = re.compile(r"token|secret|prefix|digest|password|request_key|(?<!expires)_at$")

#: The password of the people who sign in by hand.
PASSWORD = "light-the-channel"  # noqa: S105

Rows = frozenset[tuple[str, ...]]


@dataclass
class Filled:
    """The channel with `rows` rows of everything, the addresses of its pages, and who is signed in how."""

    channel: Channel
    paths: dict[str, str]
    sessions: dict[str, str]
    saved: sqlite3.Connection
    watching: sqlite3.Connection
    tables: dict[str, list[int]]
    version: int = -1

    @property
    def knows(self) -> dict[str, str]:
        """What somebody types to sign in."""
        email = self.channel.users["bai"].email
        return {"login": email, "email": email, "password": PASSWORD}


_filled: dict[int, Filled] = {}


def filled(rows: int) -> Filled:
    """The channel, made at the first call, and the database put in its state."""
    if rows not in _filled:
        _filled[rows] = _fill(rows)
    put_back(_filled[rows])
    return _filled[rows]


def untouched(world: Filled) -> bool:
    """Whether nobody has written to the database since it was put in this channel's state."""
    return world.version == _version(world)


def _version(world: Filled) -> int:
    """A number that another one stands for as soon as another connection has committed something."""
    return int(world.watching.execute("PRAGMA data_version").fetchone()[0])


def put_back(world: Filled) -> None:
    """The database as it was when the channel had just been filled."""
    if not untouched(world):
        with _file() as target:
            world.saved.backup(target)
        target.close()
        world.version = _version(world)
    cache.clear()
    mail.outbox.clear()


def _file() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"], timeout=20)


def changes(world: Filled) -> dict[str, Rows]:
    """What was added to, or taken from, each table since the channel was filled, without what differs each time."""
    found = {"mail": frozenset((str(number), each.subject) for number, each in enumerate(mail.outbox))}
    if not untouched(world):
        for name, steady in world.tables.items():
            found[name] = _differing(world.watching, name, steady)
    return {name: rows for name, rows in found.items() if rows}


def _differing(file: sqlite3.Connection, table: str, steady: list[int]) -> Rows:
    """The rows of one state only; what differs in times and tokens alone does not differ."""
    sides = [
        file.execute(f'SELECT * FROM {one}."{table}" EXCEPT SELECT * FROM {other}."{table}"')  # noqa: S608
        for one, other in (("main", "first"), ("first", "main"))
    ]
    new, old = (
        frozenset(tuple(VOLATILE.sub(_steady, str(row[number])) for number in steady) for row in side)
        for side in sides
    )
    return new ^ old


def _steady(found: re.Match[str]) -> str:
    """A time near the present differs each time; the day of one far ahead is what somebody has typed."""
    return found[0][:10] if found[0].startswith(FAR_AHEAD[:5]) else "~"


def _watching(saved: Path) -> tuple[sqlite3.Connection, dict[str, list[int]]]:
    """A connection that sees the channel's first state beside the present one; and what is compared of which table."""
    file = sqlite3.connect(
        connection.settings_dict["NAME"], timeout=20, isolation_level=None, check_same_thread=False
    )
    file.execute("ATTACH ? AS first", [str(saved)])
    tables = {}
    for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if name in PASSED_OVER or "_fts" in name:
            continue
        columns = file.execute(f'SELECT * FROM "{name}" LIMIT 0').description  # noqa: S608
        tables[name] = [
            number for number, column in enumerate(columns) if not VOLATILE_COLUMNS.search(column[0])
        ]
    return file, tables


def _fill(rows: int) -> Filled:
    databases.restore()
    channel = make_channel()
    channel.users["dora"] = portal.make_person(channel.dealer, roles=["admin"], name="Dora Dealer")
    for name in ("bai", "dora"):
        channel.users[name].set_password(PASSWORD)
        channel.users[name].save()
    for name, group in (("mia", CHANNEL_MANAGERS), ("edi", CONTENT_EDITORS)):
        channel.users[name] = portal.make_back_office(f"{name.title()} Office")
        channel.users[name].groups.add(Group.objects.get(name=group))
    channel.users["nina"] = portal.make_user("Nina Newcomer")
    channel.users["root"] = portal.make_back_office("Rosa Root", is_superuser=True)
    channel.products(30)
    grant("everyone")  # guests as well, where the catalogue is open
    paths = _orders(channel, [(f"N-{number:03d}", 4) for number in range(1, rows + 1)]) | _company(
        channel, rows
    )
    paths |= _reading(channel) | _outside(channel) | _approval(channel) | _exports(channel)
    make_exam(code="exam", title="Lamps", audience_keys=[f"company:{channel.dealer.pk}"])
    quick_order.paste(viewer=channel.viewer("bai"), text="N-002 3\nN-003 2\nXYZ-99 1")
    _start_changing(channel)
    for _each in range(rows - 1):
        channel.order(("N-001", 2))
    channel.fill(("N-030", 3))
    carts.start_cart(viewer=channel.viewer("bai"))
    channel.fill(*((f"N-{number:03d}", 10) for number in range(1, rows + 1)))
    sessions = {name: _session(user) for name, user in channel.users.items()}
    place = Path(connection.settings_dict["NAME"]).with_name(f"hands-{rows}.sqlite3")
    saved = sqlite3.connect(place, check_same_thread=False)
    with _file() as source:
        source.backup(saved)
    source.close()
    return Filled(channel, paths, sessions, saved, *_watching(place))


def _session(user: Any) -> str:
    client = Client()
    client.force_login(user)
    session = client.session
    signed_in = {"method": "password", "at": time.time() + 86_400, "reauthenticated": True}
    session["account_authentication_methods"] = [signed_in]  # what asks for a fresh sign-in is content
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _orders(channel: Channel, lines: list[tuple[str, int]]) -> dict[str, str]:
    """One order of all the lines at each point of its life."""

    def placed(*people: str) -> Any:
        order = channel.order(*lines)
        for name in people:
            action = "release" if name == "wan" else "approve"
            orders.act(viewer=channel.viewer(name), number=order.number, action=action)
        return order

    def shipped() -> Any:
        order = placed("sam", "fia", "wan")
        sent = tuple(ShipLine(line.position, line.quantity) for line in order.lines.all())
        shipment = ShipmentInput(lines=sent, warehouse="chengdu")
        orders.ship(viewer=channel.viewer("wan"), number=order.number, shipment=shipment)
        return order

    released, on_its_way = placed("sam", "fia", "wan"), shipped()
    shipment = Shipment.objects.get(order=on_its_way)
    returned = channel.order(*lines)
    orders.act(viewer=channel.viewer("sam"), number=returned.number, action="return", note="Sold out")
    return {
        "submitted": f"/orders/{placed().number}/",
        "finance": f"/orders/{placed('sam').number}/",
        "release": f"/orders/{placed('sam', 'fia').number}/",
        "released": f"/orders/{released.number}/",
        "ship": f"/orders/{released.number}/ship/",
        "shipped": f"/orders/{on_its_way.number}/",
        "receipt": f"/orders/{on_its_way.number}/shipments/{shipment.number}/receipt/",
        "returned": f"/orders/{returned.number}/",
    }


def _start_changing(channel: Channel) -> None:
    """Bo is changing an order that came back."""
    back = channel.order(("N-002", 5), name="bo")
    orders.act(viewer=channel.viewer("sam"), number=back.number, action="return", note="Sold out")
    orders.revise(viewer=channel.viewer("bo"), number=back.number)


def _company(channel: Channel, rows: int) -> dict[str, str]:
    """Addresses, billing details, invitations, colleagues and tokens of the dealer."""
    admin = channel.viewer("dora")
    assert channel.address_id
    place = Territory.objects.get(code="CN-5101")
    addresses = [
        portal.make_address(
            channel.dealer, recipient=f"Shop {number}", territory=place, phone="+86 138 0013 8000"
        )
        for number in range(rows)
    ]
    titles = [
        portal.make_invoice_title(channel.dealer, title=f"Lamps {number}", is_default=number == 0)
        for number in range(rows)
    ]
    for number in range(rows):
        portal.make_person(channel.dealer, roles=["buyer"], name=f"Colleague {number}")
        create_token(viewer=channel.viewer("bai"), name=f"ERP {number}")
    for number in range(rows):
        invite(viewer=admin, company_id=channel.dealer.pk, email=f"i{number}@example.com", roles=["buyer"])
    colleague = Membership.objects.get(user__email=channel.users["bo"].email)
    return {
        "address": f"/company/addresses/{addresses[-1].pk}/",
        "invoice-title": f"/company/invoice-titles/{titles[-1].pk}/",
        "person": f"/company/people/{colleague.pk}/",
    }


def _reading(channel: Channel) -> dict[str, str]:
    """A handbook with a chapter and two topics."""
    book = catalog.save_handbook(slug="handbook", title="Handbook", audience=["everyone"])
    chapter = catalog.save_chapter(parent=book, slug="mounting", title="Mounting")
    body = [
        ("heading", "Cut the hole"),
        ("text", "<p>Use a hole saw.</p>"),
        ("heading", "Put it in"),
        ("text", "<p>Press until it clicks.</p>"),
    ]
    topic = catalog.save_topic(
        parent=chapter, slug="lights", title="Lights", body=body, products=["N-001", "N-002"]
    )
    catalog.save_topic(parent=chapter, slug="rails", title="Rails", body=body)
    export = HandbookExport.objects.create(
        user=channel.users["bai"],
        company_id=channel.dealer.pk,
        page=book,
        scope="handbook",
        title="Handbook",
        language="en",
    )
    return {
        "handbook": book.url,
        "chapter": chapter.url,
        "topic": topic.url,
        "handbook-export": f"/handbook-exports/{export.pk}/",
        "topic-edit": f"/admin/pages/{topic.pk}/edit/",
    }


def _outside(channel: Channel) -> dict[str, str]:
    """What a letter leads to: an invitation, a new password."""
    invitation = invite(
        viewer=channel.viewer("dora"),
        company_id=channel.dealer.pk,
        email="letter@example.com",
        roles=["buyer"],
    )
    user = channel.users["bai"]
    key = f"{user_pk_to_url_str(user)}-{EmailAwarePasswordResetTokenGenerator().make_token(user)}"
    return {
        "invitation": f"/invitations/{token_of(invitation)}/",
        "new-password": f"/accounts/password/reset/key/{key}/",
    }


def _approval(channel: Channel) -> dict[str, str]:
    """An order that waits for the buyer's own approver; the flow is then as it was."""
    own = Step("own-approval", "Own approval", "approval", "buyer", "approver")
    flow = flows.save_flow(
        viewer=channel.viewer("ada"),
        wanted=flows.FlowInput("Own", (own, *DEFAULT_FLOW.steps), code="own"),
    )
    order = channel.order(("N-001", 2))
    Flow.objects.filter(pk=flow.pk).update(is_active=False)
    return {"approval": f"/orders/{order.number}/"}


def _exports(channel: Channel) -> dict[str, str]:
    """A document of the buyer's order on its way into a PDF."""
    order = channel.order(("N-001", 2))
    export = OrderExport.objects.create(
        user=channel.users["bai"],
        company_id=channel.dealer.pk,
        order=order,
        document="awaiting",
        revision=order.revision,
        title=f"Order (awaiting approval) {order.number}",
        language="en",
        total=1,
    )
    return {"order-export": f"/order-exports/{export.pk}/"}
