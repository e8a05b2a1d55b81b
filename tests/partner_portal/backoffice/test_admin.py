"""The portal's screens in Wagtail's admin: for channel managers, read-only for editors, closed to everybody else."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime
from qudao_core import api as core
from qudao_core.events.dispatch import dispatch
from qudao_core.models import Delivery
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Address, Company, Invitation, InvoiceTitle, Membership, Territory
from qudao_partner_portal.testing import (
    make_address,
    make_company,
    make_invoice_title,
    make_person,
    make_tier,
    make_user,
    viewer_of,
)

pytestmark = pytest.mark.django_db

SCREENS = [
    "qudao_companies",
    "qudao_people",
    "qudao_invitations",
    "qudao_addresses",
    "qudao_invoice_titles",
    "qudao_tiers",
    "qudao_territories",
    "qudao_events",
    "qudao_deliveries",
]


def in_group(name: str) -> Client:
    user = make_user(f"Person of {name}", is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user.pk))
    return client


@pytest.fixture
def manager() -> Client:
    return in_group(portal.CHANNEL_MANAGERS)


@pytest.fixture
def dealer() -> Company:
    brand = make_company("Brand", code="B-1")
    return make_company("Sunshine Electric", parent=brand, code="D-1", tier="gold", territories=["CN-5101"])


def form_of(company: Company, **changes: Any) -> dict[str, Any]:
    names = ("name", "code", "kind", "status", "currency", "external_key", "phone", "email")
    given = {name: getattr(company, name) for name in names}
    parent = company.get_parent()
    return given | {"parent": parent.pk if parent else "", "tier": company.tier_id or ""} | changes


@pytest.mark.parametrize("screen", SCREENS)
def test_every_list_opens_searches_and_is_in_the_menu(manager: Client, dealer: Company, screen: str) -> None:
    portal.invite(viewer=core.system_viewer(), company_id=dealer.pk, email="x@example.com", roles=["buyer"])
    make_address(dealer)
    make_invoice_title(dealer)
    make_person(dealer, roles=["buyer"])
    response = manager.get(reverse(f"{screen}:index"))
    assert response.status_code == 200
    assert manager.get(reverse(f"{screen}:index") + "?q=sun").status_code == 200
    assert reverse(f"{screen}:index") in manager.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_dealers_people_do_not_get_in(dealer: Company, screen: str) -> None:
    client = Client()
    client.force_login(make_person(dealer, roles=["admin"]))
    assert client.get(reverse(f"{screen}:index")).status_code == 302


def test_editors_aim_at_companies_by_name_and_read_nothing_else_of_them(dealer: Company) -> None:
    editor = in_group(portal.CONTENT_EDITORS)
    assert editor.get(reverse("qudao_companies:index")).status_code == 302
    assert editor.get(reverse("qudao_companies:inspect", args=[dealer.pk])).status_code == 302
    found = editor.get(reverse("qudao_audience_keys"), {"q": "sunshine"}).json()["results"]
    assert f"company:{dealer.pk}" in {row["key"] for row in found}
    assert editor.get("/api/v1/audience-keys/?search=sunshine").status_code == 200
    assert editor.get("/api/v1/companies/").json()["results"] == []
    for path in (f"companies/{dealer.pk}/", f"companies/{dealer.pk}/addresses/"):
        assert editor.get(f"/api/v1/{path}").status_code in {403, 404}, path
    for name, args in (("add", []), ("edit", [dealer.pk])):
        editor.post(reverse(f"qudao_companies:{name}", args=args), form_of(dealer, name="Hacked"))
    assert set(Company.objects.values_list("name", flat=True)) == {"Brand", "Sunshine Electric"}
    assert editor.get(reverse("qudao_people:index")).status_code == 302


def test_editors_keep_synonyms_and_managers_read_them(manager: Client) -> None:
    editor = in_group(portal.CONTENT_EDITORS)
    given = {"direction": "two_way", "words": "downlight\n筒灯", "finds": "", "note": "", "is_active": "on"}
    assert editor.post("/admin/search/synonyms/new/", given).status_code == 302
    assert "筒灯" in editor.get("/admin/search/synonyms/").content.decode()
    assert "筒灯" in manager.get("/admin/search/synonyms/").content.decode()
    assert manager.get("/admin/search/synonyms/new/").status_code == 302
    for reader in (editor, manager):
        assert reader.get("/admin/reports/searches/").status_code == 200


def test_a_company_is_admitted_and_changed(manager: Client, dealer: Company) -> None:
    make_tier("silver")
    brand = dealer.get_parent()
    values = {
        "name": "New Shop",
        "parent": dealer.pk,
        "kind": "dealer",
        "status": "active",
        "currency": "CNY",
        "places": ["CN-51"],
    }
    response = manager.post(reverse("qudao_companies:add"), values, follow=True)
    assert "New Shop" in response.content.decode()
    shop = Company.objects.get(name="New Shop")
    assert (shop.code, shop.get_parent(), shop.territories.get().code) == ("C-00001", dealer, "CN-51")
    values |= {"code": shop.code, "parent": brand.pk, "status": "suspended", "status_reason": "Unpaid"}
    manager.post(reverse("qudao_companies:edit", args=[shop.pk]), values)
    shop.refresh_from_db()
    assert (shop.get_parent(), shop.status) == (brand, "suspended")
    actions = [entry.action for entry in core.history(shop)]
    assert actions == ["qudao.company.suspended", "qudao.company.moved", "qudao.company.admitted"]
    assert "Unpaid" in manager.get(reverse("qudao_companies:history", args=[shop.pk])).content.decode()


def test_a_refusal_stands_beside_its_field_and_nothing_is_saved(manager: Client, dealer: Company) -> None:
    path = reverse("qudao_companies:edit", args=[dealer.pk])
    page = manager.post(path, form_of(dealer, phone="12", name="Other")).content.decode()
    assert "is not a telephone number" in page
    page = manager.post(path, form_of(dealer, status="suspended")).content.decode()
    assert "Enter a reason" in page
    page = manager.post(path, form_of(dealer, parent=dealer.pk)).content.decode()
    assert "cannot be below itself" in page
    dealer.refresh_from_db()
    assert (dealer.name, dealer.status) == ("Sunshine Electric", "active")


def test_one_screen_shows_everything_about_a_company(manager: Client, dealer: Company) -> None:
    ben = make_person(dealer, roles=["buyer"], name="Ben Buyer")
    portal.set_company_status(
        viewer=core.system_viewer(), company_id=dealer.pk, status="suspended", reason="Unpaid"
    )
    portal.set_company_status(viewer=core.system_viewer(), company_id=dealer.pk, status="active")
    make_address(dealer, street="9 Harbour Road")
    make_invoice_title(dealer)
    page = manager.get(reverse("qudao_companies:inspect", args=[dealer.pk])).content.decode()
    for text in (
        "Ben Buyer",
        ben.email,
        "9 Harbour Road",
        "91510100MA61UJX35K",
        "tier:gold",
        "Unpaid",
        "Chengdu",
        "Invite someone",
    ):
        assert text in page
    answer = manager.get(reverse("qudao_companies:inspect", args=[dealer.pk]))
    assert len(answer.context["header_buttons"]) == 1  # the menu: buttons would squeeze the name


def test_companies_are_filtered(manager: Client, dealer: Company) -> None:
    path = reverse("qudao_companies:index")

    def names(query: str) -> list[str]:
        page = manager.get(f"{path}?{query}").content.decode()
        return [row.name for row in Company.objects.all() if f"/inspect/{row.pk}/" in page]

    assert names("kind=dealer") == ["Sunshine Electric"]
    assert names("tier=" + str(dealer.tier_id)) == ["Sunshine Electric"]
    assert names("territories=CN-51") == ["Sunshine Electric"]
    assert names(f"below={dealer.get_parent().pk}") == ["Sunshine Electric"]
    assert names("status=suspended") == []
    assert names("q=B-1") == ["Brand"]


def test_companies_are_never_deleted(dealer: Company) -> None:
    root = make_user("Root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root)
    client.post(reverse("qudao_companies:delete", args=[dealer.pk]))
    assert Company.objects.filter(pk=dealer.pk).exists()


def test_people_are_added_given_roles_and_kept_from_locking_everybody_out(
    manager: Client, dealer: Company
) -> None:
    zoe = make_user("Zoe Zhang", email="zoe@example.com")
    values = {"company": dealer.pk, "email": "zoe@example.com", "given_roles": ["admin"], "title": "Owner"}
    manager.post(reverse("qudao_people:add"), values)
    assert viewer_of(zoe).roles == {"admin"}
    membership = Membership.objects.get(user=zoe)
    path = reverse("qudao_people:edit", args=[membership.pk])
    page = manager.post(
        path, {"given_roles": ["buyer"], "title": "Owner", "is_active": "on"}
    ).content.decode()
    assert "only administrator" in page
    make_person(dealer, roles=["admin"])
    manager.post(path, {"given_roles": ["buyer"], "title": "Owner", "is_active": "on"})
    assert viewer_of(zoe).roles == {"buyer"}
    manager.post(path, {"given_roles": ["buyer"], "title": "Owner"})
    assert viewer_of(zoe).company_id is None
    page = manager.get(reverse("qudao_people:history", args=[membership.pk])).content.decode()
    assert "Roles changed" in page and "Membership ended" in page
    values = {"company": dealer.pk, "email": "nobody@example.com", "given_roles": ["buyer"]}
    assert (
        "No account uses this address." in manager.post(reverse("qudao_people:add"), values).content.decode()
    )


def test_a_tier_that_companies_have_is_not_deleted(manager: Client, dealer: Company) -> None:
    assert dealer.tier
    answer = manager.post(reverse("qudao_tiers:delete", args=[dealer.tier_id]), follow=True)
    assert "is in use and cannot be deleted: Sunshine Electric." in answer.content.decode()
    assert type(dealer.tier).objects.filter(pk=dealer.tier_id).exists()


def test_an_invitation_is_sent_again_and_taken_back(manager: Client, dealer: Company) -> None:
    values = {"company": dealer.pk, "email": "new@example.com", "given_roles": ["admin"], "language": ""}
    manager.post(reverse("qudao_invitations:add"), values)
    invitation = Invitation.objects.get()
    old = invitation.token_hash
    page = manager.get(reverse("qudao_invitations:inspect", args=[invitation.pk])).content.decode()
    assert old not in page and localtime(invitation.expires_at).strftime("%H:%M") in page
    manager.post(reverse("qudao_invitations:resend", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.token_hash != old
    page = manager.post(
        reverse("qudao_invitations:revoke", args=[invitation.pk]), follow=True
    ).content.decode()
    assert "was withdrawn" in page
    bad = manager.post(reverse("qudao_invitations:add"), values | {"given_roles": ["sales"]})
    assert "for companies that sell" in bad.content.decode()


def test_addresses_and_titles_are_kept_by_the_office(manager: Client, dealer: Company) -> None:
    page = manager.get(reverse("qudao_addresses:add") + f"?company={dealer.pk}").content.decode()
    assert "Sunshine Electric" in page
    values = {
        "company": dealer.pk,
        "recipient": "Li",
        "street": "1 Road",
        "place": "CN-5101",
        "country": "CN",
        "phone": "028 8555 0101",
    }
    manager.post(reverse("qudao_addresses:add"), values)
    address = Address.objects.get()
    assert (address.company, address.territory.code, address.is_default) == (dealer, "CN-5101", True)
    manager.post(reverse("qudao_addresses:edit", args=[address.pk]), values | {"street": "2 Road"})
    address.refresh_from_db()
    assert address.street == "2 Road"
    title = {"company": dealer.pk, "title": "Sunshine", "tax_number": "91510100MA61UJX35X"}
    page = manager.post(reverse("qudao_invoice_titles:add"), title).content.decode()
    assert "is not a valid tax number" in page
    manager.post(reverse("qudao_invoice_titles:add"), title | {"tax_number": "91510100MA61UJX35K"})
    assert InvoiceTitle.objects.get().company == dealer


def test_tiers_and_territories_grow(manager: Client) -> None:
    manager.post(reverse("qudao_tiers:add"), {"code": "platinum", "name": "Platinum", "rank": 1})
    assert portal.audience_label("tier:platinum", "en") == "Tier: Platinum"
    place = {"code": "CN-510104", "name": "Jinjiang", "name_zh": "锦江区", "above": "CN-5101"}
    manager.post(reverse("qudao_territories:add"), place)
    assert Territory.objects.get(code="CN-510104").get_parent().code == "CN-5101"
    page = manager.post(
        reverse("qudao_territories:add"), place | {"code": "X", "above": "??"}
    ).content.decode()
    assert "There is no territory with this code." in page


def test_a_failed_delivery_is_seen_and_delivered_again(manager: Client, dealer: Company) -> None:
    portal.invite(viewer=core.system_viewer(), company_id=dealer.pk, email="x@example.com", roles=["buyer"])
    Delivery.objects.update(state="failed", last_error="the mail server said no")
    delivery = Delivery.objects.get(handler="invitation-mail")
    page = manager.get(reverse("qudao_deliveries:inspect", args=[delivery.pk])).content.decode()
    assert "the mail server said no" in page
    assert "Leased until" not in page and ">None<" not in page
    event = manager.get(reverse("qudao_events:inspect", args=[delivery.event_id])).content.decode()
    payload = event.partition("<pre>")[2].partition("</pre>")[0]
    assert "&quot;" in payload and "&#x27;" not in payload and "Created at" not in event
    manager.post(reverse("qudao_deliveries:replay", args=[delivery.pk]))
    dispatch()
    delivery.refresh_from_db()
    assert delivery.state == "done"


def test_an_account_is_not_closed_while_it_is_the_only_administrator(dealer: Company) -> None:
    anna = make_person(dealer, roles=["admin"], name="Anna Admin")
    root = make_user("Root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root)
    values = {"email": anna.email, "first_name": "Anna", "last_name": "Admin"}
    client.post(reverse("wagtailusers_users:edit", args=[anna.pk]), values)
    client.post(reverse("wagtailusers_users:delete", args=[anna.pk]))
    anna.refresh_from_db()
    assert anna.is_active
    make_person(dealer, roles=["admin"])
    client.post(reverse("wagtailusers_users:edit", args=[anna.pk]), values)
    anna.refresh_from_db()
    assert not anna.is_active


def test_many_accounts_are_not_closed_at_once_while_a_company_needs_them(dealer: Company) -> None:
    anna, ben = make_person(dealer, roles=["admin"]), make_person(dealer, roles=["admin"])
    client = Client()
    client.force_login(make_user("Root", is_staff=True, is_superuser=True))
    for action, values in (("set_active_state", {"mark_as_active": "False"}), ("delete", {})):
        path = reverse("wagtail_bulk_action", args=["qudao_site", "user", action])
        client.post(f"{path}?id={anna.pk}&id={ben.pk}", values)
    assert get_user_model().objects.filter(pk__in=[anna.pk, ben.pk], is_active=True).count() == 2
    path = reverse("wagtail_bulk_action", args=["qudao_site", "user", "set_active_state"])
    client.post(f"{path}?id={ben.pk}", {"mark_as_active": "False"})
    ben.refresh_from_db()
    assert not ben.is_active
    assert core.history(ben)[0].details == "Active: – → No"


def test_every_change_of_rights_is_in_the_history() -> None:
    root = make_user("Root Person", is_staff=True, is_superuser=True)
    mei = make_user("Mei Manager", is_staff=True)
    client = Client()
    client.force_login(root)
    group = Group.objects.get(name=portal.CHANNEL_MANAGERS)
    values = {"email": mei.email, "first_name": "Mei", "last_name": "Manager", "is_active": "on"}
    client.post(reverse("wagtailusers_users:edit", args=[mei.pk]), values | {"groups": [group.pk]})
    entry = next(row for row in core.history(mei) if row.action == "qudao.permissions.changed")
    assert (entry.actor_name, entry.details) == ("Root Person", "group: – → Channel managers")
    mei = get_user_model().objects.get(pk=mei.pk)
    mei.is_superuser = True
    mei.save()
    assert core.history(mei)[0].details == "superuser status: No → Yes"


def test_the_company_chooser_finds_by_code(manager: Client, dealer: Company) -> None:
    page = manager.get(reverse("qudao_company_chooser:choose")).json()["html"]
    assert "Sunshine Electric" in page and "Brand" in page
    page = manager.get(reverse("qudao_company_chooser:choose_results") + "?q=D-1").content.decode()
    assert "Sunshine Electric" in page and ">Brand<" not in page


def test_choosers_speak_the_readers_language(manager: Client) -> None:
    manager.cookies["qudao_language"] = "zh-hans"
    page = manager.get(reverse("wagtailimages_chooser:choose")).json()["html"]
    assert "搜索" in page and "布局" in page
    assert "Search" not in page and "Layout" not in page


def test_lists_cost_the_same_for_one_row_and_for_three(manager: Client, dealer: Company) -> None:
    def cost(screen: str) -> int:
        path = reverse(f"{screen}:index")
        manager.get(path)
        with CaptureQueriesContext(connection) as queries:
            manager.get(path)
        ours = ("qudao_partner_portal_", "qudao_core_")
        return sum(any(name in query["sql"] for name in ours) for query in queries)

    def grow() -> None:
        shop = make_company(parent=dealer, tier="gold")
        make_person(shop, roles=["buyer", "approver"])
        make_address(shop)
        make_invoice_title(shop)
        portal.invite(viewer=core.system_viewer(), company_id=shop.pk, email="x@example.com", roles=["buyer"])

    grow()
    before = {screen: cost(screen) for screen in SCREENS}
    grow()
    grow()
    assert {screen: cost(screen) for screen in SCREENS} == before
    assert max(before.values()) <= 6
