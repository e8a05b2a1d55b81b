from __future__ import annotations

import pytest
from django.urls import reverse
from qudao_catalog.testing import grant, make_category, make_product
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(client):
    olga = make_back_office(is_superuser=True)
    client.force_login(olga)
    return olga


def test_smoke(client, olga):
    make_category("Lamps")
    product = make_product("A-1", title="Lamp", line="lighting")
    a = grant("members", lines=["lighting"])

    for name, args in [
        ("qudao_products:index", ()),
        ("qudao_products:add", ()),
        ("qudao_products:edit", (product.pk,)),
        ("qudao_products:who_sees", (product.pk,)),
        ("qudao_products:history", (product.pk,)),
        ("assortment:index", ()),
        ("assortment:add", ()),
        ("assortment:edit", (a.pk,)),
        ("productline:index", ()),
        ("unit:index", ()),
        ("taxclass:index", ()),
        ("attributeprofile:index", ()),
        ("attributeprofile:add", ()),
    ]:
        r = client.get(reverse(name, args=args))
        print(name, r.status_code, len(r.content))
        assert r.status_code == 200, name
    print(client.get(reverse("qudao_products:index") + "?q=lamp&status=active").content.decode().count("A-1"))
