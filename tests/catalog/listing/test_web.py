from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from qudao_b2b_ordering.testing import stock_policy
from qudao_catalog.testing import deny, grant, make_category, make_product
from qudao_search.entries import group_cache
from qudao_search.query_log import queries as search_report

pytestmark = pytest.mark.django_db
ADDRESS = "/catalogue/"


def skus(response: Any) -> list[str]:
    return re.findall(r'<span class="qd-sku">([^<]+)</span>', response.content.decode())


def total(response: Any) -> int:
    return int(re.search(r'role="status"><b class="qd-number">(\d+)</b>', response.content.decode())[1])


def test_a_buyer_finds_products_with_own_price_stock_and_a_quantity_field(
    client: Any, channel: Any, shelf: Any
) -> None:
    client.force_login(channel.buyer)
    page = client.get(ADDRESS).content.decode()
    row = page.partition(f'id="product-{shelf["L-1"].pk}"')[2].partition("</tr>")[0]
    assert "Lamp one" in row and "10.00" in row and "5</span>" in row
    assert 'name="quantity"' in row and f'action="{reverse("ordering:cart-lines")}"' in row
    unpriced = page.partition(f'id="product-{shelf["C-1"].pk}"')[2].partition("</tr>")[0]
    assert "on request" in unpriced and 'name="quantity"' not in unpriced


def test_the_page_speaks_chinese(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get(ADDRESS, headers={"accept-language": "zh-hans"}).content.decode()
    assert "灯一" in page and "colour-zh" in page and "白色" in page


def test_the_address_holds_the_whole_state(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get(ADDRESS, {"attr_colour": "white", "line": "lighting", "sort": "-price", "view": "grid"})
    text = page.content.decode()
    assert total(page) == 2 and 'class="qd-product-grid"' in text
    assert text.index("Lamp three") < text.index("Lamp one")
    assert 'value="white" checked' in text
    assert 'href="?line=lighting&amp;sort=-price&amp;view=grid"' in text  # the chip that takes colour away


def test_a_category_page_shows_its_way_and_what_is_below(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get("/catalogue/lighting/")
    assert (
        skus(page) == ["L-1", "L-2", "L-3"] and 'href="/catalogue/lighting/lamps/"' in page.content.decode()
    )
    assert client.get("/catalogue/lamps/").headers["Location"] == "/catalogue/lighting/lamps/"
    missing = client.get("/catalogue/none/")
    assert missing.status_code == 404 and "There is no category “none”." in missing.content.decode()


def test_a_live_change_swaps_the_list_and_keeps_the_address_tidy(
    client: Any, channel: Any, shelf: Any
) -> None:
    client.force_login(channel.buyer)
    page = client.get(
        ADDRESS, {"q": "", "price_min": "", "attr_colour": "black"}, headers={"hx-target": "catalogue"}
    )
    assert page["HX-Push-Url"] == "/catalogue/?attr_colour=black"
    assert "<html" not in page.content.decode() and total(page) == 2
    assert "HX-Target" in page["Vary"]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "none"},
        {"page": "99999999"},
        {"sort": "fame", "view": "cube", "line": "none", "price_min": "cheap", "attr_colour": "red"},
        {"q": "%_\\'\"<script>"},
        {"q": "x" * 5000},
        {"q": "\x00"},
        {"attr_power_min": "-1e400"},
    ],
)
def test_a_tampered_address_still_shows_a_list(
    client: Any, channel: Any, shelf: Any, query: dict[str, str]
) -> None:
    client.force_login(channel.buyer)
    page = client.get(ADDRESS, query)
    assert page.status_code == 200 and "<script>" not in page.content.decode().partition("<main")[2]


