"""The pages of the self-service, as the people of a company and others see them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_core import api as core
from qudao_core.events.dispatch import dispatch
from qudao_core.models import ApiToken
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company, Invitation, Membership
from qudao_partner_portal.people.invitations import token_of
from qudao_partner_portal.testing import (
    PASSWORD,
    add_member,
    make_address,
    make_back_office,
    make_company,
    make_invoice_title,
    make_person,
    make_user,
    viewer_of,
)

pytestmark = pytest.mark.django_db

ROOMS = [
    "/company/",
    "/company/people/",
    "/company/addresses/",
    "/company/invoice-titles/",
    "/company/tokens/",
    "/company/branch/",
    "/company/history/",
]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def dealer() -> Company:
    return make_company(
        "Sunshine Electric", parent=make_company("Brand"), tier="gold", territories=["CN-5101"]
    )


@pytest.mark.parametrize("path", [*ROOMS, "/", "/profile/"])
def test_a_guest_is_sent_to_sign_in(path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response.headers["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "path", [*ROOMS, "/", "/profile/", "/company/addresses/add/", "/company/invoice-titles/add/"]
)
def test_every_room_opens_for_an_administrator(dealer: Company, path: str, language: str) -> None:
    client = signed_in(make_person(dealer, roles=["admin"]))
    make_address(dealer)
    make_invoice_title(dealer)
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("path", ROOMS)
def test_somebody_without_a_company_is_told_so(path: str) -> None:
    response = signed_in(make_user()).get(path)
    assert response.status_code == 404
    assert "You do not belong to a company yet." in response.content.decode()


def test_home_says_what_is_missing_and_why_a_company_cannot_order(dealer: Company) -> None:
    client = signed_in(make_person(dealer, roles=["admin"], name="Anna Admin"))
    page = client.get("/").content.decode()
    assert "Hello, Anna Admin" in page
    assert "Add a delivery address" in page and "3 items need your attention" in page
    portal.set_company_status(
        viewer=core.system_viewer(), company_id=dealer.pk, status="suspended", reason="Unpaid"
    )
    page = client.get("/").content.decode()
    assert "Your company is suspended" in page and "Unpaid" in page


def test_home_of_the_back_office_and_of_somebody_without_a_company() -> None:
    assert "You work in the back office." in signed_in(make_back_office()).get("/").content.decode()
    assert "You do not belong to a company yet." in signed_in(make_user()).get("/").content.decode()


def test_the_whole_way_from_invitation_to_first_page(dealer: Company) -> None:
    client = signed_in(make_person(dealer, roles=["admin"]))
    values = {"email": "han@example.com", "roles": ["buyer"], "language": "zh-hans"}
    page = client.post("/company/people/", values, follow=True).content.decode()
    assert "Invitation sent to han@example.com." in page
    dispatch()
    link = re.search(r"/invitations/\w+/", str(mail.outbox[0].body))
    assert link
    guest = Client()
    page = guest.get(link[0]).content.decode()
    assert "Sunshine Electric" in page and "han@example.com" in page
    bad = guest.post(link[0], {"name": "Han", "password": "short", "again": "other"})
    assert bad.status_code == 422 and "The two passwords differ." in bad.content.decode()
    good = "a long and unusual phrase"
    page = guest.post(link[0], {"name": "Han Meimei", "password": good, "again": good}, follow=True)
    assert "Welcome to Sunshine Electric." in page.content.decode()
    assert Membership.objects.get(user__email="han@example.com").company == dealer
    assert "used already" in Client().get(link[0]).content.decode()


def test_a_person_with_an_account_signs_in_first_and_joins(dealer: Company) -> None:
    anna = viewer_of(make_person(dealer, roles=["admin"]))
    zoe = make_user("Zoe Zhang", email="zoe@example.com")
    invitation = portal.invite(viewer=anna, company_id=dealer.pk, email="zoe@example.com", roles=["buyer"])
    path = f"/invitations/{token_of(invitation)}/"
    guest = Client()
    assert "You already have an account." in guest.get(path).content.decode()
    response = guest.post(path)
    assert response.headers["Location"] == f"/accounts/login/?next={path}"
    page = guest.post(response.headers["Location"], {"login": "zoe@example.com", "password": PASSWORD})
    assert page.headers["Location"] == path
    assert "Welcome to" in guest.post(path, follow=True).content.decode()
    assert viewer_of(zoe).company_id == dealer.pk


def test_an_invitation_page_keeps_its_secret_address_to_itself(dealer: Company) -> None:
    anna = viewer_of(make_person(dealer, roles=["admin"]))
    invitation = portal.invite(viewer=anna, company_id=dealer.pk, email="zoe@example.com", roles=["buyer"])
    path = f"/invitations/{token_of(invitation)}/"
    response = Client().get(path)
    assert (response.headers["Referrer-Policy"], response.headers["Cache-Control"]) == (
        "same-origin",
        "no-store",
    )
    other = signed_in(make_user("Other Person"))
    assert "You are signed in with a different address." in other.get(path).content.decode()
    assert other.post(path).status_code == 403
    assert Client().get("/invitations/unknown/").status_code == 404


def test_roles_change_on_the_page_and_the_last_administrator_stays(dealer: Company) -> None:
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["buyer"], name="Ben Buyer")
    client = signed_in(anna)
    mine, his = (Membership.objects.get(user=person).pk for person in (anna, ben))
    client.post(f"/company/people/{his}/", {"roles": ["approver"], "title": "Boss"})
    assert viewer_of(ben).roles == {"approver"}
    response = client.post(f"/company/people/{mine}/", {"roles": ["buyer"]})
    assert response.status_code == 422 and "only administrator" in response.content.decode()
    page = client.post(f"/company/people/{mine}/end/", follow=True).content.decode()
    assert "only administrator" in page
    client.post(f"/company/people/{his}/end/")
    assert viewer_of(ben).company_id is None
    client.post(f"/company/people/{his}/resume/")
    assert viewer_of(ben).company_id == dealer.pk


def test_a_colleague_sees_people_but_neither_invites_nor_changes(dealer: Company) -> None:
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["buyer"])
    portal.invite(viewer=viewer_of(anna), company_id=dealer.pk, email="secret@example.com", roles=["buyer"])
    client = signed_in(ben)
    page = client.get("/company/people/").content.decode()
    assert anna.email in page and "secret@example.com" not in page and "Send the invitation" not in page
    client.post("/company/people/", {"email": "x@example.com", "roles": ["buyer"]})
    assert Invitation.objects.count() == 1
    membership = Membership.objects.get(user=anna).pk
    assert client.post(f"/company/people/{membership}/end/").status_code == 403
    assert viewer_of(anna).company_id == dealer.pk


@pytest.mark.parametrize("who", ["parent", "stranger"])
def test_others_do_not_find_the_companys_people_and_addresses(dealer: Company, who: str) -> None:
    brand = dealer.get_parent()
    other = brand if who == "parent" else make_company("Other", parent=brand)
    client = signed_in(make_person(other, roles=["admin"]))
    address, title = make_address(dealer), make_invoice_title(dealer)
    person = Membership.objects.get(user=make_person(dealer, roles=["admin"]))
    for path in (
        f"/company/people/{person.pk}/",
        f"/company/addresses/{address.pk}/",
        f"/company/invoice-titles/{title.pk}/",
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {}).status_code == 404
    assert client.post(f"/company/addresses/{address.pk}/remove/").status_code == 404
    address.refresh_from_db()
    assert address.is_active


def test_the_parent_sees_the_companies_below_and_the_stranger_does_not(dealer: Company) -> None:
    brand = dealer.get_parent()
    parent, stranger = make_person(brand, roles=["sales"]), make_person(make_company("Else"), roles=["sales"])
    assert "Sunshine Electric" in signed_in(parent).get("/company/branch/?q=sun").content.decode()
    assert "Nothing found." in signed_in(parent).get("/company/branch/?q=moon").content.decode()
    assert "Sichuan" not in signed_in(stranger).get("/company/branch/").content.decode()
    path = f"/company/branch/{dealer.code}/"
    assert "Chengdu" in signed_in(parent).get(path).content.decode()
    assert signed_in(stranger).get(path).status_code == 404


def test_an_address_is_added_on_the_way_through_the_checkout(dealer: Company) -> None:
    client = signed_in(make_person(dealer, roles=["buyer"]))
    values = {
        "recipient": "Li Lei",
        "phone": "13800138000",
        "street": "1 Road",
        "province": "CN-51",
        "city": "CN-5101",
        "country": "CN",
    }
    response = client.post(
        "/company/addresses/add/?next=/checkout/", values | {"phone": "12", "next": "/checkout/"}
    )
    assert response.status_code == 422 and "is not a telephone number" in response.content.decode()
    response = client.post("/company/addresses/add/", values | {"next": "/checkout/"})
    assert response.headers["Location"] == "/checkout/"
    response = client.post(
        "/company/addresses/add/", values | {"street": "2", "next": "https://evil.example/"}
    )
    assert response.headers["Location"] == "/company/addresses/"


def test_switching_companies_counts_everywhere_and_stays(dealer: Company) -> None:
    second = make_company("Second Shop", parent=dealer.get_parent())
    mia = make_person(dealer, roles=["buyer"])
    add_member(mia, second, ["admin"])
    client = signed_in(mia)
    page = client.post("/company/switch/", {"company": second.pk, "next": "/company/"}, follow=True)
    assert "You are now working for Second Shop." in page.content.decode()
    assert "Second Shop" in signed_in(mia).get("/company/").content.decode()
    for bad in (dealer.get_parent().pk, "x", ""):
        assert client.post("/company/switch/", {"company": bad}).status_code == 404


def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    dealer: Company, confirmed_sign_in: None
) -> None:
    client = signed_in(make_person(dealer, roles=["buyer"]))
    response = client.post("/company/tokens/", {"name": "ERP"})
    secret = re.search(r"qd_[\w-]+", response.content.decode())
    assert secret and response.headers["Cache-Control"] == "no-store"
    assert secret[0] not in client.get("/company/tokens/").content.decode()
    token = ApiToken.objects.get()
    client.post(f"/company/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_profile_keeps_name_phone_and_language(dealer: Company) -> None:
    ben = make_person(dealer, roles=["buyer"])
    client = signed_in(ben)
    response = client.post("/profile/", {"name": "王伟", "phone": "13800138000", "language": "zh-hans"})
    assert response.cookies["qudao_language"].value == "zh-hans"
    ben.refresh_from_db()
    assert (ben.get_full_name(), ben.language) == ("王伟", "zh-hans")
    bad = client.post("/profile/", {"name": "王伟", "phone": "12", "language": ""})
    assert bad.status_code == 422


def portal_statements(client: Client, path: str) -> int:
    """Statements of the portal itself; what other plugins put into the shell is counted in their tests."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    ours = ("qudao_partner_portal_", "qudao_core_")
    return sum(any(name in query["sql"] for name in ours) for query in queries)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/company/people/", 6), ("/company/addresses/", 3), ("/company/branch/", 3)],
)
def test_lists_cost_the_same_for_one_row_and_for_three(dealer: Company, path: str, expected: int) -> None:
    client = signed_in(make_person(dealer, roles=["admin"]))
    make_address(dealer)
    make_company(parent=dealer)
    portal_statements(client, path)
    assert portal_statements(client, path) == expected
    for number in range(2):
        make_person(dealer, roles=["buyer", "approver"])
        make_address(dealer, street=str(number))
        make_company(parent=dealer)
    portal_statements(client, path)
    assert portal_statements(client, path) == expected
