from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.models import Cart, CartLine, Order, PriceRow

from .conftest import words

HTMX = {"hx-request": "true"}


def test_a_visitor_is_sent_to_sign_in(channel) -> None:
    answer = Client().get("/cart/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/cart/")


def test_the_colleague_without_the_role_is_told_who_can_give_it(browse) -> None:
    answer = browse("cao").get("/cart/")
    assert answer.status_code == 403
    assert "An administrator of your company can give you the role." in words(answer)


def test_an_empty_cart_says_what_to_do(browse) -> None:
    answer = browse("bai").get("/cart/")
    assert answer.status_code == 200
    assert "This cart is empty." in words(answer)


def test_adding_from_a_list_answers_with_the_row_and_the_cart_bar(channel, browse) -> None:
    channel.product("LED-7", price="12.50")
    answer = browse("bai").post(
        "/cart/lines/", {"sku": "LED-7", "quantity": "4", "mode": "set"}, headers=HTMX
    )
    assert "4 pieces in cart" in words(answer)
    assert "50.00" in words(answer)
    assert 'hx-swap-oob="true"' in answer.content.decode()


def test_emptying_the_field_in_a_list_takes_the_product_out(channel, browse) -> None:
    channel.product("LED-7")
    channel.fill(("LED-7", 4))
    answer = browse("bai").post("/cart/lines/", {"sku": "LED-7", "quantity": "", "mode": "set"}, headers=HTMX)
    assert answer.status_code == 200
    assert not CartLine.objects.exists()


def test_an_unknown_sku_is_named_and_what_was_typed_stays(channel, browse) -> None:
    sent = {"sku": "NOPE-1", "quantity": "3", "from": "cart"}
    answer = browse("bai").post("/cart/lines/", sent)
    assert "NOPE-1 is not in your catalogue." in words(answer)
    assert 'value="NOPE-1"' in answer.content.decode()


def test_without_scripts_a_line_is_added_and_the_page_comes_back(channel, browse) -> None:
    channel.product("LED-7")
    client = browse("bai")
    answer = client.post("/cart/lines/", {"sku": "LED-7", "quantity": "2", "next": "/catalogue/?q=led"})
    assert answer["Location"] == "/catalogue/?q=led"
    assert CartLine.objects.get().quantity == 2


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_form_never_leads_to_another_site(channel, browse, elsewhere) -> None:
    channel.product("LED-7")
    answer = browse("bai").post("/cart/lines/", {"sku": "LED-7", "quantity": "2", "next": elsewhere})
    assert answer["Location"] == "/cart/"


def test_a_quantity_off_the_pack_is_rounded_and_said(channel, browse) -> None:
    channel.product("BOX", pack=12)
    line = channel.fill(("BOX", 12)).lines[0]
    answer = browse("bai").post(f"/cart/lines/{line.line_id}/", {"quantity": "30"}, headers=HTMX)
    assert "Rounded to 36" in words(answer)
    assert CartLine.objects.get().quantity == 36


@pytest.mark.parametrize("typed", ["-3", "0", "many", "1.5", "９９９９９９９９９９９９９９９", "1e9", "NaN"])
def test_a_bad_quantity_stands_at_its_line_and_changes_nothing(channel, browse, typed) -> None:
    channel.product("LED-7", stock=100_000)
    line = channel.fill(("LED-7", 5)).lines[0]
    answer = browse("bai").post(f"/cart/lines/{line.line_id}/", {"quantity": typed}, headers=HTMX)
    assert answer.status_code == 422
    assert 'data-state="error"' in answer.content.decode()
    assert CartLine.objects.get().quantity == 5


def test_a_strangers_line_does_not_exist(channel, browse) -> None:
    channel.product("LED-7")
    line = channel.fill(("LED-7", 5)).lines[0]
    for name in ("bo", "stu", "pat"):
        answer = browse(name).post(f"/cart/lines/{line.line_id}/", {"quantity": "9"})
        assert CartLine.objects.get().quantity == 5, name
        assert answer.status_code != 500
        assert browse(name).post(f"/cart/lines/{line.line_id}/remove/").status_code in (302, 403)
    assert CartLine.objects.count() == 1


