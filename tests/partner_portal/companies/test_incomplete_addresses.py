"""An address from an import or an earlier version lacks what a delivery needs: people are led to complete it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from qudao_partner_portal import api as portal
from qudao_partner_portal.companies.rules import AddressInput
from qudao_partner_portal.companies.services import remove_address
from qudao_partner_portal.models import Address, Company
from qudao_partner_portal.testing import (
    make_address,
    make_company,
    make_invoice_title,
    make_person,
    viewer_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer() -> Company:
    return make_company("Dealer", parent=make_company("Brand"))


@pytest.fixture
def buyer(dealer: Company) -> Client:
    client = Client()
    client.force_login(make_person(dealer, roles=["buyer", "finance"]))
    return client


@pytest.mark.parametrize(
    ("fields", "marked", "words"),
    [
        ({}, "id_province", "Choose a province or city."),
        ({"region": "Wuhou", "phone": ""}, "id_phone", "A phone number is required."),
    ],
)
def test_setting_it_as_default_opens_its_form_with_the_field_marked(
    buyer: Client, dealer: Company, fields: dict[str, str], marked: str, words: str
) -> None:
    old = make_address(dealer, **fields)
    page = buyer.post(f"/company/addresses/{old.pk}/default/", follow=True)
    assert page.request["PATH_INFO"] == f"/company/addresses/{old.pk}/"
    html = page.content.decode()
    assert f'href="#{marked}"' in html and words in html
    assert page.context["form"]["is_default"].value() is True
    assert not Address.objects.filter(is_default=True).exists()


def test_once_complete_it_is_the_default(buyer: Client, dealer: Company) -> None:
    old = make_address(dealer)
    form = buyer.post(f"/company/addresses/{old.pk}/default/", follow=True).context["form"]
    typed = {field.html_name: field.value() for field in form} | {"province": "CN-51", "is_default": "on"}
    assert buyer.post(f"/company/addresses/{old.pk}/", typed).status_code == 302
    old.refresh_from_db()
    assert old.is_default and old.territory and old.territory.code == "CN-51"


def test_a_complete_one_becomes_the_default_at_once(buyer: Client, dealer: Company) -> None:
    other = make_address(dealer, region="Wuhou", is_default=True)
    address = make_address(dealer, region="Jinjiang")
    answer = buyer.post(f"/company/addresses/{address.pk}/default/")
    assert answer.headers["Location"] == "/company/addresses/"
    assert list(Address.objects.filter(is_default=True)) == [address] != [other]


def test_the_list_says_what_is_incomplete(buyer: Client, dealer: Company) -> None:
    make_address(dealer, region="Wuhou")
    assert "Incomplete" not in buyer.get("/company/addresses/").content.decode()
    make_address(dealer)
    assert buyer.get("/company/addresses/").content.decode().count("Incomplete") == 1


@pytest.mark.parametrize(
    ("make", "room"), [(make_address, "addresses"), (make_invoice_title, "invoice-titles")]
)
def test_the_default_says_how_it_is_given_up(buyer: Client, dealer: Company, make: Any, room: str) -> None:
    default, other = make(dealer, is_default=True), make(dealer)
    page = buyer.get(f"/company/{room}/{default.pk}/")
    assert "To change this, make another one the default." in page.content.decode()
    assert page.context["form"].fields["is_default"].disabled
    assert not buyer.get(f"/company/{room}/{other.pk}/").context["form"].fields["is_default"].disabled


def test_its_form_marks_what_is_missing_and_a_complete_one_nothing(buyer: Client, dealer: Company) -> None:
    old, complete = make_address(dealer), make_address(dealer, region="Wuhou")
    assert "Choose a province or city." in buyer.get(f"/company/addresses/{old.pk}/").content.decode()
    page = buyer.get(f"/company/addresses/{complete.pk}/")
    assert "data-qd-errors" not in page.content.decode()
    assert not page.context["form"]["is_default"].value()


def test_a_complete_one_inherits_the_default_first(dealer: Company) -> None:
    """The default is used unasked, so it should be an address that goods can be sent to."""
    viewer = viewer_of(make_person(dealer, roles=["buyer"]))
    first = make_address(dealer, label="a", region="Wuhou", is_default=True)
    second = make_address(dealer, label="b")
    third = make_address(dealer, label="c", region="Jinjiang")
    remove_address(viewer=viewer, company_id=dealer.pk, address_id=first.pk)
    assert list(Address.objects.filter(is_default=True)) == [third]
    remove_address(viewer=viewer, company_id=dealer.pk, address_id=third.pk)
    assert list(Address.objects.filter(is_default=True)) == [second]


def test_a_bulk_row_cannot_take_the_place_away(dealer: Company) -> None:
    address = make_address(dealer, region="Wuhou", external_key="A-1")
    row = AddressInput(company=dealer.code, external_key="A-1", region="", territory="")
    result = portal.upsert_addresses(actor=None, rows=[row])
    assert [(each.line, each.code) for each in result.problems] == [(1, "place_needed")]
    address.refresh_from_db()
    assert address.region == "Wuhou"
