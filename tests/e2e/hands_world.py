"""A channel for the tests that use every control: filled once for each number of rows, put back between controls."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from qudao_b2b_ordering.cart import services as carts
from qudao_b2b_ordering.models import Shipment
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.rules import ShipLine
from qudao_b2b_ordering.orders.services.goods import ShipmentInput
from qudao_partner_portal import testing as portal
from qudao_partner_portal.headless.services import create_token
from qudao_partner_portal.models import Membership
from qudao_partner_portal.people.services import invite

from tests import databases
from tests.b2b_ordering.channel import Channel, make_channel

#: What is written by every request, or says nothing about what a control did.
PASSED_OVER = {"django_session", "django_migrations", "django_content_type", "auth_permission"}
#: Times, tokens and random names: different each time although the same was done.
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?[\d.:+Z-]*|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
    r"|[0-9a-f]{32,}|web-[\w-]{12,}"
)
VOLATILE_COLUMNS = re.compile(r"token|secret|prefix|digest|password|request_key|_at$")

Rows = frozenset[tuple[str, ...]]


@dataclass
class Filled:
    """The channel with `rows` rows of everything, the addresses of its pages, and who is signed in how."""

    channel: Channel
    paths: dict[str, str]
    sessions: dict[str, str]
    saved: sqlite3.Connection


_filled: dict[int, Filled] = {}


def filled(rows: int) -> Filled:
    """The channel, made at the first call, and the database put in its state."""
    if rows not in _filled:
        _filled[rows] = _fill(rows)
    put_back(_filled[rows])
    return _filled[rows]


def put_back(world: Filled) -> None:
    """The database as it was when the channel had just been filled."""
    with _file() as target:
        world.saved.backup(target)
    target.close()
    cache.clear()
    mail.outbox.clear()


def _file() -> sqlite3.Connection:
    return sqlite3.connect(connection.settings_dict["NAME"], timeout=20)


def state() -> dict[str, Rows]:
    """Everything the server remembers, without what differs each time."""
    file = _file()
    try:
        found = {name: _rows(file, name) for name in _tables(file) if name not in PASSED_OVER}
    finally:
        file.close()
    found["mail"] = frozenset((str(number), each.subject) for number, each in enumerate(mail.outbox))
    return found


def _tables(file: sqlite3.Connection) -> list[str]:
    return [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _rows(file: sqlite3.Connection, table: str) -> Rows:
    try:
        cursor = file.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the name comes from the database
    except sqlite3.Error:  # a table of the search index's own
        return frozenset()
    steady = [
        number for number, column in enumerate(cursor.description) if not VOLATILE_COLUMNS.search(column[0])
    ]
    return frozenset(tuple(VOLATILE.sub("~", str(row[number])) for number in steady) for row in cursor)


def changed(before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, Rows]:
    """What was added to, or taken from, each table."""
    names = before.keys() | after.keys()
    differing = {name: before.get(name, frozenset()) ^ after.get(name, frozenset()) for name in names}
    return {name: rows for name, rows in differing.items() if rows}


def _fill(rows: int) -> Filled:
    databases.restore()
    channel = make_channel()
    channel.users["dora"] = portal.make_person(channel.dealer, roles=["admin"], name="Dora Dealer")
    channel.users["root"] = portal.make_back_office("Rosa Root", is_superuser=True)
    channel.products(30)
    paths = _orders(channel, [(f"N-{number:03d}", 4) for number in range(1, rows + 1)]) | _company(
        channel, rows
    )
    _start_changing(channel)
    for _each in range(rows - 1):
        channel.order(("N-001", 2))
    channel.fill(("N-030", 3))
    carts.start_cart(viewer=channel.viewer("bai"))
    channel.fill(*((f"N-{number:03d}", 10) for number in range(1, rows + 1)))
    sessions = {name: _session(user) for name, user in channel.users.items()}
    saved = sqlite3.connect(":memory:", check_same_thread=False)
    with _file() as source:
        source.backup(saved)
    source.close()
    return Filled(channel, paths, sessions, saved)


def _session(user: Any) -> str:
    client = Client()
    client.force_login(user)
    session = client.session
    signed_in = {"method": "password", "at": time.time(), "email": user.email}
    session["account_authentication_methods"] = [signed_in]  # what asks for a fresh sign-in is content
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
    addresses = [portal.make_address(channel.dealer, recipient=f"Shop {number}") for number in range(rows)]
    titles = [portal.make_invoice_title(channel.dealer, title=f"Lamps {number}") for number in range(rows)]
    for number in range(rows):
        portal.make_person(channel.dealer, roles=["buyer"], name=f"Colleague {number}")
        create_token(viewer=channel.viewer("bai"), name=f"ERP {number}")
    invitation = [
        invite(viewer=admin, company_id=channel.dealer.pk, email=f"i{number}@example.com", roles=["buyer"])
        for number in range(rows)
    ]
    colleague = Membership.objects.get(user__email=channel.users["bo"].email)
    return {
        "address": f"/company/addresses/{addresses[-1].pk}/",
        "invoice-title": f"/company/invoice-titles/{titles[-1].pk}/",
        "person": f"/company/people/{colleague.pk}/",
        "invitation": str(invitation[-1].pk),
    }
