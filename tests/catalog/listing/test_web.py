from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_catalog.testing import grant, make_category, make_product, make_variant
from qudao_partner_portal.testing import make_company, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(client):
    maker = make_company("Maker")
    bob = make_person(make_company("Dealer", parent=maker), roles=["buyer"], name="Bob Buyer")
    client.force_login(bob)
    return bob


def test_smoke(client, buyer):
    lighting = make_category("Lighting")
    lamps = make_category("Lamps", parent=lighting)
    make_product("A", line="lighting", pack=12, categories=[lamps], title_zh="灯")
    fam = make_product("F", categories=[lighting])
    make_variant(fam, "F-1")
    make_variant(fam, "F-2")
    grant("kind:dealer")
    for url in ["/catalogue/", "/catalogue/lighting/", "/catalogue/?view=grid&q=a&line=lighting&sort=name&price_min=1", "/products/F/", "/products/F-1/", "/products/A/"]:
        with CaptureQueriesContext(connection) as c:
            r = client.get(url)
        assert r.status_code == 200
        print(url, len(c), len(r.content))
    assert client.get("/products/none/").status_code == 404
    assert client.get("/catalogue/none/").status_code == 404
