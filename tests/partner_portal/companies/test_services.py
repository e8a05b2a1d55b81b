"""A company is admitted, changed, moved and suspended by the back office, and by nobody else."""

import pytest
from qudao_core import api as core
from qudao_core.models import OutboxEvent
from qudao_partner_portal import api as portal
from qudao_partner_portal.companies.queries import setup_gaps
from qudao_partner_portal.models import Company
from qudao_partner_portal.testing import (
    make_address,
    make_back_office,
    make_company,
    make_person,
    make_tier,
    make_user,
    viewer_of,
)

pytestmark = pytest.mark.django_db

MANAGE = ["qudao_partner_portal.add_company", "qudao_partner_portal.change_company"]


@pytest.fixture
def manager() -> core.Viewer:
    return viewer_of(
        make_back_office("Mei Manager", permissions=[*MANAGE, "qudao_partner_portal.view_company"])
    )


def test_a_channel_manager_admits_a_dealer(manager: core.Viewer) -> None:
    brand = make_company("Brand")
    make_tier("gold")
    dealer = portal.admit_company(
        viewer=manager,
        name="  Sunshine   Electric ",
        parent_id=brand.pk,
        tier="gold",
        territories=["CN-5101"],
        phone="028-85123456",
    )
    assert (dealer.name, dealer.code, dealer.phone) == ("Sunshine Electric", "C-00001", "028 8512 3456")
    assert dealer.get_parent() == brand
    assert [place.code for place in dealer.territories.all()] == ["CN-5101"]
    assert [entry.action for entry in core.history(dealer)] == ["qudao.company.admitted"]
    assert OutboxEvent.objects.get().topic == "company.admitted"


def test_every_wrong_value_is_named_at_once(manager: core.Viewer) -> None:
    with pytest.raises(core.Refusal) as refused:
        portal.admit_company(
            viewer=manager,
            name=" ",
            parent_id=None,
            tier="platinum",
            phone="12",
            currency="yuan",
            kind="shop",
        )
    found = {problem.field: problem.code for problem in refused.value.problems}
    assert found == {
        "name": "required",
        "tier": "unknown_tier",
        "phone": "bad_phone",
        "currency": "bad_currency",
        "kind": "not_a_choice",
    }
    assert not Company.objects.exists()


def test_a_status_that_does_not_exist_is_refused(manager: core.Viewer) -> None:
    dealer = make_company("Dealer")
    with pytest.raises(core.Refusal) as refused:
        portal.set_company_status(viewer=manager, company_id=dealer.pk, status="asleep", reason="Tired")
    assert (refused.value.code, refused.value.problem.field) == ("not_a_choice", "status")
    dealer.refresh_from_db()
    assert dealer.status == "active"


def test_an_own_administrator_keeps_contact_data_but_not_the_tier() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    make_tier("gold")
    anna = viewer_of(make_person(dealer, roles=["admin"]))
    portal.change_company(viewer=anna, company_id=dealer.pk, changes={"email": "office@dealer.example"})
    with pytest.raises(core.Forbidden):
        portal.change_company(viewer=anna, company_id=dealer.pk, changes={"tier": "gold"})
    dealer.refresh_from_db()
    assert (dealer.email, dealer.tier) == ("office@dealer.example", None)


@pytest.mark.parametrize("who", ["buyer", "parent", "stranger", "guest"])
def test_nobody_else_changes_a_company(who: str) -> None:
    brand = make_company("Brand")
    dealer, other = make_company("Dealer", parent=brand), make_company("Other", parent=brand)
    viewers = {
        "buyer": viewer_of(make_person(dealer, roles=["buyer"])),
        "parent": viewer_of(make_person(brand, roles=["admin"])),
        "stranger": viewer_of(make_person(other, roles=["admin"])),
        "guest": portal.guest_viewer(),
    }
    expected = core.Forbidden if who == "buyer" else core.NotFound
    with pytest.raises(expected):
        portal.change_company(viewer=viewers[who], company_id=dealer.pk, changes={"email": "x@example.com"})
    with pytest.raises(core.Forbidden):
        portal.set_company_status(viewer=viewers[who], company_id=dealer.pk, status="closed", reason="x")
    assert Company.objects.get(pk=dealer.pk).email == ""


def test_a_change_of_nothing_leaves_no_trace(manager: core.Viewer) -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    portal.change_company(viewer=manager, company_id=dealer.pk, changes={"name": "Dealer"})
    assert core.history(dealer) == []
    portal.change_company(viewer=manager, company_id=dealer.pk, changes={"name": "Dealer Ltd"})
    (entry,) = core.history(dealer)
    assert entry.details == "name: Dealer → Dealer Ltd"


