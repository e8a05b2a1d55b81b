"""Audiences along the page tree: inherited, replaced, the same in every language, in force at once."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from qudao_partner_portal import testing
from qudao_partner_portal.content.audience import effective_keys, may_open_pages, page_access_tokens
from qudao_partner_portal.content.models import ContentPage
from qudao_search import api as search
from wagtail.models import Locale, Page, PageViewRestriction, Site

from tests.partner_portal.documents.conftest import browser, found, make_read, status

EVERYBODY = ("buyer", "colleague", "parent", "silver", "stranger", "editor")


def readers(people: Any, page: Page) -> set[str]:
    """Who reads the page at its address; the search and :func:`may_open_pages` must agree."""
    read = {name for name in EVERYBODY if status(getattr(people, name), page.url) == 200}
    viewers = {name: testing.viewer_of(getattr(people, name)) for name in EVERYBODY}
    assert {name for name, viewer in viewers.items() if may_open_pages(viewer, [page.pk])} == read
    assert {name for name in EVERYBODY if found(getattr(people, name), page.title, kinds=("page",))} == read
    return read


@pytest.mark.parametrize(
    ("keys", "who"),
    [
        ([], {*EVERYBODY} - {"stranger"}),  # nobody said anything: for members
        (["everyone"], {*EVERYBODY}),
        (["tier:gold"], {"buyer", "colleague", "editor"}),
        (["tier:silver", "kind:manufacturer"], {"silver", "parent", "editor"}),
    ],
)
def test_a_page_is_for_its_audience(people, keys, who):
    assert readers(people, testing.make_page("Terms", keys=keys)) == who


def test_a_guest_signs_in_and_a_stranger_finds_nothing_there(people, settings):
    page = testing.make_page("Terms", keys=["tier:gold"])
    answer = browser().get(page.url)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    answer = browser(people.silver).get(page.url)
    assert answer.status_code == 404 and "There is no such page." in answer.content.decode()
    settings.QUDAO_OPEN_CATALOGUE = True
    assert status(None, page.url) == 302
    assert status(None, testing.make_page("About", keys=["everyone"]).url) == 200


def test_audiences_are_inherited_and_replaced_along_the_tree(people):
    top = testing.make_page("Top", keys=["tier:gold"])
    middle = testing.make_page("Middle", parent=top)
    own = testing.make_page("Own", parent=middle, keys=["tier:silver"])
    bottom = testing.make_page("Bottom", parent=own)
    gold, silver = frozenset({"tier:gold"}), frozenset({"tier:silver"})
    assert effective_keys([top.pk, middle.pk, own.pk, bottom.pk, 0]) == {
        top.pk: gold,
        middle.pk: gold,
        own.pk: silver,
        bottom.pk: silver,
    }
    assert readers(people, middle) == {"buyer", "colleague", "editor"}
    assert readers(people, bottom) == {"silver", "editor"}


def test_a_changed_audience_is_in_force_below_at_the_next_request(people):
    top = testing.make_page("Top", keys=["tier:gold"])
    below = testing.make_page("Below", parent=testing.make_page("Middle", parent=top))
    top = ContentPage.objects.get(pk=top.pk)
    top.audience_keys = ["tier:silver"]
    top.save_revision()
    assert readers(people, below) == {"buyer", "colleague", "editor"}  # a draft changes nothing
    top.save_revision().publish()
    assert readers(people, below) == {"silver", "editor"}


def test_a_moved_page_is_for_those_of_its_new_place(people):
    gold, silver = (
        testing.make_page("Gold", keys=["tier:gold"]),
        testing.make_page("Silver", keys=["tier:silver"]),
    )
    page = testing.make_page("Moving", parent=gold)
    below = testing.make_page("Below", parent=page)
    page.move(silver, pos="last-child")
    assert readers(people, Page.objects.get(pk=below.pk)) == {"silver", "editor"}


def test_pages_without_an_audience_are_wagtails_business(people):
    root = Page.get_first_root_node()
    assert effective_keys([root.pk]) == {root.pk: frozenset({"everyone"})}
    document = make_read("Public form")
    home = Site.objects.get(is_default_site=True).root_page
    testing.make_page("Forms", body=[("text", f'<a linktype="document" id="{document.pk}">x</a>')])
    assert status(None, home.url) == status(None, "/") and status(None, document.url) == 302


def test_many_pages_cost_the_same(people, django_assert_num_queries):
    top = testing.make_page("Top", keys=["tier:gold"])
    pages = [testing.make_page(f"Page {number}", parent=top) for number in range(3)]
    viewer = testing.viewer_of(people.buyer)
    for count in (1, 3):
        ids = [page.pk for page in pages[:count]]
        with django_assert_num_queries(2):
            effective_keys(ids)
        with django_assert_num_queries(4):
            assert may_open_pages(viewer, ids) == set(ids)


# --- Wagtail's own restrictions ---


def test_a_group_and_an_audience_are_both_asked(people):
    group = Group.objects.create(name="Auditors")
    people.buyer.groups.add(group)
    people.silver.groups.add(group)
    top = testing.make_page("Top", keys=["tier:gold"])
    page = testing.make_page("Report", parent=top)
    row = PageViewRestriction.objects.create(page=top, restriction_type="groups")
    row.groups.add(group)
    assert page_access_tokens([page.pk]) == {page.pk: frozenset({"tier:gold", f"group:{group.pk}"})}
    assert {name for name in EVERYBODY if found(getattr(people, name), "Report")} == {"buyer", "editor"}
    assert status(people.buyer, page.url) == 200
    assert status(people.colleague, page.url) == 302  # Wagtail asks for another account
    assert status(people.silver, page.url) == 404
    row.delete()
    assert readers(people, page) == {"buyer", "colleague", "editor"}


def test_behind_a_password_nobody_finds_it(people):
    page = testing.make_page("Report")
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")
    assert {name for name in EVERYBODY if found(getattr(people, name), "Report")} == set()
    assert page_access_tokens([page.pk]) == {}


# --- Documents that pages offer ---


def test_a_document_on_a_page_opens_with_it(people, django_capture_on_commit_callbacks):
    document = make_read("Form")
    with django_capture_on_commit_callbacks(execute=True):
        page = testing.make_page(
            "Forms", keys=["tier:gold"], body=[("downloads", {"title": "Fetch", "documents": [document]})]
        )
    assert "Form" in browser(people.buyer).get(page.url).content.decode()
    assert [status(user, document.url) for user in (people.buyer, people.silver)] == [200, 404]
    assert found(people.buyer, "Form", kinds=("document",)) == {"document:Form"}
    assert found(people.silver, "Form", kinds=("document",)) == set()
    with django_capture_on_commit_callbacks(execute=True):
        page.audience_keys = ["tier:silver"]
        page.save_revision().publish()
    assert found(people.silver, "Form", kinds=("document",)) == {"document:Form"}
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert status(people.silver, document.url) == 404
    assert found(people.silver, "Form", kinds=("document",)) == set()


def test_a_page_shows_only_downloads_that_are_open(people):
    secret = make_read("Secret form", keys=["tier:silver"])
    page = testing.make_page("Forms", body=[("downloads", {"title": "", "documents": [secret]})])
    assert "Secret form" not in browser(people.buyer).get(page.url).content.decode()
    assert "Secret form" in browser(people.silver).get(page.url).content.decode()


# --- Languages ---


@pytest.fixture
def chinese(people: Any) -> Locale:
    locale = Locale.objects.get_or_create(language_code="zh-hans")[0]
    Site.objects.get(is_default_site=True).root_page.copy_for_translation(locale).save_revision().publish()
    return locale


def translated(page: ContentPage, locale: Locale, title: str) -> ContentPage:
    copy = page.copy_for_translation(locale)
    copy.title = title
    copy.save_revision().publish()
    return ContentPage.objects.get(pk=copy.pk)


def test_an_audience_is_the_same_in_every_language(people, chinese):
    page = testing.make_page("Terms", keys=["tier:gold"])
    copy = translated(page, chinese, "交货条款")
    copy.title = "交货条款（草稿）"
    copy.save_revision()
    page.audience_keys = ["tier:silver"]
    page.save_revision().publish()
    assert effective_keys([copy.pk]) == {copy.pk: frozenset({"tier:silver"})}
    ContentPage.objects.get(pk=copy.pk).get_latest_revision().publish()
    assert effective_keys([page.pk, copy.pk]) == dict.fromkeys([page.pk, copy.pk], frozenset({"tier:silver"}))


def test_each_language_finds_its_own_page_and_else_the_other(people, chinese):
    page = testing.make_page("Terms of delivery", body=[("text", "<p>Thirty days 三十天</p>")])
    assert found(people.buyer, "三十天") == {"page:Terms of delivery"}
    viewer = testing.viewer_of(people.buyer, language="zh-hans")
    assert titles(viewer, "三十天") == {"Terms of delivery"}
    copy = translated(page, chinese, "交货条款")
    assert titles(viewer, "三十天") == {"交货条款"}
    assert found(people.buyer, "三十天") == {"page:Terms of delivery"}
    copy.unpublish()
    assert titles(viewer, "三十天") == {"Terms of delivery"}


def titles(viewer: Any, text: str) -> set[str]:
    result = search.search(viewer, search.SearchRequest(text=text), log=False)
    return {"".join(piece.text for piece in hit.title) for hit in result.hits}


def test_an_address_leads_to_the_page_in_the_readers_language_or_else_in_the_other(people, chinese):
    page = testing.make_page("Terms of delivery")
    reader = browser(people.buyer)
    reader.cookies["qudao_language"] = "zh-hans"
    assert "Terms of delivery" in reader.get(page.url).content.decode()
    translated(page, chinese, "交货条款")
    assert "交货条款" in reader.get(page.url).content.decode()
    assert "Terms of delivery" in browser(people.buyer).get(page.url).content.decode()
    assert reader.get("/no-such-page/").status_code == 404
    gold = testing.make_page("Gold", keys=["tier:gold"])
    stranger = browser(people.silver)
    stranger.cookies["qudao_language"] = "zh-hans"
    assert stranger.get(gold.url).status_code == 404
