"""Roles, leaving, and the last administrator, whoever acts at the same time."""

import threading

import pytest
from django.db import connection
from qudao_core import api as core
from qudao_core.models import OutboxEvent
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company, Membership
from qudao_partner_portal.people.queries import companies_of, memberships
from qudao_partner_portal.people.services import (
    change_title,
    end_membership,
    prefer_company,
    resume_membership,
    set_roles,
)
from qudao_partner_portal.testing import (
    add_member,
    make_back_office,
    make_company,
    make_person,
    make_user,
    viewer_of,
)


def membership(user: object, company: Company) -> Membership:
    return Membership.objects.get(user=user, company=company)


@pytest.mark.django_db
def test_an_administrator_gives_roles_and_the_history_tells() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    anna = make_person(dealer, roles=["admin"], name="Anna Admin")
    ben = make_person(dealer, roles=["buyer"], name="Ben Buyer")
    set_roles(viewer=viewer_of(anna), membership_id=membership(ben, dealer).pk, roles=["approver", "buyer"])
    assert viewer_of(ben).roles == {"buyer", "approver"}
    for record in (dealer, membership(ben, dealer)):
        (entry,) = core.history(record)
        assert (entry.actor_name, entry.label) == ("Anna Admin", "Roles changed")
        assert entry.details == "roles: Buyer → Buyer, Approver · Ben Buyer"
    assert OutboxEvent.objects.get().topic == "membership.roles"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["buyer", "parent", "stranger", "guest"])
def test_nobody_else_gives_roles(who: str) -> None:
    brand = make_company("Brand")
    dealer, other = make_company("Dealer", parent=brand), make_company("Other", parent=brand)
    ben = make_person(dealer, roles=["buyer"])
    viewers = {
        "buyer": viewer_of(ben),
        "parent": viewer_of(make_person(brand, roles=["admin"])),
        "stranger": viewer_of(make_person(other, roles=["admin"])),
        "guest": portal.guest_viewer(),
    }
    expected = core.Forbidden if who == "buyer" else core.NotFound
    with pytest.raises(expected):
        set_roles(viewer=viewers[who], membership_id=membership(ben, dealer).pk, roles=["admin"])
    assert viewer_of(ben).roles == {"buyer"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "code"), [([], "no_role"), (["boss"], "unknown_role"), (["sales"], "role_of_sellers")]
)
def test_roles_that_cannot_be_given(roles: list[str], code: str) -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    anna = make_person(dealer, roles=["admin"])
    with pytest.raises(core.Refusal, match=code):
        set_roles(viewer=viewer_of(anna), membership_id=membership(anna, dealer).pk, roles=roles)


@pytest.mark.django_db
def test_the_last_administrator_neither_leaves_nor_steps_down() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["buyer"])
    gone = make_person(dealer, roles=["admin"], is_active=False)
    viewer, mine = viewer_of(anna), membership(anna, dealer).pk
    with pytest.raises(core.Refusal, match="last_admin"):
        set_roles(viewer=viewer, membership_id=mine, roles=["buyer"])
    with pytest.raises(core.Refusal, match="last_admin"):
        end_membership(viewer=viewer, membership_id=mine)
    office = viewer_of(make_back_office(is_superuser=True))
    with pytest.raises(core.Refusal, match="last_admin"):
        end_membership(viewer=office, membership_id=mine)
    end_membership(viewer=viewer, membership_id=membership(gone, dealer).pk)
    set_roles(viewer=viewer, membership_id=membership(ben, dealer).pk, roles=["admin"])
    end_membership(viewer=viewer, membership_id=mine)
    assert viewer_of(anna).company_id is None
    assert viewer_of(ben).roles == {"admin"}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_leave_at_once_leave_one_behind() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    people = [make_person(dealer, roles=["admin"]) for _n in range(2)]
    viewers = [viewer_of(person) for person in people]
    ids = [membership(person, dealer).pk for person in people]
    barrier, refused = threading.Barrier(2), []

    def leave(number: int) -> None:
        barrier.wait(10)
        try:
            end_membership(viewer=viewers[number], membership_id=ids[number])
        except core.Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert refused == ["last_admin"]
    assert Membership.objects.filter(company=dealer, is_active=True).count() == 1


@pytest.mark.django_db
def test_a_colleague_leaves_and_comes_back() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["buyer"])
    mine = membership(ben, dealer).pk
    end_membership(viewer=viewer_of(ben), membership_id=mine)
    assert viewer_of(ben).company_id is None
    assert [row.is_active for row in memberships(viewer_of(anna)).filter(pk=mine)] == [False]
    resume_membership(viewer=viewer_of(anna), membership_id=mine)
    assert viewer_of(ben).roles == {"buyer"}
    change_title(viewer=viewer_of(anna), membership_id=mine, title="  Purchasing  ")
    assert Membership.objects.get(pk=mine).title == "Purchasing"


@pytest.mark.django_db
def test_a_person_of_two_companies_switches_and_the_choice_is_kept() -> None:
    brand = make_company("Brand")
    first, second = make_company("First", parent=brand), make_company("Second", parent=brand)
    mia = make_person(first, roles=["buyer"])
    add_member(mia, second, ["admin"])
    assert viewer_of(mia).company_name == "First"
    assert viewer_of(mia, second).roles == {"admin"}
    prefer_company(viewer=viewer_of(mia), company_id=second.pk)
    assert viewer_of(mia).company_name == "Second"
    assert [(row.name, row.roles) for row in companies_of(mia.pk)] == [
        ("Second", ("admin",)),
        ("First", ("buyer",)),
    ]
    with pytest.raises(core.NotFound):
        prefer_company(viewer=viewer_of(mia), company_id=brand.pk)


@pytest.mark.django_db
def test_the_switcher_costs_nothing_while_nobody_changes() -> None:
    mia = make_person(make_company("Brand"), roles=["admin"])
    versions = core.Versions.read()
    companies_of(mia.pk, versions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Membership.objects, "filter", None)
        assert [row.name for row in companies_of(mia.pk, versions)] == ["Brand"]


@pytest.mark.django_db
def test_the_back_office_adds_a_person() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    zoe = make_user("Zoe Zhang")
    portal.add_member(viewer=core.system_viewer(), company_id=dealer.pk, user_id=zoe.pk, roles=["buyer"])
    assert viewer_of(zoe).company_name == "Dealer"
    with pytest.raises(core.Refusal, match="already_member"):
        portal.add_member(viewer=core.system_viewer(), company_id=dealer.pk, user_id=zoe.pk, roles=["buyer"])
    with pytest.raises(core.Forbidden):
        portal.add_member(viewer=viewer_of(zoe), company_id=dealer.pk, user_id=zoe.pk, roles=["admin"])


@pytest.mark.django_db
def test_one_company_is_preferred_at_a_time() -> None:
    brand = make_company("Brand")
    companies = [make_company(f"Dealer {number}", parent=brand) for number in range(3)]
    mia, noa = make_person(companies[0], roles=["buyer"]), make_person(companies[0], roles=["buyer"])
    for company in companies[1:]:
        add_member(mia, company, ["buyer"])
        add_member(noa, company, ["buyer"])
    prefer_company(viewer=viewer_of(noa), company_id=companies[1].pk)
    for company in (companies[1], companies[2], companies[0]):
        prefer_company(viewer=viewer_of(mia), company_id=company.pk)
        preferred = Membership.objects.filter(user=mia, is_preferred=True)
        assert [row.company_id for row in preferred] == [company.pk]
    assert membership(noa, companies[1]).is_preferred, "a colleague's choice is no part of it"
