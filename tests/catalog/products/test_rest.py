from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, stock, stock_policy
from qudao_catalog.models import ProductProfile
from qudao_catalog.testing import deny, grant, make_category, make_line, make_product, make_variant

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/products/"
Product = get_model("catalogue", "Product")


@pytest.fixture
def shelf(channel: Any) -> list[Any]:
    lamps = make_category("Lamps")
    shelf = [
        make_product(f"P-{number}", line="lighting", pack=12, categories=[lamps], title_zh=f"灯{number}")
        for number in range(5)
    ]
    make_price_list(
        seller=channel.maker, audience="everyone", prices={shelf[0]: {1: "9.5", 120: "8"}, shelf[1]: "7"}
    )
    stock(shelf[0], 40, make_warehouse(seller=channel.maker))
    stock_policy(channel.maker)
    grant("members")
    return shelf


def skus(response: Any) -> list[str]:
    return [row["sku"] for row in response.json()["results"]]


def test_a_row_holds_product_and_own_offer(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    row = client.get(ADDRESS, headers={"accept-language": "zh-hans"}).json()["results"][0]
    offer = row.pop("offer")
    assert row == {
        "id": shelf[0].pk,
        "sku": "P-0",
        "external_key": "",
        "barcode": "",
        "name": "灯0",
        "names": {"en": "Product P-0", "zh-hans": "灯0"},
        "line": "lighting",
        "status": "active",
        "unit": {"code": "pcs", "name": "个", "decimals": 0},
        "pack": {"unit": "ctn", "name": "箱", "size": "12.000", "whole_packs_only": True},
        "min_quantity": "1.000",
        "max_quantity": None,
        "tax": {"class": "standard", "rate": "0.1300"},
        "parent_id": None,
        "replacement_id": None,
        "picture": None,
    }
    assert (offer["unit_price"], offer["currency"], offer["orderable"]) == ("9.5000", "CNY", True)
    assert [each["unit_price"] for each in offer["breaks"]] == ["9.5000", "8.0000"]
    assert (offer["stock"]["mode"], offer["stock"]["quantity"]) == ("exact", "40.000")


def test_a_list_is_walked_forth_and_back(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    first = client.get(ADDRESS, {"limit": 2})
    second = client.get(first.json()["next"])
    third = client.get(second.json()["next"])
    assert [skus(page) for page in (first, second, third)] == [["P-0", "P-1"], ["P-2", "P-3"], ["P-4"]]
    assert third.json()["next"] is None and first.json()["previous"] is None
    assert skus(client.get(third.json()["previous"])) == ["P-2", "P-3"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("sku", ["P-0", "P-1", "P-2", "P-3", "P-4"]),
        ("new", ["P-4", "P-3", "P-2", "P-1", "P-0"]),
        ("price", ["P-1", "P-0", "P-2", "P-3", "P-4"]),
        ("name", ["P-0", "P-1", "P-2", "P-3", "P-4"]),
    ],
)
def test_every_sort_order_is_walked_to_its_end(
    client: Any, channel: Any, shelf: Any, sort: str, found: list[str]
) -> None:
    client.force_login(channel.buyer)
    walked: list[str] = []
    address: str | None = f"{ADDRESS}?sort={sort}&limit=2"
    while address:
        page = client.get(address)
        walked += skus(page)
        address = page.json()["next"]
    assert walked == found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "query", ["sort=name", "sort=sku", "sort=new", "sort=name&q=P", "sort=sku&q=P", "sort=new&q=P"]
)
def test_what_stays_is_walked_once_while_others_come_and_go(
    client: Any, channel: Any, shelf: Any, query: str, language: str
) -> None:
    client.force_login(channel.buyer)
    for number in range(10, 22):
        make_product(f"P-{number}", title_zh=f"灯{number % 3}")
    stay = [f"P-{number}" for number in (*range(5), *range(10, 20))]
    walked: list[str] = []
    address: str | None = f"{ADDRESS}?{query}&limit=4"
    step = 0
    while address:
        page = client.get(address, headers={"accept-language": language})
        walked += skus(page)
        address = page.json()["next"]
        ProductProfile.objects.filter(sku=f"P-{20 + step}").update(status="discontinued")
        Product.objects.filter(profile__sku=f"P-{20 + step}").update(is_public=False)
        make_product(f"P-0{step}", title=f"A{step}", title_zh=f"阿{step}")
        make_product(f"P-9{step}", title=f"Z{step}", title_zh=f"做{step}")
        step += 1
    assert sorted(sku for sku in walked if sku in stay) == sorted(stay)


