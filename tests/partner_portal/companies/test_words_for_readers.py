"""Payment terms and countries in the reader's language; the seller and the way out on the company's pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.companies.countries import country_choices, country_name
from qudao_partner_portal.models import Address
from qudao_partner_portal.testing import make_company, make_person, viewer_of


@pytest.mark.parametrize(
    ("kept", "english", "chinese"),
    [
        ("月结 30 天", "Net 30 days", "月结 30 天"),
        ("月结45天", "Net 45 days", "月结 45 天"),
        ("Net 30", "Net 30 days", "月结 30 天"),
        ("net 1 day", "Net 1 day", "月结 1 天"),
        ("60 days", "Net 60 days", "月结 60 天"),
        ("款到发货", "Prepayment", "款到发货"),
        ("COD", "Cash on delivery", "货到付款"),
        ("2 % in 10 days, net 30", "2 % in 10 days, net 30", "2 % in 10 days, net 30"),
        ("", "", ""),
    ],
)
def test_payment_terms_are_said_in_the_readers_language(kept, english, chinese) -> None:
    with translation.override("en"):
        assert portal.payment_terms(kept) == english
    with translation.override("zh-hans"):
        assert portal.payment_terms(kept) == chinese


def test_countries_have_names_and_the_hosts_own_comes_first() -> None:
    with translation.override("zh-hans"):
        assert country_name("DE") == "德国"
        assert country_choices("CN")[0] == ("CN", "中国")
    with translation.override("en"):
        assert country_name("DE") == "Germany"
        assert country_choices("CN", "XX")[0][0] == "CN"
        assert ("XX", "XX") in country_choices("CN", "XX")
        assert country_name("XX") == "XX"


@pytest.fixture
def dealer(db):
    maker = make_company("Maker", code="M", is_seller=True)
    return make_company("Dealer", code="D", parent=make_company("Between", code="B", parent=maker))


def _browse(person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


VALUES = {
    "recipient": "Li Lei",
    "phone": "13800138000",
    "province": "CN-51",
    "city": "CN-5101",
    "region": "Jinjiang District",
    "street": "1 Road",
    "country": "CN",
}


def test_the_company_page_names_the_seller_that_orders_name(dealer) -> None:
    page = _browse(make_person(dealer, roles=["buyer"])).get("/company/").content.decode()
    assert "<dt>Seller</dt><dd>Maker</dd>" in page
    assert "<dt>Parent company</dt><dd>Between</dd>" in page


def test_an_address_is_a_province_then_a_city_then_a_district(dealer) -> None:
    client = _browse(make_person(dealer, roles=["buyer"]))
    assert client.post("/company/addresses/add/", VALUES).status_code == 302
    made = Address.objects.get()
    assert made.territory is not None
    assert (made.territory.code, made.region) == ("CN-5101", "Jinjiang District")
    page = client.get(f"/company/addresses/{made.pk}/").content.decode()
    assert '<option value="CN-51" selected>' in page and '<option value="CN-5101" selected>' in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": ""}, "id_phone_error"),
        ({"phone": "call me"}, "id_phone_error"),
        ({"city": "CN-4401"}, "id_city_error"),
        ({"province": "", "city": "", "region": ""}, "id_province_error"),
        ({"postcode": "12"}, "id_postcode_error"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_at_its_field(dealer, changes, field) -> None:
    answer = _browse(make_person(dealer, roles=["buyer"])).post("/company/addresses/add/", VALUES | changes)
    assert answer.status_code == 422
    assert f'id="{field}"' in answer.content.decode()
    assert not Address.objects.exists()


def test_the_service_wants_a_phone_number_from_everybody(dealer) -> None:
    viewer = viewer_of(make_person(dealer, roles=["buyer"]))
    values = {"recipient": "Li", "street": "1 Road", "territory": "CN-5101"}
    with pytest.raises(core.Refusal) as refused:
        portal.save_address(viewer=viewer, company_id=dealer.pk, values=values)
    assert [(each.code, each.field) for each in refused.value.problems] == [("phone_needed", "phone")]


def test_leaving_stands_apart_from_the_row_and_says_what_it_means(dealer) -> None:
    buyer = make_person(dealer, roles=["buyer"])
    page = _browse(buyer).get("/company/people/").content.decode()
    table, _end, below = page.partition("</table>")
    assert "Leave company" not in table and "Leave company" in below
