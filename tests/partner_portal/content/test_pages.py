"""Pages as they are written, read and found."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as Picture
from qudao_partner_portal import hooks, testing
from qudao_partner_portal.content.models import ContentPage
from qudao_partner_portal.content.search_source import PageSource, words_of
from qudao_search import api as search
from wagtail.images.models import Image
from wagtail.models import Page, Site

from tests.partner_portal.documents.conftest import browser, found

TABLE = {
    "columns": [{"type": "text", "heading": "Region"}, {"type": "text", "heading": "Days"}],
    "rows": [{"values": ["Sichuan 四川", "3"]}],
    "caption": "",
}
BODY = [
    ("heading", "Delivery times"),
    ("text", "<p>Ex works <b>Chengdu</b> &amp; free</p>"),
    ("heading", "交货期"),
]


def body(**more: Any) -> list[tuple[str, Any]]:
    block = ContentPage._meta.get_field("body").stream_block.child_blocks["table"]
    table = block.to_python({"caption": "Days by region", "table": TABLE})
    return [*BODY, ("table", table), *more.items()]


def test_a_page_is_read_with_contents_tables_and_crumbs(people):
    top = testing.make_page("Terms")
    page = testing.make_page("Delivery", parent=top, summary="How we deliver.", body=body())
    html = browser(people.buyer).get(page.url).content.decode()
    for piece in (
        "<h1>Delivery</h1>",
        "How we deliver.",
        '<h2 id="delivery-times">Delivery times</h2>',
        '<a href="#交货期">交货期</a>',
        "Ex works <b>Chengdu</b> &amp; free",
        "Days by region",
        "Sichuan 四川",
        f'<a href="{top.url}">Terms</a>',
    ):
        assert piece in html


def test_a_picture_is_shown_with_its_caption(people):
    file = BytesIO()
    Picture.new("RGB", (40, 30)).save(file, "PNG")
    image = Image.objects.create(title="Depot", file=ContentFile(file.getvalue(), "depot.png"))
    page = testing.make_page("Depot", body=[("picture", {"image": image, "caption": "Our depot"})])
    html = browser(people.buyer).get(page.url).content.decode()
    assert "<figcaption>Our depot</figcaption>" in html and 'alt="Our depot"' in html


def test_a_title_above_that_is_not_open_is_not_named(people):
    top = testing.make_page("Secret project", keys=["tier:silver"])
    page = testing.make_page("Open", parent=top, keys=["members"])
    assert "Secret project" not in browser(people.buyer).get(page.url).content.decode()
    [card] = PageSource().cards(testing.viewer_of(people.buyer), [str(page.pk)]).values()
    assert card.path == ()


def test_pages_are_found_by_title_summary_and_text(people):
    testing.make_page("Delivery", summary="Incoterms explained", body=body())
    for text in ("Delivery", "Incoterms", "Chengdu", "四川", "交货期"):
        assert found(people.buyer, text) == {"page:Delivery"}, text
    assert found(people.stranger, "Chengdu") == set()


def test_a_draft_is_not_found_and_a_withdrawn_page_no_longer(people):
    page = testing.make_page("Delivery")
    page.title = "Changed"
    page.save_revision()
    assert found(people.buyer, "Changed") == set()
    page.get_latest_revision().publish()
    assert found(people.buyer, "Changed") == {"page:Changed"}
    page.unpublish()
    assert found(people.buyer, "Changed") == set()
    assert browser(people.buyer).get(page.url or "/x/").status_code == 404
    page.delete()


def test_a_deleted_page_is_gone(people):
    page = testing.make_page("Delivery")
    testing.make_page("Below", parent=page)
    Page.objects.get(pk=page.pk).delete()
    assert found(people.buyer, "Delivery") == found(people.buyer, "Below") == set()


def test_page_types_with_a_source_of_their_own_are_left_to_it(people):
    page = testing.make_page("Delivery")
    hooks.page_sources.register("qudao_partner_portal.contentpage", "")
    try:
        assert list(PageSource().items()) == [] and list(PageSource().documents([str(page.pk)])) == []
    finally:
        hooks.page_sources.unregister("qudao_partner_portal.contentpage")
    assert list(PageSource().items()) == [str(page.pk)]


def test_words_are_those_the_page_type_declares(people):
    page = testing.make_page("Delivery", summary="One", body=body())
    assert list(words_of(page))[:2] == ["One", "Delivery times"]
    assert "Ex works Chengdu & free" in " ".join("\n".join(words_of(page)).split())


def test_a_card_is_complete(people):
    top = testing.make_page("Terms")
    page = testing.make_page("Delivery", parent=top, summary="How we deliver.")
    [card] = PageSource().cards(testing.viewer_of(people.buyer), [str(page.pk)]).values()
    assert (card.title, card.url, card.summary, card.path) == (
        "Delivery",
        page.url,
        "How we deliver.",
        ("Terms",),
    )
    assert card.data == {"id": page.pk, "title": "Delivery", "url": page.url}


def test_any_number_of_pages_costs_the_same(people, django_assert_num_queries):
    top = testing.make_page("Terms")
    items = [str(testing.make_page(f"Page {number}", parent=top).pk) for number in range(3)]
    viewer = testing.viewer_of(people.buyer)
    Site.get_site_root_paths()
    for count in (1, 3):
        with django_assert_num_queries(7):
            assert len(PageSource().cards(viewer, items[:count])) == count
        with django_assert_num_queries(8):
            assert len(list(PageSource().documents(items[:count]))) == count


def test_an_editor_writes_aims_and_publishes_a_page(people):
    """With a superuser, who may edit below the site's root."""
    admin = browser(testing.make_back_office("Ada Admin", is_superuser=True))
    root = Site.objects.get(is_default_site=True).root_page
    address = reverse("wagtailadmin_pages:add", args=["qudao_partner_portal", "contentpage", root.pk])
    html = admin.get(address).content.decode()
    assert "the same as the parent page" in html
    values = {
        "title": "Delivery",
        "slug": "delivery",
        "summary": "",
        "body-count": "0",
        "audience_keys": "tier:gold\n",
        "action-publish": "1",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    assert admin.post(address, values).status_code == 302
    page = ContentPage.objects.get()
    assert (page.audience_keys, page.live) == (["tier:gold"], True)
    assert found(people.buyer, "Delivery") == {"page:Delivery"} and not found(people.silver, "Delivery")
    answer = admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**values, "audience_keys": "tier:brass"}
    )
    assert "There is no audience tier:brass." in answer.content.decode()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"body-count": None},
        {"body-count": "many"},
        {"body-count": "1"},
        {"body-count": "1", "body-0-deleted": "", "body-0-order": "first", "body-0-type": "text"},
        {"comments-TOTAL_FORMS": None},
        {"comments-TOTAL_FORMS": "many"},
        {"title": None},
    ],
)
@pytest.mark.parametrize("view", ["add", "edit", "preview"])
def test_a_form_that_arrives_incomplete_is_no_server_error(people, spoilt, view):
    admin = browser(testing.make_back_office("Ada Admin", is_superuser=True))
    page = testing.make_page("Delivery")
    root = Site.objects.get(is_default_site=True).root_page
    address = {
        "add": reverse("wagtailadmin_pages:add", args=["qudao_partner_portal", "contentpage", root.pk]),
        "edit": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "preview": reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]),
    }[view]
    values = {
        "title": "Delivery",
        "slug": "delivery-2",
        "summary": "",
        "body-count": "0",
        "audience_keys": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    sent = {name: value for name, value in (values | spoilt).items() if value is not None}
    answer = admin.post(address, sent)
    assert answer.status_code in (200, 302, 400)
    assert answer.status_code == 400 or "body-count" not in spoilt


@pytest.mark.parametrize("user", ["editor"])
def test_a_preview_asks_nobody(people, user):
    page = testing.make_page("Delivery", keys=["tier:gold"])
    response = page.make_preview_request()
    assert response.status_code == 200


def test_sound_and_search_page_agree_on_the_title(people):
    testing.make_page("交货条款")
    viewer = testing.viewer_of(people.buyer, language="zh-hans")
    assert search.search(viewer, search.SearchRequest(text="jhtk"), log=False).total == 1
