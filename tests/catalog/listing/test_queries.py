from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from qudao_catalog.categories.queries import category_tree
from qudao_catalog.listing import queries
from qudao_catalog.listing.matching import count_facets, count_sections
from qudao_catalog.listing.rules import Listing
from qudao_catalog.listing.web import listing_from_query
from qudao_catalog.testing import deny, grant, make_product
from qudao_core import api as core

pytestmark = pytest.mark.django_db


def listing(address: str, category: str = "") -> Listing:
    versions = core.Versions.read()
    node = category_tree(versions).by_slug(category) if category else None
    found = listing_from_query(QueryDict(address), node, versions)
    assert found.issues == ()
    return found


def skus(viewer: core.Viewer, address: str = "", category: str = "") -> list[str]:
    wanted = listing(address, category)
    found = [facts.sku for facts in queries.page_of_facts(viewer, wanted, 0, 50)]
    assert sorted(found) == sorted(queries.products(viewer, wanted).values_list("sku", flat=True))
    return found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", ["C-1", "L-1", "L-2", "L-3", "SW-1", "SW-2"]),
        ("q=LAMP", ["L-1", "L-2", "L-3"]),
        ("q=lamp+two", ["L-2"]),
        ("q=灯", ["L-1", "L-2"]),
        ("q=开关", ["SW-1", "SW-2"]),
        ("q=sw-2", ["SW-2"]),
        ("q=690777", ["L-3"]),
        ("q=nothing", []),
        ("line=lighting", ["L-1", "L-2", "L-3"]),
        ("line=switches", ["SW-1", "SW-2"]),
        ("line=lighting&line=switches", ["L-1", "L-2", "L-3", "SW-1", "SW-2"]),
        ("attr_colour=white", ["L-1", "L-3", "SW-1"]),
        ("attr_colour=black", ["L-2", "SW-2"]),
        ("attr_colour=white&attr_colour=black", ["L-1", "L-2", "L-3", "SW-1", "SW-2"]),
        ("attr_dimmable=1", ["L-1"]),
        ("attr_dimmable=0", ["L-2"]),
        ("attr_power_min=9", ["L-2", "L-3"]),
        ("attr_power_min=6&attr_power_max=10", ["L-2"]),
        ("available=1", ["L-1", "SW-1"]),
        ("price_min=6&price_max=20", ["L-1", "L-3", "SW-2"]),
        ("sku=l-1&sku=C-1", ["C-1", "L-1"]),
        ("attr_colour=white&line=lighting&price_max=15", ["L-1"]),
        ("sort=new", ["SW-2", "SW-1", "C-1", "L-3", "L-2", "L-1"]),
        ("sort=name", ["C-1", "L-1", "L-3", "L-2", "SW-1", "SW-2"]),
        ("sort=price", ["SW-1", "SW-2", "L-1", "L-3", "L-2", "C-1"]),
        ("sort=-price", ["L-2", "L-3", "L-1", "SW-2", "SW-1", "C-1"]),
        ("status=announced", []),
    ],
)
def test_a_list_is_narrowed_and_sorted_by_its_address(
    shelf: Any, buyer: core.Viewer, address: str, found: list[str]
) -> None:
    assert skus(buyer, address) == found


def test_chinese_readers_get_names_by_sound(shelf: Any, channel: Any) -> None:
    viewer = channel.sees(channel.buyer, "zh-hans")
    assert skus(viewer, "sort=name") == ["L-2", "C-1", "L-1", "SW-1", "SW-2", "L-3"]


def test_a_category_holds_what_is_below_it_and_variants(shelf: Any, buyer: core.Viewer) -> None:
    assert skus(buyer, category="lighting") == ["L-1", "L-2", "L-3"]
    assert skus(buyer, category="switches") == ["SW-1", "SW-2"]


def counts(viewer: core.Viewer, address: str = "") -> dict[str, Any]:
    wanted = listing(address)
    facets = count_facets(viewer, wanted)
    names = {pk: code for pk, (code, _name, _zh) in queries_terms().items()}
    return {
        "total": facets.total,
        "lines": {names[pk]: count for pk, count in facets.lines.items()},
        "available": facets.available,
        "price": facets.price_span and tuple(map(float, facets.price_span)),
        **{
            each.definition.code: (each.low, each.high)
            if each.definition.kind == "range"
            else {
                option.value: each.counts[option.key]
                for option in each.definition.options
                if option.key in each.counts
            }
            for each in facets.attributes
        },
    }


