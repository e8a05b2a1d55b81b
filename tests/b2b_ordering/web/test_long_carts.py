"""A cart of thousands of lines: every line can be reached, found and changed; the totals are those of all lines."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from qudao_b2b_ordering.cart import presenters
from qudao_b2b_ordering.models import CartLine

from .conftest import words

HTMX = {"hx-request": "true"}


@pytest.fixture
def long_cart(channel, monkeypatch) -> list[int]:
    """Seven lines where a page holds two and a whole cart four."""
    monkeypatch.setattr(presenters, "WHOLE", 4)
    monkeypatch.setattr(presenters, "PAGE", 2)
    channel.products(7)
    channel.fill(*((f"N-{number:03d}", 1) for number in range(1, 8)))
    return list(CartLine.objects.order_by("position", "pk").values_list("pk", flat=True))


def lines(page) -> list[int]:
    return [int(each) for each in re.findall(r'<tr id="line-(\d+)"', page.content.decode())]


def total(page) -> str:
    return re.sub(r"<[^>]+>|\s", "", page.content.decode().partition("Net total")[2].partition("</dd>")[0])


def test_up_to_200_lines_stand_on_one_page_without_a_field_to_find_them(channel, browse) -> None:
    assert (presenters.WHOLE, presenters.PAGE) == (200, 100)
    channel.products(3)
    channel.fill(*((f"N-{number:03d}", 1) for number in range(1, 4)))
    page = browse("bai").get("/cart/")
    assert len(lines(page)) == 3
    assert 'name="find"' not in page.content.decode() and "page=2" not in page.content.decode()


def test_every_line_is_on_one_of_the_pages_and_totals_are_those_of_all(long_cart, browse) -> None:
    client = browse("bai")
    pages = [client.get("/cart/", {"page": number}) for number in (1, 2, 3, 4)]
    assert [pk for page in pages for pk in lines(page)] == long_cart
    assert len({total(page) for page in pages}) == 1
    assert lines(client.get("/cart/", {"page": "99"})) == long_cart[-1:]
    assert lines(client.get("/cart/", {"page": "x"})) == long_cart[:2]


def test_a_line_is_found_by_sku_name_and_note(long_cart, browse) -> None:
    CartLine.objects.filter(pk=long_cart[5]).update(note="For the Hall")
    client = browse("bai")
    assert lines(client.get("/cart/", {"find": "n-006"})) == [long_cart[5]]
    assert lines(client.get("/cart/", {"find": "the hall"})) == [long_cart[5]]
    found = client.get("/cart/", {"find": "N-0"})
    assert lines(found) == long_cart[:2] and "find=N-0&amp;page=2" in found.content.decode()
    nothing = client.get("/cart/", {"find": "<nothing>"})
    assert lines(nothing) == [] and "No line contains “<nothing>”." in words(nothing)
    assert total(nothing) == total(client.get("/cart/"))


@pytest.mark.parametrize("line", ["0", "-1", "abc", "9" * 40])
def test_a_line_that_is_not_there_leads_to_the_first_page(long_cart, browse, line) -> None:
    assert lines(browse("bai").get("/cart/", {"line": line})) == long_cart[:2]


def test_a_problem_leads_to_the_page_of_its_line(long_cart, browse) -> None:
    CartLine.objects.filter(pk=long_cart[4]).update(quantity=Decimal("0.5"))
    client = browse("bai")
    page = client.get("/cart/").content.decode()
    href = f"?line={long_cart[4]}#line-{long_cart[4]}"
    assert page.count(f'href="{href}"') >= 1
    assert long_cart[4] in lines(client.get("/cart/", {"line": long_cart[4]}))
    assert lines(client.get("/cart/", {"line": long_cart[4], "page": 1})) == long_cart[:2]


def test_a_line_on_a_later_page_is_changed_removed_and_brought_back_without_scripts(
    long_cart, browse
) -> None:
    client, line = browse("bai"), long_cart[5]
    changed = client.post(f"/cart/lines/{line}/", {"quantity": "3"})
    assert changed["Location"] == f"/cart/?line={line}#line-{line}"
    assert CartLine.objects.get(pk=line).quantity == 3
    refused = client.post(f"/cart/lines/{line}/", {"quantity": "many"})
    assert (
        refused.status_code == 422 and line in lines(refused) and 'value="many"' in refused.content.decode()
    )
    page = client.post(f"/cart/lines/{line}/remove/")
    assert "Undo" in words(page) and long_cart[4] in lines(page) or long_cart[6] in lines(page)
    form = page.content.decode().partition('action="/cart/restore/"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    back = client.post("/cart/restore/", sent)
    assert "?line=" in back["Location"]
    assert CartLine.objects.count() == 7


def test_with_scripts_the_answer_holds_the_line_and_the_totals_of_all(long_cart, browse) -> None:
    answer = browse("bai").post(f"/cart/lines/{long_cart[6]}/", {"quantity": "2"}, headers=HTMX)
    text = answer.content.decode()
    assert f'id="line-{long_cart[6]}-amount"' in text and 'id="cart-totals"' in text
    assert '"lines": 7' in answer["HX-Trigger"]


def test_of_many_problems_the_first_are_listed_each_with_its_product(channel, browse, monkeypatch) -> None:
    monkeypatch.setattr("qudao_b2b_ordering.cart.presenters.MOST_PROBLEMS", 2)
    channel.products(3)
    channel.fill(*((f"N-{number:03d}", 1) for number in range(1, 4)))
    CartLine.objects.update(quantity=Decimal("0.5"))
    page = browse("bai").get("/cart/")
    assert "the first 2 are listed" in words(page)
    listed = page.content.decode().partition('class="qd-error-list"')[2].partition("</ul>")[0]
    assert listed.count("<li>") == 2
    assert listed.count(">N-001: ") == 2
