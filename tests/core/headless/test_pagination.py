"""Lists in pages: nothing skipped, nothing repeated, nothing unbounded."""

from base64 import b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from qudao_partner_portal.models import Tier

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")


@pytest.fixture
def tiers(db: None) -> list[Tier]:
    Tier.objects.all().delete()
    return Tier.objects.bulk_create(
        Tier(code=f"t{number}", name="same", rank=number % 3) for number in range(7)
    )


def walk(api: Client, address: str, direction: str = "next") -> list[list[Any]]:
    pages: list[list[Any]] = []
    following: str | None = address
    while following and len(pages) < 20:
        body = api.get(following).json()
        pages.append(body["results"])
        following = body[direction]
    return pages


def test_the_cursor_visits_every_row_once_in_order(api: Client, tiers: list[Tier]) -> None:
    pages = walk(api, "/api/v1/tiers/?limit=3")
    assert [len(page) for page in pages] == [3, 3, 1]
    seen = [row["id"] for page in pages for row in page]
    assert seen == [tier.pk for tier in sorted(tiers, key=lambda tier: (tier.rank, tier.pk))]


def test_a_row_added_meanwhile_is_neither_skipped_nor_repeated(api: Client, tiers: list[Tier]) -> None:
    first = api.get("/api/v1/tiers/?limit=3").json()
    Tier.objects.create(code="early", name="x", rank=0)
    rest = [row["id"] for page in walk(api, first["next"]) for row in page]
    assert not {row["id"] for row in first["results"]} & set(rest)
    assert {tier.pk for tier in tiers} <= {row["id"] for row in first["results"]} | set(rest)


def test_previous_leads_back(api: Client, tiers: list[Tier]) -> None:
    first = api.get("/api/v1/tiers/?limit=3").json()
    second = api.get(first["next"])
    assert second.json()["previous"] in second["Link"]
    assert 'rel="prev"' in second["Link"]
    assert api.get(second.json()["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "999999999999999999999", "00000000112345"])
def test_a_limit_out_of_bounds_is_refused(api: Client, limit: str) -> None:
    response = api.get(f"/api/v1/tiers/?limit={limit}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize("address", ["tiers", "window"])
@pytest.mark.parametrize(
    "cursor", ["x", "%25", "bz0tMQ==", "W10", "WyJvIiwtMV0", "WyI0YjA2YmEiLDAsImEiLCJiIl0", "ÿ"]
)
def test_a_cursor_that_is_not_ours_is_refused(
    api: Client, tiers: list[Tier], address: str, cursor: str
) -> None:
    response = api.get(f"/api/v1/{address}/", {"cursor": cursor})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_cursor"


def test_a_cursor_with_values_of_another_kind_is_refused(api: Client, tiers: list[Tier]) -> None:
    following = api.get("/api/v1/tiers/?limit=3").json()["next"]
    mark = orjson.loads(b64decode(parse_qs(urlsplit(following).query)["cursor"][0] + "=="))[0]
    for values in (["a", "b"], ["1", None], [{}, []], [str(10**30), "1"]):
        cursor = urlsafe_b64encode(orjson.dumps([mark, 0, *values])).decode()
        assert api.get("/api/v1/tiers/", {"cursor": cursor}).json().get("code") in {"invalid_cursor", None}


def test_a_cursor_of_another_ordering_is_refused(api: Client, tiers: list[Tier]) -> None:
    following = api.get("/api/v1/tiers/?limit=3").json()["next"]
    assert api.get(following + "&sort=name").json()["code"] == "invalid_cursor"


def test_many_rows_of_one_value_are_walked_without_repeats(api: Client, db: None) -> None:
    """DRF's own cursor loses its place where more than a thousand rows share the first value."""
    Tier.objects.all().delete()
    Tier.objects.bulk_create(Tier(code=f"t{number}", name="x", rank=1) for number in range(1300))
    pages = walk(api, "/api/v1/tiers/?limit=200")
    seen = [row["id"] for page in pages for row in page]
    assert len(seen) == len(set(seen)) == 1300


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 5), st.sampled_from(["rank", "-rank"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_forwards_and_backwards_see_the_same_rows(
    api: Client, ranks: list[int], limit: int, first: str
) -> None:
    Tier.objects.all().delete()
    Tier.objects.bulk_create(
        Tier(code=f"t{number}", name="x", rank=rank) for number, rank in enumerate(ranks)
    )
    pages = walk(api, f"/api/v1/tiers/?limit={limit}&sort={first}")
    expected = list(Tier.objects.order_by(first, "pk").values_list("pk", flat=True))
    assert [row["id"] for page in pages for row in page] == expected
    if len(pages) > 1:
        last = f"/api/v1/tiers/?limit={limit}&sort={first}"
        for _page in pages[1:]:
            last = api.get(last).json()["next"]
        back = walk(api, last, "previous")
        assert [row["id"] for page in reversed(back) for row in page] == expected


def test_a_computed_order_is_walked_by_position(api: Client) -> None:
    pages = walk(api, "/api/v1/window/?limit=3")
    assert pages == [[0, 1, 2], [3, 4, 5], [6]]
    last = api.get(api.get(api.get("/api/v1/window/?limit=3").json()["next"]).json()["next"]).json()
    assert api.get(last["previous"]).json()["results"] == [3, 4, 5]


def test_a_computed_order_has_a_bottom(api: Client) -> None:
    deep = urlsafe_b64encode(b'["o",20000]').decode()
    response = api.get("/api/v1/window/", {"cursor": deep})
    assert response.status_code == 400
    assert response.json()["code"] == "too_deep"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_for_one_row_and_for_three(
    api: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Tier.objects.all().delete()
    Tier.objects.bulk_create(Tier(code=f"t{number}", name="x") for number in range(rows))
    api.get("/api/v1/tiers/")
    with django_assert_num_queries(3):  # session, person, the page
        assert len(api.get("/api/v1/tiers/").json()["results"]) == rows