def queries_terms() -> dict[int, tuple[str, str, str]]:
    from qudao_catalog.products.queries import terms  # noqa: PLC0415 - only the lines are wanted

    return terms().lines


def test_every_filter_is_counted(shelf: Any, buyer: core.Viewer) -> None:
    assert counts(buyer) == {
        "total": 6,
        "lines": {"lighting": 3, "switches": 2},
        "available": 2,
        "price": (5.0, 30.0),
        "colour": {"white": 3, "black": 2},
        "power": (5.0, 18.0),
        "dimmable": {"1": 1, "0": 1},
    }


def test_a_filter_that_is_set_still_counts_its_other_values(shelf: Any, buyer: core.Viewer) -> None:
    found = counts(buyer, "attr_colour=white&line=lighting")
    assert found["total"] == 2
    assert found["colour"] == {"white": 2, "black": 1}
    assert found["lines"] == {"lighting": 2, "switches": 1}
    assert found["price"] == (10.0, 20.0)
    assert found["dimmable"] == {"1": 1}


def test_the_price_filter_does_not_narrow_its_own_span(shelf: Any, buyer: core.Viewer) -> None:
    found = counts(buyer, "price_min=20")
    assert (found["total"], found["price"]) == (2, (5.0, 30.0))


@pytest.mark.parametrize(
    "address",
    ["", "attr_colour=white", "line=lighting", "available=1", "price_max=20", "attr_power_min=6", "q=lamp"],
)
def test_choosing_a_value_gives_as_many_as_it_said(shelf: Any, buyer: core.Viewer, address: str) -> None:
    found = counts(buyer, address)
    assert found["total"] == len(skus(buyer, address))
    for code in ("white", "black"):
        others = "&".join(part for part in address.split("&") if not part.startswith("attr_colour"))
        assert found["colour"].get(code, 0) == len(skus(buyer, f"{others}&attr_colour={code}"))
    if not address.startswith("line"):
        assert found["lines"].get("lighting", 0) == len(skus(buyer, f"{address}&line=lighting"))
    if address != "available=1":
        assert found["available"] == len(skus(buyer, f"{address}&available=1"))


def test_counts_know_nothing_of_what_is_denied(shelf: Any, buyer: core.Viewer) -> None:
    deny("tier:gold", products=[shelf["L-1"], shelf["SW"]])
    found = counts(buyer)
    assert (found["total"], found["lines"], found["available"]) == (3, {"lighting": 2}, 0)
    assert (found["colour"], found["power"]) == ({"white": 1, "black": 1}, (9.0, 18.0))


def test_sections_count_below_the_category(shelf: Any, buyer: core.Viewer) -> None:
    versions = core.Versions.read()
    top = count_sections(buyer, listing(""), None, versions)
    assert [(node.name, count) for node, count in top] == [("Lighting", 3), ("Switches", 2)]
    lighting = category_tree(versions).by_slug("lighting")
    below = count_sections(buyer, listing("attr_colour=white", "lighting"), lighting, versions)
    assert [(node.name, count) for node, count in below] == [("Lamps", 2)]


@pytest.mark.parametrize(
    "address", ["", "attr_colour=white&line=lighting&available=1&price_max=20&sort=-price"]
)
def test_a_list_that_stands_costs_one_statement_to_count(
    shelf: Any, buyer: core.Viewer, address: str
) -> None:
    versions = core.Versions.read()
    wanted = listing(address)
    for _again in range(2):
        count_facets(buyer, wanted, versions)
        with CaptureQueriesContext(connection) as asked:
            count_facets(buyer, wanted, versions)
        assert len(asked) == 1
        for number in range(3):
            make_product(f"MORE-{number}-{_again}", line="lighting")


@pytest.mark.parametrize("more", [0, 5])
def test_what_changed_is_read_by_a_statement_per_column(shelf: Any, buyer: core.Viewer, more: int) -> None:
    versions, wanted = core.Versions.read(), listing("")
    count_facets(buyer, wanted, versions)
    for number in range(more + 1):
        make_product(f"MORE-{number}", line="lighting")
    with CaptureQueriesContext(connection) as asked:
        count_facets(buyer, wanted, versions)
    assert len(asked) == 7  # versions, index, what may be seen, price rows, stock (2), attribute values