def test_named_carts_are_kept_and_switched(channel, browse) -> None:
    channel.product("LED-7")
    channel.fill(("LED-7", 5))
    client = browse("bai")
    client.post("/carts/", {"name": "Renovation"})
    assert "Renovation" in words(client.get("/cart/"))
    first = Cart.objects.get(name="")
    client.post(f"/carts/{first.pk}/switch/")
    assert "LED-7" in words(client.get("/cart/"))


def test_the_cart_page_costs_the_same_for_one_line_and_three(channel, browse) -> None:
    channel.products(3)
    client = browse("bai")
    counts = []
    for skus in (["N-001"], ["N-002", "N-003"]):
        channel.fill(*((sku, 2) for sku in skus))
        client.get("/cart/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/cart/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Checkout ---


def _checkout(channel, **changes: object) -> dict[str, object]:
    return {"address": channel.address_id, "payment": "account", "po_number": "PO-7"} | changes


def test_an_order_is_placed_and_shown(channel, browse) -> None:
    channel.product("LED-7", price="12.50")
    channel.fill(("LED-7", 4))
    client = browse("bai")
    page = client.get("/checkout/")
    assert "Net 30" in words(page)
    answer = client.post("/checkout/", _checkout(channel))
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.number}/"
    shown = words(client.get(answer["Location"]))
    assert f"Order {order.number} has been placed." in shown
    assert "PO-7" in shown


def test_sending_the_form_twice_leads_to_the_same_order(channel, browse) -> None:
    channel.product("LED-7")
    cart_id = channel.fill(("LED-7", 4)).cart_id
    client = browse("bai")
    form = _checkout(channel, cart=cart_id)
    first, second = client.post("/checkout/", form), client.post("/checkout/", form)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_a_price_that_changed_is_shown_and_accepted_by_sending_again(channel, browse) -> None:
    product = channel.product("LED-7", price="10.00")
    channel.fill(("LED-7", 4))
    client = browse("bai")
    client.get("/checkout/")
    PriceRow.objects.filter(product=product).update(unit_price=Decimal("11.00"))
    answer = client.post("/checkout/", _checkout(channel))
    assert answer.status_code == 422
    assert "Prices have changed since you last saw this cart" in words(answer)
    assert not Order.objects.exists()
    line = CartLine.objects.get()
    client.post("/checkout/", _checkout(channel, accept=f"{line.pk}:11.0000"))
    assert Order.objects.get().net == Decimal("44.00")


def test_accepting_a_price_that_was_never_shown_orders_nothing(channel, browse) -> None:
    product = channel.product("LED-7", price="10.00")
    channel.fill(("LED-7", 4))
    PriceRow.objects.filter(product=product).update(unit_price=Decimal("11.00"))
    line = CartLine.objects.get()
    answer = browse("bai").post("/checkout/", _checkout(channel, accept=f"{line.pk}:0.0100"))
    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_an_address_of_another_company_is_no_choice(channel, browse) -> None:
    from qudao_partner_portal import testing as people  # noqa: PLC0415 - one use

    channel.product("LED-7")
    channel.fill(("LED-7", 4))
    foreign = people.make_address(channel.stranger)
    answer = browse("bai").post("/checkout/", _checkout(channel, address=foreign.pk))
    assert answer.status_code == 422
    assert 'value="PO-7"' in answer.content.decode()
    assert not Order.objects.exists()


def test_a_date_in_the_past_is_refused_and_nothing_typed_is_lost(channel, browse) -> None:
    channel.product("LED-7")
    channel.fill(("LED-7", 4))
    answer = browse("bai").post("/checkout/", _checkout(channel, requested_on="2020-01-01", note="back door"))
    assert "The requested date is in the past." in words(answer)
    assert "back door" in answer.content.decode()


def test_a_cart_with_a_problem_goes_back_to_the_cart(channel, browse) -> None:
    channel.product("LED-7", stock=3)
    channel.fill(("LED-7", 4))
    answer = browse("bai").get("/checkout/", follow=True)
    assert answer.redirect_chain == [("/cart/", 302)]
    assert "3 pieces in stock" in words(answer)


def test_a_suspended_company_keeps_its_cart_and_reads_why(channel, browse) -> None:
    channel.product("LED-7")
    channel.fill(("LED-7", 4))
    channel.dealer.status = "suspended"
    channel.dealer.save()
    client = browse("bai")
    assert "You cannot place orders at the moment" in words(client.get("/cart/"))
    client.post("/checkout/", _checkout(channel))
    assert not Order.objects.exists()
    assert CartLine.objects.count() == 1


