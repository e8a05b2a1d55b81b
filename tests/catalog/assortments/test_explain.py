from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from qudao_catalog import api as catalog
from qudao_catalog.testing import deny, grant, make_category, make_product, make_variant
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db


def test_every_way_of_being_covered_is_named(channel: Any) -> None:
    lighting = make_category("Lighting")
    lamps = make_category("Lamps", parent=lighting)
    family = make_product("FAM", categories=[lamps])
    white = make_variant(family, "FAM-W", line="lighting")
    grant("members", code="all")
    grant("tier:gold", code="by-category", categories=[lighting])
    grant("tier:gold", code="by-line", lines=["lighting"])
    grant("tier:gold", code="by-parent", products=[family])
    grant("members", code="another", products=[make_product("OTHER")])
    found = catalog.explain(white)
    ways = {reason.code: (reason.via, reason.what) for reason in found.reasons}
    assert ways == {
        "all": ("all", ""),
        "by-category": ("category", "Lighting"),
        "by-line": ("line", "Lighting"),
        "by-parent": ("product", "FAM"),
    }
    assert found.visible is None
    assert {reason.code: reason.audience for reason in found.reasons}["by-line"] == ("Tier: Gold",)


def test_the_verdict_for_a_company_is_what_the_company_sees(channel: Any) -> None:
    lamp = make_product("LAMP", line="lighting")
    grant("members", code="open")
    deny("tier:gold", code="closed", lines=["lighting"])
    for person in (channel.buyer, channel.stranger, channel.parent_buyer):
        viewer = channel.sees(person)
        verdict = catalog.explain(lamp, viewer=viewer).visible
        assert verdict is bool(catalog.product_facts(viewer, [lamp.pk]))
    applied = {r.code: r.applies for r in catalog.explain(lamp, viewer=channel.sees(channel.buyer)).reasons}
    assert applied == {"open": True, "closed": True}


def test_what_no_longer_counts_is_shown_as_such(channel: Any) -> None:
    lamp = make_product("LAMP")
    grant("members", code="over", valid_until=timezone.localdate() - timedelta(days=1))
    found = catalog.explain(lamp, viewer=channel.sees(channel.buyer))
    assert [(reason.code, reason.counts_today, reason.applies) for reason in found.reasons] == [
        ("over", False, False)
    ]
    assert found.visible is False


def test_a_switched_off_product_says_so(channel: Any) -> None:
    lamp = make_product("LAMP", is_public=False)
    grant("members")
    found = catalog.explain(lamp, viewer=channel.sees(channel.buyer))
    assert found.hidden_by_oscar and found.visible is False


def test_staff_reads_it_in_the_back_office(client: Any, channel: Any) -> None:
    lamp = make_product("LAMP", line="lighting")
    grant("members", name="Open to all")
    deny("tier:gold", name="Not for gold", lines=["lighting"])
    client.force_login(make_back_office(is_superuser=True))
    address = reverse("qudao_products:who_sees", args=(lamp.pk,))
    page = client.get(address, {"company": "CHENGDU"}).content.decode()
    assert "Chengdu does not see this product." in page
    assert "Not for gold" in page and "product line Lighting" in page
    assert "There is no company “NONE”." in client.get(address, {"company": "NONE"}).content.decode()


def test_buyers_do_not_read_it(client: Any, channel: Any) -> None:
    lamp = make_product("LAMP")
    client.force_login(channel.buyer)
    response = client.get(reverse("qudao_products:who_sees", args=(lamp.pk,)))
    assert response.status_code == 302 and "LAMP" not in response.content.decode()