def test_filters_are_those_of_the_pages(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    make_product("OTHER")
    for query, found in (
        ({"q": "灯3"}, ["P-3"]),
        ({"line": "lighting", "available": "true"}, ["P-0"]),
        ({"category": "lamps", "price_max": "8"}, ["P-1"]),
        ({"sku": ["p-2", "OTHER"]}, ["OTHER", "P-2"]),
    ):
        assert skus(client.get(ADDRESS, query)) == found


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"line": "none"}, "invalid_filter", "line"),
        ({"sort": "fame"}, "invalid_filter", "sort"),
        ({"price_min": "cheap"}, "invalid_filter", "price_min"),
        ({"fields": "sku,secret"}, "unknown_field", "fields"),
        ({"limit": "1000"}, "invalid_limit", "limit"),
        ({"cursor": "nonsense"}, "invalid_cursor", "cursor"),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(
    client: Any, channel: Any, query: dict[str, str], code: str, field: str
) -> None:
    client.force_login(channel.buyer)
    response = client.get(ADDRESS, query)
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert response.json()["errors"][0]["field"] == field


def test_an_unknown_category_is_not_found(client: Any, channel: Any) -> None:
    client.force_login(channel.buyer)
    response = client.get(ADDRESS, {"category": "none"})
    assert (response.status_code, response.json()["code"]) == (404, "category_not_found")


