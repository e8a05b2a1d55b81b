from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.models import Order, Shipment
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.testing import make_warehouse

from .conftest import words


@pytest.fixture
def order(channel):
    channel.product("LED-7", price="12.50")
    channel.product("LED-9", price="20.00")
    return channel.order(("LED-7", 12), ("LED-9", 6))


def _walk(channel, order, *people: str) -> None:
    for name in people:
        action = "release" if name == "wan" else "approve"
        services.act(viewer=channel.viewer(name), number=order.number, action=action)


@pytest.mark.parametrize("name", ["bai", "ann", "bo", "sam", "fia", "wan", "ada"])
def test_the_people_of_both_sides_see_the_order(channel, browse, order, name) -> None:
    answer = browse(name).get(f"/orders/{order.number}/")
    assert answer.status_code == 200
    assert "LED-7" in words(answer)


@pytest.mark.parametrize("name", ["cao", "stu", "pat"])
def test_for_everybody_else_it_does_not_exist(channel, browse, order, name) -> None:
    for path in ("", "confirmation.pdf", "ship/"):
        answer = browse(name).get(f"/orders/{order.number}/{path}")
        assert answer.status_code == 404
        assert "LED-7" not in answer.content.decode()
    answer = browse(name).post(f"/orders/{order.number}/act/", {"action": "cancel", "note": "mine"})
    assert answer.status_code == 404
    assert Order.objects.get().status == "open"


def test_the_page_says_what_is_next_and_who_has_to_do_it(channel, browse, order) -> None:
    shown = words(browse("bai").get(f"/orders/{order.number}/"))
    assert "Sales approval" in shown
    assert "Sales, Huaguang" in shown
    assert "Cancel the order" in shown
    assert "Approve" not in shown


def test_only_the_one_who_has_to_sees_the_button_and_a_second_click_decides_nothing(
    channel, browse, order
) -> None:
    assert "Approve" not in words(browse("fia").get(f"/orders/{order.number}/"))
    client = browse("sam")
    assert "Approve" in words(client.get(f"/orders/{order.number}/"))
    form = {"action": "approve", "revision": order.revision}
    client.post(f"/orders/{order.number}/act/", form)
    answer = client.post(f"/orders/{order.number}/act/", form, follow=True)
    assert "changed in the meantime" in words(answer)
    assert Order.objects.get().step == "finance-approval"


def test_a_return_needs_a_reason_and_the_dealer_reads_it_and_changes_the_order(
    channel, browse, order
) -> None:
    sales, path = browse("sam"), f"/orders/{order.number}/"
    answer = sales.post(path + "act/", {"action": "return", "note": " "}, follow=True)
    assert Order.objects.get().status == "open"
    assert "reason" in words(answer).lower()
    sales.post(path + "act/", {"action": "return", "note": "LED-9 is sold out until May"})
    buyer = browse("bai")
    assert "LED-9 is sold out until May" in words(buyer.get(path))
    answer = buyer.post(path + "change/", follow=True)
    assert f"You are changing order {order.number}." in words(answer)
    buyer.post("/checkout/", {"address": channel.address_id, "payment": "account"})
    assert [each.number for each in Order.objects.all()] == [order.number]
    assert Order.objects.get().status == "open"


def test_a_seller_with_one_warehouse_is_not_asked_for_it(channel, browse, order) -> None:
    _walk(channel, order, "sam", "fia", "wan")
    page = f"/orders/{order.number}/ship/"
    assert "warehouse" not in browse("wan").get(page).context["form"].fields
    make_warehouse("south", seller=channel.maker)
    assert "warehouse" in browse("wan").get(page).context["form"].fields