# --- Undo, and a form sent twice ---


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_carts_own_form_sent_twice_adds_once(channel, browse, headers) -> None:
    channel.product("LED-7")
    client = browse("bai")
    sent = {"sku": "LED-7", "quantity": "3", "from": "cart", "request_key": "k" * 20}
    assert [client.post("/cart/lines/", sent, headers=headers).status_code < 400 for _ in range(2)] == [
        True
    ] * 2
    assert CartLine.objects.get().quantity == 3
    client.post("/cart/lines/", sent | {"request_key": "l" * 20}, headers=headers)
    assert CartLine.objects.get().quantity == 6


def test_a_form_that_was_refused_may_be_sent_again(channel, browse) -> None:
    client = browse("bai")
    sent = {"sku": "LED-7", "quantity": "3", "from": "cart", "request_key": "k" * 20}
    client.post("/cart/lines/", sent)
    channel.product("LED-7")
    client.post("/cart/lines/", sent)
    assert CartLine.objects.get().quantity == 3


def test_without_scripts_a_removed_line_can_be_brought_back(channel, browse) -> None:
    channel.products(3)
    line = channel.fill(("N-001", 2), ("N-002", 4), ("N-003", 6)).lines[1]
    CartLine.objects.filter(pk=line.line_id).update(note="blue")
    client = browse("bai")
    page = client.post(f"/cart/lines/{line.line_id}/remove/").content.decode()
    assert "Undo" in page and CartLine.objects.count() == 2
    assert "Removed: Product N-002, 4 pieces</span>" in page
    form = page.partition('action="/cart/restore/"')[2].partition("</form>")[0]
    names = ("product", "quantity", "note", "position")
    sent = {name: form.partition(f'name="{name}" value="')[2].partition('"')[0] for name in names}
    client.post("/cart/restore/", sent)
    shown = list(CartLine.objects.values_list("quantity", "note"))
    assert shown == [(2, ""), (4, "blue"), (6, "")]


@pytest.mark.parametrize(
    "sent",
    [{}, {"product": "x", "position": "-1"}, {"product": "999999", "quantity": "1"}, {"product": "9" * 30}],
)
def test_undoing_nonsense_changes_nothing(channel, browse, sent) -> None:
    channel.product("LED-7")
    channel.fill(("LED-7", 4))
    for headers in ({}, HTMX):
        assert browse("bai").post("/cart/restore/", sent, headers=headers).status_code in (200, 302)
    assert CartLine.objects.get().quantity == 4


def test_the_menu_of_carts_counts_with_the_cart(channel, browse) -> None:
    channel.products(3)
    line = channel.fill(("N-001", 2), ("N-002", 4)).lines[1]
    client = browse("bai")

    def counted(page: str) -> str:
        return page.partition('id="carts-count"')[2].partition("</small>")[0].rpartition(">")[2].strip()

    assert counted(client.get("/cart/").content.decode()) == "2 lines"
    answer = client.post(f"/cart/lines/{line.line_id}/remove/", headers=HTMX).content.decode()
    assert (
        counted(answer) == "1 line" and 'hx-swap-oob="true"' in answer.partition('id="carts-count"')[2][:60]
    )


def test_a_change_costs_the_same_for_one_line_and_three(channel, browse) -> None:
    channel.products(3)
    client = browse("bai")
    counts = []
    for skus in (["N-001"], ["N-002", "N-003"]):
        line = channel.fill(*((sku, 2) for sku in skus)).lines[0]
        client.post(f"/cart/lines/{line.line_id}/", {"quantity": "5"}, headers=HTMX)
        with CaptureQueriesContext(connection) as captured:
            client.post(f"/cart/lines/{line.line_id}/", {"quantity": "6"}, headers=HTMX)
        counts.append(len(captured))
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/?view=grid", "/products/FEW/", "/search/?q=FEW"])
def test_what_is_wrong_in_the_cart_is_said_wherever_the_product_is_listed(channel, browse, path) -> None:
    channel.product("FEW", stock=5)
    channel.fill(("FEW", 50))
    answer = browse("bai").get(path)
    html = answer.content.decode()
    assert 'class="qd-in-cart" data-state="error"' in html
    assert "50 pieces in cart · 5 pieces in stock; you asked for 50." in words(answer)
