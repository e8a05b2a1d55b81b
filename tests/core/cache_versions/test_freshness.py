"""What is kept in memory counts only while the facts stand, and a change counts at the next request."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from qudao_core import api as core
from qudao_partner_portal.models import Company, Membership, MembershipRole, Tier
from qudao_partner_portal.testing import make_back_office, make_company, make_person, viewer_of


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), max_size=40))
def test_an_entry_counts_for_its_version_only(asked: list[tuple[int, int]]) -> None:
    kept: core.VersionedCache[tuple[int, int]] = core.VersionedCache(size=2)
    for key, version in asked:
        assert kept.get(key, (version,), lambda key=key, version=version: (key, version)) == (key, version)


@pytest.mark.django_db
def test_a_change_gives_another_version_and_a_rolled_back_one_does_not() -> None:
    company = make_company("Brand")
    before = core.Versions.read().of("companies")
    with pytest.raises(RuntimeError), transaction.atomic():
        company.name = "Other"
        company.save()
        raise RuntimeError
    assert core.Versions.read().of("companies") == before
    company.save()
    assert core.Versions.read().of("companies") != before


@pytest.mark.django_db
def test_whatever_decides_who_sees_what_counts_at_the_next_request() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    ben = make_person(dealer, roles=["buyer"])
    assert viewer_of(ben).roles == {"buyer"}
    MembershipRole.objects.get().delete()
    assert viewer_of(ben).roles == frozenset()
    dealer = Company.objects.get(pk=dealer.pk)
    dealer.tier = Tier.objects.create(code="gold", name="Gold")
    dealer.save()
    assert "tier:gold" in viewer_of(ben).audience
    dealer.territories.set([])
    Membership.objects.get(user=ben).delete()
    assert viewer_of(ben).company_id is None


@pytest.mark.django_db
def test_a_permission_through_a_group_counts_at_the_next_request() -> None:
    mei = make_back_office("Mei Manager")
    assert not viewer_of(mei).may("qudao_partner_portal.add_company")
    group = Group.objects.create(name="Admission")
    mei.groups.add(group)
    group.permissions.add(Permission.objects.get(codename="add_company"))
    assert viewer_of(mei).may("qudao_partner_portal.add_company")
    group.permissions.clear()
    assert not viewer_of(mei).may("qudao_partner_portal.add_company")


@pytest.mark.django_db
def test_a_known_viewer_costs_one_statement(django_assert_num_queries: object) -> None:
    ben = make_person(make_company("Brand"), roles=["admin"])
    versions = core.Versions.read()
    viewer = core.viewer_for(ben, versions=versions)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert core.viewer_for(ben, versions=versions) is viewer
    with django_assert_num_queries(1):  # type: ignore[operator]
        core.viewer_for(ben)
