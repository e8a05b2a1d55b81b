"""The search in the API: what the page shows, for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from qudao_search.models import Click

from tests.search.endpoints.conftest import House, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/search/"


def ask(user: Any, **query: Any) -> dict[str, Any]:
    answer = sign_in(user).get(ADDRESS, query)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_an_answer_says_what_was_found_and_how(shelf: House) -> None:
    found = ask(shelf.buyer, q="dimmer")
    assert found["total"] == 1 and found["page"] == found["pages"] == 1
    assert found["engine"] in ("sqlite", "postgresql") and found["degraded"] is found["partial"] is False
    assert found["corrected"] == "" and found["did_you_mean"] == [] and found["query_id"]
    (hit,) = found["hits"]
    assert (hit["kind"], hit["id"], hit["position"]) == ("note", "1", 1)
    assert hit["title"] == "Lamp with dimmer" and hit["path"] == ["Shelf"] and hit["item"] == {"id": "1"}
    assert hit["title_highlight"] == [
        {"text": "Lamp with ", "marked": False},
        {"text": "dimmer", "marked": True},
    ]
    assert {"text": "dimmer", "marked": True} in hit["excerpt"]
    assert hit["url"] == "http://testserver/notes/1/"


def test_kinds_and_filters_are_counted_for_the_caller(shelf: House) -> None:
    found = ask(shelf.buyer, q="lamp", kind=["note", "rule"], facet_room=["office", "vault"])
    assert found["total"] == 3
    assert [(each["value"], each["count"], each["selected"]) for each in found["kinds"]] == [
        ("note", 3, True),
        ("rule", 0, True),
    ]
    (room,) = found["facets"]
    assert room["parameter"] == "facet_room" and room["name"] == "Room"
    assert {each["value"]: each["count"] for each in room["values"]} == {
        "office": 2,
        "kitchen": 1,
        "vault": 1,
    }
    others = ask(shelf.stranger, q="lamp")
    assert {each["value"] for each in others["facets"][0]["values"]} == {"office", "kitchen"}


def test_pages_are_as_long_as_asked(shelf: House) -> None:
    first, second = (ask(shelf.buyer, q="lamp", page_size=3, page=page) for page in (1, 2))
    assert [hit["position"] for hit in first["hits"] + second["hits"]] == [1, 2, 3, 4, 5]
    assert first["pages"] == 2 and second["query_id"] is None


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"q": "x" * 201}, "too_long", "q"),
        ({"q": "a", "kind": "none"}, "unknown_kind", "kind"),
        ({"q": "a", "facet_none": "1"}, "unknown_facet", "facet_none"),
        ({"q": "a", "sort": "none"}, "unknown_sort", "sort"),
        ({"q": "a", "page": "0"}, "invalid_page", "page"),
        ({"q": "a", "page": "99999"}, "too_deep", "page"),
        ({"q": "a", "page_size": "101"}, "invalid_page", "page_size"),
        ({"q": "a", "page_size": "-1"}, "invalid_page", "page_size"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_with_a_code(
    shelf: House, query: dict[str, str], code: str, field: str
) -> None:
    answer = sign_in(shelf.buyer).get(ADDRESS, query)
    problem = answer.json()
    assert answer.status_code == (422 if code == "too_long" else 400)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["code"] == code and problem["errors"][0]["field"] == field


def test_who_has_no_name_may_not_ask_unless_the_catalogue_is_open(shelf: House, settings: Any) -> None:
    assert Client().get(ADDRESS, {"q": "lamp"}).status_code == 401
    settings.QUDAO_OPEN_CATALOGUE = True
    shelf.put("9", "Lamp for everyone", key="everyone")
    assert Client().get(ADDRESS, {"q": "lamp"}).json()["total"] == 1


def test_suggestions_lead_to_things_or_ask_again(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    client.get(ADDRESS, {"q": "lamp"})
    found = client.get(f"{ADDRESS}suggestions/", {"q": "lam"}).json()["results"]
    assert {each["kind"] for each in found} == {"", "note", "rule"}
    assert found[0]["text"] == "lamp" and found[0]["url"] == ""
    assert "secrets" not in str(found)
    assert client.get(f"{ADDRESS}suggestions/", {"q": "x" * 300}).status_code == 400
    assert client.get(f"{ADDRESS}suggestions/").json() == {"results": []}


def test_recent_searches_are_ones_own_and_may_be_forgotten(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    for question in ("lamp", "dimmer"):
        client.get(ADDRESS, {"q": question})
    recent = f"{ADDRESS}recent/"
    assert client.get(recent).json() == {"results": ["dimmer", "lamp"]}
    assert sign_in(shelf.colleague).get(recent).json() == {"results": []}
    assert client.delete(f"{recent}?text=lamp").status_code == 204
    assert client.get(recent).json() == {"results": ["dimmer"]}
    client.delete(recent)
    assert client.get(recent).json() == {"results": []}


def test_a_click_is_noted_for_the_question_it_belongs_to(shelf: House) -> None:
    client = sign_in(shelf.buyer)
    query_id = client.get(ADDRESS, {"q": "dimmer"}).json()["query_id"]
    click = {"query_id": query_id, "kind": "note", "id": "1", "position": 1}
    for user in (shelf.buyer, shelf.buyer, shelf.stranger):
        answer = sign_in(user).post(f"{ADDRESS}clicks/", click, content_type="application/json")
        assert answer.status_code == 204
    assert [(each.item, each.position) for each in Click.objects.all()] == [("1", 1)]
    wrong = client.post(f"{ADDRESS}clicks/", {"query_id": "x"}, content_type="application/json")
    assert wrong.status_code == 400 and wrong.json()["code"] == "invalid"


def test_every_answer_tells_what_is_left_of_the_allowance(shelf: House, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"search": "5/min"}
    answer = sign_in(shelf.buyer).get(ADDRESS, {"q": "lamp"})
    assert answer["RateLimit-Limit"] == "5" and answer["RateLimit-Remaining"] == "4"