def test_shipping_in_parts_and_a_receipt_with_shortage(channel, browse, order) -> None:
    _walk(channel, order, "sam", "fia", "wan")
    warehouse, path = browse("wan"), f"/orders/{order.number}/"
    page = warehouse.get(path + "ship/")
    key = page.context["request_key"]
    form = {
        "quantity-1": "12",
        "quantity-2": "2",
        "carrier": "SF",
        "tracking_number": "SF-1",
        "request_key": key,
    }
    warehouse.post(path + "ship/", form)
    warehouse.post(path + "ship/", form)
    first = Shipment.objects.get()
    assert [str(line.quantity) for line in first.lines.order_by("line__position")] == ["12.000", "2.000"]
    warehouse.post(path + "ship/", {"quantity-1": "", "quantity-2": "4"})
    buyer = browse("bai")
    receipt = f"{path}shipments/{first.number}/receipt/"
    assert "LED-7" in words(buyer.get(receipt))
    refused = buyer.post(receipt, {"short-1": "13", "damaged-1": ""})
    assert refused.status_code == 422
    assert 'value="13"' in refused.content.decode()
    buyer.post(receipt, {"short-1": "1", "note-1": "box was open"})
    second = Shipment.objects.exclude(pk=first.pk).get()
    buyer.post(f"{path}shipments/{second.number}/receipt/", {})
    done = words(buyer.get(path))
    assert "1 short" in done
    assert "box was open" in done
    assert Order.objects.get().status == "complete"


def test_packs_are_shipped_and_missed_as_they_are_ordered(channel, browse) -> None:
    """A quantity is read the same on every page: "2箱" of a product in cartons of 6 is 12."""
    channel.product("CTN-6", pack=6)
    order = channel.order(("CTN-6", 24))
    _walk(channel, order, "sam", "fia", "wan")
    path = f"/orders/{order.number}/"
    refused = browse("wan").post(path + "ship/", {"quantity-1": "3米"})
    assert (refused.status_code, 'value="3米"' in refused.content.decode()) == (422, True)
    browse("wan").post(path + "ship/", {"quantity-1": "2箱"})
    shipped = Shipment.objects.get()
    assert [str(line.quantity) for line in shipped.lines.all()] == ["12.000"]
    browse("bai").post(f"{path}shipments/{shipped.number}/receipt/", {"short-1": "1 ctn"})
    assert [str(line.short) for line in shipped.lines.all()] == ["6.000"]


