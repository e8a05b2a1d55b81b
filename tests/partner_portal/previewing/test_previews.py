"""Pages as a company sees them: who may look, what is shown, what is not, and the way out."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal import testing
from qudao_partner_portal.models import Company, Membership
from qudao_partner_portal.previewing.requests import COOKIE
from qudao_partner_portal.previewing.rules import RIGHT
from qudao_search.models import QueryLog
from wagtail.models import ModelLogEntry, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.partner_portal.documents.conftest import browser, make_read, people

__all__ = ["people"]
OFFICE = ["wagtailadmin.access_admin", RIGHT]


@pytest.fixture
def editor(people: SimpleNamespace) -> Client:
    """Wrote the pages, and may look at them as a company."""
    right = testing.make_back_office("Eve Editor", permissions=OFFICE)
    right.groups.set(people.editor.groups.all())
    return browser(right)


def look_as(client: Client, company: Company, role: str = "buyer", back: str = "") -> Any:
    return client.post(reverse("qudao_preview"), {"company": company.pk, "role": role, "next": back})


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == status, answer.content[:500]
    return body.decode()


def test_a_viewer_of_a_preview_is_that_of_a_member(people: SimpleNamespace) -> None:
    office = testing.viewer_of(testing.make_back_office(permissions=OFFICE))
    seen = portal.preview_viewer(office, company_id=people.dealer.pk, role="buyer")
    member = testing.viewer_of(people.buyer)
    for name in (
        "company_id",
        "company_path",
        "seller_id",
        "audience",
        "roles",
        "tier",
        "currency",
        "may_trade",
    ):
        assert getattr(seen, name) == getattr(member, name), name
    assert seen.is_preview and not seen.is_guest and not seen.is_staff and not seen.permissions
    assert not seen.may("wagtailadmin.access_admin") and not member.is_preview
    assert seen.shows(RIGHT) and not seen.shows("qudao_partner_portal.view_company")
    assert member.shows("qudao_partner_portal.view_company")


@pytest.mark.parametrize("name", ["buyer", "colleague", "parent", "silver", "stranger", "editor"])
def test_who_has_no_right_looks_as_nobody(people: SimpleNamespace, name: str) -> None:
    person = getattr(people, name)
    with pytest.raises(core.Forbidden):
        portal.preview_viewer(testing.viewer_of(person), company_id=people.dealer.pk)
    client = browser(person)
    assert client.get(reverse("qudao_preview")).status_code in (302, 403)
    look_as(client, people.dealer)
    assert COOKIE not in client.cookies
    assert "qd-mode-band" not in text(client, "/")


def test_the_page_says_whom_one_looks_as_and_leads_out(people: SimpleNamespace, editor: Client) -> None:
    page = testing.make_page("For gold", keys=["tier:gold"])
    assert look_as(editor, people.dealer, back=page.url).url == page.url
    shown = text(editor, page.url)
    assert "Preview: what Sunshine sees (role: Buyer)" in shown and reverse("portal:preview-end") in shown
    answer = editor.post(reverse("portal:preview-end"))
    assert answer.url == reverse("qudao_preview") and not editor.cookies[COOKIE].value
    assert "qd-mode-band" not in text(editor, page.url)


def test_it_is_recorded_in_the_history_of_the_company(people: SimpleNamespace, editor: Client) -> None:
    look_as(editor, people.dealer)
    [entry] = ModelLogEntry.objects.filter(action="qudao.company.previewed")
    assert entry.object_id == str(people.dealer.pk) and entry.user.first_name == "Eve"
    assert entry.message.startswith("Pages previewed as this company") and "Buyer" in entry.message


def test_a_page_for_others_says_why(people: SimpleNamespace, editor: Client) -> None:
    """The editor's own rights would open it."""
    page = testing.make_page("For gold", keys=["tier:gold", f"company:{people.brand.pk}"])
    child = testing.make_page("Below", parent=page)
    silver = people.silver.memberships.get().company
    look_as(editor, silver)
    for each in (page, child):
        shown = text(editor, each.url, status=404)
        assert "Not visible to Moonlight: the audience is Company:" in shown and "Tier: Gold" in shown
        assert "For gold" not in shown.replace("Tier: Gold", "")


def test_groups_of_whoever_looks_open_nothing(people: SimpleNamespace) -> None:
    """Wagtail lets superusers into pages for groups; a member of the company is in none."""
    page = testing.make_page("For editors", keys=["members"])
    rule = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    rule.groups.add(Group.objects.get(name="Editors"))
    root = browser(testing.make_back_office(is_superuser=True))
    assert "For editors" in text(root, page.url)
    look_as(root, people.dealer)
    assert "restricted to groups" in text(root, page.url, status=404)


