"""Who sees which product: the worked table of docs/reference/catalogue.md, and the SQL against the plain rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from qudao_catalog import api as catalog
from qudao_catalog.assortments import rules
from qudao_catalog.assortments.queries import assortments_naming, audience_rule, exists_for, in_categories
from qudao_catalog.categories.queries import category_tree
from qudao_catalog.products.models import ProductProfile
from qudao_catalog.testing import deny, grant, make_category, make_line, make_product, make_variant
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Membership
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db


def seen(viewer: core.Viewer) -> set[str]:
    """What the viewer can order, by SKU."""
    return set(catalog.visible_profiles(viewer).values_list("sku", flat=True))


def found(viewer: core.Viewer) -> set[str]:
    """What the viewer finds pages of, families included."""
    return set(catalog.visible_products(viewer).values_list("profile__sku", flat=True))


@pytest.fixture
def shelf(channel: Any) -> dict[str, Any]:
    lighting = make_category("Lighting")
    lamps = make_category("Lamps", parent=lighting)
    cables = make_category("Cables")
    family = make_product("FAM", line="switches", categories=[lighting])
    return {
        "lighting": lighting,
        "lamps": lamps,
        "cables": cables,
        "LAMP": make_product("LAMP", line="lighting", categories=[lamps]),
        "CABLE": make_product("CABLE", line="cable", categories=[cables]),
        "family": family,
        "FAM-W": make_variant(family, "FAM-W"),
        "FAM-B": make_variant(family, "FAM-B"),
    }


EVERYTHING = {"LAMP", "CABLE", "FAM-W", "FAM-B"}


def test_a_product_nobody_granted_is_not_found(shelf: Any, buyer: core.Viewer) -> None:
    assert seen(buyer) == found(buyer) == set()


def test_everything_may_be_granted(shelf: Any, buyer: core.Viewer) -> None:
    grant("members")
    assert seen(buyer) == EVERYTHING
    assert found(buyer) == EVERYTHING | {"FAM"}


def test_a_line_opens_its_products(shelf: Any, buyer: core.Viewer) -> None:
    grant("members", lines=["lighting"])
    assert seen(buyer) == {"LAMP"}


def test_a_category_opens_what_is_filed_below_it_and_variants_of_what_is_filed(
    shelf: Any, buyer: core.Viewer
) -> None:
    grant("members", categories=[shelf["lighting"]])
    assert seen(buyer) == {"LAMP", "FAM-W", "FAM-B"}


def test_a_parent_covers_its_variants(shelf: Any, buyer: core.Viewer) -> None:
    grant("members", products=[shelf["family"]])
    assert seen(buyer) == {"FAM-W", "FAM-B"}
    assert found(buyer) == {"FAM-W", "FAM-B", "FAM"}


def test_one_variant_opens_its_family_but_not_the_others(shelf: Any, buyer: core.Viewer) -> None:
    grant("members", products=[shelf["FAM-W"]])
    assert seen(buyer) == {"FAM-W"}
    assert found(buyer) == {"FAM-W", "FAM"}


def test_a_denial_wins_over_every_grant(shelf: Any, buyer: core.Viewer) -> None:
    grant("members")
    grant(f"company:{buyer.company_id}", products=[shelf["LAMP"]])
    deny("tier:gold", lines=["lighting"])
    assert seen(buyer) == EVERYTHING - {"LAMP"}


def test_a_denied_parent_takes_its_variants_and_the_family(shelf: Any, buyer: core.Viewer) -> None:
    grant("members")
    deny("members", products=[shelf["family"]])
    assert found(buyer) == {"LAMP", "CABLE"}


def test_a_denied_variant_leaves_its_family(shelf: Any, buyer: core.Viewer) -> None:
    grant("members")
    deny("members", products=[shelf["FAM-W"]])
    assert found(buyer) == {"LAMP", "CABLE", "FAM-B", "FAM"}


def test_an_assortment_counts_from_its_first_to_its_last_day(shelf: Any, buyer: core.Viewer) -> None:
    today = timezone.localdate()
    day = timedelta(days=1)
    grant("members", lines=["lighting"], valid_from=today, valid_until=today)
    grant("members", lines=["cable"], valid_from=today + day)
    grant("members", lines=["switches"], valid_until=today - day)
    assert seen(buyer) == {"LAMP"}


def test_an_inactive_assortment_says_nothing(shelf: Any, buyer: core.Viewer) -> None:
    grant("members")
    assortment = deny("members", lines=["lighting"], is_active=False)
    assert seen(buyer) == EVERYTHING
    assortment.is_active = True
    assortment.save()
    assert seen(buyer) == EVERYTHING - {"LAMP"}


def test_what_is_not_public_is_found_by_nobody(shelf: Any, buyer: core.Viewer) -> None:
    grant("members")
    for sku in ("LAMP", "family"):
        shelf[sku].is_public = False
        shelf[sku].save()
    assert found(buyer) == {"CABLE"}


def test_each_sees_what_is_meant_for_them(shelf: Any, channel: Any) -> None:
    grant("everyone", products=[shelf["CABLE"]])
    grant("tier:gold", lines=["lighting"])
    grant(f"below:{channel.distributor.pk}", products=[shelf["FAM-W"]])
    grant(f"company:{channel.distributor.pk}", products=[shelf["FAM-B"]])
    assert seen(channel.sees(channel.buyer)) == {"CABLE", "LAMP", "FAM-W"}
    assert seen(channel.sees(channel.learner)) == {"CABLE", "LAMP", "FAM-W"}
    assert seen(channel.sees(channel.parent_buyer)) == {"CABLE", "FAM-W", "FAM-B"}
    assert seen(channel.sees(channel.stranger)) == {"CABLE"}
    assert seen(portal.guest_viewer("en")) == {"CABLE"}
    assert seen(channel.sees(channel.office)) == EVERYTHING


def test_a_suspended_company_sees_its_range_and_a_pending_one_what_everyone_sees(
    shelf: Any, channel: Any
) -> None:
    grant("members")
    grant("everyone", lines=["cable"])
    before = seen(channel.sees(channel.buyer))
    for status, expected in (("suspended", before), ("pending", {"CABLE"})):
        channel.dealer.status = status
        channel.dealer.save()
        assert seen(channel.sees(channel.buyer)) == expected
    assert before > {"CABLE"}


def test_back_office_people_without_the_permission_see_what_everyone_sees(shelf: Any, channel: Any) -> None:
    grant("everyone", lines=["cable"])
    channel.office.user_permissions.clear()
    assert seen(channel.sees(channel.office)) == {"CABLE"}


def test_back_office_people_who_act_for_a_company_see_what_the_company_sees(
    shelf: Any, channel: Any, buyer: core.Viewer
) -> None:
    grant("members", lines=["cable"])
    office = channel.sees(channel.office)
    acting = replace(buyer, is_staff=True, permissions=office.permissions)
    assert acting.may("catalogue.view_product")
    assert seen(acting) == {"CABLE"} and seen(office) == EVERYTHING
    assert seen(replace(office, is_staff=False)) == set(), (
        "a permission without the back office opens nothing"
    )


def test_a_category_that_moves_takes_its_products_along(shelf: Any, buyer: core.Viewer) -> None:
    grant("members", categories=[shelf["cables"]])
    assert seen(buyer) == {"CABLE"}
    shelf["lamps"].refresh_from_db()
    shelf["lamps"].move(shelf["cables"], "first-child")
    shelf["lamps"].refresh_from_db()
    shelf["lamps"].save()
    assert seen(buyer) == {"CABLE", "LAMP"}


def test_rules_are_read_once_and_products_every_time(shelf: Any, buyer: core.Viewer) -> None:
    grant("members", lines=["lighting"], products=[shelf["FAM-W"]], categories=[shelf["cables"]])
    versions = core.Versions.read()
    audience_rule(buyer.audience, versions=versions)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(list(catalog.visible_profiles(buyer, versions))) == 3
    assert len(asked) == 1


class SqlSaysWhatTheRuleSays(TestCase):
    """Random assortments over a small shelf: the queryset and the plain rule agree on every product."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.booleans(),
                st.booleans(),
                st.sets(st.integers(0, 6), max_size=2),
                st.sets(st.integers(0, 2), max_size=1),
                st.sets(st.integers(0, 2), max_size=1),
            ),
            max_size=4,
        )
    )
    def test_agree(self, assortments: list[Any]) -> None:
        lines = [make_line(code) for code in ("l0", "l1", "l2")]
        root = make_category("R")
        categories = [root, make_category("S", parent=root), make_category("T")]
        family = make_product("G", line=lines[0], categories=[categories[1]])
        shelf = [
            family,
            make_variant(family, "G-1", line=lines[1]),
            make_variant(family, "G-2"),
            make_product("P-0", line=lines[1], categories=[categories[0]]),
            make_product("P-1", line=lines[2], categories=[categories[2]]),
            make_product("P-2", categories=[categories[1], categories[2]]),
            make_product("P-3", line=lines[0]),
        ]
        for denies, everything, products, line_set, category_set in assortments:
            (deny if denies else grant)(
                "everyone",
                everything=everything,
                products=[shelf[index] for index in products],
                lines=[lines[index] for index in line_set],
                categories=[categories[index] for index in category_set],
            )
        viewer = portal.guest_viewer("en")
        assert seen(viewer) == _by_the_rule(viewer)


