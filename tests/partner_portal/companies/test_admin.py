"""Companies in the back office."""

import pytest
from django.test import Client
from qudao_partner_portal import testing

pytestmark = pytest.mark.django_db


def test_the_list_names_the_seller_that_orders_go_to_and_not_the_parent() -> None:
    maker = testing.make_company("Maker", code="MK")
    distributor = testing.make_company("Distributor", parent=maker, code="DS", is_seller=True)
    agent = testing.make_company("Agent", parent=distributor, code="AG")
    dealer = testing.make_company("Dealer", parent=agent, code="DL")
    boss = testing.make_person(maker, roles=["admin"], name="Ada Admin", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(boss)
    rows = client.get("/admin/channel/companies/").context["object_list"]
    assert {row.code: row.seller for row in rows} == {
        "MK": None,
        "DS": "Maker",
        "AG": "Distributor",
        "DL": "Distributor",
    }
    for viewer in (testing.make_person(each, roles=["buyer"]) for each in (agent, dealer)):
        assert testing.viewer_of(viewer).seller_id == distributor.pk
    assert "Parent company" in client.get(f"/admin/channel/companies/edit/{dealer.pk}/").content.decode()