def test_documents_open_as_they_do_for_the_company(people: SimpleNamespace, editor: Client) -> None:
    gold, silver = make_read("Gold", keys=["tier:gold"]), make_read("Silver", keys=["tier:silver"])
    look_as(editor, people.dealer)
    text(editor, gold.url)
    assert "Not visible to Sunshine: the audience is Tier: Silver." in text(editor, silver.url, status=404)


def test_search_finds_what_the_company_finds_and_notes_nothing(
    people: SimpleNamespace, editor: Client
) -> None:
    testing.make_page("Delivery for gold", keys=["tier:gold"])
    testing.make_page("Delivery for silver", keys=["tier:silver"])
    look_as(editor, people.dealer)
    shown = text(editor, reverse("site-search:search") + "?q=Delivery")
    assert "for gold" in shown and "for silver" not in shown
    assert not QueryLog.objects.exists()
    text(editor, reverse("site-search:search-suggestions") + "?q=Deli")


RECORDS = [
    "company",
    "people",
    "addresses",
    "invoice-titles",
    "company-history",
    "tokens",
    "profile",
    "branch",
]


@pytest.mark.parametrize("name", RECORDS)
def test_the_company_s_own_records_are_no_part_of_a_preview(
    people: SimpleNamespace, editor: Client, name: str
) -> None:
    look_as(editor, people.dealer, role="admin")
    assert "This page cannot be previewed." in text(editor, reverse(f"portal:{name}"), status=403)


def test_nothing_is_changed_in_a_preview(people: SimpleNamespace, editor: Client) -> None:
    look_as(editor, people.dealer, role="admin")
    address = reverse("portal:address-add")
    answer = editor.post(address, {"recipient": "Nobody"})
    assert answer.status_code == 403 and b"Nothing can be ordered or changed" in answer.content
    answer = editor.post(address, headers={"HX-Request": "true"})
    assert answer.json()["code"] == "preview_is_read_only"
    assert not people.dealer.addresses.exists()


def test_back_office_api_and_sign_out_stay_one_s_own(people: SimpleNamespace, editor: Client) -> None:
    look_as(editor, people.dealer)
    assert editor.get(reverse("wagtailadmin_home")).status_code == 200
    assert editor.get("/api/v1/me/").json()["company"] is None
    assert editor.post(reverse("set_language"), {"language": "en", "next": "/"}).status_code == 302
    assert editor.post(reverse("account_logout")).status_code == 302


def test_a_cookie_is_good_for_its_person_its_hour_and_its_right(
    people: SimpleNamespace, editor: Client
) -> None:
    look_as(editor, people.dealer)
    kept = editor.cookies[COOKIE].value
    assert editor.cookies[COOKIE]["max-age"] == 3600 and editor.cookies[COOKIE]["httponly"]
    for person in (people.silver, people.editor, testing.make_back_office(permissions=OFFICE)):
        other = browser(person)
        other.cookies[COOKIE] = kept
        assert "qd-mode-band" not in text(other, "/")
    for bad in (kept[:-1] + ("a" if kept[-1] != "a" else "b"), "7:1:admin", "", "x" * 300):
        editor.cookies[COOKIE] = bad
        assert "qd-mode-band" not in text(editor, "/")
    editor.cookies[COOKIE] = kept
    assert "qd-mode-band" in text(editor, "/")
    Company.objects.filter(pk=people.dealer.pk).update(status="closed")
    assert "qd-mode-band" not in text(editor, "/")


def test_the_right_taken_away_ends_it_at_once(people: SimpleNamespace, editor: Client) -> None:
    look_as(editor, people.dealer)
    user = get_user_model().objects.get(first_name="Eve")
    user.user_permissions.clear()
    assert "qd-mode-band" not in text(editor, "/")


def test_an_unknown_role_or_company_begins_nothing(people: SimpleNamespace, editor: Client) -> None:
    for given in ({"company": 0}, {"company": "x"}, {"company": people.dealer.pk, "role": "king"}):
        answer = editor.post(reverse("qudao_preview"), given)
        assert answer.status_code == 302 and COOKIE not in editor.cookies
    assert look_as(editor, people.dealer, back="https://evil.example/").url == "/"


def test_a_company_that_no_number_can_be_is_unknown(people: SimpleNamespace, editor: Client) -> None:
    """Python refuses to read numbers of more than 4300 digits."""
    for number in ("9" * 30, "9" * 5000):
        assert editor.post(reverse("qudao_preview"), {"company": number}).status_code == 302
        assert "No company has this name" in text(editor, f"{reverse('qudao_preview')}?company={number}")
    assert COOKIE not in editor.cookies


