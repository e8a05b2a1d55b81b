"""What the search knows of topics, for whom, and that it knows at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from qudao_catalog.handbook import services
from qudao_catalog.product_editing.services import update_product
from qudao_search import api as search
from qudao_search.api import SearchRequest
from wagtail.models import PageViewRestriction

from ..conftest import Channel
from .conftest import Book

Found = Callable[..., list[str]]


@pytest.fixture
def found(channel: Channel, book: Book) -> Found:
    def ask(text: str, person: Any = None, language: str = "en", **facets: tuple[str, ...]) -> list[str]:
        viewer = channel.sees(person or channel.buyer, language=language)
        result = search.search(viewer, SearchRequest(text=text, kinds=("topic",), facets=facets))
        return ["".join(piece.text for piece in hit.title) for hit in result.hits]

    return ask


def test_topics_are_found_by_title_text_chapter_and_product(found: Found) -> None:
    assert found("recessed") == ["Recessed downlights"]
    assert found("hole saw") == ["Recessed downlights"]
    assert found("LH-D09") == ["Recessed downlights"]
    assert found("筒灯") == ["Recessed downlights"], "by the Chinese name of its product"
    assert set(found("mounting")) == {"Recessed downlights", "Rails"}


def test_what_one_may_not_read_is_not_found(channel: Channel, found: Found) -> None:
    assert found("too dear") == ["It is too dear"]
    assert found("too dear", channel.stranger) == []
    assert found("hello", channel.stranger) == ["Say hello"]


def test_each_language_finds_its_own_version_else_the_original(book: Book, found: Found) -> None:
    services.translate_topic(
        topic=book.downlights, language="zh-hans", title="嵌入式灯具", body=[("text", "<p>开孔七十五。</p>")]
    )
    assert found("嵌入式灯具", language="zh-hans") == ["嵌入式灯具"]
    assert found("recessed", language="zh-hans") == [], "the reader gets the Chinese text instead"
    assert found("开孔七十五") == []
    assert found("嵌入式") == []
    assert found("rails", language="zh-hans") == ["Rails"]


def test_changes_are_found_at_once(book: Book, found: Found) -> None:
    topic = services.save_topic(parent=book.mounting, slug="rails", title="Tracks", body=[])
    assert (found("tracks"), found("rails")) == (["Tracks"], [])
    topic.unpublish()
    assert found("tracks") == []
    topic.save_revision().publish()
    assert found("tracks") == ["Tracks"]
    topic.delete()
    assert found("tracks") == []


def test_a_new_name_of_a_chapter_finds_its_topics(book: Book, found: Found) -> None:
    services.save_chapter(parent=book.handbook, slug="mounting", title="Ceilings")
    assert set(found("ceilings")) == {"Recessed downlights", "Rails"}
    assert found("mounting") == []


def test_audiences_take_effect_at_once(channel: Channel, book: Book, found: Found) -> None:
    services.save_chapter(parent=book.handbook, slug="mounting", title="Mounting", audience=["tier:gold"])
    assert found("recessed", channel.stranger) == []
    assert found("recessed") == ["Recessed downlights"]
    services.save_chapter(parent=book.handbook, slug="mounting", title="Mounting")
    assert found("recessed", channel.stranger) == ["Recessed downlights"]
    PageViewRestriction.objects.create(page=book.mounting, restriction_type="password", password="x")
    assert found("recessed") == []


@pytest.mark.django_db(transaction=True)
def test_a_new_name_of_a_product_finds_its_topics(found: Found) -> None:
    update_product(actor=None, sku="LH-D09", title="Moonbeam")
    assert "Recessed downlights" in found("moonbeam")


def test_facets_count_what_the_reader_sees(channel: Channel, book: Book) -> None:
    def facets(person: Any) -> dict[str, dict[str, int]]:
        result = search.search(channel.sees(person), SearchRequest(text="", kinds=("topic",)))
        return {each.key: {one.label: one.count for one in each.values} for each in result.facets}

    assert facets(channel.buyer)["chapter"] == {"Mounting": 2, "Selling": 2}
    assert facets(channel.stranger)["chapter"] == {"Mounting": 2, "Selling": 1}
    assert "Objection" not in facets(channel.stranger)["topic_kind"]


def test_hits_say_where_they_stand(channel: Channel, book: Book) -> None:
    hit = search.search(channel.sees(channel.buyer), SearchRequest(text="recessed", kinds=("topic",))).hits[0]
    assert (hit.path, hit.url) == (("Light handbook", "Mounting"), book.downlights.url)
    assert hit.data["kind"] == "installation"