def test_without_a_seller_lists_have_no_price_and_no_stock(
    shelf: Any, buyer: core.Viewer, nothing_sold: None
) -> None:
    found = counts(buyer, "price_min=5&available=1")
    assert (found["total"], found["available"], found["price"]) == (6, None, None)
    assert skus(buyer, "sort=price") == ["L-1", "L-2", "L-3", "C-1", "SW-1", "SW-2"]


def walked(
    viewer: core.Viewer,
    address: str = "",
    after: tuple[str, ...] | None = None,
    *,
    backwards: bool = False,
    count: int = 3,
) -> list[str]:
    found = queries.rows_after(viewer, listing(address), after, backwards, count, core.Versions.read())
    return [facts.sku for facts in found]


def test_a_list_is_walked_from_where_a_cursor_stands(shelf: Any, buyer: core.Viewer) -> None:
    assert walked(buyer) == ["C-1", "L-1", "L-2"]
    assert walked(buyer, after=("L-2",)) == ["L-3", "SW-1", "SW-2"]
    assert walked(buyer, after=("SW-2",)) == []
    assert walked(buyer, after=("SW-1",), backwards=True) == ["L-3", "L-2", "L-1"]
    assert walked(buyer, after=("C-1",), backwards=True) == []
    newest = walked(buyer, "sort=new", count=6)
    pk = str(shelf[newest[2]].pk)
    assert walked(buyer, "sort=new", (pk,)) == newest[3:6]
    assert walked(buyer, "sort=new", (pk,), backwards=True) == newest[1::-1]


def test_the_row_of_a_cursor_may_be_gone_or_out_of_the_list(shelf: Any, buyer: core.Viewer) -> None:
    assert walked(buyer, after=("L-",)) == ["L-1", "L-2", "L-3"]
    assert walked(buyer, after=("L-1x",), backwards=True) == ["L-1", "C-1"]
    assert walked(buyer, "attr_colour=white", after=("L-2",)) == ["L-3", "SW-1"]
    pk = shelf["L-2"].pk
    shelf["L-2"].delete()
    assert walked(buyer, after=("L-2",)) == ["L-3", "SW-1", "SW-2"]
    newest = walked(buyer, "sort=new", count=9)
    assert walked(buyer, "sort=new", (str(pk),)) == [sku for sku in newest if shelf[sku].pk < pk][:3]


def test_a_walk_follows_what_the_viewer_may_see(shelf: Any, buyer: core.Viewer) -> None:
    assert walked(buyer, "attr_colour=white") == skus(buyer, "attr_colour=white")
    make_product("A-NEW")
    assert walked(buyer, count=1) == ["A-NEW"]
    deny("tier:gold", lines=["lighting"])
    assert walked(buyer, count=9) == ["A-NEW", "C-1", "SW-1", "SW-2"]
    deny("members")
    assert walked(buyer) == []


@pytest.mark.parametrize(("after", "statements"), [(None, 2), (("C-1",), 3)])
def test_a_walk_costs_the_same_for_any_number(
    shelf: Any, buyer: core.Viewer, after: tuple[str, ...] | None, statements: int
) -> None:
    versions, wanted = core.Versions.read(), listing("")
    queries.rows_after(buyer, wanted, after, False, 5, versions)
    for count in (1, 3, 5):
        with CaptureQueriesContext(connection) as asked:
            assert len(queries.rows_after(buyer, wanted, after, False, count, versions)) == count
        assert len(asked) == statements  # the data's versions, where the cursor stands, facts


def test_viewers_of_one_range_see_theirs_only(shelf: Any, channel: Any) -> None:
    grant(f"company:{channel.dealer.pk}", products=[shelf["C-1"]])
    deny("tier:silver", lines=["lighting"])
    mine, theirs = channel.sees(channel.buyer), channel.sees(channel.stranger)
    assert len(walked(mine, count=10)) == 6 and walked(theirs, count=10) == ["C-1", "SW-1", "SW-2"]