def test_a_password_of_the_web_server_does_not_end_a_preview(people: SimpleNamespace, editor: Client) -> None:
    """Only a program's token does: a browser sends the password of a guarded site with every request."""
    look_as(editor, people.dealer)
    guarded = {"headers": {"authorization": "Basic dmVyYTp4"}}
    assert "qd-mode-band" in editor.get("/", **guarded).content.decode()
    answer = editor.post(reverse("portal:address-add"), {"recipient": "Nobody"}, **guarded)
    assert answer.status_code == 403 and b"Nothing can be ordered or changed" in answer.content


def test_companies_are_found_by_name(people: SimpleNamespace, editor: Client) -> None:
    shown = text(editor, reverse("qudao_preview") + "?q=moon")
    assert "Moonlight" in shown and "Sunshine" not in shown
    Company.objects.filter(name="Moonlight").update(status="closed")
    assert "No company has this name or code." in text(editor, reverse("qudao_preview") + "?q=moon")
    one = text(editor, f"{reverse('qudao_preview')}?company={people.dealer.pk}")
    assert f'value="{people.dealer.pk}"' in one and f'value="{people.brand.pk}"' not in one


def test_a_suspended_company_reads_on_without_its_reason_for_editors(
    people: SimpleNamespace, editor: Client
) -> None:
    Company.objects.filter(pk=people.dealer.pk).update(status="suspended", status_reason="Unpaid invoice 7")
    core.bump("companies")
    look_as(editor, people.dealer)
    shown = text(editor, "/")
    assert "Unpaid invoice 7" not in shown


def test_previews_cost_the_same_for_every_company(
    people: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    office = testing.viewer_of(testing.make_back_office(permissions=OFFICE))
    for company in (people.dealer, people.silver.memberships.get().company):
        with django_assert_num_queries(3):
            portal.preview_viewer(office, company_id=company.pk)
    assert not Membership.objects.filter(user_id=0).exists()


# --- Drafts in the editor ---


def draft(client: Client, page: Any, mode: str = "as-company") -> Any:
    """What the frame of the editor shows of the page as it stands in the form."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    body = nested_form_data({"body": streamfield([]), "comments": inline_formset([])})
    fields = {
        "title": page.title,
        "slug": page.slug,
        "summary": "",
        "audience_keys": "\n".join(page.audience_keys),
    }
    assert client.post(address, body | fields).json() == {"is_valid": True, "is_available": True}
    return client.get(f"{address}?mode={mode}&in_preview_panel=true")


def test_a_draft_is_previewed_as_a_company(people: SimpleNamespace, editor: Client) -> None:
    page = testing.make_page("Published", keys=["tier:gold"])
    assert ("as-company", "As a company") in [(mode, str(label)) for mode, label in page.preview_modes]
    page.title = "Draft words"
    first = draft(editor, page)
    assert first.status_code == 302 and first.url.startswith(reverse("qudao_preview"))
    choosing = editor.get(first.url)
    assert choosing.status_code == 200 and choosing["X-Frame-Options"] == "SAMEORIGIN"
    back = choosing.context["next"]
    assert look_as(editor, people.dealer, back=back).url == back
    shown = draft(editor, page)
    assert "Draft words" in shown.content.decode() and "what Sunshine sees" in shown.content.decode()
    assert reverse("portal:preview-end") not in shown.content.decode()
    look_as(editor, people.silver.memberships.get().company)
    hidden = draft(editor, page).content.decode()
    assert "Not visible to Moonlight: the audience is Tier: Gold." in hidden
    assert "Draft words" not in hidden


def test_the_audience_of_a_draft_is_that_of_the_form(people: SimpleNamespace, editor: Client) -> None:
    top = testing.make_page("Top", keys=["tier:silver"])
    page = testing.make_page("Below", parent=top, keys=["tier:gold"])
    look_as(editor, people.dealer)
    assert "Not visible" not in draft(editor, page).content.decode()
    page.audience_keys = []
    assert "the audience is Tier: Silver." in draft(editor, page).content.decode()


def test_without_the_right_the_mode_says_so(people: SimpleNamespace) -> None:
    page = testing.make_page("Published")
    answer = draft(browser(people.editor), page)
    assert answer.status_code == 403 and "permission to preview" in answer.content.decode()


def test_the_plain_preview_stays_the_editor_s_own(people: SimpleNamespace, editor: Client) -> None:
    page = testing.make_page("Published", keys=["tier:gold"])
    look_as(editor, people.silver.memberships.get().company)
    shown = draft(editor, page, mode="").content.decode()
    assert "Published" in shown and "qd-mode-band" not in shown
