"""Documents of orders as PDF: what they say of the order's state, who gets them, and what is made in the background."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import timezone
from qudao_b2b_ordering.models import Order, OrderExport
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.pdf import queries, rules, services
from qudao_b2b_ordering.orders.pdf.content import amount_in_words
from qudao_core import api as core
from qudao_core.events.periodic import run_due
from qudao_core.exports.queries import RETENTION
from qudao_core.models import OutboxEvent
from qudao_partner_portal.models import MembershipRole

from ...channel import Channel

pytestmark = pytest.mark.skipif(not core.pdf_available(), reason="WeasyPrint finds no Pango on this machine")
LONG = rules.SHORT + 1


@pytest.fixture
def browse(channel: Channel) -> Callable[..., Client]:
    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(channel.users[name])
        return client

    return signed_in


def text_of(answer: Any) -> str:
    content = answer.getvalue() if answer.streaming else answer.content
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def ordered(channel: Channel, count: int = 1, **request: Any) -> Order:
    for number in range(count):
        channel.product(f"P-{number}", price="12.50")
    return channel.order(*[(f"P-{number}", 6) for number in range(count)], **request)


def confirm(channel: Channel, order: Order) -> None:
    for name in ("sam", "fia"):
        orders.act(viewer=channel.viewer(name), number=order.number, action="approve")


def make(channel: Channel, order: Order, name: str = "bai") -> OrderExport:
    viewer = channel.viewer(name)
    found = services.obtain(viewer=viewer, document=queries.order_document(viewer, order.number, "en"))
    assert isinstance(found, OrderExport)
    services.make_export(export_id=found.pk)
    found.refresh_from_db()
    return found


# --- What a document says of the order ---


@pytest.mark.parametrize(
    ("language", "title", "watermark"),
    [
        ("en", "Order (awaiting approval)", "Not confirmed"),
        ("zh-hans", "订单（待确认）", "未确认"),
    ],
)
def test_an_order_that_waits_for_approval_gets_no_confirmation(
    channel: Channel, browse: Any, language: str, title: str, watermark: str
) -> None:
    order = ordered(channel)
    answer = browse("bai").get(f"/orders/{order.number}/confirmation.pdf?lang={language}")
    found = text_of(answer)
    for words in (title, watermark, order.number, "P-0"):
        assert words in found
    assert "Order confirmation" not in found and "订单确认书" not in found
    assert "Order awaiting approval (PDF)" in browse("bai").get(f"/orders/{order.number}/").content.decode()


@pytest.mark.parametrize(("language", "title"), [("en", "Order confirmation"), ("zh-hans", "订单确认书")])
def test_a_confirmed_order_has_its_confirmation_with_note_status_and_day(
    channel: Channel, browse: Any, language: str, title: str
) -> None:
    order = ordered(channel, note="Deliver to gate 3")
    confirm(channel, order)
    found = text_of(browse("bai").get(f"/orders/{order.number}/confirmation.pdf?lang={language}"))
    for words in (title, order.number, "Deliver to gate 3", "1 / 1", str(timezone.localdate().year)):
        assert words in found
    assert ("In progress" if language == "en" else "处理中") in found
    assert "Not confirmed" not in found and "未确认" not in found
    assert ("人民币" in found) == (language != "en")


@pytest.mark.parametrize("action", ["return", "reject", "cancel"])
def test_an_order_that_came_to_nothing_has_none(channel: Channel, browse: Any, action: str) -> None:
    order = ordered(channel)
    orders.perform(viewer=channel.viewer("sam"), number=order.number, action=action, note="No stock")
    path = f"orders/{order.number}/confirmation.pdf"
    status, problem = channel.calls("bai").refused("get", path)
    assert (status, problem["code"]) == (409, "order_not_confirmed") and problem["remedy"]
    page = browse("bai").get(f"/{path}")
    assert page.status_code == 409 and "There is no confirmation" in page.content.decode()
    assert "confirmation.pdf" not in browse("bai").get(f"/orders/{order.number}/").content.decode()


def test_an_approval_taken_back_takes_the_confirmation_back(channel: Channel, browse: Any) -> None:
    order = ordered(channel)
    confirm(channel, order)
    orders.perform(viewer=channel.viewer("fia"), number=order.number, action="undo")
    found = text_of(browse("bai").get(f"/orders/{order.number}/confirmation.pdf?lang=en"))
    assert "Order confirmation" not in found and "Not confirmed" in found


def test_the_delivery_note_shows_status_and_order_note_but_no_prices(channel: Channel, browse: Any) -> None:
    order = ordered(channel, note="Deliver to gate 3")
    confirm(channel, order)
    orders.act(viewer=channel.viewer("wan"), number=order.number, action="release")
    made = orders.ship(
        viewer=channel.viewer("wan"), number=order.number, shipment=orders.ShipmentInput(carrier="SF")
    )
    path = f"/orders/{order.number}/shipments/{made.number}/delivery-note.pdf?lang=en"
    found = text_of(browse("bai").get(path))
    assert made.number in found and "On its way" in found and "Deliver to gate 3" in found
    assert "12.50" not in found
    assert browse("stu").get(path).status_code == 404


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.05", "人民币伍分"),
        ("10.05", "人民币壹拾元零伍分"),
        ("100.50", "人民币壹佰元伍角"),
        ("100000.00", "人民币壹拾万元整"),
        ("10010000.01", "人民币壹仟零壹万元零壹分"),
    ],
)
def test_amounts_in_capital_figures(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


# --- Long ones, in the background ---


def test_a_long_document_is_only_asked_for_in_the_request(channel: Channel, browse: Any) -> None:
    order, client = ordered(channel, LONG), browse("bai")
    path = f"/orders/{order.number}/confirmation.pdf"
    sent = client.get(path)
    export = OrderExport.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/order-exports/{export.pk}/")
    assert (export.state, export.attempts, bool(export.file)) == ("waiting", 0, False)
    assert OutboxEvent.objects.filter(topic=services.REQUESTED).count() == 1
    page = client.get(sent["Location"]).content.decode()
    assert "Waiting for its turn" in page and '<meta http-equiv="refresh"' in page
    assert client.get(f"{sent['Location']}file/")["Location"] == sent["Location"]
    assert client.get(path)["Location"] == sent["Location"], "asking again finds the same"
    assert OutboxEvent.objects.filter(topic=services.REQUESTED).count() == 1

    services.handle_event(payload={"id": export.pk})
    live = client.get(sent["Location"], headers={"HX-Request": "true"}).content.decode()
    assert f'href="{sent["Location"]}file/"' in live and "hx-get" not in live
    file = client.get(f"{sent['Location']}file/")
    assert file["Content-Disposition"] == f'attachment; filename="{order.number}.pdf"'
    assert f"P-{LONG - 1}" in text_of(file)
    again = client.get(path)
    assert again["Content-Type"] == "application/pdf" and "Not confirmed" in text_of(again)


def test_a_program_asks_and_fetches(channel: Channel) -> None:
    order, call = ordered(channel, LONG), channel.calls("bai")
    path = f"orders/{order.number}/confirmation.pdf?lang=zh-hans"
    answer = call("get", path)
    export = OrderExport.objects.get()
    assert answer.status_code == 202 and answer["Retry-After"] == "2"
    assert answer["Location"] == f"http://testserver/api/v1/order-exports/{export.pk}/"
    document = answer.json()
    assert (document["state"], document["file"], document["order"]) == ("waiting", None, order.number)
    services.make_export(export_id=export.pk)
    made = call.ok("get", f"order-exports/{export.pk}/")
    assert made["state"] == "done" and made["document"] == "awaiting"
    file = call("get", made["file"].removeprefix("http://testserver/api/v1/"))
    assert "订单（待确认）" in text_of(file)
    assert "订单（待确认）" in text_of(call("get", path)), "asked again it gives the file"
    status, _problem = call.refused("get", f"orders/{order.number}/confirmation.pdf?lang=klingon")
    assert status == 400


def test_a_short_document_comes_at_once(channel: Channel) -> None:
    order = ordered(channel, 2)
    answer = channel.calls("bai")("get", f"orders/{order.number}/confirmation.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert not OrderExport.objects.exists()


def test_a_pdf_is_its_persons_alone(channel: Channel) -> None:
    export = make(channel, ordered(channel, LONG))
    for name in ("ann", "bo", "cao", "pat", "stu", "sam"):
        for path in ("", "file/"):
            status, problem = channel.calls(name).refused("get", f"order-exports/{export.pk}/{path}")
            assert (status, problem["code"]) == (404, "export_not_found"), name


def test_an_order_that_moved_on_is_printed_anew(channel: Channel, browse: Any) -> None:
    order = ordered(channel, LONG)
    export = make(channel, order)
    confirm(channel, order)
    with pytest.raises(core.Refusal) as caught:
        queries.get_file(channel.viewer("bai"), export.pk)
    assert (caught.value.code, caught.value.status) == ("export_outdated", 410)
    browse("bai").get(f"/orders/{order.number}/confirmation.pdf?lang=en")
    assert OrderExport.objects.first().document == "confirmation"
    assert OrderExport.objects.count() == 2


def test_who_may_no_longer_see_the_order_may_not_fetch_it(channel: Channel) -> None:
    export = make(channel, ordered(channel, LONG))
    MembershipRole.objects.filter(membership__user=channel.users["bai"]).update(role="learner")
    core.bump("people")
    with pytest.raises(core.NotFound):
        queries.get_file(channel.viewer("bai"), export.pk)


def test_a_change_on_the_way_is_told(channel: Channel) -> None:
    order, viewer = ordered(channel, LONG), channel.viewer("bai")
    found = services.obtain(viewer=viewer, document=queries.order_document(viewer, order.number, "en"))
    orders.perform(viewer=channel.viewer("sam"), number=order.number, action="cancel", note="No stock")
    services.make_export(export_id=found.pk)
    failed = queries.get_export(viewer, found.pk)
    assert failed.state == "failed" and "There is no confirmation" in failed.message


def test_old_files_go_with_their_rows(channel: Channel) -> None:
    export = make(channel, ordered(channel, LONG))
    name, storage = export.file.name, export.file.storage
    OrderExport.objects.update(created_at=timezone.now() - RETENTION - timedelta(hours=1))
    run_due()
    assert not storage.exists(name) and not OrderExport.objects.exists()
