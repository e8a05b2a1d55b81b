"""The same through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.imports.models import ImportJob, SavedMapping
from qudao_partner_portal.testing import make_back_office, make_company

from . import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    maker = make_company("Maker")
    make_price_list("base", seller=maker)
    make_price_list("euro", seller=maker, currency="EUR")
    client.force_login(make_back_office("Ida Import", is_superuser=True))
    return client


def send(
    client: Any, content: bytes, kind: str = "prices", name: str = "list.xlsx", key: str = "u", **given: Any
) -> Any:
    data = {name_: json.dumps(value) if isinstance(value, dict) else value for name_, value in given.items()}
    data |= {"kind": kind, "file": SimpleUploadedFile(name, content)}
    return client.post("/api/v1/imports/", data, headers={"Idempotency-Key": key})


def call(client: Any, method: str, path: str, body: Any = None, key: str = "c") -> Any:
    address = f"/api/v1/import-{path}" if path.startswith("mappings") else f"/api/v1/imports/{path}"
    return getattr(client, method)(
        address, body, content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_ask_look_change_and_check(api):
    for sku in ("0100.10", "0100.20", "0200.10"):
        make_product(sku)
    refused = send(api, made.BUILDER, options={"price_list": "euro"})
    assert (refused.status_code, refused.json()["code"]) == (
        400,
        "wrong_header",
    ) or refused.status_code == 422
    job = send(api, made.BUILDER, options={"price_list": "euro"}, ask=True, key="u2").json()
    assert job["state"] == "unmapped"
    seen = api.get(f"/api/v1/imports/{job['id']}/mapping/").json()
    assert seen["suggestion"]["header"] == 4
    assert {"sections", "no_value_words", "currency"} <= {note["code"] for note in seen["notes"]}
    assert seen["columns"][0] == {
        "column": 1,
        "letter": "A",
        "header": "",
        "examples": ["0100", "0100.10", "0100.20"],
    }
    first = call(api, "post", f"{job['id']}/mapping/preview/", seen["suggestion"]).json()
    assert (len(first["rows"]), first["rejected"], first["left_out"]) == (3, 0, {"section": 2, "no_value": 1})
    assert ImportJob.objects.get().state == "unmapped"
    done = call(api, "put", f"{job['id']}/mapping/", seen["suggestion"], key="c2").json()
    assert (done["state"], done["created"], done["shape"]) == ("checked", 3, seen["shape"])


def test_a_mapping_with_the_upload(api):
    make_product("LH-1")
    mapping = {
        "header": 0,
        "sources": [
            {"field": "product", "columns": [1]},
            {"field": "unit_price", "columns": [2], "divisor": "1000", "rounded": True},
            {"field": "price_list", "value": "base"},
        ],
    }
    job = send(api, b"LH-1;12,5\n", name="x.csv", mapping=mapping).json()
    assert job["preview"]["sample"][0]["cells"]["Unit price"] == "0.0125"


def test_an_encoding_that_is_not_certain_is_asked(api):
    content = "sku;title\nDE-1;Lösung\nDE-2;Müllers Tür\n".encode("cp1252")
    refused = send(api, content, "products", "x.csv")
    assert (refused.status_code, refused.json()["code"]) == (422, "unsure_encoding")
    job = send(api, content, "products", "x.csv", mapping={"encoding": "cp1252"}, key="u2").json()
    assert [row["cells"]["Name"] for row in job["preview"]["sample"]] == ["Lösung", "Müllers Tür"]


@pytest.mark.parametrize(
    "mapping",
    [
        {"sources": [{"field": "nothing"}], "header": 1},
        {"sources": [{"field": "product", "columns": [1]}], "header": 1},
        {"sources": [{"field": "product"}, {"field": "product"}]},
        {"sources": [{"field": "product", "columns": [0]}]},
        {"sources": [{"field": "unit_price", "divisor": "0"}]},
        {"spread_field": "product", "spread": [{"column": 1}]},
        {"sections": "nothing", "header": 1},
        {"variants": 3, "header": 1},
        {"encoding": "rot13"},
        {"delimiter": "ab"},
        {"sheets": ["nowhere"]},
        {"unknown": 1},
        {"header": True},
        {"dates": "ydm"},
        {"excluded": [{"column": 1, "test": "sideways"}]},
    ],
)
def test_a_bad_mapping_is_a_refusal_with_its_place(api, mapping):
    whole = send(api, made.GRADES, ask=True, options={"price_list": "base"}).json()
    for answer in (
        send(api, made.GRADES, mapping=mapping, options={"price_list": "base"}, key="u2"),
        call(api, "put", f"{whole['id']}/mapping/", mapping),
        call(api, "post", f"{whole['id']}/mapping/preview/", mapping, key="c2"),
    ):
        assert 400 <= answer.status_code < 500
        assert answer.json()["code"]


@pytest.mark.parametrize("encoding", ["rot13", "nothing", "a\nb", "idna"])
def test_an_encoding_nobody_knows_is_refused_for_a_text_file(api, encoding):
    """Also where a mapping with it was kept: files of that make are then read as if there were none."""
    text = b"Product;Price\nA;1.00\n"
    whole = send(api, text, name="list.csv", ask=True, options={"price_list": "base"}).json()
    mapping = {"encoding": encoding, "sources": [{"field": "product", "columns": [1]}], "header": 1}
    kept = {"kind": "prices", "shape": whole["shape"], "name": "Odd", "mapping": mapping}
    assert call(api, "post", "mappings/", kept, key="k").status_code == 201
    for answer in (
        send(api, text, name="list.csv", mapping=mapping, options={"price_list": "base"}, key="u2"),
        call(api, "put", f"{whole['id']}/mapping/", mapping),
        call(api, "post", f"{whole['id']}/mapping/preview/", mapping, key="c2"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_mapping")
    assert (
        send(api, text, name="list.csv", ask=True, options={"price_list": "base"}, key="u3").status_code
        == 201
    )


def test_mappings_are_kept_shared_and_forgotten(api, client):
    shape = send(api, made.GRADES, ask=True, options={"price_list": "base"}).json()["shape"]
    body = {"kind": "prices", "shape": shape, "name": "Grades", "mapping": {"header": 9}, "is_shared": True}
    kept = call(api, "post", "mappings/", body)
    assert kept.status_code == 201
    listed = api.get("/api/v1/import-mappings/?kind=prices").json()["results"]
    assert [(each["name"], each["is_own"], each["mapping"]["header"]) for each in listed] == [
        ("Grades", True, 9)
    ]
    call(api, "post", "mappings/", {**body, "name": "Better"}, key="c2")
    assert SavedMapping.objects.get().name == "Better"
    client.force_login(make_back_office("Stefan Stranger"))
    assert client.get("/api/v1/import-mappings/?kind=prices").status_code == 403
    assert call(client, "delete", f"mappings/{kept.json()['id']}/", key="c3").status_code in (403, 404)
    client.force_login(make_back_office("Olga Office", is_superuser=True))
    assert call(client, "delete", f"mappings/{kept.json()['id']}/", key="c4").status_code == 204
    assert not SavedMapping.objects.exists()


def test_an_export_with_a_ready_mapping_needs_nothing(api):
    for sku in ("NL-DL-B", "NL-DL-W", "NL-FL"):
        make_product(sku)
    job = send(api, made.SHOPIFY, name="products_export.csv", options={"price_list": "base"}).json()
    assert (job["state"], job["created"], job["rejected"]) == ("checked", 3, 0)
