"""The search page as people use it, with and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from qudao_partner_portal.testing import make_back_office
from qudao_search import api as search
from qudao_search.models import Click

from tests.search.endpoints.conftest import House, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/search/"


def text(response: Any) -> str:
    return response.content.decode()


def titles(response: Any) -> list[str]:
    found = re.findall(r'qd-hit-title"><a href="[^"]+">(.*?)</a>', text(response))
    return [re.sub(r"</?mark>", "", title) for title in found]


def tabs(response: Any) -> dict[str, int]:
    nav = re.search(r'<nav class="qd-tabs".*?</nav>', text(response), re.S)
    pairs = re.findall(r"<span>([^<]+)</span><span class=\"qd-count\">(\d+)</span>", nav[0] if nav else "")
    return {label: int(count) for label, count in pairs}


# --- Who finds what ---


def test_each_person_finds_what_is_theirs_and_counts_of_it(shelf: House) -> None:
    buyer = sign_in(shelf.buyer).get(ADDRESS, {"q": "lamp"})
    assert len(titles(buyer)) == 5 and "Lamp margins" in titles(buyer)
    assert tabs(buyer) == {"Everything": 5, "Notes": 4, "House rules": 1}
    assert "Vault" in text(buyer) and "Bunker" not in text(buyer)
    stranger = sign_in(shelf.stranger).get(ADDRESS, {"q": "lamp"})
    assert tabs(stranger) == {"Everything": 4, "Notes": 3, "House rules": 1}
    assert "Vault" not in text(stranger) and "margins" not in text(stranger)
    office = sign_in(shelf.office).get(ADDRESS, {"q": "lamp"})
    assert titles(office) == [] and "Nothing found for “lamp”" in text(office)


def test_guests_are_asked_to_sign_in_unless_the_catalogue_is_open(shelf: House, settings: Any) -> None:
    shelf.put("9", "Lamp for everyone", key="everyone")
    guest = Client()
    for path in (ADDRESS, f"{ADDRESS}suggestions/"):
        assert guest.get(path, {"q": "lamp"}).status_code == 302
    assert guest.post(f"{ADDRESS}clicks/").status_code == 302
    settings.QUDAO_OPEN_CATALOGUE = True
    assert titles(guest.get(ADDRESS, {"q": "lamp"})) == ["Lamp for everyone"]


# --- Hits ---


def test_hits_show_where_they_stand_and_mark_what_was_searched_for(shelf: House) -> None:
    page = text(sign_in(shelf.buyer).get(ADDRESS, {"q": "dimmer"}))
    assert "Lamp with <mark>dimmer</mark></a>" in page
    assert "How the <mark>dimmer</mark> of the lamp is wired." in page
    assert "Notes" in page and "Shelf" in page and 'href="/notes/1/"' in page


def test_titles_and_questions_are_escaped(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    page = text(client.get(ADDRESS, {"q": "socket"}))
    assert "Cable &lt;b&gt;&amp; lamp&lt;/b&gt; <mark>socket</mark>" in page
    for question in ("<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}"):
        answer = text(client.get(ADDRESS, {"q": question}))
        assert "<script>alert" not in answer and "<img src=x>" not in answer
        assert "<script>alert" not in text(client.get(f"{ADDRESS}suggestions/", {"q": question}))


def test_a_page_costs_the_same_for_one_hit_and_for_many(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    client.get(ADDRESS, {"q": "lamp"})
    for question, hits in (("dimmer", 1), ("lamp", 5)):
        with CaptureQueriesContext(connection) as asked:
            assert len(titles(client.get(ADDRESS, {"q": question}))) == hits
        statements = "\n".join(each["sql"] for each in asked)
        assert len(asked) == 13, statements


# --- The address holds the state ---


def test_kinds_filters_and_order_stand_in_the_address(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    page = client.get(ADDRESS, {"q": "lamp", "kind": "note", "facet_room": ["office"], "sort": "-price"})
    assert titles(page) == ["Cable &lt;b&gt;&amp; lamp&lt;/b&gt; socket", "Lamp with dimmer"]
    html = text(page)
    assert 'value="office" checked' in html
    assert '<option value="-price" selected>' in html
    assert 'href="?q=lamp&amp;kind=note&amp;sort=-price"' in html  # the chip that takes the room away
    assert "Own price" not in text(client.get(ADDRESS, {"q": "lamp"}))


def test_a_question_in_the_field_keeps_the_kind(shelf: House) -> None:
    html = text(sign_in(shelf.buyer).get(ADDRESS, {"q": "lamp", "kind": "note"}))
    form = html.partition('role="search"')[2].partition("</form>")[0]
    assert 'name="q" value="lamp"' in form and 'name="kind" value="note"' in form


def test_a_live_change_swaps_the_results_and_keeps_the_address_tidy(shelf: House) -> None:
    query = {"q": "lamp", "kind": "", "facet_room": "office", "sort": "relevance"}
    page = sign_in(shelf.buyer).get(ADDRESS, query, headers={"hx-target": "finding"})
    assert page["HX-Push-Url"] == "/search/?q=lamp&facet_room=office"
    assert "<html" not in text(page) and len(titles(page)) == 2
    assert "HX-Target" in page["Vary"] and page["Cache-Control"] == "private, no-store"


def test_pages_are_turned_and_end(house: House, settings: Any) -> None:
    settings.QUDAO_SEARCH_PAGE_SIZE = 2
    for number in range(5):
        house.put(str(number), f"Lamp {number}")
    client = sign_in(house.buyer)
    found = [titles(client.get(ADDRESS, {"q": "lamp", "page": page})) for page in (1, 2, 3)]
    assert [len(page) for page in found] == [2, 2, 1] and len({one for page in found for one in page}) == 5
    second = text(client.get(ADDRESS, {"q": "lamp", "page": 2}))
    assert '<ol class="qd-hits" start="3"' in second and 'rel="next"' in second
    assert client.get(ADDRESS, {"q": "lamp", "page": 9}).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "x" * 201}, "at most 200 characters"),
        ({"q": "lamp", "kind": "nothing"}, "nothing"),
        ({"q": "lamp", "facet_nothing": "1"}, "nothing"),
        ({"q": "lamp", "sort": "sideways"}, "sideways"),
        ({"q": "lamp", "sort": "price"}, "price"),
        ({"q": "lamp", "page": "0"}, "Pages"),
        ({"q": "lamp", "page": "many"}, "Pages"),
        ({"q": "lamp", "page": "999999"}, "10000"),
    ],
)
def test_what_cannot_be_answered_is_said_with_a_way_on(shelf: House, query: Any, said: str) -> None:
    page = sign_in(shelf.buyer).get(ADDRESS, query)
    assert page.status_code == 400
    assert said in text(page) and 'id="search-problem"' in text(page)


@pytest.mark.parametrize("question", ["   ", "!!!", '"', "a OR (", "*", "\\", "'; DROP TABLE x;--", "😀", "‮"])
def test_no_question_is_a_crash(shelf: House, question: str) -> None:
    client = sign_in(shelf.buyer)
    assert client.get(ADDRESS, {"q": question}).status_code == 200
    assert client.get(f"{ADDRESS}suggestions/", {"q": question}).status_code == 200


# --- Nothing, or something else ---


def test_a_slip_of_the_finger_is_searched_for_as_meant_and_says_so(shelf: House) -> None:
    page = sign_in(shelf.buyer).get(ADDRESS, {"q": "dimmre"})
    assert titles(page) == ["Lamp with dimmer"] and 'id="search-corrected"' in text(page)
    assert "No results for “dimmre”. Showing results for “dimmer”." in text(page)


def test_some_of_the_words_are_said_to_be_some(shelf: House) -> None:
    page = sign_in(shelf.buyer).get(ADDRESS, {"q": "lamp zeppelin"})
    assert titles(page) and 'id="search-partial"' in text(page)


def test_nothing_offers_a_way_on(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    page = text(client.get(ADDRESS, {"q": "zeppelin"}))
    assert "Nothing found for “zeppelin”" in page and "Continue with" in page
    filtered = text(client.get(ADDRESS, {"q": "dimmer", "kind": "rule"}))
    assert "Search everywhere" in filtered and 'href="?q=dimmer"' in filtered


def test_a_degraded_answer_is_told_to_staff_only(shelf: House, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("9", "Lamp for everyone", key="everyone")
    asked = search.search

    def degraded(*args: Any, **options: Any) -> Any:
        result = asked(*args, **options)
        object.__setattr__(result, "degraded", True)
        return result

    monkeypatch.setattr(search, "search", degraded)
    pages = {name: sign_in(getattr(shelf, name)).get(ADDRESS, {"q": "lamp"}) for name in ("buyer", "office")}
    assert "search-degraded" not in text(pages["buyer"]) and "search-degraded" in text(pages["office"])


# --- Recent searches and suggestions ---


def test_without_a_question_ones_own_last_ones_are_offered(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    assert "What are you looking for?" in text(client.get(ADDRESS))
    for question in ("lamp", "dimmer"):
        client.get(ADDRESS, {"q": question})
    page = text(client.get(ADDRESS))
    assert 0 < page.index('href="?q=dimmer"') < page.index('href="?q=lamp"')
    assert "What are you looking for?" in text(sign_in(shelf.colleague).get(ADDRESS))


def test_recent_searches_are_forgotten_one_by_one_and_all(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    for question in ("lamp", "dimmer", "socket"):
        client.get(ADDRESS, {"q": question})
    forget = reverse("site-search:search-forget")
    assert client.post(forget, {"text": "dimmer"}).headers["Location"] == ADDRESS
    assert 'href="?q=dimmer"' not in text(client.get(ADDRESS)) and 'href="?q=lamp"' in text(
        client.get(ADDRESS)
    )
    assert client.post(forget, {"text": "lamp"}, headers={"x-requested-with": "fetch"}).status_code == 204
    client.post(forget)
    assert "What are you looking for?" in text(client.get(ADDRESS))
    assert client.post(forget, {"text": "x" * 300}).status_code == 400


def test_suggestions_are_lines_of_a_list_box(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    found = text(client.get(f"{ADDRESS}suggestions/", {"q": "lam"}))
    assert 'role="option"' in found and 'data-href="/notes/1/"' in found and "<mark>Lam</mark>p with" in found
    assert "secrets" not in found
    assert "margins" in found and "margins" not in text(
        sign_in(shelf.stranger).get(f"{ADDRESS}suggestions/", {"q": "lam"})
    )
    assert text(client.get(f"{ADDRESS}suggestions/")).strip() == ""
    client.get(ADDRESS, {"q": "lamp & co"})
    recent = text(client.get(f"{ADDRESS}suggestions/"))
    assert 'data-recent data-href="/search/?q=lamp+%26+co" data-text="lamp &amp; co"' in recent


def test_every_page_has_the_field_and_the_back_office_has_none(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    home = text(client.get("/"))
    assert 'action="/search/"' in home and 'data-suggest="/search/suggestions/"' in home
    editor = make_back_office(permissions=["wagtailadmin.access_admin"])
    admin = sign_in(editor).get("/admin/")
    assert admin.status_code == 200 and "qd-search-field" not in text(admin)


# --- Clicks and limits ---


def test_the_hit_that_was_opened_is_noted_once(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    page = text(client.get(ADDRESS, {"q": "dimmer"}))
    query_id = re.search(r'data-qd-query="(\d+)"', page)[1]
    hit = re.search(r'data-kind="(\w+)" data-item="(\w+)" data-position="(\d+)"', page)
    given = {"query_id": query_id, "kind": hit[1], "item": hit[2], "position": hit[3]}
    for _time in range(2):
        assert client.post(f"{ADDRESS}clicks/", given).status_code == 204
    assert [str(click) for click in Click.objects.all()] == ["note:1"]
    assert sign_in(shelf.stranger).post(f"{ADDRESS}clicks/", given | {"item": "2"}).status_code == 204
    assert Click.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"query_id": "x"}, {"query_id": "9" * 30}, {"kind": "no kind"}, {"position": "0"}, {"item": ""}],
)
def test_a_click_that_makes_no_sense_is_refused(shelf: House, change: Any) -> None:
    given = {"query_id": "1", "kind": "note", "item": "1", "position": "1"}
    assert sign_in(shelf.buyer).post(f"{ADDRESS}clicks/", given | change).status_code == 400


def test_too_many_questions_are_told_kindly(shelf: House, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"search": "2/min"}
    client = sign_in(shelf.buyer)
    answers = [client.get(ADDRESS, {"q": "lamp"}) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Too many searches at once. Try again in" in text(answers[2])
    assert client.get(f"{ADDRESS}suggestions/", {"q": "lamp"}).status_code == 429
    assert client.get("/api/v1/search/", {"q": "lamp"}).status_code == 429
    click = {"query_id": 1, "kind": "note", "item": "1", "position": 1}
    assert client.post(f"{ADDRESS}clicks/", click).status_code == 429
    assert sign_in(shelf.colleague).get(ADDRESS, {"q": "lamp"}).status_code == 200
