"""Addresses and invoice titles: kept by the company's own people in the right role."""

from typing import Any

import pytest
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.companies.services import remove_address, remove_invoice_title
from qudao_partner_portal.models import Address, Company
from qudao_partner_portal.testing import (
    make_address,
    make_company,
    make_invoice_title,
    make_person,
    viewer_of,
)

pytestmark = pytest.mark.django_db

HOME = {"recipient": "李雷", "phone": "13800138000", "street": "天府大道 1 号", "territory": "CN-5101"}
TITLE = {"title": "Sunshine Electric", "tax_number": "91510100 MA61UJX35K"}


@pytest.fixture
def dealer() -> Company:
    return make_company("Dealer", parent=make_company("Brand"))


def test_the_first_address_is_the_default_and_another_takes_over(dealer: Company) -> None:
    buyer = viewer_of(make_person(dealer, roles=["buyer"]))
    first = portal.save_address(viewer=buyer, company_id=dealer.pk, values=HOME)
    second = portal.save_address(
        viewer=buyer, company_id=dealer.pk, values=HOME | {"street": "2"}, is_default=True
    )
    assert list(portal.addresses(buyer).values_list("pk", "is_default")) == [
        (second.pk, True),
        (first.pk, False),
    ]
    remove_address(viewer=buyer, company_id=dealer.pk, address_id=second.pk)
    assert list(portal.addresses(buyer).values_list("pk", "is_default")) == [(first.pk, True)]
    assert Address.objects.get(pk=second.pk).is_active is False
    assert [entry.action for entry in core.history(dealer)] == [
        "qudao.address.removed",
        "qudao.address.added",
        "qudao.address.added",
    ]


def test_a_further_address_or_title_leaves_the_default_where_it_is(dealer: Company) -> None:
    admin = viewer_of(make_person(dealer, roles=["admin"]))
    elsewhere = make_address(make_company("Other"), is_default=True)
    first = portal.save_address(viewer=admin, company_id=dealer.pk, values=HOME)
    portal.save_address(viewer=admin, company_id=dealer.pk, values=HOME | {"street": "2"})
    assert set(Address.objects.filter(is_default=True)) == {first, elsewhere}
    title = portal.save_invoice_title(viewer=admin, company_id=dealer.pk, values=TITLE)
    portal.save_invoice_title(
        viewer=admin, company_id=dealer.pk, values=TITLE | {"title": "Sunshine Lighting"}
    )
    assert [(row.pk, row.is_default) for row in portal.invoice_titles(admin) if row.is_default] == [
        (title.pk, True)
    ]
    third = portal.save_invoice_title(
        viewer=admin, company_id=dealer.pk, values=TITLE | {"title": "Sunshine Trade"}, is_default=True
    )
    assert [row.pk for row in portal.invoice_titles(admin) if row.is_default] == [third.pk]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"street": " "}, "street", "required"),
        ({"recipient": ""}, "recipient", "required"),
        ({"phone": "call me"}, "phone", "bad_phone"),
        ({"postcode": "1234"}, "postcode", "bad_postcode"),
        ({"country": "China"}, "country", "bad_country"),
        ({"territory": "CN-99"}, "territory", "unknown_territory"),
        ({"territory": ""}, "territory", "place_needed"),
        ({"label": "x" * 81}, "label", "too_long"),
        ({"label": "a\x00b"}, "label", "control_character"),
    ],
)
def test_a_wrong_value_is_named(dealer: Company, change: dict[str, Any], field: str, code: str) -> None:
    buyer = viewer_of(make_person(dealer, roles=["buyer"]))
    with pytest.raises(core.Refusal) as refused:
        portal.save_address(viewer=buyer, company_id=dealer.pk, values=HOME | change)
    assert (field, code) in [(found.field, found.code) for found in refused.value.problems]
    assert not Address.objects.exists()


def test_other_peoples_addresses_do_not_exist(dealer: Company) -> None:
    brand = Company.objects.get(depth=1)
    address = make_address(dealer)
    stranger = make_person(make_company("Other", parent=brand), roles=["admin"])
    for person in (stranger, make_person(brand, roles=["admin"])):
        viewer = viewer_of(person)
        assert list(portal.addresses(viewer)) == []
        with pytest.raises(core.NotFound):
            portal.get_address(viewer, address.pk)
        with pytest.raises(core.NotFound):
            portal.save_address(viewer=viewer, company_id=dealer.pk, values=HOME)
        with pytest.raises(core.NotFound):
            portal.save_address(
                viewer=viewer, company_id=viewer.company_id or 0, values=HOME, address_id=address.pk
            )


def test_a_colleague_without_the_role_reads_but_does_not_write(dealer: Company) -> None:
    make_address(dealer)
    learner = viewer_of(make_person(dealer, roles=["learner"]))
    assert len(portal.addresses(learner)) == 1
    with pytest.raises(core.Forbidden, match="role_required"):
        portal.save_address(viewer=learner, company_id=dealer.pk, values=HOME)


def test_finance_keeps_invoice_titles_and_the_check_digit_is_checked(dealer: Company) -> None:
    fay, ben = make_person(dealer, roles=["finance"]), make_person(dealer, roles=["buyer"])
    title = portal.save_invoice_title(viewer=viewer_of(fay), company_id=dealer.pk, values=TITLE)
    assert (title.tax_number, title.is_default) == ("91510100MA61UJX35K", True)
    wrong = TITLE | {"tax_number": "91510100MA61UJX35X"}
    with pytest.raises(core.Refusal, match="bad_tax_number"):
        portal.save_invoice_title(viewer=viewer_of(fay), company_id=dealer.pk, values=wrong)
    with pytest.raises(core.Forbidden):
        portal.save_invoice_title(viewer=viewer_of(ben), company_id=dealer.pk, values=TITLE)
    remove_invoice_title(viewer=viewer_of(fay), company_id=dealer.pk, invoice_title_id=title.pk)
    assert list(portal.invoice_titles(viewer_of(fay))) == []
    assert [entry.action for entry in core.history(dealer)] == [
        "qudao.invoice_title.removed",
        "qudao.invoice_title.added",
    ]


def test_another_companys_invoice_title_does_not_exist(dealer: Company) -> None:
    title = make_invoice_title(make_company("Other", parent=Company.objects.get(depth=1)))
    viewer = viewer_of(make_person(dealer, roles=["admin"]))
    with pytest.raises(core.NotFound):
        portal.get_invoice_title(viewer, title.pk)


def test_the_default_goes_to_what_is_still_in_use(dealer: Company) -> None:
    """Of addresses and invoice titles alike: what was removed before inherits nothing."""
    admin = viewer_of(make_person(dealer, roles=["admin"]))
    addresses = [
        portal.save_address(viewer=admin, company_id=dealer.pk, values=HOME | {"label": str(number)})
        for number in range(3)
    ]
    titles = [
        portal.save_invoice_title(viewer=admin, company_id=dealer.pk, values=TITLE | {"title": str(number)})
        for number in range(3)
    ]
    for number in (1, 0):
        remove_address(viewer=admin, company_id=dealer.pk, address_id=addresses[number].pk)
        remove_invoice_title(viewer=admin, company_id=dealer.pk, invoice_title_id=titles[number].pk)
    assert [(row.pk, row.is_default) for row in portal.addresses(admin)] == [(addresses[2].pk, True)]
    assert [(row.pk, row.is_default) for row in portal.invoice_titles(admin)] == [(titles[2].pk, True)]
