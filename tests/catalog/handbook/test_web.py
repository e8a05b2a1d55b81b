"""The pages: what each person reads at which address, in which language, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from qudao_catalog import hooks
from qudao_catalog.handbook import services
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.previewing import rules as previewing
from qudao_partner_portal.testing import make_back_office
from qudao_search.models import QueryLog
from wagtail.models import PageViewRestriction

from ..conftest import Channel
from .conftest import Book

pytestmark = pytest.mark.django_db


def read(person: Any, url: str, language: str = "en") -> Any:
    client = Client(headers={"accept-language": language})
    if person is not None:
        client.force_login(person)
    return client.get(url)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_start_shows_chapters_and_topics(channel: Channel, book: Book) -> None:
    page = text(read(channel.buyer, book.handbook.url))
    assert "Light handbook" in page and "Recessed downlights" in page and "It is too dear" in page
    other = text(read(channel.stranger, book.handbook.url))
    assert "Recessed downlights" in other and "It is too dear" not in other


def test_a_topic_is_read_by_those_it_is_for(channel: Channel, book: Book) -> None:
    assert read(channel.buyer, book.objection.url).status_code == 200
    assert read(channel.learner, book.objection.url).status_code == 200
    for person in (channel.stranger, channel.parent_buyer):
        assert read(person, book.objection.url).status_code == 404


def test_guests_are_asked_to_sign_in(book: Book) -> None:
    response = read(None, book.downlights.url)
    assert response.status_code == 302 and "login" in response["Location"]


def test_a_topic_shows_its_place_its_neighbours_and_its_products(channel: Channel, book: Book) -> None:
    page = text(read(channel.buyer, book.downlights.url))
    assert 'id="cut-the-hole"' in page and 'href="#cut-the-hole"' in page
    assert f'rel="next" data-next href="{book.rails.url}"' in page
    assert f'rel="prev" href="{book.mounting.url}"' in page
    assert "Downlight 9 W" in page and "Secret beam" in page
    assert "Secret beam" not in text(read(channel.stranger, book.downlights.url))


def test_one_address_in_every_language(channel: Channel, book: Book) -> None:
    services.translate_topic(
        topic=book.downlights, language="zh-hans", title="嵌入式筒灯", body=[("text", "<p>开孔。</p>")]
    )
    assert "嵌入式筒灯" in text(read(channel.buyer, book.downlights.url, "zh-hans"))
    assert "Recessed downlights" in text(read(channel.buyer, book.downlights.url))
    untranslated = text(read(channel.buyer, book.rails.url, "zh-hans"))
    assert 'id="not-translated"' in untranslated and 'lang="en"' in untranslated
    assert 'id="not-translated"' not in text(read(channel.buyer, book.rails.url))


def test_a_live_front_page_in_the_other_language_hides_nothing(channel: Channel, book: Book) -> None:
    services.translate_topic(topic=book.downlights, language="zh-hans", title="嵌入式筒灯")
    home = book.handbook.get_parent()
    home.get_translations().first().specific.save_revision().publish()
    assert "嵌入式筒灯" in text(read(channel.buyer, book.downlights.url, "zh-hans"))
    assert read(channel.buyer, book.rails.url, "zh-hans").status_code == 200
    assert read(channel.buyer, book.handbook.url, "zh-hans").status_code == 200


def test_readers_see_that_the_original_moved_on(channel: Channel, book: Book) -> None:
    services.translate_topic(topic=book.downlights, language="zh-hans", title="嵌入式筒灯")
    assert 'id="original-changed"' not in text(read(channel.buyer, book.downlights.url, "zh-hans"))
    services.save_topic(parent=book.mounting, slug="downlights", title="Downlights, new", kind="installation")
    assert 'id="original-changed"' in text(read(channel.buyer, book.downlights.url, "zh-hans"))


def test_editors_find_the_way_to_the_editor(channel: Channel, book: Book) -> None:
    editor = make_back_office("Ed Itor", permissions=["wagtailadmin.access_admin"])
    editor.groups.add(Group.objects.get(name=portal.CONTENT_EDITORS))
    assert f"/admin/pages/{book.objection.pk}/edit/" in text(read(editor, book.objection.url))
    assert "/admin/pages/" not in text(read(channel.buyer, book.objection.url))


def test_a_password_opens_a_page_to_those_it_is_for(channel: Channel, book: Book) -> None:
    PageViewRestriction.objects.create(page=book.rails, restriction_type="password", password="open sesame")
    client = Client()
    client.force_login(channel.buyer)
    asked = client.get(book.rails.url)
    assert asked.status_code == 200 and "Level them." not in text(asked)
    assert "Rails" not in text(client.get(book.handbook.url))
    form = asked.context["action_url"]
    client.post(form, {"password": "open sesame", "return_url": book.rails.url})
    assert "Level them." in text(client.get(book.rails.url))


def test_empty_states_say_what_is_missing(channel: Channel, book: Book) -> None:
    empty = services.save_handbook(slug="empty", title="Empty one")
    assert "This handbook is empty" in text(read(channel.buyer, empty.url))
    chapter = services.save_chapter(parent=empty, slug="bare", title="Bare")
    assert "Nothing in this chapter yet" in text(read(channel.buyer, chapter.url))
    topic = services.save_topic(parent=chapter, slug="blank", title="x" * 250)
    assert "Nothing has been written here yet" in text(read(channel.buyer, topic.url))


def test_several_handbooks_have_a_list_and_one_is_opened_at_once(channel: Channel, book: Book) -> None:
    assert read(channel.buyer, "/handbooks/")["Location"] == book.handbook.url
    services.save_handbook(slug="second", title="Second handbook")
    page = text(read(channel.buyer, "/handbooks/"))
    assert "Light handbook" in page and "Second handbook" in page


def test_the_navigation_has_an_entry_for_whoever_sees_a_handbook(channel: Channel, book: Book) -> None:
    assert f'href="{book.handbook.url}"' in text(read(channel.buyer, "/catalogue/"))
    book.handbook.unpublish()
    assert f'href="{book.handbook.url}"' not in text(read(channel.buyer, "/catalogue/"))


def test_a_product_leads_to_its_topics(channel: Channel, book: Book) -> None:
    page = text(read(channel.buyer, "/products/LH-D09/"))
    assert "In the handbook" in page and f'href="{book.downlights.url}"' in page


def test_other_plugins_add_links_to_a_topic(channel: Channel, book: Book) -> None:
    def courses(viewer: core.Viewer, topic_id: int) -> list[hooks.ProductLink]:
        return [hooks.ProductLink("course", "Fitting course", "/courses/1/", "graduation-cap")]

    hooks.topic_links.register("courses", courses)
    try:
        assert "Fitting course" in text(read(channel.buyer, book.downlights.url))
    finally:
        hooks.topic_links.unregister("courses")


def test_what_is_found_stays_within_the_handbook(channel: Channel, book: Book) -> None:
    other = services.save_handbook(slug="other", title="Other")
    chapter = services.save_chapter(parent=other, slug="c", title="C")
    services.save_topic(parent=chapter, slug="saw", title="Saw elsewhere", body=[("text", "<p>hole saw</p>")])
    page = text(read(channel.buyer, f"{book.handbook.url}?q=hole+saw"))
    assert book.downlights.url in page and "elsewhere" not in page
    assert "Nothing in this handbook matches these words" in text(
        read(channel.buyer, f"{book.handbook.url}?q=zebra")
    )
    assert read(channel.buyer, f"{book.handbook.url}?q={'x' * 900}").status_code == 200


def test_the_search_within_counts_like_any_other(
    channel: Channel, book: Book, settings: LazySettings
) -> None:
    settings.QUDAO_API_RATES = {"search": "1/min"}
    assert read(channel.buyer, f"{book.handbook.url}?q=saw").status_code == 200
    assert read(channel.buyer, f"{book.handbook.url}?q=saw").status_code == 429
    assert read(channel.buyer, book.handbook.url).status_code == 200


@pytest.mark.parametrize("topics", [3, 12])
def test_a_topic_page_costs_the_same_in_a_small_and_a_large_handbook(
    channel: Channel, book: Book, topics: int
) -> None:
    for number in range(topics):
        services.save_topic(parent=book.mounting, slug=f"t-{number}", title=f"Topic {number}")
    client = Client()
    client.force_login(channel.buyer)
    client.get(book.rails.url)
    with CaptureQueriesContext(connection) as made:
        client.get(book.rails.url)
    assert len(made) == 14, "\n".join(each["sql"][:150] for each in made)


def test_what_a_preview_asks_lists_and_handbooks_is_not_noted(channel: Channel, book: Book) -> None:
    office = make_back_office(permissions=["wagtailadmin.access_admin", previewing.RIGHT])
    client = Client()
    client.force_login(office)
    client.post(reverse("qudao_preview"), {"company": channel.dealer.pk, "role": "buyer", "next": "/"})
    for address in (book.handbook.url, "/catalogue/"):
        page = client.get(address, {"q": "downlight"})
        assert page.status_code == 200 and "qd-mode-band" in text(page)
    assert not QueryLog.objects.exists()