def test_fields_keep_an_answer_small_and_ask_no_price(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    client.get(ADDRESS, {"fields": "sku,name"})
    with CaptureQueriesContext(connection) as asked:
        response = client.get(ADDRESS, {"fields": "sku,name"})
    assert response.json()["results"][0] == {"sku": "P-0", "name": "Product P-0"}
    assert len(asked) == 5  # session, person, fact versions, versions of the data, products


def test_one_row_costs_what_three_cost(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    for limit in (1, 3):
        client.get(ADDRESS, {"limit": limit})
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get(ADDRESS, {"limit": limit}).json()["results"]) == limit
        assert len(asked) == 9


@pytest.mark.parametrize("reference", ["sku:p-0", "ext:ERP-1", "id"])
def test_a_product_is_named_by_id_sku_or_external_key(
    client: Any, channel: Any, shelf: Any, reference: str
) -> None:
    shelf[0].profile.external_key = "ERP-1"
    shelf[0].profile.save()
    client.force_login(channel.buyer)
    found = client.get(f"{ADDRESS}{shelf[0].pk if reference == 'id' else reference}/").json()
    assert (found["sku"], found["categories"], found["offer"]["unit_price"]) == ("P-0", ["lamps"], "9.5000")


def test_a_family_lists_its_variants_with_offers(client: Any, channel: Any) -> None:
    family = make_product("FAM")
    make_variant(family, "FAM-1")
    grant("members")
    client.force_login(channel.buyer)
    found = client.get(f"{ADDRESS}sku:FAM/").json()
    assert (found["offer"], found["unit"]) == (None, None)
    assert [(row["sku"], row["offer"]["price_note"]) for row in found["variants"]] == [
        ("FAM-1", "on_request")
    ]
    assert client.get(f"{ADDRESS}sku:FAM-1/").json()["family"] == "FAM"


def test_an_unchanged_product_is_not_sent_again(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    first = client.get(f"{ADDRESS}sku:P-0/")
    again = client.get(f"{ADDRESS}sku:P-0/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    shelf[0].title = "New"
    shelf[0].save()
    changed = client.get(f"{ADDRESS}sku:P-0/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_denied_is_not_found_everywhere(client: Any, channel: Any, shelf: Any) -> None:
    deny("tier:gold", products=[shelf[0]])
    client.force_login(channel.buyer)
    denied = client.get(f"{ADDRESS}sku:P-0/")
    unknown = client.get(f"{ADDRESS}sku:NONE/")
    assert (denied.status_code, denied.json()["code"]) == (404, "product_not_found")
    assert denied.json()["detail"].replace("P-0", "NONE") == unknown.json()["detail"]
    assert skus(client.get(ADDRESS)) == ["P-1", "P-2", "P-3", "P-4"]
    assert client.get(f"{ADDRESS}facets/").json()["total"] == 4
    client.force_login(channel.stranger)
    assert client.get(f"{ADDRESS}sku:P-0/").json()["sku"] == "P-0"


def test_guests_see_an_open_catalogue_only(client: Any, channel: Any, shelf: Any, settings: Any) -> None:
    grant("everyone", products=[shelf[2]])
    response = client.get(ADDRESS)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    settings.QUDAO_OPEN_CATALOGUE = True
    assert skus(client.get(ADDRESS)) == ["P-2"]


def test_facets_are_counted(client: Any, channel: Any, shelf: Any) -> None:
    client.force_login(channel.buyer)
    found = client.get(f"{ADDRESS}facets/", {"line": "lighting"}).json()
    assert (found["total"], found["available"]) == (5, 1)
    assert found["lines"] == [{"value": "lighting", "name": "Lighting", "count": 5}]
    assert found["price"] == {"min": "7.0000", "max": "9.5000", "currency": "CNY"}


def put(client: Any, rows: Any, **options: Any) -> Any:
    return client.put(
        f"{ADDRESS}bulk/", json.dumps({"products": rows} | options), content_type="application/json"
    )


def test_an_erp_writes_products_and_may_repeat_it(client: Any, channel: Any) -> None:
    client.force_login(channel.editor)
    rows = [{"sku": "A", "title": "A", "title_zh-hans": "甲"}, {"sku": "B", "title": "B", "pack_size": "12"}]
    first, again = put(client, rows).json(), put(client, rows).json()
    assert first["counts"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert again["counts"] == {"created": 0, "changed": 0, "unchanged": 2, "refused": 0}
    assert [row["id"] for row in first["rows"]] == [row["id"] for row in again["rows"]]


def test_the_example_of_the_reference_is_accepted(client: Any, channel: Any) -> None:
    """docs/reference/catalogue.md: what a reader copies must work."""
    text = (Path(__file__).parents[3] / "docs/reference/catalogue.md").read_text(encoding="utf-8")
    example = json.loads(text.partition("```json\n")[2].partition("```")[0])
    make_line("lighting")
    make_category("Panels", parent=make_category("Lighting"))
    goods = get_model("catalogue", "ProductClass").objects.create(name="Goods", track_stock=False)
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    goods.attributes.create(name="Power", code="power", type="integer")
    goods.attributes.create(name="Colour", code="colour", type="option", option_group=group)
    client.force_login(channel.editor)
    answer = put(client, example["products"], partial=example["partial"], rehearse=example["rehearse"]).json()
    assert (answer["saved"], answer["counts"]["created"], answer["new_options"]) == (True, 2, ["White"])


def test_a_wrong_row_keeps_all_out_unless_asked(client: Any, channel: Any) -> None:
    client.force_login(channel.editor)
    rows = [{"sku": "A", "title": "A"}, {"sku": "B", "title": "B", "line": "none"}]
    refused = put(client, rows)
    assert (refused.status_code, refused.json()["code"]) == (422, "rows_invalid")
    assert refused.json()["errors"][0] | {"message": ""} == {
        "code": "unknown_product_line",
        "message": "",
        "field": "products.1.line",
        "line": 2,
        "params": {"value": "none", "known": []},
    }
    assert put(client, [rows[0]], rehearse=True).json()["saved"] is False
    partly = put(client, rows, partial=True).json()
    assert (partly["saved"], partly["counts"]["created"], partly["counts"]["refused"]) == (True, 1, 1)


@pytest.mark.parametrize(
    "body", [{}, {"products": []}, {"products": [1]}, {"products": "x"}, {"products": [{}]}, []]
)
def test_a_body_of_another_shape_is_refused(client: Any, channel: Any, body: Any) -> None:
    client.force_login(channel.editor)
    response = client.put(f"{ADDRESS}bulk/", json.dumps(body), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("who", ["buyer", "parent_buyer", "office"])
def test_others_do_not_write_products(client: Any, channel: Any, who: str) -> None:
    client.force_login(getattr(channel, who))
    response = put(client, [{"sku": "A", "title": "A"}])
    assert (response.status_code, response.json()["code"]) == (403, "permission_required")