def test_a_company_moves_with_everyone_below_it(manager: core.Viewer) -> None:
    brand = make_company("Brand")
    east, west = make_company("East", parent=brand), make_company("West", parent=brand)
    shop = make_company("Shop", parent=east)
    before = Company.objects.get(pk=east.pk).updated_at
    portal.move_company(viewer=manager, company_id=east.pk, parent_id=west.pk)
    assert Company.objects.get(pk=east.pk).updated_at > before, "who asks for changes is told of the move"
    shop.refresh_from_db()
    assert [row.name for row in shop.get_ancestors()] == ["Brand", "West", "East"]
    assert Company.find_problems() == ([], [], [], [], [])
    (entry,) = core.history(east)
    assert (entry.action, entry.data["changes"]) == ("qudao.company.moved", {"parent": ["Brand", "West"]})
    with pytest.raises(core.Refusal, match="below_itself"):
        portal.move_company(viewer=manager, company_id=west.pk, parent_id=shop.pk)


def test_a_suspended_companys_people_read_but_do_not_trade(manager: core.Viewer) -> None:
    brand = make_company("Brand")
    dealer = make_company("Dealer", parent=brand, tier="gold", territories=["CN-51"])
    buyer = make_person(dealer, roles=["buyer"])
    address = make_address(dealer)
    before = viewer_of(buyer)
    assert {"tier:gold", "members", f"below:{brand.pk}"} <= before.audience
    portal.set_company_status(
        viewer=manager, company_id=dealer.pk, status="suspended", reason="Unpaid invoices"
    )
    after = viewer_of(buyer)
    assert after.audience == before.audience
    assert not after.may_trade
    assert list(portal.addresses(after)) == [address]
    (entry,) = core.history(dealer)
    assert entry.details == "status: Active → Suspended · Unpaid invoices"
    portal.set_company_status(viewer=manager, company_id=dealer.pk, status="active", reason="Unpaid invoices")
    assert viewer_of(buyer).may_trade
    assert core.history(dealer)[0].details == "status: Suspended → Active"


def test_a_reason_of_its_own_stays_with_the_activation(manager: core.Viewer) -> None:
    dealer = make_company("Dealer", status="suspended")
    portal.set_company_status(viewer=manager, company_id=dealer.pk, status="active", reason="Paid")
    assert core.history(dealer)[0].details == "status: Suspended → Active · Paid"
    assert Company.objects.get(pk=dealer.pk).status_reason == ""


def test_suspending_needs_a_reason_and_closing_an_empty_branch(manager: core.Viewer) -> None:
    brand = make_company("Brand")
    make_company("Dealer", parent=brand)
    with pytest.raises(core.Refusal, match="reason_required"):
        portal.set_company_status(viewer=manager, company_id=brand.pk, status="suspended")
    with pytest.raises(core.Refusal, match="has_companies_below"):
        portal.set_company_status(viewer=manager, company_id=brand.pk, status="closed", reason="Merged")


def test_a_closed_companys_people_act_for_it_no_more(manager: core.Viewer) -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    buyer = make_person(dealer, roles=["buyer"])
    portal.set_company_status(viewer=manager, company_id=dealer.pk, status="closed", reason="Merged")
    assert viewer_of(buyer).company_id is None


def test_what_a_company_lacks_is_told_to_its_people() -> None:
    dealer = make_company("Dealer", parent=make_company("Brand"))
    admin = make_person(dealer, roles=["admin"])
    assert setup_gaps(viewer_of(admin)) == ["address", "invoice_title", "colleague"]
    make_address(dealer)
    colleague = make_person(dealer, roles=["buyer"])
    assert setup_gaps(viewer_of(admin)) == ["invoice_title"]
    colleague.memberships.update(is_active=False)
    assert setup_gaps(viewer_of(admin)) == ["invoice_title", "colleague"], "who has left is no colleague"


def test_codes_are_counted_on(manager: core.Viewer) -> None:
    brand = make_company("Brand")
    codes = [
        portal.admit_company(
            viewer=manager, name=f"Dealer {number}", parent_id=brand.pk, phone="028-85123456"
        ).code
        for number in range(3)
    ]
    assert codes == ["C-00001", "C-00002", "C-00003"]
    make_company("Other", parent=brand, code="C-00009")
    make_company("Foreign", parent=brand, code="C-99999X")
    ninth = portal.admit_company(viewer=manager, name="Next", parent_id=brand.pk, phone="028-85123456")
    assert ninth.code == "C-00010"


def test_a_guest_and_a_person_without_a_company_see_no_company() -> None:
    make_company("Brand")
    for viewer in (portal.guest_viewer(), viewer_of(make_user("Zoe Zhang"))):
        assert list(portal.visible_companies(viewer)) == []
