"""The caller, colleagues, invitations and tokens through the API."""

import uuid
from typing import Any

import pytest
from django.test import Client
from qudao_core.models import OutboxEvent
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company, Membership
from qudao_partner_portal.people.invitations import token_of
from qudao_partner_portal.testing import (
    add_member,
    make_back_office,
    make_company,
    make_person,
    make_user,
    viewer_of,
)

pytestmark = pytest.mark.django_db

GOOD = "a long and unusual phrase"


def get(user: Any, path: str) -> Any:
    return signed_in(user).get(f"/api/v1/{path}")


def send(user: Any, method: str, path: str, body: Any = None) -> Any:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    call = getattr(signed_in(user), method)
    return call(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def signed_in(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def dealer() -> Company:
    return make_company("Dealer", parent=make_company("Brand"), tier="gold", territories=["CN-51"])


def test_me_says_who_and_for_which_company(dealer: Company) -> None:
    ben = make_person(dealer, roles=["buyer"], name="Ben Buyer")
    body = get(ben, "me/").json()
    assert body["person"]["name"] == "Ben Buyer"
    company = body["company"]
    assert (company["name"], company["roles"], company["may_trade"]) == ("Dealer", ["buyer"], True)
    assert (company["tier"], company["territories"]) == ("gold", ["CN", "CN-51"])
    assert company["seller_id"] == dealer.get_parent().pk
    assert [row["name"] for row in body["companies"]] == ["Dealer"]
    assert get(None, "me/").status_code == 401
    assert get(make_user(), "me/").json()["company"] is None


def test_me_changes_the_profile(dealer: Company) -> None:
    ben = make_person(dealer)
    body = send(ben, "patch", "me/", {"name": "王伟", "phone": "13800138000"}).json()
    assert (body["person"]["name"], body["person"]["phone"]) == ("王伟", "138 0013 8000")
    assert send(ben, "patch", "me/", {"phone": "12"}).json()["code"] == "bad_phone"


def test_a_person_of_two_companies_switches(dealer: Company) -> None:
    second = make_company("Second", parent=dealer.get_parent(), code="S-2")
    mia = make_person(dealer, roles=["buyer"])
    add_member(mia, second, ["admin"])
    client = signed_in(mia)
    body = client.post("/api/v1/me/company/", {"company": "code:S-2"}, content_type="application/json").json()
    assert (body["company"]["name"], body["company"]["roles"]) == ("Second", ["admin"])
    assert client.get("/api/v1/me/").json()["company"]["name"] == "Second"
    bad = client.post("/api/v1/me/company/", {"company": "999"}, content_type="application/json")
    assert bad.json()["code"] == "company_not_found"


def test_colleagues_are_listed_and_given_roles(dealer: Company) -> None:
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["buyer"])
    rows = get(ben, "people/").json()["results"]
    assert {row["email"] for row in rows} == {anna.email, ben.email}
    his = Membership.objects.get(user=ben).pk
    body = send(anna, "patch", f"people/{his}/", {"roles": ["finance"], "title": "CFO"}).json()
    assert (body["roles"], body["title"]) == (["finance"], "CFO")
    assert send(ben, "patch", f"people/{his}/", {"roles": ["admin"]}).json()["code"] == "role_required"
    mine = Membership.objects.get(user=anna).pk
    assert send(anna, "delete", f"people/{mine}/").json()["code"] == "last_admin"
    assert send(anna, "patch", f"people/{his}/", {"is_active": False}).json()["is_active"] is False
    assert send(anna, "patch", f"people/{his}/", {"is_active": True}).json()["is_active"] is True
    assert send(anna, "delete", f"people/{his}/").status_code == 204


@pytest.mark.parametrize("who", ["parent", "stranger", "office"])
def test_other_companies_people_do_not_exist(dealer: Company, who: str) -> None:
    ben = make_person(dealer, roles=["buyer"])
    pk = Membership.objects.get(user=ben).pk
    people = {
        "parent": make_person(dealer.get_parent(), roles=["admin"]),
        "stranger": make_person(make_company("Else"), roles=["admin"]),
        "office": make_back_office(),
    }
    person = people[who]
    assert get(person, f"people/{pk}/").status_code == 404
    assert send(person, "patch", f"people/{pk}/", {"roles": ["admin"]}).status_code == 404
    assert send(person, "delete", f"people/{pk}/").status_code == 404
    assert get(person, f"people/?company={dealer.pk}").json().get("results", []) == []
    assert get(person, f"invitations/?company={dealer.pk}").json().get("results", []) == []
    assert viewer_of(ben).roles == {"buyer"}


def test_an_invitation_from_mail_to_membership_without_a_page(dealer: Company) -> None:
    anna = make_person(dealer, roles=["admin"])
    made = send(anna, "post", "invitations/", {"email": "han@example.com", "roles": ["buyer"]})
    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert "token" not in made.content.decode()
    pk = made.json()["id"]
    assert send(anna, "post", f"invitations/{pk}/resend/").json()["state"] == "open"
    token = token_of(dealer.invitations.get())
    looked = send(None, "post", "invitations/lookup/", {"token": token}).json()
    assert (looked["company"], looked["has_account"]) == ("Dealer", False)
    weak = send(None, "post", "invitations/register/", {"token": token, "name": "Han", "password": "1234"})
    assert weak.json()["code"] == "weak_password"
    joined = send(None, "post", "invitations/register/", {"token": token, "name": "Han", "password": GOOD})
    assert (joined.status_code, joined.json()["roles"]) == (201, ["buyer"])
    twice = send(None, "post", "invitations/register/", {"token": token, "name": "Han", "password": GOOD})
    assert (twice.status_code, twice.json()["code"]) == (409, "invitation_closed")
    assert send(None, "post", "invitations/lookup/", {"token": "guess"}).status_code == 404


def test_an_existing_person_accepts(dealer: Company) -> None:
    anna, zoe = make_person(dealer, roles=["admin"]), make_user(email="zoe@example.com")
    send(anna, "post", "invitations/", {"email": "zoe@example.com", "roles": ["buyer"]})
    token = token_of(dealer.invitations.get())
    assert send(make_user(), "post", "invitations/accept/", {"token": token}).json()["code"] == "other_person"
    assert send(zoe, "post", "invitations/accept/", {"token": token}).json()["roles"] == ["buyer"]


def test_only_administrators_invite_and_revoke(dealer: Company) -> None:
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["buyer"])
    body = {"email": "x@example.com", "roles": ["buyer"]}
    assert send(ben, "post", "invitations/", body).json()["code"] == "role_required"
    pk = send(anna, "post", "invitations/", body).json()["id"]
    assert get(ben, f"invitations/{pk}/").status_code == 404
    assert send(ben, "delete", f"invitations/{pk}/").status_code == 404
    assert send(anna, "delete", f"invitations/{pk}/").status_code == 204
    assert get(anna, f"invitations/{pk}/").json()["state"] == "revoked"


