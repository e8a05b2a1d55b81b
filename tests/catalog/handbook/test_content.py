"""What blocks show to whom, and that a page costs the same however much is on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_catalog.handbook import queries, services
from qudao_catalog.handbook.content import Body, resolve
from qudao_catalog.handbook.models import TopicPage
from qudao_catalog.testing import grant, make_product
from qudao_core import api as core
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from ..conftest import Channel
from .conftest import Book


def make_image(title: str = "Cut-out") -> Any:
    return get_image_model().objects.create(title=title, file=get_test_image_file(size=(900, 600)))


def make_document(title: str = "Drawing.pdf") -> Any:
    return get_document_model().objects.create(
        title=title, file=ContentFile(b"%PDF-1.4", name=title), file_size=8
    )


def body_of(viewer: core.Viewer, book: Book, blocks: list[tuple[str, Any]]) -> Body:
    page = services.save_topic(parent=book.mounting, slug="tried", title="Tried", body=blocks)
    return resolve(viewer, list(queries.topic_pages([page.pk]).values()))[page.pk]


@pytest.fixture
def watts(book: Book) -> Any:
    """An attribute with a unit, stated by the lamp."""
    from oscar.core.loading import get_model  # noqa: PLC0415
    from qudao_catalog.products.models import AttributeProfile  # noqa: PLC0415

    product_class = book.lamp.product_class
    attribute = get_model("catalogue", "ProductAttribute").objects.create(
        product_class=product_class, name="Power", code="power", type="float"
    )
    AttributeProfile.objects.create(attribute=attribute, name_zh="功率", unit="W")
    get_model("catalogue", "ProductAttributeValue").objects.create(
        attribute=attribute, product=book.lamp, value_float=9.0
    )
    return attribute


def test_headings_have_anchors_of_their_own(channel: Channel, book: Book) -> None:
    blocks = [("heading", "安装 步骤"), ("heading", {"text": "Wire it", "level": 3}), ("heading", "Wire it!")]
    body = body_of(channel.sees(channel.buyer), book, blocks)
    assert [(each["anchor"], each["level"]) for each in body.headings] == [
        ("安装-步骤", 2),
        ("wire-it", 3),
        ("wire-it-2", 2),
    ]


def test_product_data_are_the_catalogues_own(channel: Channel, book: Book, watts: Any) -> None:
    blocks = [("parameters", {"caption": "Data", "products": ["LH-D09", "LH-X1"]})]
    gold = body_of(channel.sees(channel.buyer), book, blocks).blocks[0]
    assert gold["attributes"] == [{"code": "power", "label": "Power", "unit": "W"}]
    assert [(each["sku"], each["values"]) for each in gold["products"]] == [
        ("LH-D09", ["9"]),
        ("LH-X1", [""]),
    ]
    chinese = body_of(channel.sees(channel.stranger, language="zh-hans"), book, blocks).blocks[0]
    assert chinese["attributes"][0]["label"] == "功率"
    assert [each["name"] for each in chinese["products"]] == ["筒灯 9W"], (
        "the hidden one is not even an empty row"
    )


def test_products_that_are_hidden_or_deleted_leave_no_trace(channel: Channel, book: Book) -> None:
    gone = make_product("GONE")
    grant("members", products=[gone])
    blocks = [
        ("products", ["LH-X1"]),
        ("products", ["GONE", "LH-D09"]),
        ("parameters", {"products": ["GONE"]}),
        ("script", {"customer_says": "Hm", "answer": "<p>Well</p>", "products": ["LH-X1"]}),
    ]
    page = services.save_topic(parent=book.mounting, slug="tried", title="Tried", body=blocks)
    gone.delete()
    found = resolve(channel.sees(channel.stranger), list(queries.topic_pages([page.pk]).values()))[
        page.pk
    ].blocks
    assert [each["type"] for each in found] == ["products", "script"]
    assert [each["sku"] for each in found[0]["products"]] == ["LH-D09"]
    assert found[1]["products"] == []


def test_a_product_shown_twice_has_one_quantity_field(channel: Channel, book: Book) -> None:
    body = body_of(channel.sees(channel.buyer), book, [("products", ["LH-D09"]), ("products", ["LH-D09"])])
    assert [each["products"][0]["repeated"] for each in body.blocks] == [False, True]


def test_own_products_are_shown_unless_a_block_shows_them(channel: Channel, book: Book) -> None:
    page = queries.topic_pages([book.downlights.pk])
    body = resolve(channel.sees(channel.buyer), list(page.values()))[book.downlights.pk]
    assert [(role, row["sku"]) for role, row in body.products] == [("about", "LH-D09"), ("mentions", "LH-X1")]


def test_pictures_come_in_the_sizes_shown(channel: Channel, book: Book) -> None:
    image = make_image()
    blocks = [("drawing", {"image": image, "caption": "Hole", "number": "Z-1"})]
    shown = body_of(channel.sees(channel.buyer), book, blocks).blocks[0]
    assert (shown["number"], shown["image"]["width"], shown["image"]["alt"]) == ("Z-1", 720, "Hole")
    assert shown["image"]["src"].endswith(".webp") and shown["image"]["large_width"] == 900
    image.delete()
    page = TopicPage.objects.get(slug="tried")
    assert resolve(channel.sees(channel.buyer), [page])[page.pk].blocks == ()


def test_files_are_those_the_reader_may_open(channel: Channel, book: Book) -> None:
    shown, lost = make_document(), make_document("Lost.pdf")
    blocks = [("downloads", {"title": "Files", "documents": [shown, lost]}), ("downloads", [lost])]
    page = services.save_topic(parent=book.selling, slug="files", title="Files", body=blocks)
    lost.delete()
    found = resolve(channel.sees(channel.buyer), [page])[page.pk].blocks
    assert [[each["title"] for each in block["documents"]] for block in found] == [["Drawing.pdf"]]
    assert found[0]["documents"][0]["extension"] == "pdf" and found[0]["documents"][0]["size"] == 8


def test_links_lead_where_the_reader_may_go(channel: Channel, book: Book) -> None:
    html = (
        f'<p><a linktype="page" id="{book.rails.pk}">Rails</a> <a linktype="page" id="{book.objection.pk}">Dear</a> '
        '<a href="https://example.com/x">Out</a> <a linktype="page" id="987654">Gone</a></p>'
    )
    gold = body_of(channel.sees(channel.buyer), book, [("text", html)]).blocks[0]["html"]
    assert (
        f'<a href="{book.rails.url}">Rails</a>' in gold and f'<a href="{book.objection.url}">Dear</a>' in gold
    )
    assert '<a href="https://example.com/x">Out</a>' in gold and "<a>Gone</a>" in gold
    other = body_of(channel.sees(channel.stranger), book, [("text", html)]).blocks[0]["html"]
    assert "<a>Dear</a>" in other and "too-dear" not in other


def test_scripts_and_foreign_markup_never_get_in(channel: Channel, book: Book) -> None:
    html = (
        '<p onclick="x()">a<script>alert(1)</script><img src=x onerror=y><a href="javascript:z()">b</a></p>'
    )
    shown = body_of(channel.sees(channel.buyer), book, [("text", html)]).blocks[0]["html"]
    assert "script" not in shown and "onclick" not in shown and "img" not in shown


def test_video_is_served_from_here_or_linked(channel: Channel, book: Book) -> None:
    film = make_document("mount.mp4")
    blocks = [
        ("video", {"document": film, "caption": "How", "transcript": "<p>Drill.</p>"}),
        ("video", {"url": "https://video.example/1"}),
    ]
    own, linked = body_of(channel.sees(channel.buyer), book, blocks).blocks
    assert own["document"]["url"].startswith("/documents/") and own["transcript"] == "<p>Drill.</p>"
    assert (linked["document"], linked["url"]) == (None, "https://video.example/1")


@pytest.mark.parametrize("times", [1, 4])
def test_a_body_costs_the_same_however_long_it_is(
    channel: Channel, book: Book, watts: Any, nothing_sold: None, times: int
) -> None:
    image, paper = make_image(), make_document()
    blocks = [
        ("text", f'<p><a linktype="page" id="{book.rails.pk}">x</a></p>'),
        ("drawing", {"image": image, "document": paper}),
        ("parameters", {"products": ["LH-D09"]}),
        ("products", ["LH-D09", "LH-X1"]),
        ("steps", {"steps": [{"title": "a", "image": image}, {"title": "b", "text": "<p>c</p>"}]}),
        ("downloads", [paper]),
    ]
    viewer = channel.sees(channel.buyer)
    page = services.save_topic(parent=book.mounting, slug="long", title="Long", body=blocks * times)
    pages = list(queries.topic_pages([page.pk, *([book.rails.pk] * (times > 1))]).values())
    now = core.Versions.read()
    resolve(viewer, pages, now)
    with CaptureQueriesContext(connection) as made:
        resolve(viewer, pages, now)
    assert len(made) == 20, "\n".join(each["sql"][:150] for each in made)
