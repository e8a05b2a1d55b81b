"""Companies, addresses and invoice titles through the API: the same rules as on the pages."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_core.headless.services import create_token
from qudao_partner_portal.models import Address, Company
from qudao_partner_portal.testing import (
    make_address,
    make_back_office,
    make_company,
    make_invoice_title,
    make_person,
    make_tier,
    viewer_of,
)

pytestmark = pytest.mark.django_db

MANAGER = [f"qudao_partner_portal.{name}" for name in ("view_company", "add_company", "change_company")]
ADDRESS = {"recipient": "Li Lei", "phone": "13800138000", "street": "1 Road", "territory": "CN-5101"}


class Caller:
    """A program that calls as one person, with a session."""

    def __init__(self, user: Any = None) -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())} | headers
        call = getattr(self.client, method)
        return call(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


@pytest.fixture
def brand() -> Company:
    return make_company("Brand")


@pytest.fixture
def dealer(brand: Company) -> Company:
    return make_company(
        "Dealer", parent=brand, code="D-1", external_key="ERP-1", tier="gold", territories=["CN-51"]
    )


@pytest.fixture
def office() -> Caller:
    return Caller(make_back_office("Mei Manager", permissions=MANAGER))


def test_a_company_is_found_by_id_code_and_external_key(dealer: Company) -> None:
    caller = Caller(make_person(dealer, roles=["buyer"]))
    bodies = [caller.get(f"companies/{key}/").json() for key in (dealer.pk, "code:D-1", "ext:ERP-1")]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["tier"] == "gold" and bodies[0]["territories"] == ["CN-51"]
    assert bodies[0]["parent"]["id"] == dealer.get_parent().pk


def test_a_dealer_sees_itself_the_parent_its_branch_and_the_office_everybody(
    brand: Company, dealer: Company, office: Caller
) -> None:
    make_company("Other", parent=brand, code="O-1")

    def codes(caller: Caller, query: str = "") -> list[str]:
        return [row["code"] for row in caller.get(f"companies/{query}").json()["results"]]

    own = Caller(make_person(dealer, roles=["buyer"]))
    assert codes(own) == ["D-1"]
    assert codes(Caller(make_person(brand, roles=["sales"]))) == [brand.code, "D-1", "O-1"]
    assert codes(office, f"?below={brand.pk}&tier=gold&territory=CN-51&search=deal") == ["D-1"]
    assert codes(office, "?territory=CN-44") == []
    assert own.get("companies/code:O-1/").json()["code"] == "company_not_found"
    assert Caller().get("companies/").status_code == 401


def test_the_office_admits_changes_suspends_and_moves(
    brand: Company, dealer: Company, office: Caller
) -> None:
    make_tier("silver")
    answer = office.send(
        "post", "companies/", {"name": "New", "parent": f"code:{dealer.code}", "tier": "silver"}
    )
    assert answer.status_code == 201
    new = answer.json()
    assert (new["parent"]["code"], new["tier"], new["status"]) == ("D-1", "silver", "active")
    path = f"companies/{new['id']}/"
    changed = office.send("patch", path, {"name": "Newer"}, **{"If-Match": answer.headers["ETag"]})
    assert changed.json()["name"] == "Newer"
    late = office.send("patch", path, {"name": "Late"}, **{"If-Match": answer.headers["ETag"]})
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    fresh = office.get(path, **{"If-None-Match": changed.headers["ETag"]})
    assert fresh.status_code == 304
    suspended = office.send("post", f"{path}status/", {"status": "suspended", "reason": "Unpaid"})
    assert suspended.json()["status_reason"] == "Unpaid"
    moved = office.send("post", f"{path}move/", {"parent": str(brand.pk)})
    assert moved.json()["parent"]["id"] == brand.pk
    actions = [row["action"] for row in office.get(f"{path}history/").json()["results"]]
    assert actions == [f"qudao.company.{name}" for name in ("moved", "suspended", "changed", "admitted")]


def test_every_wrong_value_is_an_entry_of_the_problem(office: Caller) -> None:
    answer = office.send("post", "companies/", {"name": "X", "tier": "platinum", "phone": "12"})
    assert (answer.status_code, answer.json()["code"]) == (422, "values_invalid")
    assert {(entry["field"], entry["code"]) for entry in answer.json()["errors"]} == {
        ("tier", "unknown_tier"),
        ("phone", "bad_phone"),
    }


@pytest.mark.parametrize("who", ["buyer", "admin", "parent", "stranger"])
def test_members_do_not_administer_the_channel(brand: Company, dealer: Company, who: str) -> None:
    people = {
        "buyer": make_person(dealer, roles=["buyer"]),
        "admin": make_person(dealer, roles=["admin"]),
        "parent": make_person(brand, roles=["admin"]),
        "stranger": make_person(make_company("Else"), roles=["admin"]),
    }
    caller = Caller(people[who])
    calls = [
        ("post", "companies/", {"name": "New"}),
        ("post", f"companies/{dealer.pk}/status/", {"status": "active"}),
        ("post", f"companies/{dealer.pk}/move/", {"parent": None}),
        ("patch", f"companies/{dealer.pk}/", {"tier": ""}),
        ("post", "companies/bulk/", {"rows": [{"code": "D-1", "name": "Mine"}]}),
        ("post", "addresses/bulk/", {"rows": [{"company": "D-1", **ADDRESS}]}),
    ]
    for method, path, body in calls:
        answer = caller.send(method, path, body)
        assert answer.status_code in (403, 404), path
        assert answer.json()["code"] in ("permission_required", "company_not_found"), path
    dealer.refresh_from_db()
    assert (dealer.name, dealer.tier.code, Company.objects.count()) == (
        "Dealer",
        "gold",
        3,
    )


def test_an_administrator_keeps_contact_data(dealer: Company) -> None:
    answer = Caller(make_person(dealer, roles=["admin"])).send(
        "patch", f"companies/{dealer.pk}/", {"email": "office@dealer.example"}
    )
    assert answer.json()["email"] == "office@dealer.example"


def test_bulk_answers_for_each_row_and_is_safe_to_repeat(office: Caller) -> None:
    rows = [
        {"code": "A", "name": "Alpha", "territories": ["CN-51"]},
        {"code": "B", "name": "Beta", "parent": "A"},
        {"code": "C", "name": "Gamma", "parent": "NOWHERE"},
    ]
    body = office.send("post", "companies/bulk/", {"rows": rows}).json()
    assert (body["created"], body["rejected"]) == (2, 1)
    assert [row["outcome"] for row in body["rows"]] == ["created", "created", "rejected"]
    assert body["rows"][2]["problems"][0]["code"] == "unknown_parent"
    assert Company.objects.get(code="B").pk == body["rows"][1]["id"]
    again = office.send("post", "companies/bulk/", {"rows": rows[:2]}).json()
    assert again["unchanged"] == 2
    strict = office.send("post", "companies/bulk/", {"rows": rows, "all_or_nothing": True})
    assert (strict.status_code, strict.json()["code"]) == (422, "rows_invalid")


def test_addresses_by_id_and_own_key(dealer: Company) -> None:
    caller = Caller(make_person(dealer, roles=["buyer"]))
    made = caller.send("post", "addresses/", ADDRESS | {"external_key": "WH-1"})
    assert made.status_code == 201 and made.json()["is_default"] is True
    assert made.json()["territory_name"] == "Chengdu"
    changed = caller.send("patch", "addresses/ext:WH-1/", {"street": "2 Road"})
    assert (changed.json()["street"], changed.json()["recipient"]) == ("2 Road", "Li Lei")
    assert [row["external_key"] for row in caller.get("addresses/").json()["results"]] == ["WH-1"]
    assert caller.send("delete", f"addresses/{made.json()['id']}/").status_code == 204
    assert caller.get("addresses/").json()["results"] == []
    assert not Address.objects.get().is_active


@pytest.mark.parametrize("who", ["parent", "stranger", "office"])
def test_other_companies_addresses_and_titles_do_not_exist(brand: Company, dealer: Company, who: str) -> None:
    address, title = make_address(dealer), make_invoice_title(dealer)
    people = {
        "parent": make_person(brand, roles=["admin"]),
        "stranger": make_person(make_company("Else"), roles=["admin"]),
        "office": make_back_office(),
    }
    caller = Caller(people[who])
    for path in (f"addresses/{address.pk}/", f"invoice-titles/{title.pk}/"):
        for method in ("get", "delete"):
            answer = caller.send(method, path) if method != "get" else caller.get(path)
            assert answer.status_code == 404, path
        assert caller.send("patch", path, {"phone": ""}).status_code == 404
        assert caller.get(path.partition("/")[0] + f"/?company={dealer.pk}").json().get("results", []) == []
    address.refresh_from_db()
    assert address.is_active


def test_the_office_reads_a_companys_addresses(dealer: Company, office: Caller) -> None:
    make_address(dealer)
    assert len(office.get(f"addresses/?company={dealer.pk}").json()["results"]) == 1
    assert len(office.get("addresses/?company=code:D-1").json()["results"]) == 1


def test_finance_keeps_invoice_titles(dealer: Company) -> None:
    caller = Caller(make_person(dealer, roles=["finance"]))
    body = {"title": "Dealer Ltd", "tax_number": "91510100MA61UJX35K"}
    made = caller.send("post", "invoice-titles/", body)
    assert made.status_code == 201
    bad = caller.send("patch", f"invoice-titles/{made.json()['id']}/", {"tax_number": "91510100MA61UJX35X"})
    assert bad.json()["code"] == "bad_tax_number"
    assert caller.send("delete", f"invoice-titles/{made.json()['id']}/").status_code == 204
    missing = caller.send("post", "invoice-titles/", {"title": "X"})
    assert missing.json()["errors"][0]["field"] == "tax_number"


def test_a_token_acts_for_its_company_and_a_read_only_one_only_reads(dealer: Company) -> None:
    buyer = viewer_of(make_person(dealer, roles=["buyer"]))
    _record, secret = create_token(viewer=buyer, name="ERP", read_only=True)
    client, headers = Client(), {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/addresses/", headers=headers).json()["results"] == []
    answer = client.post("/api/v1/addresses/", ADDRESS, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_token")


def test_public_tables_are_paged(dealer: Company) -> None:
    caller = Caller(make_person(dealer))
    first = caller.get("territories/?depth=2&limit=10").json()
    assert len(first["results"]) == 10 and first["next"]
    assert caller.get("territories/?search=成都").json()["results"][0]["code"] == "CN-5101"
    assert caller.get("tiers/").json()["results"] == [
        {"code": "gold", "name": "Gold", "name_zh": "", "rank": 10}
    ]


def test_audience_keys_are_offered_to_the_office_only(dealer: Company, office: Caller) -> None:
    rows = office.get("audience-keys/?search=gold").json()["results"]
    assert rows == [{"key": "tier:gold", "label": "Tier: Gold"}]
    assert Caller(make_person(dealer, roles=["admin"])).get("audience-keys/").status_code == 403


def test_a_list_of_companies_costs_the_same_for_one_row_and_for_three(brand: Company) -> None:
    caller = Caller(make_person(brand, roles=["admin"]))

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert caller.get("companies/").status_code == 200
        ours = ("qudao_partner_portal_", "qudao_core_")
        return sum(any(name in query["sql"] for name in ours) for query in queries)

    make_company(parent=brand, tier="gold", territories=["CN-51"])
    statements()
    assert statements() == 4
    for _n in range(2):
        make_company(parent=brand, tier="gold", territories=["CN-51"])
    statements()
    assert statements() == 4
