from __future__ import annotations

from decimal import Decimal

import pytest
from qudao_catalog import api as catalog
from qudao_catalog.testing import deny, grant, make_category, make_product, make_variant
from qudao_partner_portal.testing import make_company, make_person, viewer_of

pytestmark = pytest.mark.django_db


def test_smoke():
    maker = make_company("Maker")
    dealer = make_company("Dealer", parent=maker)
    bob = make_person(dealer, roles=["buyer"])
    lamps = make_category("Lamps")
    a = make_product("A", line="lighting", pack=12, categories=[lamps], title_zh="灯")
    fam = make_product("F")
    v = make_variant(fam, "F-1")
    grant("kind:dealer", products=[fam], categories=[lamps])
    viewer = viewer_of(bob)
    assert set(catalog.visible_products(viewer)) == {a, fam, v}
    facts = catalog.product_facts(viewer, [a.pk, fam.pk, v.pk])
    assert set(facts) == {a.pk, v.pk}
    assert facts[a.pk].pack_size == Decimal(12)
    assert facts[a.pk].name("zh-hans") == "灯"
    deny("members", lines=["lighting"])
    assert set(catalog.facts_by_code(viewer, ["a", "f-1 "])) == {"f-1 "}
