"""Wagtail's own ways with our pages: drafts, moderation, schedules, translations, choosers and lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from qudao_catalog.handbook import queries, services
from qudao_catalog.handbook.models import ChapterPage, HandbookPage, TopicPage, Translation
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.content.services import publish_due
from qudao_partner_portal.testing import make_back_office
from wagtail.models import Locale, PageLogEntry, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from ..conftest import Channel
from .conftest import Book


@pytest.fixture
def editor(channel: Channel) -> Any:
    user = make_back_office("Ed Itor")
    user.groups.add(Group.objects.get(name=portal.CONTENT_EDITORS))
    return user


@pytest.fixture
def desk(editor: Any) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def form(**values: Any) -> dict[str, Any]:
    given = {
        "title": "Dimmers",
        "slug": "dimmers",
        "kind": "guide",
        "summary": "",
        "keywords": "",
        "audience_keys": "",
        "body": streamfield([("text", rich_text("<p>Turn.</p>"))]),
        "products": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(given | values)


def test_an_editor_writes_and_publishes_a_topic(desk: Client, channel: Channel, book: Book) -> None:
    add = f"/admin/pages/add/qudao_catalog/topicpage/{book.mounting.pk}/"
    assert desk.get(add).status_code == 200
    row = {"product": book.lamp.pk, "role": "mentions"}
    data = form(products=inline_formset([row])) | {"action-publish": "1"}
    assert desk.post(add, data).status_code == 302
    topic = TopicPage.objects.get(slug="dimmers")
    assert topic.live and [each.role for each in topic.products.all()] == ["mentions"]
    assert queries.get_topic(channel.sees(channel.buyer), topic.pk).title == "Dimmers"
    assert desk.get(f"/admin/pages/{topic.pk}/history/").status_code == 200


def test_audiences_are_chosen_by_key_and_unknown_ones_are_refused(desk: Client, book: Book) -> None:
    edit = f"/admin/pages/{book.rails.pk}/edit/"
    desk.post(edit, form(title="Rails", slug="rails", audience_keys="tier:gold") | {"action-publish": "1"})
    book.rails.refresh_from_db()
    assert book.rails.audience_keys == ["tier:gold"]
    refused = desk.post(
        edit, form(title="Rails", slug="rails", audience_keys="tier:tin") | {"action-publish": "1"}
    )
    assert "tier:tin" in refused.content.decode() and refused.status_code == 200


def test_a_draft_is_previewed_by_its_editor_only(desk: Client, book: Book) -> None:
    topic = services.save_topic(
        parent=book.mounting, slug="new", title="New", body=[("products", ["LH-D09"])], publish=False
    )
    page = desk.get(f"/admin/pages/{topic.pk}/view_draft/")
    assert page.status_code == 200 and "Downlight 9 W" in page.content.decode()


def test_moderation_holds_a_topic_back_until_it_is_approved(
    editor: Any, channel: Channel, book: Book
) -> None:
    topic = services.save_topic(parent=book.mounting, slug="new", title="New", publish=False)
    state = Workflow.objects.get(name="Moderators approval").start(topic, editor)
    assert not TopicPage.objects.get(pk=topic.pk).live
    root = make_back_office("Root", is_superuser=True)
    state.current_task_state.task.on_action(state.current_task_state, root, "approve")
    assert TopicPage.objects.get(pk=topic.pk).live
    assert queries.get_topic(channel.sees(channel.buyer), topic.pk).title == "New"


def test_pages_go_live_and_expire_at_their_times(channel: Channel, book: Book) -> None:
    topic = services.save_topic(parent=book.mounting, slug="new", title="New", publish=False)
    draft = topic.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(hours=1)
    draft.save_revision().publish()
    publish_due()
    assert not TopicPage.objects.get(pk=topic.pk).live
    draft.go_live_at = timezone.now() - timedelta(minutes=1)
    draft.save_revision(approved_go_live_at=draft.go_live_at)
    publish_due()
    buyer = channel.sees(channel.buyer)
    assert queries.get_topic(buyer, topic.pk).title == "New"
    assert PageLogEntry.objects.filter(page=topic.pk, action="wagtail.publish.scheduled").exists()
    TopicPage.objects.filter(pk=topic.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    publish_due()
    with pytest.raises(core.NotFound):
        queries.get_topic(buyer, topic.pk)


def test_places_are_kept(book: Book) -> None:
    section = services.save_chapter(parent=book.mounting, slug="s", title="Section")
    assert not ChapterPage.can_create_at(section) and ChapterPage.can_create_at(book.selling)
    assert not HandbookPage.can_create_at(book.mounting) and not TopicPage.can_create_at(book.handbook)
    assert TopicPage.can_create_at(section)
    assert not ChapterPage.objects.get(pk=book.mounting.pk).can_move_to(book.selling), "it has a section"
    assert ChapterPage.objects.get(pk=section.pk).can_move_to(book.selling)


def test_translating_in_wagtail_notes_what_is_followed(desk: Client, book: Book) -> None:
    chinese = Locale.objects.get(language_code="zh-hans")
    services.translate_chapter(chapter=book.mounting, language="zh-hans", title="安装")
    url = f"/admin/translation/submit/page/{book.rails.pk}/"
    assert desk.post(url, {"locales": [chinese.pk], "include_subtree": ""}).status_code == 302
    page = TopicPage.objects.get(slug="rails", locale=chinese)
    mark = Translation.objects.get(pk=page.pk)
    assert (mark.original_id, mark.revision_id) == (book.rails.pk, book.rails.live_revision_id)


def test_editors_find_what_is_behind_and_say_when_it_is_not(
    desk: Client, channel: Channel, book: Book
) -> None:
    page = services.translate_topic(topic=book.rails, language="zh-hans", title="轨道")
    services.translate_topic(topic=book.downlights, language="zh-hans", title="筒灯安装")
    services.save_topic(parent=book.mounting, slug="rails", title="Rails, revised")
    behind = desk.get("/admin/handbook-translations/?state=behind").content.decode()
    assert "轨道" in behind and "筒灯安装" not in behind
    assert "筒灯安装" in desk.get("/admin/handbook-translations/?state=fresh").content.decode()
    follow = f"/admin/handbook-translations/follow/{page.pk}/"
    assert follow in desk.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    shown = desk.get(follow)
    assert (
        shown.status_code == 200
        and f"/admin/pages/{book.rails.pk}/revisions/compare/" in shown.content.decode()
    )
    assert "is marked as up to date with its original" in desk.post(follow, follow=True).content.decode()
    assert "轨道" not in desk.get("/admin/handbook-translations/?state=behind").content.decode()
    assert follow not in desk.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_who_may_not_edit_the_page_may_not_say_so(channel: Channel, book: Book) -> None:
    page = services.translate_topic(topic=book.rails, language="zh-hans", title="轨道")
    stranger = Client()
    stranger.force_login(make_back_office("No Pages", permissions=["wagtailadmin.access_admin"]))
    response = stranger.post(f"/admin/handbook-translations/follow/{page.pk}/")
    assert response.status_code == 302 and response["Location"].startswith("/admin/")
    assert "轨道" not in stranger.get("/admin/handbook-translations/", follow=True).content.decode()


def test_products_are_chosen_by_name_in_any_language(desk: Client, book: Book) -> None:
    assert desk.get("/admin/product-chooser/").status_code == 200
    for words in ("LH-D09", "downlight", "筒灯"):
        results = desk.get("/admin/product-chooser/results/", {"q": words}).content.decode()
        assert "LH-D09" in results and "LH-X1" not in results
    chosen = desk.get(f"/admin/product-chooser/chosen/{book.lamp.pk}/")
    assert "LH-D09" in chosen.content.decode()


def test_the_same_product_twice_is_said_on_the_form(desk: Client, book: Book) -> None:
    rows = inline_formset(
        [{"product": book.lamp.pk, "role": "about"}, {"product": book.lamp.pk, "role": "mentions"}]
    )
    response = desk.post(
        f"/admin/pages/add/qudao_catalog/topicpage/{book.mounting.pk}/",
        form(products=rows) | {"action-publish": "1"},
    )
    assert response.status_code == 200 and not TopicPage.objects.filter(slug="dimmers").exists()
    assert "duplicate" in response.content.decode()


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (
            ("video", {"caption": "", "url": "", "document": "", "poster": "", "transcript": rich_text("")}),
            "one of the two",
        ),
        (("heading", {"text": "", "level": "2"}), "This field is required"),
    ],
)
def test_blocks_say_what_is_missing(desk: Client, book: Book, block: tuple[str, Any], words: str) -> None:
    data = form(body=streamfield([block])) | {"action-publish": "1"}
    response = desk.post(f"/admin/pages/add/qudao_catalog/topicpage/{book.mounting.pk}/", data)
    assert response.status_code == 200 and words in response.content.decode()


def at(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def test_a_draft_is_kept_after_the_schedule_is_over(desk: Client, book: Book) -> None:
    past = timezone.now() - timedelta(days=2)
    TopicPage.objects.filter(pk=book.rails.pk).update(expire_at=past, live=False, expired=True)
    address = f"/admin/pages/{book.rails.pk}/edit/"
    data = form(title="Rails anew", slug="rails", expire_at=at(past))
    answer = desk.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    page = TopicPage.objects.get(pk=book.rails.pk)
    assert page.get_latest_revision_as_object().title == "Rails anew"


def test_publishing_what_has_expired_says_why_not_and_what_to_do(desk: Client, book: Book) -> None:
    past = timezone.now() - timedelta(days=2)
    address = f"/admin/pages/{book.rails.pk}/edit/"
    data = form(title="Rails anew", slug="rails", expire_at=at(past)) | {"action-publish": "1"}
    page = desk.post(address, data).content.decode()
    assert f"This page expired on {at(past)}." in page and "remove it. You can save a draft" in page
    assert TopicPage.objects.get(pk=book.rails.pk).title == "Rails"
    later = data | {"expire_at": at(timezone.now() + timedelta(days=2))}
    assert desk.post(address, later).status_code == 302
    assert TopicPage.objects.get(pk=book.rails.pk).title == "Rails anew"


def test_dates_in_the_wrong_order_are_said_above_the_page(desk: Client, book: Book) -> None:
    soon, later = timezone.now() + timedelta(days=2), timezone.now() + timedelta(days=4)
    data = form(title="Rails", slug="rails", go_live_at=at(later), expire_at=at(soon))
    page = desk.post(f"/admin/pages/{book.rails.pk}/edit/", data).content.decode()
    assert "The schedule is not valid" in page