def test_tokens_are_made_listed_and_revoked(confirmed_sign_in: None, dealer: Company) -> None:
    ben, anna = make_person(dealer, roles=["buyer"]), make_person(dealer, roles=["admin"])
    made = send(ben, "post", "tokens/", {"name": "ERP"}).json()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert Client().get("/api/v1/me/", headers=bearer).json()["person"]["id"] == ben.pk
    switch = Client().post(
        "/api/v1/me/company/", {"company": str(dealer.pk)}, content_type="application/json", headers=bearer
    )
    assert switch.json()["code"] == "token_of_one_company"
    assert send(anna, "delete", f"tokens/{made['id']}/").status_code == 404
    assert send(ben, "delete", f"tokens/{made['id']}/").status_code == 204
    assert Client().get("/api/v1/me/", headers=bearer).json()["code"] == "invalid_token"
    assert "token" not in get(ben, "tokens/").json()["results"][0]


def test_the_office_adds_people_and_follows_the_events(dealer: Company) -> None:
    names = ("view_company", "add_membership", "view_membership")
    permissions = [f"qudao_partner_portal.{name}" for name in names]
    mei = make_back_office(permissions=[*permissions, "qudao_core.view_outboxevent"])
    zoe = make_user(email="zoe@example.com")
    body = {"email": "zoe@example.com", "roles": ["buyer"]}
    made = send(mei, "post", f"people/?company={dealer.pk}", body)
    assert made.status_code == 201
    assert viewer_of(zoe).company_id == dealer.pk
    last = OutboxEvent.objects.latest("id")
    rows = get(mei, f"events/?after={last.pk - 1}").json()["results"]
    assert [(row["topic"], row["payload"]["user_id"]) for row in rows] == [("membership.joined", zoe.pk)]
    assert get(make_person(dealer, roles=["admin"]), "events/").json()["code"] == "permission_required"
    assert send(mei, "post", "deliveries/1/replay/").json()["code"] == "permission_required"


def test_an_ended_membership_ends_its_tokens(confirmed_sign_in: None, dealer: Company) -> None:
    ben = make_person(dealer, roles=["buyer"])
    make_person(dealer, roles=["admin"])
    secret = send(ben, "post", "tokens/", {"name": "ERP"}).json()["token"]
    portal.end_membership(viewer=viewer_of(ben), membership_id=Membership.objects.get(user=ben).pk)
    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "membership_ended")