def _by_the_rule(viewer: core.Viewer) -> set[str]:
    sight = audience_rule(viewer.audience)
    expected = set()
    for profile in ProductProfile.objects.select_related("product").exclude(product__structure="parent"):
        product = profile.product
        ids = (product.pk, product.parent_id)
        filed = {
            node.id for node in category_tree().nodes if in_categories([node.id]).filter(product_id__in=ids)
        }
        sets = sight.granted.product_sets | sight.denied.product_sets
        named = assortments_naming(sets, product_id=product.pk, parent_id=product.parent_id)
        facts = {"product_sets": named, "line_id": profile.line_id, "category_ids": filed}
        if rules.covers(sight.granted, **facts) and not rules.covers(sight.denied, **facts):
            expected.add(profile.sku)
    return expected


def test_the_back_office_sees_everything_unless_it_acts_for_a_company(
    channel: Any, shelf: dict[str, Any]
) -> None:
    """Staff who are members of a dealer see that dealer's range, or they would sell what it may not buy."""
    grant("members", products=[shelf["LAMP"]])
    assert {"LAMP", "CABLE"} <= seen(channel.sees(channel.office))
    Membership.objects.create(user=channel.office, company=channel.dealer)
    core.bump("people")
    acting = channel.sees(channel.office)
    assert acting.is_staff and acting.may("catalogue.view_product")
    assert seen(acting) == {"LAMP"}
    assert found(acting) == {"LAMP"}


def test_an_empty_range_is_told_from_one_in_which_nothing_was_found(channel: Any, shelf: Any) -> None:
    dealer, office = channel.sees(channel.buyer), channel.sees(channel.office)
    assert (exists_for(dealer), exists_for(office)) == (False, True)
    grant("members", products=[shelf["LAMP"]])
    assert (exists_for(channel.sees(channel.buyer)), exists_for(portal.guest_viewer("en"))) == (True, False)


def test_staff_without_the_permission_see_no_product(channel: Any, shelf: dict[str, Any]) -> None:
    grant("members", products=[shelf["LAMP"]])
    keeper = make_back_office("Stu Stock", permissions=["wagtailadmin.access_admin"])
    assert seen(channel.sees(keeper)) == set()
