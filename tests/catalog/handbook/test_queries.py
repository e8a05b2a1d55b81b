"""Who sees which pages of a handbook, in which language, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_catalog.handbook import queries, services
from qudao_catalog.testing import make_product
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.testing import make_back_office
from wagtail.models import Page, PageViewRestriction, Site

from ..conftest import Channel
from .conftest import Book


def titles(viewer: core.Viewer) -> list[str]:
    return [each.title for tree in queries.handbooks(viewer) for each in tree.walk()]


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


EVERYTHING = [
    "Light handbook",
    "Mounting",
    "Recessed downlights",
    "Rails",
    "Selling",
    "It is too dear",
    "Say hello",
]


def test_the_gold_dealer_reads_everything(channel: Channel, book: Book) -> None:
    assert titles(channel.sees(channel.buyer)) == EVERYTHING
    assert titles(channel.sees(channel.learner)) == EVERYTHING


def test_others_read_what_is_for_members(channel: Channel, book: Book) -> None:
    members = [title for title in EVERYTHING if title != "It is too dear"]
    assert titles(channel.sees(channel.stranger)) == members
    assert titles(channel.sees(channel.parent_buyer)) == members


def test_a_chapter_above_an_open_topic_shows_its_name_only(channel: Channel, book: Book) -> None:
    seen = queries.get_page(channel.sees(channel.stranger), book.selling.pk)
    assert (seen.title, seen.summary, seen.is_open) == ("Selling", "", False)
    assert queries.get_page(channel.sees(channel.buyer), book.selling.pk).summary == "For gold."


def test_who_may_not_read_a_topic_is_told_nothing(channel: Channel, book: Book) -> None:
    for pk in (book.objection.pk, 987654):
        with pytest.raises(core.NotFound) as caught:
            queries.get_topic(channel.sees(channel.stranger), pk)
        assert caught.value.code == "topic_not_found"


def test_guests_read_nothing_of_a_closed_catalogue(book: Book) -> None:
    assert titles(portal.guest_viewer()) == []


def test_guests_read_what_is_for_everyone_when_the_host_opens_it(book: Book, settings: Any) -> None:
    settings.QUDAO_OPEN_CATALOGUE = True
    services.save_handbook(
        slug="lights", title="Light handbook", summary="All about lamps.", audience=["everyone"]
    )
    assert titles(portal.guest_viewer()) == ["Light handbook", "Mounting", "Recessed downlights", "Rails"]


def test_editors_read_all_that_is_published(channel: Channel, book: Book) -> None:
    editor = make_back_office("Ed Itor", permissions=["wagtailadmin.access_admin"])
    editor.groups.add(Group.objects.get(name=portal.CONTENT_EDITORS))
    assert titles(channel.sees(editor)) == EVERYTHING
    assert titles(channel.sees(channel.office)) == [], "who edits no content is nobody here"


def test_drafts_are_seen_by_nobody(channel: Channel, book: Book) -> None:
    services.save_topic(parent=book.mounting, slug="draft", title="Draft", publish=False)
    book.rails.unpublish()
    root = make_back_office("Root", is_superuser=True)
    assert titles(channel.sees(root)) == [title for title in EVERYTHING if title != "Rails"]


def test_what_stands_below_a_withdrawn_chapter_is_gone(channel: Channel, book: Book) -> None:
    book.mounting.unpublish()
    assert titles(channel.sees(channel.buyer)) == ["Light handbook", "Selling", "It is too dear", "Say hello"]


def test_wagtails_restrictions_hold(channel: Channel, book: Book) -> None:
    group = Group.objects.create(name="Fitters")
    restriction = PageViewRestriction.objects.create(page=book.mounting, restriction_type="groups")
    restriction.groups.add(group)
    assert "Rails" not in titles(channel.sees(channel.buyer))
    channel.buyer.groups.add(group)
    assert "Rails" in titles(channel.sees(channel.buyer))
    restriction.delete()
    assert "Rails" in titles(channel.sees(channel.stranger))


def test_moving_and_deleting_shows_at_once(channel: Channel, book: Book) -> None:
    buyer = channel.sees(channel.buyer)
    fresh(book.rails).move(fresh(book.selling), pos="last-child")
    assert titles(buyer)[-1] == "Rails"
    assert titles(channel.sees(channel.stranger))[-1] == "Say hello", "it is for gold dealers now"
    fresh(book.selling).delete()
    assert titles(buyer) == ["Light handbook", "Mounting", "Recessed downlights"]


def test_reading_order_knows_only_what_the_reader_sees(channel: Channel, book: Book) -> None:
    before, after = queries.neighbours(channel.sees(channel.buyer), book.rails.pk)
    assert (before and before.title, after and after.title) == ("Recessed downlights", "Selling")
    last = queries.neighbours(channel.sees(channel.buyer), book.greeting.pk)
    assert (last[0] and last[0].title, last[1]) == ("It is too dear", None)
    assert queries.neighbours(channel.sees(channel.stranger), book.greeting.pk)[0].title == "Selling"  # type: ignore[union-attr]
    assert queries.neighbours(channel.sees(channel.buyer), book.handbook.pk)[0] is None


def test_products_and_topics_know_each_other(channel: Channel, book: Book) -> None:
    buyer, stranger = channel.sees(channel.buyer), channel.sees(channel.stranger)
    assert [(role, each.title) for role, each in queries.topics_of_product(buyer, book.lamp.pk)] == [
        ("about", "Recessed downlights")
    ]
    assert [(role, each.sku) for role, each in queries.products_of_topic(buyer, book.downlights.pk)] == [
        ("about", "LH-D09"),
        ("mentions", "LH-X1"),
    ]
    assert [each.sku for _role, each in queries.products_of_topic(stranger, book.downlights.pk)] == ["LH-D09"]


# --- Languages ---


def _translate(book: Book) -> Any:
    services.translate_handbook(handbook=book.handbook, language="zh-hans", title="照明手册")
    services.translate_chapter(chapter=book.mounting, language="zh-hans", title="安装")
    return services.translate_topic(
        topic=book.downlights, language="zh-hans", title="嵌入式筒灯", body=[("text", "<p>开孔 75 mm。</p>")]
    )


def test_everybody_reads_the_own_language_else_the_original(channel: Channel, book: Book) -> None:
    chinese = _translate(book)
    assert titles(channel.sees(channel.stranger, language="zh-hans")) == [
        "照明手册", "安装", "嵌入式筒灯", "Rails", "Selling", "Say hello",
    ]  # fmt: skip
    assert titles(channel.sees(channel.buyer)) == EVERYTHING
    reader = channel.sees(channel.buyer, language="zh-hans")
    seen = queries.get_topic(reader, book.downlights.pk)
    assert (seen.id, seen.source_id, seen.in_own_language) == (chinese.pk, book.downlights.pk, True)
    assert seen == queries.get_topic(reader, chinese.pk), "either page's id leads to the reader's"
    assert not queries.get_topic(reader, book.rails.pk).in_own_language


def test_a_translation_is_behind_from_the_moment_the_original_changes(channel: Channel, book: Book) -> None:
    chinese = _translate(book)
    reader = channel.sees(channel.buyer, language="zh-hans")
    assert queries.get_topic(reader, chinese.pk).changed_at is None
    services.save_topic(
        parent=book.mounting, slug="downlights", title="Downlights, revised", kind="installation"
    )
    book.downlights.refresh_from_db()
    assert queries.get_topic(reader, chinese.pk).changed_at == book.downlights.last_published_at
    assert queries.get_topic(channel.sees(channel.buyer), chinese.pk).changed_at is None
    services.mark_up_to_date(page=chinese)
    assert queries.get_topic(reader, chinese.pk).changed_at is None


def test_a_translation_is_for_whom_its_original_is_for(channel: Channel, book: Book) -> None:
    chinese = _translate(book)
    services.save_topic(
        parent=book.mounting,
        slug="downlights",
        title="Recessed downlights",
        audience=["tier:gold"],
        kind="installation",
    )
    chinese.refresh_from_db()
    assert chinese.audience_keys == ["tier:gold"]
    chinese.audience_keys = ["everyone"]
    chinese.save_revision().publish()
    chinese.refresh_from_db()
    assert chinese.audience_keys == ["tier:gold"]
    assert "嵌入式筒灯" not in titles(channel.sees(channel.stranger, language="zh-hans"))


def test_what_was_written_in_chinese_is_read_by_everybody(channel: Channel) -> None:
    handbook = services.save_handbook(slug="shop", title="门店手册", language="zh-hans")
    chapter = services.save_chapter(parent=handbook, slug="sale", title="销售")
    services.save_topic(parent=chapter, slug="hello", title="问候")
    assert titles(channel.sees(channel.buyer)) == ["门店手册", "销售", "问候"]
    assert queries.handbooks(channel.sees(channel.buyer))[0].url_path.endswith("/shop/")


# --- Costs ---


def _cost(action: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries_made:
        action()
    return len(queries_made)


@pytest.mark.parametrize("topics", [3, 30])
def test_a_tree_costs_the_same_whatever_its_size(channel: Channel, book: Book, topics: int) -> None:
    for number in range(topics):
        services.save_topic(parent=book.mounting, slug=f"t-{number}", title=f"Topic {number}")
    buyer = channel.sees(channel.buyer)
    core.bump("handbooks")
    now = core.Versions.read()
    assert _cost(lambda: queries.contents_tree(buyer, book.handbook.pk, now)) == 5
    assert _cost(lambda: queries.contents_tree(buyer, book.handbook.pk, now)) == 0
    assert _cost(lambda: queries.topics_of_product(buyer, book.lamp.pk, now)) == 1


def test_a_variant_has_the_topics_of_its_family(channel: Channel, book: Book) -> None:
    variant = make_product("LH-D09-W", parent=book.lamp)
    found = queries.topics_of_product(channel.sees(channel.buyer), variant.pk)
    assert [each.title for _role, each in found] == ["Recessed downlights"]


def test_brands_that_share_a_tree_read_at_the_address_they_are_at(channel: Channel, book: Book) -> None:
    site = Site.objects.get(is_default_site=True)
    Site.objects.create(
        hostname="second.example", port=80, root_page=site.root_page, site_name="Second brand"
    )
    seen = queries.get_topic(channel.sees(channel.buyer), book.rails.pk)
    assert queries.node_url(seen) == "/lights/mounting/rails/"


def test_a_handbook_of_one_site_only_has_a_whole_address(channel: Channel, book: Book) -> None:
    site = Site.objects.get(is_default_site=True)
    apart = site.root_page.get_parent().add_child(instance=Page(title="Apart", slug="apart"))
    Site.objects.create(hostname="apart.example", port=80, root_page=apart, site_name="Apart")
    seen = queries.get_topic(channel.sees(channel.buyer), book.rails.pk)
    assert queries.node_url(seen) == f"{site.root_url}/lights/mounting/rails/"