@pytest.mark.parametrize("typed", ["abc", "-1", "999", "NaN"])
def test_a_bad_quantity_ships_nothing_and_stays_in_its_field(channel, browse, order, typed) -> None:
    _walk(channel, order, "sam", "fia", "wan")
    answer = browse("wan").post(f"/orders/{order.number}/ship/", {"quantity-1": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert not Shipment.objects.exists()


def test_the_list_filters_and_its_figures_lead_to_rows(channel, browse, order) -> None:
    client = browse("bai")
    assert order.number in words(client.get("/orders/?q=LED-7"))
    assert "No orders match these filters." in words(client.get("/orders/?q=NOTHING"))
    assert order.number in words(browse("sam").get("/sales/orders/?step=sales-approval&mine=1"))
    assert client.get("/orders/?since=yesterday&page=99&status=odd").status_code == 200


def test_the_list_costs_the_same_for_one_order_and_three(channel, browse, order) -> None:
    client = browse("bai")
    counts = []
    for _more in range(2):
        client.get("/orders/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/orders/")
        counts.append(len(captured))
        channel.order(("LED-7", 1))
        channel.order(("LED-9", 1))
    assert counts[0] == counts[1]


def test_ordering_again_fills_the_cart(channel, browse, order) -> None:
    answer = browse("bai").post(f"/orders/{order.number}/reorder/", follow=True)
    assert answer.redirect_chain == [("/cart/", 302)]
    assert "2 lines are in your cart." in words(answer)


def test_ordering_again_while_another_order_is_revised_says_where_it_goes(channel, browse, order) -> None:
    other = channel.order(("LED-7", 1))
    services.act(viewer=channel.viewer("sam"), number=order.number, action="return", note="Check")
    services.revise(viewer=channel.viewer("bai"), number=order.number)
    answer = browse("bai").post(f"/orders/{other.number}/reorder/", follow=True)
    assert f"Order {other.number}: 1 line is now in order {order.number}." in words(answer)


# --- The board ---


def test_the_board_is_for_the_sellers_staff(channel, browse, order) -> None:
    for name in ("bai", "cao", "stu", "pat"):
        assert browse(name).get("/sales/").status_code == 403, name
    shown = words(browse("sam").get("/sales/"))
    assert order.number in shown
    assert "Chengdu Lamps" in shown


def test_the_board_offers_what_its_steps_know(channel, browse, order) -> None:
    """An approval returns or rejects, a release only returns; a colleague without a step decides nothing."""
    assert browse("sam").get("/sales/").context["may"] == {"approve", "return", "reject"}
    assert browse("fia").get("/sales/").context["may"] == set()
    _walk(channel, order, "sam", "fia")
    page = browse("wan").get("/sales/")
    assert page.context["may"] == {"release", "return"}
    html = page.content.decode()
    assert "return-many" in html and "reject-many" not in html
    assert html.index('id="return-many"') > html.index("</form>", html.index('id="board"'))


def test_many_orders_move_on_at_once_and_the_one_that_cannot_is_named(channel, browse, order) -> None:
    other = channel.order(("LED-7", 1))
    client = browse("sam")
    picks = [card["pick"] for column in client.get("/sales/").context["columns"] for card in column["cards"]]
    services.act(viewer=channel.viewer("sam"), number=other.number, action="reject", note="double")
    answer = client.post("/sales/", {"action": "forward", "order": picks})
    assert f"{other.number}:" in words(answer)
    assert Order.objects.get(number=order.number).step == "finance-approval"
    assert Order.objects.get(number=other.number).status == "rejected"


def test_rejecting_many_needs_a_reason(channel, browse, order) -> None:
    client = browse("sam")
    picks = [card["pick"] for column in client.get("/sales/").context["columns"] for card in column["cards"]]
    client.post("/sales/", {"action": "reject", "order": picks, "reject_note": ""})
    assert Order.objects.get().status == "open"
    client.post("/sales/", {"action": "reject", "order": picks, "reject_note": "not our goods"})
    assert Order.objects.get().status == "rejected"


@pytest.mark.parametrize("pick", ["", "x", "approval:sales:1:SO-0", "approval:sales:é:SO-0", ":::"])
def test_made_up_selections_are_an_answer(channel, browse, order, pick) -> None:
    answer = browse("sam").post("/sales/", {"action": "forward", "order": pick})
    assert answer.status_code == 422
    assert Order.objects.get().step == "sales-approval"


def test_the_head_says_the_total_whose_turn_it_is_and_offers_the_one_action(channel, browse, order) -> None:
    page = browse("sam").get(f"/orders/{order.number}/")
    html = page.content.decode()
    head = html[html.index('id="next"') : html.index("qd-stepper")]
    assert f"{order.gross:,.2f}" in head
    assert "Your turn: Sales approval" in head
    bar = html[html.index("qd-action-bar") :]
    assert f"{order.gross:,.2f}" in bar and 'form="form-approve"' in bar and 'value="approve"' in bar
    assert "Waiting for Sales, Huaguang" in words(browse("bai").get(f"/orders/{order.number}/"))


def test_nothing_is_said_about_shipping_before_anything_ships(channel, browse, order) -> None:
    heads = '<th class="qd-end">Shipped</th>'
    assert heads not in browse("bai").get(f"/orders/{order.number}/").content.decode()
    _walk(channel, order, "sam", "fia", "wan")
    browse("wan").post(f"/orders/{order.number}/ship/", {"quantity-1": "2"})
    assert heads in browse("bai").get(f"/orders/{order.number}/").content.decode()


def test_the_order_page_costs_the_same_for_two_lines_and_six(channel, browse, order) -> None:
    channel.products(6)
    long = channel.order(*((f"N-{number:03d}", 1) for number in range(1, 7)))
    client, counts = browse("bai"), []
    for number in (order.number, long.number):
        client.get(f"/orders/{number}/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/orders/{number}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("person", "form", "said"),
    [
        ("sam", {"action": "approve"}, "approved. Next: Finance approval (Finance, Huaguang"),
        ("sam", {"action": "return", "note": "too many"}, "returned to Chengdu Lamps for changes."),
        ("sam", {"action": "reject", "note": "no"}, "rejected. Chengdu Lamps can read your reason."),
        ("bai", {"action": "cancel", "note": "no"}, "cancelled. Its reserved stock is available again."),
        ("bai", {"action": "note", "note": "thanks"}, "Note added to order"),
    ],
)
def test_a_decision_is_told_by_what_happened(channel, browse, order, person, form, said) -> None:
    answer = browse(person).post(f"/orders/{order.number}/act/", form, follow=True)
    assert said in words(answer)
    assert "Done." not in words(answer)


def test_a_short_receipt_shows_in_the_head_the_message_and_the_timeline(channel, browse, order) -> None:
    _walk(channel, order, "sam", "fia", "wan")
    path = f"/orders/{order.number}/"
    browse("wan").post(path + "ship/", {"quantity-1": "12", "quantity-2": "6"})
    shipment = Shipment.objects.get()
    answer = browse("bai").post(
        f"{path}shipments/{shipment.number}/receipt/", {"short-1": "2", "damaged-2": "1"}, follow=True
    )
    assert "confirmed with discrepancies: 2 short, 1 damaged. Huaguang" in words(answer)
    html = answer.content.decode()
    assert "Received with discrepancies" in html[html.index("<h1>") : html.index("</h1>")]
    assert "Receipt confirmed with discrepancies" in words(browse("sam").get(path))


def test_a_wrong_quantity_is_marked_in_its_row_on_both_goods_pages(channel, browse, order) -> None:
    _walk(channel, order, "sam", "fia", "wan")
    path = f"/orders/{order.number}/"
    answer = browse("wan").post(path + "ship/", {"quantity-1": "13", "quantity-2": "1"})
    html = answer.content.decode()
    assert 'id="line-1" data-state="error"' in html and 'id="line-2">' in html
    assert 'aria-describedby="error-1"' in html and "LED-7: Only 12 left to ship." in words(answer)
    assert "Line 1" not in words(answer)
    browse("wan").post(path + "ship/", {"quantity-1": "12"})
    receipt = f"{path}shipments/{Shipment.objects.get().number}/receipt/"
    answer = browse("bai").post(receipt, {"short-1": "13"})
    assert 'id="line-1" data-state="error"' in answer.content.decode()
    assert "Only 12 shipped, so short and damaged together cannot be more." in words(answer)


def test_many_decisions_name_their_orders_and_can_be_taken_back(channel, browse, order) -> None:
    other = channel.order(("LED-7", 1))
    client = browse("sam")
    page = client.get("/sales/")
    assert 'value="approve"' in page.content.decode() and 'value="release"' not in page.content.decode()
    picks = [card["pick"] for column in page.context["columns"] for card in column["cards"]]
    answer = client.post("/sales/", {"action": "approve", "order": picks}, follow=True)
    assert "2 orders approved:" in words(answer)
    assert order.number in words(answer) and other.number in words(answer)
    assert {each.number for each in answer.context["undo"]} == {order.number, other.number}
    assert browse("fia").get(f"/sales/?done={order.number}").context["undo"] == []
    undo = [f"undo::{each.revision}:{each.number}" for each in answer.context["undo"]]
    answer = client.post("/sales/", {"action": "undo", "order": undo}, follow=True)
    assert "2 orders back at their previous step:" in words(answer)
    assert set(Order.objects.values_list("step", flat=True)) == {"sales-approval"}


@pytest.mark.parametrize(("step", "said"), [("sales-approval", "供货方审批"), ("no-such-step", "")])
def test_a_filter_chip_names_the_step_and_never_shows_its_code(channel, browse, order, step, said) -> None:
    chips = browse("bai", "zh-hans").get(f"/orders/?step={step}").context["chips"]
    assert said in chips[0]["label"]
    assert step not in chips[0]["label"]