def test_who_may_not_see_stock_is_offered_no_filter_by_it(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    assert 'name="available"' in client.get(ADDRESS).content.decode()
    stock_policy(channel.maker, mode="hidden")
    assert 'name="available"' not in client.get(ADDRESS).content.decode()


def test_pages_are_numbered_and_bounded(client: Any, channel: Any, settings: Any) -> None:
    settings.QUDAO_CATALOGUE_PAGE_SIZE, settings.QUDAO_CATALOGUE_DEEPEST_PAGE = 2, 2
    for number in range(7):
        make_product(f"P-{number}")
    grant("members")
    client.force_login(channel.buyer)
    assert skus(client.get(ADDRESS)) == ["P-0", "P-1"]
    last = client.get(ADDRESS, {"page": "3"})
    assert skus(last) == ["P-2", "P-3"] and total(last) == 7


def test_empty_says_what_to_do_next(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    filtered = client.get(ADDRESS, {"attr_colour": "black", "line": "switches", "available": "1"})
    assert "No products match these filters" in filtered.content.decode()
    page = client.get(ADDRESS, {"q": "nothing", "line": "lighting"}).content.decode()
    assert "No product here for “nothing”" in page
    assert 'href="/search/?q=nothing"' in page and 'href="/catalogue/?q=nothing"' in page
    deny("members")
    assert "No products are available to you yet" in client.get(ADDRESS).content.decode()


def test_each_counts_and_lists_only_what_is_theirs(client: Any, channel: Any, shelf: Any) -> None:
    deny("tier:gold", lines=["lighting"])
    for person, number in (
        (channel.buyer, 3),
        (channel.learner, 3),
        (channel.parent_buyer, 6),
        (channel.stranger, 6),
    ):
        client.force_login(person)
        page = client.get(ADDRESS)
        assert total(page) == number
        assert ("Lamp one" in page.content.decode()) is (number == 6)


def test_a_learner_looks_but_does_not_order(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.learner)
    page = client.get(ADDRESS).content.decode()
    assert "Lamp one" in page and "10.00" in page


def test_guests_are_asked_to_sign_in_unless_the_catalogue_is_open(
    client: Any, channel: Any, shelf: Any, settings: Any
) -> None:
    grant("everyone", products=[shelf["L-1"]])
    for address in (ADDRESS, "/catalogue/lighting/", "/products/L-1/"):
        response = client.get(address)
        assert response.status_code == 302 and response["Location"] == f"/accounts/login/?next={address}"
    settings.QUDAO_OPEN_CATALOGUE = True
    page = client.get(ADDRESS)
    assert skus(page) == ["L-1"] and 'name="quantity"' not in page.content.decode()
    assert client.get("/products/L-1/").status_code == 200
    assert client.get("/products/L-2/").status_code == 404


def test_a_list_works_without_a_seller(client: Any, channel: Any, shelf: Any, nothing_sold: None) -> None:
    client.force_login(channel.buyer)
    page = client.get(ADDRESS, {"sort": "price"})
    text = page.content.decode().partition("<main")[2]
    assert total(page) == 6 and 'data-label="Your price"' not in text and 'name="available"' not in text


@pytest.mark.parametrize(
    "address", [ADDRESS, f"{ADDRESS}?view=grid&attr_colour=white", "/catalogue/lighting/"]
)
def test_one_row_costs_what_three_cost(client: Any, channel: Any, shelf: Any, address: str) -> None:
    client.force_login(channel.buyer)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    lamps = make_category("Lamps", parent=make_category("Lighting"))
    for number in range(3):
        make_product(f"M-{number}", line="lighting", categories=[lamps])
    client.get(address)
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(few) == len(more) <= 28


@pytest.mark.parametrize("text", ["lamp", "lmap one", "kaiguan", "SW1", "lam", "灯"])
def test_a_text_finds_in_the_list_what_the_search_finds(
    client: Any, channel: Any, shelf: Any, text: str
) -> None:
    """One search: typing errors, pinyin and numbers without separators find the same in both places."""
    client.force_login(channel.buyer)
    searched = set(skus(client.get("/search/", {"q": text, "kind": "product"})))
    assert searched and set(skus(client.get(ADDRESS, {"q": text}))) == searched
    in_line = set(skus(client.get(ADDRESS, {"q": text, "line": "lighting"})))
    assert in_line == {sku for sku in searched if sku.startswith("L-")}


def test_what_people_search_for_in_a_list_and_open_there_is_in_the_report(
    client: Any, channel: Any, shelf: Any
) -> None:
    client.force_login(channel.buyer)
    page = client.get(ADDRESS, {"q": "lamp"}).content.decode()
    (row,) = search_report.most_searched(days=7)
    assert (row["shown"], row["asked"], row["most_hits"]) == ("lamp", 1, 3)
    number = re.search(r'data-qd-query="(\d+)"', page)
    hit = re.search(r'data-qd-hit data-kind="product" data-item="(\d+)" data-position="1"', page)
    assert number and hit
    note = {"query_id": number[1], "kind": "product", "item": hit[1], "position": "1"}
    assert client.post(reverse("site-search:search-clicks"), note).status_code == 204
    (row,) = search_report.most_searched(days=7)
    assert (row["clicked"], row["position"]) == (1, 1)
    assert "data-qd-query" not in client.get(ADDRESS).content.decode()


def test_a_list_has_one_search_field_and_it_looks_in_the_list(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get("/catalogue/lighting/", {"line": "lighting"}).content.decode()
    assert page.count('type="search"') == 1
    assert 'role="search" action="/catalogue/lighting/"' in page
    assert '<input type="hidden" name="line" value="lighting" form="qd-search-form">' in page


def test_a_text_costs_the_same_for_one_product_and_many(client: Any, channel: Any, shelf: Any) -> None:
    group_cache.clear()  # groups of other tests, about which viewers would be asked
    client.force_login(channel.buyer)
    client.get(ADDRESS, {"q": "lamp"})
    counts = []
    for text in ("690777", "lamp"):
        client.get(ADDRESS, {"q": text})
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS, {"q": text})
        counts.append(len(captured))
    assert counts == [18, 18], "\n".join(query["sql"][:200] for query in captured)
