from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from qudao_b2b_ordering.orders import services
from qudao_partner_portal import testing as people

from ..channel import Channel

ADMIN = "/admin/orders"


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", "12.50", stock=100, title="Desk lamp")
    return channel


def client_of(*permissions: str) -> Client:
    user = people.make_back_office("Mia Manager", permissions=["wagtailadmin.access_admin", *permissions])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(channel: Channel) -> Client:
    return client_of("qudao_b2b_ordering.view_order")


def test_orders_are_found_by_number_company_and_state(channel: Channel, office: Client) -> None:
    first = channel.order(("LAMP", 1), po_number="PO-ONE")
    second = channel.order(("LAMP", 2))
    services.act(viewer=channel.viewer("sam"), number=second.number, action="reject", note="No")

    def found(**query: str) -> list[str]:
        text = office.get(f"{ADMIN}/", query).content.decode()
        return [order.number for order in (first, second) if order.number in text]

    assert found() == [first.number, second.number]
    assert found(q="PO-ONE") == [first.number]
    assert found(q="Chengdu") == [first.number, second.number]
    assert found(status="rejected") == [second.number]
    assert found(step="sales-approval") == [first.number]
    assert found(late="true") == []
    assert found(submitted_at_from="2000-01-01", submitted_at_to="2000-01-02") == []
    exported = b"".join(office.get(f"{ADMIN}/", {"export": "csv"}).streaming_content)
    assert first.number.encode() in exported


def test_an_order_is_read_with_its_whole_story(channel: Channel, office: Client) -> None:
    order = channel.order(("LAMP", 2), note="Ring twice")
    services.act(viewer=channel.viewer("sam"), number=order.number, action="approve", note="Fine")
    text = office.get(f"{ADMIN}/inspect/{order.pk}/").content.decode()
    for words in (
        "Finance, Huaguang",
        "Desk lamp",
        "Ring twice",
        "Sam Sales",
        "Fine",
        f"/orders/{order.number}/",
    ):
        assert words in text
    assert "Order submitted" in office.get(f"{ADMIN}/history/{order.pk}/").content.decode()


def test_orders_are_not_edited_here(channel: Channel) -> None:
    order = channel.order(("LAMP", 2))
    administrator = Client()
    administrator.force_login(people.make_back_office("Root", is_superuser=True))
    for path in ("new/", f"edit/{order.pk}/", f"delete/{order.pk}/"):
        assert administrator.post(f"{ADMIN}/{path}", {"external_key": "X"}).status_code == 302
    order.refresh_from_db()
    assert order.external_key == ""


def test_who_has_no_right_sees_no_orders(channel: Channel) -> None:
    order = channel.order(("LAMP", 2))
    nobody = client_of()
    assert nobody.get(f"{ADMIN}/").status_code == 302
    assert nobody.get(f"{ADMIN}/inspect/{order.pk}/").status_code == 302
    buyer = Client()
    buyer.force_login(channel.users["bai"])
    assert buyer.get(f"{ADMIN}/").status_code == 302


def test_channel_managers_have_the_rights_from_the_start(channel: Channel) -> None:
    from django.contrib.auth.models import Group  # noqa: PLC0415 - used here only

    user = people.make_user("Mia Manager", is_staff=True)
    user.groups.add(Group.objects.get(name="Channel managers"))
    client = Client()
    client.force_login(user)
    assert client.get(f"{ADMIN}/").status_code == 200
    assert client.get("/admin/order-flows/new/").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_and_three_orders(
    channel: Channel, office: Client, count: int
) -> None:
    for _each in range(count):
        channel.order(("LAMP", 1))
    office.get(f"{ADMIN}/")
    with CaptureQueriesContext(connection) as run:
        office.get(f"{ADMIN}/")
    assert len(run) == 14, [query["sql"][:100] for query in run]


def test_what_a_buyer_typed_never_runs_in_an_exported_file(channel: Channel, office: Client) -> None:
    order = channel.order(("LAMP", 1), po_number='=HYPERLINK("http://evil.example")')
    text = b"".join(office.get(f"{ADMIN}/", {"export": "csv"}).streaming_content).decode()
    assert text.startswith("\ufeff")
    row = next(row for row in csv.reader(io.StringIO(text)) if row[0] == order.number)
    assert '\'=HYPERLINK("http://evil.example")' in row
    assert not [cell for cell in row if cell.startswith(("=", "@"))]
    book = load_workbook(io.BytesIO(office.get(f"{ADMIN}/", {"export": "xlsx"}).getvalue()))
    cell = next(cell for row in book.active.iter_rows() for cell in row if "HYPERLINK" in str(cell.value))
    assert (cell.data_type, cell.value) == ("s", order.po_number)


def test_the_history_of_the_site_is_exported_as_safely(channel: Channel) -> None:
    people.make_company("=1+1 Lights", code="D-9")
    superuser = people.make_user("Root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(superuser)
    services.act(
        viewer=channel.viewer("sam"),
        number=channel.order(("LAMP", 1)).number,
        action="reject",
        note="=cmd|' /C calc'!A0",
    )
    text = b"".join(client.get("/admin/reports/site-history/", {"export": "csv"}).streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
