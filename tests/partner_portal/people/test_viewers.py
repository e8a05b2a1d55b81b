"""What a viewer holds, and that it is built anew when a right is gone: every right named with the one who lacks it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_core import api as core
from qudao_core.viewers import viewer_for
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company, Membership
from qudao_partner_portal.testing import make_back_office, make_company, make_person, make_user
from qudao_partner_portal.viewers import guest_viewer

pytestmark = pytest.mark.django_db

MANAGE = "qudao_partner_portal.change_company"


def fresh(user: Any) -> Any:
    """The person as the next request loads it."""
    return get_user_model()._default_manager.get(pk=user.pk)


@pytest.fixture
def brand() -> Company:
    return make_company("Brand", kind="manufacturer", is_seller=True)


@pytest.fixture
def west(brand: Company) -> Company:
    return make_company("West", parent=brand, kind="distributor", is_seller=True)


@pytest.fixture
def dealer(west: Company) -> Company:
    return make_company("Dealer", parent=west)


def set_status(company: Company, status: str) -> None:
    portal.set_company_status(
        viewer=core.system_viewer(), company_id=company.pk, status=status, reason="Unpaid"
    )


# --- Rights of the back office ---


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser", "is_active"])
def test_a_kept_viewer_loses_its_rights_with_the_flag(flag: str) -> None:
    """The flags are written past us (a shell, another program): nothing tells the kept viewers about it."""
    user = make_back_office("Olga", permissions=[MANAGE], is_superuser=flag == "is_superuser")
    assert viewer_for(fresh(user)).may(MANAGE)
    get_user_model()._default_manager.filter(pk=user.pk).update(**{flag: False})
    after = viewer_for(fresh(user))
    if flag == "is_superuser":
        assert not after.is_superuser and not after.may("qudao_partner_portal.delete_company")
    else:
        assert not after.may(MANAGE)
    assert after.is_staff is (flag != "is_staff")


def test_a_permission_is_worth_nothing_without_the_staff_flag(dealer: Company) -> None:
    person = make_person(dealer, roles=["buyer"])
    app, codename = MANAGE.split(".")
    person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    group = Group.objects.create(name="Managers")
    group.permissions.set(Permission.objects.filter(content_type__app_label=app)[:5])
    person.groups.add(group)
    viewer = viewer_for(fresh(person))
    assert viewer.permissions == frozenset()
    assert not viewer.may(MANAGE)


def test_staff_who_act_for_a_company_keep_their_permissions(dealer: Company) -> None:
    person = make_back_office("Olga", permissions=[MANAGE])
    Membership.objects.create(user=person, company=dealer)
    viewer = viewer_for(fresh(person))
    assert viewer.company_id == dealer.pk and viewer.may(MANAGE) and viewer.roles == frozenset()


# --- From whom somebody buys ---


def test_people_buy_from_the_nearest_company_above_that_sells(
    brand: Company, west: Company, dealer: Company
) -> None:
    shop = make_company("Shop", parent=dealer)
    assert viewer_for(make_person(shop)).seller_id == west.pk
    assert viewer_for(make_person(west)).seller_id == brand.pk
    assert viewer_for(make_person(brand)).seller_id == brand.pk, "the manufacturer orders from itself"


@pytest.mark.parametrize("status", ["suspended", "closed", "pending"])
def test_a_company_above_that_is_not_active_sells_nothing(
    brand: Company, west: Company, dealer: Company, status: str
) -> None:
    person = make_person(dealer)
    assert viewer_for(person).seller_id == west.pk
    Company.objects.filter(pk=west.pk).update(status=status)
    core.bump("companies")
    assert viewer_for(fresh(person)).seller_id == brand.pk


def test_nobody_sells_where_nobody_above_is_active(brand: Company, west: Company, dealer: Company) -> None:
    person = make_person(dealer)
    for company in (brand, west):
        set_status(company, "suspended")
    assert viewer_for(fresh(person)).seller_id is None


def test_a_dealer_at_the_root_that_does_not_sell_buys_from_nobody() -> None:
    assert viewer_for(make_person(make_company("Alone", is_seller=False))).seller_id is None


# --- For which company somebody acts ---


def test_a_company_asked_for_counts_only_for_its_people(brand: Company, dealer: Company) -> None:
    other = make_company("Other", parent=brand)
    person = make_person(dealer, roles=["buyer"])
    assert viewer_for(person, company_id=other.pk).company_id == dealer.pk
    Membership.objects.create(user=person, company=other)
    assert viewer_for(fresh(person), company_id=other.pk).company_id == other.pk
    assert viewer_for(fresh(person)).company_id == dealer.pk, "the older one"
    Membership.objects.filter(user=person, company=other).update(is_preferred=True)
    core.bump("people")
    assert viewer_for(fresh(person)).company_id == other.pk, "the preferred one"


def test_a_membership_that_ended_and_a_closed_company_count_no_more(dealer: Company) -> None:
    person = make_person(dealer, roles=["admin"])
    assert viewer_for(person).roles == {"admin"}
    Membership.objects.filter(user=person).update(is_active=False)
    core.bump("people")
    after = viewer_for(fresh(person))
    assert (after.company_id, after.roles, after.audience) == (None, frozenset(), {"everyone"})
    Membership.objects.filter(user=person).update(is_active=True)
    set_status(dealer, "closed")
    assert viewer_for(fresh(person)).company_id is None


def test_roles_do_not_wander_between_companies_or_people(brand: Company, dealer: Company) -> None:
    other = make_company("Other", parent=brand)
    person = make_person(dealer, roles=["buyer"])
    make_person(other, roles=["admin"])
    Membership.objects.create(user=person, company=other)
    assert viewer_for(person, company_id=dealer.pk).roles == {"buyer"}
    assert viewer_for(person, company_id=other.pk).roles == frozenset()


# --- What is read in which state ---


@pytest.mark.parametrize(
    ("status", "reads", "trades"),
    [("active", True, True), ("suspended", True, False), ("pending", False, False)],
)
def test_what_a_companys_state_allows(dealer: Company, status: str, reads: bool, trades: bool) -> None:
    person = make_person(dealer, roles=["buyer"])
    Company.objects.filter(pk=dealer.pk).update(status=status)
    core.bump("companies")
    viewer = viewer_for(fresh(person))
    assert ("members" in viewer.audience, viewer.may_trade) == (reads, trades)
    assert f"company:{dealer.pk}" in viewer.audience and "everyone" in viewer.audience
    stand_in = portal.company_viewer(Company.objects.get(pk=dealer.pk))
    companys = {key for key in viewer.audience if not key.startswith("role:")}
    assert (stand_in.audience, stand_in.user_id, stand_in.roles) == (companys, None, frozenset())
    assert ("role:buyer" in viewer.audience) == reads


def test_a_guest_is_everyone_and_nobody(brand: Company) -> None:
    guest = guest_viewer("en")
    assert guest.is_guest and not guest.is_member and not guest.may_trade
    assert (guest.audience, guest.roles, guest.permissions) == ({"everyone"}, frozenset(), frozenset())
    assert guest.seller_id == brand.pk
    lonely = viewer_for(make_user())
    assert not lonely.is_guest and (lonely.audience, lonely.may_trade) == ({"everyone"}, False)


def test_languages_are_kept_apart_and_a_known_viewer_costs_nothing(dealer: Company) -> None:
    person = make_person(dealer)
    versions = core.Versions.read()
    english = viewer_for(person, language="en", versions=versions)
    assert viewer_for(person, language="zh-hans", versions=versions).language == "zh-hans"
    with CaptureQueriesContext(connection) as queries:
        assert viewer_for(person, language="en", versions=versions) is english
    assert len(queries) == 0
